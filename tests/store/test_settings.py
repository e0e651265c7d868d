"""The first start, and the settings of a workspace."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from store.errors import AlreadyExists, Conflict, InvalidInput
from store.operations.workspace_settings import prefilled_urls
from store.persistence.store import Store
from store.workspace import Workspace
from tests.store.chain import checked_chain
from tests.store.house import ADA, FIRST, HOSTILE_NAMES, House, settings_edit

URL_FIELDS = ("web_url", "api_url", "files_url")


class TestFirstStart:
    """A workspace, its creator and the pre-configured groups."""

    def test_the_creator_is_an_active_administrator(self, house: House) -> None:
        here = house.as_user(ADA)
        details = here.user_details(here.actor)
        assert here.is_administrator
        assert (details.row.status, details.login_name) == ("Active", "ada")
        assert (details.invited_at, details.joined_at) == (None, house.at)
        assert details.row.groups == ("Admins", "Users")
        assert checked_chain(house.folder)[0]["actor"] == here.actor

    def test_the_urls_are_prefilled(self, house: House) -> None:
        settings = house.as_user().settings()
        assert [getattr(settings, field) for field in URL_FIELDS] == [
            "http://clearml:8080",
            "http://clearml:8008",
            "http://clearml:8081",
        ]
        assert settings.urls_prefilled
        assert (settings.user_limit, settings.service_account_limit) == (None, None)

    @pytest.mark.parametrize(
        ("field", "values"),
        [
            ("workspace", ["", " ", "x" * 1_001, "\ud83d"]),
            ("name", ["", "\t", "x" * 1_001, "\udfff"]),
            ("email", ["", "ada", "@", "\ud83d@acme.example"]),
            ("login_name", ["x" * 1_001, "caf\udce9"]),
        ],
    )
    def test_a_bad_value_makes_no_store(
        self, tmp_path: Path, field: str, values: list[str]
    ) -> None:
        for value in values:
            with pytest.raises(InvalidInput) as raised:
                Workspace.create(tmp_path / "new", replace(FIRST, **{field: value}))
            assert raised.value.field == field
            assert not (tmp_path / "new").exists()

    @pytest.mark.parametrize("name", HOSTILE_NAMES)
    def test_a_hostile_name_is_kept_as_it_is(self, tmp_path: Path, name: str) -> None:
        first = replace(FIRST, workspace=name, name=name)
        actor = Workspace.create(tmp_path / "new", first).actor
        here = Workspace.open(Store(tmp_path / "new"), who=ADA)
        assert (here.summary().name, here.user_row(actor).called) == (name, name)

    def test_a_second_one_is_refused(self, house: House) -> None:
        with house.refuses(AlreadyExists):
            Workspace.create(house.folder, FIRST)


class TestSettings:
    """What an edit keeps and refuses."""

    def test_everything_at_once(self, house: House) -> None:
        edit = settings_edit(
            house.admin,
            name=" Acme Corp ",
            user_limit=7,
            service_account_limit=2,
            web_url="https://app.acme.example/",
            api_url="https://api.acme.example",
            files_url="https://[::1]:8081/files",
        )
        house.admin.edit_settings(edit)
        kept = house.as_user().settings()
        assert (kept.name, kept.user_limit, kept.service_account_limit) == ("Acme Corp", 7, 2)
        assert [getattr(kept, field) for field in URL_FIELDS] == [
            edit.web_url,
            edit.api_url,
            edit.files_url,
        ]
        assert not kept.urls_prefilled
        assert kept.revision == edit.revision + 1
        assert checked_chain(house.folder)[-1]["changed"]["user_limit"] == [None, 7]

    def test_urls_that_stay_are_still_the_prefilled_ones(self, house: House) -> None:
        house.admin.edit_settings(settings_edit(house.admin, name="New"))
        assert house.as_user().settings().urls_prefilled

    def test_a_limit_can_be_lifted(self, house: House) -> None:
        house.admin.edit_settings(settings_edit(house.admin, user_limit=1))
        house.admin.edit_settings(settings_edit(house.admin))
        assert house.as_user().summary().user_limit is None

    def test_a_new_api_url_is_that_of_the_next_link(self, house: House) -> None:
        house.admin.edit_settings(settings_edit(house.admin, api_url="https://api.x.example/v/"))
        house.invite("bob@acme.example")
        (bob,) = [user for user in house.store().state.index("email").get("bob@acme.example", ())]
        (link,) = house.admin.send_invitations_again([bob])
        assert link.link.startswith("https://api.x.example/v/join/")

    @pytest.mark.parametrize("name", HOSTILE_NAMES)
    def test_a_hostile_name_is_kept_as_it_is(self, house: House, name: str) -> None:
        house.admin.edit_settings(settings_edit(house.admin, name=name))
        assert house.as_user().summary().name == name

    @pytest.mark.parametrize("name", ["", "\n", "x" * 1_001, "\ud83d"])
    def test_a_bad_name_is_refused(self, house: House, name: str) -> None:
        with house.refuses(InvalidInput, field="name"):
            house.admin.edit_settings(settings_edit(house.admin, name=name))

    @pytest.mark.parametrize("limit", [0, -1, 1_000_000_001, 10**30])
    def test_a_bad_limit_is_refused(self, house: House, limit: int) -> None:
        with house.refuses(InvalidInput, field="user_limit"):
            house.admin.edit_settings(settings_edit(house.admin, user_limit=limit))
        with house.refuses(InvalidInput, field="service_account_limit"):
            house.admin.edit_settings(settings_edit(house.admin, service_account_limit=limit))

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "clearml",
            "/relative",
            "//host",
            "ftp://host",
            "http://",
            "http://:8080",
            "http://user@host",
            "http://user:pass@host",
            "http://@host",
            "http://host?",
            "http://host/?q=1",
            "http://host/#",
            "http://host:99999",
            "http://host:0",
            "http://host:port",
            "http://[::1",
            "http://ho st",
            "http://host/\x1b[2J",
            "http://host/\x00",
            "http://host/\u202e",
            "http://host/\ud83d",
            "javascript:alert(1)",
        ],
    )
    @pytest.mark.parametrize("field", URL_FIELDS)
    def test_a_bad_url_is_refused_at_its_field(self, house: House, field: str, url: str) -> None:
        edit = settings_edit(house.admin, **{field: url})  # type: ignore[arg-type]
        with house.refuses(InvalidInput, field=field):
            house.admin.edit_settings(edit)

    @pytest.mark.parametrize(
        "same", ["http://clearml:8080", "http://clearml:8080/", "HTTP://CLEARML:8080"]
    )
    def test_two_urls_must_not_be_the_same(self, house: House, same: str) -> None:
        with house.refuses(InvalidInput, field="files_url", says="web URL"):
            house.admin.edit_settings(settings_edit(house.admin, files_url=same))

    def test_an_edit_of_a_former_revision_is_a_conflict(self, house: House) -> None:
        other = house.as_user()
        mine = settings_edit(house.admin, name="Mine")
        other.edit_settings(settings_edit(other, name="Theirs"))
        with house.refuses(Conflict):
            house.admin.edit_settings(mine)


@pytest.mark.parametrize("host", ['a"b', "a b", "a\x1bb", "höst", "a/b"])
def test_a_machine_with_a_name_that_no_url_holds_is_called_localhost(host: str) -> None:
    assert prefilled_urls(host)["web_url"] == "http://localhost:8080"
