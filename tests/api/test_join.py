"""The page that the link of an invitation opens, and joining by it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.limits import MOST_BODY
from store.operations.invitations import InvitationLink
from store.persistence.lock import StoreLock
from store.persistence.signing_secret import SigningSecret
from store.text import visible
from tests.api.caller import Caller
from tests.api.visitor import Reading, Seen, Visitor, path_of, token_of
from tests.cli.console import listing
from tests.effort import effort
from tests.store.house import HOSTILE_NAMES, House, edit_of, invitee, settings_edit
from tests.store.test_configuration import parsed

MARKUP = ('"><script>alert(1)</script>', "</style><b>", "&lt;", "{{ 7*7 }}", "' onfocus='x", "א ב")
NASTY = (*HOSTILE_NAMES, *MARKUP)
URLS = ["http://clearml:8080", "http://clearml:8008", "http://clearml:8081"]


@pytest.fixture
def visitor(caller: Caller) -> Visitor:
    """Opens the pages of an endpoint over the house's store."""
    return Visitor(caller)


@pytest.fixture
def link(house: House) -> InvitationLink:
    """The link of Pia, who was invited."""
    return invited(house)


def invited(house: House, email: str = "pia@acme.example", name: str = "Pia Paw") -> InvitationLink:
    """The link of somebody who was invited."""
    return house.admin.invite_users([invitee(email, name)], [])[0]


def keys_in(page: Reading) -> tuple[str, str]:
    """The keys that a page shows, which must be the same in all forms."""
    *urls, access_key, secret_key = parsed(page.texts["section"])
    assert urls == URLS
    assert [page.texts["access-key"], page.texts["secret-key"]] == [access_key, secret_key]
    for form, begin in (("shell", "export"), ("notebook", "%env")):
        lines = page.texts[form].splitlines()
        assert lines[0] == f"{begin} CLEARML_WEB_HOST={URLS[0]}"
        assert lines[-1] == f"{begin} CLEARML_API_SECRET_KEY={secret_key}"
        assert len(lines) == 5
    return access_key, secret_key


def credentials_of(house: House, user: str) -> list[str]:
    """The access keys of a user's credentials."""
    return list(house.store(read_only=True).state.credentials_of(user))


class TestOpening:
    def test_it_says_who_invites_whom_to_what_and_changes_nothing(
        self, house: House, visitor: Visitor, link: InvitationLink
    ) -> None:
        visitor.open("/join/nothing")
        before = listing(house.folder)
        for _ in range(3):
            seen = visitor.open(path_of(link))
        assert seen.status == 200
        assert seen.page.headings == ["Join ", "Acme"]
        assert (
            "Ada Lindqvist invites you, pia@acme.example, to the ClearML workspace Acme."
            in seen.page.words
        )
        assert seen.page.field["value"] == "Pia Paw"
        assert "required" not in seen.page.field
        assert "aria-invalid" not in seen.page.field
        assert listing(house.folder) == before

    def test_a_name_is_required_where_the_invitation_gave_none(
        self, house: House, visitor: Visitor
    ) -> None:
        seen = visitor.open(path_of(invited(house, name="")))
        assert seen.page.field["value"] == ""
        assert "required" in seen.page.field

    def test_a_look_ahead_changes_nothing_either(
        self, house: House, visitor: Visitor, link: InvitationLink
    ) -> None:
        before = house.bytes()
        seen, ahead = visitor.open(path_of(link)), visitor.open(path_of(link), "HEAD")
        assert (ahead.status, ahead.headers) == (seen.status, seen.headers)
        assert visitor.open("/join/nothing", "HEAD").status == 404
        assert house.bytes() == before

    @pytest.mark.parametrize("name", NASTY)
    def test_names_are_text_and_nothing_of_them_is_hidden(
        self, house: House, visitor: Visitor, name: str
    ) -> None:
        house.admin.edit_settings(settings_edit(house.admin, name=name))
        house.admin.edit_user(edit_of(house.admin, house.admin.actor, name=name))
        link = invited(house, name=name)
        seen = visitor.open(path_of(link))
        shown = " ".join(visible(name).split())
        assert f"{shown} invites you, pia@acme.example, to the ClearML workspace {shown}." in (
            seen.page.words
        )
        assert seen.page.field["value"] == visible(name)
        # Sent as it was shown, the name stays what it was.
        joined = visitor.send(path_of(link))
        assert joined.status == 200
        assert house.user(link.user).name == name
        assert f"You are {shown} there" in joined.page.words
        assert f"You have joined {shown}" in joined.page.words
        used = visitor.open(path_of(link))
        assert f"Somebody has joined {shown} with it" in used.page.words

    @pytest.mark.parametrize(
        "path",
        [
            "/join",
            "/join/",
            "/join//",
            "/join/nothing",
            "/join/a/b",
            "/join/%00",
            "/join/%ff",
            "/join/%1b[2J",
            "/join/%3Cscript%3E",
            "/join/" + "x" * 50_000,
        ],
    )
    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_an_unknown_link_tells_nothing(
        self, visitor: Visitor, link: InvitationLink, path: str, method: str
    ) -> None:
        seen = visitor.open(path) if method == "GET" else visitor.send(path, "Eve")
        assert seen.status == 404
        assert seen.page.headings == ["This link is not known"]
        assert "Acme" not in seen.page.text
        assert visitor.caller.lines[-1].partition(" /join")[2].startswith(("/… 404", " 404"))

    def test_a_longer_or_shorter_link_is_another(
        self, visitor: Visitor, link: InvitationLink
    ) -> None:
        path = path_of(link)
        for other in (path[:-1], f"{path}.", f"{path}/", f"{path}/x", f"/join/{path}"):
            assert visitor.open(other).status == 404
        assert visitor.open(path).status == 200


class TestJoining:
    def test_the_form_as_it_is_makes_active_and_shows_a_credential_once(
        self, house: House, caller: Caller, visitor: Visitor, link: InvitationLink
    ) -> None:
        house.clock.advance(days=1)
        seen = visitor.send(path_of(link))
        assert seen.status == 200
        assert "You are Pia Paw there" in seen.page.words
        assert "# Acme: Pia Paw (Default Credentials)" in seen.page.texts["section"]
        keys = keys_in(seen.page)
        kept = house.user(link.user)
        assert (kept.status, kept.name, kept.joined_at) == ("Active", "Pia Paw", house.at)
        assert credentials_of(house, link.user) == [keys[0]]
        caller.sign_in(keys)
        for again in (visitor.open(path_of(link)), visitor.send(path_of(link), "Pia")):
            assert (again.status, again.page.headings) == (410, ["This link has been used"])
            assert keys[0] not in again.page.text
            assert keys[1] not in again.page.text
        assert credentials_of(house, link.user) == [keys[0]]

    @pytest.mark.parametrize("name", ["Pia Ping", "Jörg Ñandú 🙂", "a+b&name=c %41"])
    def test_by_another_name(
        self, house: House, visitor: Visitor, link: InvitationLink, name: str
    ) -> None:
        keys_in(visitor.send(path_of(link), name).page)
        assert house.user(link.user).name == name

    @pytest.mark.parametrize("name", ["", "  "])
    def test_a_name_that_was_emptied_is_the_invitations(
        self, house: House, visitor: Visitor, link: InvitationLink, name: str
    ) -> None:
        assert visitor.send(path_of(link), name).status == 200
        assert house.user(link.user).name == "Pia Paw"

    @pytest.mark.parametrize(
        ("name", "problem"), [("  ", "must not be empty"), ("<b>" * 400, "has 1,200 characters")]
    )
    def test_a_name_that_is_none_is_told_at_its_field(
        self, house: House, visitor: Visitor, name: str, problem: str
    ) -> None:
        link = invited(house, name="")
        before = house.bytes()
        seen = visitor.send(path_of(link), name)
        assert seen.status == 400
        assert problem in seen.page.texts["name-problem"]
        assert seen.page.field["value"] == name
        assert seen.page.field["aria-invalid"] == "true"
        assert (seen.page.field["aria-describedby"] or "").split()[0] == "name-problem"
        assert house.bytes() == before
        assert visitor.send(path_of(link), "Pia").status == 200

    def test_the_activity_says_that_they_did_it_themselves(
        self, house: House, visitor: Visitor, link: InvitationLink
    ) -> None:
        access_key, secret_key = keys_in(visitor.send(path_of(link), "Pia").page)
        newest = house.as_user().activity()[0]
        assert (newest["operation"], newest["actor"]) == ("join_by_link", link.user)
        assert newest["targets"] == [link.user, access_key]
        kept = b"".join(content for _, _, content in listing(house.folder).values())
        assert secret_key.encode() not in kept
        assert token_of(link).encode() not in kept

    def test_of_two_at_once_one_gets_the_credential(
        self, house: House, visitor: Visitor, link: InvitationLink
    ) -> None:
        body = urlencode({"name": "Pia"}).encode()

        async def both() -> list[Seen]:
            asked = (visitor.ask(path_of(link), "POST", body) for _ in range(4))
            return await asyncio.gather(*asked)

        self.see_that_one_got_it(house, link, visitor.caller.run(both()))

    def test_also_at_two_endpoints(self, house: House, link: InvitationLink) -> None:
        callers = [Caller(house) for _ in range(3)]
        with ThreadPoolExecutor(len(callers)) as threads:
            seen = list(threads.map(lambda one: Visitor(one).send(path_of(link), "Pia"), callers))
        for caller in callers:
            caller.close()
        self.see_that_one_got_it(house, link, seen)

    def see_that_one_got_it(self, house: House, link: InvitationLink, seen: list[Seen]) -> None:
        """See that one was shown a credential, and the others that the link was used."""
        good = [one for one in seen if one.status == 200]
        used = [one for one in seen if one.status == 410]
        assert (len(good), len(used)) == (1, len(seen) - 1)
        assert all(one.page.headings == ["This link has been used"] for one in used)
        assert credentials_of(house, link.user) == [keys_in(good[0].page)[0]]

    def test_urls_that_nobody_has_confirmed_are_told(
        self, house: House, visitor: Visitor, link: InvitationLink
    ) -> None:
        assert "those that were filled in when" in visitor.send(path_of(link), "Pia").page.words
        web, api, files = (url.replace("clearml", "host") for url in URLS)
        edit = settings_edit(house.admin, web_url=web, api_url=api + "/api", files_url=files)
        house.admin.edit_settings(edit)
        other = invited(house, "quy@acme.example", "Quy")
        assert other.link.startswith("http://host:8008/api/join/")
        words = visitor.send(path_of(other), "Quy").page.words
        assert "filled in" not in words
        # What the dialog says of such URLs is said here, too.
        assert "Save the section as ~/clearml.conf instead of pasting it" in words
        assert "or paste it" not in words

    def test_the_lines_of_the_log_hold_no_secret(self, house: House, link: InvitationLink) -> None:
        caller = Caller(house, address="10.0.0.9", trusted=("10.0.0.0/8",))
        visitor = Visitor(caller)
        forwarded = {"x_forwarded_for": "192.0.2.44"}
        path = path_of(link)
        seen = visitor.send_bytes(path, b"name=Pia&x=" + token_of(link).encode(), **forwarded)
        visitor.send_bytes(path, b"name=Pia", **forwarded)
        caller.close()
        said = "\n".join(caller.lines)
        for secret in (token_of(link), *keys_in(seen.page), "Pia"):
            assert secret not in said
        assert " 192.0.2.44 POST /join/… 200 " in caller.lines[0]
        assert caller.lines[0].endswith(f" member={link.user}")
        assert " 192.0.2.44 POST /join/… 410 " in caller.lines[1]
        assert caller.lines[1].endswith(" link=used")


def use(house: House, link: InvitationLink) -> None:
    """Join by the link."""
    house.as_member(link.user).join_by_link(token_of(link), "")


def withdraw_and_invite_again(house: House, link: InvitationLink) -> None:
    """Withdraw the invitation, and send another to the same email."""
    house.admin.remove_users([link.user])
    invited(house)


def join_and_be_removed(house: House, link: InvitationLink) -> None:
    """Join by the link, and be removed."""
    use(house, link)
    house.admin.refresh()
    house.admin.remove_users([link.user])


End = Callable[[House, InvitationLink], object]
ENDS: dict[str, tuple[End, int, str, str]] = {
    "used": (use, 410, "This link has been used", "tell an administrator of the workspace at once"),
    "used, then removed": (join_and_be_removed, 410, "This link has been used", "good once"),
    "expired": (
        lambda house, link: house.clock.advance(days=14),
        410,
        "This link has expired",
        "ask Ada Lindqvist to send it again",
    ),
    "withdrawn": (
        lambda house, link: house.admin.remove_users([link.user]),
        410,
        "This invitation was withdrawn",
        "An administrator of Acme has taken it back",
    ),
    "withdrawn and invited again": (
        withdraw_and_invite_again,
        410,
        "This invitation was withdrawn",
        "invite you again",
    ),
    "sent again": (
        lambda house, link: house.admin.send_invitations_again([link.user]),
        410,
        "There is a newer link",
        "Open the one that was sent last",
    ),
    "joined otherwise": (
        lambda house, link: house.as_member(link.user).join(),
        410,
        "You have joined already",
        "since you signed in for the first time",
    ),
    "suspended": (
        lambda house, link: house.admin.suspend_users([link.user]),
        403,
        "You are suspended",
        "Ask Ada Lindqvist. The link works again",
    ),
}


class TestEnded:
    @pytest.mark.parametrize("end", ENDS)
    def test_it_says_why_in_its_own_words(
        self, house: House, visitor: Visitor, link: InvitationLink, end: str
    ) -> None:
        run, status, heading, words = ENDS[end]
        assert visitor.open(path_of(link)).status == 200
        run(house, link)
        before = house.bytes()
        for seen in (visitor.open(path_of(link)), visitor.send(path_of(link), "Pia")):
            assert (seen.status, seen.page.headings) == (status, [heading])
            assert words in seen.page.words
            assert seen.page.field == {}
            assert "pia@acme.example" not in seen.page.text
        assert house.bytes() == before

    @pytest.mark.parametrize("end", sorted(set(ENDS) - {"expired"}))
    def test_also_what_happens_while_the_form_is_being_sent(
        self,
        house: House,
        visitor: Visitor,
        link: InvitationLink,
        end: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        run, status, heading, _ = ENDS[end]
        open_as = visitor.caller.served.open_as

        def late(member: str) -> Any:
            # After the look at the link, and before anything is changed.
            workspace = open_as(member)
            run(house, link)
            return workspace

        monkeypatch.setattr(visitor.caller.served, "open_as", late)
        seen = visitor.send(path_of(link), "Pia")
        assert (seen.status, seen.page.headings) == (status, [heading])

    def test_whoever_is_let_back_in_can_join(
        self, house: House, visitor: Visitor, link: InvitationLink
    ) -> None:
        house.admin.suspend_users([link.user])
        assert visitor.send(path_of(link), "Pia").status == 403
        house.admin.let_users_back_in([link.user])
        assert visitor.send(path_of(link), "Pia").status == 200

    def test_a_new_link_is_good_where_the_former_has_expired(
        self, house: House, visitor: Visitor, link: InvitationLink
    ) -> None:
        house.clock.advance(days=20)
        (again,) = house.admin.send_invitations_again([link.user])
        assert visitor.open(path_of(link)).page.headings == ["There is a newer link"]
        assert visitor.send(path_of(again), "Pia").status == 200


class TestWhatElseIsSent:
    @pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "post", "X"])
    def test_other_methods(self, visitor: Visitor, link: InvitationLink, method: str) -> None:
        for path in (path_of(link), "/join/nothing", "/join"):
            seen = visitor.open(path, method)
            assert (seen.status, seen.headers["allow"]) == (405, "GET, HEAD, POST")

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"name",
            b"nam=Pia",
            b"name=%ff",
            b"name=\xff\xfe",
            b"name=%ED%A0%80",
            b"name=a&name=b",
            b'{"name": "Pia"}',
            b"name=a" + b"&b=c" * 10_001,
            b"--x\r\nContent-Disposition: form-data; name=name\r\n\r\nPia\r\n--x--",
            b"\x00",
        ],
        ids=lambda body: repr(body[:12]),
    )
    def test_what_is_no_form(
        self, house: House, visitor: Visitor, link: InvitationLink, body: bytes
    ) -> None:
        before = house.bytes()
        seen = visitor.send_bytes(path_of(link), body)
        if body == b"name":
            # A field without a value is an empty one.
            assert seen.status == 200
            return
        assert seen.status == 400
        assert "not what the form of this page sends" in seen.page.words
        assert house.bytes() == before

    def test_what_is_too_large(self, house: House, visitor: Visitor, link: InvitationLink) -> None:
        before = house.bytes()
        assert visitor.send_bytes(path_of(link), b"name=" + b"x" * MOST_BODY).status == 413
        seen = visitor.send_bytes(path_of(link), b"name=x", content_length=str(MOST_BODY + 1))
        assert seen.status == 413
        assert "larger than the form" in seen.page.words
        assert house.bytes() == before

    def test_what_a_browser_sends_beside_the_name_is_of_no_matter(
        self, house: House, visitor: Visitor, link: InvitationLink
    ) -> None:
        seen = visitor.send_bytes(
            path_of(link),
            b"utm=1&name=Pia+Ping&name2=",
            authorization="Basic !!!",
            cookie="a=b",
            content_type="text/plain",
        )
        assert seen.status == 200
        assert house.user(link.user).name == "Pia Ping"

    def test_a_defect_is_a_page_too(
        self, visitor: Visitor, link: InvitationLink, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def break_down() -> None:
            raise RuntimeError(token_of(link))

        monkeypatch.setattr(visitor.caller.served, "keep_up", break_down)
        with pytest.raises(RuntimeError):
            visitor.open(path_of(link))
        assert " 500 " in visitor.caller.lines[-1]
        assert token_of(link) not in visitor.caller.lines[-1]


class TestNotNow:
    def see_that_it_can_be_tried_again(self, house: House, seen: Seen) -> None:
        """See that the page says so, and nothing of where the store is."""
        assert (seen.status, seen.headers["retry-after"]) == (503, "5")
        assert seen.page.headings == ["Try again in a moment"]
        assert str(house.folder) not in seen.page.text
        assert seen.page.links == [""]

    def test_a_store_that_is_only_read(self, house: House, link: InvitationLink) -> None:
        SigningSecret(house.folder).load()
        caller, before = Caller(house, read_only=True), house.bytes()
        assert Visitor(caller).open(path_of(link)).status == 200
        self.see_that_it_can_be_tried_again(house, Visitor(caller).send(path_of(link), "Pia"))
        assert 'problem="Nothing can be changed' in caller.lines[-1]
        caller.close()
        assert house.bytes() == before

    def test_a_store_that_somebody_else_holds(self, house: House, link: InvitationLink) -> None:
        caller = Caller(house, longest_wait=0.05)
        visitor, before = Visitor(caller), house.bytes()
        with StoreLock(house.folder / "lock").held():
            assert visitor.open(path_of(link)).status == 200
            self.see_that_it_can_be_tried_again(house, visitor.send(path_of(link), "Pia"))
        assert house.bytes() == before
        assert visitor.send(path_of(link), "Pia").status == 200
        caller.close()

    @pytest.mark.parametrize("content", [None, b"{"])
    def test_a_store_that_cannot_be_read(
        self, house: House, visitor: Visitor, link: InvitationLink, content: bytes | None
    ) -> None:
        path = house.folder / "workspace.json"
        away = path.rename(path.with_suffix(".away"))
        if content is not None:
            path.write_bytes(content)
        for seen in (visitor.open(path_of(link)), visitor.send_bytes(path_of(link), b"name=Pia")):
            self.see_that_it_can_be_tried_again(house, seen)
        away.rename(path)
        assert visitor.send(path_of(link), "Pia").status == 200

    def test_a_damaged_record(self, house: House, visitor: Visitor, link: InvitationLink) -> None:
        path = house.folder / "workspace.json"
        tables = json.loads(path.read_bytes())
        for settings_document in tables["workspace"].values():
            settings_document["user_limit"] = "many"
        path.write_text(json.dumps(tables))
        before = house.bytes()
        self.see_that_it_can_be_tried_again(house, visitor.send(path_of(link), "Pia"))
        assert house.bytes() == before


TEXTS = st.text(st.characters(max_codepoint=255), max_size=40)
BODIES = st.binary(max_size=60) | st.text(max_size=40).map(
    lambda name: urlencode({"name": name}, errors="surrogatepass").encode()
)
HEADERS = st.dictionaries(
    st.sampled_from(["x_forwarded_for", "content_length", "content_type", "host", "cookie"]),
    TEXTS,
    max_size=3,
)


@pytest.fixture
def many(house: House) -> Iterator[Callable[[], str]]:
    """Gives the path of a link of somebody who was just invited."""
    numbers = iter(range(1_000_000))
    return lambda: path_of(invited(house, f"{next(numbers)}@acme.example", ""))  # type: ignore[return-value]


@given(
    st.sampled_from(["GET", "HEAD", "POST"]) | TEXTS,
    st.just(None) | TEXTS,
    HEADERS,
    BODIES,
)
@settings(
    max_examples=effort(80),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_whatever_is_sent_the_answer_is_a_page(
    visitor: Visitor,
    many: Callable[[], str],
    method: str,
    token: str | None,
    headers: dict[str, str],
    body: bytes,
) -> None:
    path = many() if token is None else f"/join/{quote(token.replace(chr(10), ''), safe='')}"
    seen = visitor.caller.run(visitor.ask(path, method, body, headers))
    assert seen.status in (200, 400, 404, 405, 413)
