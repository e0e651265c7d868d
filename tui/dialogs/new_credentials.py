"""New credentials, shown once: to be copied in whole or in part, labelled and saved."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from store.configuration import Configuration
from store.credential_views import IssuedCredential
from store.errors import WorkspaceError
from store.refusal_views import Contact
from tui.dialogs.choice import Choice, ChoiceDialog
from tui.dialogs.dialog import button
from tui.dialogs.save_credentials import SaveCredentials
from tui.dialogs.shown_once import SectionArea, ShownOnce
from tui.key_queue import BESIDE
from tui.text import content, shortened, visible
from tui.widgets.contact_line import ContactLine
from tui.widgets.field import Field, text_input

# It may give the configuration that holds the new label, to be shown in the place of the old one.
Relabel = Callable[[str], Awaitable[Configuration | None]] | Callable[[str], Awaitable[None]]
Save = Callable[[str, str], Awaitable[Path]]

# In seconds, so that it is there a moment after the sign-in.
_BETWEEN_LOOKS = 0.5
_ONCE = "The secret key is shown once and cannot be shown again."
_PARTS = (
    Choice("section", "The section, for clearml.conf or a wizard's prompt"),
    Choice("access_key", "Access key"),
    Choice("secret_key", "Secret key"),
    Choice("shell", "Shell variables"),
    Choice("notebook", "Notebook %env lines"),
)


class NewCredentials(ShownOnce[str]):
    """Shows an access key and a secret key, and gives the label that they ended with.

    Args:
        issued: The credential.
        configuration: What a client takes it from.
        url_notice: What is to be said of the workspace's URLs, or "".
        relabel: Saves another label.
        save: Writes to a new file of that path that text; None where no file is written.
        contact: Tells what has become of the credential.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pageup", "scroll_body(-1)", show=False, id="credentials.up"),
        Binding("pagedown", "scroll_body(1)", show=False, id="credentials.down"),
    ]
    # So much less is around the body on a low terminal that all of it is in sight.
    VERTICAL_BREAKPOINTS: ClassVar[list[tuple[int, str]]] = [  # type: ignore[misc]
        (0, "-low"),
        (30, "-high"),
    ]

    def __init__(
        self,
        issued: IssuedCredential,
        configuration: Configuration,
        *,
        url_notice: str,
        relabel: Relabel,
        save: Save | None,
        contact: Callable[[], Awaitable[Contact]],
    ) -> None:
        super().__init__(f"New credentials of {shortened(issued.called, 60)}")
        self._issued = issued
        self._configuration = configuration
        self._url_notice = url_notice
        self._relabel = relabel
        self._save = save
        self._contact = contact
        self._is_looking = False
        self._label = issued.label
        self._labelling = asyncio.Lock()
        self._has_secret_left = False

    def compose_body(self) -> Iterable[Widget]:
        """The keys, the label, and the section in what can be selected."""
        yield Static(content(_ONCE), classes="once")
        yield Static(_keys(self._issued), classes="keys")
        # Above the section, for they say what is not to be done with it.
        for notice in (self._url_notice, *self._configuration.notices):
            if notice:
                yield Static(content(notice), classes="notice")
        yield Field("label", "Label", text_input(self._issued.label))
        yield SectionArea(self._configuration.section.rstrip("\n"))

    def compose_foot(self) -> Iterable[Widget]:
        """Whether the key has signed in."""
        yield ContactLine()

    def compose_buttons(self) -> Iterable[Button]:
        """Copy, save, or leave."""
        yield button("Copy the section", "copy-section", "primary")
        yield button("Copy…", "copy-part")
        if self._save is not None:
            yield button("Save…", "save")
        yield button("Done", "cancel")

    def on_mount(self) -> None:
        """Begin at the button to copy, and look who signs in from now on."""
        self.query(Button).first().focus()
        self._look()
        self.set_interval(_BETWEEN_LOOKS, self._look)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Copy, save, or leave."""
        event.stop()
        if event.button.id == "copy-section":
            self._copy_part("section")
        elif event.button.id == "copy-part":
            self._choose_what_to_copy()
        elif event.button.id == "save":
            self._save_to_file()

    def action_scroll_body(self, direction: int) -> None:
        """Show what is above or below on a low terminal."""
        body = self.query_one(".dialog-body")
        body.scroll_relative(y=direction * body.size.height, animate=False)

    # First contact

    @work(group=BESIDE)
    async def _look(self) -> None:
        if self._is_looking:
            return
        self._is_looking = True
        try:
            self.query_one(ContactLine).show(await self._contact())
        except WorkspaceError:
            # Whoever keeps up with the store says what is wrong with it.
            return
        finally:
            self._is_looking = False

    # Copying and saving

    def _copy_part(self, part: str) -> None:
        self.copy(self._parts()[part])

    def note_taken(self, text: str) -> None:
        """Note whether somebody has copied the secret key."""
        self._has_secret_left |= self._issued.secret_key in text

    @work(group="copy part")
    async def _choose_what_to_copy(self) -> None:
        part = await self.app.push_screen_wait(ChoiceDialog("Copy", _PARTS))
        if part:
            self._copy_part(part)

    def _parts(self) -> dict[str, str]:
        configuration, issued = self._configuration, self._issued
        return {
            "section": configuration.section,
            "access_key": issued.access_key,
            "secret_key": issued.secret_key,
            "shell": configuration.shell,
            "notebook": configuration.notebook,
        }

    @work(group="save")
    async def _save_to_file(self) -> None:
        if self._save is None or not await self._save_label():
            return
        dialog = SaveCredentials(self._issued.called, self._configuration, self._save)
        path = await self.app.push_screen_wait(dialog)
        if path is not None:
            self._has_secret_left = True
            self.notify(f"Saved to {visible(str(path))}.", markup=False)

    # The label

    @on(Input.Submitted)
    @on(Input.Blurred)
    def _label_entered(self, event: Input.Submitted | Input.Blurred) -> None:
        event.stop()
        # Closing takes the focus away, too, but has seen to the label before.
        if self.is_current and not self._is_leaving:
            self._save_label_aside()

    @on(Input.Changed)
    def _typing(self) -> None:
        self.clear_errors()

    @work(group="label")
    async def _save_label_aside(self) -> None:
        await self._save_label()

    async def _save_label(self) -> bool:
        """Save the label where it was changed; whether it is saved."""
        async with self._labelling:
            field = self.query_one(Field)
            label = self.query_one(Input).value
            if label.strip() == self._label:
                return True
            try:
                configuration = await self._relabel(label)
            except WorkspaceError as error:
                field.show_error(error.message)
                field.scroll_visible(animate=False)
                return False
            self._label = label.strip()
            self._show_configuration(configuration)
            self.notify("Label saved.", markup=False)
            return True

    def _show_configuration(self, configuration: Configuration | None) -> None:
        if configuration is not None:
            self._configuration = configuration
            self.query_one(SectionArea).text = configuration.section.rstrip("\n")

    # Leaving

    def result(self) -> str:
        """The label that they ended with."""
        return self._label

    async def may_leave(self) -> bool:
        """Whoever has a label that cannot be saved, or no copy of the secret key, is asked."""
        kept = f"The label stays {self._label}."
        lost = "The secret key cannot be shown again."
        if not await self._save_label() and not await self.asks(
            "Leave without the new label?", kept
        ):
            self.query_one(Input).focus()
            return False
        if not self._has_secret_left and not await self.asks(
            "Leave without having copied or saved them?", lost
        ):
            self.query(Button).first().focus()
            return False
        return True


def _keys(issued: IssuedCredential) -> Content:
    return Content.assemble(
        ("Access key ", "$text-muted"),
        (issued.access_key, "bold"),
        ("\nSecret key ", "$text-muted"),
        (issued.secret_key, "bold"),
    )
