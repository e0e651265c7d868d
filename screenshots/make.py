"""Makes the pictures of README from the demo workspace: `python -m screenshots.make`."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

# Textual reads these at its import, and a picture must not depend on who makes it.
os.environ.pop("NO_COLOR", None)
os.environ |= {"TEXTUAL_ANIMATIONS": "none", "TZ": "UTC"}
time.tzset()

from textual.pilot import Pilot  # noqa: E402

from store.configuration import configuration_of  # noqa: E402
from store.credential_views import IssuedCredential  # noqa: E402
from store.demo import demo_workspace  # noqa: E402
from store.models import Settings  # noqa: E402
from store.operations.invitations import InvitationLink  # noqa: E402
from store.refusal_views import Contact, Grounds, RefusedRow  # noqa: E402
from store.sign_ins import RefusedSignIn, Verdict  # noqa: E402
from store.usage import Used  # noqa: E402
from tui.app import AdminApp  # noqa: E402
from tui.dialogs.invitation_links import InvitationLinks  # noqa: E402
from tui.dialogs.new_credentials import NewCredentials  # noqa: E402
from tui.dialogs.refused_sign_ins import RefusedSignIns  # noqa: E402
from tui.launch import Launch  # noqa: E402
from tui.refused_lines import RefusedSheet, refused_sheet  # noqa: E402
from tui.themes import LIGHT  # noqa: E402
from tui.widgets.vault_view import VaultView  # noqa: E402

FOLDER = Path(__file__).parent
_FONTS = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)
_PASTED = "grace@acme.example, Katherine Johnson <kj@acme.example>\nada.lindqvist@acme.example bad@"

# It belongs to no store.
_SHAM = IssuedCredential(
    "", "autoscaler", "EXAMPLE" * 4 + "01", "example-" * 8, "Default Credentials", 1
)
_SETTINGS = Settings(
    id="",
    name="Acme",
    web_url="https://app.clearml.acme.example",
    api_url="https://api.clearml.acme.example",
    files_url="https://files.clearml.acme.example",
)

Scene = Callable[[AdminApp, Pilot[None]], Awaitable[None]]


@dataclass(frozen=True)
class Picture:
    """One picture: its file's name, how to get to what it shows, and the terminal's size."""

    name: str
    scene: Scene
    size: tuple[int, int] = (120, 32)
    theme: str = ""


def pressing(*keys: str) -> Scene:
    """A scene that is reached by keys."""

    async def press(app: AdminApp, pilot: Pilot[None]) -> None:
        await pilot.press(*keys)

    return press


async def _inviting(app: AdminApp, pilot: Pilot[None]) -> None:
    from textual.widgets import TextArea

    await pilot.press("i")
    app.screen.query_one(TextArea).text = _PASTED
    await pilot.pause(0.5)


async def _links(app: AdminApp, pilot: Pilot[None]) -> None:
    # Sham tokens, which belong to no store.
    links = [
        InvitationLink("", email, f"https://api.clearml.acme.example/join/{'EXAMPLE' * 6}{number}")
        for number, email in enumerate(("grace@acme.example", "kj@acme.example"), start=1)
    ]
    app.push_screen(InvitationLinks(links, ""))


async def _accounts(app: AdminApp, pilot: Pilot[None]) -> None:
    await pilot.press("2")
    await pilot.pause(0.5)


async def _new_credentials(app: AdminApp, pilot: Pilot[None]) -> None:
    await _accounts(app, pilot)
    await app.push_screen(
        NewCredentials(
            _SHAM,
            configuration_of(_SETTINGS, _SHAM),
            url_notice="",
            relabel=_nothing,
            save=_no_file,
            contact=_first_contact,
        )
    )


async def _credentials(app: AdminApp, pilot: Pilot[None]) -> None:
    await _accounts(app, pilot)
    await pilot.press("j", "j", "enter")
    await pilot.pause(0.5)
    await pilot.press("enter")


async def _checking(app: AdminApp, pilot: Pilot[None]) -> None:
    from textual.widgets import TextArea

    await _accounts(app, pilot)
    await pilot.press("c")
    app.screen.query_one(TextArea).text = configuration_of(_SETTINGS, _SHAM).section
    await pilot.press("ctrl+s")
    # It is read by a process of its own.
    for _ in range(50):
        await pilot.pause(0.1)
        if app.screen.query_one(".findings").display:
            return


async def _editing(app: AdminApp, pilot: Pilot[None]) -> None:
    await pilot.press("4")
    await pilot.pause(0.5)
    await pilot.press("j", "j", "enter")
    await _into_vault(app, pilot)
    await pilot.press("e")
    # The text is checked by a process of its own.
    await pilot.pause(2)


async def _into_vault(app: AdminApp, pilot: Pilot[None]) -> None:
    for _ in range(12):
        await pilot.pause(0.2)
        focused = app.screen.focused
        if focused is not None and any(isinstance(one, VaultView) for one in focused.ancestors):
            return
        await pilot.press("tab")


async def _effective(app: AdminApp, pilot: Pilot[None]) -> None:
    await _accounts(app, pilot)
    await pilot.press("v")
    await pilot.pause(2)
    # A value that took the place of another.
    await pilot.press("j")


async def _nothing(_label: str) -> None:
    pass


async def _first_contact() -> Contact:
    used = Used("2026-03-02T09:30:00Z", "gpu-box-3", "192.0.2.17")
    return Contact("2026-03-02T09:30:00Z", used, None, None)


async def _refused(app: AdminApp, pilot: Pilot[None]) -> None:
    at = [f"2026-03-02T09:{minute}:00Z" for minute in ("30", "27", "11")] + ["2026-03-01T22:05:00Z"]
    known = ("trainer", "trainer", "Default Credentials")
    revoked = Grounds(Verdict.REVOKED, "2026-02-27T16:40:00Z", "Ada Lindqvist")
    key, address = "EXAMPLE" * 4 + "02", "192.0.2.44"
    rows = [
        RefusedRow(RefusedSignIn(key, address, Verdict.REVOKED, 12, at[3], at[0]), *known, revoked),
        _refused_row(Verdict.WRONG_SECRET, "autoscaler", "192.0.2.17", 3, at[1]),
        _refused_row(Verdict.UNKNOWN, "", "203.0.113.9", 1, at[2]),
        _refused_row(Verdict.CLOCK, "mlops-bot", "192.0.2.31", 2, at[3]),
    ]
    sheet = refused_sheet(rows)

    async def load() -> RefusedSheet:
        return sheet

    dialog = RefusedSignIns(sheet, load=load, version=lambda: 0, now=lambda: at[0])
    await app.push_screen(dialog)


def _refused_row(cause: Verdict, called: str, address: str, count: int, at: str) -> RefusedRow:
    key = "EXAMPLE" * 4 + "01" if called else "EXAM"
    one = RefusedSignIn(key, address, cause, count, at, at)
    return RefusedRow(one, called, called, "Default Credentials", Grounds(cause))


async def _no_file(path: str, _text: str) -> Path:
    return Path(path)


PICTURES = (
    Picture("users", pressing()),
    Picture("users-light", pressing(), theme=LIGHT.name),
    Picture("filter", pressing("slash", *"research")),
    Picture("details", pressing(*"jjjj", "enter")),
    Picture("invite", _inviting),
    Picture("links", _links),
    Picture("remove", pressing(*"jjj", "d")),
    Picture("service-accounts", _accounts),
    Picture("new-credentials", _new_credentials),
    Picture("credentials", _credentials),
    Picture("refused", _refused),
    Picture("check", _checking),
    Picture("vault-editor", _editing),
    Picture("effective", _effective),
    Picture("narrow", pressing(), size=(80, 24)),
)


async def make(picture: Picture) -> None:
    """Make one picture."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = demo_workspace(Path(folder) / "store")
        app = AdminApp(Launch(workspace, is_demo=True))
        async with app.run_test(size=picture.size) as pilot:
            await pilot.pause(0.5)
            if picture.theme:
                app.theme = picture.theme
            await picture.scene(app, pilot)
            await pilot.pause(0.5)
            drawn = app.export_screenshot()
    # Without the fonts that it names on another site: a picture fetches nothing.
    (FOLDER / f"{picture.name}.svg").write_text(_FONTS.sub("", drawn), encoding="utf-8")


if __name__ == "__main__":
    for one in PICTURES:
        asyncio.run(make(one))
        print(FOLDER.name, one.name)
