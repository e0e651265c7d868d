"""Which format is found for a text: by its lines, by weighing both readings, or by asking."""

from __future__ import annotations

import importlib.util
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from store.vaults.checking import CheckedText, check_vault_text
from store.vaults.formats import Format
from store.vaults.recognising import Difference, guessed, is_settled, weighed
from tests.effort import effort
from tests.store.vaults.conf_files import CONF_FILES
from tests.store.vaults.texts import PATIENT, is_of_hocon, is_same, keys_in, trees

USUAL = settings(deadline=None, suppress_health_check=list(HealthCheck))
# What is warned of in any vault, whatever its text is written like.
_OF_VAULTS = (
    "take this from their environment",
    *("no such section", "includes this", "Nothing in this text defines", "Agents keep"),
    "at every sign-in",
)


def found(text: str) -> tuple[Format, tuple[Difference, ...], CheckedText]:
    """The format that is found, what would be asked, and what the text is in that format."""
    guess = guessed(text)
    checked = check_vault_text(text, guess.format, PATIENT)
    if is_settled(guess, checked):
        return guess.format, (), checked
    assert guess.other is not None
    other = check_vault_text(text, guess.other, PATIENT)
    text_format, differences = weighed(guess, checked, other)
    return text_format, differences, checked if text_format == guess.format else other


def default_files() -> list[Path]:
    """The configuration files that the clients come with."""
    files = []
    for client in ("clearml", "clearml_agent"):
        spec = importlib.util.find_spec(client)
        assert spec is not None
        assert spec.origin
        files += sorted(Path(spec.origin).parent.glob("**/*.conf"))
    return files


def test_there_are_many_files() -> None:
    assert len(CONF_FILES) >= 40
    assert len(default_files()) >= 8


@pytest.mark.parametrize("text", CONF_FILES, ids=range(len(CONF_FILES)))
def test_files_that_people_write_are_hocon_and_nothing_is_said_of_them(text: str) -> None:
    text_format, differences, checked = found(text)
    assert (text_format, differences) == ("hocon", ())
    said = [problem.message for problem in checked.problems]
    assert [message for message in said if not any(one in message for one in _OF_VAULTS)] == []
    assert checked.is_good


@pytest.mark.parametrize("file", default_files(), ids=lambda file: "/".join(file.parts[-5:]))
def test_files_of_the_clients_are_hocon_and_nothing_is_said_of_them(file: Path) -> None:
    text = file.read_text()
    text_format, differences, checked = found(text)
    assert (text_format, differences) == ("hocon", ())
    said = [problem.message for problem in checked.problems]
    assert [message for message in said if not any(one in message for one in _OF_VAULTS)] == []
    # Each is a section of its own, which a client puts under that section's name.
    found_with_name = found(f"sdk {{\n{text.strip().removeprefix('{').removesuffix('}')}\n}}")
    assert found_with_name[0] == "hocon"
    assert found_with_name[2].is_good


@pytest.mark.parametrize(
    ("text", "text_format"),
    [
        ("agent.git_user: bot\nagent.package_manager.type: pip", "hocon"),
        ("agent.git_user: 'bot'", "hocon"),
        ("sdk.a: x\nsdk.b: yes # c", "hocon"),
        ("x: 1\nsdk.a: 0o17", "hocon"),
        ("agent.cmd = echo: x", "hocon"),
        ("// mine\nagent: { a: 'x' }", "hocon"),
        ('agent: { a: \'x\', b: """l""" }', "hocon"),
        ("agent: { a: 1 }, sdk: { b: 2 }", "hocon"),
        ("agent: {\n  a: 1\n  b: 'x'\n}", "hocon"),
        ("agent:\n{\n  a: 1\n  b { c: 1 }\n}", "hocon"),
        ("{ agent: { a: 'x', b { c: 1 } } }", "hocon"),
        ("# only this", "hocon"),
        ("", "hocon"),
        # HOCON does not read these, whatever the lines say.
        ("agent: {a: \"b\", c: 'it is, {x}'}", "yaml"),
        ("agent: { a: x=1 }", "yaml"),
        ("agent: {a: b@c}", "yaml"),
        ("agent.a:\n  type: pip", "yaml"),
        ("agent:\n  a.b: 1", "yaml"),
        ("agent:\n  run: |\n    x {\n    y = 1\n", "yaml"),
        ("agent:\n  a: 'x'\n  b: {c: 1}", "yaml"),
        ("agent:\n  a: x = 1", "yaml"),
    ],
)
def test_what_is_meant(text: str, text_format: Format) -> None:
    text_format_found, differences, _ = found(text)
    assert (text_format_found, differences) == (text_format, ())


def test_an_error_in_the_likely_format_is_told_where_no_other_reads() -> None:
    text_format, differences, checked = found("agent {\n  a = 1\n  b = [\n}")
    assert (text_format, differences, checked.is_good) == ("hocon", (), False)
    text_format, differences, checked = found("agent:\n  a: 1\n  a: 2")
    assert (text_format, differences, checked.is_good) == ("yaml", (), False)


@pytest.mark.parametrize(
    ("text", "differences"),
    [
        ("agent: {a: 'x'}", [Difference("agent.a", '"x"', "\"'x'\"")]),
        ("agent: {git_pass: 'x'}", [Difference("agent.git_pass", "••••••", "••••••")]),
        (
            "agent: {a.b: 1, c: 2}",
            [Difference('agent."a.b"', "1", ""), Difference("agent.a.b", "", "1")],
        ),
        (
            "agent: {a: [{pass: 'x'}]}",
            [Difference("agent.a", "••••••", "••••••")],
        ),
        ("agent: {a: 'x', b: 3}", [Difference("agent.a", '"x"', "\"'x'\"")]),
    ],
)
def test_a_person_is_asked_where_both_read_and_differ(
    text: str, differences: list[Difference]
) -> None:
    text_format, asked, checked = found(text)
    assert (text_format, list(asked), checked.is_good) == ("yaml", differences, True)


_NAMES = st.sampled_from(["a", "b_c", "d-e", "f2", "git_user"])
_ROOTS = st.sampled_from(["agent", "sdk", "api"])


def _written(tree: dict[str, Any], style: st.DataObject, depth: int) -> str:
    """A tree as HOCON, in a style of which each part is drawn."""
    lines = []
    for name, value in tree.items():
        key = style.draw(st.sampled_from([name, json.dumps(name)]))
        if isinstance(value, dict) and value:
            mark = style.draw(st.sampled_from([" {", ": {", " = {", "\n{", "{"]))
            inner = _written(value, style, depth + 1)
            lines.append(f"{key}{mark}\n{inner}\n{'  ' * depth}}}")
            continue
        mark = style.draw(st.sampled_from([": ", " = ", "=", " : "]))
        comment = style.draw(st.sampled_from(["", "", "  # why", " // why: x"]))
        lines.append(f"{key}{mark}{json.dumps(value, ensure_ascii=False)}{comment}")
    return "\n".join("  " * depth + line for line in lines)


_VALUES = st.one_of(
    st.booleans(),
    st.integers(-5, 1000),
    st.text("abé ':/", min_size=1, max_size=6),
    st.lists(st.integers(0, 9), max_size=3),
)
_TREES = st.dictionaries(
    _ROOTS,
    st.recursive(
        st.dictionaries(_NAMES, _VALUES, min_size=1, max_size=3),
        lambda inner: st.dictionaries(_NAMES, st.one_of(_VALUES, inner), min_size=1, max_size=3),
        max_leaves=5,
    ),
    min_size=1,
    max_size=3,
)


@given(_TREES, st.data())
@settings(USUAL, max_examples=effort(60))
def test_any_tree_written_as_hocon_is_read_as_it(
    tree: dict[str, Any], style: st.DataObject
) -> None:
    text = _written(tree, style, 0)
    _, differences, checked = found(text)
    assert differences == ()
    assert is_same(checked.tree, tree), text


@given(trees(), st.booleans())
@settings(USUAL, max_examples=effort(60))
def test_any_tree_written_as_block_yaml_is_read_as_it(
    tree: dict[str, Any], is_nested: bool
) -> None:
    if is_nested:
        tree = {"agent": tree}
    assume(tree and tree.get("agent") != {} and not any(map(is_of_hocon, keys_in(tree))))
    yaml, file = YAML(typ="safe", pure=True), io.StringIO()
    yaml.default_flow_style = False
    yaml.dump(tree, file)
    checked_as_yaml = check_vault_text(file.getvalue(), "yaml", PATIENT)
    assume(checked_as_yaml.is_good)
    text_format, differences, checked = found(file.getvalue())
    # What is flat may well be either; then it is asked.
    assert text_format == "yaml" or is_same(checked.tree, checked_as_yaml.tree) or differences
