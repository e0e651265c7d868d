"""What is handed out with a credential, whatever people have named, and which URLs are taken."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyhocon import ConfigFactory

from store.configuration import Configuration, configuration_of
from store.credential_views import IssuedCredential
from store.errors import InvalidInput
from store.models import Settings
from tests.store.house import HOSTILE_NAMES, House, settings_edit

ACCESS_KEY = "AB1" * 10
SECRET_KEY = "-_aB" * 16
URLS = ("http://clearml:8080", "http://clearml:8008", "http://clearml:8081")
NAMES = (
    "CLEARML_WEB_HOST",
    "CLEARML_API_HOST",
    "CLEARML_FILES_HOST",
    "CLEARML_API_ACCESS_KEY",
    "CLEARML_API_SECRET_KEY",
)
VALUES = [*URLS, ACCESS_KEY, SECRET_KEY]


def configuration(
    *names: str, urls: tuple[str, str, str] = URLS, prefilled: bool = False
) -> Configuration:
    """A configuration for that workspace, member and label."""
    workspace, member, label = names or ("Acme", "agent-1", "Default Credentials")
    web, api, files = urls
    settings = Settings(
        id="1" * 32,
        name=workspace,
        web_url=web,
        api_url=api,
        files_url=files,
        urls_prefilled=prefilled,
    )
    issued = IssuedCredential("2" * 32, member, ACCESS_KEY, SECRET_KEY, label, 1)
    return configuration_of(settings, issued)


def parsed(section: str) -> list[Any]:
    """The URLs and keys that pyhocon reads in a section, and that it reads nothing else."""
    tree = ConfigFactory.parse_string(section)
    api = tree["api"]
    assert list(tree) == ["api"]
    assert list(api) == ["web_server", "api_server", "files_server", "credentials"]
    assert list(api["credentials"]) == ["access_key", "secret_key"]
    return [api["web_server"], api["api_server"], api["files_server"], *api["credentials"].values()]


class TestSection:
    """The section for `clearml.conf`."""

    def test_its_form(self) -> None:
        assert configuration().section == (
            "api {\n"
            "  # Acme: agent-1 (Default Credentials)\n"
            '  web_server: "http://clearml:8080"\n'
            '  api_server: "http://clearml:8008"\n'
            '  files_server: "http://clearml:8081"\n'
            "  credentials {\n"
            f'    "access_key" = "{ACCESS_KEY}"\n'
            f'    "secret_key" = "{SECRET_KEY}"\n'
            "  }\n"
            "}\n"
        )

    @given(st.tuples(*[st.text() | st.sampled_from(HOSTILE_NAMES)] * 3))
    @example(('Acme "x"', "}\n}\n\n", "${HOME}\r\n"))
    @example(('"""', "include file(/etc/passwd)\ninclude", "\\"))
    @example(("\u2028}\u2029}\u0085}\x0b}\x0c}\x1c}\x1e}", "\ud83d\udfff", "\x1b]52;c;aGk=\x07"))
    @example(("界" * 1_000, "👩‍👩‍👧‍👦" * 200, "x " * 500))
    @settings(deadline=None)
    def test_whatever_the_names_hold(self, names: tuple[str, str, str]) -> None:
        section = configuration(*names).section
        assert parsed(section) == VALUES
        first, comment, *rest = section.split("\n")
        # A wizard reads to the first line that is empty or just a brace.
        assert (first, rest) == ("api {", configuration().section.split("\n")[2:])
        assert comment.startswith("  # ")
        assert comment.isprintable()
        # A terminal's line mode cuts a line after 4,095 bytes.
        assert len(comment.encode()) < 2_000

    def test_a_name_is_shown_as_far_as_it_can_be(self) -> None:
        comment = configuration("Acme\tHQ\u202e", "e\u0301 界", "x" * 1_000).section.split("\n")[1]
        assert comment == f"  # Acme HQ\N{REPLACEMENT CHARACTER}: e\u0301 界 ({'x' * 99}…)"

    def test_a_host_with_an_odd_name_stays_within_its_quotes(self) -> None:
        urls = ('http://a"b\\:8080', 'http://a"b\\:8008', 'http://a"b\\:8081')
        assert parsed(configuration(urls=urls).section)[:3] == list(urls)

    def test_a_secret_is_in_no_repr(self) -> None:
        assert SECRET_KEY not in repr(configuration())

    def test_it_is_what_the_workspace_gives(self, house: House) -> None:
        issued = house.admin.add_service_account("agent-1", allow_impersonation=False)
        section = house.admin.configuration_of(issued).section
        assert parsed(section) == [*URLS, issued.access_key, issued.secret_key]
        assert "  # Acme: agent-1 (Default Credentials)\n" in section


class TestVariables:
    """Lines for a shell, and for a notebook."""

    @pytest.mark.parametrize(
        "urls", [URLS, ("http://a'b:8080", 'http://a"$(x)`y`:8008', "http://a;b c\\:8081")]
    )
    def test_a_shell_reads_exactly_these(self, urls: tuple[str, str, str]) -> None:
        show = 'printf "%s\\n" ' + " ".join(f'"${name}"' for name in NAMES)
        done = subprocess.run(
            ["sh", "-euc", configuration(urls=urls).shell + show],
            capture_output=True,
            text=True,
            check=True,
            env={},
        )
        assert done.stdout.splitlines() == [*urls, ACCESS_KEY, SECRET_KEY]
        assert not done.stderr

    def test_a_shell_hands_them_on(self) -> None:
        script = f"{configuration().shell}env"
        done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
        lines = zip(NAMES, VALUES, strict=True)
        assert {f"{name}={value}" for name, value in lines} <= set(done.stdout.splitlines())

    def test_a_notebook(self) -> None:
        lines = zip(NAMES, VALUES, strict=True)
        assert configuration().notebook == "".join(f"%env {name}={to}\n" for name, to in lines)


class TestNotices:
    """Where the wizards misread the URLs, or a proxy is needed, it is said."""

    @pytest.mark.parametrize(
        "urls",
        [
            URLS,
            ("http://clearml:8080/", "http://clearml:8008/", "http://clearml:8081"),
            ("https://app.acme.test", "https://api.acme.test", "https://files.acme.test"),
            ("http://app.acme.test:99", "http://api.acme.test:99", "http://files.acme.test:99"),
        ],
    )
    @pytest.mark.parametrize("prefilled", [True, False])
    def test_none(self, urls: tuple[str, str, str], prefilled: bool) -> None:
        assert configuration(urls=urls, prefilled=prefilled).notices == ()

    @pytest.mark.parametrize(
        "urls",
        [
            ("http://clearml:8080", "http://clearml:8008", "http://other:8081"),
            ("http://clearml:8080", "https://clearml:8008", "http://clearml:8081"),
            ("http://clearml", "http://clearml:8008", "http://clearml:8081"),
            ("http://clearml:18080", "http://clearml:18008", "http://clearml:18081"),
            ("http://app.acme.test", "http://backend.acme.test", "http://files.acme.test"),
            ("http://app.acme.test:8080", "http://app.acme.test:8008", "http://app.acme.test:8081"),
            ("http://api.acme.test:8080", "http://api.acme.test:8008", "http://api.acme.test:8081"),
            ("HTTP://clearml:8080", "http://clearml:8008", "http://clearml:8081"),
            ("http://[::1]:8080", "http://[::1]:8008", "http://[::1]:8081"),
            ("http://[::1", "http://[::1]:8008", "http://[::1]:8081"),
        ],
    )
    def test_urls_that_a_wizard_misreads(self, urls: tuple[str, str, str]) -> None:
        (notice,) = configuration(urls=urls).notices
        assert notice.startswith("Save the section as ~/clearml.conf instead of pasting it")

    def test_a_path(self) -> None:
        urls = ("http://acme.test", "http://acme.test/api/", "http://acme.test/files")
        _, notice = configuration(urls=urls).notices
        assert "clients call /api/auth.login" in notice


class TestUrls:
    """The settings take no URL that would break out of where it is written."""

    @pytest.mark.parametrize("sign", list("\"'\\`${}|<>^,;()&=+!*"))
    @pytest.mark.parametrize("field", ["web_url", "api_url", "files_url"])
    def test_a_sign_that_means_something_is_refused(
        self, house: House, field: str, sign: str
    ) -> None:
        for url in (f"http://clearml:99/{sign}", f"http://a{sign}b:99"):
            edit = settings_edit(house.admin, **{field: url})  # type: ignore[arg-type]
            with house.refuses(InvalidInput, field=field):
                house.admin.edit_settings(edit)

    def test_the_sign_is_named(self, house: House) -> None:
        edit = settings_edit(house.admin, api_url='http://clearml:8008/"')
        with house.refuses(InvalidInput, field="api_url", says='holds no ". Letters, digits and'):
            house.admin.edit_settings(edit)

    @pytest.mark.parametrize(
        "url",
        ["https://clearml.acme.test/a-b_c.d~e/%20", "http://[fe80::1]:99", "http://bücher.test"],
    )
    def test_usual_ones_are_taken(self, house: House, url: str) -> None:
        house.admin.edit_settings(settings_edit(house.admin, api_url=url))
        assert house.admin.settings().api_url == url
