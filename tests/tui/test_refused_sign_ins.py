"""The refused sign-ins, for administrators: all of them, and those that come meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from store.credential_views import IssuedCredential
from store.errors import NotAllowed, SignInRefused
from store.refusal_views import Grounds, RefusedRow
from store.sign_ins import RefusedSignIn, Verdict
from store.workspace import Workspace
from tests.store.house import HOSTILE_NAMES, House, edit_of
from tests.store.keyring import flush
from tests.tui.dialog_seat import NOW, DialogSeat, open_dialog
from tests.tui.seat import BESIDE, OVER, Seat, sit
from tui.dialogs.refused_sign_ins import RefusedSignIns
from tui.refused_lines import RefusedLine, RefusedSheet, refused_sheet
from tui.sign_in_words import meaning, why
from tui.widgets.record_table import RecordTable

DIALOG = "RefusedSignIns"
WRONG = "w" * 64
SIZES = pytest.mark.parametrize("size", [BESIDE, OVER])


@pytest.fixture
def bot(house: House) -> Iterator[IssuedCredential]:
    """The credential of a service account."""
    yield house.admin.add_service_account("autoscaler", True)
    house.close()


def refuse(workspace: Workspace, access_key: str, secret_key: str, address: str = "") -> None:
    """See that a sign-in is refused."""
    with pytest.raises(SignInRefused):
        workspace.authenticate(access_key, secret_key, address=address)


def row(cause: Verdict, address: str = "10.0.0.7", **known: str) -> RefusedRow:
    """One line of refused sign-ins."""
    one = RefusedSignIn("K" * 30, address, cause, 1, NOW, NOW)
    return RefusedRow(one, "1" * 32, known.get("called", "ci"), "CI", Grounds(cause))


async def open_it(seat: Seat) -> None:
    """Open them by the key."""
    await seat.press("f")
    await seat.until_dialog(DIALOG)


def shown(seat: Seat | DialogSeat) -> list[str]:
    """The lines of the table, each with single blanks between its cells."""
    table = seat.app.screen.query_one(RecordTable)
    keys = [str(key.value) for key in table.rows]
    return [" ".join(str(cell) for cell in table.get_row(key)).strip() for key in keys]


def lines_of(seat: Seat | DialogSeat) -> list[str]:
    """The lines of the table without when it was, and with single blanks."""
    return [" ".join(line.removeprefix("just now").split()) for line in shown(seat)]


class TestInTheProgram:
    @SIZES
    def test_all_are_there_with_the_reason_in_full_at_the_cursor(
        self, house: House, bot: IssuedCredential, size: tuple[int, int]
    ) -> None:
        refuse(house.admin, "UNKNOWN", WRONG, "203.0.113.9")
        for _ in range(2):
            refuse(house.admin, bot.access_key, WRONG, "10.0.0.7")
        house.admin.revoke_credentials([bot.access_key])
        refuse(house.admin, bot.access_key, bot.secret_key, "10.0.0.7")
        flush(house.admin)
        key = f"{bot.access_key[:8]}…"

        async def scenario(seat: Seat) -> None:
            await open_it(seat)
            assert lines_of(seat) == [
                f"{key} autoscaler 10.0.0.7 1 revoked by Ada Lindqvist on Mar 2, 2026 09:30",
                f"{key} autoscaler 10.0.0.7 2 wrong secret",
                "UNKN… 203.0.113.9 1 unknown key",
            ]
            await seat.until_shown("Refused 4 times, once with an unknown key")
            await seat.until_shown(f"autoscaler {bot.access_key}")
            await seat.until_shown("Revoked by Ada Lindqvist on Mar 2, 2026 09:30.")
            await seat.press("j")
            await seat.until_shown("the secret key is not the one to it")
            await seat.until_shown("Refused 2 times from 10.0.0.7: first Mar 2, 2026 09:30")
            await seat.press("G")
            await seat.until_shown("Only its first four characters are kept.")
            await seat.press("escape")
            await seat.until_dialog("")

        sit(house.as_user(), scenario, size=size)

    def test_what_comes_meanwhile_is_on_top(self, house: House, bot: IssuedCredential) -> None:
        elsewhere = house.as_user()

        async def scenario(seat: Seat) -> None:
            await open_it(seat)
            await seat.until_shown("No sign-in was refused.")
            await seat.until_shown("will be here a moment later")
            refuse(elsewhere, "FIRST", WRONG, "203.0.113.9")
            await seat.until(lambda: lines_of(seat) == ["FIRS… 203.0.113.9 1 unknown key"])
            house.clock.advance(seconds=90)
            refuse(elsewhere, bot.access_key, WRONG, "10.0.0.7")
            flush(elsewhere)
            await seat.until(lambda: len(shown(seat)) == 2)
            await seat.until_shown("2 times, once with an unknown key")
            assert "autoscaler" in shown(seat)[0]
            await seat.until(lambda: shown(seat)[1].startswith("1 min ago"))
            assert seat.app.screen.query_one(RecordTable).cursor_row == 0
            # A change of the store, too, is seen.
            elsewhere.revoke_credentials([bot.access_key])
            refuse(elsewhere, bot.access_key, bot.secret_key)
            flush(elsewhere)
            await seat.until(lambda: "revoked by Ada" in shown(seat)[0])

        sit(house.as_user(), scenario)

    def test_it_is_filtered_by_what_is_typed(self, house: House, bot: IssuedCredential) -> None:
        refuse(house.admin, "UNKNOWN", WRONG, "203.0.113.9")
        refuse(house.admin, bot.access_key, WRONG, "10.0.0.7")
        flush(house.admin)

        async def scenario(seat: Seat) -> None:
            await open_it(seat)
            await seat.press("slash")
            for typed, count in (
                ("AUTO", 1),
                ("wrong secret", 1),
                ("203.0", 1),
                ("unkn", 1),
                (bot.access_key.lower(), 1),
                ("a", 1),
                ("0", 2),
                ("[/]", 0),
            ):
                await seat.type(typed)
                await seat.until(lambda count=count: len(shown(seat)) == count)  # type: ignore[misc]
                await seat.press("escape")
                await seat.until(lambda: len(shown(seat)) == 2)
            await seat.press("escape")
            await seat.until_dialog("")

        sit(house.as_user(), scenario)

    def test_it_is_copied_as_text(self, house: House, bot: IssuedCredential) -> None:
        refuse(house.admin, "\x1b[2J", WRONG, "\x1b]52;c;aGk=\x07")
        flush(house.admin)

        async def scenario(seat: Seat) -> None:
            await open_it(seat)
            await seat.press("y")
            await seat.until_said("1 line sent")
            heading, line = seat.app.clipboard.splitlines()
            assert heading.split("\t")[:3] == ["LAST", "FIRST", "KEY"]
            at = "Mar 2, 2026 09:30"
            wanted = [at, at, "␛[2J…", "", "", "␛]52;c;aGk=␇", "1", "unknown key"]
            assert line.split("\t") == wanted

        sit(house.as_user(), scenario)

    def test_it_is_in_the_palette(self, house: House) -> None:
        async def scenario(seat: Seat) -> None:
            await seat.press("colon")
            await seat.until_dialog("CommandSearch")
            await seat.press(*"refused")
            await seat.until_shown("Refused (f)")
            await seat.press("enter")
            await seat.until_dialog(DIALOG)

        sit(house.as_user(), scenario)

    def test_others_than_administrators_are_told_that_it_is_not_theirs(
        self, house: House, bob: str
    ) -> None:
        async def scenario(seat: Seat) -> None:
            await seat.press("f")
            await seat.until_said("Only administrators may see the refused sign-ins")
            assert seat.dialog == ""

        sit(house.as_user("bob@acme.example"), scenario)

    def test_whoever_is_no_administrator_any_more_is_told(self, house: House) -> None:
        other = house.add_administrator("eve@acme.example", "Eve")

        async def scenario(seat: Seat) -> None:
            await open_it(seat)
            edit = edit_of(house.admin, other, leaving=(house.group("Admins"),))
            house.admin.edit_user(edit)
            await seat.until_shown("Only administrators may see the refused sign-ins")

        sit(house.as_member(other), scenario)

    @SIZES
    def test_ten_thousand_are_no_work_for_the_event_loop(
        self, house: House, bot: IssuedCredential, size: tuple[int, int]
    ) -> None:
        for number in range(10_000):
            house.admin._store.refusals.note(
                RefusedSignIn(
                    bot.access_key, f"2001:db8::{number:x}", Verdict.WRONG_SECRET, 1, NOW, NOW
                )
            )
        flush(house.admin)
        asked: list[threading.Thread] = []

        class Watched(Workspace):
            def every_refused_sign_in(self) -> tuple[RefusedRow, ...]:
                asked.append(threading.current_thread())
                return super().every_refused_sign_in()

        async def scenario(seat: Seat) -> None:
            await open_it(seat)
            table = seat.app.screen.query_one(RecordTable)
            await seat.until(lambda: table.row_count == 10_000)
            await seat.press("G", "slash")
            await seat.type("270f")
            await seat.until(lambda: table.row_count == 1)
            assert asked
            assert threading.main_thread() not in asked

        watched = Watched(house.store(), house.admin.actor, clock=house.clock)
        sit(watched, scenario, size=size)


class TestTheDialog:
    def test_makes_only_the_lines_that_are_drawn(self) -> None:
        made: list[str] = []

        class Counted(RefusedLine):
            @property
            def why(self) -> str:
                made.append(self.key)
                return super().why

        rows = [row(Verdict.WRONG_SECRET, f"a{number}") for number in range(10_000)]
        lines = tuple(Counted(str(number), one) for number, one in enumerate(rows))
        sheet = RefusedSheet(lines, 10_000, 0)

        async def load() -> RefusedSheet:
            return sheet

        async def scenario(seat: DialogSeat) -> None:
            await seat.press("G", "g", "j")
            assert 0 < len(made) < 500

        def make() -> RefusedSignIns:
            return RefusedSignIns(sheet, load=load, version=lambda: 1, now=lambda: NOW)

        open_dialog(make, scenario)

    def test_says_what_keeps_it_from_loading_and_goes_on(self) -> None:
        state = {"version": 1}

        async def load() -> RefusedSheet:
            if state["version"] == 2:
                raise NotAllowed("You are no administrator any more.")
            return refused_sheet([row(Verdict.CLOCK)])

        async def scenario(seat: DialogSeat) -> None:
            await seat.until(lambda: len(shown(seat)) == 1)
            state["version"] = 2
            await seat.until(lambda: seat.problem == "You are no administrator any more.")
            state["version"] = 3
            await seat.until(lambda: seat.problem == "")
            await seat.press("escape")
            await seat.until_left()

        def make() -> RefusedSignIns:
            return RefusedSignIns(
                refused_sheet(()), load=load, version=lambda: state["version"], now=lambda: NOW
            )

        open_dialog(make, scenario)

    @SIZES
    @pytest.mark.parametrize("name", HOSTILE_NAMES)
    def test_takes_any_text(self, name: str, size: tuple[int, int]) -> None:
        unknown = RefusedSignIn(name[:4], name, Verdict.UNKNOWN, 1, NOW, NOW)
        revoked = RefusedRow(
            RefusedSignIn("K" * 30, name, Verdict.REVOKED, 1, NOW, NOW),
            "1" * 32,
            name,
            name,
            Grounds(Verdict.REVOKED, NOW, name),
        )
        sheet = refused_sheet([RefusedRow(unknown, "", "", "", Grounds(Verdict.UNKNOWN)), revoked])

        async def load() -> RefusedSheet:
            return sheet

        async def scenario(seat: DialogSeat) -> None:
            await seat.until_shown("Only its first four characters are kept.")
            await seat.press("j")
            await seat.until_shown("Revoked by ")
            await seat.press("y")
            await seat.until(lambda: bool(seat.app.copied))
            assert "\x1b" not in seat.app.copied[0]
            assert len(seat.app.copied[0].splitlines()) == 3
            await seat.press("escape")
            await seat.until_left()

        def make() -> RefusedSignIns:
            return RefusedSignIns(sheet, load=load, version=lambda: 1, now=lambda: NOW)

        open_dialog(make, scenario, size=size)


REFUSED = [verdict for verdict in Verdict if verdict is not Verdict.GOOD]


class TestTheWords:
    def test_tell_each_cause_from_every_other(self) -> None:
        assert len({why(Grounds(cause)) for cause in REFUSED}) == len(REFUSED)
        assert len({meaning(Grounds(cause)) for cause in REFUSED}) == len(REFUSED)
        assert all(meaning(Grounds(cause)).endswith(".") for cause in REFUSED)

    @pytest.mark.parametrize(
        ("grounds", "words"),
        [
            (Grounds(Verdict.REVOKED, NOW, "Ada"), "revoked by Ada on Mar 2, 2026 09:30"),
            (Grounds(Verdict.REVOKED), "revoked"),
            (Grounds(Verdict.REMOVED, NOW), "member removed on Mar 2, 2026 09:30"),
            (Grounds(Verdict.EXPIRED, NOW), "credential expired on Mar 2, 2026 09:30"),
            (Grounds(Verdict.EXPIRED, is_over=True), "credential had expired"),
            (Grounds(Verdict.SUSPENDED, is_over=True), "credential was suspended"),
            (Grounds(Verdict.MEMBER_SUSPENDED), "member suspended"),
            (Grounds(Verdict.CLOCK), "token too old by the clock here"),
        ],
    )
    def test_say_who_and_when(self, grounds: Grounds, words: str) -> None:
        assert why(grounds) == words
