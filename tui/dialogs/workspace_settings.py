"""The workspace's name, limits and server URLs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from store.errors import InvalidInput
from store.models import Settings
from store.operations.workspace_settings import LIMITS, MOST, SettingsEdit
from tui.dialogs.dialog import button
from tui.dialogs.form import Form
from tui.text import content
from tui.widgets.field import Field, text_input


class WorkspaceSettings(Form[bool]):
    """Asks for the settings. Gives True when they were saved.

    Args:
        settings: The settings as they are.
        save: Saves the edit.
        refusal: Why they can be looked at only, or "".
    """

    def __init__(
        self,
        settings: Settings,
        *,
        save: Callable[[SettingsEdit], Awaitable[None]],
        refusal: str = "",
    ) -> None:
        super().__init__("Workspace settings")
        self._settings = settings
        self._save = save
        self._refusal = refusal

    def compose_body(self) -> Iterable[Widget]:
        """The fields."""
        settings = self._settings
        yield Field("name", "Name", text_input(settings.name))
        with Horizontal(classes="field-row"):
            yield Field("user_limit", "Limit of users", _limit_input(settings.user_limit))
            limit = _limit_input(settings.service_account_limit)
            yield Field("service_account_limit", "Limit of service accounts", limit)
        yield Field("web_url", "Web server URL", text_input(settings.web_url))
        yield Field("api_url", "API server URL", text_input(settings.api_url))
        yield Field("files_url", "Files server URL", text_input(settings.files_url))
        if self._refusal:
            yield Static(content(self._refusal), classes="notice")
        elif settings.urls_prefilled:
            yield Static(content(_PREFILLED_HERE), classes="notice")

    def compose_buttons(self) -> Iterable[Button]:
        """Cancel or save, or close where nothing can be saved."""
        yield button("Close" if self._refusal else "Cancel", "cancel")
        if not self._refusal:
            yield button("Save", "save", "primary")

    def on_mount(self) -> None:
        """Begin with the name, or leave all fields alone where nothing can be saved."""
        if self._refusal:
            self.query(Input).set(disabled=True)
            self.query_one("#cancel").focus()
        else:
            self.query(Input).first().focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Nothing is saved of what can be looked at only."""
        may_not = action == "save" and bool(self._refusal)
        return not may_not and super().check_action(action, parameters)

    async def save(self) -> bool:
        """Save what was typed."""
        edit = SettingsEdit(
            revision=self._settings.revision,
            name=self.value("name"),
            user_limit=_limit(self.value("user_limit"), "user_limit"),
            service_account_limit=_limit(
                self.value("service_account_limit"), "service_account_limit"
            ),
            web_url=self.value("web_url"),
            api_url=self.value("api_url"),
            files_url=self.value("files_url"),
        )
        await self._save(edit)
        return True


_PREFILLED_HERE = "The URLs are still the ones that the first start filled in."


def prefilled_notice(settings: str) -> str:
    """What dialogs that hand something out say while the URLs are those of the first start.

    Args:
        settings: What is pressed for the workspace settings.
    """
    return (
        "The server URLs are still the ones that the first start filled in. "
        f"Set the right ones in the workspace settings ({settings})."
    )


def _limit_input(limit: int | None) -> Input:
    return text_input("" if limit is None else str(limit), placeholder="none")


def _limit(typed: str, field: str) -> int | None:
    digits = typed.strip().replace(",", "").replace("_", "")
    if not digits:
        return None
    if not digits.isascii() or not digits.isdigit() or len(digits.lstrip("0")) > len(str(MOST)):
        raise InvalidInput(LIMITS, field=field)
    return int(digits)
