"""The keys of the editor: one table, used by the editor, its footer and the dialog that tells them.

What shells, nano and Textual agree on stays as it is there: `ctrl+a` and `ctrl+e` go to the ends of
the line, `ctrl+d`, `ctrl+w`, `ctrl+u` and `ctrl+k` delete. The editor's own keys are others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Static

from tui.dialogs.dialog import Dialog, button


@dataclass(frozen=True)
class EditorKey:
    """One line of the table.

    Attributes:
        action: The action, as the binding names it.
        keys: The keys, as Textual names them, separated by commas.
        shown: The keys as a person reads them.
        label: The word in the footer, or "" for what is not in it.
        does: A sentence, or "" for what another line tells.
    """

    action: str
    keys: str
    shown: str
    label: str
    does: str

    @property
    def binding(self) -> Binding:
        """The binding, which goes before the keys of what has the focus."""
        name = self.action.partition("(")[0]
        is_first = "-" not in self.action
        return Binding(
            self.keys,
            self.action,
            self.label,
            show=bool(self.label),
            key_display=self.shown,
            priority=True,
            id=f"editor.{name if is_first else f'previous_{name}'}",
        )


# In the order of the footer, which has room for the first ones.
EDITOR_KEYS = (
    EditorKey("save", "ctrl+s", "^s", "Save", "Show what is different, and save"),
    EditorKey("find", "ctrl+f", "^f", "Find", "Find words; f3 and shift+f3 go on"),
    EditorKey("problem(1)", "f8", "f8", "Problem", "Go to the next problem; shift+f8 goes back"),
    EditorKey("format", "ctrl+t", "^t", "Format", "Choose the format, or convert to another"),
    EditorKey("difference", "f5", "f5", "Diff", "Show the difference to what is saved"),
    EditorKey("external", "f4", "f4", "$EDITOR", "Edit the text with $EDITOR, and come back"),
    EditorKey("file", "ctrl+o", "^o", "File", "Take the text from a file, or write it to one"),
    EditorKey(
        "replace", "ctrl+r,ctrl+backslash", "^r", "Replace", "Replace what is found, one or all"
    ),
    EditorKey(
        "go_to_line", "ctrl+g,ctrl+underscore,alt+g", "^g", "Line", "Go to a line: 12, or 12:5"
    ),
    EditorKey("keys", "f1", "f1", "All keys", "Show all keys"),
    # Terminals send these two as the function keys twelve further on.
    EditorKey("problem(-1)", "shift+f8,f20", "shift+f8", "", ""),
    EditorKey("step(1)", "f3", "f3", "", ""),
    EditorKey("step(-1)", "shift+f3,f15", "shift+f3", "", ""),
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


class EditorKeys(Dialog[None]):
    """Shows what each key does."""

    def __init__(self) -> None:
        super().__init__("Keys of the editor")

    def compose_body(self) -> Iterable[Widget]:
        """A line for each key."""
        told = [(key.shown, key.does) for key in EDITOR_KEYS if key.does]
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
