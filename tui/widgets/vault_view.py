"""A member's vault in the details panel, and the administrator vaults applied to the member."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from store.vault_views import AdministratorVaultDetails, AppliedVault, VaultDetails
from store.vaults.concealing import concealed
from store.vaults.formats import Format
from tui.dates import ago
from tui.keymap import keymap_of
from tui.keys import VAULT, bindings
from tui.text import content, short_id
from tui.vault_words import FORMAT_NAMES, content_words
from tui.widgets.panel_section import PanelSection

# So much of the text is shown; the editor has the rest.
_MOST_LINES = 10
_OF_ONE_THAT_IS_THERE = {"switch", "history", "download", "copy"}
_LONGEST_LINE = 1_000
_FOR_THE_TEXT = "This key is for the member's own vault: shift+tab goes back to it."


class VaultView(PanelSection):
    """The vault of whom the panel shows; what is to be done to it is asked of the tab.

    Args:
        title: What the section is called.
        reason_against: Why an action does not apply now, or "".
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("vault", VAULT),
        # As among the rows.
        Binding("j", "applied(1)", show=False, id="rows.cursor_down"),
        Binding("k", "applied(-1)", show=False, id="rows.cursor_up"),
    ]

    @dataclass
    class Wanted(Message):
        """The person wants this done to the vault."""

        action: str

    @dataclass
    class AppliedChosen(Message):
        """The person wants to see this administrator vault."""

        vault: str

    def __init__(self, title: str, reason_against: Callable[[str], str]) -> None:
        super().__init__(classes="vault")
        self._title = title
        self._reason_against = reason_against
        self._applied: tuple[AppliedVault, ...] = ()
        self._is_there = True
        # Of an administrator vault, its tab knows.
        self._is_enabled: bool | None = None
        # Whose text it is, and the text, its format and why it cannot be read.
        self._of = ""
        self._text: tuple[str, Format, str] = ("", "hocon", "")
        self._shows_secrets = False

    def compose(self) -> ComposeResult:
        """The state of the vault, its beginning, and what is applied besides."""
        yield Static(classes="vault-heading")
        text = Static(classes="vault-text")
        text.can_focus = True
        yield text
        yield Static(classes="applied-heading")
        yield OptionList(classes="applied", compact=True, markup=False)

    def on_mount(self) -> None:
        """Have the keys that the person wants."""
        self.take_keys("vault")

    def show(self, vault: VaultDetails | None, now: str) -> None:
        """Show this vault.

        Args:
            vault: The vault, which may be one that is not there yet; None where it is not to be
                seen.
            now: The time.
        """
        self.display = vault is not None
        if vault is None:
            return
        self._is_there, self._is_enabled = bool(vault.id), vault.enabled
        self.query_one(".vault-heading", Static).update(self._heading(vault, now))
        self._show_beginning(vault.member, vault.text, vault.format, vault.problem)
        self._show_applied(vault.applied)

    def show_text(self, vault: AdministratorVaultDetails) -> None:
        """Show the text of an administrator vault, whose state the lines above tell.

        Args:
            vault: The vault.
        """
        self.query_one(".vault-heading", Static).update(Content.styled(self._title, "bold $accent"))
        self._show_beginning(vault.row.id, vault.text, vault.row.format, vault.problem)
        self.query_one(".applied-heading", Static).display = False
        self.query_one(OptionList).display = False

    def _show_beginning(self, of: str, text: str, text_format: Format, problem: str) -> None:
        # What was asked for of one is not shown of the next.
        self._shows_secrets = self._shows_secrets and of == self._of
        self._of, self._text = of, (text, text_format, problem)
        secrets = keymap_of(self.app).named("vault", "secrets")
        words = _beginning(
            text, text_format, problem, shows_secrets=self._shows_secrets, secrets=secrets
        )
        self.query_one(".vault-text", Static).update(words)

    @property
    def can_be_entered(self) -> bool:
        """Whether the vault is to be seen."""
        return self.display

    def enter(self) -> None:
        """Go to the vault."""
        self.query_one(".vault-text", Static).focus()

    def reason_against(self, action: str) -> str:
        """Why an action does not apply now, or ""."""
        if action != "edit" and self._is_among_applied:
            return _FOR_THE_TEXT
        if action in _OF_ONE_THAT_IS_THERE and not self._is_there:
            return "There is no vault yet."
        return self._reason_against(action)

    def label_of(self, action: str) -> str:
        """What an action does to the vault now."""
        if action != "switch" or self._is_enabled is None:
            return ""
        return "Disable" if self._is_enabled else "Enable"

    @property
    def _is_among_applied(self) -> bool:
        return self.query_one(OptionList).has_focus

    def _heading(self, vault: VaultDetails, now: str) -> Content:
        heading = Content.styled(self._title, "bold $accent")
        if not vault.id:
            edit = keymap_of(self.app).named("vault", "edit")
            return heading + Content.styled(f"  none yet: {edit} writes one", "$text-muted")
        state = ("● enabled", "$success") if vault.enabled else ("○ disabled", "$text-warning")
        facts = (
            f"{FORMAT_NAMES[vault.format]}, {content_words(vault.lines, vault.size)}, "
            f"{ago(vault.updated_at, now)} by "
        )
        who = content(vault.updated_by).stylize("$text-muted")
        number = (f", ID {short_id(vault.id)}", "$text-muted")
        return Content.assemble(heading, "  ", state, "\n", (facts, "$text-muted"), who, number)

    def _show_applied(self, applied: tuple[AppliedVault, ...]) -> None:
        heading = self.query_one(".applied-heading", Static)
        words = "  none" if not applied else ""
        heading.update(
            Content.styled("Applied administrator vaults", "bold $accent")
            + Content.styled(words, "$text-muted")
        )
        options = self.query_one(OptionList)
        options.display = bool(applied)
        if applied != self._applied:
            self._applied = applied
            options.clear_options()
            options.add_options(
                Option(content(f"{one.name} ({', '.join(one.groups)})"), id=one.id)
                for one in applied
            )
            options.highlighted = 0 if applied else None

    @on(OptionList.OptionSelected)
    def _applied_chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option_id is not None:
            self.post_message(self.AppliedChosen(event.option_id))

    # Actions

    def action_edit(self) -> None:
        """Edit the text, or the administrator vault at the cursor."""
        if self._is_among_applied:
            self.query_one(OptionList).action_select()
        else:
            self._want("edit")

    def action_switch(self) -> None:
        """Enable the vault, or disable it."""
        self._want("switch")

    def action_history(self) -> None:
        """Show the former texts."""
        self._want("history")

    def action_download(self) -> None:
        """Save the text to a file."""
        self._want("download")

    def action_secrets(self) -> None:
        """Show the secrets in the text, or hide them again."""
        self._shows_secrets = not self._shows_secrets
        self._show_beginning(self._of, *self._text)

    def action_copy(self) -> None:
        """Copy the text or the id."""
        self._want("copy")

    def action_not_here(self, action: str) -> None:
        """Remove the vault and not whom it is of; what else is the tab's is not done from here."""
        if action == "remove":
            self._want(action)
        else:
            super().action_not_here(action)

    def action_applied(self, step: int) -> None:
        """Go to the next administrator vault, or to the one before."""
        if not self._is_among_applied:
            raise SkipAction
        options = self.query_one(OptionList)
        if step > 0:
            options.action_cursor_down()
        else:
            options.action_cursor_up()

    def _want(self, action: str) -> None:
        # What is at the cursor there is another vault than the one that would be changed.
        if self._is_among_applied:
            self.notify(_FOR_THE_TEXT, severity="warning", markup=False)
        else:
            self.post_message(self.Wanted(action))


def _beginning(
    text: str, text_format: Format, problem: str, *, shows_secrets: bool, secrets: str
) -> Content:
    if problem:
        return content(problem).stylize("$text-error")
    if not text:
        return Content("")
    lines = text.splitlines()
    beginning = "\n".join(line[:_LONGEST_LINE] for line in lines[:_MOST_LINES])
    hidden = concealed(beginning, text_format)
    shown = [content(line) for line in (beginning if shows_secrets else hidden).split("\n")]
    if (left := len(lines) - _MOST_LINES) > 0:
        more = f"… {left:,} more {'line' if left == 1 else 'lines'}"
        shown.append(Content.styled(more, "$text-muted"))
    if hidden != beginning:
        how = "hides the secrets" if shows_secrets else "shows what is hidden"
        shown.append(Content.styled(f"{secrets} {how}", "$text-muted"))
    return Content("\n").join(shown)
