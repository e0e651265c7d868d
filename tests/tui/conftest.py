"""A home of its own for each test of the screens, and what is the same at each look."""

from collections.abc import Sequence
from contextlib import nullcontext
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from textual._compositor import Compositor
from textual.app import App
from textual.widgets import Input, TextArea

import tests.tui.plain_textual  # noqa: F401 - it makes Textual so
from store.parsing import hocon, yaml_text
from store.parsing.apart import Limits, run_apart
from tests.tui.drawing import draw_at_once

_answers: dict[tuple[object, ...], Any] = {}


@pytest.fixture
def draws_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each change is drawn at once, as in a terminal, for tests of how much that is."""
    monkeypatch.setattr(Compositor, "render_update", draw_at_once)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own for each test."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture(autouse=True)
def _texts_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a text that another test has had read, the answer is known: a process less each time."""
    for module in (hocon, yaml_text):
        monkeypatch.setattr(module, "run_apart", _run_apart_once)


def _run_apart_once(script: Path, text: str | Sequence[str], limits: Limits) -> Any:
    key = (script, text if isinstance(text, str) else tuple(text), limits)
    if key not in _answers:
        _answers[key] = run_apart(script, text, limits)
    return deepcopy(_answers[key])


@pytest.fixture
def staged(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is the same at each look: a cursor that does not blink, and nobody's own editor."""
    monkeypatch.setattr(Input, "_toggle_cursor", lambda _input: None)
    monkeypatch.setattr(TextArea, "_toggle_cursor_blink_visible", lambda _area: None)
    # Paths that are shown begin here.
    monkeypatch.chdir(home)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", "")
    # There is no terminal that could be left to another program.
    monkeypatch.setattr(App, "suspend", lambda _app: nullcontext())
