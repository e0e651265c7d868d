"""A member's vault in the details panel, driven by keys, and the administrator vaults below it."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import OptionList

from store.errors import NotAllowed
from store.vault_views import VaultDetails
from tests.store.house import HOSTILE_NAMES, House
from tests.tui.seat import BESIDE, OVER, Seat, sit
from tests.tui.vault_seat import EDITOR, SECRET, TEXT, activity, confirm, saving_anything, write
from tui.launch import Launch
from tui.widgets.vault_editor import VaultEditor

SIZES = pytest.mark.parametrize("size", [BESIDE, OVER])


@pytest.fixture
def bot(house: House) -> str:
    """A service account, which has a credential."""
    return house.add_service_account("autoscaler")


def vault_of(house: House, member: str) -> VaultDetails:
    """The member's vault as the store has it now."""
    return house.as_user().vault_details(member)


async def to_vault(seat: Seat, called: str, tab: str = "2") -> None:
    """Go to the vault of a member, by tab from the credentials."""
    await seat.press(tab)
    await seat.until(lambda: called in seat.rows)
    await seat.go_to(called)
    await seat.press("enter")
    # On a small screen the vault is below what is in sight.
    await seat.until_shown("CREDENTIALS")
    await seat.press("enter")
    await into_vault(seat)


async def into_vault(seat: Seat) -> None:
    """Press tab until the keys go to the vault."""
    for _ in range(12):
        await seat.pilot.pause(0)
        if seat.is_in_vault:
            return
        await seat.press("tab")
    raise AssertionError(f"the vault cannot be reached by tab: {seat.focused}")


@SIZES
def test_writes_the_first_text_of_a_service_account(
    house: House, bot: str, size: tuple[int, int]
) -> None:
    async def scenario(seat: Seat) -> None:
        await to_vault(seat, "autoscaler")
        assert "none yet: e writes one" in seat.words
        for key in ("p", "h", "o", "y"):
            await seat.press(key)
            assert seat.dialog == ""
        await seat.until_said("autoscaler has no vault yet. Edit it first.")
        await seat.press("e")
        await write(seat, TEXT)
        await seat.press("ctrl+s")
        await seat.until_said("Saved.")
        await seat.until_shown("● enabled")
        # What was said stands over the panel for a time.
        seat.app.clear_notifications()
        # As where the effective configuration is shown, secrets are when they are asked for.
        await seat.until_shown("s shows what is hidden")
        assert SECRET not in seat.words
        await seat.press("s")
        await seat.until_shown(SECRET)
        await seat.press("s")
        await seat.until_shown("s shows what is hidden")
        assert SECRET not in seat.words

    app = sit(house.as_user(), scenario, size=size)
    saved = vault_of(house, bot)
    assert (saved.text, saved.format, saved.enabled) == (TEXT, "json", True)
    assert SECRET not in activity(house)
    assert not [one for one in app._notifications if SECRET in one.message]


def test_secrets_that_were_shown_of_one_are_hidden_of_the_next(
    house: House, bot: str, bob: str
) -> None:
    house.save_vault(bot, TEXT)
    other = house.add_service_account("zed")
    house.save_vault(other, TEXT)

    async def scenario(seat: Seat) -> None:
        await to_vault(seat, "autoscaler")
        await seat.press("s")
        await seat.until_shown(SECRET)
        await seat.press("escape", "escape")
        await seat.go_to("zed")
        await seat.press("enter")
        await seat.until_shown("s shows what is hidden")
        assert SECRET not in seat.words

    sit(house.as_user(), scenario)


def test_a_user_has_one_too(house: House, bob: str) -> None:
    house.save_vault(bob, TEXT)

    async def scenario(seat: Seat) -> None:
        await to_vault(seat, "Bob", tab="1")
        await seat.press("enter")
        await write(seat, "{}\n")
        await confirm(seat)
        await seat.until_said("Saved.")

    sit(house.as_user(), scenario)
    assert vault_of(house, bob).text == "{}\n"


@SIZES
@pytest.mark.parametrize(("called", "tab"), [("autoscaler", "2"), ("Bob", "1")])
def test_keys_on_the_vault_do_nothing_to_the_member(
    house: House, bot: str, bob: str, called: str, tab: str, size: tuple[int, int]
) -> None:
    member = {"autoscaler": bot, "Bob": bob}[called]
    house.save_vault(member, TEXT)

    async def scenario(seat: Seat) -> None:
        await to_vault(seat, called, tab)
        await seat.press("p")
        await seat.until_said("Vault disabled.")
        await seat.until_shown("○ disabled")
        await seat.press("p")
        await seat.until_said("Vault enabled.")
        await seat.press("d", "delete")
        await seat.until_said("A member's vault goes with the member.")
        assert seat.dialog == ""
        await seat.press("e")
        await seat.until_dialog(EDITOR)
        await seat.press("escape")
        await seat.until_dialog("")
        assert seat.is_in_vault

    sit(house.as_user(), scenario, size=size)
    assert vault_of(house, member).enabled
    assert "suspend" not in activity(house)


def test_a_vault_that_is_disabled_stays_so_through_an_edit(house: House, bot: str) -> None:
    house.save_vault(bot, TEXT, enabled=False)

    async def scenario(seat: Seat) -> None:
        await to_vault(seat, "autoscaler")
        await seat.press("e")
        await seat.until_dialog(EDITOR)
        assert "disabled: clients do not get it" in seat.words
        await write(seat, "{}\n")
        await confirm(seat)
        await seat.until_said("Saved.")

    sit(house.as_user(), scenario)
    assert (vault_of(house, bot).text, vault_of(house, bot).enabled) == ("{}\n", False)


def test_history_restores_a_former_text(house: House, bot: str) -> None:
    house.save_vault(bot, TEXT)
    house.save_vault(bot, "{}")

    async def scenario(seat: Seat) -> None:
        await to_vault(seat, "autoscaler")
        await seat.press("h")
        await seat.until_dialog("VaultHistory")
        assert "History of autoscaler" in seat.words
        await seat.click_button("Restore")
        await seat.until_dialog("TextDifference")
        assert "+ 1 line added" in seat.words
        await seat.press("enter")
        await seat.until_said("The former text was restored.")
        await seat.press("s")
        await seat.until_shown(SECRET)

    sit(house.as_user(), scenario)
    assert vault_of(house, bot).text == TEXT


def test_a_former_text_that_would_be_refused_now_is_not_restored(house: House, bot: str) -> None:
    with saving_anything():
        house.save_vault(bot, '{"agent": 1}')
    house.save_vault(bot, TEXT)
    before = house.bytes()

    async def scenario(seat: Seat) -> None:
        await to_vault(seat, "autoscaler")
        await seat.press("h")
        await seat.until_dialog("VaultHistory")
        await seat.click_button("Restore")
        await seat.until_dialog("TextDifference")
        await seat.press("enter")
        await seat.until_said("Clients end with an error when agent is no object.")
        assert seat.dialog == ""

    sit(house.as_user(), scenario)
    assert vault_of(house, bot).text == TEXT
    assert house.bytes() == before


def test_the_text_and_the_id_are_copied_and_downloaded(house: House, bot: str, home: Path) -> None:
    vault = house.save_vault(bot, TEXT)

    async def scenario(seat: Seat) -> None:
        await to_vault(seat, "autoscaler")
        await seat.press("y")
        await seat.until_dialog("ChoiceDialog")
        await seat.press("enter")
        await seat.until(lambda: seat.app.clipboard == TEXT)
        await seat.press("y")
        await seat.until_dialog("ChoiceDialog")
        await seat.press("down", "enter")
        await seat.until(lambda: seat.app.clipboard == vault)
        await seat.press("o")
        await seat.until_dialog("ExportText")
        await seat.press("enter")
        await seat.until_said("Saved to")

    app = sit(house.as_user(), scenario)
    saved = home / "clearml-vault.json"
    assert saved.read_text() == TEXT
    assert saved.stat().st_mode & 0o777 == 0o600
    assert not [one for one in app._notifications if SECRET in one.message]


def test_what_is_copied_out_of_the_editor_goes_with_it(house: House, bot: str) -> None:
    house.save_vault(bot, TEXT)

    async def scenario(seat: Seat) -> None:
        await to_vault(seat, "autoscaler")
        await seat.press("e")
        await seat.until_dialog(EDITOR)
        seat.app.screen.query_one(VaultEditor).select_all()
        await seat.press("ctrl+c")
        await seat.until(lambda: seat.app.clipboard == TEXT)
        await seat.press("escape")
        await seat.until_dialog("")
        await seat.until(lambda: seat.app.clipboard == "")

    sit(house.as_user(), scenario)


@SIZES
def test_each_applied_administrator_vault_opens(
    house: House, bot: str, size: tuple[int, int]
) -> None:
    house.add_group("Agents [/red]", bot)
    first = house.add_vault("For everybody", text='{"sdk": {"everybody": 1}}')
    house.clock.advance(seconds=60)
    house.add_vault("Docker [/red]", "Agents [/red]", "Users", text='{"sdk": {"docker": 1}}')
    house.add_vault("Off", enabled=False)
    house.add_vault("For others", "Admins")

    async def scenario(seat: Seat) -> None:
        await to_vault(seat, "autoscaler")
        await seat.until_shown("For everybody (Users)")
        assert "Docker [/red] (Users, Agents [/red])" in seat.words
        for name in ("Off", "For others"):
            assert name not in seat.words
        await seat.press("tab")
        await seat.until(lambda: isinstance(seat.app.screen.focused, OptionList))
        # Keys there do nothing to another vault than the one at the cursor.
        for key in ("p", "d", "h", "o", "y"):
            await seat.press(key)
            assert seat.dialog == ""
        await seat.until_said("This key is for the member's own vault")
        await seat.press("j", "e")
        await seat.until_dialog(EDITOR)
        assert "Administrator vault Docker [/red]" in seat.words
        assert '"docker"' in seat.text
        await seat.press("escape")
        await seat.until_dialog("")
        await seat.pilot.pause()
        await seat.press("k", "enter")
        await write(seat, '{"sdk": {"all": 1}}')
        await confirm(seat)
        await seat.until_said("Saved.")

    sit(house.as_user(), scenario, size=size)
    assert house.as_user().administrator_vault_details(first).text == '{"sdk": {"all": 1}}'


def test_the_list_of_applied_ones_follows_the_member(house: House, bot: str) -> None:
    house.add_service_account("zed")
    house.add_group("Agents", bot)
    house.add_vault("For agents", "Agents")

    async def scenario(seat: Seat) -> None:
        await seat.press("2")
        await seat.until(lambda: seat.rows == ["autoscaler", "zed"])
        await seat.press("enter")
        await seat.until_shown("For agents (Agents)")
        await seat.press("j")
        await seat.until_shown("Applied administrator vaults none")
        await seat.press("k")
        await seat.until_shown("For agents (Agents)")

    sit(house.as_user(), scenario)


def test_a_plain_user_manages_their_own(house: House, bob: str) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("m")
        await seat.until_shown("ACCOUNT SPECIFIC VAULT")
        await into_vault(seat)
        await seat.press("e")
        await write(seat, TEXT)
        await seat.press("ctrl+s")
        await seat.until_said("Saved.")
        await seat.until_shown("● enabled")
        await seat.press("p")
        await seat.until_said("Vault disabled.")

    sit(house.as_user("bob@acme.example"), scenario)
    saved = vault_of(house, bob)
    assert (saved.text, saved.enabled, saved.updated_by) == (TEXT, False, "Bob")


@SIZES
def test_a_plain_user_sees_nobody_elses(
    house: House, bob: str, bot: str, size: tuple[int, int]
) -> None:
    house.save_vault(bot, TEXT)
    house.save_vault(house.admin.actor, TEXT)
    applied = house.add_vault("For bots")

    async def scenario(seat: Seat) -> None:
        for tab, called in (("1", "Ada Lindqvist"), ("2", "autoscaler")):
            await seat.press(tab)
            await seat.until(lambda called=called: called in seat.rows)  # type: ignore[misc]
            await seat.go_to(called)
            await seat.press("enter")
            await seat.until(lambda: seat.tab.details_key is not None)
            await seat.pilot.pause()
            for _ in range(8):
                await seat.press("tab")
                assert not seat.is_in_vault
            for words in ("ACCOUNT SPECIFIC VAULT", SECRET, "For bots"):
                assert words not in seat.words
            await seat.press("v")
            await seat.until_said("You may see your own effective configuration only.")
            assert seat.dialog == ""
            await seat.press("escape", "escape")

    sit(house.as_user("bob@acme.example"), scenario, size=size)
    with pytest.raises(NotAllowed):
        house.as_user("bob@acme.example").vault_details(bot)
    assert house.as_user("bob@acme.example").administrator_vault_row(applied)


def test_the_panel_of_another_is_without_the_text_of_ones_own(
    house: House, bob: str, bot: str
) -> None:
    house.save_vault(bob, TEXT)

    async def scenario(seat: Seat) -> None:
        await seat.press("m")
        await into_vault(seat)
        await seat.press("s")
        await seat.until_shown(SECRET)
        await seat.press("escape", "k")
        await seat.until(lambda: SECRET not in seat.words)

    sit(house.as_user("bob@acme.example"), scenario)


def test_a_read_only_program_shows_and_changes_nothing(house: House, bot: str) -> None:
    house.save_vault(bot, TEXT)

    async def scenario(seat: Seat) -> None:
        await to_vault(seat, "autoscaler")
        await seat.press("p")
        await seat.until_said("--read-only")
        await seat.press("e")
        await seat.until_dialog(EDITOR)
        await seat.press("x", "delete", "ctrl+s")
        assert seat.app.screen.query_one(VaultEditor).text == TEXT
        assert seat.dialog == EDITOR

    sit(house.as_user(read_only=True), scenario)


def test_a_restricted_program_writes_no_file(house: House, bot: str) -> None:
    house.save_vault(bot, TEXT)
    workspace = house.as_user()

    async def scenario(seat: Seat) -> None:
        await to_vault(seat, "autoscaler")
        await seat.press("o")
        await seat.until_said("A restricted program writes no file.")
        assert seat.dialog == ""

    sit(workspace, scenario, launch=Launch(workspace, is_restricted=True))


@SIZES
def test_a_text_saved_by_another_meanwhile_is_not_overwritten(
    house: House, bot: str, size: tuple[int, int]
) -> None:
    house.save_vault(bot, TEXT)
    theirs = '{"sdk": {"theirs": 1}}'

    async def scenario(seat: Seat) -> None:
        await to_vault(seat, "autoscaler")
        await seat.press("e")
        await write(seat, '{"sdk": {"mine": 1}}')
        house.save_vault(bot, theirs)
        await confirm(seat)
        await seat.until_dialog("VaultConflict")
        assert "theirs" in seat.words
        assert "mine" in seat.words
        assert vault_of(house, bot).text == theirs
        await seat.click_button("Take theirs")
        await seat.until_dialog(EDITOR)
        await seat.press("escape")
        await seat.until_dialog("")

    sit(house.as_user(), scenario, size=size)
    assert vault_of(house, bot).text == theirs


def test_a_first_text_saved_by_another_meanwhile_is_not_overwritten(house: House, bot: str) -> None:
    async def scenario(seat: Seat) -> None:
        await to_vault(seat, "autoscaler")
        await seat.press("e")
        await write(seat, '{"sdk": {"mine": 1}}')
        house.save_vault(bot, TEXT)
        await seat.press("ctrl+s")
        await seat.until_dialog("VaultConflict")
        assert SECRET not in seat.words
        await seat.press("s")
        await seat.until_shown(SECRET)
        await seat.click_button("Hide secrets")
        await seat.until_shown("Show secrets")
        assert SECRET not in seat.words

    sit(house.as_user(), scenario)
    assert vault_of(house, bot).text == TEXT


def test_a_toggle_by_another_meanwhile_is_kept(house: House, bot: str) -> None:
    house.save_vault(bot, TEXT)

    async def scenario(seat: Seat) -> None:
        await to_vault(seat, "autoscaler")
        await seat.press("e")
        await write(seat, "{}")
        now = vault_of(house, bot)
        house.as_user().set_vault_enabled(bot, False, now.revision, now.id)
        await confirm(seat)
        # It is a change by another: both texts are shown, and saving again keeps what they chose.
        await seat.until_dialog("VaultConflict")
        await seat.press("escape")
        await seat.until_dialog(EDITOR)
        await confirm(seat)
        await seat.until_said("Saved.")

    sit(house.as_user(), scenario)
    assert (vault_of(house, bot).text, vault_of(house, bot).enabled) == ("{}", False)


def test_hostile_texts_are_shown_as_text(house: House, bot: str) -> None:
    text = "\n".join(["{", *(f'"{n}": "[/red]$x[@click=app.quit]y \u202e"' for n in range(3)), "}"])
    house.save_vault(bot, text.replace('"\n"', '",\n"'))
    for name in HOSTILE_NAMES:
        house.add_vault(name)

    async def scenario(seat: Seat) -> None:
        await to_vault(seat, "autoscaler")
        await seat.until_shown("[/red]$x[@click=app.quit]y")
        await seat.see_text_alone()
        await seat.press("tab")
        for _ in HOSTILE_NAMES:
            await seat.press("enter")
            await seat.until_dialog(EDITOR)
            await seat.see_text_alone()
            await seat.press("escape")
            await seat.until_dialog("")
            await seat.pilot.pause()
            await seat.press("down")

    sit(house.as_user(), scenario)


def test_a_vault_whose_text_is_lost_says_so(house: House, bot: str) -> None:
    house.save_vault(bot, TEXT)
    for path in (house.folder / "vault-texts").glob("*"):
        if len(path.name) == 64:
            path.unlink()

    async def scenario(seat: Seat) -> None:
        await to_vault(seat, "autoscaler")
        assert "The text of the vault of autoscaler" in seat.words
        await seat.press("h")
        await seat.until_dialog("VaultHistory")

    sit(house.as_user(), scenario)


def test_keys_stay_in_the_panel_when_the_member_goes_under_the_editor(
    house: House, bot: str
) -> None:
    house.save_vault(bot, TEXT)

    async def scenario(seat: Seat) -> None:
        await to_vault(seat, "autoscaler")
        await seat.press("e")
        await write(seat, "{}")
        house.as_user().delete_service_accounts([bot])
        await confirm(seat)
        await seat.until_dialog(EDITOR)
        await seat.until(lambda: bool(seat.problem))
        await seat.press("escape")
        await seat.until_dialog("Confirmation")
        await seat.press("tab", "enter")
        await seat.until_dialog("")
        await seat.until_shown("There are no service accounts yet.")
        await seat.press("a")
        await seat.until_dialog("AddServiceAccount")

    sit(house.as_user(), scenario)
