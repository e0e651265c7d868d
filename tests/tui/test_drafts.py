"""Drafts of vaults: what was typed and not saved is kept for its writer, and offered again."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from store.operations.administrator_vaults import AdministratorVaultEdit
from store.workspace import Workspace
from tests.store.house import House
from tests.store.odd import within_a_second
from tests.tui.seat import BESIDE, OVER, Scenario, Seat, sit
from tests.tui.vault_seat import EDITOR, SECRET, TEXT, activity, confirm
from tui.drafts import Drafts, digest_of, sweep_drafts
from tui.launch import Launch
from tui.widgets.vault_editor import VaultEditor

OFFER = "DraftOffer"
SIZES = pytest.mark.parametrize("size", [BESIDE, OVER])


@pytest.fixture
def vault(house: House) -> str:
    """An administrator vault for everybody."""
    return house.add_vault("Docker login", text=TEXT)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drafts are written as soon as there is something to be kept."""
    monkeypatch.setattr("tui.dialogs.drafted_text._BETWEEN_DRAFTS", 0.001)


def text_of(house: House, vault: str) -> str:
    return house.as_user().administrator_vault_details(vault).text


def save(house: House, vault: str, text: str) -> None:
    """Save a text as another program would."""
    now = house.as_user().administrator_vault_details(vault)
    edit = AdministratorVaultEdit(vault, now.revision, text, "json", now.row.enabled)
    house.as_user().save_administrator_vault(edit)


def files(home: Path) -> list[Path]:
    """Every file of a draft."""
    return sorted(path for path in (home / ".local").rglob("*") if path.is_file())


def texts(home: Path) -> list[str]:
    """The texts of all drafts."""
    return [json.loads(path.read_bytes())["text"] for path in files(home)]


def editor(seat: Seat) -> VaultEditor:
    return seat.app.screen.query_one(VaultEditor)


async def edit(seat: Seat, until: str = EDITOR) -> None:
    """Open the editor of the only administrator vault."""
    await seat.press("4")
    await seat.until(lambda: seat.rows == ["Docker login"])
    await seat.press("enter")
    await seat.until_shown("TEXT")
    await seat.press("enter", "e")
    await seat.until_dialog(until)


async def edit_own(seat: Seat, until: str = EDITOR) -> None:
    """Open the editor of one's own vault."""
    await seat.press("m")
    await seat.until_shown("VAULT")
    while not seat.is_in_vault:
        await seat.press("tab")
        await seat.pilot.pause(0)
    await seat.press("e")
    await seat.until_dialog(until)


def typing(*keys: str, opened: Callable[[Seat], object] = edit) -> Scenario:
    """Open the editor and type; the program then ends in the midst of it."""

    async def scenario(seat: Seat) -> None:
        await opened(seat)  # type: ignore[misc]
        await seat.press(*keys)

    return scenario


def leave_draft(workspace: Workspace, keys: str = "# ") -> None:
    sit(workspace, typing("ctrl+home", *keys))


@SIZES
def test_what_was_typed_is_offered_again_and_taken_up(
    house: House, vault: str, home: Path, size: tuple[int, int]
) -> None:
    ended = sit(house.as_user(), typing("x"))
    assert (
        ended.last_words
        == "Administrator vault Docker login: not saved, and kept until you edit it again."
    )

    async def scenario(seat: Seat) -> None:
        await edit(seat, OFFER)
        assert "Administrator vault Docker login" in seat.words
        assert "You typed it just now" in seat.words
        assert "2 lines of JSON." in seat.words
        assert "The vault is as it was when you began." in seat.words
        await seat.press("enter")
        await seat.until_dialog(EDITOR)
        assert editor(seat).text == f"x{TEXT}"
        await seat.until_shown("● not saved")
        await seat.press("ctrl+z")
        assert editor(seat).text == TEXT
        await seat.press("ctrl+y", "backspace", *'{"x"', "home", "delete", *'  {"', "ctrl+z")
        editor(seat).replace_all('{"sdk": {}}\n')
        await confirm(seat)
        await seat.until_said("Saved.")

    sit(house.as_user(), scenario, size=size)
    assert text_of(house, vault) == '{"sdk": {}}\n'
    assert files(home) == []


def test_it_is_private_and_nobody_elses(house: House, vault: str, home: Path) -> None:
    house.add_user("bob@acme.example", "Bob", groups=(house.group("Admins"),))
    leave_draft(house.as_user())
    (file,) = files(home)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.parent.parent.stat().st_mode) == 0o700
    assert SECRET in file.read_text()
    assert SECRET not in activity(house)
    assert not any("draft" in str(path) for path in house.folder.rglob("*"))

    async def scenario(seat: Seat) -> None:
        await edit(seat)
        assert editor(seat).text == TEXT
        await seat.press("escape")
        await seat.until_dialog("")
        await edit_own(seat)

    sit(house.as_user("bob@acme.example"), scenario)
    assert texts(home) == [f"# {TEXT}"]


def test_a_vault_that_was_saved_meanwhile_says_so_and_is_not_replaced_unseen(
    house: House, vault: str
) -> None:
    leave_draft(house.as_user())
    save(house, vault, '{"sdk": {"a": 1}}\n')

    async def scenario(seat: Seat) -> None:
        await edit(seat, OFFER)
        assert "! The vault has been saved meanwhile: Ada" in seat.words
        await seat.press("shift+tab", "shift+tab", "enter")
        await seat.until_dialog("TextDifference")
        assert '- {"sdk": {"a": 1}}' in seat.text
        assert "+ # ••••••" in seat.text
        await seat.press("s")
        await seat.until_shown(f"+ # {TEXT.strip()}")
        await seat.press("escape")
        await seat.until_dialog(OFFER)
        await seat.press("enter")
        await seat.until_dialog("TextDifference")
        await seat.press("enter")
        await seat.until_dialog(EDITOR)
        assert editor(seat).text == f"# {TEXT}"
        await seat.press("delete", "backspace", "backspace")
        editor(seat).replace_all(TEXT)
        await seat.press("ctrl+s")
        await seat.until_dialog("TextDifference")
        assert '- {"sdk": {"a": 1}}' in seat.text

    sit(house.as_user(), scenario)
    assert text_of(house, vault) == '{"sdk": {"a": 1}}\n'


def test_it_is_thrown_away_or_left_for_later(house: House, vault: str, home: Path) -> None:
    leave_draft(house.as_user())

    async def later(seat: Seat) -> None:
        await edit(seat, OFFER)
        # Letters choose nothing: whoever types ahead means the text.
        await seat.press("t", "d", "x")
        await seat.press("escape")
        await seat.until_dialog(EDITOR)
        assert editor(seat).text == TEXT
        await seat.press("escape")
        await seat.until_dialog("")

    async def never(seat: Seat) -> None:
        await edit(seat, OFFER)
        await seat.press("shift+tab", "enter")
        await seat.until_dialog(EDITOR)
        assert editor(seat).text == TEXT

    sit(house.as_user(), later)
    assert texts(home) == [f"# {TEXT}"]
    sit(house.as_user(), never)
    assert files(home) == []


def test_several_are_offered_the_newest_first(house: House, vault: str, home: Path) -> None:
    leave_draft(house.as_user(), "1 ")
    house.clock.advance(seconds=7_200)

    async def second(seat: Seat) -> None:
        await edit(seat, OFFER)
        await seat.press("escape")
        await seat.until_dialog(EDITOR)
        await seat.press("ctrl+home", "2")

    async def third(seat: Seat) -> None:
        await edit(seat, OFFER)
        assert "just now" in seat.words
        await seat.press("shift+tab", "enter")
        await seat.until_shown("2 hours ago")
        await seat.press("enter")
        await seat.until_dialog(EDITOR)
        assert editor(seat).text == f"1 {TEXT}"

    sit(house.as_user(), second)
    sit(house.as_user(), third)
    assert texts(home) == [f"1 {TEXT}"]


@pytest.mark.usefixtures("at_once")
def test_it_is_written_while_one_types_and_goes_when_nothing_is_unsaved(
    house: House, vault: str, home: Path
) -> None:
    async def scenario(seat: Seat) -> None:
        await edit(seat)
        await seat.press("x")
        await seat.until(lambda: texts(home) == [f"x{TEXT}"])
        await seat.press("y")
        await seat.until(lambda: texts(home) == [f"xy{TEXT}"])
        await seat.press("backspace", "backspace")
        await seat.until(lambda: files(home) == [])
        # Another format is a change, too.
        await seat.press("ctrl+t", "end", "enter")
        await seat.until(lambda: texts(home) == [TEXT])
        await seat.press("escape")
        await seat.until_dialog("Confirmation")
        await seat.press("ctrl+s")
        await seat.until_dialog("")

    assert sit(house.as_user(), scenario).last_words == ""
    assert files(home) == []


@pytest.mark.usefixtures("at_once")
def test_one_that_another_program_has_is_not_offered(house: House, vault: str, home: Path) -> None:
    ada = house.as_user()
    drafts = Drafts(
        workspace=ada.settings().id,
        actor=ada.actor,
        vault=f"the administrator vault {vault}",
        now=ada.now,
    )
    theirs = drafts.begin()
    theirs.keep("theirs", "hocon", "")

    async def scenario(seat: Seat) -> None:
        await edit(seat)
        await seat.press("x")
        await seat.until(lambda: sorted(texts(home)) == ["theirs", f"x{TEXT}"])
        theirs.keep("theirs, too", "hocon", "")

    sit(house.as_user(), scenario)
    assert sorted(texts(home)) == ["theirs, too", f"x{TEXT}"]
    theirs.release()
    left = [draft.kept.text for draft in drafts.left() if draft.kept]
    assert sorted(left) == ["theirs, too", f"x{TEXT}"]


def test_a_members_vault_has_one_too_before_it_is_there(
    house: House, vault: str, home: Path
) -> None:
    sit(house.as_user(), typing("a", ":", "1", opened=edit_own))

    async def scenario(seat: Seat) -> None:
        await edit_own(seat, OFFER)
        await seat.press("enter")
        await seat.until_dialog(EDITOR)
        assert editor(seat).text == "a:1"

    sit(house.as_user(), scenario)
    assert texts(home) == ["a:1"]


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("kind", ["restricted", "demo"])
def test_none_is_kept_where_no_files_are_written_for_the_person(
    house: House, vault: str, home: Path, kind: str
) -> None:
    workspace = house.as_user()
    launch = Launch(workspace, is_demo=kind == "demo", is_restricted=kind == "restricted")
    app = sit(workspace, typing("x"), launch=launch)
    assert not (home / ".local").exists()
    assert app.last_words == ""


@pytest.mark.usefixtures("at_once")
def test_where_none_can_be_written_it_is_said_once_and_editing_goes_on(
    house: House, vault: str, home: Path
) -> None:
    (home / ".local").write_text("a file")

    async def scenario(seat: Seat) -> None:
        await edit(seat)
        await seat.press("x")
        await seat.until_said("No draft can be kept of what you type: a part of the path is a file")
        await seat.press("y")
        await seat.pilot.pause(0.5)
        assert editor(seat).text == f"xy{TEXT}"
        assert len([said for said in seat.said if "draft" in said]) == 1

    sit(house.as_user(), scenario)


def test_one_that_was_saved_after_all_is_not_offered(house: House, vault: str, home: Path) -> None:
    leave_draft(house.as_user(), " ")
    save(house, vault, f" {TEXT}")
    sit(house.as_user(), typing())
    assert files(home) == []


@pytest.mark.parametrize(
    "damage",
    ["", "{", "[]", "[" * 100_000, '{"text": 1}', '{"actor": "somebody"}'],
    ids=range(6),
)
def test_a_damaged_one_keeps_nobody_from_editing(
    house: House, vault: str, home: Path, damage: str
) -> None:
    leave_draft(house.as_user())
    files(home)[0].write_text(damage)
    sit(house.as_user(), typing("x"))
    assert f"x{TEXT}" in [
        json.loads(path.read_bytes())["text"] for path in files(home) if path.read_text() != damage
    ]


def drafts_of(actor: str = "a") -> Drafts:
    return Drafts(workspace="w", actor=actor, vault="v", now=lambda: "2026-03-02T09:30:00Z")


def test_half_a_character_is_kept_as_well() -> None:
    draft = drafts_of().begin()
    draft.keep("\ud800 \x00", "yaml", digest_of("\ud800", "yaml"))
    assert drafts_of().left() == []
    draft.release()
    (left,) = drafts_of().left()
    assert left.kept is not None
    assert left.kept.text == "\ud800 \x00"
    assert drafts_of("b").left() == []


def test_old_ones_are_swept_unless_a_program_has_them(home: Path) -> None:
    held, old, new = (drafts_of().begin() for _ in range(3))
    for draft, text in ((held, "held"), (old, "old"), (new, "new")):
        draft.keep(text, "hocon", "")
    old.release()
    new.release()
    for file in files(home):
        if "new" not in file.read_text():
            os.utime(file.parent, (1_000_000_000, 1_000_000_000))
    sweep_drafts()
    assert sorted(texts(home)) == ["held", "new"]
    held.end()
    held.keep("after the end", "hocon", "")
    assert texts(home) == ["new"]


def test_a_place_that_is_open_to_others_is_closed_and_that_of_another_is_not_used(
    home: Path,
) -> None:
    place = home / ".local" / "state" / "clearml-admin" / "drafts"
    place.mkdir(parents=True, mode=0o755)
    draft = drafts_of().begin()
    draft.keep("text", "hocon", "")
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    draft.end()
    place.rmdir()
    (home / "elsewhere").mkdir()
    place.symlink_to(home / "elsewhere")
    with pytest.raises(OSError, match="no folder of yours"):
        drafts_of().begin().keep("text", "hocon", "")
    assert list((home / "elsewhere").iterdir()) == []


def test_a_pipe_in_its_place_hangs_nothing(home: Path) -> None:
    draft = drafts_of().begin()
    draft.keep("text", "hocon", "")
    draft.release()
    (folder,) = (home / ".local" / "state" / "clearml-admin" / "drafts").iterdir()
    (folder / "draft.json").unlink()
    os.mkfifo(folder / "draft.json")
    with within_a_second():
        assert drafts_of().left() == []


def test_another_folder_in_its_place_is_left_alone(home: Path) -> None:
    draft = drafts_of().begin()
    draft.keep("text", "hocon", "")
    place = home / ".local" / "state" / "clearml-admin" / "drafts"
    (folder,) = place.iterdir()
    folder.rename(home / "moved")
    folder.mkdir()
    (folder / "mine").touch()
    draft.keep("newer", "hocon", "")
    draft.end()
    assert [path.name for path in folder.iterdir()] == ["mine"]
    assert list(place.iterdir()) == [folder]
