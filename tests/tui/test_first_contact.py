"""While new credentials are shown: whether their key has signed in, from where, or cannot."""

from __future__ import annotations

import asyncio
import base64
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from store.errors import SignInRefused, StoreUnreadable
from store.refusal_views import Contact, Grounds, RefusedRow
from store.sign_ins import RefusedSignIn, Verdict
from store.usage import Used
from store.workspace import Workspace
from tests.clients.serving import estate
from tests.store.house import HOSTILE_NAMES, House
from tests.tui.dialog_seat import NOW, DialogSeat, open_dialog
from tests.tui.seat import BESIDE, OVER, Seat, sit
from tests.tui.test_credential_dialogs import ACCESS_KEY, SECRET_KEY, Watched, showing
from tui.dialogs.shown_once import SectionArea
from tui.widgets.contact_line import ContactLine

NEW = "NewCredentials"
SIZES = pytest.mark.parametrize("size", [BESIDE, OVER])
USED = Used(NOW, "gpu-box-3", "10.0.0.7")
REFUSED = RefusedRow(
    RefusedSignIn(ACCESS_KEY, "10.0.0.7", Verdict.WRONG_SECRET, 3, NOW, NOW),
    "1" * 32,
    "ci",
    "Default Credentials",
    Grounds(Verdict.WRONG_SECRET),
)
ENDED = Grounds(Verdict.REVOKED, NOW, "Eve")


def line(seat: DialogSeat | Seat) -> str:
    """What the line says, as it is drawn."""
    region = seat.app.screen.query_one(ContactLine).region
    strip = seat.app.screen._compositor.render_strips()[region.y]
    return "".join(segment.text for segment in strip.crop(region.x, region.right)).rstrip()


async def until_line(seat: DialogSeat | Seat, words: str) -> None:
    """Wait until the line says this."""
    await seat.until(lambda: line(seat) == words)


class TestTheLine:
    @SIZES
    def test_keeps_its_place_and_moves_nothing(self, size: tuple[int, int]) -> None:
        watched = Watched()

        async def scenario(seat: DialogSeat) -> None:
            await until_line(seat, "Not used yet.")
            # It has one for a moment while the dialog opens.
            section = seat.app.screen.query_one(SectionArea)
            await seat.until(lambda: not section.show_vertical_scrollbar)
            await seat.pilot.pause()
            before = seat.text.splitlines()
            for told, words in (
                ({"refused": REFUSED}, "Refused 3 times: wrong secret, just now from 10.0.0.7"),
                (
                    {"used": USED},
                    "Signed in for the first time: just now from gpu-box-3 (10.0.0.7)",
                ),
                ({"ending": ENDED}, "It cannot sign in: revoked by Eve on Mar 2, 2026 09:30."),
            ):
                watched.tell(**told)
                await until_line(seat, words)
                after = seat.text.splitlines()
                assert len(after) == len(before)
                changed = [(a, b) for a, b in zip(after, before, strict=True) if a != b]
                assert len(changed) == 1, changed
            for shown in (ACCESS_KEY, SECRET_KEY, "last: line", "Copy the section", "Done"):
                assert shown in seat.text

        open_dialog(showing(contact=watched), scenario, size=size)

    def test_stays_with_the_first_sign_in_and_says_how_long_ago_it_was(self) -> None:
        watched = Watched(used=USED)

        async def scenario(seat: DialogSeat) -> None:
            first = "Signed in for the first time: {} from gpu-box-3 (10.0.0.7)"
            await until_line(seat, first.format("just now"))
            later = NOW.replace("09:30", "09:33")
            watched.tell(now=later, used=Used(later, "other", "10.0.0.8"))
            await until_line(seat, first.format("3 minutes ago"))

        open_dialog(showing(contact=watched), scenario)

    @pytest.mark.parametrize(
        ("worker", "address", "place"),
        [
            ("gpu-box-3", "", " from gpu-box-3"),
            ("", "10.0.0.7", " from 10.0.0.7"),
            ("", "", ""),
            ("x" * 200, "2001:db8::17", f" from {'x' * 16}… (2001:db8::17)"),
        ],
    )
    def test_says_what_is_known_of_the_place(self, worker: str, address: str, place: str) -> None:
        watched = Watched(used=Used(NOW, worker, address))

        async def scenario(seat: DialogSeat) -> None:
            await until_line(seat, f"Signed in for the first time: just now{place}")

        open_dialog(showing(contact=watched), scenario, size=OVER)

    @SIZES
    @pytest.mark.parametrize("name", HOSTILE_NAMES)
    def test_takes_any_text(self, name: str, size: tuple[int, int]) -> None:
        refused = RefusedSignIn(ACCESS_KEY, name, Verdict.UNKNOWN, 1, NOW, NOW)
        watched = Watched(refused=RefusedRow(refused, "", name, name, Grounds(Verdict.UNKNOWN)))

        async def scenario(seat: DialogSeat) -> None:
            await seat.until(lambda: line(seat).startswith("Refused once: unknown key, just now"))
            watched.tell(used=Used(NOW, name, name))
            await seat.until(lambda: line(seat).startswith("Signed in for the first time: just"))
            watched.tell(ending=Grounds(Verdict.REVOKED, NOW, name))
            await seat.until(lambda: line(seat).startswith("It cannot sign in: revoked by "))
            assert "\x1b" not in line(seat)
            await seat.press("enter", "escape")
            await seat.until_left()

        open_dialog(showing(contact=watched), scenario, size=size)

    def test_keeps_what_it_says_while_the_store_cannot_be_read(self) -> None:
        told = [Watched(used=USED)]

        async def contact() -> Contact:
            if not told:
                asked.append(True)
                raise StoreUnreadable("The store is gone.")
            return await told[0]()

        asked: list[bool] = []

        async def scenario(seat: DialogSeat) -> None:
            words = "Signed in for the first time: just now from gpu-box-3 (10.0.0.7)"
            await until_line(seat, words)
            told.clear()
            await seat.until(lambda: len(asked) > 1)
            assert line(seat) == words
            assert seat.problem == ""

        open_dialog(showing(contact=contact), scenario)


async def add(seat: Seat) -> str:
    """Add a service account; the access key that is shown."""
    await seat.press("2")
    await seat.until(lambda: seat.tab.id == "service-accounts")
    await seat.press("a")
    await seat.until_dialog("AddServiceAccount")
    await seat.fill("name", "trainer")
    await seat.press("ctrl+s")
    return await shown_key(seat)


async def rotate(seat: Seat) -> str:
    """Rotate the credential of the service account; the new access key."""
    await seat.press("2")
    await seat.until(lambda: seat.tab.id == "service-accounts" and bool(seat.rows))
    await seat.press("enter", "enter")
    await seat.until(lambda: seat.is_in_credentials)
    await seat.press("t")
    await seat.until_dialog("RotateDialog")
    await seat.press("ctrl+s")
    return await shown_key(seat)


async def shown_key(seat: Seat) -> str:
    """The access key in the dialog."""
    await seat.until_dialog(NEW)
    await seat.until(lambda: line(seat) == "Not used yet.")
    return seat.text.split("Access key ")[1].split()[0]


def shown_secret(seat: Seat) -> str:
    """The secret key in the dialog."""
    return seat.text.split("Secret key ")[1].split()[0]


class TestInTheProgram:
    @SIZES
    @pytest.mark.parametrize("begin", [add, rotate])
    def test_says_that_the_key_signed_in_elsewhere(
        self, house: House, size: tuple[int, int], begin: Callable[[Seat], Awaitable[str]]
    ) -> None:
        if begin is rotate:
            house.admin.add_service_account("autoscaler", False)
        elsewhere = house.as_user()

        async def scenario(seat: Seat) -> None:
            key = await begin(seat)
            with pytest.raises(SignInRefused):
                elsewhere.authenticate(key, "w" * 64, address="10.0.0.9")
            await until_line(seat, "Refused once: wrong secret, just now from 10.0.0.9")
            sent = {"worker": "gpu-box-3", "address": "10.0.0.7"}
            elsewhere.authenticate(key, shown_secret(seat), **sent)
            words = "Signed in for the first time: just now from gpu-box-3 (10.0.0.7)"
            await until_line(seat, words)
            elsewhere.authenticate(key, shown_secret(seat), worker="other")
            elsewhere.revoke_credentials([key])
            await until_line(
                seat, "It cannot sign in: revoked by Ada Lindqvist on Mar 2, 2026 09:30."
            )

        sit(house.as_user(), scenario, size=size)
        elsewhere.close()

    def test_says_so_of_ones_own_credential(self, house: House, bob: str) -> None:
        elsewhere = house.as_user()

        async def scenario(seat: Seat) -> None:
            await seat.press("m")
            await seat.until_shown("CREDENTIALS")
            await seat.press("enter", "a")
            key = await shown_key(seat)
            elsewhere.authenticate(key, shown_secret(seat), worker="laptop")
            await until_line(seat, "Signed in for the first time: just now from laptop")
            elsewhere.suspend_users([bob])
            await seat.until(lambda: not seat.app.is_running)

        app = sit(house.as_user("bob@acme.example"), scenario)
        assert "suspended" in app.last_words
        elsewhere.close()


def test_says_that_a_client_has_signed_in_to_the_endpoint(tmp_path: Path) -> None:
    with estate(tmp_path / "served") as served:
        workspace = Workspace.open(served.house.store(), who="ada@acme.example")

        async def scenario(seat: Seat) -> None:
            key = await add(seat)
            assert await asyncio.to_thread(login, served.url, key, "wrong" * 10) == 401
            await seat.until(lambda: line(seat).startswith("Refused once: wrong secret"))
            assert await asyncio.to_thread(login, served.url, key, shown_secret(seat)) == 200
            words = "Signed in for the first time: just now from gpu-box-3 (127.0.0.1)"
            await until_line(seat, words)

        sit(workspace, scenario)


def login(url: str, access_key: str, secret_key: str) -> int:
    """Sign in as a client does; the status of the answer."""
    keys = base64.b64encode(f"{access_key}:{secret_key}".encode()).decode()
    headers = {"Authorization": f"Basic {keys}", "X-ClearML-Worker": "gpu-box-3"}
    asking = urllib.request.Request(f"{url}/auth.login", headers=headers)
    try:
        with urllib.request.urlopen(asking, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
