"""Names that would steer a terminal or be read as markup, byte by byte on their way to it."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from store.errors import SignInRefused
from store.operations.credentials import CredentialEdit
from tests.cli.console import IN_ORDER, Console, step
from tests.cli.test_copying import CLIPBOARD
from tests.cli.wire import foreign, sequences, shapes
from tests.store.house import ADA, House, edit_of, settings_edit
from tests.store.keyring import flush
from tests.terminal import Terminal

CONCEAL = "\x1b[8;5m"
STOLEN = base64.b64encode(b"stolen").decode()

# Each name, and what stands for it on the screen.
HOSTILE = {
    "[/red]": "[/red]",
    "[@click=app.quit]x": "[@click=app.quit]x",
    "[bold]$x[/]\\[": "[bold]$x[/]\\[",
    "a\x1b[2Jb": "a␛[2Jb",
    f"b{CONCEAL}c": "b␛[8;5mc",
    f"c\x1b]52;c;{STOLEN}\x07": "c␛]52;c;c3RvbGVu␇",
    "d\x1b]8;;http://evil.example\x1b\\e": "d␛]8;;http:",
    "e\x9b2Jf\x9d0;g\x9c": "e�2Jf�0;g�",
    "f\x00nul": "f␀nul",
    "g\x7fdel": "g␡del",
    "h\x0eso\x0f": "h␎so␏",
    "i\u202eltr": "i�ltr",
    "j\u2066iso\u2069": "j�iso�",
    "k\u200bzero\ufeff": "k�zero�",
    "l\U000e0041tag": "l�tag",
    "m\r\n\ttab": "m␍␊␉tab",
    "界" * 300: "界界界界",
}
SIZES = [(120, 40), (80, 24)]
# What a walk writes whatever the names are: to begin, to draw, to copy, to end.
SHAPES = {"style", "move", "copy", "\x1b[>25u", "\x1b[<u", "\x1b[?2026$p", "\x1b[?2048$p"}
SHAPES |= {f"\x1b[?{mode}{switch}" for mode in (7, 25, 1049, 1004, 2004) for switch in "hl"}
SHAPES |= {f"\x1b[?{mode}{switch}" for mode in (1000, 1003, 1006, 1015) for switch in "hl"}
SHAPES |= {"\x1b]22;default\x07"}
ODD_EMAIL = "{/red}$x=`y`@acme.example"
WIDE_EMAIL = f"{'界' * 20}@acme.example"


@dataclass(frozen=True)
class Cast:
    """The names of a workspace for one walk through the program."""

    users: list[str]
    groups: list[str]
    everything: str
    pasted: str


def hostile_cast() -> Cast:
    """Hostile names everywhere."""
    names = list(HOSTILE)
    everything = "".join(names[:-1])
    bad = " ".join(name for name in names if "\x1b" not in name)
    return Cast(names, names, everything, f"{bad}, x\x9b2Jy@z")


def harmless_cast() -> Cast:
    """As many names as in the other, of letters."""
    names = [f"{chr(ord('a') + number)} name" for number in range(len(HOSTILE))]
    return Cast(names, [f"{name} group" for name in names], "every name", "bad other worse")


class WalkHouse(House):
    """A house that finds its people, and fills service accounts."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        # The command goes by the real time.
        self.clock.now = datetime.now(UTC)

    def add_bot(self, name: str, label: str, where: str) -> str:
        """The access key of a new service account of that name, used and refused from there."""
        issued = self.admin.add_service_account(name, True)
        key = issued.access_key
        self.admin.authenticate(key, issued.secret_key, worker=where, address=where)
        with pytest.raises(SignInRefused):
            self.admin.authenticate(key, where, worker=where, address=where)
        self.admin.edit_credential(CredentialEdit(key, issued.revision, label, None))
        return key

    def id_of(self, email: str) -> str:
        """The id of the user with that email."""
        users = self.store(read_only=True).state.table("users").values()
        return next(str(user["id"]) for user in users if user["email"] == email)


def build(house: WalkHouse, cast: Cast) -> tuple[str, str]:
    """Put the cast into the workspace; the ids of the one with all names and of one to lose."""
    groups = tuple(house.add_group(name) for name in cast.groups)
    everybody = house.add_user("zz@acme.example", f"0 {cast.everything}", groups=groups[:3])
    lost = house.add_user("lost@acme.example", f"1 {cast.everything}")
    for number, name in enumerate(cast.users):
        house.add_user(f"user{number}@acme.example", name)
    house.invite(ODD_EMAIL, WIDE_EMAIL)
    for number, name in enumerate(cast.users):
        house.add_bot(name, cast.users[-number], name)
    bot = house.add_bot(f"0 {cast.everything}", f"1 {cast.everything}", cast.everything)
    house.add_bot("2 lost", cast.everything, cast.everything)
    house.admin.rotate_credential(bot, timedelta(days=1))
    # What was noted of sign-ins is written when a store is let go of.
    flush(house.admin)
    login = edit_of(house.admin, everybody, login_name=cast.everything)
    house.admin.edit_user(login)
    house.admin.edit_settings(settings_edit(house.admin, name=cast.everything))
    return everybody, lost


def leave(terminal: Terminal) -> None:
    """Close a dialog by escape; a key that comes too soon would still be the dialog's."""
    step(terminal, "escape")
    terminal.wait_idle()


def dialogs(terminal: Terminal, called: str) -> None:
    """Go through the dialogs of the row at the cursor."""
    for key, title in (("e", "Login name"), ("d", "to confirm: "), ("p", "Sign-in ends at once")):
        step(terminal, key)
        terminal.wait_for(title)
        terminal.wait_for(called)
        leave(terminal)
    step(terminal, "y")
    terminal.wait_for("Email: ")
    terminal.wait_idle()
    step(terminal, "down", "enter")
    terminal.wait_for("Name sent to your")


def walk(terminal: Terminal, house: WalkHouse, cast: Cast, shown: str, lost: str) -> None:
    """Go through every place where a name is shown."""
    # The table; the row of the one with all names is first, then the one to lose.
    step(terminal, "g")
    dialogs(terminal, shown[:8])
    # Somebody else removes whom the confirmation is about: the next one names them.
    step(terminal, "down", "p")
    terminal.wait_for("Sign-in ends at once")
    house.admin.refresh()
    house.admin.remove_users([lost])
    step(terminal, "tab", "enter")
    terminal.wait_for("Suspend: none of these")
    leave(terminal)
    # The details, which follow the cursor.
    step(terminal, "g", "enter")
    terminal.wait_for("Joined")
    step(terminal, "j", "q")
    # Errors at the fields of others, and a conflict.
    step(terminal, "g", "e")
    terminal.wait_for("Login name")
    terminal.wait_idle()
    step(terminal, "tab", "ctrl+u")
    terminal.wait_idle()
    terminal.send("user5@acme.example")
    terminal.wait_for("user5@acme.example")
    step(terminal, "ctrl+s")
    terminal.wait_for("belongs to")
    leave(terminal)
    step(terminal, "e")
    terminal.wait_for("Login name")
    house.admin.refresh()
    other = edit_of(house.admin, house.id_of("zz@acme.example"), login_name="meanwhile")
    house.admin.edit_user(other)
    terminal.send("x")
    step(terminal, "ctrl+s")
    terminal.wait_for("was changed by somebody else")
    leave(terminal)
    # Several at once.
    step(terminal, "*", "d")
    terminal.wait_for("Not removed")
    leave(terminal)
    step(terminal, "p")
    terminal.wait_for("Not suspended")
    leave(terminal)
    step(terminal, "y")
    terminal.wait_for("in all")
    leave(terminal)
    step(terminal, "escape")
    # A filter that finds nothing, one that finds.
    step(terminal, "/")
    terminal.paste(cast.everything)
    terminal.send("nothing")
    terminal.wait_for("Nothing matches")
    terminal.wait_idle()
    step(terminal, "escape")
    # Inviting: duplicates, bad ones, groups.
    step(terminal, "i")
    terminal.wait_for("Invite users to")
    terminal.paste(f"{cast.pasted} user5@acme.example user4@acme.example {ODD_EMAIL} {ADA}")
    terminal.wait_for("cannot")
    step(terminal, "tab", "down", "down", "space", "end")
    leave(terminal)
    # Settings, one's own account, commands, help.
    step(terminal, "w")
    terminal.wait_for("Limit of users")
    leave(terminal)
    step(terminal, "m")
    terminal.wait_for(f"Email         {ADA}")
    step(terminal, "q", ":")
    terminal.wait_for("Copy ID (Y)")
    leave(terminal)


def walk_accounts(terminal: Terminal, cast: Cast, shown: str) -> None:
    """Go through every place of the Service Accounts tab where a name is shown."""
    step(terminal, "2")
    terminal.wait_for("USER ID")
    terminal.wait_idle()
    # The row of the one with all names is first.
    step(terminal, "g")
    for key, title in (("e", "Allow impersonation"), ("d", "to confirm: "), ("p", "Suspend 0 ")):
        step(terminal, key)
        terminal.wait_for(title)
        terminal.wait_for(shown[:8])
        leave(terminal)
    step(terminal, "y")
    terminal.wait_for("Access keys: ")
    terminal.wait_idle()
    step(terminal, "down", "enter")
    terminal.wait_for("Name sent to your")
    for key, title in (("d", "Delete 1"), ("p", "Suspend 1")):
        step(terminal, "*", key)
        terminal.wait_for(title)
        leave(terminal)
        step(terminal, "escape")
    # A name that is taken.
    step(terminal, "a")
    terminal.wait_for("Allow impersonation")
    terminal.paste(cast.users[0])
    step(terminal, "enter")
    terminal.wait_for("There is a service account")
    leave(terminal)
    walk_credentials(terminal, shown)
    walk_check(terminal, cast)
    # A filter that finds, and deleting what was found.
    step(terminal, "/")
    terminal.send("2 lost")
    terminal.wait_for("1 shown")
    step(terminal, "enter", "d")
    terminal.wait_for("Type the name")
    terminal.send("2 lost")
    step(terminal, "enter")
    terminal.wait_for("1 service account deleted.")


def walk_credentials(terminal: Terminal, shown: str) -> None:
    """Go through the credentials of the one with all names, and leave with a new one."""
    step(terminal, "g", "enter")
    terminal.wait_for("Refused sign-ins")
    terminal.wait_idle()
    # On a narrow terminal the panel is over the table, and one is among them already.
    if "d Revoke" not in terminal.text:
        step(terminal, "enter")
        terminal.wait_for("d Revoke")
    for key, title in (("e", "Access key "), ("t", "Take the rotation"), ("p", "fail until it")):
        step(terminal, key)
        terminal.wait_for(title)
        terminal.wait_for(f"1 {shown[:8]}")
        leave(terminal)
    step(terminal, "y")
    terminal.wait_for("Label: ")
    terminal.wait_idle()
    step(terminal, "down", "enter")
    terminal.wait_for("Label sent to your")
    step(terminal, "j", "t")
    terminal.wait_for("The old one ends")
    step(terminal, "down")
    leave(terminal)
    step(terminal, "k", "d")
    terminal.wait_for("This cannot be undone.")
    step(terminal, "tab", "enter")
    terminal.wait_for("The credential was revoked.")
    # A new one: its section names the account and the workspace.
    step(terminal, "a")
    terminal.wait_for("New credentials of 0 ")
    terminal.wait_idle()
    step(terminal, "tab", "tab", "enter")
    terminal.wait_for("Only you can read the file.")
    leave(terminal)
    step(terminal, "shift+tab", "shift+tab", "enter")
    terminal.wait_for("Sent to your terminal's")
    leave(terminal)
    terminal.wait_for(lambda seen: "New credentials of" not in seen.text)
    terminal.wait_idle()
    step(terminal, "escape", "escape")


def walk_check(terminal: Terminal, cast: Cast) -> None:
    """Check a text that holds every name, as a section and as what cannot be read."""
    section = (
        f'api {{\n  web_server: "{cast.pasted}"\n  credentials.access_key: {cast.pasted!r}\n}}'
    )
    for text in (section, cast.everything):
        step(terminal, "c")
        terminal.wait_for("Check a configuration")
        terminal.wait_idle()
        terminal.paste(text)
        terminal.wait_idle()
        step(terminal, "tab")
        terminal.wait_idle()
        terminal.paste(cast.pasted)
        terminal.wait_idle()
        step(terminal, "enter")
        terminal.wait_for("There is no file")
        step(terminal, "shift+tab")
        terminal.press("ctrl+s")
        terminal.wait_for(lambda seen: "✕" in seen.text or "Line " in seen.text)
        leave(terminal)


def output_of_walk(console: Console, cast: Cast, size: tuple[int, int], name: str) -> bytes:
    """Walk through the program over a new store; all that it wrote."""
    console.store = console.folder / name
    house = WalkHouse(console.store)
    _, lost = build(house, cast)
    shown = "".join(HOSTILE.get(user, "") for user in cast.users[:-1]) or cast.everything
    terminal = console.open_as(ADA, size=size)
    walk(terminal, house, cast, shown, lost)
    walk_accounts(terminal, cast, shown)
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    assert terminal.modes == IN_ORDER
    house.close()
    return terminal.output


def copied_in(everything: str, output: bytes) -> list[str]:
    """What a walk is to copy: a name, a label, and a section, which is new each time."""
    texts = [base64.b64decode(text).decode() for text in CLIPBOARD.findall(output)]
    (section,) = (text for text in texts if text.startswith("api {\n"))
    assert all(map(str.isprintable, section.splitlines()))
    assert len(section.splitlines()) == 10
    return [f"0 {everything}", f"1 {everything}", section]


def test_harmless_names_bring_about_these_sequences(console: Console) -> None:
    output = output_of_walk(console, harmless_cast(), SIZES[1], "harmless")
    assert foreign(output, SIZES[1], copied_in("every name", output)) == []
    assert shapes(output) == SHAPES


@pytest.mark.parametrize("size", SIZES)
def test_hostile_names_bring_about_no_others(console: Console, size: tuple[int, int]) -> None:
    cast = hostile_cast()
    output = output_of_walk(console, cast, size, "hostile")
    assert foreign(output, size, copied_in(cast.everything, output)) == []
    assert shapes(output) <= SHAPES


def panel(terminal: Terminal) -> str:
    """The details panel, which in a wide terminal is at the right of the table."""
    if "▊" not in terminal.text:
        return terminal.text
    return "\n".join(line.rpartition("▊")[2] for line in terminal.text.splitlines())


def id_shown(terminal: Terminal) -> str:
    """The id of whom the panel shows, or "" while it is being drawn."""
    found = re.search(r"ID +([0-9a-f]{32})", panel(terminal))
    return found[1] if found else ""


def has_gone_on(former: str, terminal: Terminal) -> bool:
    """Whether the panel shows another than that one."""
    return id_shown(terminal) not in ("", former)


@pytest.mark.parametrize("size", SIZES)
def test_the_names_are_there_as_text(console: Console, size: tuple[int, int]) -> None:
    house = House(console.store)
    ids = {
        name: house.add_user(f"user{number}@acme.example", name)
        for number, name in enumerate(HOSTILE)
    }
    house.close()
    terminal = console.open_as(ADA, size=size)
    for name in ids:
        width = 8 if size[0] == 80 else 16
        assert HOSTILE[name][:width] in terminal.text, ascii(name)
    # The panel has room for the whole, and follows the cursor.
    step(terminal, "g", "enter")
    terminal.wait_for("Joined")
    seen = {name for name in HOSTILE if HOSTILE[name] in panel(terminal)}
    for _ in ids:
        former = id_shown(terminal)
        terminal.press("j")
        terminal.wait_for(partial(has_gone_on, former))
        terminal.wait_idle(0.06)
        seen |= {name for name in HOSTILE if HOSTILE[name] in panel(terminal)}
    assert seen == set(HOSTILE)
    assert foreign(terminal.output, size) == []


@pytest.mark.parametrize("name", [name for name in HOSTILE if not name.startswith("[")])
def test_the_check_finds_what_is_foreign(name: str) -> None:
    innocent = "\x1b[1;2H\x1b[0;38;5;7mAda\r\n\x1b[?1049h"
    assert foreign(innocent.encode(), (120, 40)) == []
    raw = f"{innocent}{name}{innocent}".encode()
    assert bool(foreign(raw, (120, 40))) == (not name.startswith("界"))


def test_the_check_knows_where_and_what() -> None:
    assert foreign(b"\x1b[41;1H", (120, 40)) == ["\x1b[41;1H"]
    assert foreign(f"\x1b]52;c;{STOLEN}\x07".encode(), (9, 9), ["other"]) != []
    assert foreign(f"\x1b]52;c;{STOLEN}\x07".encode(), (9, 9), ["stolen"]) == []
    assert sequences(b"a\x1b[1mb\x1b") == ["\x1b[1m", "\x1b"]
    assert shapes(b"\x1b[1m\x1b[2;2H\x1b[?25l") == {"style", "move", "\x1b[?25l"}
