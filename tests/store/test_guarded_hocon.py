"""HOCON that strangers paste: what is read of it, and what it cannot do."""

from __future__ import annotations

import re
import sys
from itertools import islice
from time import perf_counter

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from store.parsing.apart import Limits, end_standbys
from store.parsing.hocon import HoconError, Include, ParsedHocon, Substitution, parse_hocon
from tests.effort import effort

# Whatever processor the tests run on.
PATIENT = Limits(seconds=20)


def read(text: str, limits: Limits = PATIENT) -> ParsedHocon:
    """The text, read without hurry."""
    return parse_hocon(text, limits)


def refusal(text: str, limits: Limits = PATIENT) -> HoconError:
    """Why the text is refused."""
    with pytest.raises(HoconError) as raised:
        parse_hocon(text, limits)
    error = raised.value
    assert error.field == "text"
    assert error.message.endswith(".")
    assert "Traceback" not in error.message
    assert (error.line is None) == (error.column is None)
    return error


class TestReading:
    """What the tree is."""

    @pytest.mark.parametrize(
        ("text", "tree"),
        [
            ("", {}),
            ("# nothing\n// at all", {}),
            ("{}", {}),
            ("{a: 1}", {"a": 1}),
            ("a = 1\nb: 2.5, c = true\nd = null\ne = -3", None),
            ("a { b { c = x } }\na.b.d = y", {"a": {"b": {"c": "x", "d": "y"}}}),
            ("a = [1, two, {b = 3}]", {"a": [1, "two", {"b": 3}]}),
            ('"a.b" = 1\n"c" { "d e" = 2 }', {"a.b": 1, "c": {"d e": 2}}),
            ('a = """x\n"y" ${z}"""', {"a": 'x\n"y" ${z}'}),
            ("a = one two  three # four", {"a": "one two  three"}),
            ("a = http://host:8008/x", {"a": "http://host:8008/x"}),
            ('a = "x \\" \\\\ # ${y} } {"', {"a": 'x " \\ # ${y} } {'}),
            ("a = 10m\nb = 5 seconds", {"a": "10m", "b": "5 seconds"}),
            ("a = {b = 1} {c = 2}", {"a": {"b": 1, "c": 2}}),
            ("a = [1]\na += 2", {"a": 2}),
            ("a = [1]\na += [2]\na += [3]", {"a": [1, 2, 3]}),
            ("a = x\na += y", {"a": "x y"}),
            ("a = 1\r\nb = 2\r\n", {"a": 1, "b": 2}),
            ("\ta\t=\t1", {"a": 1}),
        ],
    )
    def test_plain_values(self, text: str, tree: dict[str, object] | None) -> None:
        wanted = tree or (tree if tree == {} else {"a": 1, "b": 2.5, "c": True, "d": None, "e": -3})
        assert read(text) == ParsedHocon(wanted, (), ())

    def test_a_substitution_stays_as_it_is_written(self) -> None:
        text = 'home = ${HOME}/x ${?Y}\n"quoted" = "${HOME}"\n\ta = ${?b} {c = 1}\nd = ${?e.f} [2]'
        parsed = read(text)
        assert parsed.tree == {
            "home": "${HOME}/x ${?Y}",
            "quoted": "${HOME}",
            "a": {"c": 1},
            "d": [2],
        }
        assert parsed.substitutions == (
            Substitution("HOME", False, 1, 8),
            Substitution("Y", True, 1, 18),
            Substitution("b", True, 3, 6),
            Substitution("e.f", True, 4, 5),
        )

    @pytest.mark.parametrize(
        ("include", "what"),
        [
            ('include "base.conf"', "base.conf"),
            ('include "*.conf"', "*.conf"),
            ('include file("/etc/passwd")', "file /etc/passwd"),
            ('include url("http://host/x")', "url http://host/x"),
            ('include "https://host/x"', "https://host/x"),
        ],
    )
    def test_an_include_is_named_and_left_out(self, include: str, what: str) -> None:
        assert read(f"a = 1\nb {{\n  {include}\n  c = 2\n}}") == ParsedHocon(
            {"a": 1, "b": {"c": 2}}, (Include(what, 3, 3),), ()
        )
        assert read(f"{include}\na = 1") == ParsedHocon({"a": 1}, (Include(what, 1, 1),), ())

    def test_an_include_that_must_be_there(self) -> None:
        parsed = read('b {\n  include required("base.conf")\n}')
        assert parsed.includes == (Include("base.conf", 2, 3, is_required=True),)

    def test_an_include_in_a_list_is_left_out(self) -> None:
        parsed = read('b = [include "y", 1]\nc = "include \\"z\\""\n# include "q"')
        assert parsed.tree == {"b": [1], "c": 'include "z"'}
        assert [(one.what, one.line) for one in parsed.includes] == [("y", 1)]

    def test_the_clients_read_the_same(self) -> None:
        from pyhocon import ConfigFactory

        text = """
            api { web_server = "http://x", credentials { "access_key" = "A", secret_key: B } }
            sdk.storage.cache.default_base_dir = "~/.clearml/cache"
            agent { extra = ["a", b, "c d"], nested { x = 1, y = null }, empty {} , none = [] }
            agent.nested.z = true   // said later
            agent.extra += [e]
        """
        assert read(text).tree == ConfigFactory.parse_string(text).as_plain_ordered_dict()

    # With letters that mean something, so that some of it is HOCON by chance.
    @given(
        st.dictionaries(st.text("ab", min_size=1), st.text("x \"'\\#/{}[]$=:,\n\té界", max_size=9))
    )
    @settings(max_examples=effort(10), deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_quoted_texts_are_read_as_they_are(self, values: dict[str, str]) -> None:
        quoted = {key: _quoted(value) for key, value in values.items()}
        text = "\n".join(f'"{key}" = {value}' for key, value in quoted.items())
        # Clients make blanks of tabs, in quotes too.
        got = read(text.replace("\t", "\\t")).tree
        assert got == values


class TestRefusing:
    """Each cause has its own sentence, with the place where that is known."""

    @pytest.mark.parametrize(
        ("text", "line", "column"),
        [
            ("a = 1\nb = [1, 2\nc = 3", 3, 3),
            ("a {", 1, 4),
            ("a = 1 }", 1, 7),
            ('a = "b', 1, 5),
            ("a = b+c", 1, 6),
            ("x = 1\n\ty =\t`", 2, 6),
            ("= 1", 1, 1),
            ("a\x00 = 1", 1, 2),
            ("\x1b[2J", 1, 1),
        ],
    )
    def test_what_is_no_hocon(self, text: str, line: int, column: int) -> None:
        error = refusal(text)
        assert (error.line, error.column) == (line, column)
        assert "no HOCON" in error.message

    def test_a_bracket_that_is_not_closed_is_named(self) -> None:
        assert (
            "The bracket at line 2, column 5 is not closed." in refusal("a=1\nb = {\nc=2").message
        )

    def test_parts_that_do_not_go_together(self) -> None:
        error = refusal("a = 1\nb = {c = 1} [2]")
        assert (error.line, "different kinds" in error.message) == (2, True)

    @pytest.mark.parametrize("key", ['""', ".", "..", ' "" '])
    def test_an_empty_key(self, key: str) -> None:
        error = refusal(f"a {{\n  {key} = 1\n}}")
        assert (error.line, "key" in error.message) == (2, True)

    def test_adding_at_which_clients_stumble(self) -> None:
        assert "instead of +=" in refusal("c = []\nc += x").message

    @pytest.mark.parametrize(
        ("text", "line", "column", "words"),
        [
            ("environment { A = ${HOME} }\nenvironment = ${environment} { B = 1 }", 2, 15, "hang"),
            (
                "a0 = 1\n" + "\n".join(f"a{n + 1} = ${{a{n}}}${{a{n}}}" for n in range(40)),
                2,
                6,
                "grows",
            ),
            ("a = 1\nb = ${ HOME }", 2, 5, "exactly this name"),
            ("agent.git_user = a\nagent.git_user { x = 1 }", 2, 1, "different kinds"),
            ("sdk {\n  include package('x')\n}", 2, 18, "no HOCON"),
            ('sdk {\n  include required(file("x"))\n}', 2, 3, "required"),
            ('sdk {\n  include required(url("http://x"))\n}', 2, 3, "required"),
            ("x = ${x}\nx = ${x}", 1, 5, "itself"),
            ("a = [1]\nb = ${a} x", 2, 4, "different kinds"),
            ('sdk = include "x.conf"', 1, 7, "as a value"),
            ('sdk.probe = include file("x.conf")', 1, 13, "as a value"),
            ('sdk.probe = include "x.conf" more', 1, 13, "as a value"),
            ('a = 1\nb = ["-e", ""]', 2, 12, "empty text"),
            ('a = [""""""]', 1, 6, "empty text"),
            ("a = null x", 1, 5, "null"),
            ("a = x null", 1, 5, "null"),
            ("a = [1] ${HOME}", 1, 4, "different kinds"),
        ],
    )
    def test_what_no_client_comes_to_an_end_with(
        self, text: str, line: int, column: int, words: str
    ) -> None:
        error = refusal(text)
        assert (words in error.message, error.line, error.column) == (True, line, column), error

    @pytest.mark.parametrize("text", ["[]", "[1, 2]", "# x\n[{a = 1}]"])
    def test_a_list_at_the_root(self, text: str) -> None:
        assert "is a list" in refusal(text).message

    @pytest.mark.parametrize(("opening", "closing"), [("a{", "}"), ("a=[", "]"), ("[", "]")])
    def test_levels_are_counted_before_the_parser_runs(self, opening: str, closing: str) -> None:
        if opening == "a{":
            text = opening * 25 + closing * 25
            assert read(text).tree
            assert read(f"{{{text}}}").tree
            assert read(f'# {{\n{{ x = "{{{{{{" , y = 1 // {{{{\n{text}}}').tree
        for levels in (26, 1_000):
            error = refusal(f"x = 1\n{'a{' if opening == '[' else ''}{opening * levels}")
            assert (error.line, "25 levels" in error.message) == (2, True)

    @pytest.mark.parametrize("levels", [27, 1_000, 10_000])
    def test_a_path_of_many_keys_is_deep_too(self, levels: int) -> None:
        error = refusal(f"x = 1\n{'.'.join('a' * levels)} = 1")
        assert (error.line, "25 levels" in error.message) == (2, True)
        assert "25 levels" in refusal("a.a.a.a.a.a { " * 5 + "}" * 5).message

    def test_one_that_is_too_large_is_not_even_tried(self) -> None:
        began = perf_counter()
        error = refusal("a = 1\n" * 200_000)
        assert "1,200,000 bytes; at most 65,536" in error.message
        assert perf_counter() - began < 0.5
        assert "3 bytes; at most 2" in refusal("界", Limits(size=2)).message

    def test_one_that_is_too_much_work_is_given_up_and_the_remedy_named(self) -> None:
        error = refusal("a=1\n" * 16_000, Limits(seconds=0.5))
        assert "more than 0.5 seconds of work" in error.message
        assert "Make it shorter or simpler" in error.message
        assert (error.is_unknown, error.may_pass) == (True, False)

    def test_one_that_nobody_found_the_time_for_is_not_called_too_long(self) -> None:
        error = refusal("a = 1", Limits(patience=0.0))
        assert "The machine is so busy" in error.message
        assert "shorter" not in error.message
        assert (error.is_unknown, error.may_pass) == (True, True)

    @pytest.mark.parametrize(
        "setting",
        [
            "sdk.key{n}.sub = value{n}\n",
            "sdk.key{n} = ${{?HOME}}/{n}\n",
            'environment {{ VAR_{n} = "value {n}" }}\n',
            "a=1\n",
        ],
    )
    def test_as_many_settings_as_fit_are_within_the_usual_work(self, setting: str) -> None:
        lines = (setting.format(n=number) for number in range(16_384))
        text = "".join(islice(lines, 64 * 1024 // len(setting.format(n=9_999))))
        assert len(text) > 60_000
        assert read(text, Limits()).tree

    def test_one_that_takes_too_much_memory_is_given_up(self) -> None:
        limits = Limits(seconds=20, memory=100 * 1024 * 1024, size=50_000_000)
        assert "memory" in refusal(f'a = "{"x" * 20_000_000}"', limits).message

    def test_half_a_character(self) -> None:
        error = refusal("a = 1\nb = \ud83d")
        assert (error.line, error.column) == (2, 5)

    def test_a_byte_order_mark(self) -> None:
        assert "byte order mark" in refusal("\ufeffa = 1").message

    def test_nothing_of_the_text_is_in_the_error(self) -> None:
        for text in ("s3cret", "a = [s3cret", "s3cret = {a = 1} [s3cret]", '"s3cret', "${s3cret"):
            assert "s3cret" not in refusal(text).message

    def test_without_an_interpreter(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "executable", "/nonexistent/python")
        end_standbys()
        assert "Try again" in refusal("a = 1").message


WORDS = (
    *("a", "b.c", '"d e"', " = ", ": ", " += ", "{", "}", "[", "]", ", ", "\n", "1", "x", '"'),
    *('"""', "${a}", "${?b}", "# c\n", 'include "x"', "null", "true", "{}", "[]", "\\", "//"),
)


class TestAnything:
    """Whatever the text: an answer or a sentence."""

    @given(
        st.text(
            st.sampled_from("ab.= :,{}[]\"'\\#/$?+-*`^!@&()\n\r\t\x00\x0b\u2028é界0123e"),
            max_size=60,
        )
    )
    @example("${" * 30_000)
    @example('"""' * 10_000 + '"')
    @example("\\" * 60_000)
    @example("a" * 60_000)
    @example("a=" + "[" * 24 + "${" * 1_000)
    @example("a += " * 1_000)
    @example("a += [1]\n" * 1_500)
    @example("a = ${a}\n" * 50)
    @example("a.b = 1\na = 2\na.b.c = 3\na = [1]\na.b = {c=1}\n")
    @example("include include include")
    @example("include url(")
    @example('a = 1\n"')
    @example("9" * 5_000 + " = " + "9" * 5_000)
    @example("a = 1e999\nb = nan")
    @settings(max_examples=effort(15), deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_symbols(self, text: str) -> None:
        check_answer(text)

    @given(
        st.lists(
            st.sampled_from(WORDS),
            max_size=30,
        ).map("".join)
    )
    @settings(max_examples=effort(20), deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_words(self, text: str) -> None:
        check_answer(text)

    @given(st.text(max_size=40))
    @settings(max_examples=effort(10), deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_any_text(self, text: str) -> None:
        check_answer(text)


def check_answer(text: str) -> None:
    """See that the text is read or refused in words, in time."""
    try:
        parsed = parse_hocon(text, Limits())
    except HoconError as error:
        message = error.message
    else:
        message = ""
        lines = text.count("\n") + 1
        assert is_plain(parsed.tree)
        assert all(1 <= one.line <= lines for one in parsed.includes + parsed.substitutions)
    assert not message or re.fullmatch(r"[A-Z].*\.", message)
    assert "Try again" not in message


def is_plain(value: object) -> bool:
    """Whether it is made of nothing but plain values."""
    if isinstance(value, dict):
        return all(isinstance(key, str) and is_plain(item) for key, item in value.items())
    if isinstance(value, list):
        return all(map(is_plain, value))
    return value is None or isinstance(value, bool | int | float | str)


def _quoted(text: str) -> str:
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n"}
    return f'"{"".join(escapes.get(letter, letter) for letter in text)}"'
