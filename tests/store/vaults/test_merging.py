"""Where each value of a merged configuration comes from, and what it took the place of.

That the tree is what clients come to is held to their own code, in `tests/clients`.
"""

from __future__ import annotations

from typing import Any

import pytest

from store.vaults.merging import (
    EffectiveValue,
    Layer,
    is_secret,
    is_secret_path,
    merged,
    merged_tree,
)


def fold(*trees: dict[str, Any]) -> list[EffectiveValue]:
    """The values of trees whose layers are called 1, 2 and so on."""
    return merged([Layer(str(number), tree) for number, tree in enumerate(trees, 1)])


def test_nothing() -> None:
    assert fold() == []
    assert merged_tree([]) == {}
    assert fold({}, {}) == []


def test_each_value_has_its_source_and_what_it_overrode() -> None:
    assert fold(
        {"sdk": {"a": 1, "b": [1], "e": {}}, "x": 1},
        {"sdk": {"b": [2], "c": 2}},
        {"sdk": {"b": None, "a": 1}},
    ) == [
        EffectiveValue(("sdk", "a"), 1, "3", (("1", 1),)),
        EffectiveValue(("sdk", "b"), None, "3", (("1", [1]), ("2", [2]))),
        EffectiveValue(("sdk", "e"), {}, "1"),
        EffectiveValue(("sdk", "c"), 2, "2"),
        EffectiveValue(("x",), 1, "1"),
    ]


def test_an_object_that_is_replaced_is_told_by_its_layers() -> None:
    assert fold({"a": {"b": {"c": 1}}}, {"a": {"b": {"d": 2}}}, {"a": 3}) == [
        EffectiveValue(("a",), 3, "3", (("1", {"b": {"c": 1}}), ("2", {"b": {"d": 2}})))
    ]


def test_what_an_object_replaces_is_told_by_each_of_its_values() -> None:
    assert fold({"a": 1}, {"a": {"b": 2, "c": {"d": 3}}}, {"a": {"b": 4, "e": 5}}) == [
        EffectiveValue(("a", "b"), 4, "3", (("1", 1), ("2", 2))),
        EffectiveValue(("a", "c", "d"), 3, "2", (("1", 1),)),
        EffectiveValue(("a", "e"), 5, "3", (("1", 1),)),
    ]
    assert fold({"a": 1}, {"a": {}}) == [EffectiveValue(("a",), {}, "2", (("1", 1),))]


def test_the_layers_stay_as_they_are() -> None:
    trees: list[dict[str, Any]] = [{"a": {"b": [1]}}, {"a": {"c": 2}}, {"a": {"b": 3}}]
    layers = [Layer("", tree) for tree in trees]
    assert merged_tree(layers) == {"a": {"b": 3, "c": 2}}
    merged_tree(layers)["a"]["x"] = 1
    assert trees == [{"a": {"b": [1]}}, {"a": {"c": 2}}, {"a": {"b": 3}}]


def test_what_clients_resolve_is_marked() -> None:
    layers = [
        Layer("1", {"a": "${HOME}", "b": "${HOME}"}, frozenset({("a",)})),
        Layer("2", {"c": {"d": 1}}, included=((("c",), "file /x"),)),
        Layer("3", {"a": "${HOME}"}),
    ]
    assert merged(layers[:2]) == [
        EffectiveValue(("a",), "${HOME}", "1", is_resolved_by_client=True),
        EffectiveValue(("b",), "${HOME}", "1"),
        EffectiveValue(("c", "d"), 1, "2"),
        EffectiveValue(("c",), "file /x", "2", is_include=True),
    ]
    assert merged(layers)[0] == EffectiveValue(("a",), "${HOME}", "3", (("1", "${HOME}"),))


@pytest.mark.parametrize(
    "path",
    [
        *("agent.git_pass", "sdk.aws.s3.secret", "sdk.aws.s3.key", "api.credentials.access_key"),
        *("environment.AWS_SECRET_ACCESS_KEY", "environment.GITHUB_TOKEN", "x.dbPassword"),
        *("x.apikey", "x.API-Key", "x.passphrase", "api.credentials.x", "files.a.contents"),
        *("x.secretkey", "x.sshkey", "x.accesskey", "x.SSHKEYS", "x.HFTOKEN", "x.PGPASSWORD"),
        *(
            "x.dbpassword",
            "x.tokenValue",
            "sdk.token.x",
            "x.ssh_keys.a",
            "x.DBPASS",
            "x.key1",
            "x.commonkey",
        ),
    ],
)
def test_secrets(path: str) -> None:
    assert is_secret_path(tuple(path.split(".")))
    assert is_secret(tuple(path.split(".")), "x")
    assert not is_secret(tuple(path.split(".")), None)


@pytest.mark.parametrize(
    "path",
    [
        "agent.git_user",
        "api.web_server",
        "x.monkey",
        "x.bypass",
        "x.keyboard",
        "files.a.path",
        "x",
        "",
    ],
)
def test_no_secrets(path: str) -> None:
    assert not is_secret_path(tuple(filter(None, path.split("."))))


def test_what_a_secret_was_is_secret_below_it_and_above() -> None:
    (value,) = fold({"sdk": {"token": "X"}}, {"sdk": {"token": {"x": 1}}})
    assert (value.path, value.overrode) == (("sdk", "token", "x"), (("1", "X"),))
    assert is_secret(value.path, value.overrode[0][1])
    (value,) = fold({"sdk": {"a": {"token": "X"}}}, {"sdk": {"a": 1}})
    assert is_secret(value.path, value.overrode[0][1])


def test_secrets_within_a_value() -> None:
    assert is_secret(("sdk", "buckets"), [{"bucket": "b"}, {"secret": "x"}])
    assert is_secret(("agent", "extra_index_url"), ["https://ada:pw@host/simple"])
    assert not is_secret(("agent", "extra_index_url"), ["https://host:80/simple@x"])
