"""The set-up wizards read what is handed out, and Enter at every prompt is enough."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from pyhocon import ConfigFactory
from pyhocon.exceptions import ConfigException
from pyparsing import ParseBaseException

from store.credential_views import IssuedCredential
from store.operations.credentials import CredentialEdit
from store.workspace import Workspace
from tests.clients.front import Front, front
from tests.clients.running import environment_of
from tests.clients.serving import Estate, estate
from tests.store.house import settings_edit
from tests.store.keyring import wait_until
from tests.terminal import Terminal

NUMBERS = count(1)

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


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    """A workspace that is served, for all tests here."""
    with estate(tmp_path_factory.mktemp("estate")) as made:
        yield made


def set_up(wizard: tuple[str, ...], folder: Path, pasted: str, proxy: Front) -> Setup:
    """Run a wizard in a home of its own, paste at its prompt, and say Enter to all the rest."""
    home = folder / "home"
    # Whatever it calls, it comes out here.
    environment = environment_of(home, proxy=proxy.url) | {"TERM": "xterm"}
    command = Path(sys.executable).with_name(wizard[0])
    told = [f"{name}={value}" for name, value in environment.items()]
    with Terminal(["env", "-i", *told, command, *wizard[1:]], folder=folder) as terminal:
        terminal.wait_for("aste copied configuration here", timeout=60)
        # A terminal sends what is pasted as it sends keys: with a return at the end of a line.
        terminal.send(pasted.replace("\n", "\r"))
        terminal.send("\r" * 12)
        terminal.wait_for(_is_through, timeout=60)
        said = terminal.output.decode()
    return Setup(said, _written(home / "clearml.conf"), proxy.asked)


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


def with_urls(served: Estate, urls: tuple[str, str, str], *, name: str | None = None) -> Workspace:
    """The workspace that is served, with these URLs."""
    web, api, files = urls
    admin = served.admin
    edit = settings_edit(admin, name=name, web_url=web, api_url=api, files_url=files)
    admin.edit_settings(edit)
    return admin


def values_of(api: dict[str, Any]) -> list[str]:
    """The URLs and keys of a section that was parsed."""
    credentials = api["credentials"]
    return [
        *(api[f"{kind}_server"] for kind in ("web", "api", "files")),
        *(credentials[f"{kind}_key"] for kind in ("access", "secret")),
    ]


def issue(workspace: Workspace) -> IssuedCredential:
    """A credential of a new service account."""
    name = f"agent-{next(NUMBERS)}"
    return workspace.add_service_account(name, allow_impersonation=False)


@pytest.mark.parametrize("wizard", WIZARDS)
@pytest.mark.parametrize("urls", [USUAL, NAMED], ids=["one host", "names"])
def test_a_wizard_takes_the_section_as_it_is(
    served: Estate, tmp_path: Path, wizard: tuple[str, ...], urls: tuple[str, str, str]
) -> None:
    workspace = with_urls(served, urls)
    issued = issue(workspace)
    configuration = workspace.configuration_of(issued)
    assert configuration.notices == ()
    with front(served.url) as proxy:
        done = set_up(wizard, tmp_path / "wizard", configuration.section, proxy)
    assert "Credentials verified!" in done.said
    assert done.api is not None
    assert values_of(done.api) == [*urls, issued.access_key, issued.secret_key]
    assert f"{urls[1]}/auth.login" in done.asked
    assert all(url.startswith(f"{urls[1]}/") for url in done.asked)
    wait_until(lambda: used_from(served, issued) == "127.0.0.1")
    # Who copies all of the terminal, up to what the wizard has read, is told the same.
    copied = done.said.replace("\r\n", "\n").partition("Detected credentials")[0]
    assert "aste copied configuration here" in copied
    findings = workspace.check_configuration(copied)
    kinds = [(one.kind, one.about) for one in findings]
    assert kinds == [("good", "access_key"), ("good", "urls"), ("warning", "text")], findings


def used_from(served: Estate, issued: IssuedCredential) -> str:
    """The address from which a credential was used."""
    credentials = served.seen_anew().service_account_details(issued.member).credentials
    assert credentials is not None
    assert bool(credentials[0].worker) == bool(credentials[0].address)
    return credentials[0].address


@pytest.mark.parametrize("wizard", WIZARDS)
def test_names_cannot_mislead_a_wizard(
    served: Estate, tmp_path: Path, wizard: tuple[str, ...]
) -> None:
    workspace = with_urls(served, USUAL, name=HOSTILE)
    issued = workspace.add_service_account(HOSTILE + wizard[0], allow_impersonation=False)
    edit = CredentialEdit(issued.access_key, issued.revision, HOSTILE, None)
    workspace.edit_credential(edit)
    section = workspace.configuration_of(issued).section
    with front(served.url) as proxy:
        done = set_up(wizard, tmp_path / "wizard", section, proxy)
    assert done.api is not None
    assert values_of(done.api) == [*USUAL, issued.access_key, issued.secret_key]


@pytest.mark.parametrize(
    "urls", [STRANGE_PORTS, STRANGE_NAMES, WITH_PATHS, BY_NUMBER], ids=lambda urls: urls[0]
)
def test_where_the_agents_wizard_guesses_wrongly_a_notice_says_so(
    served: Estate, tmp_path: Path, urls: tuple[str, str, str]
) -> None:
    workspace = with_urls(served, urls)
    issued = issue(workspace)
    configuration = workspace.configuration_of(issued)
    wanted = [*urls, issued.access_key, issued.secret_key]
    with front(served.url) as proxy:
        done = set_up(AGENT, tmp_path / "wizard", configuration.section, proxy)
    is_right = done.api is not None and values_of(done.api) == wanted
    assert is_right == ("~/clearml.conf" not in " ".join(configuration.notices))
    # Saved as it is, the section is right whatever the URLs are.
    assert values_of(ConfigFactory.parse_string(configuration.section)["api"]) == wanted


def test_keys_that_are_not_good_make_no_configuration(served: Estate, tmp_path: Path) -> None:
    workspace = with_urls(served, USUAL)
    issued = issue(workspace)
    section = workspace.configuration_of(issued).section
    workspace.revoke_credentials([issued.access_key])
    with front(served.url) as proxy:
        done = set_up(SDK, tmp_path / "wizard", section, proxy)
    assert "could not verify credentials" in done.said
    assert done.api is None
