"""Opening the link of an invitation, joining by it, and what it says when it has ended."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from store.errors import AccessEnded, InvalidInput, LinkEnded, StoreReadOnly, StoreUnreadable
from store.invitation_links import LinkStatus, OpenedLink
from store.minting import hash_of_token
from store.models import EndedLink, User
from store.operations import ended_links
from store.persistence.store import Store
from store.terms import ENDED_LINKS_TABLE, USERS_TABLE
from store.workspace import Workspace
from tests.store.chain import checked_chain
from tests.store.house import HOSTILE_NAMES, House, edit_of, invitee
from tests.store.keyring import put

DAYS = 14


def linked(house: House, email: str = "pia@acme.example", name: str = "Pia") -> tuple[str, str]:
    """The id of somebody who was invited, and the token of their link."""
    (link,) = house.admin.invite_users([invitee(email, name)], [])
    return link.user, token_in(link.link)


def token_in(link: str) -> str:
    """The secret part of a link."""
    return link.rpartition("/")[2]


def opened(house: House, token: str) -> OpenedLink:
    """What somebody is told who opens a link, in nobody's name, by what the files hold."""
    return Workspace(house.store(), "", clock=house.clock).opened_link(token)


def ended_on_disk(house: House) -> dict[str, EndedLink]:
    """What is kept of ended links."""
    table = house.store(read_only=True).state.table(ENDED_LINKS_TABLE)
    return {key: EndedLink.of(document) for key, document in table.items()}


class TestOpening:
    def test_a_good_link_says_who_invites_whom_to_what(self, house: House) -> None:
        user, token = linked(house)
        before = house.bytes()
        assert opened(house, token) == OpenedLink(
            LinkStatus.GOOD, "Acme", user, "pia@acme.example", "Pia", "Ada Lindqvist"
        )
        assert house.bytes() == before

    def test_who_sends_it_again_is_who_invites(self, house: House) -> None:
        user, _ = linked(house)
        house.add_administrator("eve@acme.example", "Eve")
        (link,) = house.as_user("eve@acme.example").send_invitations_again([user])
        assert opened(house, token_in(link.link)).inviter == "Eve"
        house.admin.remove_users([house.as_user("eve@acme.example").actor])
        assert opened(house, token_in(link.link)).inviter == "Eve"

    def test_one_that_was_sent_before_that_was_kept_names_nobody(self, house: House) -> None:
        user, token = linked(house)
        document = house.user(user).document()
        del document["invitation"]["invited_by"]
        put(house, USERS_TABLE, document)
        found = opened(house, token)
        assert (found.status, found.inviter) == (LinkStatus.GOOD, "")

    @pytest.mark.parametrize(
        "token", ["", "x", "x" * 100_000, "\0", "\ud800", "é", "0" * 64, "../" * 9]
    )
    def test_of_an_unknown_one_nothing_is_told(self, house: House, pia: str, token: str) -> None:
        assert opened(house, token) == OpenedLink(LinkStatus.UNKNOWN)

    def test_the_hash_that_is_kept_opens_nothing(self, house: House) -> None:
        _, token = linked(house)
        assert opened(house, hash_of_token(token)) == OpenedLink(LinkStatus.UNKNOWN)

    def test_it_ends_after_fourteen_days_to_the_second(self, house: House) -> None:
        _, token = linked(house)
        house.clock.advance(days=DAYS, seconds=-1)
        assert opened(house, token).status is LinkStatus.GOOD
        house.clock.advance(seconds=1)
        found = opened(house, token)
        assert (found.status, found.inviter) == (LinkStatus.EXPIRED, "Ada Lindqvist")
        assert (found.email, found.name) == ("", "")

    def test_while_the_user_is_suspended_it_lets_nobody_in(self, house: House) -> None:
        user, token = linked(house)
        house.admin.suspend_users([user])
        assert opened(house, token).status is LinkStatus.SUSPENDED
        house.admin.let_users_back_in([user])
        assert opened(house, token).status is LinkStatus.GOOD

    def test_another_email_leaves_it_good(self, house: House) -> None:
        user, token = linked(house)
        house.admin.edit_user(edit_of(house.admin, user, email="p@acme.example"))
        assert opened(house, token).email == "p@acme.example"

    @pytest.mark.parametrize(
        ("table", "document"),
        [
            (ENDED_LINKS_TABLE, {"how": "stolen", "ended_at": "2026-03-02T09:30:00Z"}),
            (ENDED_LINKS_TABLE, {"how": []}),
            (ENDED_LINKS_TABLE, {}),
        ],
    )
    def test_a_damaged_record_is_told(
        self, house: House, table: str, document: dict[str, object]
    ) -> None:
        put(house, table, {"id": hash_of_token("a"), "revision": 1, **document})
        with pytest.raises(StoreUnreadable, match=table):
            opened(house, "a")


class TestJoining:
    def test_by_the_link_is_one_change_of_the_users_own(self, house: House) -> None:
        user, token = linked(house)
        house.clock.advance(days=3)
        commit = house.as_user().commit
        issued = house.as_member(user).join_by_link(token, "Pia Paw")

        kept = house.user(user)
        assert (kept.status, kept.name, kept.joined_at) == ("Active", "Pia Paw", house.at)
        assert kept.invitation is None
        assert (issued.member, issued.called, issued.label) == (
            user,
            "Pia Paw",
            "Default Credentials",
        )
        signed_in = house.as_user().authenticate(issued.access_key, issued.secret_key)
        assert signed_in.member == user
        entry = checked_chain(house.folder)[-1]
        assert house.as_user().commit == commit + 1
        assert (entry["operation"], entry["actor"]) == ("join_by_link", user)
        assert entry["targets"] == [user, issued.access_key]
        assert entry["changed"] == {
            "name": ["Pia", "Pia Paw"],
            "label": ["", "Default Credentials"],
        }
        said = b"".join(house.bytes().values())
        assert token.encode() not in said
        assert issued.secret_key.encode() not in said

    @pytest.mark.parametrize("name", ["", " ", "\u3000"])
    def test_without_a_name_it_is_the_invitations(self, house: House, name: str) -> None:
        user, token = linked(house)
        house.as_member(user).join_by_link(token, name)
        assert house.user(user).name == "Pia"

    @pytest.mark.parametrize("name", ["", " ", "x" * 1_001, "half \ud83d of it"])
    def test_a_name_that_is_none(self, house: House, name: str) -> None:
        user, token = linked(house, name="")
        with house.refuses(InvalidInput, field="name"):
            house.as_member(user).join_by_link(token, name)
        assert opened(house, token).status is LinkStatus.GOOD

    @pytest.mark.parametrize("name", HOSTILE_NAMES)
    def test_a_hostile_name_is_kept_as_it_is(self, house: House, name: str) -> None:
        user, token = linked(house, name="")
        house.as_member(user).join_by_link(token, name)
        assert house.user(user).name == name

    def test_who_comes_back_gets_another_label(self, house: House) -> None:
        user, token = linked(house)
        house.as_member(user).join_by_link(token, "")
        house.admin.refresh()
        house.admin.remove_users([user])
        again, token = linked(house, name="")
        assert again == user
        assert opened(house, token).name == "Pia"
        assert house.as_member(user).join_by_link(token, "").label == "Credential 2"

    def test_of_many_at_once_one_gets_in(self, house: House) -> None:
        user, token = linked(house)
        commit = house.as_user().commit
        doors = [house.as_member(user) for _ in range(6)]

        def join(door: Workspace) -> str:
            try:
                return door.join_by_link(token, "").access_key
            except LinkEnded:
                return ""

        with ThreadPoolExecutor(len(doors)) as threads:
            keys = [key for key in threads.map(join, doors * 2) if key]
        assert len(keys) == 1
        assert house.as_user().commit == commit + 1
        assert list(house.store().state.every_credential_of(user)) == keys

    def test_another_ones_link_lets_nobody_in(self, house: House) -> None:
        user, _ = linked(house)
        _, token = linked(house, "quy@acme.example", "Quy")
        with house.refuses(LinkEnded):
            house.as_member(user).join_by_link(token, "")

    def test_an_expired_one_lets_nobody_in(self, house: House) -> None:
        user, token = linked(house)
        house.clock.advance(days=DAYS)
        with house.refuses(LinkEnded):
            house.as_member(user).join_by_link(token, "")

    @pytest.mark.parametrize("end", ["remove_users", "suspend_users"])
    def test_nobody_joins_whose_access_ended_meanwhile(self, house: House, end: str) -> None:
        user, token = linked(house)
        door = house.as_member(user)
        getattr(house.admin, end)([user])
        with house.refuses(AccessEnded):
            door.join_by_link(token, "")

    def test_nobody_joins_by_a_link_that_was_replaced_meanwhile(self, house: House) -> None:
        user, token = linked(house)
        door = house.as_member(user)
        house.admin.send_invitations_again([user])
        with house.refuses(LinkEnded):
            door.join_by_link(token, "")

    def test_read_only_lets_nobody_in(self, house: House) -> None:
        user, token = linked(house)
        with house.refuses(StoreReadOnly, says="--read-only"):
            Workspace(house.store(read_only=True), user, clock=house.clock).join_by_link(token, "")


def use(house: House, user: str, token: str) -> None:
    """Join by the link."""
    house.as_member(user).join_by_link(token, "")


ENDS: dict[LinkStatus, Callable[[House, str, str], object]] = {
    LinkStatus.USED: use,
    LinkStatus.JOINED: lambda house, user, _: house.as_member(user).join(),
    LinkStatus.WITHDRAWN: lambda house, user, _: house.admin.remove_users([user]),
    LinkStatus.REPLACED: lambda house, user, _: house.admin.send_invitations_again([user]),
}


class TestEnded:
    @pytest.mark.parametrize("how", ENDS)
    def test_it_says_why(self, house: House, how: LinkStatus) -> None:
        user, token = linked(house)
        ENDS[how](house, user, token)
        assert opened(house, token) == OpenedLink(how, "Acme")
        with pytest.raises((LinkEnded, AccessEnded)):
            house.as_member(user).join_by_link(token, "")
        # Whatever becomes of the user.
        house.admin.refresh()
        if how is not LinkStatus.WITHDRAWN:
            house.admin.remove_users([user])
        _, new = linked(house)
        assert opened(house, token).status is how
        assert opened(house, new).status is LinkStatus.GOOD

    def test_an_expired_one_that_is_withdrawn_was_withdrawn(self, house: House) -> None:
        user, token = linked(house)
        house.clock.advance(days=DAYS)
        house.admin.remove_users([user])
        assert opened(house, token).status is LinkStatus.WITHDRAWN

    def test_it_says_so_for_ninety_days(self, house: House) -> None:
        former, token = linked(house)
        house.admin.remove_users([former])
        later, second = linked(house, "quy@acme.example")
        house.clock.advance(days=90, seconds=-1)
        house.admin.remove_users([later])
        assert len(ended_on_disk(house)) == 2
        house.clock.advance(seconds=1)
        third, _ = linked(house, "rob@acme.example")
        house.admin.remove_users([third])
        assert opened(house, token).status is LinkStatus.UNKNOWN
        assert opened(house, second).status is LinkStatus.WITHDRAWN
        assert len(ended_on_disk(house)) == 2

    def test_of_too_many_the_oldest_are_forgotten(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(ended_links, "MOST_KEPT", 3)
        tokens = []
        for number in range(5):
            user, token = linked(house, f"{number}@acme.example")
            tokens.append(token)
            house.clock.advance(seconds=1)
            house.admin.remove_users([user])
        told = [opened(house, token).status for token in tokens]
        assert told == [LinkStatus.UNKNOWN] * 2 + [LinkStatus.WITHDRAWN] * 3
        many = [linked(house, f"many{number}@acme.example")[0] for number in range(4)]
        house.admin.remove_users(many)
        assert len(ended_on_disk(house)) == 3

    def test_one_that_does_not_say_when_goes_with_the_next(self, house: House) -> None:
        user, _ = linked(house)
        put(house, ENDED_LINKS_TABLE, {"id": "x", "revision": 1, "how": "used", "ended_at": 7})
        house.admin.remove_users([user])
        assert "x" not in ended_on_disk(house)

    def test_a_former_store_has_none(self, house: House) -> None:
        user, token = linked(house)
        path = house.folder / "workspace.json"
        tables = json.loads(path.read_bytes())
        assert ENDED_LINKS_TABLE not in tables
        for document in tables["users"].values():
            document.get("invitation", {}).pop("invited_by", None)
        path.write_text(json.dumps(tables))
        assert opened(house, token).status is LinkStatus.GOOD
        use(house, user, token)
        assert opened(house, token).status is LinkStatus.USED

    def test_the_index_follows_each_change(self, house: House) -> None:
        store = house.store()
        store.state.index("invitation")
        here = Workspace(store, house.admin.actor, clock=house.clock, mint=house.mint)
        (link,) = here.invite_users([invitee("pia@acme.example", "Pia")], [])
        assert here.opened_link(token_in(link.link)).status is LinkStatus.GOOD
        (again,) = here.send_invitations_again([link.user])
        assert here.opened_link(token_in(link.link)).status is LinkStatus.REPLACED
        assert here.opened_link(token_in(again.link)).status is LinkStatus.GOOD
        here.remove_users([link.user])
        assert here.opened_link(token_in(again.link)).status is LinkStatus.WITHDRAWN
        users = map(User.of, Store(house.folder).state.table(USERS_TABLE).values())
        assert not any(user.invitation for user in users)
