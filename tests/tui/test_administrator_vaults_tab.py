"""The Administrator Vaults tab, driven by keys: what it shows, and what comes of each key."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from store.listing import Query
from store.operations.administrator_vaults import AdministratorVaultEdit
from store.vault_views import AdministratorVaultDetails
from store.vaults.formats import Format
from tests.store.house import HOSTILE_NAMES, House
from tests.tui.seat import BESIDE, OVER, Seat, sit
from tests.tui.vault_seat import EDITOR, SECRET, TEXT, activity, confirm, write
from tui.launch import Launch
from tui.widgets.vault_editor import VaultEditor

ASKING, FORM = "Confirmation", "AdministratorVaultForm"


@pytest.fixture
def vault(house: House) -> str:
    """An administrator vault for everybody."""
    return house.add_vault("Docker login", text=TEXT)


def vault_of(house: House, key: str) -> AdministratorVaultDetails:
    """The vault as the store has it now."""
    return house.as_user().administrator_vault_details(key)


def save(house: House, key: str, text: str, form: Format = "json") -> None:
    """Save a text as another program would."""
    now = vault_of(house, key)
    edit = AdministratorVaultEdit(key, now.revision, text, form, now.row.enabled)
    house.as_user().save_administrator_vault(edit)


async def to_vaults(seat: Seat, *rows: str) -> None:
    """Go to the tab, and wait for these rows."""
    await seat.press("4")
    await seat.until(lambda: seat.tab.id == "administrator-vaults")
    await seat.until(lambda: "ADMINISTRATOR VAULTS" in seat.heading)
    await seat.until(lambda: not rows or seat.rows == list(rows))


async def to_text(seat: Seat, *rows: str) -> None:
    """Go to the text in the details."""
    await to_vaults(seat, *rows)
    await seat.press("enter")
    await seat.until_shown("TEXT")
    await seat.press("enter")
    await seat.until(lambda: in_text(seat))


def in_text(seat: Seat) -> bool:
    """Whether the keys go to the text."""
    focused = seat.app.screen_stack[0].focused
    return focused is not None and focused.has_class("vault-text")


async def type_expected(seat: Seat, expected: str) -> None:
    """Type what a confirmation asks for."""
    await seat.fill("expected", expected)
    await seat.press("enter")


@pytest.mark.parametrize("size", [BESIDE, OVER])
def test_an_empty_tab_says_how_to_begin(house: House, size: tuple[int, int]) -> None:
    async def scenario(seat: Seat) -> None:
        await to_vaults(seat)
        await seat.until_shown("There are no administrator vaults yet.")
        assert "Press a to add the first." in seat.words
        await seat.press("e", "p", "d", "h", "o", "y", "Y", "enter", "space")
        await seat.until_said("There is no administrator vault to do this to.")
        assert seat.dialog == ""

    sit(house.as_user(), scenario, size=size)


def test_shows_what_each_is_and_whom_it_reaches(house: House, vault: str) -> None:
    save(house, vault, TEXT + "\n" * 9)
    house.add_vault("Off", "Admins", enabled=False)

    async def scenario(seat: Seat) -> None:
        await to_vaults(seat, "Docker login", "Off")
        assert seat.heading == "ADMINISTRATOR VAULTS 2"
        (line,) = [line for line in seat.text.splitlines() if "Docker login" in line]
        for part in ("● on", " Users ", f"{vault[:8]}…", "10 lines (52 B)", "ago"):
            assert part in line.replace("just now", "ago"), line
        (line,) = [line for line in seat.text.splitlines() if " Off " in line]
        assert "○ off" in line
        await seat.press("enter")
        await seat.until_shown(vault)
        for part in ("Reaches 1 member", "JSON", "by Ada Lindqvist", "git_pass"):
            assert part in seat.words
        await seat.press("j")
        await seat.until_shown("disabled: it is delivered to nobody")

    sit(house.as_user(), scenario)


@pytest.mark.parametrize("size", [BESIDE, OVER])
def test_adds_one_disabled_and_writes_its_text(house: House, size: tuple[int, int]) -> None:
    async def scenario(seat: Seat) -> None:
        await to_vaults(seat)
        await seat.press("a")
        await seat.until_dialog(FORM)
        assert "Users is everybody" in seat.words
        assert "It is saved disabled" in seat.words
        await seat.type("Docker [/red]")
        await seat.press("tab", "down", "space", "ctrl+s")
        await seat.until_dialog(EDITOR)
        assert "Administrator vault Docker [/red]" in seat.words
        assert "○ disabled" in seat.words
        await write(seat, TEXT)
        await confirm(seat)
        await seat.until_said("1 administrator vault added.")
        await seat.until(lambda: seat.rows == ["Docker [/red]"])
        await seat.until(lambda: "○ off" in seat.text)

    sit(house.as_user(), scenario, size=size)
    (key,) = house.as_user().list_administrator_vaults(Query()).ids
    added = vault_of(house, key)
    assert (added.row.name, added.row.groups) == ("Docker [/red]", ("Admins",))
    assert (added.text, added.row.format, added.row.enabled) == (TEXT, "json", False)
    assert SECRET not in activity(house)


def test_one_whose_text_is_left_out_is_there_nevertheless(house: House) -> None:
    async def scenario(seat: Seat) -> None:
        await to_vaults(seat)
        await seat.press("a")
        await seat.until_dialog(FORM)
        await seat.type("Later")
        await seat.press("tab", "space", "ctrl+s")
        await seat.until_dialog(EDITOR)
        await seat.press("escape")
        await seat.until_said("1 administrator vault added.")
        await seat.until(lambda: seat.rows == ["Later"])

    sit(house.as_user(), scenario)


def test_what_cannot_be_added_is_told_at_its_field(house: House, vault: str) -> None:
    async def scenario(seat: Seat) -> None:
        await to_vaults(seat, "Docker login")
        await seat.press("a")
        await seat.until_dialog(FORM)
        await seat.type("DOCKER LOGIN")
        await seat.press("tab", "space", "ctrl+s")
        await seat.until(lambda: bool(seat.error_at("name")))
        assert seat.input("name").value == "DOCKER LOGIN"
        await seat.fill("name", "Another")
        await seat.press("tab", "space", "ctrl+s")
        await seat.until(lambda: bool(seat.error_at("groups")))
        await seat.press("escape")
        await seat.until_dialog("")

    sit(house.as_user(), scenario)
    assert house.as_user().administrator_vault_count() == 1


def test_edits_name_and_groups(house: House, vault: str) -> None:
    async def scenario(seat: Seat) -> None:
        await to_vaults(seat, "Docker login")
        await seat.press("e")
        await seat.until_dialog(FORM)
        await seat.fill("name", "Agents")
        # Users is first.
        await seat.press("tab", "space", "down", "space", "ctrl+s")
        await seat.until_said("Saved.")
        await seat.until(lambda: seat.rows == ["Agents"])

    sit(house.as_user(), scenario)
    edited = vault_of(house, vault)
    assert (edited.row.name, edited.row.groups) == ("Agents", ("Admins",))
    assert (edited.text, edited.row.enabled) == (TEXT, True)


@pytest.mark.parametrize("size", [BESIDE, OVER])
def test_edits_the_text(house: House, vault: str, size: tuple[int, int]) -> None:
    async def scenario(seat: Seat) -> None:
        await to_text(seat, "Docker login")
        await seat.press("e")
        await write(seat, '{"sdk": {}}\n')
        await confirm(seat)
        await seat.until_said("Saved.")
        await seat.until_shown('{"sdk": {}}')
        assert SECRET not in seat.text

    app = sit(house.as_user(), scenario, size=size)
    assert vault_of(house, vault).text == '{"sdk": {}}\n'
    assert not [one for one in app._notifications if SECRET in one.message]


def test_enables_and_disables_one_and_several(house: House, vault: str) -> None:
    other = house.add_vault("Other", "Admins", enabled=False)

    def enabled() -> list[bool]:
        return [vault_of(house, key).row.enabled for key in (vault, other)]

    async def scenario(seat: Seat) -> None:
        await to_vaults(seat, "Docker login", "Other")
        await seat.press("p")
        await seat.until_said("1 vault disabled.")
        assert enabled() == [False, False]
        await seat.press("p")
        await seat.until_said("1 vault enabled.")
        assert enabled() == [True, False]
        await seat.press("asterisk", "p")
        await seat.until_said("2 vaults disabled.")
        assert enabled() == [False, False]
        await seat.until(lambda: seat.text.count("○ off") == 2)
        assert "2 marked" in seat.heading
        await seat.press("p")
        await seat.until_said("2 vaults enabled.")
        assert enabled() == [True, True]

    sit(house.as_user(), scenario)


def test_deletes_one_by_its_name(house: House, vault: str) -> None:
    async def scenario(seat: Seat) -> None:
        await to_vaults(seat, "Docker login")
        await seat.press("d")
        await seat.until_dialog(ASKING)
        assert "Docker login: 1 member loses it (Users)" in seat.words
        assert "stay on the disk for 30 days" in seat.words
        await type_expected(seat, "Docker")
        await seat.until(lambda: bool(seat.error_at("expected")))
        await type_expected(seat, "docker LOGIN")
        await seat.until_said("1 vault deleted.")
        await seat.until_shown("There are no administrator vaults yet.")

    sit(house.as_user(), scenario)
    assert house.as_user().administrator_vault_count() == 0


def test_deletes_several_by_their_number(house: House, vault: str) -> None:
    house.add_vault("Kept")
    house.add_vault("Off", enabled=False)

    async def scenario(seat: Seat) -> None:
        await to_vaults(seat, "Docker login", "Kept", "Off")
        await seat.press("space", "j", "space", "d")
        await seat.until_dialog(ASKING)
        assert "Delete 2 administrator vaults?" in seat.words
        assert "Off: disabled, so nobody loses anything" in seat.words
        await type_expected(seat, "2")
        await seat.until_said("2 vaults deleted.")
        await seat.until(lambda: seat.rows == ["Kept"])
        assert "marked" not in seat.heading

    sit(house.as_user(), scenario)


@pytest.mark.parametrize("size", [BESIDE, OVER])
def test_history_is_compared_restored_and_purged(
    house: House, vault: str, size: tuple[int, int]
) -> None:
    save(house, vault, '{"sdk": {"second": 2}}\n')
    save(house, vault, "sdk:\n  third: 3\n", "yaml")

    async def scenario(seat: Seat) -> None:
        await to_vaults(seat, "Docker login")
        await seat.press("h")
        await seat.until_dialog("VaultHistory")
        assert "History of Docker login" in seat.words
        assert seat.words.count("Ada Lindqvist") == 3
        await seat.press("enter")
        await seat.until_dialog("TextDifference")
        assert "+ sdk:" in seat.words
        assert '- {"sdk": {"second": 2}}' in seat.words
        await seat.press("escape")
        await seat.until_dialog("VaultHistory")
        # The two former ones with each other.
        await seat.press("space", "j", "enter")
        await seat.until_dialog("TextDifference")
        assert SECRET not in seat.words
        await seat.press("s")
        await seat.until_shown(SECRET)
        assert "third" not in seat.words
        await seat.press("escape")
        await seat.until_dialog("VaultHistory")
        await seat.click_button("Restore")
        await seat.until_dialog("TextDifference")
        await seat.press("enter")
        await seat.until_said("The former text was restored.")
        await seat.press("h")
        await seat.until_dialog("VaultHistory")
        assert seat.words.count("Ada Lindqvist") == 4
        await seat.click_button("Purge history")
        await seat.until_dialog(ASKING)
        assert "3 former texts are erased" in seat.words
        await seat.press("escape")
        await seat.until_dialog("VaultHistory")
        await seat.click_button("Purge history")
        await seat.until_dialog(ASKING)
        await seat.press("tab", "enter")
        await seat.until_said("2 former texts were erased.")
        await seat.until_dialog("")

    app = sit(house.as_user(), scenario, size=size)
    assert (vault_of(house, vault).text, vault_of(house, vault).row.format) == (TEXT, "json")
    assert house.texts() == {TEXT}
    assert SECRET not in activity(house)
    assert not [one for one in app._notifications if SECRET in one.message]


def test_downloads_the_text_for_one_pair_of_eyes(house: House, vault: str, home: Path) -> None:
    async def scenario(seat: Seat) -> None:
        await to_vaults(seat, "Docker login")
        await seat.press("o")
        await seat.until_dialog("ExportText")
        await seat.press("enter")
        await seat.until_said(f"Saved to {home}/clearml-vault.json.")
        await seat.press("o")
        await seat.until_dialog("ExportText")
        await seat.press("enter")
        await seat.until(lambda: "exists already" in seat.error_at("path"))
        await seat.press("escape")

    old = os.umask(0)
    try:
        sit(house.as_user(), scenario)
    finally:
        os.umask(old)
    saved = home / "clearml-vault.json"
    assert saved.read_text() == TEXT
    assert saved.stat().st_mode & 0o777 == 0o600


def test_a_restricted_program_touches_no_file(house: House, vault: str) -> None:
    workspace = house.as_user()

    async def scenario(seat: Seat) -> None:
        await to_text(seat, "Docker login")
        await seat.press("o")
        await seat.until_said("A restricted program writes no file.")
        assert seat.dialog == ""
        await seat.press("e")
        await seat.until_dialog(EDITOR)
        for word in ("Import", "Export", "$EDITOR"):
            assert word not in seat.words

    sit(workspace, scenario, launch=Launch(workspace, is_restricted=True))


def test_filters_and_sorts(house: House, vault: str) -> None:
    house.add_group("Research")
    house.add_vault("Agents", "Research", text='{"a": [1, 2, 3], "b": [4, 5, 6], "c": [7, 8, 9]}')
    house.add_vault("Zero", text="{}", enabled=False)

    async def scenario(seat: Seat) -> None:
        await to_vaults(seat, "Docker login", "Agents", "Zero")
        await seat.press("slash")
        await seat.type("research")
        await seat.until(lambda: seat.rows == ["Agents"])
        await seat.press("escape")
        await seat.until(lambda: len(seat.rows) == 3)
        # Never by what is in a text: it would tell of it.
        await seat.press("slash")
        await seat.type(SECRET)
        await seat.until(lambda: seat.rows == [])
        await seat.press("escape")
        await seat.until(lambda: len(seat.rows) == 3)
        await seat.press("s", "enter")
        await seat.until(lambda: seat.rows == ["Zero", "Agents", "Docker login"])
        by_content = ["Zero", "Docker login", "Agents"]
        for column, rows in (
            ("active", by_content[::-1]),
            ("content", by_content),
            ("groups", by_content[::-1]),
        ):
            seat.tab.sort_rows(column)
            await seat.until(lambda rows=rows: seat.rows == rows)  # type: ignore[misc]

    sit(house.as_user(), scenario)


def test_copies_the_id_the_name_and_the_text(house: House, vault: str) -> None:
    async def scenario(seat: Seat) -> None:
        await to_vaults(seat, "Docker login")
        await seat.press("Y")
        await seat.until(lambda: seat.app.clipboard == vault)
        for count, copied in enumerate((vault, "Docker login", TEXT)):
            await seat.press("y")
            await seat.until_dialog("ChoiceDialog")
            await seat.press(*["down"] * count, "enter")
            await seat.until(lambda copied=copied: seat.app.clipboard == copied)  # type: ignore[misc]

    app = sit(house.as_user(), scenario)
    assert not [one for one in app._notifications if SECRET in one.message]


def test_a_text_that_was_copied_is_forgotten_after_a_minute(
    house: House, vault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.app._A_MINUTE", 0.3)

    async def scenario(seat: Seat) -> None:
        await to_vaults(seat, "Docker login")
        await seat.press("y")
        await seat.until_dialog("ChoiceDialog")
        await seat.press("down", "down", "enter")
        await seat.until_said("Text sent to your terminal's clipboard.")
        await seat.until(lambda: seat.app.clipboard == "")

    sit(house.as_user(), scenario)


def test_what_is_asked_on_the_text_is_for_the_vault_shown(house: House, vault: str) -> None:
    other = house.add_vault("Other")

    async def scenario(seat: Seat) -> None:
        await to_vaults(seat, "Docker login", "Other")
        await seat.press("j", "space", "g", "enter", "enter")
        await seat.until(lambda: in_text(seat))
        await seat.press("p")
        await seat.until_said("1 vault disabled.")

    sit(house.as_user(), scenario)
    assert not vault_of(house, vault).row.enabled
    assert vault_of(house, other).row.enabled


def test_a_text_saved_by_another_meanwhile_is_not_overwritten(house: House, vault: str) -> None:
    theirs = '{"sdk": {"theirs": 1}}\n'

    async def scenario(seat: Seat) -> None:
        await to_text(seat, "Docker login")
        await seat.press("e")
        await write(seat, '{"sdk": {"mine": 1}}\n')
        save(house, vault, theirs)
        await confirm(seat)
        await seat.until_dialog("VaultConflict")
        for words in ("Theirs, Ada Lindqvist", "theirs", "mine", "Nothing has been overwritten"):
            assert words in seat.words
        assert vault_of(house, vault).text == theirs
        await seat.press("enter")
        await seat.until_dialog(EDITOR)
        await confirm(seat)
        await seat.until_said("Saved.")

    sit(house.as_user(), scenario)
    assert vault_of(house, vault).text == '{"sdk": {"mine": 1}}\n'
    texts = [one.revision for one in house.as_user().vault_history(vault)]
    assert len(texts) == 3


def test_a_vault_deleted_meanwhile_loses_no_draft(house: House, vault: str) -> None:
    async def scenario(seat: Seat) -> None:
        await to_text(seat, "Docker login")
        await seat.press("e")
        await write(seat, '{"sdk": {"mine": 1}}\n')
        house.as_user().delete_administrator_vaults([vault])
        await confirm(seat)
        await seat.until_dialog(EDITOR)
        await seat.until(lambda: bool(seat.problem))
        assert "mine" in seat.text
        await seat.press("escape")
        await seat.until_dialog(ASKING)
        await seat.press("tab", "enter")
        await seat.until_dialog("")
        await seat.until_shown("There are no administrator vaults yet.")

    sit(house.as_user(), scenario)


def test_a_plain_user_sees_those_applied_to_them_and_changes_nothing(
    house: House, vault: str, bob: str
) -> None:
    house.add_group("Theirs", bob)
    applied = house.add_vault("For Bob", "Theirs", "Admins", text='{"sdk": {"long": [1]}}')
    house.add_vault("Not for Bob", "Admins", text=TEXT)
    house.add_vault("Not yet", enabled=False)

    async def scenario(seat: Seat) -> None:
        await to_vaults(seat, "Docker login", "For Bob")
        await seat.press("j")
        for key in ("a", "e", "p", "d"):
            await seat.press(key)
            assert seat.dialog == ""
        await seat.until_said("Only administrators may do this.")
        await seat.press("enter")
        await seat.until_shown(applied)
        assert "Reaches" not in seat.words
        assert "Theirs" in seat.words
        assert "Theirs, Admins" not in seat.words
        assert "Admins, Theirs" not in seat.words
        await seat.press("enter")
        await seat.until(lambda: in_text(seat))
        await seat.press("p")
        await seat.press("h")
        assert seat.dialog == ""
        # The whole text can be read.
        await seat.press("e")
        await seat.until_dialog(EDITOR)
        assert "Only administrators may edit administrator vaults." in seat.words
        await seat.press("x", "ctrl+s")
        assert seat.dialog == EDITOR
        await seat.press("escape")
        await seat.until_dialog("")

    sit(house.as_user("bob@acme.example"), scenario)
    assert vault_of(house, applied).text == '{"sdk": {"long": [1]}}'
    assert vault_of(house, applied).row.enabled


def test_a_plain_user_whom_none_reaches_is_told_so(house: House, bob: str) -> None:
    house.add_vault("Not for Bob", "Admins")

    async def scenario(seat: Seat) -> None:
        await to_vaults(seat)
        await seat.until_shown("No administrator vault applies to you.")
        assert seat.heading == "ADMINISTRATOR VAULTS 0"

    sit(house.as_user("bob@acme.example"), scenario)


def test_a_read_only_program_offers_to_look_only(house: House, vault: str) -> None:
    save(house, vault, "{}")

    async def scenario(seat: Seat) -> None:
        await to_text(seat, "Docker login")
        for key in ("p", "a", "d"):
            await seat.press(key)
            assert seat.dialog == ""
        await seat.until_said("--read-only")
        await seat.press("h")
        await seat.until_dialog("VaultHistory")
        assert "Restore" not in seat.words
        assert "Purge" not in seat.words
        await seat.press("escape")
        await seat.until_dialog("")
        await seat.press("e")
        await seat.until_dialog(EDITOR)
        assert "--read-only" in seat.words
        await seat.press("x")
        assert seat.app.screen.query_one(VaultEditor).text == "{}"

    sit(house.as_user(read_only=True), scenario)


def test_hostile_names_and_texts_are_shown_as_text(house: House) -> None:
    for name in HOSTILE_NAMES:
        house.add_vault(name, text='{"agent": {"a": "[/red] [@click=app.quit]x \u202e"}}')

    async def scenario(seat: Seat) -> None:
        await to_vaults(seat)
        await seat.until(lambda: len(seat.rows) == len(HOSTILE_NAMES))
        await seat.press("enter")
        for _ in HOSTILE_NAMES:
            await seat.until_shown("[/red] [@click=app.quit]x")
            await seat.press("d")
            await seat.until_dialog(ASKING)
            await seat.press("escape")
            await seat.until_dialog("")
            for key, dialog in (("e", FORM), ("h", "VaultHistory")):
                await seat.press(key)
                await seat.until_dialog(dialog)
                await seat.see_text_alone()
                await seat.press("escape")
                await seat.until_dialog("")
            await seat.press("j")

    sit(house.as_user(), scenario)


def test_a_vault_whose_text_is_lost_says_so_and_can_be_given_another(
    house: House, vault: str
) -> None:
    for path in (house.folder / "vault-texts").glob("*"):
        if len(path.name) == 64:
            path.unlink()

    async def scenario(seat: Seat) -> None:
        await to_text(seat, "Docker login")
        assert "The text of the administrator vault Docker login" in seat.words
        await seat.press("e")
        await seat.until_dialog("EditVault")
        await seat.until_shown("is missing. Put the file back")
        await seat.until_shown("The editor begins empty.")
        await write(seat, "{}\n")
        await confirm(seat)
        await seat.until_said("Saved.")

    sit(house.as_user(), scenario)
    assert vault_of(house, vault).text == "{}\n"


def test_keys_of_the_text_reach_the_vault_after_another_has_deleted_it(
    house: House, vault: str
) -> None:
    house.add_vault("Other")

    async def scenario(seat: Seat) -> None:
        await to_text(seat, "Docker login", "Other")
        house.as_user().delete_administrator_vaults([vault])
        await seat.until(lambda: seat.rows == ["Other"])
        await seat.press("p")
        await seat.until_said("1 vault disabled.")

    sit(house.as_user(), scenario)
    assert house.as_user().administrator_vault_count() == 1


def test_ctrl_p_goes_up_in_a_text_and_opens_no_commands_there(house: House, vault: str) -> None:
    async def scenario(seat: Seat) -> None:
        await to_text(seat, "Docker login")
        await seat.press("e")
        await seat.until_dialog(EDITOR)
        editor = seat.app.screen.query_one(VaultEditor)
        await seat.press("ctrl+n")
        assert editor.cursor_location[0] == 1
        await seat.press("ctrl+p")
        assert editor.cursor_location[0] == 0
        assert seat.dialog == EDITOR
        await seat.press("escape")
        await seat.until_dialog("")
        await seat.press("ctrl+p")
        await seat.until_dialog("CommandSearch")

    sit(house.as_user(), scenario)
