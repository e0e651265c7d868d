"""Saving new credentials to a file: in which form, and where."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

from textual import on
from textual.widget import Widget
from textual.widgets import Button, Input

from store.configuration import Configuration
from tui.dialogs.choice import Choice
from tui.dialogs.dialog import button
from tui.dialogs.form import Form
from tui.widgets.field import Field, text_input
from tui.widgets.one_picker import OnePicker

_FORMS = (
    Choice("section", "Section, a whole clearml.conf by itself"),
    Choice("shell", "Shell variables"),
    Choice("notebook", "Notebook %env lines"),
)
_SUFFIXES = {"section": ".conf", "shell": ".env", "notebook": ".txt"}
_HINT = "Only you can read the file. One that is there already is never overwritten."
_LONGEST_NAME = 40


class SaveCredentials(Form[Path]):
    """Asks for the form and the path. Gives the path of the file that was written.

    Args:
        called: What the member that they belong to is called.
        configuration: What is written, in one of its forms.
        save: Writes to a new file of that path that text.
    """

    def __init__(
        self,
        called: str,
        configuration: Configuration,
        save: Callable[[str, str], Awaitable[Path]],
    ) -> None:
        super().__init__("Save the credentials to a file")
        self._name = _file_name(called)
        self._configuration = configuration
        self._save = save
        self._offered = self._offer("section")

    def compose_body(self) -> Iterable[Widget]:
        """The form and the path."""
        yield Field("kind", "Form", OnePicker(_FORMS))
        yield Field("path", "File", text_input(self._offered), hint=_HINT)

    def compose_buttons(self) -> Iterable[Button]:
        """Cancel or save."""
        yield button("Cancel", "cancel")
        yield button("Save", "save", "primary")

    def on_mount(self) -> None:
        """Begin with the form."""
        self.query_one(OnePicker).focus()

    @on(OnePicker.Picked)
    def _adapt_path(self, event: OnePicker.Picked) -> None:
        event.stop()
        path = self.query_one(Input)
        is_typed = path.value != self._offered
        self._offered = self._offer(self.query_one(OnePicker).chosen)
        # What a person has typed is theirs.
        if not is_typed:
            path.value = self._offered

    @on(OnePicker.Entered)
    def _go_to_path(self, event: OnePicker.Entered) -> None:
        event.stop()
        self.query_one(Input).focus()

    async def save(self) -> Path:
        """Write the file."""
        configuration = self._configuration
        texts = {
            "section": configuration.section,
            "shell": configuration.shell,
            "notebook": configuration.notebook,
        }
        return await self._save(self.value("path"), texts[self.query_one(OnePicker).chosen])

    def _offer(self, form: str) -> str:
        return f"~/clearml-{self._name}{_SUFFIXES[form]}"


def _file_name(called: str) -> str:
    """The name in letters that need no quoting in a shell."""
    name = re.sub(r"[^a-z0-9._]+", "-", called.casefold()[:_LONGEST_NAME], flags=re.ASCII)
    return name.strip("-.") or "credentials"
