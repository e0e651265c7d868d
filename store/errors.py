"""What can go wrong in the store, each with a sentence for a person and the field it is about."""


class WorkspaceError(Exception):
    """Base of everything that the store raises on purpose.

    Args:
        message: A finished sentence or two that name the object and the remedy.
        field: The name of the input that the error is about, where there is one.
    """

    title = "That did not work"

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class InvalidInput(WorkspaceError):
    """A value has the wrong shape."""

    title = "Not valid"


class AlreadyExists(WorkspaceError):
    """A value that must be unique belongs to something else."""

    title = "Already taken"


class NotFound(WorkspaceError):
    """What was asked for is not there, or is not there any more."""

    title = "Not found"


class NotAllowed(WorkspaceError):
    """The actor has no right to this."""

    title = "Not allowed"


class AccessEnded(NotAllowed):
    """The actor was removed or suspended, so nothing more can be done in their name."""

    title = "Access ended"


class SignInRefused(WorkspaceError):
    """A credential was refused. Why is in the record of refused sign-ins alone.

    Whoever tries keys is to learn nothing: this carries neither the cause nor the key.
    """

    title = "Sign-in refused"

    def __init__(self) -> None:
        super().__init__("Unauthorized (invalid credentials)")


class SessionEnded(WorkspaceError):
    """A token is not good any more. Why is told to nobody who holds it."""

    title = "Session ended"

    def __init__(self) -> None:
        super().__init__("Invalid token")


class LinkEnded(WorkspaceError):
    """The link of an invitation is not good, or not any more. Whoever opens it is told why."""

    title = "The link has ended"

    def __init__(self) -> None:
        super().__init__("This link is not good any more. Open it to see why.")


class RefusedByRule(WorkspaceError):
    """A rule of the workspace forbids this whoever asks."""

    title = "Refused"


class LimitReached(RefusedByRule):
    """There is no place left for another user or service account."""

    title = "At the limit"


class Conflict(WorkspaceError):
    """Somebody else changed the object since the edit began."""

    title = "Changed meanwhile"


class Overtaken(Conflict):
    """Somebody else has committed since that on which a change was to be made."""

    def __init__(self) -> None:
        super().__init__("Somebody else has changed the workspace meanwhile. Nothing was done.")


class Stopped(WorkspaceError):
    """Nobody waits any more for what was being read; it was ended before anything was changed."""

    title = "Stopped"

    def __init__(self) -> None:
        super().__init__("Reading was stopped. Nothing was changed.")


class MachineBusy(WorkspaceError):
    """The machine gave no time to what had to be read. Nothing is wrong with that."""

    title = "The machine is busy"


class StoreFailed(WorkspaceError):
    """The store's files could not be read or written; nothing was changed."""

    title = "The store failed"


class StoreReadOnly(StoreFailed):
    """The store was opened for reading only."""

    title = "Read-only"


class StoreDamaged(StoreReadOnly):
    """The store is kept as it is until its activity, or workspace.json, is put right."""


class StoreBusy(StoreFailed):
    """Another process holds the store's lock for too long."""

    title = "The store is busy"


class StoreUnreadable(StoreFailed):
    """The path cannot be used, or its files are damaged or of a newer format."""

    title = "The store cannot be opened"


class StoreForeign(StoreUnreadable):
    """The store belongs to another operating-system account."""

    title = "The store of another account"


class StoreMissing(StoreUnreadable):
    """There is no workspace at the path yet."""

    title = "No workspace"
