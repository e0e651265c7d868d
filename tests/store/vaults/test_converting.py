"""The same tree in another format, or a word on why not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from store.errors import InvalidInput
from store.vaults.checking import check_vault_text
from store.vaults.converting import Conversion, converted
from store.vaults.formats import FORMATS, Format
from store.vaults.writing import written
from tests.effort import effort
from tests.store.vaults.texts import HOCON, PATIENT, is_same, trees

USUAL = settings(deadline=None, suppress_health_check=list(HealthCheck))

HOCON_TEXT = """\
api {
  web_server = "http://clearml:8080"
  credentials {
    access_key = "A b"
  }
}
agent {
  extra_docker_arguments = ["-e", "A=b"]
  "git.host" = null
  queues = [
    {
      name = "default"
      gpus = [0, 1]
    },
    [1, [2, {}]]
  ]
  script = "#!/bin/sh\\n  echo hi\\n\\nexit\\n"
  on = true
}
"""
YAML_TEXT = """\
api:
  web_server: http://clearml:8080
  credentials:
    access_key: A b
agent:
  extra_docker_arguments:
    - "-e"
    - A=b
  git.host: null
  queues:
    - name: default
      gpus:
        - 0
        - 1
    - - 1
      - - 2
        - {}
  script: |
    #!/bin/sh
      echo hi

    exit
  "on": true
"""


def tree_of(text: str, format_: Format) -> dict[str, Any]:
    """What a text holds that is good."""
    checked = check_vault_text(text, format_, PATIENT)
    assert checked.tree is not None, (text, checked.problems)
    return checked.tree


def test_what_is_written_is_pleasant_to_read() -> None:
    assert converted(HOCON_TEXT, "hocon", "yaml") == Conversion(YAML_TEXT)
    assert converted(YAML_TEXT, "yaml", "hocon") == Conversion(HOCON_TEXT)
    json_text = converted(YAML_TEXT, "yaml", "json").text
    assert '\n  "api": {\n    "web_server": "http://clearml:8080",\n' in json_text
    assert converted(json_text, "json", "yaml") == Conversion(YAML_TEXT)


@given(trees())
@example({"a": 1e300, "b": -1.7976931348623157e308, "c": 10**300 - 1})
@settings(USUAL, max_examples=effort(20))
def test_the_tree_stays_both_ways(tree: dict[str, Any]) -> None:
    for source in FORMATS:
        text = written(tree, source)
        assert is_same(tree_of(text, source), tree)
        for target in set(FORMATS) - {source}:
            conversion = converted(text, source, target)
            assert conversion.dropped == ()
            assert conversion.text == written(tree, target)


@given(HOCON, st.sampled_from(["json", "yaml"]))
@settings(USUAL, max_examples=effort(15))
def test_hocon_as_people_write_it(text: str, target: Format) -> None:
    checked = check_vault_text(text, "hocon", PATIENT)
    if checked.tree is None:
        with pytest.raises(InvalidInput):
            converted(text, "hocon", target)
    else:
        conversion = converted(text, "hocon", target)
        assert is_same(tree_of(conversion.text, target), checked.tree)


def test_what_is_dropped_is_said() -> None:
    text = "# one\nsdk: &x\n  a: 1 # two\nagent: *x\n"
    conversion = converted(text, "yaml", "json")
    assert conversion.dropped == ("2 comments", "1 anchor")
    assert tree_of(conversion.text, "json") == {"sdk": {"a": 1}, "agent": {"a": 1}}
    assert converted("# one\nsdk.a = 1", "hocon", "yaml").dropped == ("1 comment",)
    assert converted(text, "yaml", "yaml") == Conversion(text)


@pytest.mark.parametrize("text", ["", "# x", "{}"])
@pytest.mark.parametrize("source", FORMATS)
def test_nothing_stays_nothing(text: str, source: Format) -> None:
    if source != "json" or text != "# x":
        for target in FORMATS:
            assert tree_of(converted(text, source, target).text, target) == {}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("sdk.a = ${HOME}", "no substitutions"),
        ("sdk.a = [${?HOME}]", "no substitutions"),
        ('sdk { include "x" }', "no includes"),
        ('include "x"\nsdk.a = ${b}', "no substitutions such as ${...} and no includes"),
        ("sdk {", "Line 1, column 6: This is no HOCON"),
        ("api = 1", "api is no object"),
    ],
)
@pytest.mark.parametrize("target", ["json", "yaml"])
def test_what_would_be_lost_is_refused(text: str, word: str, target: Format) -> None:
    with pytest.raises(InvalidInput) as raised:
        converted(text, "hocon", target)
    assert word in raised.value.message
    assert raised.value.field == "text"


def test_a_substitution_in_quotes_is_a_text() -> None:
    assert converted('sdk.a = "${HOME}"', "hocon", "yaml").text == 'sdk:\n  a: "${HOME}"\n'
