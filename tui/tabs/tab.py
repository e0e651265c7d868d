"""What every tab can do: run what takes a while, and say how it went."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from textual.containers import Vertical

from store.errors import AccessEnded, Stopped, WorkspaceError
from tui.text import visible

if TYPE_CHECKING:
    from tui.app import AdminApp

T = TypeVar("T")


class Tab(Vertical):
    """A page of the main screen."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - every Textual widget calls it so
        super().__init__(id=id, classes="tab")
        self._flow_is_running = False

    def reload(self) -> object:
        """Show the workspace as it is now."""
        raise NotImplementedError

    @property
    def admin_app(self) -> AdminApp:
        """The program."""
        from tui.app import AdminApp

        assert isinstance(self.app, AdminApp)
        return self.app

    def reason_against(self, action: str) -> str:
        """Why an action does not apply now, or ""."""
        raise NotImplementedError

    def label_of(self, action: str) -> str:
        """What an action does now, in a word, or "" where that is what the table of keys says."""
        return ""

    def may(self, action: str) -> bool:
        """Whether an action applies; why it does not is said."""
        if reason := self.reason_against(action):
            self.refuse(reason)
        return not reason

    def start(self, action: str, flow: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Begin what an action does, or say why it does not apply."""
        if self.may(action):
            self.begin(flow())

    def begin(self, flow: Coroutine[Any, Any, None]) -> None:
        """Run what an action does, unless another action is still at it."""
        if self._flow_is_running:
            flow.close()
            return
        self._flow_is_running = True
        self.run_worker(self._to_its_end(flow), group="flow")

    async def _to_its_end(self, flow: Coroutine[Any, Any, None]) -> None:
        try:
            await flow
        finally:
            self._flow_is_running = False

    async def attempt(self, call: Callable[..., T], *arguments: Any) -> T | None:
        """Run an operation in a thread; what the store refuses is shown to the person.

        Returns:
            Its result, or None where it failed.
        """
        return await self.attempt_to(self.admin_app.operate(call, *arguments))

    async def attempt_to(self, doing: Awaitable[T]) -> T | None:
        """Wait for an operation that runs in a thread; what the store refuses is shown.

        Returns:
            Its result, or None where it failed.
        """
        try:
            return await doing
        except AccessEnded:
            return None
        except Stopped as stopped:
            self.say(stopped.message)
            return None
        except WorkspaceError as error:
            self.admin_app.show_error(error)
            # What was refused may have been decided on rows that are no longer so.
            self.reload()
            return None

    def colour(self, name: str) -> str:
        """A colour of the theme, as the cells of tables name it."""
        return self.app.theme_variables[name].removeprefix("ansi_")

    def say(self, message: str) -> None:
        """Say a word of what was done."""
        self.notify(visible(message), markup=False)

    def refuse(self, message: str) -> None:
        """Say why something does not apply."""
        self.notify(visible(message), severity="warning", markup=False)
