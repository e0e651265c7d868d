"""Who may import whom, and what a start may cost."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.console import ROOT

# What each package may import of the others.
MAY_IMPORT = {
    "store": {"store"},
    "tui": {"tui", "store"},
    "api": {"api", "store"},
    "cli": {"cli", "tui", "api", "store"},
}
SERVING = ("api", "starlette", "uvicorn", "jwt", "h11", "re2", "jinja2")
LATE = (*SERVING, "textual", "rich", "pydantic", "pyhocon", "yaml", "email_validator", "tui.app")


def modules(package: str) -> list[Path]:
    """The files of a package."""
    return sorted((ROOT / package).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """The names of the modules that a file imports, at its head or later."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield node.module or ""


def tops(path: Path) -> set[str]:
    """The packages that a file imports."""
    return {name.partition(".")[0] for name in imports(path)}


@pytest.mark.parametrize("package", [name for name in MAY_IMPORT if (ROOT / name).is_dir()])
def test_dependencies_point_one_way(package: str) -> None:
    assert modules(package)
    for path in modules(package):
        ours = tops(path) & (set(MAY_IMPORT) | {"tests", "benchmarks"})
        assert ours <= MAY_IMPORT[package], f"{path} imports {ours - MAY_IMPORT[package]}"


def test_only_the_persistence_imports_tinydb() -> None:
    importing = {path for name in MAY_IMPORT for path in modules(name) if "tinydb" in tops(path)}
    assert importing
    assert {path.parent for path in importing} == {ROOT / "store" / "persistence"}


def test_only_the_screens_import_textual_and_rich() -> None:
    importing = {
        path for name in MAY_IMPORT for path in modules(name) if {"textual", "rich"} & tops(path)
    }
    assert importing
    assert all(path.is_relative_to(ROOT / "tui") for path in importing)


def loaded_after(code: str) -> set[str]:
    """The modules that an interpreter holds after running some code."""
    code += "\nimport sys\nprint('loaded', *sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.rpartition("loaded ")[2].split())


def test_a_start_imports_little() -> None:
    loaded = loaded_after("import cli.main")
    assert "store.workspace" in loaded
    assert loaded.isdisjoint(LATE)


def test_serving_needs_no_screen() -> None:
    loaded = loaded_after("import cli.main, cli.commands, api.serving")
    assert "uvicorn" in loaded
    assert loaded.isdisjoint({"textual", "rich", "tui.app", "pyhocon", "ruamel"})


NOT_ON_THE_FIRST_SCREEN = {
    *("store.credential_views", "store.invitation_links", "store.refusal_views", "store.sessions"),
    *("store.sign_ins", "store.vault_views", "store.models", "tui.widgets.details_panel"),
    *("tui.tabs.credential_flows", "tui.tabs.vault_flows", "tui.tabs.user_panel"),
}

OPENING = """
import sys
from pathlib import Path
from store.persistence.store import Store
from store.workspace import Workspace
from tui.app import AdminApp
from tui.launch import Launch
workspace = Workspace.open(Store(Path({store!r})), who="ada@acme.example")
AdminApp(Launch(workspace))
"""

DRAWING = """
import asyncio
from store.listing import Query

async def draw(app):
    async with app.run_test() as pilot:
        await pilot.pause()
        await app.workers.wait_for_complete()

asyncio.run(draw(AdminApp(Launch(workspace))))
"""


@pytest.mark.parametrize("then", ["", DRAWING])
def test_the_first_screen_needs_neither_models_nor_parsers(tmp_path: Path, then: str) -> None:
    store = tmp_path / "store"
    make = (
        "from pathlib import Path\n"
        "from store.operations.workspace_settings import FirstStart\n"
        "from store.workspace import Workspace\n"
        f"Workspace.create(Path({str(store)!r}),"
        " FirstStart('Acme', 'Ada', 'ada@acme.example', 'ada', 'host'))"
    )
    subprocess.run([sys.executable, "-c", make], cwd=ROOT, check=True)
    loaded = loaded_after(OPENING.format(store=str(store)) + then)
    assert "textual.app" in loaded
    assert loaded.isdisjoint({"pydantic", "email_validator", "pyhocon", "yaml"})
    assert loaded.isdisjoint(NOT_ON_THE_FIRST_SCREEN)
