"""What a client of a member ends up with, and which vault each value came from."""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual import on, work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, DataTable, Input, Static

from store.alphabet import plain
from store.effective_configuration import BASE, EffectiveConfiguration
from store.vaults.merging import EffectiveValue, is_secret
from tui.dialogs.dialog import button
from tui.dialogs.secrets_hidden import SecretsHidden
from tui.dialogs.whole_value import WholeValue
from tui.text import cell, content, shortened
from tui.widgets.field import text_input
from tui.widgets.record_table import Column, RecordTable

# Where there are few lines: one for the path, two for the value, two for what it overrode.
_PATH_CELLS, _SOURCE_CELLS, _VALUE_CELLS, _FORMER_CELLS = 44, 24, 120, 30
_HIDDEN = "•••••• (hidden)"
_COLUMNS = (
    Column("path", "PATH", 18, flex=3),
    Column("value", "VALUE", 18, flex=4),
    Column("source", "FROM", 14, flex=2),
)
# What vaults do to a file at a path.
# What is said of a value that hangs on the client, by whether it shows what is filled in.
_CLIENTS = {
    True: "Each client resolves what is in ${…}.",
    False: "By what a client includes or has in its environment, it may have something else.",
}
_ADDED, _CHANGED, _LEFT = "+", "~", " "
# The configuration over the text of a clearml.conf, or over nothing for None.
Over = Callable[[str | None], Awaitable[EffectiveConfiguration]]


class EffectiveConfigurationDialog(SecretsHidden[None]):
    """A table of values by their paths, each with its vault and what it overrode.

    Args:
        called: What the member is called.
        configuration: What its clients end up with.
        base: Asks for a clearml.conf and gives its text, or None where the person has left.
        over: Works the configuration out over a clearml.conf.
    """

    # Where there are few lines, the table leaves some to what is said of the value at the cursor.
    VERTICAL_BREAKPOINTS: ClassVar[list[tuple[int, str]]] = [  # type: ignore[misc]
        (0, "-low"),
        (34, "-high"),
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", key_display="/", id="effective.filter"),
        Binding("c", "compare", "Over a clearml.conf", id="effective.compare"),
        Binding("j", "down", show=False),
        Binding("k", "up", show=False),
    ]

    def __init__(
        self,
        called: str,
        configuration: EffectiveConfiguration,
        *,
        base: Callable[[], Awaitable[str | None]],
        over: Over,
    ) -> None:
        super().__init__(f"Effective configuration of {shortened(called, 60)}")
        self._configuration = configuration
        self._base = base
        self._over = over
        self._shown: dict[str, EffectiveValue] = {}
        self._is_over_file = False

    def compose_body(self) -> Iterable[Widget]:
        """The filter, the table, and the value at the cursor in full."""
        yield text_input(placeholder="Filter by path, such as sdk.aws or agent git")
        yield Static(classes="effective-marks")
        yield RecordTable(_COLUMNS, classes="effective-values")
        yield Static(classes="effective-value")
        yield Static(classes="notice effective-skipped")

    def compose_buttons(self) -> Iterable[Button]:
        """Secrets, a clearml.conf, or leave."""
        yield from self.compose_secrets_button()
        yield button("Over a clearml.conf…", "compare")
        yield button("Close", "cancel", "primary")

    def on_mount(self) -> None:
        """Begin among the values."""
        self._list()
        self.query_one(RecordTable).focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Take a clearml.conf."""
        event.stop()
        if event.button.id == "compare":
            self.action_compare()

    # What is shown

    @on(Input.Changed)
    def _list(self) -> None:
        words = plain(self.query_one(Input).value).split()
        self._shown = {
            key: value
            for key, value in _keyed(self._configuration.values).items()
            if all(word in plain(self._marked(value)) for word in words)
        }
        self.query_one(RecordTable).show(list(self._shown), self._cells)
        self._describe()
        self._show_skipped()
        self._show_marks()

    def _cells(self, key: str) -> Sequence[Text]:
        value = self._shown[key]
        text = self._value_text(value.path, value.value)
        if value.is_include:
            text = f"include {text}, read on the client"
        elif value.is_resolved_by_client and not _names_something(value):
            text = f"{text}  or as the client has it"
        return (
            cell(self._marked(value)),
            cell(text, "italic" if value.is_resolved_by_client or value.is_include else ""),
            cell(value.source, "bold" if value.overrode else ""),
        )

    def _marked(self, value: EffectiveValue) -> str:
        """The path; over a file with what the vaults do to the file there."""
        path = _dotted(value.path)
        return f"{_mark(value)} {path}" if self._is_over_file else path

    def _value_text(self, path: tuple[str, ...], value: Any) -> str:
        if is_secret(path, value) and not self._shows_secrets:
            return _HIDDEN
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    @on(DataTable.RowHighlighted)
    def _describe(self) -> None:
        key = self.query_one(RecordTable).cursor_key
        if key is None or key not in self._shown:
            text = Content.styled(self._nothing(), "$text-muted")
        else:
            text = self._described(self._shown[key])
        self.query_one(".effective-value", Static).update(text)

    def _nothing(self) -> str:
        if self._configuration.values:
            return "No path holds these words."
        return "No enabled vault reaches this member: clients use their clearml.conf alone."

    def _described(self, value: EffectiveValue) -> Content:
        """What fits below the table; what does not is a key away."""
        path = content(shortened(_dotted(value.path), _PATH_CELLS)).stylize("bold")
        source = content(shortened(value.source, _SOURCE_CELLS))
        head = Content.assemble(path, "  from ", source)
        text = self._value_text(value.path, value.value)
        more = Content.styled("  enter shows all of it", "$text-muted")
        is_long = cell_len(text) > _VALUE_CELLS
        lines = [head, content(shortened(text, _VALUE_CELLS)) + (more if is_long else "")]
        return Content("\n").join([*lines, *self._besides(value, _FORMER_CELLS)])

    def _besides(self, value: EffectiveValue, cells: int) -> Iterable[Content]:
        """What it overrode, each cut to a width, and who resolves it."""
        for source, former in value.overrode:
            text = shortened(self._value_text(value.path, former), cells)
            called = shortened(source, cells)
            yield Content.styled(f"overrides {text} from {called}", "$text-muted")
        if value.is_resolved_by_client:
            yield Content.styled(_CLIENTS[_names_something(value)], "$text-muted")

    @on(DataTable.RowSelected)
    def _show_all(self, event: DataTable.RowSelected) -> None:
        event.stop()
        value = self._shown.get(str(event.row_key.value))
        if value is not None:
            text = content(self._value_text(value.path, value.value))
            lines = [content(f"from {value.source}"), text, *self._besides(value, sys.maxsize)]
            self.app.push_screen(WholeValue(_dotted(value.path), Content("\n").join(lines)))

    def _show_skipped(self) -> None:
        unknown = "could not be worked out here, and is missing above"
        skipped = [
            content(
                f"{vault.name} {unknown if vault.is_unknown else 'is left out by clients'}: "
                f"{vault.reason}"
            )
            for vault in self._configuration.skipped
        ]
        skipped += [
            content(f"{vault.name} may be left out by clients: {vault.reason}")
            for vault in self._configuration.doubtful
        ]
        line = self.query_one(".effective-skipped", Static)
        line.update(Content("\n").join(skipped))
        line.display = bool(skipped)

    def _show_marks(self) -> None:
        marks = [_mark(value) for value in self._configuration.values]
        added, changed, left = (f"{marks.count(mark):,}" for mark in (_ADDED, _CHANGED, _LEFT))
        words = (
            f"{_ADDED} {added} added by vaults, {_CHANGED} {changed} changed, {left} as in {BASE}"
        )
        line = self.query_one(".effective-marks", Static)
        line.update(content(words))
        line.display = self._is_over_file

    # Actions

    def action_filter(self) -> None:
        """Type a part of a path."""
        self.query_one(Input).focus()

    @on(Input.Submitted)
    def _filter_entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.query_one(RecordTable).focus()

    def show_secrets(self) -> None:
        """Show the values with their secrets, or without."""
        self.query_one(RecordTable).refresh_rows()
        self._describe()

    def action_down(self) -> None:
        """Go to the next value."""
        self.query_one(RecordTable).action_cursor_down()

    def action_up(self) -> None:
        """Go to the value before."""
        self.query_one(RecordTable).action_cursor_up()

    @work(group="compare")
    async def action_compare(self) -> None:
        """Work the values out over a clearml.conf, or over nothing again."""
        if self.is_busy:
            return
        text = None if self._is_over_file else await self._base()
        if text is None and not self._is_over_file:
            return
        configuration = await self.attempt(self._over(text))
        if configuration is not None:
            self._configuration, self._is_over_file = configuration, text is not None
            words = "Without clearml.conf" if text is not None else "Over a clearml.conf…"
            self.query_one("#compare", Button).label = Content(words)
            self._list()


def _keyed(values: Sequence[EffectiveValue]) -> dict[str, EffectiveValue]:
    # An object may hold several includes, whose path is the same.
    return {str(number): value for number, value in enumerate(values)}


def _mark(value: EffectiveValue) -> str:
    if value.source == BASE:
        return _LEFT
    return _CHANGED if any(source == BASE for source, _ in value.overrode) else _ADDED


def _names_something(value: EffectiveValue) -> bool:
    """Whether it shows what each client fills in."""
    return "${" in json.dumps(value.value)


def _dotted(path: tuple[str, ...]) -> str:
    # A key that holds a dot is one key, which only quotes tell from two.
    return ".".join(f'"{part}"' if "." in part or not part else part for part in path)
