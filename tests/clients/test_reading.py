"""What is said of a configuration is what the SDK makes of it: what it holds, and if it gets in."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.configuration_reading import (
    ACCESS_KEY,
    API,
    FILES,
    SECRET_KEY,
    WEB,
    read_configuration,
)
from store.credential_views import IssuedCredential
from store.errors import InvalidInput
from tests.clients.running import environment_of, run
from tests.clients.serving import Estate, estate
from tests.effort import effort
from tests.store.house import settings_edit

NAMES = (WEB, API, FILES, ACCESS_KEY, SECRET_KEY)
VARIABLES = ("WEB_HOST", "API_HOST", "FILES_HOST", "API_ACCESS_KEY", "API_SECRET_KEY")
URLS = ("http://web.test:8080", "http://api.test:8008", "http://files.test:8081")
PATIENT = settings(max_examples=effort(200), deadline=None, suppress_health_check=list(HealthCheck))


class Sdk:
    """The SDK, asked for what it holds.

    Args:
        folder: Where its home is.
    """

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("holding.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=(folder / "said").open("wb"),
            env=environment_of(folder),
            cwd=folder,
            text=True,
        )

    def holds(self, conf: str, variables: dict[str, str]) -> dict[str, Any]:
        """The keys and URLs of a session, or how it ended."""
        assert self._process.stdin
        assert self._process.stdout
        request = {"conf": conf, "variables": variables}
        print(json.dumps(request), file=self._process.stdin, flush=True)
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()


@pytest.fixture(scope="module")
def sdk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sdk]:
    """One SDK for all tests here."""
    made = Sdk(tmp_path_factory.mktemp("sdk"))
    plain = f'api {{ api_server: "{URLS[1]}/", credentials {{ access_key: A, secret_key: "B " }} }}'
    assert made.holds(plain, {"TRAINS_WEB_HOST": f" {URLS[0]}"}) == {
        **{ACCESS_KEY: "A", SECRET_KEY: "B ", API: URLS[1], WEB: URLS[0]},
        FILES: "http://web.test:8081",
    }
    yield made
    made.close()


# What comes along when a key is copied, and what does not.
BLANKS = ["", "", " ", "  ", "\t", "\n", "\r\n", "\u00a0", "\ufeff", "\u200b", "\u2003", "\u00ad"]
CORES = [
    "ABC123",
    "a-b_c",
    "12",
    "1e3",
    "x#y",
    "a b",
    "http://x.test:1/",
    "'q'",
    "\u201cq\u201d",
    "$",
    "%41",
]


@st.composite
def values(draw: st.DrawFn) -> str:
    """A key or a URL with what may be around it."""
    around = st.sampled_from(BLANKS)
    return f"{draw(around)}{draw(st.sampled_from(CORES))}{draw(around)}"


def quoted(value: str) -> str:
    """As HOCON has it between two quotes."""
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"}
    return f'"{"".join(escapes.get(one, one) for one in value)}"'


def thrice_quoted(value: str) -> str:
    """As HOCON has it between three quotes."""
    return f'"""{value}"""'


WRITTEN = st.one_of(
    values().map(quoted),
    values().map(thrice_quoted),
    values(),
    st.sampled_from(['""', "null", "12", "1.50", "true"]),
)


@st.composite
def sections(draw: st.DrawFn) -> str:
    """A section, of which something may be missing or written in an odd way."""
    separators = st.sampled_from([" = ", ": ", "=", " : "])
    ends = st.sampled_from(["\n", " # comment\n", "\r\n", ",\n"])
    names = [f'"{name}"' if draw(st.booleans()) else name for name in NAMES]
    lines = [f"{name}{draw(separators)}{draw(WRITTEN)}{draw(ends)}" for name in names]
    former = f"host = {draw(WRITTEN)}\n" if draw(st.booleans()) else ""
    keys = f"credentials {{\n{lines[3]}{lines[4]}}}\n"
    kept = [line for line in lines[:3] if draw(st.integers(0, 3))]
    return f"api {{\n{former}{''.join(kept)}{keys}}}\n"


def held(conf: str, variables: dict[str, str]) -> dict[str, str]:
    """What we say that a client has, as far as it is there."""
    lines = "".join(f"$env:{name} = '{value}'\n" for name, value in variables.items())
    read = read_configuration(conf + lines)
    return {name: one.text for name, one in read.held.items()}


@given(conf=sections())
@PATIENT
def test_a_file_holds_what_the_sdk_has(sdk: Sdk, conf: str) -> None:
    compare(sdk.holds(conf, {}), lambda: held(conf, {}))


@given(
    conf=sections(),
    variables=st.dictionaries(
        st.sampled_from([f"{by}_{name}" for by in ("CLEARML", "TRAINS") for name in VARIABLES]),
        values().filter(lambda value: not set("'\u2018\u2019\n\r") & set(value)),
    ),
)
@PATIENT
def test_variables_go_before_the_file_as_the_sdk_takes_them(
    sdk: Sdk, conf: str, variables: dict[str, str]
) -> None:
    compare(sdk.holds(conf, variables), lambda: held(conf, variables))


def compare(wanted: dict[str, Any], hold: Any) -> None:
    """See that we have what the SDK has; where it fails for what it was given, anything."""
    if "error" in wanted:
        if wanted["error"] == "ConfigurationError":
            with pytest.raises(InvalidInput):
                hold()
        return
    found = hold()
    for name in (ACCESS_KEY, SECRET_KEY):
        as_sent = str(wanted[name])
        assert found.get(name, "") == ("" if as_sent in ("True", "False") else as_sent)
    assert found.get(API, "https://api.clear.ml").strip("/") == wanted[API]
    for name in (WEB, FILES):
        # What is missing the SDK makes up.
        assert name not in found or found[name].rstrip("/") in (wanted[name], "")


SIGN_IN = """
from clearml.backend_api.session import Session
once = {"total": 0, "connect": 0, "read": 0, "redirect": 0, "status": 0}
try:
    Session(http_retries_config=once)
    answer(True)
except Exception as error:
    answer(False)
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    """A workspace that is served, for all tests here."""
    with estate(tmp_path_factory.mktemp("estate")) as made:
        made.admin.edit_settings(settings_edit(made.admin, api_url=made.url))
        yield made


@pytest.fixture(scope="module")
def issued(served: Estate) -> IssuedCredential:
    """A credential that is good."""
    return served.admin.add_service_account("agent-1", allow_impersonation=False)


ENDS = [
    *(("{}", ""), ("{} ", "a blank"), (" {}", "a blank"), ("{}\\n", "a line end")),
    *(("{}\u00a0", "a non-breaking blank"), ("{}\u200b", "a zero-width blank")),
    *(("\ufeff{}", "a byte order mark"), ("'{}'", "quotes")),
]


@pytest.mark.parametrize("key", ["access_key", "secret_key"])
@pytest.mark.parametrize(("written", "blank"), ENDS)
def test_keys_are_right_exactly_where_the_sdk_gets_in(
    served: Estate, issued: IssuedCredential, tmp_path: Path, key: str, written: str, blank: str
) -> None:
    section = served.admin.configuration_of(issued).section
    value = getattr(issued, key)
    conf = section.replace(f'"{value}"', f'"{written.format(value)}"')
    gets_in = run(tmp_path / "home", SIGN_IN, conf=conf).result
    findings = served.admin.check_configuration(conf)
    assert any("The keys are right" in one.message for one in findings) == gets_in
    assert gets_in == (not blank)
    assert all(one.kind == "good" for one in findings) == gets_in
    assert any(blank in one.message and one.about == key for one in findings) or gets_in


@pytest.mark.parametrize(
    ("written", "gets_in"),
    [
        *(("{}", True), ("{}/", True), ("{}//", True), (" {}", True), ("{} ", False)),
        *(("{}/ ", False), ("{}/?x=1", False), ("{}?", False), ("{}#x", False), ("{}\\n", False)),
        *(("\u200b{}", False), ("{}\u00a0", False), ("'{}'", False)),
    ],
)
def test_an_api_url_is_good_exactly_where_the_sdk_gets_in(
    served: Estate, issued: IssuedCredential, tmp_path: Path, written: str, gets_in: bool
) -> None:
    section = served.admin.configuration_of(issued).section
    conf = section.replace(f'"{served.url}"', f'"{written.format(served.url)}"')
    assert run(tmp_path / "home", SIGN_IN, conf=conf).result == gets_in
    findings = served.admin.check_configuration(conf)
    assert any("The keys are right" in one.message for one in findings) == gets_in
    assert any(one.kind == "bad" and one.about == API for one in findings) == (not gets_in)
