"""The keys of the editor: one table, used by the editor, its footer and the dialog that tells them.

What shells, nano and Textual agree on stays as it is there: `ctrl+a` and `ctrl+e` go to the ends of
the line, `ctrl+d`, `ctrl+w`, `ctrl+u` and `ctrl+k` delete. The editor's own keys are others.
"""

from __future__ import annotations

from collections.abc import Iterable

from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Static

from tui.dialogs.dialog import Dialog, button
from tui.keys import Key

# In the order of the footer, which has those with a label and has room for the first ones. What
# has no tooltip is told with another.
EDITOR_KEYS = (
    Key("save", "ctrl+s", "^s", "Save", "Show what is different, and save"),
    Key("find", "ctrl+f", "^f", "Find", "Find words; f3 and shift+f3 go on"),
    Key("problem(1)", "f8", "f8", "Problem", "Go to the next problem; shift+f8 goes back"),
    Key("format", "ctrl+t", "^t", "Format", "Choose the format, or convert to another"),
    Key("difference", "f5", "f5", "Diff", "Show the difference to what is saved"),
    Key("external", "f4", "f4", "$EDITOR", "Edit the text with $EDITOR, and come back"),
    Key("file", "ctrl+o", "^o", "File", "Take the text from a file, or write it to one"),
    Key("replace", "ctrl+r,ctrl+backslash", "^r", "Replace", "Replace what is found, one or all"),
    Key("go_to_line", "ctrl+g,ctrl+underscore,alt+g", "^g", "Line", "Go to a line: 12, or 12:5"),
    Key("keys", "f1", "f1", "All keys", "Show all keys"),
    # Terminals send these two as the function keys twelve further on.
    Key("problem(-1)", "shift+f8,f20", "shift+f8", "", ""),
    Key("step(1)", "f3", "f3", "", ""),
    Key("step(-1)", "shift+f3,f15", "shift+f3", "", ""),
)
# What the text itself takes.
_TEXT_KEYS = (
    ("^z ^y", "Undo; do it again"),
    ("^c ^x ^v", "Copy; cut, without a selection the line; put in"),
    ("^a ^e", "Go to the beginning or the end of the line"),
    ("^w ^d", "Delete the word before, or the character at, the cursor"),
    ("^u ^k", "Delete to the beginning or the end of the line"),
    ("f6 f7", "Select the line, or all"),
    ("tab", "Put in blanks; shift+tab leaves the text"),
    ("esc", "Leave"),
)


def editor_bindings() -> list[Binding]:
    """The keys as bindings, which go before the keys of what has the focus."""
    return [
        Binding(
            key.keys,
            key.action,
            key.label,
            show=bool(key.label),
            key_display=key.shown,
            priority=True,
            id=_id_of(key.action),
        )
        for key in EDITOR_KEYS
    ]


def _id_of(action: str) -> str:
    name, _, step = action.partition("(")
    return f"editor.{'previous_' if step.startswith('-') else ''}{name}"


class EditorKeys(Dialog[None]):
    """Shows what each key does."""

    def __init__(self) -> None:
        super().__init__("Keys of the editor")

    def compose_body(self) -> Iterable[Widget]:
        """A line for each key."""
        told = [(key.shown, key.tooltip) for key in EDITOR_KEYS if key.tooltip]
        lines = [
            Content.assemble((f" {keys:<9}", "bold $accent"), does)
            for keys, does in (*told, *_TEXT_KEYS)
        ]
        yield Static(Content("\n").join(lines))

    def compose_buttons(self) -> Iterable[Button]:
        """Close."""
        yield button("Close", "cancel", "primary")

    def on_mount(self) -> None:
        """Begin at the top, where the arrows scroll."""
        body = self.query_one(".dialog-body")
        body.can_focus = True
        body.focus()
