"""Who can reach a resource and why, by keys: from a rule, from the catalogue, and by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest
from textual.widgets import Input

from store.errors import NotFound
from store.operations.access_rules import RuleDraft
from store.operations.resources import ResourceDraft
from store.terms import READ_MODIFY, READ_ONLY
from store.workspace import Workspace
from tests.store.house import HOSTILE_NAMES, House
from tests.tui.dialog_seat import DialogSeat, open_dialog
from tests.tui.seat import BESIDE, OVER, Seat, sit
from tui.access_sheets import AccessLine, Reason, WhoSheet, reasons_on, who_sheet
from tui.dialogs.who_can import WhoCanDialog
from tui.widgets.record_table import RecordTable

DIALOG = "WhoCanDialog"
SIZES = pytest.mark.parametrize("size", [BESIDE, OVER])


@pytest.fixture
def gpu(house: House, bob: str) -> str:
    """A queue with rules for a group that Bob is in, for Bob, and for a service account."""
    bot = house.add_service_account("autoscaler")
    mlops = house.add_group("MLOps", bob)
    house.admin.add_resource(ResourceDraft("queue", "gpu", "gpu-a"))
    house.admin.add_resource(ResourceDraft("queue", "cpu", "cpu"))
    for draft in (
        RuleDraft("queue", "gpu", READ_ONLY, groups=(mlops,)),
        RuleDraft("queue", "gpu", READ_MODIFY, members=(bob,)),
        RuleDraft("queue", "gpu", READ_ONLY, members=(bot,)),
    ):
        house.admin.add_access_rule(draft)
    return "gpu"


def lines(seat: DialogSeat) -> list[tuple[str, ...]]:
    """What the dialog says of each member."""
    table = seat.app.screen.query_one(RecordTable)
    return [tuple(str(one) for one in table.get_row(key)) for key in table.rows]


def dialog_of(workspace: Workspace, resource: str) -> Callable[[], WhoCanDialog]:
    """Makes the dialog as the tabs do."""

    async def reasons(members: Sequence[str]) -> Mapping[str, tuple[Reason, ...]]:
        return reasons_on(workspace, resource, members)

    return lambda: WhoCanDialog(who_sheet(workspace, resource), reasons=reasons)


@SIZES
def test_shows_each_member_the_permission_and_why(
    house: House, gpu: str, size: tuple[int, int]
) -> None:
    house.add_user("cleo@acme.example", "Cleo")

    async def scenario(seat: DialogSeat) -> None:
        assert "Who can reach queue gpu-a" in seat.words
        assert "Read & Modify 2 · Read Only 1 · all other members have no access" in seat.words
        await seat.until(lambda: len(lines(seat)) == 3 and lines(seat)[2][2] != "…")
        assert lines(seat) == [
            ("Ada Lindqvist  ada@acme.example", "Read & Modify", "administrator"),
            ("Bob  bob@acme.example", "Read & Modify", "+1 named directly, rule on queue gpu-a"),
            ("autoscaler  service account", "Read Only", "named directly, rule on queue gpu-a"),
        ]
        await seat.press("j")
        for words in (
            "Bob bob@acme.example Read & Modify",
            "Read & Modify: named directly, rule on queue gpu-a",
            "Read Only: group MLOps, rule on queue gpu-a",
        ):
            await seat.until_shown(words)
        await seat.press("slash", *"service read")
        await seat.until(lambda: [line[0][:10] for line in lines(seat)] == ["autoscaler"])
        await seat.press("enter", "y")
        await seat.until(lambda: len(seat.app.copied) == 1)
        assert seat.app.copied[0].splitlines()[-1].split("\t") == [
            "autoscaler",
            "service account",
            "Read Only",
            "named directly, rule on queue gpu-a",
        ]
        seat.app.screen.query_one(Input).value = "cleo"
        await seat.until_shown("Nothing holds these words.")
        await seat.press("escape")
        assert await seat.until_left() is None

    open_dialog(dialog_of(house.admin, gpu), scenario, size=size)


def test_where_no_rule_covers_it_everybody_can(house: House, gpu: str) -> None:
    async def scenario(seat: DialogSeat) -> None:
        assert "No rule covers it: every member has Read & Modify." in seat.words
        await seat.until(lambda: len(lines(seat)) == 3 and lines(seat)[2][2] != "…")
        assert {line[1] for line in lines(seat)} == {"Read & Modify"}
        assert lines(seat)[1] == (
            "autoscaler  service account",
            "Read & Modify",
            "no rule covers it",
        )

    open_dialog(dialog_of(house.admin, "cpu"), scenario)


def test_plain_users_see_names_without_emails(house: House, gpu: str) -> None:
    async def scenario(seat: DialogSeat) -> None:
        await seat.until(lambda: len(lines(seat)) == 3)
        assert [line[0] for line in lines(seat)] == [
            "Ada Lindqvist",
            "Bob  bob@acme.example",
            "autoscaler  service account",
        ]

    open_dialog(dialog_of(house.as_user("bob@acme.example"), gpu), scenario)


def test_reasons_are_worked_out_for_the_members_in_sight_only() -> None:
    asked: list[str] = []
    members = [f"m{number}" for number in range(10_000)]
    sheet = WhoSheet(
        "queue gpu-a",
        True,
        tuple(AccessLine(one, "", f"User {one}", "", READ_ONLY, one) for one in members),
    )

    async def reasons(some: Sequence[str]) -> dict[str, tuple[Reason, ...]]:
        asked.extend(some)
        return dict.fromkeys(some, (Reason(READ_ONLY, "group MLOps, rule on all queues"),))

    async def scenario(seat: DialogSeat) -> None:
        await seat.until_shown("User m0 Read Only group MLOps, rule on all queues")
        await seat.press("G")
        await seat.until_shown("User m9999 Read Only group MLOps, rule on all queues")
        assert len(asked) == len(set(asked)) < 200
        await seat.press("slash", *"m77", "enter", "g")
        await seat.until_shown("User m77 Read Only group MLOps")
        assert len(asked) < 300

    open_dialog(lambda: WhoCanDialog(sheet, reasons=reasons), scenario)


def test_what_has_gone_meanwhile_is_told() -> None:
    sheet = WhoSheet("queue gpu-a", True, (AccessLine("m", "", "Bob", "", READ_ONLY, "bob"),))

    async def reasons(_some: Sequence[str]) -> dict[str, tuple[Reason, ...]]:
        raise NotFound("The resource was deleted meanwhile.")

    async def scenario(seat: DialogSeat) -> None:
        await seat.until(lambda: seat.problem == "The resource was deleted meanwhile.")
        await seat.press("y", "escape")
        assert await seat.until_left() is None

    open_dialog(lambda: WhoCanDialog(sheet, reasons=reasons), scenario)


def test_hostile_names_are_text(house: House) -> None:
    for number, name in enumerate(HOSTILE_NAMES):
        group = house.add_group(name, house.add_user(f"u{number}@acme.example", name))
        house.admin.add_resource(ResourceDraft("queue", f"q{number}", name))
        draft = RuleDraft("queue", f"q{number}", READ_ONLY, groups=(group,))
        house.admin.add_access_rule(draft)

    async def scenario(seat: DialogSeat) -> None:
        await seat.until(lambda: len(lines(seat)) == 2)
        await seat.press("j")
        await seat.until_shown("Read Only: group")
        assert seat.text.replace("\n", "").isprintable()

    for number in range(len(HOSTILE_NAMES)):
        open_dialog(dialog_of(house.admin, f"q{number}"), scenario, size=OVER)


@SIZES
def test_opens_from_a_rule_and_from_the_catalogue(
    house: House, gpu: str, size: tuple[int, int]
) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("5")
        await seat.until(lambda: seat.tab.id == "access-rules" and bool(seat.tab.table.row_count))
        await seat.press("x")
        await seat.until_dialog(DIALOG)
        assert "Who can reach queue gpu-a" in seat.words
        await seat.press("escape")
        await seat.until_dialog("")
        await seat.press("b")
        await seat.until_dialog("Catalogue")
        await seat.until_shown("cpu")
        await seat.press("x")
        await seat.until_dialog(DIALOG)
        assert "Who can reach queue cpu" in seat.words

    sit(house.as_user(), scenario, size=size)
