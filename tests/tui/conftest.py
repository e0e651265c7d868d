"""The program as it is for everybody: no setting of whoever runs the tests reaches it."""

import os
import time
from pathlib import Path

import pytest

_SETTINGS = ("NO_COLOR", "COLORTERM", "COLUMNS", "LINES", "TMUX", "STY", "SSH_CONNECTION")

# Where the plugin for snapshots keeps what its workers have to tell.
_NEEDED = "TEXTUAL_SNAPSHOT_TEMPDIR"

for _name in list(os.environ):
    if _name in _SETTINGS or (_name.startswith("TEXTUAL_") and _name != _NEEDED):
        del os.environ[_name]
os.environ |= {"TEXTUAL_ANIMATIONS": "none", "TZ": "UTC"}
time.tzset()

from textual import constants  # noqa: E402
from textual.css.model import RuleSet  # noqa: E402
from textual.css.stylesheet import Stylesheet  # noqa: E402

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


Stylesheet._parse_rules = _parse_rules_once  # type: ignore[assignment, method-assign]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own for each test."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path
