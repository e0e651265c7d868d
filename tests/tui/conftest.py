"""The program as it is for everybody: no setting of whoever runs the tests reaches it."""

import os
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

_SETTINGS = ("NO_COLOR", "COLORTERM", "COLUMNS", "LINES", "TMUX", "STY", "SSH_CONNECTION")

# Where the plugin for snapshots keeps what its workers have to tell.
_NEEDED = "TEXTUAL_SNAPSHOT_TEMPDIR"
# How long a screen may take to look as it did, in seconds.
_LONGEST_LOOK = 5.0

for _name in list(os.environ):
    if _name in _SETTINGS or (_name.startswith("TEXTUAL_") and _name != _NEEDED):
        del os.environ[_name]
os.environ |= {"TEXTUAL_ANIMATIONS": "none", "TZ": "UTC"}
time.tzset()

from pytest_textual_snapshot import normalize_svg  # noqa: E402
from textual import constants  # noqa: E402
from textual._compositor import Compositor  # noqa: E402
from textual.css.model import RuleSet  # noqa: E402
from textual.css.stylesheet import Stylesheet  # noqa: E402
from textual.pilot import Pilot  # noqa: E402

from tests.tui.driver import Driver  # noqa: E402

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

# A program without a terminal draws for nobody, until a test looks: a third of a test's time.
_render_update = Compositor.render_update


def _draw_if_looked_at(compositor: Compositor, full: bool = False, **how: Any) -> object:
    if full:
        return _render_update(compositor, full, **how)
    compositor._dirty_regions.clear()
    return None


Compositor.render_update = _draw_if_looked_at  # type: ignore[assignment, method-assign]


@pytest.fixture
def draws_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each change is drawn at once, as in a terminal, for tests of how much that is."""
    monkeypatch.setattr(Compositor, "render_update", _render_update)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own for each test."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def snap_compare(
    snap_compare: Callable[..., bool], request: pytest.FixtureRequest
) -> Callable[..., bool]:
    """Compares a screen with its picture, which a busy machine may take a while to look like."""
    folder = request.path.parent / "__snapshots__" / request.path.stem
    kept = folder / f"{request.node.name}.svg"
    wanted = normalize_svg(kept.read_text(encoding="utf-8")) if kept.exists() else ""

    def compare(
        app: Any, *, run_before: Callable[[Pilot[None]], Awaitable[None]], **how: Any
    ) -> bool:
        async def until_alike(pilot: Pilot[None]) -> None:
            await run_before(pilot)
            await _until_it_looks_like(pilot, wanted)

        return snap_compare(app, run_before=until_alike, **how)

    return compare


async def _until_it_looks_like(pilot: Pilot[None], wanted: str) -> None:
    if not wanted:
        driver = Driver(pilot.app, pilot)
        await driver.until_still(lambda: driver.drawn)
    app, deadline = pilot.app, time.monotonic() + _LONGEST_LOOK
    while wanted and time.monotonic() < deadline:
        picture = app.export_screenshot(title=app.title, simplify=True)
        if normalize_svg(picture) == wanted:
            # It need not be drawn twice.
            app.export_screenshot = partial(_kept, picture)  # type: ignore[method-assign]
            return
        await pilot.pause(0.1)


def _kept(picture: str, **_how: object) -> str:
    return picture
