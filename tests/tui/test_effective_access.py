"""What a member can reach, by keys: in the panel and on a screen of its own, with every reason."""

from __future__ import annotations

import asyncio
import threading

import pytest
from textual.widgets import Input

from store.access.grants import EffectiveAccess
from store.operations.access_rules import RuleDraft
from store.operations.resources import ResourceDraft
from store.terms import READ_MODIFY, READ_ONLY, Permission, ResourceType
from store.workspace import Workspace
from tests.store.house import HOSTILE_NAMES, House, account_edit
from tests.tui.seat import BESIDE, OVER, Seat, sit
from tui.widgets.record_table import RecordTable

DIALOG = "EffectiveAccessDialog"
SIZES = pytest.mark.parametrize("size", [BESIDE, OVER])


def add(house: House, kind: ResourceType, key: str, name: str, project: str | None = None) -> None:
    """Add a resource to the catalogue."""
    house.admin.add_resource(ResourceDraft(kind, key, name, project))


def rule(
    house: House,
    kind: ResourceType,
    resource: str | None,
    permission: Permission,
    *,
    members: tuple[str, ...] = (),
    groups: tuple[str, ...] = (),
) -> None:
    """Add an access rule."""
    house.admin.add_access_rule(RuleDraft(kind, resource, permission, members, groups))


@pytest.fixture
def catalogue(house: House, bob: str) -> dict[str, str]:
    """Resources, and rules for Bob, for a group, and for nobody; ids of those in them by name."""
    bot = house.add_service_account("autoscaler")
    mlops = house.add_group("MLOps", bob, bot)
    add(house, "project", "p1", "Vision")
    add(house, "project", "p2", "Experiments", "p1")
    add(house, "task", "t1", "Night training", "p2")
    add(house, "task", "t2", "Loose end")
    add(house, "model", "m1", "Detector", "p1")
    for queue in ("gpu-a", "gpu-b", "services"):
        add(house, "queue", queue, queue)
    rule(house, "project", "p1", READ_ONLY, groups=(mlops,))
    rule(house, "task", "t1", READ_MODIFY, members=(bob,))
    rule(house, "queue", "gpu-a", READ_MODIFY)
    rule(house, "queue", "gpu-b", READ_MODIFY, members=(bob,))
    return {"Bob": bob, "autoscaler": bot, "MLOps": mlops}


def table(seat: Seat) -> RecordTable:
    """The table of the dialog."""
    return seat.app.screen.query_one(RecordTable)


def lines(seat: Seat) -> dict[str, tuple[str, str]]:
    """What the dialog says of each resource: the permission, and the first reason."""
    found = {}
    for key in table(seat).rows:
        _, _, permission, because = (str(one) for one in table(seat).get_row(key))
        found[str(key.value)] = permission, because
    return found


async def until_found(seat: Seat, found: list[str]) -> None:
    """Wait until the filter has found these resources."""
    await seat.until(lambda: list(lines(seat)) == found)


async def to_access(seat: Seat, called: str, tab: str = "1") -> None:
    """Show what a member can reach."""
    await seat.press(tab)
    await seat.until(lambda: called in seat.rows)
    await seat.go_to(called)
    await seat.press("x")
    await seat.until_dialog(DIALOG)
    await seat.until(lambda: bool(lines(seat)))


@SIZES
def test_shows_each_resource_with_every_grant(
    house: House, catalogue: dict[str, str], size: tuple[int, int]
) -> None:
    async def scenario(seat: Seat) -> None:
        await to_access(seat, "Bob")
        assert "Effective access of Bob" in seat.words
        through = "group MLOps, rule on project Vision"
        assert lines(seat) == {
            "p1": ("Read Only", through),
            "p2": ("Read Only", through),
            "t1": (
                "Read & Modify",
                "+1 named directly, rule on task Vision/Experiments/Night training",
            ),
            "m1": ("Read Only", through),
            "gpu-a": ("none", "no rule that covers it names them"),
            "gpu-b": ("Read & Modify", "named directly, rule on queue gpu-b"),
        }
        for words in (
            "Read & Modify 2 · Read Only 3 · none 1 of 6 resources with rules",
            "2 resources that no rule covers: Read & Modify for every member",
        ):
            assert words in seat.words
        await seat.press("j", "j")
        # Every grant of the line at the cursor in full, on a small screen, too.
        for words in (
            "task Vision/Experiments/Night training Read & Modify",
            "Read & Modify: named directly, rule on task Vision/Experiments/Night training",
            f"Read Only: {through}",
        ):
            await seat.until_shown(words)
        await seat.press("G")
        await seat.until_shown("queue gpu-b Read & Modify")
        await seat.press("k")
        await seat.until_shown("none: no rule that covers it names them")
        await seat.press("escape")
        await seat.until_dialog("")

    sit(house.as_user(), scenario, size=size)


def test_filters_by_words_of_the_resource_the_permission_and_the_group(
    house: House, catalogue: dict[str, str]
) -> None:
    async def scenario(seat: Seat) -> None:
        await to_access(seat, "Bob")
        everything = list(lines(seat))
        for words, found in (
            ("NONE", ["gpu-a"]),
            ("vision night", ["t1"]),
            ("mlops model", ["m1"]),
            ("read only", ["p1", "p2", "m1"]),
            ("queue modify", ["gpu-b"]),
            # Not by the words of rules: each of these is reached by one on a project.
            ("project", ["p1", "p2"]),
        ):
            await seat.press("slash")
            await seat.type(words)
            await until_found(seat, found)
            await seat.press("escape", "enter")
            await until_found(seat, everything)
        await seat.press("slash")
        seat.app.screen.query_one(Input).value = "zz"
        await seat.until_shown("Nothing holds these words.")
        # The first escape clears what is typed.
        await seat.press("escape")
        await seat.until(lambda: len(lines(seat)) == 6)
        assert seat.dialog == DIALOG
        await seat.press("enter")
        assert isinstance(seat.app.screen.focused, RecordTable)

    sit(house.as_user(), scenario)


def test_resources_without_rules_come_on_demand(house: House, catalogue: dict[str, str]) -> None:
    async def scenario(seat: Seat) -> None:
        await to_access(seat, "Bob")
        await seat.press("u")
        await seat.until(lambda: lines(seat).get("t2") == ("Read & Modify", "no rule covers it"))
        assert len(lines(seat)) == 8
        await seat.click_button("Only those with rules")
        await seat.until(lambda: len(lines(seat)) == 6)
        assert "Also 2 without rules" in seat.words

    sit(house.as_user(), scenario)


def test_all_that_is_shown_can_be_copied(house: House, catalogue: dict[str, str]) -> None:
    async def scenario(seat: Seat) -> None:
        await to_access(seat, "Bob")
        await seat.press("slash", *"night", "enter")
        await seat.until(lambda: list(lines(seat)) == ["t1"])
        await seat.press("y")
        await seat.until_said("1 line sent to your terminal's clipboard.")

        first, *_, last = seat.app.clipboard.splitlines()
        assert first == "Effective access of Bob"
        assert last.split("\t") == [
            "task",
            "Vision/Experiments/Night training",
            "Read & Modify",
            "named directly, rule on task Vision/Experiments/Night training; "
            "group MLOps, rule on project Vision",
        ]

    sit(house.as_user(), scenario)


@SIZES
def test_administrators_and_queue_administrators(
    house: House, catalogue: dict[str, str], size: tuple[int, int]
) -> None:
    house.add_user("quinn@acme.example", "Quinn", groups=(house.group("Queue admins"),))

    async def scenario(seat: Seat) -> None:
        await to_access(seat, "Ada Lindqvist")
        assert "Administrator: Read & Modify on every resource." in seat.words
        assert "define queues" not in seat.words
        assert set(lines(seat).values()) == {("Read & Modify", "administrator")}
        await seat.press("escape")
        await seat.until_dialog("")
        await to_access(seat, "Quinn")
        assert "define queues: may create, delete and rename queues." in seat.words
        sees = ("Read Only", "queue administrator: sees every queue")
        none = ("none", "no rule that covers it names them")
        assert lines(seat) == {
            **dict.fromkeys(("p1", "p2", "t1", "m1"), none),
            **dict.fromkeys(("gpu-a", "gpu-b"), sees),
        }

    sit(house.as_user(), scenario, size=size)


@SIZES
def test_a_service_account_begins_with_the_queues_it_cannot_reach(
    house: House, catalogue: dict[str, str], size: tuple[int, int]
) -> None:
    bot = catalogue["autoscaler"]
    house.admin.edit_service_account(account_edit(house.admin, bot, allow_impersonation=True))

    async def scenario(seat: Seat) -> None:
        await to_access(seat, "autoscaler", "2")
        assert "Queues it cannot reach: gpu-a, gpu-b" in seat.words
        assert (
            "It may run tasks for their owners, with the owner's access: t shows which."
            in seat.words
        )
        assert list(lines(seat))[:2] == ["gpu-a", "gpu-b"]
        await seat.press("escape")
        await seat.until_dialog("")
        await seat.press("enter")
        # On a small screen the panel's lines go on below its edge.
        await seat.until_shown("Read & Modify 0 · Read Only 4 · none 2 of 6 with rules")
        await seat.until_shown("Queues it cannot reach: gpu-a, gpu-b")

    sit(house.as_user(), scenario, size=size)


def test_whoever_is_suspended_has_none(house: House, catalogue: dict[str, str]) -> None:
    house.admin.suspend_users([catalogue["Bob"]])

    async def scenario(seat: Seat) -> None:
        await to_access(seat, "Bob")
        assert "Suspended: effective access is none while suspended." in seat.words
        await seat.press("u")
        await seat.until(lambda: len(lines(seat)) == 8)
        assert set(lines(seat).values()) == {("none", "none while suspended")}
        await seat.press("escape")
        await seat.until_dialog("")
        await seat.press("enter")
        await seat.until_shown("EFFECTIVE ACCESS x shows all of it")
        await seat.until_shown("none while suspended")

    sit(house.as_user(), scenario)


def test_without_rules_and_without_resources(house: House, bob: str) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.go_to("Bob")
        await seat.press("x")
        await seat.until_dialog(DIALOG)
        await seat.until_shown("There is no resource in the catalogue.")
        await seat.press("y", "u", "j", "escape")
        await seat.until_dialog("")
        await seat.press("enter")
        await seat.until_shown("Read & Modify on all resources: no rule covers any of them")
        add(house, "queue", "q1", "gpu")
        await seat.press("x")
        await seat.until_dialog(DIALOG)
        # There is nothing but what no rule covers, so that is shown.
        await seat.until(lambda: lines(seat) == {"q1": ("Read & Modify", "no rule covers it")})

    sit(house.admin, scenario)


def test_plain_users_see_everybodys_without_emails(house: House, catalogue: dict[str, str]) -> None:
    async def scenario(seat: Seat) -> None:
        await to_access(seat, "Ada Lindqvist")
        assert set(lines(seat).values()) == {("Read & Modify", "administrator")}
        await seat.press("u")
        await seat.until(lambda: len(lines(seat)) == 8)
        assert "ada@acme.example" not in seat.text
        await seat.press("escape")
        await seat.until_dialog("")
        await to_access(seat, "autoscaler", "2")
        assert "Queues it cannot reach: gpu-a, gpu-b" in seat.words

    sit(house.as_user("bob@acme.example"), scenario)


def test_one_member_at_a_time(house: House, catalogue: dict[str, str]) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("asterisk", "x")
        await seat.until_said("Choose one user.")
        assert seat.dialog == ""

    sit(house.as_user(), scenario)


@SIZES
def test_the_panel_follows_the_row_and_what_is_committed(
    house: House, catalogue: dict[str, str], size: tuple[int, int]
) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("m")
        await seat.until_shown("Read & Modify 6 · Read Only 0 · none 0 of 6 with rules")
        await seat.press("escape")
        await seat.go_to("Bob")
        await seat.press("enter")
        await seat.until_shown("Read & Modify 2 · Read Only 3 · none 1 of 6 with rules")
        await asyncio.to_thread(
            rule, house, "queue", "gpu-a", READ_ONLY, members=(catalogue["Bob"],)
        )
        await seat.until_shown("Read & Modify 2 · Read Only 4 · none 0 of 6 with rules")

    sit(house.admin, scenario, size=size)


class Slow:
    """Holds back the answer on one member until it is let go."""

    def __init__(self, workspace: Workspace, member: str) -> None:
        self._answer = workspace.effective_access
        self._member = member
        self.may_answer = threading.Event()
        self.was_asked = threading.Event()

    def __call__(self, member: str) -> EffectiveAccess:
        """The answer, later for that member."""
        if member == self._member:
            self.was_asked.set()
            assert self.may_answer.wait(10)
        return self._answer(member)


def test_the_panel_never_shows_numbers_of_somebody_else(
    house: House, catalogue: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = house.as_user()
    slow = Slow(workspace, catalogue["Bob"])
    monkeypatch.setattr(workspace, "effective_access", slow)

    async def scenario(seat: Seat) -> None:
        await seat.go_to("Bob")
        await seat.press("enter")
        await seat.until(slow.was_asked.is_set)
        await seat.until_shown("x shows all of it")
        assert "with rules" not in seat.words
        await seat.go_to("Ada Lindqvist")
        await seat.until_shown("Email ada@acme.example")
        # What comes of Bob while the panel is of Ada is not shown.
        assert "with rules" not in seat.words
        slow.may_answer.set()
        await seat.until_shown("Read & Modify 6 · Read Only 0 · none 0 of 6 with rules")

    sit(workspace, scenario)


def test_the_panel_comes_back_to_whom_it_was_of(
    house: House, catalogue: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = house.as_user()
    slow = Slow(workspace, catalogue["Bob"])
    monkeypatch.setattr(workspace, "effective_access", slow)
    of_ada = "Read & Modify 6 · Read Only 0 · none 0 of 6 with rules"

    async def scenario(seat: Seat) -> None:
        await seat.press("m")
        await seat.until_shown(of_ada)
        await seat.go_to("Bob")
        await seat.until(slow.was_asked.is_set)
        await seat.go_to("Ada Lindqvist")
        await seat.until_shown("Email ada@acme.example")
        slow.may_answer.set()
        await seat.until_shown(of_ada)

    sit(workspace, scenario)


@SIZES
def test_hostile_names_are_shown_as_text(house: House, bob: str, size: tuple[int, int]) -> None:
    for number, name in enumerate(HOSTILE_NAMES):
        group = house.add_group(name, bob)
        add(house, "project", f"p{number}", name)
        add(house, "queue", f"q{number}", name)
        rule(house, "project", f"p{number}", READ_MODIFY, groups=(group,))
        rule(house, "queue", f"q{number}", READ_MODIFY)
        bot = house.add_service_account(name)

    async def scenario(seat: Seat) -> None:
        await to_access(seat, "Bob")
        for number in range(table(seat).row_count):
            table(seat).move_cursor(row=number)
            await seat.pilot.pause(0)
            assert seat.text.replace("\n", "").isprintable()
        await seat.press("escape")
        await seat.until_dialog("")
        await seat.press("2")
        await seat.until(lambda: seat.tab.id == "service-accounts" and len(seat.rows) == 9)
        assert seat.tab.table.move_to(bot)
        await seat.press("enter")
        await seat.until_shown("Queues it cannot reach:")
        assert seat.text.replace("\n", "").isprintable()
        await seat.press("x")
        await seat.until_dialog(DIALOG)
        await seat.until(lambda: bool(lines(seat)))
        assert seat.text.replace("\n", "").isprintable()

    sit(house.as_user(), scenario, size=size)
