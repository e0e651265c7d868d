"""What is said before the access of members changes, and what must be typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from textual.containers import VerticalScroll
from textual.content import Content

from store.access.grants import Grant
from store.access.impacts import AccessChange, AccessKept, Impact
from store.access.powers import DEFINES_QUEUES, PowerChange
from store.errors import NotFound
from store.terms import READ_MODIFY, READ_ONLY
from tests.store.house import HOSTILE_NAMES
from tests.tui.dialog_seat import DialogSeat, open_dialog
from tui.access_confirmations import impact_confirmation, impact_names
from tui.dialogs.confirmation import Confirmation

SIZES = pytest.mark.parametrize("size", [(120, 40), (80, 24)])


@dataclass(frozen=True)
class Thing:
    """A member, group, resource or rule of the names below."""

    name: str
    type: str = "task"
    path: str = ""
    resource: str | None = None

    @property
    def called(self) -> str:
        """The name."""
        return self.name

    @property
    def beside(self) -> str:
        """What it is."""
        return self.type

    @property
    def resource_name(self) -> str:
        """The name."""
        return self.name


class Names:
    """Knows every name: the id itself, or always the same."""

    def __init__(self, always: str = "") -> None:
        self._always = always

    def member_name(self, member: str) -> Thing:
        """A member."""
        return Thing(self._always or member)

    def group_row(self, group: str) -> Thing:
        """A group."""
        return Thing(self._always or group)

    def resource_row(self, resource: str) -> Thing:
        """A resource: the id is its type, its path and its name."""
        kind, path, name = resource.split(":")
        return Thing(self._always or name, kind, path)

    def access_rule_row(self, rule: str) -> Thing:
        """A rule: on one resource, on all of a type, or one that is not there yet."""
        if rule == "new":
            raise NotFound("There is no such rule.")
        if rule == "all":
            return Thing("All tasks")
        return Thing(self._always or rule, "project", "", "p1")


def impact(
    losses: Sequence[AccessChange] = (),
    gains: Sequence[AccessChange] = (),
    kept: Sequence[AccessKept] = (),
    lost: Sequence[str] = (),
    gained: Sequence[str] = (),
) -> Impact:
    """An impact of these."""
    powers = [PowerChange(DEFINES_QUEUES, tuple(lost), tuple(gained))] if lost or gained else []
    return Impact(tuple(losses), tuple(gains), tuple(kept), tuple(powers))


def ask(of: Impact, names: Names | None = None, *, typed: str | None = None) -> Confirmation:
    """The confirmation of an impact."""
    extra = [Content("Named in 2 rules: project Vision, queue gpu-a.")]
    known = impact_names(names or Names(), of)
    return impact_confirmation("Delete MLOps?", "Delete", of, known, extra=extra, typed=typed)


VISION, GPU = "project::Vision", "queue::gpu-a"
NIGHT = "task:Vision/Experiments:Night training"
MLOPS, ALL, NEW = (
    Grant("rule", READ_MODIFY, *of) for of in (("Vision", "MLOps"), ("all",), ("new",))
)
SOME = impact(
    losses=[
        AccessChange((VISION, NIGHT), READ_MODIFY, None, tuple(f"User {n}" for n in range(26))),
        AccessChange((GPU,), READ_MODIFY, READ_ONLY, ("Bob",)),
    ],
    gains=[
        AccessChange((GPU,), None, READ_MODIFY, ("Cleo", "ci")),
        AccessChange((VISION,), READ_ONLY, READ_MODIFY, ("Ivy",)),
    ],
    kept=[
        AccessKept((VISION,), READ_MODIFY, ("Dan",), MLOPS),
        AccessKept((VISION,), READ_MODIFY, ("Eve",), ALL),
        AccessKept((VISION,), READ_MODIFY, ("Fay",), NEW),
        AccessKept((GPU,), READ_ONLY, ("Gus",), Grant("queue administrator", READ_ONLY)),
        AccessKept((GPU,), READ_MODIFY, ("Ada",), Grant("administrator", READ_MODIFY)),
        AccessKept((NIGHT,), READ_MODIFY, ("Hal",), Grant("uncovered", READ_MODIFY)),
    ],
    lost=["Bob"],
    gained=["Cleo", "Dan"],
)


async def read_through(seat: DialogSeat) -> str:
    """All that the confirmation says, page after page."""
    box = seat.app.screen.query_one(".impact", VerticalScroll)
    words = seat.words
    while box.scroll_y < box.max_scroll_y:
        assert "PgDn and PgUp show the rest" in seat.words
        await seat.press("pagedown")
        words += "\n" + seat.words
    return words


@SIZES
def test_says_who_loses_gains_and_keeps_what_and_why(size: tuple[int, int]) -> None:
    async def scenario(seat: DialogSeat) -> None:
        assert "Delete MLOps?" in seat.text
        assert seat.focused == "cancel"
        for words in (
            "26 members lose access to 2 resources.",
            "1 member loses Read & Modify on 1 resource.",
            "1 member defines queues no more.",
            "2 members gain access to 1 resource.",
            "1 member gains Read & Modify on 1 resource.",
            "2 members define queues from now on.",
        ):
            assert words in seat.words
        told = await read_through(seat)
        for words in (
            "Named in 2 rules: project Vision, queue gpu-a.",
            "LOSE",
            "User 0, User 1, User 2, User 3, User 4, User 5 +20: Read & Modify → none",
            "project Vision",
            "task Vision/Experiments/Night training",
            "Bob: Read & Modify → Read Only",
            "queue gpu-a",
            "Bob: defines queues",
            "Cleo, ci: none → Read & Modify",
            "KEEP, THROUGH SOMETHING ELSE",
            "Dan: Read & Modify (group MLOps, rule on project Vision)",
            "Eve: Read & Modify (named directly, rule on all tasks)",
            "Fay: Read & Modify (named directly, the new rule)",
            "Gus: Read Only (queue administrator: sees every queue)",
            "Ada: Read & Modify (administrator)",
            "Hal: Read & Modify (no rule covers it)",
        ):
            assert words in told, words
        assert told.index("LOSE") < told.index("GAIN") < told.index("KEEP")
        await seat.press(*["pageup"] * 9)
        assert "Named in 2 rules" in seat.words
        await seat.press("tab", "enter")
        assert await seat.until_left() is True

    open_dialog(lambda: ask(SOME), scenario, size=size)


@SIZES
def test_what_must_be_typed_stays_in_sight(size: tuple[int, int]) -> None:
    async def scenario(seat: DialogSeat) -> None:
        assert "Type the name to confirm: MLOps" in seat.words
        assert "26 members lose access to 2 resources." in seat.words
        assert "2 members define queues from now on." in seat.words
        assert "Named in 2 rules" in seat.words
        told = await read_through(seat)
        assert "Hal: Read & Modify" in told
        await seat.press("enter")
        assert "This is not the name." in seat.error_at("expected")
        assert seat.button("Delete") is not None
        assert "Cancel Delete ╰" in seat.words
        await seat.type("mlops")
        await seat.press("enter")
        assert await seat.until_left() is True

    open_dialog(lambda: ask(SOME, typed="MLOps"), scenario, size=size)


def test_nothing_changes_is_said() -> None:
    async def scenario(seat: DialogSeat) -> None:
        assert "No member's access changes." in seat.text
        assert "LOSE" not in seat.text
        assert "Dan: Read & Modify (group MLOps, rule on project Vision)" in seat.words
        button = seat.button("Delete")
        assert button is not None
        # Nothing is lost, and nothing had to be typed.
        assert button.has_class("-primary")
        await seat.press("escape")
        assert await seat.until_left() is None

    nothing = impact(kept=[AccessKept((VISION,), READ_MODIFY, ("Dan",), MLOPS)])
    open_dialog(lambda: ask(nothing), scenario)


def test_narrowing_and_widening_are_no_loss_of_all() -> None:
    async def scenario(seat: DialogSeat) -> None:
        assert "1 member loses Read & Modify on 1 resource." in seat.words
        assert "1 member gains Read & Modify on 1 resource." in seat.words

    change = impact(
        losses=[AccessChange((GPU,), READ_MODIFY, READ_ONLY, ("Bob",))],
        gains=[AccessChange((VISION,), READ_ONLY, READ_MODIFY, ("Bob",))],
    )
    open_dialog(lambda: ask(change), scenario)


@SIZES
def test_an_impact_of_any_size_is_told_in_bounded_length(size: tuple[int, int]) -> None:
    members = tuple(f"User {number}" for number in range(5_000))
    resources = tuple(f"task:Vision:Run {number}" for number in range(200))
    losses = [AccessChange(resources, READ_MODIFY, None, members)] * 400
    gains = [AccessChange(resources[:1], None, READ_ONLY, members[:7])]
    kept = [AccessKept(resources, READ_MODIFY, members, MLOPS)] * 400

    async def scenario(seat: DialogSeat) -> None:
        assert "5,000 members lose access to 200 resources." in seat.words
        box = seat.app.screen.query_one(".impact", VerticalScroll)
        assert box.virtual_size.height <= 200
        told = await read_through(seat)
        assert "User 5 +4,994: Read & Modify → none" in told
        assert "task Vision/Run 2 and 197 more resources" in told
        assert "and 388 more like these" in told
        assert "User 5 +1: none → Read Only" in told

    open_dialog(lambda: ask(impact(losses, gains, kept), typed="MLOps"), scenario, size=size)


def test_of_a_long_path_the_outer_projects_are_left_out() -> None:
    path = "/".join(f"Project {number}" for number in range(20))
    deep = f"task:{path}:Night training"

    async def scenario(seat: DialogSeat) -> None:
        assert "task …/Project 16/Project 17/Project 18/Project 19/Night training" in seat.words

    change = impact(losses=[AccessChange((deep,), READ_MODIFY, None, ("Bob",))])
    open_dialog(lambda: ask(change), scenario, size=(80, 24))


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_hostile_names_are_text(name: str) -> None:
    async def scenario(seat: DialogSeat) -> None:
        told = await read_through(seat)
        assert "LOSE" in told
        assert told.replace("\n", "").isprintable()
        await seat.press("escape")
        assert await seat.until_left() is None

    open_dialog(lambda: ask(SOME, Names(name)), scenario, size=(80, 24))


def test_of_what_it_will_not_be_done_to_the_reasons_leave_the_field_in_sight() -> None:
    refused = [f"Not deleted: Group {n} (it is a pre-configured group and stays)" for n in range(9)]

    def make() -> Confirmation:
        known = impact_names(Names(), SOME)
        return impact_confirmation("Delete?", "Delete", SOME, known, typed="6", refused=refused)

    async def scenario(seat: DialogSeat) -> None:
        told = await read_through(seat)
        assert "Not deleted: Group 0 (it is a pre-configured group and stays)" in told
        assert told.index("Not deleted") < told.index("LOSE")
        field = seat.input("expected")
        assert seat.app.screen.query_one(".dialog-body").region.contains_region(field.region)

    open_dialog(make, scenario, size=(80, 24))


@SIZES
def test_a_key_lists_every_name_accounts_first_and_comes_back(size: tuple[int, int]) -> None:
    async def scenario(seat: DialogSeat) -> None:
        assert "f5 lists every name." in seat.words
        await seat.press("f5")
        assert "28 names" in seat.words
        assert "User 0" in seat.words
        await seat.press("slash")
        await seat.type("user 25")
        await seat.press("enter")
        assert "User 25" in seat.words
        assert "Read & Modify → none on project Vision and more" in seat.words
        assert "User 24" not in seat.words
        await seat.press("y")
        assert seat.app.copied == ["User 25\ttask\tRead & Modify → none on project Vision and more"]
        await seat.press("escape")
        assert "Type the name to confirm: MLOps" in seat.words
        await seat.type("mlops")
        await seat.press("ctrl+s")
        assert await seat.until_left() is True

    both = impact(
        losses=[
            AccessChange((VISION, NIGHT), READ_MODIFY, None, tuple(f"User {n}" for n in range(28)))
        ]
    )
    open_dialog(lambda: ask(both, typed="MLOps"), scenario, size=size)


def test_ten_thousand_names_are_listed_and_filtered() -> None:
    members = tuple(f"User {number}" for number in range(10_000))

    async def scenario(seat: DialogSeat) -> None:
        await seat.press("f5", "G")
        assert "10,000 names" in seat.words
        assert "User 9999" in seat.words
        await seat.press("slash")
        await seat.type("user 7777")
        await seat.press("enter")
        assert "User 7777" in seat.words

    losing = impact(losses=[AccessChange((VISION,), READ_MODIFY, None, members)])
    open_dialog(lambda: ask(losing), scenario, size=(80, 24))


def test_nothing_is_listed_where_every_name_is_said() -> None:
    async def scenario(seat: DialogSeat) -> None:
        assert "f5" not in seat.words
        await seat.press("f5")
        assert "Delete MLOps?" in seat.text

    one = impact(losses=[AccessChange((VISION,), READ_MODIFY, None, ("Bob",))])
    open_dialog(lambda: ask(one), scenario)


def test_of_the_same_words_with_another_name_at_the_end_it_is_not_the_same() -> None:
    def losing(last: str) -> Confirmation:
        members = (*(f"User {n}" for n in range(30)), last)
        return ask(impact(losses=[AccessChange((VISION,), READ_MODIFY, None, members)]))

    former, now = losing("Bob"), losing("Cleo")
    assert former.told == now.told
    assert losing("Bob").says_the_same(former)
    assert not now.says_the_same(former)

    def make() -> Confirmation:
        now.tell_changes(former)
        return now

    async def scenario(seat: DialogSeat) -> None:
        assert "Now: Read & Modify → none on project Vision: Cleo" in seat.words
        assert "No more: Read & Modify → none on project Vision: Bob" in seat.words

    open_dialog(make, scenario)
