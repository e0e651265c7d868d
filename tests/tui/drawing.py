"""What is drawn of the program: no change for a terminal, but all that a test looks at."""

from __future__ import annotations

from typing import Any

from textual._compositor import Compositor
from textual._context import visible_screen_stack
from textual.app import App
from textual.geometry import Region
from textual.strip import Strip

_render_update = Compositor.render_update
_times = 0


def draw_when_looked_at(compositor: Compositor, full: bool = False, **how: Any) -> object:
    """Leave out what would be written to a terminal: a third of a test's time."""
    global _times
    _times += 1
    if full:
        return _render_update(compositor, full, **how)
    compositor._dirty_regions.clear()
    return None


def draw_at_once(compositor: Compositor, *arguments: Any, **how: Any) -> object:
    """Draw each change, as for a terminal."""
    global _times
    _times += 1
    return _render_update(compositor, *arguments, **how)


def times_drawn() -> int:
    """How often any program has drawn a change, or would have with a terminal."""
    return _times


def drawn(app: App[Any]) -> list[Strip]:
    """The lines of the screen on top, with their colours, and what lies behind a dialog."""
    visible_screen_stack.set(app._background_screens)
    return app.screen._compositor.render_strips()


def drawn_bare(app: App[Any]) -> list[Strip]:
    """The lines of the screen on top, with blanks for what lies behind it.

    A dialog hides what is behind it, which would take longer to draw than the dialog itself.
    """
    screen = app.screen
    setattr(screen, "render_lines", _blank)  # noqa: B010
    try:
        return screen._compositor.render_strips()
    finally:
        delattr(screen, "render_lines")


def _blank(crop: Region) -> list[Strip]:
    return [Strip.blank(crop.width)] * crop.height
