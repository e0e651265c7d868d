"""The SDK, signed in with what is handed out: its session, its API client, and its vaults."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from store.configuration import Configuration
from store.credential_views import IssuedCredential
from store.models import Settings
from tests.clients.front import front
from tests.clients.running import LONGEST, run, start
from tests.clients.serving import Estate, estate
from tests.store.house import HOSTILE_NAMES, settings_edit
from tests.store.keyring import wait_until

NUMBERS = count(1)

SESSION = """
from clearml.backend_api.session import Session
session = Session()
answer(session.get_decoded_token(session.token)["identity"]["user"])
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    """A workspace that is served, for all tests here."""
    with estate(tmp_path_factory.mktemp("estate")) as made:
        edit = settings_edit(made.admin, api_url=made.url)
        made.admin.edit_settings(edit)
        yield made


def member_of(served: Estate, name: str = "") -> IssuedCredential:
    """The credential of a new service account."""
    name = name or f"account {next(NUMBERS)}"
    return served.admin.add_service_account(name, allow_impersonation=False)


def conf_of(served: Estate, issued: IssuedCredential, more: str = "") -> str:
    """The `clearml.conf` of a member, as the screen shows it, and what else is in it."""
    return served.admin.configuration_of(issued).section + more


def forms_of(configuration: Configuration) -> dict[str, dict[str, Any]]:
    """The forms in which a client can have it without a wizard."""
    lines = configuration.shell.splitlines()
    # As a shell reads it, which quotes nothing here.
    pairs = (line.removeprefix("export ").split("=", 1) for line in lines)
    variables = {name: value for name, value in pairs}
    return {"saved": {"conf": configuration.section}, "set": {"variables": variables}}


@pytest.mark.parametrize("form", ["saved", "set"])
@pytest.mark.parametrize("api_url", ["http://clearml:8008", "http://acme.test:99/path"])
def test_the_sdk_signs_in_whatever_the_url(
    served: Estate, tmp_path: Path, form: str, api_url: str
) -> None:
    issued = member_of(served, "".join(HOSTILE_NAMES) + form + api_url)
    former = Settings.of(served.admin._store.state.settings).api_url
    served.admin.edit_settings(settings_edit(served.admin, api_url=api_url))
    given = forms_of(served.admin.configuration_of(issued))[form]
    served.admin.edit_settings(settings_edit(served.admin, api_url=former))
    with front(served.url, urlsplit(api_url).path) as proxy:
        assert run(tmp_path / "home", SESSION, proxy=proxy.url, **given).result == issued.member
    assert f"{api_url}/auth.login" in proxy.asked


CALLS = """
from clearml.backend_api.session import Session
from clearml.backend_api.session.client import APIClient
session = Session()
def call(service, action, **sent):
    done = session.send_request(service, action, json=sent)
    return done.json()["data"]
made = call("auth", "create_credentials", label="made by a client")["credentials"]
client = APIClient()
relabelled = client.auth.edit_credentials(access_key=made["access_key"], label="laptop")
listed = [one["label"] for one in call("auth", "get_credentials")["credentials"]]
try:
    client.queues.get_all()
    missing = "nothing"
except Exception as error:
    missing = str(error)
revoked = call("auth", "revoke_credentials", access_key=made["access_key"])
signed_out = call("auth", "logout")
# This one still goes with the former token, and then the client signs in anew.
refused = call("users", "get_current_user")
answer({
    "features": session.feature_set,
    "made": made, "relabelled": relabelled.updated, "listed": listed, "missing": missing,
    "revoked": revoked, "signed_out": signed_out,
    "refused": refused, "user": call("users", "get_current_user")["user"]["name"],
})
"""


def test_the_api_client_calls_what_is_there(served: Estate, tmp_path: Path) -> None:
    user = served.house.add_user("bob@acme.example", "Bob")
    issued = served.house.as_member(user).create_credentials(user, "CI")
    done = run(tmp_path / "home", CALLS, conf=conf_of(served, issued))
    assert done.status == 0, done.said
    made = done.result.pop("made")
    assert len(made["access_key"]) == 30
    assert len(made["secret_key"]) == 64
    missing = done.result.pop("missing")
    assert "Unable to find endpoint for name queues.get_all" in missing
    assert done.result == {
        "features": "advanced",
        "relabelled": 1,
        "listed": ["CI", "laptop"],
        "revoked": {"revoked": 1},
        "signed_out": {},
        "refused": {},
        "user": "Bob",
    }
    credentials = served.seen_anew().user_details(user).credentials
    assert credentials is not None
    assert [one.label for one in credentials] == ["CI"]
    wait_until(lambda: used_from(served, user))


def used_from(served: Estate, user: str) -> str:
    """The machine from which a user's first credential was used last."""
    credentials = served.seen_anew().user_details(user).credentials
    assert credentials is not None
    return credentials[0].worker


VAULTS = """
from clearml.backend_api.session import Session
session = Session()
answer(session.config.get("sdk.probe").as_plain_ordered_dict())
"""
LOCAL = 'sdk { probe { local: 1, first: "local", l: [9, 9], deep { a: "local", b: "local" } } }\n'


def test_vaults_are_folded_over_the_file_administrators_first(
    served: Estate, tmp_path: Path
) -> None:
    house = served.house
    issued = member_of(served)
    team = house.add_group("Team", issued.member)
    hocon = 'sdk.probe { first: "one", hocon: ${?sdk.probe.first}"!", l: [1], deep.a = "one" }'
    yaml = (
        "sdk:\n  probe:\n    first: two\n    yaml: 'back\\slash \"q\" é'\n    deep:\n      b: two\n"
    )
    own = '{"sdk": {"probe": {"first": "own", "json": [1, {"k": null}], "l": [2, 3]}}}'
    admin = served.admin
    admin.add_administrator_vault("One", [team], hocon, "hocon", True)
    house.clock.advance(seconds=1)
    admin.add_administrator_vault("Two", [house.group("Users")], yaml, "yaml", True)
    house.clock.advance(seconds=1)
    off = admin.add_administrator_vault("Off", [team], 'sdk.probe.first = "off"', "hocon", False)
    house.save_vault(issued.member, own)
    done = run(tmp_path / "home", VAULTS, conf=conf_of(served, issued, LOCAL))
    assert done.result == {
        "local": 1,
        "first": "own",
        "hocon": "one!",
        "yaml": 'back\\slash "q" é',
        "json": [1, {"k": None}],
        "l": [2, 3],
        "deep": {"a": "one", "b": "two"},
    }
    # The effective configuration says the same of it.
    told = admin.effective_configuration(issued.member, LOCAL).tree["sdk"]["probe"]
    # What clients resolve is told as it stands.
    assert told | {"hocon": "one!"} == done.result
    admin.set_administrator_vaults_enabled([off], True)
    house.save_vault(issued.member, own, enabled=False)
    done = run(tmp_path / "again", VAULTS, conf=conf_of(served, issued, LOCAL))
    assert (done.result["first"], done.result["l"]) == ("off", [1])


LOOPING = """
from clearml.backend_api.session import Session
from clearml.backend_api.session.defs import ENV_DISABLE_VAULT_SUPPORT
session = Session()
answer("signed in")
for line in sys.stdin:
    session._load_vaults()
    probe = session.config.get("sdk.running", None)
    done = session.send_request("users", "get_current_user")
    answer([done.status_code, probe])
"""


class Running:
    """A client that goes on, asked line by line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert self._next() == "signed in"

    def ask(self) -> Any:
        """What it gets of a call and has of its vaults now."""
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self._next()

    def end(self) -> str:
        """Let it run into its end; what it said."""
        said = self.process.communicate("\n", timeout=LONGEST)[1]
        return said

    def _next(self) -> Any:
        assert self.process.stdout
        return json.loads(self.process.stdout.readline())


def test_a_running_client_sees_its_vault_come_and_go_and_its_end(
    served: Estate, tmp_path: Path
) -> None:
    issued = member_of(served)
    vault = served.house.save_vault(issued.member, '{"sdk": {"running": 1}}')
    running = Running(start(tmp_path / "home", LOOPING, conf=conf_of(served, issued)))
    try:
        assert running.ask() == [200, 1]
        details = served.admin.vault_details(issued.member)
        served.admin.set_vault_enabled(issued.member, False, details.revision, vault)
        again = Running(start(tmp_path / "other", LOOPING, conf=conf_of(served, issued)))
        assert again.ask() == [200, None]
        details = served.admin.vault_details(issued.member)
        served.admin.set_vault_enabled(issued.member, True, details.revision, vault)
        assert again.ask() == [200, 1]
        served.admin.revoke_credentials([issued.access_key])
        for one in (running, again):
            said = one.end()
            assert "LoginError" in said
            assert "Unauthorized (invalid credentials)" in said
            assert one.process.returncode == 1
    finally:
        for one in (running, again):
            one.process.kill()


def test_the_server_ends_in_order(tmp_path: Path) -> None:
    made = Estate(tmp_path)
    assert made.close() == 0
    assert len(made.lines) == 1
