"""Asking before a change, which then does what was said, or nothing (SPEC, Confirmations)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from operator import eq
from typing import TYPE_CHECKING, Generic, TypeVar

from store.errors import Overtaken
from store.workspace import Workspace
from tui.tabs.tab import Tab

if TYPE_CHECKING:
    from tui.dialogs.confirmation import Confirmation

T = TypeVar("T")
R = TypeVar("R")


def all_is_named(_found: object, _before: object) -> bool:
    """For what a confirmation names in full: the confirmation alone has to be the same."""
    return True


AGAIN = "Others have changed the workspace meanwhile. Look at what it does now."


@dataclass(frozen=True)
class Confirmed(Generic[T, R]):
    """A change that was agreed to and made.

    Attributes:
        found: What it was found to do.
        result: What making it gave.
    """

    found: T
    result: R


async def confirmed(
    tab: Tab,
    workspace: Workspace,
    look: Callable[[], T],
    ask: Callable[[T], Confirmation | None],
    do: Callable[[T], R],
    same: Callable[[T, T], bool] = eq,
) -> Confirmed[T, R] | None:
    """Say what a change would do, and make it once that is agreed to and still so.

    What others have done meanwhile is looked at when the person has answered, and once more where
    somebody comes between that and the commit. Where the change does something else by then, the
    person is told what, and asked anew. All calls run in a thread.

    Args:
        tab: The tab that it is done on.
        workspace: The workspace.
        look: Finds out what the change would do.
        ask: Makes the confirmation of what was found; None where nothing has to be confirmed.
        do: Makes the change.
        same: Whether it was found to do the same, beyond what the confirmation names.

    Returns:
        The change, or None where the person has left.

    Raises:
        WorkspaceError: What finding out or making the change raises.
    """
    operate = tab.admin_app.operate
    version, found = workspace.version, await operate(look)
    question, is_agreed = await operate(ask, found), False
    while is_agreed or await _is_agreed(tab, question):
        await tab.admin_app.look_for_commits()
        is_agreed = True
        if version != workspace.version:
            before, former = found, question
            version, found = workspace.version, await operate(look)
            question = await operate(ask, found)
            is_agreed = question is None or (
                await operate(_says_the_same, question, former)
                and await operate(same, found, before)
            )
        if not is_agreed:
            tab.refuse(AGAIN)
            continue
        with suppress(Overtaken):
            return Confirmed(found, await operate(workspace.as_of, version[0], partial(do, found)))
    return None


async def _is_agreed(tab: Tab, question: Confirmation | None) -> bool:
    if question is None:
        return True
    answer: bool | None = await tab.app.push_screen_wait(question)
    return answer is True


def _says_the_same(question: Confirmation, former: Confirmation | None) -> bool:
    """Whether it says what was said before; otherwise it tells what it does not."""
    if former is None:
        return False
    question.tell_changes(former)
    return question.says_the_same(former)
