"""The set-up wizards read what is handed out, and Enter at every prompt is enough."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pyhocon import ConfigFactory
from pyhocon.exceptions import ConfigException
from pyparsing import ParseBaseException

from store.credential_views import IssuedCredential
from store.operations.credentials import CredentialEdit
from store.workspace import Workspace
from tests.clients.endpoint import Endpoint, endpoint
from tests.store.house import House, settings_edit
from tests.terminal import Terminal

SDK = ("clearml-init",)
AGENT = ("clearml-agent", "init")
WIZARDS = [pytest.param(SDK, id="clearml-init"), pytest.param(AGENT, id="clearml-agent init")]

USUAL = ("http://clearml:8080", "http://clearml:8008", "http://clearml:8081")
NAMED = ("http://app.acme.test:9000", "http://api.acme.test:9000", "http://files.acme.test:9000")
STRANGE_PORTS = ("http://clearml:1080", "http://clearml:1008", "http://clearml:1081")
STRANGE_NAMES = ("http://web.acme.test", "http://backend.acme.test", "http://store.acme.test")
WITH_PATHS = ("http://acme.test:8080/web", "http://acme.test:8008/api", "http://acme.test:8081/f")
BY_NUMBER = ("http://[::1]:8080", "http://[::1]:8008", "http://[::1]:8081")

# What a wizard says last.
ENDS = (b"setup completed successfully", b"Exiting setup without", b"Traceback")

HOSTILE = 'Acme "}\n}\r\n${HOME} """ include "x" \\ \t\x1b[2J\u2028\u202e {[(#//'


@dataclass
class Setup:
    """What a wizard has left behind.

    Attributes:
        said: What was on its screen.
        api: The section that it wrote, or None where it wrote none that can be read.
        asked: The URLs that it called.
    """

    said: str
    api: dict[str, Any] | None
    asked: list[str]


def set_up(wizard: tuple[str, ...], folder: Path, pasted: str, server: Endpoint) -> Setup:
    """Run a wizard in a home of its own, paste at its prompt, and say Enter to all the rest."""
    home = folder / "home"
    home.mkdir(parents=True)
    (folder / "temp").mkdir()
    environment = {
        "PATH": os.environ["PATH"],
        "TERM": "xterm",
        "HOME": str(home),
        "TMPDIR": str(folder / "temp"),
        "LC_ALL": "C.UTF-8",
        "CLEARML_NO_DEFAULT_SERVER": "1",
    }
    # Whatever it calls, it comes out here.
    environment |= {name: server.url for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy")}
    command = Path(sys.executable).with_name(wizard[0])
    told = [f"{name}={value}" for name, value in environment.items()]
    with Terminal(["env", "-i", *told, command, *wizard[1:]], folder=folder) as terminal:
        terminal.wait_for("aste copied configuration here", timeout=60)
        # A terminal sends what is pasted as it sends keys: with a return at the end of a line.
        terminal.send(pasted.replace("\n", "\r"))
        terminal.send("\r" * 12)
        terminal.wait_for(_is_through, timeout=60)
        said = terminal.output.decode()
    return Setup(said, _written(home / "clearml.conf"), server.asked)


def _is_through(terminal: Terminal) -> bool:
    """Whether a wizard has come to its end, or asks the same for ever."""
    said = terminal.output
    return said.count(b"File Store Host configured to:") > 3 or any(end in said for end in ENDS)


def _written(path: Path) -> dict[str, Any] | None:
    if not path.exists():
        return None
    try:
        api: dict[str, Any] = ConfigFactory.parse_file(str(path))["api"]
    except (ConfigException, ParseBaseException):
        return None
    return api


def with_urls(house: House, urls: tuple[str, str, str]) -> Workspace:
    """The workspace of the house, with these URLs."""
    web, api, files = urls
    edit = settings_edit(house.admin, web_url=web, api_url=api, files_url=files)
    house.admin.edit_settings(edit)
    return house.admin


def values_of(api: dict[str, Any]) -> list[str]:
    """The URLs and keys of a section that was parsed."""
    credentials = api["credentials"]
    return [
        *(api[f"{kind}_server"] for kind in ("web", "api", "files")),
        *(credentials[f"{kind}_key"] for kind in ("access", "secret")),
    ]


def issue(workspace: Workspace) -> IssuedCredential:
    """A credential of a new service account."""
    return workspace.add_service_account("agent-1", allow_impersonation=False)


@pytest.mark.parametrize("wizard", WIZARDS)
@pytest.mark.parametrize("urls", [USUAL, NAMED], ids=["one host", "names"])
def test_a_wizard_takes_the_section_as_it_is(
    house: House, tmp_path: Path, wizard: tuple[str, ...], urls: tuple[str, str, str]
) -> None:
    workspace = with_urls(house, urls)
    issued = issue(workspace)
    configuration = workspace.configuration_of(issued)
    assert configuration.notices == ()
    with endpoint(house.as_user()) as server:
        done = set_up(wizard, tmp_path / "wizard", configuration.section, server)
        row = server.workspace.service_account_details(issued.member).credentials
    assert "Credentials verified!" in done.said
    assert done.api is not None
    assert values_of(done.api) == [*urls, issued.access_key, issued.secret_key]
    assert f"{urls[1]}/auth.login" in done.asked
    assert all(url.startswith(f"{urls[1]}/") for url in done.asked)
    assert row is not None
    assert [(one.last_used_at, one.address) for one in row] == [(house.at, "127.0.0.1")]
    assert row[0].worker


@pytest.mark.parametrize("wizard", WIZARDS)
def test_names_cannot_mislead_a_wizard(
    house: House, tmp_path: Path, wizard: tuple[str, ...]
) -> None:
    house.admin.edit_settings(settings_edit(house.admin, name=HOSTILE))
    issued = house.admin.add_service_account(HOSTILE, allow_impersonation=False)
    edit = CredentialEdit(issued.access_key, issued.revision, HOSTILE, None)
    house.admin.edit_credential(edit)
    section = house.admin.configuration_of(issued).section
    with endpoint(house.as_user()) as server:
        done = set_up(wizard, tmp_path / "wizard", section, server)
    assert done.api is not None
    assert values_of(done.api) == [*USUAL, issued.access_key, issued.secret_key]


@pytest.mark.parametrize(
    "urls", [STRANGE_PORTS, STRANGE_NAMES, WITH_PATHS, BY_NUMBER], ids=lambda urls: urls[0]
)
def test_where_the_agents_wizard_guesses_wrongly_a_notice_says_so(
    house: House, tmp_path: Path, urls: tuple[str, str, str]
) -> None:
    workspace = with_urls(house, urls)
    issued = issue(workspace)
    configuration = workspace.configuration_of(issued)
    wanted = [*urls, issued.access_key, issued.secret_key]
    with endpoint(house.as_user()) as server:
        done = set_up(AGENT, tmp_path / "wizard", configuration.section, server)
    is_right = done.api is not None and values_of(done.api) == wanted
    assert is_right == ("~/clearml.conf" not in " ".join(configuration.notices))
    # Saved as it is, the section is right whatever the URLs are.
    assert values_of(ConfigFactory.parse_string(configuration.section)["api"]) == wanted


def test_keys_that_are_not_good_make_no_configuration(house: House, tmp_path: Path) -> None:
    issued = issue(house.admin)
    section = house.admin.configuration_of(issued).section
    house.admin.revoke_credentials([issued.access_key])
    with endpoint(house.as_user()) as server:
        done = set_up(SDK, tmp_path / "wizard", section, server)
    assert "could not verify credentials" in done.said
    assert done.api is None
