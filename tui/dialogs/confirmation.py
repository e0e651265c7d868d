"""A confirmation that names the object and the effect; what cannot be undone asks for typing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from store.text import fold
from tui.dialogs.dialog import Dialog, button
from tui.whole_lists import Line, Whole, lines_of, wholes_of, words_of
from tui.widgets.field import Field, text_input

_MOST_TO_TYPE = 40
_MOST_CHANGES = 4
HOW_TO_SEE_ALL = "f5 lists every name"


class Confirmation(Dialog[bool]):
    """Asks before something is done; ctrl+s is yes, as in every dialog.

    Args:
        title: The object and the verb.
        effects: What happens, a line each; they may hold text from people. Of long lists they say
            the beginning, and f5 shows the whole.
        verb: What the button says.
        expected: What must be typed, or "" where a press of the button is enough.
        what: What that is, such as "the name".
        refused: Whom it will not be done to, with the reasons, a line each.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "confirm", "Confirm", show=False, id="confirmation.confirm"),
        Binding("f5", "list_all", "List all", show=False, id="confirmation.list_all"),
    ]

    def __init__(
        self,
        title: str,
        effects: Sequence[Line],
        *,
        verb: str,
        expected: str = "",
        what: str = "",
        refused: Sequence[Line] = (),
    ) -> None:
        super().__init__(title)
        self._effects = effects
        self._verb = verb
        self._expected = expected
        self._what = what
        self._refused = refused
        self._changes: Sequence[str] = ()

    @property
    def said(self) -> Sequence[Line]:
        """What it says of what is to be done, line by line, below its title."""
        return (*self._effects, *self._refused)

    @property
    def told(self) -> tuple[str, ...]:
        """All that it says of what is to be done, line by line."""
        lines = (words_of(line).plain for line in self.said)
        return (self._title, *lines, self._expected, self._verb)

    @property
    def wholes(self) -> tuple[Whole, ...]:
        """The lists of which it says the beginning."""
        return wholes_of(self.said)

    def says_the_same(self, former: Confirmation) -> bool:
        """Whether it says what a former one has said, whole lists and all. Takes a while."""
        return self.told == former.told and self.wholes == former.wholes

    def tell_changes(self, former: Confirmation) -> None:
        """Say above all what it says otherwise than a former one. Takes a while."""
        told = [
            *(f"Now: {line}" for line in _only_in(self, former)),
            *(f"No more: {line}" for line in _only_in(former, self)),
        ]
        more = len(told) - _MOST_CHANGES
        told = told or ["More than is named here."]
        self._changes = [*told[:_MOST_CHANGES], *([f"and {more:,} more"] if more > 0 else [])]

    def compose_changes(self) -> Iterable[Widget]:
        """What has changed since it was asked before."""
        if self._changes:
            title = "Changed while you were asked:"
            yield Static(_lines([title, *self._changes]), classes="changes")

    def compose_body(self) -> Iterable[Widget]:
        """What happens, to whom it does not, and what to type."""
        yield from self.compose_changes()
        if self._effects:
            yield Static(_lines(self._effects), classes="effects")
        if self._refused:
            yield Static(_lines(self._refused), classes="refused")
        if self._expected:
            label = f"Type {self._what} to confirm: {self._expected}"
            yield Field("expected", label, text_input())

    def compose_foot(self) -> Iterable[Widget]:
        """How to see the whole of what is said in part."""
        if self.wholes:
            yield Static(f"{HOW_TO_SEE_ALL}.", classes="how-to-see-all")

    def compose_buttons(self) -> Iterable[Button]:
        """Cancel first, for focus starts there."""
        yield button("Cancel" if self._verb else "Close", "cancel")
        if self._verb:
            yield button(self._verb, "confirm", "danger")

    def on_mount(self) -> None:
        """Begin where nothing can happen by itself: at the input, or else at Cancel."""
        start = self.query(Input).first() if self._expected else self.query_one("#cancel")
        start.focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Cancel or confirm."""
        event.stop()
        if event.button.id == "confirm":
            self.action_confirm()

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_confirm()

    @on(Input.Changed)
    def _typing(self) -> None:
        self.clear_errors()

    @work(group="list all")
    async def action_list_all(self) -> None:
        """List the whole of what is said in part."""
        from tui.dialogs.whole_lists import WholeLists

        if wholes := self.wholes:
            self.app.push_screen(WholeLists(await asyncio.to_thread(lines_of, wholes)))

    def action_confirm(self) -> None:
        """Agree, where there is something to agree to and what must be typed is typed."""
        if not self._verb:
            return
        if self._expected:
            typed = " ".join(self.query_one(Input).value.split())
            if fold(typed) != fold(self._expected):
                field = self.query_one(Field)
                field.show_error(f"This is not {self._what}. Nothing was done.")
                field.control.focus()
                return
        self.dismiss(True)


def typeable(name: str, email: str, key: str) -> tuple[str, str]:
    """What to ask for as a confirmation, and what it is: what a keyboard can type.

    Args:
        name: The name, or "".
        email: The email, or "".
        key: The id.
    """
    if name != email and name and name.isprintable() and len(name) <= _MOST_TO_TYPE:
        return " ".join(name.split()), "the name"
    if email and email.isprintable() and len(email) <= _MOST_TO_TYPE:
        return email, "the email"
    return key[:8], "the beginning of the id"


def _lines(lines: Sequence[Line]) -> Content:
    return Content("\n").join(map(words_of, lines))


def _only_in(one: Confirmation, other: Confirmation) -> list[str]:
    """What only the one of two says, and who is only in its lists."""
    told = set(other.told)
    lines = [line.strip() for line in one.told if line not in told]
    listed = {(whole.title, key) for whole in other.wholes for key in whole.keys}
    return lines + [
        f"{line.whole.title}: {line.entry.name}"
        for line in lines_of(one.wholes)
        if (line.whole.title, line.item) not in listed
    ]
