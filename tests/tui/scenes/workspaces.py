"""Workspaces to look at."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from store.demo import DEMO_NOW, demo_workspace
from store.listing import Query
from store.persistence.store import Store
from store.workspace import Workspace
from tests.store.house import House, lasting_folder
from tests.tui.scenes.scene import Make
from tui.launch import Launch


@cache
def made_demo() -> Workspace:
    """The demo, made once and never changed: every picture has a copy of it."""
    return demo_workspace(lasting_folder() / "store")


def demo(folder: Path) -> Launch:
    original = made_demo()
    shutil.copytree(original.path, folder)
    # As random as the original's is after it was made.
    mint = copy.deepcopy(original._mint)
    return Launch(
        Workspace(Store(folder), original.actor, clock=lambda: DEMO_NOW, mint=mint), is_demo=True
    )


def demo_after(change: Callable[[Workspace], Any]) -> Make:
    def make(folder: Path) -> Launch:
        launch = demo(folder)
        assert launch.workspace is not None
        change(launch.workspace)
        return launch

    return make


def demo_read_only(folder: Path) -> Launch:
    return Launch(demo_workspace(folder, read_only=True), is_demo=True)


def small(fill: Callable[[House], Any], who: str = "") -> Make:
    def make(folder: Path) -> Launch:
        house = House(folder)
        fill(house)
        return Launch(house.as_user(who) if who else house.as_user())

    return make


def restricted(make: Make) -> Make:
    def make_restricted(folder: Path) -> Launch:
        return replace(make(folder), is_restricted=True)

    return make_restricted


def in_working_folder(make: Make) -> Make:
    """For what says where the store is: that must be the same in every run."""
    return lambda folder: make(Path(folder.name))


def account_called(workspace: Workspace, name: str) -> str:
    return workspace.list_service_accounts(Query(filter=name)).ids[0]


def suspend_model_manager(workspace: Workspace) -> None:
    workspace.suspend_service_accounts([account_called(workspace, "model-manager")])
