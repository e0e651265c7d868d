"""Textual as it is for everybody, and without what only a terminal needs.

No setting of whoever runs the tests reaches it. Importing this makes it so, for the whole process.
"""

import asyncio
import os
import time

_SETTINGS = ("NO_COLOR", "COLORTERM", "COLUMNS", "LINES", "TMUX", "STY", "SSH_CONNECTION")

# Where the plugin for snapshots keeps what its workers have to tell.
_NEEDED = "TEXTUAL_SNAPSHOT_TEMPDIR"

for _name in list(os.environ):
    if _name in _SETTINGS or (_name.startswith("TEXTUAL_") and _name != _NEEDED):
        del os.environ[_name]
os.environ |= {"TEXTUAL_ANIMATIONS": "none", "TZ": "UTC"}
time.tzset()

from textual import app as textual_app  # noqa: E402
from textual import constants, pilot  # noqa: E402
from textual._compositor import Compositor  # noqa: E402
from textual.css.model import RuleSet  # noqa: E402
from textual.css.stylesheet import Stylesheet  # noqa: E402

from tests.tui.drawing import draw_when_looked_at  # noqa: E402
from tests.tui.loop import AttentivePolicy, rest  # noqa: E402

# The plugin for snapshots has imported Textual already, which read its settings then.
for _setting, _value in (("TEXTUAL_ANIMATIONS", "none"), ("FILTERS", ""), ("PRESS", "")):
    setattr(constants, _setting, _value)


# Each program parses the same sheets, and all of them again with its first dialog: a quarter of
# what a test of a dialog takes.
_parsed: dict[tuple[object, ...], list[RuleSet]] = {}
_parse_rules = Stylesheet._parse_rules


def _parse_rules_once(sheet: Stylesheet, css: str, *where: object, **how: object) -> list[RuleSet]:
    key = (css, *where, *how.items(), *sheet._variables.items())
    if key not in _parsed:
        _parsed[key] = _parse_rules(sheet, css, *where, **how)  # type: ignore[arg-type]
    return _parsed[key]


async def _rest(_pilot: object, timeout: float = 0.0) -> bool:
    await rest()
    return True


asyncio.set_event_loop_policy(AttentivePolicy())

for _owner, _name, _ours in (
    (Stylesheet, "_parse_rules", _parse_rules_once),
    (Compositor, "render_update", draw_when_looked_at),
    # A pilot would sleep until the processor is idle, twice for each key.
    (pilot, "wait_for_idle", rest),
    (textual_app, "wait_for_idle", rest),
    (pilot.Pilot, "_wait_for_screen", _rest),
):
    setattr(_owner, _name, _ours)
