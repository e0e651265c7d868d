"""Checking a configuration that somebody has."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.configuration import Configuration
from store.credential_views import IssuedCredential
from store.errors import AccessEnded, InvalidInput
from store.operations.check import Finding
from store.operations.credentials import CredentialEdit
from store.sign_ins import Verdict, verdict_on
from store.times import to_text
from store.workspace import Workspace
from tests.effort import effort
from tests.store.house import House, settings_edit

BOB = "bob@acme.example"


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Times are told in the local zone; here it is UTC."""
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def issued(house: House) -> IssuedCredential:
    """The credential of a new service account."""
    return house.admin.add_service_account("agent-1", allow_impersonation=False)


@pytest.fixture
def given_out(house: House, issued: IssuedCredential) -> Configuration:
    """What was handed out with it."""
    return house.admin.configuration_of(issued)


def kinds(findings: list[Finding]) -> list[tuple[str, str]]:
    """How bad each finding is, and what it is about."""
    return [(finding.kind, finding.about) for finding in findings]


def said(workspace: Workspace, text: str, about: str) -> str:
    """What is said about that, in one text."""
    found = [one for one in workspace.check_configuration(text) if one.about == about]
    assert found
    return " ".join(one.message for one in found)


ALL_GOOD = [("good", "access_key"), ("good", "urls")]


class TestForms:
    """A section, a whole file or variables: all say the same."""

    @pytest.mark.parametrize("form", ["section", "shell", "notebook"])
    def test_what_was_handed_out(self, house: House, given_out: Configuration, form: str) -> None:
        findings = house.admin.check_configuration(getattr(given_out, form))
        assert kinds(findings) == ALL_GOOD
        assert findings[0].message == (
            "The keys are right: Default Credentials of agent-1, which never expires."
        )

    def test_a_whole_file(self, house: House, given_out: Configuration) -> None:
        text = f"# mine\nsdk {{ storage {{ x = 1 }} }}\n{given_out.section}\nagent.x = y\n"
        assert kinds(house.admin.check_configuration(text)) == ALL_GOOD
        text += "environment {\n  CLEARML_API_ACCESS_KEY = X\n  CLEARML_API_HOST = Y\n}\n"
        assert kinds(house.admin.check_configuration(text)) == ALL_GOOD

    def test_json_and_former_names(self, house: House, issued: IssuedCredential) -> None:
        text = f"""{{"api": {{
            "host": "http://CLEARML:8008/", "web_server": "http://clearml:8080/",
            "files_server": "HTTP://clearml:8081",
            "credentials": {{"access_key": "{issued.access_key}",
                             "secret_key": "{issued.secret_key}"}} }} }}"""
        assert kinds(house.admin.check_configuration(text)) == ALL_GOOD

    @pytest.mark.parametrize("before", ["", "export ", "  export\t", "%env ", "%set_env "])
    def test_variables_however_they_are_set(
        self, house: House, issued: IssuedCredential, before: str
    ) -> None:
        text = (
            "# for CI\necho hello\n"
            f"{before}CLEARML_API_ACCESS_KEY={issued.access_key}\r\n"
            f"{before}CLEARML_API_SECRET_KEY={issued.secret_key}\n\n"
            f"{before}CLEARML_API_HOST=http://clearml:8008\n"
            f"{before}CLEARML_WEB_HOST=http://clearml:8080\n"
            f"{before}CLEARML_FILES_HOST=http://clearml:8081"
        )
        assert kinds(house.admin.check_configuration(text)) == ALL_GOOD

    def test_quotes_count_in_a_notebook_but_not_in_a_shell(
        self, house: House, issued: IssuedCredential
    ) -> None:
        access, secret = issued.access_key, issued.secret_key
        keys = f"by CLEARML_API_ACCESS_KEY={access}\nby CLEARML_API_SECRET_KEY='{secret}'"
        shell = house.admin.check_configuration(f"{keys.replace('by', 'export')} # mine")
        notebook = house.admin.check_configuration(keys.replace("by", "%env"))
        assert shell[0].kind == "good"
        assert kinds(notebook)[0] == ("bad", "secret_key")

    @pytest.mark.parametrize(
        "text", ["", " \n\t", "\ufeffapi {}", "api {", "[1]", "\ud83d", "x" * 70_000]
    )
    def test_what_cannot_be_read_is_refused_at_the_field(self, house: House, text: str) -> None:
        with pytest.raises(InvalidInput) as raised:
            house.admin.check_configuration(text)
        assert raised.value.field == "text"


class TestKeys:
    """Known, right, revoked, suspended, expired: each is told, and since when."""

    def test_an_unknown_one(self, house: House, given_out: Configuration) -> None:
        text = given_out.section.replace('"access_key" = "', '"access_key" = "X')
        assert kinds(house.admin.check_configuration(text))[0] == ("bad", "access_key")
        assert "not known" in said(house.admin, text, "access_key")

    def test_a_wrong_secret(
        self, house: House, issued: IssuedCredential, given_out: Configuration
    ) -> None:
        text = given_out.section.replace(issued.secret_key, issued.secret_key[::-1])
        assert kinds(house.admin.check_configuration(text))[0] == ("bad", "secret_key")
        assert "Default Credentials of agent-1" in said(house.admin, text, "secret_key")
        house.admin.revoke_credentials([issued.access_key])
        assert "revoked" in said(house.admin, text, "access_key")

    def test_a_revoked_one(
        self, house: House, issued: IssuedCredential, given_out: Configuration
    ) -> None:
        house.admin.revoke_credentials([issued.access_key])
        house.clock.advance(days=3)
        message = said(house.admin, given_out.section, "access_key")
        assert "It was revoked on 2026-03-02 09:30 by Ada Lindqvist." in message

    def test_a_suspended_one(
        self, house: House, issued: IssuedCredential, given_out: Configuration
    ) -> None:
        house.admin.suspend_credentials([issued.access_key])
        message = said(house.admin, given_out.section, "access_key")
        assert "The credential is suspended." in message
        house.admin.suspend_service_accounts([issued.member])
        message = said(house.admin, given_out.section, "access_key")
        assert "agent-1 is suspended" in message
        assert "The credential is suspended." in message

    def test_one_that_expires(
        self, house: House, issued: IssuedCredential, given_out: Configuration
    ) -> None:
        ends = to_text(house.clock() + timedelta(days=2))
        edit = CredentialEdit(issued.access_key, issued.revision, issued.label, ends)
        house.admin.edit_credential(edit)
        message = said(house.admin, given_out.section, "access_key")
        assert "which expires on 2026-03-04 09:30." in message
        house.clock.advance(days=2)
        message = said(house.admin, given_out.section, "access_key")
        assert "It expired on 2026-03-04 09:30." in message

    def test_one_of_an_account_that_was_deleted(
        self, house: House, issued: IssuedCredential, given_out: Configuration
    ) -> None:
        house.admin.delete_service_accounts([issued.member])
        message = said(house.admin, given_out.section, "access_key")
        assert "agent-1 was removed from the workspace on 2026-03-02 09:30." in message

    @pytest.mark.parametrize("key", ["access_key", "secret_key"])
    @pytest.mark.parametrize("value", ['""', "null", "[]", "{a = 1}", "true"])
    def test_a_missing_one(
        self, house: House, given_out: Configuration, key: str, value: str
    ) -> None:
        lines = given_out.section.splitlines()
        text = "\n".join(f"{key} = {value}" if key in line else line for line in lines)
        assert kinds(house.admin.check_configuration(text)) == [("bad", key), ("good", "urls")]

    def test_no_section(self, house: House) -> None:
        for text in ("a = 1", "api = 1", "credentials { access_key = x, secret_key = y }", "{}"):
            assert kinds(house.admin.check_configuration(text)) == [("bad", "section")]

    def test_odd_credentials(self, house: House) -> None:
        findings = house.admin.check_configuration("api { credentials = [1] }")
        assert kinds(findings)[:2] == [("bad", "access_key"), ("bad", "secret_key")]

    def test_it_agrees_with_signing_in(
        self, house: House, issued: IssuedCredential, given_out: Configuration
    ) -> None:
        keys = (issued.access_key, issued.secret_key)
        for change in (
            lambda: None,
            lambda: house.admin.suspend_credentials([issued.access_key]),
            lambda: house.admin.suspend_service_accounts([issued.member]),
            lambda: house.admin.let_credentials_back_in([issued.access_key]),
            lambda: house.admin.let_service_accounts_back_in([issued.member]),
            lambda: house.admin.revoke_credentials([issued.access_key]),
            lambda: house.admin.delete_service_accounts([issued.member]),
        ):
            change()
            findings = house.admin.check_configuration(given_out.section)
            is_good = all(finding.kind == "good" for finding in findings)
            verdict = verdict_on(house.store(read_only=True).state, *keys, house.at)
            assert is_good == (verdict is Verdict.GOOD)


class TestUrls:
    """Whether they are the workspace's."""

    def test_case_of_the_host_and_a_last_slash_do_not_matter(
        self, house: House, given_out: Configuration
    ) -> None:
        text = given_out.section.replace("clearml:8008", "ClearML:8008/")
        assert kinds(house.admin.check_configuration(text)) == ALL_GOOD
        house.admin.edit_settings(settings_edit(house.admin, api_url="http://clearml:8008/api"))
        text = given_out.section.replace("clearml:8008", "CLEARML:8008/api/")
        assert kinds(house.admin.check_configuration(text)) == ALL_GOOD

    @pytest.mark.parametrize(
        ("name", "url", "kind"),
        [
            ("web_server", "http://clearml:8080", "warning"),
            ("api_server", "http://clearml:8008", "bad"),
            ("files_server", "http://clearml:8081", "warning"),
        ],
    )
    def test_a_wrong_and_a_missing_one(
        self, house: House, given_out: Configuration, name: str, url: str, kind: str
    ) -> None:
        line = f'  {name}: "{url}"\n'
        for other in ("", f"{name} = http://elsewhere.test\n", f'{name} = "http://["\n'):
            text = given_out.section.replace(line, other)
            findings = house.admin.check_configuration(text)
            assert kinds(findings)[1:] == [(kind, name)]
            assert url in findings[1].message
            assert ("missing" in findings[1].message) == (not other)

    def test_one_that_is_mistaken_for_another(self, house: House, given_out: Configuration) -> None:
        text = given_out.section.replace("clearml:8008", "clearml:8080")
        message = said(house.admin, text, "api_server")
        assert "api_server (line 4) is the workspace's web URL" in message

    def test_variables_are_called_by_their_names(self, house: House) -> None:
        findings = house.admin.check_configuration("CLEARML_API_ACCESS_KEY=X")
        messages = " ".join(finding.message for finding in findings)
        for name in ("API_SECRET_KEY", "WEB_HOST", "API_HOST", "FILES_HOST"):
            assert f"CLEARML_{name} is missing" in messages


class TestAsClientsReadIt:
    """What came along when it was copied is named, and nothing is right that a client refuses."""

    @pytest.mark.parametrize("key", ["access_key", "secret_key"])
    @pytest.mark.parametrize(
        ("written", "words"),
        [
            ("{} ", "ends with a blank, which clients take as a part of it. Take it out."),
            (" {}", "begins with a blank"),
            ("{}\\n", "ends with a line end"),
            ("{}\u00a0", "ends with a non-breaking blank"),
            ("\ufeff{}", "begins with a byte order mark"),
            ("\u200b{}", "begins with a zero-width blank"),
            (
                "'{}'",
                "has quotes that are a part of it, as '…'. Write it in plain quotes, as \"…\".",
            ),
        ],
    )
    def test_a_key_with_what_came_along(
        self,
        house: House,
        issued: IssuedCredential,
        given_out: Configuration,
        key: str,
        written: str,
        words: str,
    ) -> None:
        value = getattr(issued, key)
        text = given_out.section.replace(value, written.format(value))
        findings = house.admin.check_configuration(text)
        assert kinds(findings) == [("bad", key), ("good", "urls")]
        line = next(at for at, one in enumerate(text.splitlines(), 1) if f'"{key}"' in one)
        assert f"{key} (line {line}) {words}" in findings[0].message
        # What else is wrong with the keys is told at once.
        house.admin.revoke_credentials([issued.access_key])
        assert "It was revoked" in said(house.admin, text, "access_key")

    def test_what_clients_cut_off_a_variable_is_a_warning(
        self, house: House, issued: IssuedCredential, given_out: Configuration
    ) -> None:
        text = given_out.shell.replace(issued.secret_key, f"'{issued.secret_key}\u00a0'")
        findings = house.admin.check_configuration(text)
        assert kinds(findings) == [("warning", "secret_key"), *ALL_GOOD]
        assert findings[0].message == (
            "CLEARML_API_SECRET_KEY (line 5) ends with a non-breaking blank, "
            "which clients cut off. Take it out."
        )

    @pytest.mark.parametrize("end", [" ", "/ ", "/?x=1", "?", "#x", "/#", "\u00a0"])
    def test_a_url_with_something_behind_it_is_another(
        self, house: House, given_out: Configuration, end: str
    ) -> None:
        text = given_out.section.replace('clearml:8008"', f'clearml:8008{end}"')
        findings = house.admin.check_configuration(text)
        assert kinds(findings) == [("good", "access_key"), ("bad", "api_server")]
        # There is another server, so that nobody knows whether a client gets in.
        assert findings[0].message.startswith("The keys are known in this workspace: ")

    def test_a_usual_port_may_be_left_out(self, house: House, given_out: Configuration) -> None:
        house.admin.edit_settings(settings_edit(house.admin, api_url="https://api.test/v"))
        for url in ("https://api.test:443/v", "HTTPS://API.test/v/"):
            text = given_out.section.replace("http://clearml:8008", url)
            assert kinds(house.admin.check_configuration(text)) == ALL_GOOD

    def test_variables_go_before_the_file_and_it_is_told(
        self, house: House, given_out: Configuration
    ) -> None:
        variables = "CLEARML_API_SECRET_KEY=x TRAINS_API_HOST=http://a.test"
        text = f"{given_out.section}export {variables}\n"
        findings = house.admin.check_configuration(text)
        assert kinds(findings)[:2] == [("bad", "secret_key"), ("bad", "api_server")]
        assert said(house.admin, text, "variables") == (
            "api_server (line 4) differs from TRAINS_API_HOST (line 11), "
            "which clients take instead. "
            "secret_key (line 8) differs from CLEARML_API_SECRET_KEY (line 11), "
            "which clients take instead."
        )

    def test_by_a_token_no_keys_are_used(self, house: House, given_out: Configuration) -> None:
        text = f"{given_out.section}export CLEARML_AUTH_TOKEN=x\n"
        findings = house.admin.check_configuration(text)
        assert kinds(findings) == [("warning", "access_key"), ("good", "urls")]
        assert "CLEARML_AUTH_TOKEN (line 11)" in findings[0].message
        for bare in ("CLEARML_AUTH_TOKEN=x", "CLEARML_AUTH_TOKEN=$X"):
            assert kinds(house.admin.check_configuration(bare))[0] == ("warning", "access_key")

    def test_what_is_not_set_is_told_with_its_line(
        self, house: House, given_out: Configuration
    ) -> None:
        text = given_out.shell.replace("ACCESS_KEY=", "ACCESS_KEY = ")
        findings = house.admin.check_configuration(text)
        assert kinds(findings) == [*(("bad", "access_key"), ("good", "urls"), ("bad", "variables"))]
        assert findings[2].message == (
            "CLEARML_API_ACCESS_KEY (line 4) has a blank beside its =, which a shell does not take."
        )

    def test_blanks_that_are_none_and_prose_are_told(
        self, house: House, given_out: Configuration
    ) -> None:
        section = given_out.section.replace("web_server:", '"web_server\u200b":')
        text = f"Paste copied configuration here:\n\n{section}"
        assert ("warning", "web_server") in kinds(house.admin.check_configuration(text))
        assert said(house.admin, text, "text") == (
            "Clients take for a part of a name or a value: a zero-width blank (line 5). "
            "Type a plain blank, or none. Line 1 is no configuration and was passed over. "
            "Leave it out of clearml.conf."
        )

    @pytest.mark.parametrize(
        "form",
        ["Hi Bob, here it is\n{}", "{}\nthanks", "sdk {{ a = 1 }}\nhello there\n{}", "> Hi\n{}"],
    )
    def test_prose_that_is_in_no_terminal_and_no_fence_makes_a_file_unreadable(
        self, house: House, given_out: Configuration, form: str
    ) -> None:
        findings = house.admin.check_configuration(form.format(given_out.section))
        assert kinds(findings) == [*ALL_GOOD, ("bad", "text")]
        assert "The keys are known" in findings[0].message
        assert "clients cannot read the file" in findings[2].message

    @pytest.mark.parametrize(
        "form",
        [
            "Paste copied configuration here:\n{}",
            "ada@host:~$ cat clearml.conf\n{}\nada@host:~$ ",
            "[root@host ~]# cat clearml.conf\n{}\n[root@host ~]#",
        ],
    )
    def test_what_a_terminal_says_beside_a_section_is_passed_over(
        self, house: House, given_out: Configuration, form: str
    ) -> None:
        findings = house.admin.check_configuration(form.format(given_out.section))
        assert kinds(findings) == [*ALL_GOOD, ("warning", "text")]
        assert "The keys are right" in findings[0].message

    def test_a_fenced_section_is_what_is_meant(
        self, house: House, given_out: Configuration
    ) -> None:
        text = f"Hi Bob\n```hocon\n{given_out.section}\n```\nthanks\n"
        assert kinds(house.admin.check_configuration(text)) == ALL_GOOD


class TestElsewhere:
    """What only the client can know is named."""

    def test_includes_and_substitutions(self, house: House, given_out: Configuration) -> None:
        text = given_out.section.replace(
            'api_server: "http://clearml:8008"', "api_server: ${CLEARML_API_HOST}"
        )
        text += 'include "base.conf"\ninclude url("http://x.test/y")\na = ${?b}\n'
        findings = house.admin.check_configuration(text)
        assert kinds(findings)[1:] == [
            ("warning", "api_server"),
            ("warning", "includes"),
            ("warning", "substitutions"),
        ]
        assert "base.conf (line 11), url http://x.test/y (line 12)" in findings[2].message
        assert "${CLEARML_API_HOST} (line 4), ${b} (line 13)" in findings[3].message

    def test_many_are_counted(self, house: House) -> None:
        text = "api {}\n" + "".join(f'include "{"x" * 100}{number}"\n' for number in range(20))
        message = said(house.admin, text, "includes")
        assert " and 15 more" in message
        assert len(message) < 500

    @pytest.mark.parametrize("form", ["secret_key = ${SECRET}", "secret_key = ${?SECRET}x"])
    def test_keys_from_elsewhere(self, house: House, given_out: Configuration, form: str) -> None:
        lines = given_out.section.splitlines()
        text = "\n".join(form if "secret_key" in line else line for line in lines)
        assert ("warning", "secret_key") in kinds(house.admin.check_configuration(text))

    def test_variables_of_variables(self, house: House, given_out: Configuration) -> None:
        text = 'export CLEARML_API_ACCESS_KEY="$KEY"\nexport CLEARML_API_SECRET_KEY=$(cat x)\n'
        found = kinds(house.admin.check_configuration(text))
        assert found[:2] == [("warning", "access_key"), ("warning", "secret_key")]


class TestWhoMayKnow:
    """Others than administrators are told of their own keys only."""

    def test_ones_own(self, house: House, bob: str) -> None:
        here = house.as_user(BOB)
        section = here.configuration_of(here.create_credentials(bob, "Laptop")).section
        assert "Laptop of Bob" in said(here, section, "access_key")

    def test_keys_of_another_and_of_nobody_are_told_in_the_same_words(
        self, house: House, bob: str, issued: IssuedCredential, given_out: Configuration
    ) -> None:
        here = house.as_user(BOB)
        texts = {
            "right": given_out.section,
            "wrong secret": given_out.section.replace(issued.secret_key, "x"),
            "unknown": given_out.section.replace(issued.access_key, "X" * 30),
        }
        answers = [here.check_configuration(text) for text in texts.values()]
        house.admin.revoke_credentials([issued.access_key])
        here.refresh()
        answers.append(here.check_configuration(given_out.section))
        assert kinds(answers[0]) == [("bad", "access_key"), ("good", "urls")]
        assert all(answer == answers[0] for answer in answers)
        assert "agent-1" not in answers[0][0].message

    def test_who_revoked_it_is_called_as_the_viewer_may_know(self, house: House, bob: str) -> None:
        here = house.as_user(BOB)
        issued = here.create_credentials(bob)
        section = here.configuration_of(issued).section
        here.revoke_credentials([issued.access_key])
        assert "by Bob" in said(here, section, "access_key")

    def test_somebody_who_was_suspended_meanwhile(self, house: House, bob: str) -> None:
        here = house.as_user(BOB)
        house.admin.suspend_users([bob])
        here._store.refresh()
        with pytest.raises(AccessEnded):
            here.check_configuration("api {}")


class TestNothingIsKept:
    """No commit, no usage, no record, and no secret in what is said."""

    def test_nothing_is_written(
        self, house: House, issued: IssuedCredential, given_out: Configuration
    ) -> None:
        before = files(house.folder)
        for text in (
            given_out.section,
            given_out.section.replace(issued.secret_key, "x"),
            given_out.section.replace(issued.access_key, "X" * 30),
        ):
            house.admin.check_configuration(text)
        house.close()
        assert files(house.folder) == before

    def test_a_store_for_reading_only_is_enough(
        self, house: House, given_out: Configuration
    ) -> None:
        here = house.as_user(read_only=True)
        assert kinds(here.check_configuration(given_out.section)) == ALL_GOOD

    def test_no_secret_is_in_a_finding_or_an_error(
        self, house: House, issued: IssuedCredential, given_out: Configuration
    ) -> None:
        secret = issued.secret_key
        swapped = given_out.section.replace(issued.access_key, secret)
        for text in (given_out.section, given_out.shell, swapped):
            assert secret not in repr(house.admin.check_configuration(text))
        for broken in (f"{given_out.section}}}", f'{secret} = "', f"api {{ x = {secret} [1] }}"):
            with pytest.raises(InvalidInput) as raised:
                house.admin.check_configuration(broken)
            assert secret not in raised.value.message

    @given(text=st.text(max_size=50), after=st.text(max_size=20))
    @settings(
        max_examples=effort(10),
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    def test_whatever_is_pasted(self, house: House, text: str, after: str) -> None:
        for pasted in (
            text,
            f"CLEARML_API_ACCESS_KEY={text}\n{after}",
            f"api {{\n{text}\n}}{after}",
        ):
            try:
                findings = house.admin.check_configuration(pasted)
            except InvalidInput as error:
                findings = [Finding("bad", error.message, error.field or "")]
            assert all(finding.message.endswith(".") for finding in findings)


def files(folder: Path) -> dict[str, bytes]:
    """All that the store holds, by file."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path): path.read_bytes() for path in paths}
