"""Inviting users: what is pasted, what is refused, the links, and what becomes of an invitation."""

import asyncio
from pathlib import Path

from textual.widgets import Button, TextArea

from store.terms import GROUPS_TABLE
from tests.store.house import House, invitee, settings_edit
from tests.tui.seat import OVER, Seat, sit

LINKS, INVITE = "InvitationLinks", "InviteDialog"


async def open_with(seat: Seat, emails: str) -> None:
    """Open the dialog and paste into it."""
    await seat.press("i")
    await seat.until_dialog(INVITE)
    await seat.type(emails)


async def invite(seat: Seat) -> None:
    """Press the button."""
    await seat.click_button("Invite")


def field(seat: Seat) -> str:
    """What the field of emails holds."""
    return seat.app.screen.query_one(".field TextArea", TextArea).text


def set_limit(house: House, limit: int | None) -> None:
    house.admin.edit_settings(settings_edit(house.admin, user_limit=limit))


async def leave_links(seat: Seat) -> None:
    """Leave the links, which nobody has copied or saved."""
    await seat.press("escape")
    await seat.until_dialog("Confirmation")
    assert "Leave without having copied or saved" in seat.words
    await seat.press("ctrl+s")
    await seat.until(lambda: seat.dialog not in ("Confirmation", LINKS))


def test_invites_what_was_pasted_in_any_form_as_one_change(house: House) -> None:
    async def scenario(seat: Seat) -> None:
        await open_with(seat, "a@x.org, b@x.org\nCy Twombly <c@x.org>; d@x.org e@x.org\na@X.org")
        await seat.until_shown("5 can be invited")
        before = house.as_user().commit
        await invite(seat)
        await seat.until_dialog(LINKS)
        assert house.as_user().commit == before + 1
        assert "5 users invited" in seat.text
        assert "No mail is sent" in seat.text
        links = seat.app.screen.query_one(TextArea).text.splitlines()
        assert [line.split()[0] for line in links] == [f"{name}@x.org" for name in "abcde"]
        assert len({line.split()[1] for line in links}) == 5
        assert all("  http://clearml:8008/join/" in line for line in links)
        await leave_links(seat)
        await seat.until_dialog("")
        await seat.until_said("5 users invited.")
        await seat.until(lambda: "Cy Twombly" in seat.rows)
        assert links[0].split()[1] not in seat.text

    sit(house.as_user(), scenario)
    expected = ["a@x.org", "Ada Lindqvist", "b@x.org", "Cy Twombly", "d@x.org", "e@x.org"]
    assert house.shown() == expected


def test_keeps_the_bad_and_the_taken_in_the_field_with_their_reasons(house: House) -> None:
    async def scenario(seat: Seat) -> None:
        await open_with(seat, "new@x.org nonsense ADA@acme.example")
        await seat.until_shown("1 can be invited · 2 cannot (f8 goes to the next)")
        assert "belongs to Ada Lindqvist" in seat.words
        assert "nonsense: This is no email" in seat.words
        await invite(seat)
        await seat.until_dialog(LINKS)
        await leave_links(seat)
        await seat.until_dialog(INVITE)
        assert field(seat) == "nonsense\nADA@acme.example"
        await seat.until_shown("0 can be invited · 2 cannot")
        await invite(seat)
        await seat.until(lambda: seat.problem.startswith("None of these can be invited"))
        await seat.press("escape")
        await seat.until_dialog("")
        await seat.until_said("1 user invited.")

    sit(house.as_user(), scenario)
    assert house.shown() == ["Ada Lindqvist", "new@x.org"]


def test_says_that_there_is_nobody_to_invite(house: House) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("i")
        await seat.until_dialog(INVITE)
        await invite(seat)
        await seat.until(lambda: bool(seat.error_at("emails")))
        assert "no email" in seat.error_at("emails")

    with_bytes = house.bytes()
    sit(house.as_user(), scenario)
    assert house.bytes() == with_bytes


def test_invites_none_where_there_are_fewer_places_and_gives_the_numbers(house: House) -> None:
    set_limit(house, 3)

    async def scenario(seat: Seat) -> None:
        await open_with(seat, "a@x.org b@x.org c@x.org")
        await seat.until_shown("3 can be invited · 2 places left")
        await invite(seat)
        await seat.until(lambda: bool(seat.error_at("emails")))
        assert "3 users would be added, but 2 of 3 places are left" in seat.error_at("emails")
        assert field(seat) == "a@x.org b@x.org c@x.org"
        assert house.shown() == ["Ada Lindqvist"]
        seat.app.screen.query_one(TextArea).text = "a@x.org b@x.org"
        await seat.until_shown("2 can be invited · 2 places left")
        assert not seat.error_at("emails")
        await invite(seat)
        await seat.until_dialog(LINKS)
        await leave_links(seat)
        await seat.until_shown("3 / 3 USERS IN Acme workspace")

    sit(house.as_user(), scenario)
    assert house.shown() == ["a@x.org", "Ada Lindqvist", "b@x.org"]


def test_is_disabled_at_the_limit_and_the_key_says_why(house: House) -> None:
    house.invite("pia@acme.example")
    set_limit(house, 1)
    reason = "The workspace has 2 of 1 users."

    async def scenario(seat: Seat) -> None:
        assert seat.heading == "2 / 1 USERS IN Acme workspace"
        button = seat.tab.query_one(".main-action", Button)
        assert button.disabled
        assert reason in str(button.tooltip)
        assert reason in seat.text
        assert " Invite " not in seat.text.splitlines()[-1]
        await seat.press("i")
        await seat.until_said(reason)
        assert seat.dialog == ""
        set_limit(house, None)
        await seat.until(lambda: not button.disabled)

    sit(house.as_user(), scenario)


def test_invites_into_groups(house: House) -> None:
    research = house.add_group("Research")

    async def scenario(seat: Seat) -> None:
        await open_with(seat, "a@x.org")
        await seat.press("tab", "end", "space")
        await seat.until_shown("[x] Research")
        await invite(seat)
        await seat.until_dialog(LINKS)
        await leave_links(seat)
        await seat.until_dialog("")

    sit(house.as_user(), scenario)
    (user,) = house.store().state.table(GROUPS_TABLE)[research]["members"]
    assert house.user(user).email == "a@x.org"


def test_invites_by_the_key_that_saves_elsewhere(house: House) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("i")
        await seat.until_dialog(INVITE)
        await seat.press("ctrl+s")
        await seat.until(lambda: bool(seat.error_at("emails") or seat.problem))
        await seat.type("a@x.org b@x.org")
        await seat.until_shown("2 can be invited")
        await seat.press("ctrl+s")
        await seat.until_dialog(LINKS)

    sit(house.as_user(), scenario)
    assert house.shown() == ["a@x.org", "Ada Lindqvist", "b@x.org"]


def test_copies_all_links_or_one(house: House) -> None:
    async def scenario(seat: Seat) -> None:
        await open_with(seat, "a@x.org b@x.org")
        await seat.until_shown("2 can be invited")
        await invite(seat)
        await seat.until_dialog(LINKS)
        links = seat.app.screen.query_one(TextArea).text
        await seat.press("enter")
        await seat.until_said("Sent to your terminal's clipboard.")
        assert seat.app.clipboard == links
        await seat.press("up", "down", "down", "tab")
        area = seat.app.screen.query_one(TextArea)
        area.cursor_location = (1, 0)
        await seat.click_button("Copy this line's link")
        await seat.until(lambda: seat.app.clipboard == links.split()[3])

    sit(house.as_user(), scenario)


def test_says_that_the_urls_are_still_the_prefilled_ones_while_they_are(house: House) -> None:
    async def invited(seat: Seat, email: str) -> str:
        await open_with(seat, email)
        await seat.until_shown("1 can be invited")
        await invite(seat)
        await seat.until_dialog(LINKS)
        shown = seat.words
        await leave_links(seat)
        await seat.until_dialog("")
        return shown

    async def scenario(seat: Seat) -> None:
        notice = "The server URLs are still the ones that the first start filled in."
        assert notice in await invited(seat, "a@x.org")
        house.admin.edit_settings(settings_edit(house.admin, api_url="https://api.acme.example"))
        await seat.press("r")
        await seat.until_said("Up to date.")
        second = await invited(seat, "b@x.org")
        assert notice not in second
        assert "https://api.acme.example/join/" in second

    sit(house.as_user(), scenario)


def test_the_button_opens_it_and_one_at_a_time(house: House) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("i", "i", "i")
        await seat.until_dialog(INVITE)
        assert len(seat.app.screen_stack) == 2
        await seat.press("escape")
        await seat.until_dialog("")
        await seat.click_button("+ INVITE USER")
        await seat.until_dialog(INVITE)
        await seat.press("escape")
        await seat.until_dialog("")

    sit(house.as_user(), scenario, size=OVER)


def test_two_presses_of_the_button_invite_once(house: House) -> None:
    async def scenario(seat: Seat) -> None:
        await open_with(seat, "a@x.org")
        await seat.until_shown("1 can be invited")
        before = house.as_user().commit
        button = seat.app.screen.query_one("#invite", Button)
        button.press()
        button.press()
        await seat.until_dialog(LINKS)
        await leave_links(seat)
        await seat.until_dialog("")
        assert house.as_user().commit == before + 1
        assert seat.said.count("1 user invited.") == 1

    sit(house.as_user(), scenario)


def test_sends_again_a_new_link_and_leaves_the_date(house: House, pia: str) -> None:
    former = house.invitation(pia)
    house.clock.advance(days=20)

    async def scenario(seat: Seat) -> None:
        await seat.go_to("Pia")
        await seat.press("enter")
        await seat.until_shown("Link expired")
        await seat.click_button("Send again")
        await seat.until_dialog(LINKS)
        assert "pia@acme.example http://clearml:8008/join/" in seat.words
        await leave_links(seat)
        await seat.until_shown("Link good until Apr 5, 2026 09:30")
        assert "Invited Mar 2, 2026" in seat.words

    sit(house.as_user(), scenario)
    assert house.invitation(pia).token_hash != former.token_hash
    assert house.user(pia).invited_at is not None


def test_sends_again_to_all_marked_or_says_who_has_joined(house: House, pia: str, bob: str) -> None:
    house.invite("quy@acme.example", name="Quy")

    async def scenario(seat: Seat) -> None:
        await seat.press("asterisk")
        await seat.tab.run_action("send_again")
        await seat.until_said("has joined and needs no link")
        assert seat.dialog == ""
        await seat.press("escape")
        for called in ("Pia", "Quy"):
            await seat.go_to(called)
            await seat.press("space")
        await seat.tab.run_action("send_again")
        await seat.until_dialog(LINKS)
        assert "pia@acme.example" in seat.text
        assert "quy@acme.example" in seat.text

    sit(house.as_user(), scenario)


def test_withdraws_an_invitation(house: House, pia: str) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.go_to("Pia")
        await seat.press("d")
        await seat.until_dialog("Confirmation")
        assert "Withdraw the invitation of Pia?" in seat.text
        assert "its link stops working" in seat.words
        await seat.type("pia")
        await seat.press("enter")
        await seat.until_dialog("")
        await seat.until(lambda: seat.rows == ["Ada Lindqvist"])

    sit(house.as_user(), scenario)
    assert house.shown() == ["Ada Lindqvist"]


def test_whoever_joins_by_the_link_is_active_in_an_open_terminal(house: House) -> None:
    (link,) = house.admin.invite_users([invitee("pia@acme.example", "Pia")], [])
    token = link.link.rpartition("/")[2]

    async def scenario(seat: Seat) -> None:
        await seat.go_to("Pia")
        await seat.press("enter")
        await seat.until_shown("Link good until")
        await asyncio.to_thread(house.as_member(link.user).join_by_link, token, "Pia Ping")
        await seat.until(lambda: "Pia Ping" in seat.rows and "● Active" in seat.words)
        await seat.until_shown("Default Credentials")
        assert "Link good until" not in seat.words

    sit(house.as_user(), scenario)


def test_two_hundred_emails_are_one_change(house: House) -> None:
    async def scenario(seat: Seat) -> None:
        await open_with(seat, "\n".join(f"user{number}@x.org" for number in range(200)))
        await seat.until_shown("200 can be invited")
        before = house.as_user().commit
        await invite(seat)
        await seat.until_dialog(LINKS)
        assert house.as_user().commit == before + 1

    sit(house.as_user(), scenario)
    assert len(house.shown()) == 201


def test_links_are_saved_to_a_file_and_nobody_is_asked_then(house: House, home: Path) -> None:
    async def scenario(seat: Seat) -> None:
        await open_with(seat, "a@x.org, b@x.org")
        await invite(seat)
        await seat.until_dialog(LINKS)
        links = seat.app.screen.query_one(TextArea).text
        await seat.click_button("Save…")
        await seat.until_dialog("ExportText")
        await seat.press("ctrl+s")
        await seat.until_dialog(LINKS)
        saved = home / "clearml-invitations.txt"
        assert saved.read_text() == links
        assert saved.stat().st_mode & 0o777 == 0o600
        await seat.press("escape")
        await seat.until_dialog("")

    sit(house.as_user(), scenario)


def test_one_of_two_links_is_not_all_of_them(house: House) -> None:
    async def scenario(seat: Seat) -> None:
        await open_with(seat, "a@x.org, b@x.org")
        await invite(seat)
        await seat.until_dialog(LINKS)
        links = seat.app.screen.query_one(TextArea).text.split()
        # The arrows go through the lines, though the focus is on a button.
        await seat.press("down", "tab", "enter")
        await seat.until(lambda: seat.app.clipboard == links[3])
        await seat.press("escape")
        await seat.until_dialog("Confirmation")
        assert "Leave without having copied or saved 1 of them?" in seat.words
        await seat.press("escape")
        await seat.until_dialog(LINKS)
        await seat.press("enter", "escape")
        await seat.until_dialog("")

    sit(house.as_user(), scenario)


def test_a_key_leads_to_the_next_that_cannot_be_invited(house: House) -> None:
    async def scenario(seat: Seat) -> None:
        await open_with(seat, "a@x.org odd b@x.org\nuid=c@x.org d@x.org")
        await seat.until_shown("3 can be invited · 2 cannot (f8 goes to the next)")
        area = seat.app.screen.query_one(TextArea)
        for bad in ("odd", "uid=c@x.org", "odd"):
            await seat.press("f8")
            assert area.selected_text == bad

    sit(house.as_user(), scenario)


def test_a_key_sends_an_invitation_again(house: House, pia: str) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.go_to("Pia")
        await seat.press("l")
        await seat.until_dialog(LINKS)
        await leave_links(seat)

    sit(house.as_user(), scenario)
