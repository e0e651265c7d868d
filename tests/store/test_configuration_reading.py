"""What is read of a pasted configuration, in each form that people write."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Mapping
from io import StringIO

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from store.configuration_reading import ReadConfiguration, read_configuration
from store.errors import InvalidInput
from store.hocon_spans import (
    lines_of_prose,
    spans_of_sections,
    within_fences,
    within_here_document,
)
from store.stray_characters import strays_of
from store.variables.finding import assignments_in
from tests.effort import effort
from tests.store.pasted_forms import ARGUMENTS, FORMS, PLAIN, QUOTING

NAMES = {
    "web_server": "CLEARML_WEB_HOST",
    "api_server": "CLEARML_API_HOST",
    "files_server": "CLEARML_FILES_HOST",
    "access_key": "CLEARML_API_ACCESS_KEY",
    "secret_key": "CLEARML_API_SECRET_KEY",
}
USUAL = settings(deadline=None, suppress_health_check=list(HealthCheck))

access_keys = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=30, max_size=30)
secret_keys = st.text(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", min_size=64, max_size=64
)
BLANKS = st.sampled_from(
    [" ", "  ", "\t", "\u00a0", "\u202f", "\u2003", "\u3000", "\u200b", "\u2060", "\ufeff"]
)


@st.composite
def environments(draw: st.DrawFn) -> dict[str, str]:
    """The variables of a client, with keys as they are made."""
    host = draw(st.sampled_from(["http://clearml", "https://a-b.c.test", "http://[::1]"]))
    return {
        "CLEARML_WEB_HOST": f"{host}:8080",
        "CLEARML_API_HOST": f"{host}:8008/path",
        "CLEARML_FILES_HOST": f"{host}:8081",
        "CLEARML_API_ACCESS_KEY": draw(access_keys),
        "CLEARML_API_SECRET_KEY": draw(secret_keys),
    }


def texts(read: ReadConfiguration) -> dict[str, str]:
    """What a client has, by the names of variables."""
    assert not any(one.is_open for one in read.held.values())
    return {NAMES[name]: one.text for name, one in read.held.items()}


class TestForms:
    """Every form gives the values that it means."""

    @pytest.mark.parametrize("form", FORMS)
    @given(pairs=environments())
    @settings(USUAL, max_examples=effort(40))
    def test_any_key_reads_back(self, form: str, pairs: dict[str, str]) -> None:
        read = read_configuration(FORMS[form](pairs))
        assert texts(read) == pairs
        assert read.has_section
        assert not read.passed_by
        assert not [one for one in read.odd if not one.value.is_set]
        expected = list(ARGUMENTS.values()) if "set_cr" in form else list(pairs)
        assert sorted(one.called for one in read.held.values()) == sorted(expected)

    @pytest.mark.parametrize("form", FORMS)
    def test_each_value_has_its_line(self, form: str) -> None:
        pairs = dict.fromkeys(NAMES.values(), "x")
        text = FORMS[form](pairs)
        for one in read_configuration("\n\n" + text).held.values():
            assert one.called in ("\n\n" + text).split("\n")[one.line - 1]

    @pytest.mark.parametrize("form", FORMS)
    @pytest.mark.parametrize(
        "around", ["```\n{}\n```", "Do this:\n```sh\n{}\n```\nand go on.", "{}"]
    )
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_a_fenced_block_and_ends_of_lines_are_no_part_of_it(
        self, form: str, around: str, end: str
    ) -> None:
        pairs = {name: f"http://{number}.test" for number, name in enumerate(NAMES.values())}
        text = around.format(FORMS[form](pairs)).replace("\n", end)
        assert texts(read_configuration(text)) == pairs

    @pytest.mark.parametrize("form", QUOTING)
    @given(before=BLANKS | st.just(""), after=BLANKS)
    @settings(USUAL, max_examples=effort(40))
    def test_blanks_at_the_ends_are_always_told(self, form: str, before: str, after: str) -> None:
        pairs = dict.fromkeys(NAMES.values(), f"{before}VALUE{after}")
        read = read_configuration(FORMS[form](pairs))
        assert len(read.held) == len(NAMES)
        for one in read.held.values():
            # A client cuts what Python calls a blank.
            assert one.text == pairs["CLEARML_API_HOST"].strip()
            assert any(said.startswith("ends with ") for said in strays_of(one.written))
            assert bool(before) == any("begins with" in said for said in strays_of(one.written))

    @pytest.mark.parametrize("form", PLAIN)
    @pytest.mark.parametrize("odd", ["\u00a0", "\u200b"])
    def test_blanks_that_are_none_belong_to_a_plain_value(self, form: str, odd: str) -> None:
        read = read_configuration(FORMS[form]({"CLEARML_API_SECRET_KEY": f"VAL{odd}UE"}))
        assert read.held["secret_key"].text == f"VAL{odd}UE"

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ('set CLEARML_API_HOST="x"', '"x"'),
            ("%env CLEARML_API_HOST='x'", "'x'"),
            ('%env CLEARML_API_HOST="x"  # mine', '"x"  # mine'),
            ('- CLEARML_API_HOST="x"', '"x"'),
            ("export CLEARML_API_HOST=\u201cx\u201d", "\u201cx\u201d"),
            ("setx CLEARML_API_HOST 'x'", "'x'"),
            ("export CLEARML_API_HOST=x#y # z", "x#y"),
            ("CLEARML_API_HOST=x;y", "x"),
            ("ENV CLEARML_API_HOST=x;y", "x;y"),
            ("CLEARML_API_HOST: x#y # z", "x#y"),
            ("set CLEARML_API_HOST=x#y & z", "x#y"),
            ("export CLEARML_API_HOST=x\\\ny", "xy"),
            ("export CLEARML_API_HOST=x'y'\"z\"", "xyz"),
            ("export CLEARML_API_HOST=$'x\\ty'", "x\ty"),
            ('export CLEARML_API_HOST="x\n"', "x"),
            ("$env:CLEARML_API_HOST = \u201cx\u201d", "x"),
            ("$env:clearml_api_host = 'x'", "x"),
            ("set clearml_api_host=x", "x"),
            ("CLEARML_API_HOST: >-\n  x\n  y\nz: 1", "x y"),
            ("CLEARML_API_HOST: 'it''s'", "it's"),
            ('os.environ["CLEARML_API_HOST"] = r"""x"""', "x"),
            ("export CLEARML_API_HOST=x\nexport CLEARML_API_HOST=y", "y"),
            ("export CLEARML_API_HOST=x\ndocker run -e CLEARML_API_HOST y", "x"),
            ("Task.set_credentials('x', web_host=None)", "x"),
            ("Set `CLEARML_API_HOST=x`, and ``CLEARML_WEB_HOST=y``.", "x"),
            ('"env": {"CLEARML_API_HOST": "http:\\/\\/x"}', "http://x"),
        ],
    )
    def test_what_is_special(self, text: str, value: str) -> None:
        assert read_configuration(text).held["api_server"].text == value

    @pytest.mark.parametrize(
        "text",
        [
            *("export CLEARML_API_HOST=$X", 'CLEARML_API_HOST="a${X}"', "CLEARML_API_HOST=`x`"),
            *(
                "CLEARML_API_HOST=$(cat x)",
                "set CLEARML_API_HOST=%X%",
                "$env:CLEARML_API_HOST = $x",
            ),
            *("CLEARML_API_HOST: ${X:-y}", "CLEARML_API_HOST:\n", "- CLEARML_API_HOST\n- x=1"),
            *("CLEARML_API_HOST: ${{ secrets.X }}", "docker run -e CLEARML_API_HOST x"),
            *('os.environ["CLEARML_API_HOST"] = x', 'os.environ["CLEARML_API_HOST"] = f"{x}"'),
            *('{"CLEARML_API_HOST": "${env:X}"}', "%env CLEARML_API_HOST={x}"),
            'os.environ.update({"CLEARML_API_HOST": x, "y": 1})',
            *('os.environ["CLEARML_API_HOST"] = "x" + y', "Task.set_credentials(api_host=f(x, 1))"),
            "- name: CLEARML_API_HOST\n  valueFrom:\n    secretKeyRef: x",
        ],
    )
    def test_what_is_filled_in_elsewhere(self, text: str) -> None:
        assert read_configuration(text).held["api_server"].is_open

    @pytest.mark.parametrize(
        "text",
        [
            *("export CLEARML_API_HOST = x", "export CLEARML_API_HOST= x"),
            *("set CLEARML_API_HOST = x", "$env:CLEARML_API_HOST = x", "CLEARML_API_HOST='x"),
            *("set CLEARML_API_HOST x", "%env CLEARML_API_HOST x=y"),
            *("export\u00a0CLEARML_API_HOST=x", "\ufeffexport CLEARML_API_HOST=x"),
            "\u00a0 CLEARML_API_HOST: x",
        ],
    )
    def test_what_comes_to_nothing(self, text: str) -> None:
        read = read_configuration(text)
        assert "api_server" not in read.held
        assert [one.name for one in read.odd] == ["CLEARML_API_HOST"]
        assert read.odd[0].value.trouble

    @pytest.mark.parametrize(
        "text",
        [
            *("# export {}=x", "echo ${}", "export {}", "REM set {}=x", "  # {}: x"),
            *("unset {}", "{}=\n", "{}= # x", "env -u {} x", "set -e {}", "see {}, which is y"),
        ],
    )
    def test_what_sets_nothing(self, text: str) -> None:
        set_before = "export CLEARML_WEB_HOST=x\n"
        read = read_configuration(set_before + text.format("CLEARML_API_HOST"))
        assert list(read.held) == ["web_server"]
        assert not read.odd

    def test_what_is_taken_back(self) -> None:
        text = "export CLEARML_API_HOST=x TRAINS_API_HOST=y\nunset CLEARML_API_HOST\n"
        assert read_configuration(text).held["api_server"].text == "y"


SECTION = """\
api {
  web_server: "http://w.test"
  api_server: "http://a.test"
  credentials {
    "access_key" = "A"
    "secret_key" = "S "
  }
}
"""


class TestPrecedence:
    """Variables go before the file, and names of today before former ones."""

    def test_variables_go_before_the_file(self) -> None:
        read = read_configuration(f"{SECTION}export CLEARML_API_HOST=x TRAINS_API_ACCESS_KEY=T\n")
        assert {name: one.text for name, one in read.held.items()} == {
            **{"web_server": "http://w.test", "api_server": "x"},
            **{"access_key": "T", "secret_key": "S "},
        }
        passed_by = [(one.called, one.line, other.called) for one, other in read.passed_by]
        assert passed_by == [
            ("api_server", 3, "CLEARML_API_HOST"),
            ("access_key", 5, "TRAINS_API_ACCESS_KEY"),
        ]

    def test_names_of_today_go_before_former_ones(self) -> None:
        read = read_configuration("TRAINS_API_HOST=t CLEARML_API_HOST=c TRAINS_WEB_HOST=w x")
        assert read.held["api_server"].text == "c"
        assert read.held["web_server"].called == "TRAINS_WEB_HOST"

    def test_an_empty_variable_is_none(self) -> None:
        read = read_configuration(f"{SECTION}CLEARML_API_HOST=' ' TRAINS_API_HOST='' x\n")
        assert read.held["api_server"].text == "http://a.test"

    def test_a_call_goes_before_variables_for_keys_and_behind_them_for_urls(self) -> None:
        call = "Task.set_credentials(api_host='a', web_host='w', key='k')\n"
        read = read_configuration(f"{call}%env CLEARML_API_HOST=A\n%env CLEARML_API_ACCESS_KEY=K")
        assert {name: one.text for name, one in read.held.items()} == {
            **{"web_server": "w", "api_server": "A", "access_key": "k"}
        }

    def test_what_a_file_sets_for_tasks_is_no_variable_of_the_client(self) -> None:
        text = f"{SECTION}environment {{\n  CLEARML_API_HOST: x\n}}\nsdk.x = 1\n"
        for whole in (text, f"{{{text}}}", f"{text}export CLEARML_WEB_HOST=http://w.test\n"):
            assert read_configuration(whole).held["api_server"].text == "http://a.test"


class TestValuesBeforeNames:
    """An item of Kubernetes is the same in any order."""

    @pytest.mark.parametrize(
        "text",
        [
            "- value: x\n  name: CLEARML_API_HOST\n",
            '- value: "x" # mine\n  # one more\n  name: "CLEARML_API_HOST"',
            "env: [{value: x, name: CLEARML_API_HOST}, {value: y, name: z}]",
            '[{"value": "x", "name": "CLEARML_API_HOST"}]',
        ],
    )
    def test_the_value_is_that_of_its_item(self, text: str) -> None:
        assert read_configuration(text).held["api_server"].text == "x"

    def test_items_of_either_order_keep_their_values(self) -> None:
        text = (
            "- value: key\n  name: CLEARML_API_ACCESS_KEY\n"
            "- name: CLEARML_API_SECRET_KEY\n  value: secret\n"
            "- name: CLEARML_API_HOST\n"
            "- value: web\n  name: CLEARML_WEB_HOST\n"
        )
        held = {name: one.text for name, one in read_configuration(text).held.items()}
        assert held == {"access_key": "key", "secret_key": "secret", "web_server": "web"}


class TestLinesOfNotebooks:
    """What `!` begins is run by a shell of its own, which ends with the line."""

    @pytest.mark.parametrize("command", ["export", " export A=1", "set", "cd x && export"])
    def test_nothing_is_set_by_it_for_what_comes_after(self, command: str) -> None:
        read = read_configuration(f"!{command} CLEARML_API_HOST=x\nimport clearml\n")
        assert not read.held
        assert ["%env" in one.value.trouble for one in read.odd] == [True]

    @pytest.mark.parametrize(
        "line",
        ["!{} python x.py", "!env {} python x.py", "!cd x && {} python x.py", "!export {}; y"],
    )
    def test_what_is_run_by_the_same_line_has_it(self, line: str) -> None:
        read = read_configuration(line.format("CLEARML_API_HOST=x"))
        assert read.held["api_server"].text == "x"
        assert not read.odd


WIZARDS = [
    "ClearML SDK setup process\n\nPlease create new clearml credentials through the settings page "
    "in your `clearml-server` web app (e.g. http://localhost:8080//settings/x) \n"
    "Or create a free account at https://app.clear.ml/settings/workspace-configuration\n\n"
    'In settings page, press "Create new credentials", then press "Copy to clipboard".\n\n'
    "Paste copied configuration here:\n",
    "$ clearml-init\nPaste copied configuration here: \n\n",
]


class TestSections:
    """A section is read as a client reads its file, whatever is said around it."""

    @pytest.mark.parametrize("before", WIZARDS)
    @pytest.mark.parametrize(
        "after", ["", 'Detected credentials key="A" secret="S ***"\n\nThanks.\n']
    )
    def test_the_prompt_of_a_wizard_is_passed_over_and_told(self, before: str, after: str) -> None:
        read = read_configuration(before + SECTION + after)
        assert read.held["secret_key"].text == "S "
        assert read.held["secret_key"].line == before.count("\n") + 6
        assert read.prose[0] <= before.count("\n")

    def test_a_script_that_writes_a_file_and_sets_variables(self) -> None:
        before = '#!/bin/sh\nif [ -z "$X" ]; then\n  export CLEARML_API_HOST=x\nfi\n'
        for here in ("cat > ~/clearml.conf <<'EOF'", "$ cat <<-EOF >~/clearml.conf"):
            read = read_configuration(f"{before}{here}\n{SECTION}EOF\npython x.py | tee {{log}}\n")
            assert read.held["secret_key"].text == "S "
            assert read.held["secret_key"].line == 11
            assert read.held["api_server"].called == "CLEARML_API_HOST"

    def test_what_is_wrong_in_a_file_is_not_passed_over(self) -> None:
        for wrong in ("sdk {\n  x = [\n", "x = {]}\n", "a: b }\n"):
            with pytest.raises(InvalidInput):
                read_configuration(SECTION + wrong)

    @pytest.mark.parametrize("access_key", ["${api.credentials.access_key}", "${ HOME }"])
    def test_what_clients_cannot_work_out_is_said_of_a_file(self, access_key: str) -> None:
        with pytest.raises(InvalidInput) as raised:
            read_configuration(f"api {{ credentials {{ access_key: {access_key} }} }}")
        assert "cannot read the file" in raised.value.message
        assert "vault" not in raised.value.message

    @pytest.mark.parametrize(
        ("odd", "name"),
        [("\u00a0", "non-breaking blank"), ("\u2003", r"U\+2003"), ("\u3000", r"U\+3000")],
    )
    def test_a_blank_that_a_client_cannot_read_is_named_at_its_place(
        self, odd: str, name: str
    ) -> None:
        for text in (
            SECTION.replace("api {", f"api{odd}{{"),
            SECTION.replace("  web", f" {odd}web"),
        ):
            with pytest.raises(InvalidInput, match=rf"Line [12], column [24]: .*{name}"):
                read_configuration(text)

    def test_a_byte_order_mark_is_named(self) -> None:
        with pytest.raises(InvalidInput, match="byte order mark"):
            read_configuration(f"\ufeff{SECTION}")
        read = read_configuration("\ufeffCLEARML_API_HOST=x\nCLEARML_WEB_HOST=y")
        assert "a byte order mark" in read.odd[0].value.trouble

    def test_a_zero_width_blank_in_a_name_is_told(self) -> None:
        read = read_configuration(SECTION.replace("web_server", '"web_server\u200b"'))
        assert "web_server" not in read.held
        assert read.odd_blanks == ((2, "a zero-width blank"),)
        assert read_configuration(f"# api\u00a0x\n{SECTION}").odd_blanks == ()

    def test_an_empty_url_makes_room_for_its_former_name(self) -> None:
        read = read_configuration('api { api_server: "", host: "x" }')
        assert (read.held["api_server"].called, read.held["api_server"].text) == ("host", "x")

    def test_what_a_substitution_brings_is_open(self) -> None:
        read = read_configuration('include "x"\napi = ${base}\napi { web_server: x }')
        assert all(one.is_open for one in read.held.values())
        assert len(read.held) == len(NAMES)


class TestHowItIsRead:
    """As the programs read it that the forms are of; and nothing takes long."""

    @given(
        words=st.lists(
            st.sampled_from(
                [
                    "a",
                    "B-_",
                    "#",
                    "'x y'",
                    '"x # y"',
                    "\\ ",
                    "\\'",
                    '"\\"\\x"',
                    "''",
                    "$'\\t\\x41'",
                    "=",
                ]
            ),
            max_size=5,
        ),
        ends=st.sampled_from(["", " ", ";", " # x", " && true", "\\\n"]),
    )
    @example(words=["a", "#", "b"], ends="")
    @settings(USUAL, max_examples=effort(100))
    def test_as_a_shell(self, words: list[str], ends: str) -> None:
        script = f"CLEARML_API_HOST={''.join(words)}{ends}"
        printing = f'{script}\nprintf %s "$CLEARML_API_HOST"'
        done = subprocess.run(["bash", "-c", printing], capture_output=True, check=True, timeout=20)
        found = assignments_in(f"{script}\n", ["CLEARML_API_HOST"])
        assert [one.value.text for one in found] == [done.stdout.decode()]

    @given(
        value=st.text("ab #:'\",{}[]-|>&*!%@`", max_size=12)
        .map(str.strip)
        .filter(lambda value: value and value[0] not in "#'\",{}[]|>&*!%@`-?:~"),
        quote=st.sampled_from(
            [str, json.dumps, lambda value: "'" + value.replace("'", "''") + "'"]
        ),
    )
    @settings(USUAL, max_examples=effort(200))
    def test_as_yaml(self, value: str, quote: object) -> None:
        assert callable(quote)
        text = f"x:\n  CLEARML_API_HOST: {quote(value)}\n"
        try:
            loaded: Mapping[str, Mapping[str, object]] = YAML(typ="safe", pure=True).load(
                StringIO(text)
            )
        except Exception:
            return
        found = assignments_in(text, ["CLEARML_API_HOST"])
        assert [one.value.text for one in found] == [loaded["x"]["CLEARML_API_HOST"]]

    @given(value=st.text(max_size=20))
    @settings(USUAL, max_examples=effort(200))
    def test_as_python(self, value: str) -> None:
        for written in (repr(value), ascii(value)):
            text = f'os.environ["CLEARML_API_HOST"] = {written}\n'
            found = assignments_in(text, ["CLEARML_API_HOST"])
            assert [one.value.text for one in found] == [value]

    @pytest.mark.parametrize(
        "piece",
        [
            *("{}=", '({}="', "%env {} ", "{} ", "- name: {} ", "{}: |\n ", '"{}" ', '$env:{}="'),
            *('echo "{}', '\\"', "  #", "set_credentials(", "'{}", "\n\n", '{}="""', "api {{"),
            *("```\n", "a {{}}\n", "Task.set_credentials((", "{}=$(", "{}\u00a0="),
        ],
    )
    def test_whatever_is_repeated_is_read_within_a_second(self, piece: str) -> None:
        check_time((piece.format("CLEARML_API_HOST") * 60_000)[:60_000])

    @pytest.mark.parametrize("filling", [" ", "\n", '"', "x", "=", "(", "\\", "- ", "\u00a0", "`"])
    @pytest.mark.parametrize(
        "text",
        [
            *("{}{}", "{}={}", "{}: {}", "- name: {}{}", "%env {}{}", "$env:{} = {}", 'x="{}{}'),
            "- value: {1}\n  name: {0}",
            *(
                "set {}{}",
                "ENV {}{}",
                '"{}":{}',
                "Task.set_credentials({1}{0}",
                "api{1}{0}",
                "{1}{0}",
            ),
        ],
    )
    def test_whatever_is_long_is_read_within_a_second(self, text: str, filling: str) -> None:
        check_time(text.format("CLEARML_API_HOST", (filling * 60_000)[:60_000]))


def check_time(text: str) -> None:
    """See that a text is taken apart within a second of this process's own time."""
    spent = time.process_time()
    left = within_here_document(within_fences(text))
    assignments_in(left, NAMES.values(), spans_of_sections(left))
    lines_of_prose(left)
    assert time.process_time() - spent < 1
