"""A button that looks like a word, and takes each press."""

from __future__ import annotations

from typing import Any

from textual.content import Content
from textual.widgets import Button


class PlainButton(Button):
    """A button one line high.

    Args:
        label: What it says; text, never markup.
        more: What every button can be given.
    """

    def __init__(self, label: str, **more: Any) -> None:
        super().__init__(Content(label), compact=True, **more)
        # While it shows for a moment that it was pressed, it would drop what presses it again.
        self.active_effect_duration = 0
