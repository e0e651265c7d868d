"""What is answered to a call that is refused: a status, a subcode and a text that clients print."""

from __future__ import annotations

from dataclasses import dataclass

from store.errors import (
    AccessEnded,
    InvalidInput,
    NotAllowed,
    NotFound,
    SessionEnded,
    SignInRefused,
    StoreDamaged,
    StoreFailed,
    StoreReadOnly,
    WorkspaceError,
)

# Clients sleep exactly so many seconds before they ask again; without, for ever longer.
RETRY_AFTER = 5


@dataclass
class CallRefused(Exception):
    """A call that is refused.

    Attributes:
        status: The HTTP status, which is the result code, too.
        subcode: What it is about.
        message: What clients print.
        retry_after: After how many seconds the client may ask again, or None.
    """

    status: int
    subcode: int
    message: str
    retry_after: int | None = None


def missing_credentials() -> CallRefused:
    """There is no `Authorization`."""
    return CallRefused(401, 20, "Unauthorized (missing credentials)")


def bad_header_type() -> CallRefused:
    """`Authorization` is of a kind that is not taken here."""
    return CallRefused(401, 10, "Unauthorized (bad authentication header type)")


def malformed_credentials() -> CallRefused:
    """What is in `Authorization` cannot be read."""
    return CallRefused(401, 21, "Unauthorized (malformed credentials)")


def invalid_credentials() -> CallRefused:
    """The keys are not good, for whatever cause: the caller learns nothing of it."""
    return CallRefused(401, 22, "Unauthorized (invalid credentials)")


def invalid_token() -> CallRefused:
    """The token is not good, or not any more."""
    return CallRefused(401, 30, "Invalid token")


def too_many_failed_sign_ins() -> CallRefused:
    """The keys are not good, and there were many such from there."""
    return CallRefused(429, 0, "Too many failed sign-ins", RETRY_AFTER)


def impersonation_error(reason: str) -> CallRefused:
    """The caller cannot act for that member. No 401, after which an agent would sign in again."""
    return CallRefused(400, 6, f"Impersonation error ({reason})")


def missing_field(name: str) -> CallRefused:
    """An argument is missing."""
    return CallRefused(400, 11, f"Missing required fields ({name})")


def validation_error(reason: str) -> CallRefused:
    """An argument is not what it should be, or what was sent cannot be read."""
    return CallRefused(400, 12, f"Validation error ({reason})")


def invalid_user() -> CallRefused:
    """The credential is not the caller's, or gone."""
    return CallRefused(400, 300, "Invalid user")


def invalid_user_id() -> CallRefused:
    """There is no such member."""
    return CallRefused(400, 301, "Invalid user id")


def forbidden() -> CallRefused:
    """The caller may not."""
    return CallRefused(403, 20, "Forbidden (not allowed for role)")


def method_not_allowed() -> CallRefused:
    """The method is none that clients use."""
    return CallRefused(405, 0, "Method not allowed")


def too_large() -> CallRefused:
    """The body is larger than any that a client sends."""
    return CallRefused(413, 0, "Request too large")


def not_now() -> CallRefused:
    """The store cannot be read or written for a moment: clients wait, and get what they ask for."""
    return CallRefused(503, 0, "Service unavailable (try again)", RETRY_AFTER)


def too_many_connections() -> CallRefused:
    """As many calls are answered at the moment as there can be connections."""
    return CallRefused(503, 0, "Service unavailable (too many connections)", RETRY_AFTER)


def refusal_of(error: WorkspaceError) -> CallRefused:
    """What is answered where the store has raised an error."""
    match error:
        case SignInRefused():
            return invalid_credentials()
        case SessionEnded() | AccessEnded():
            return invalid_token()
        case StoreDamaged():
            return not_now()
        case NotAllowed() | StoreReadOnly():
            return forbidden()
        case NotFound():
            return invalid_user_id()
        case StoreFailed():
            return not_now()
        case InvalidInput():
            return validation_error(error.message)
        case _:
            return CallRefused(400, 12, error.message)
