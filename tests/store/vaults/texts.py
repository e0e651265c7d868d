"""Generated trees and texts, and when two trees are the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from store.parsing.apart import Limits
from store.vaults.trees import CONTROL, key_problem

# Whatever processor the tests run on.
PATIENT = Limits(seconds=20)

_TELLING = "x \"'\\#/{}[]$=:,\n\té界nrtub0\r+-.*`^!@&~|>%?<"
_TRAPS = [
    *("10m", "5 seconds", "${HOME}", "null", "true", "~", "yes", "2024-01-01", "0x10", "1e3"),
    *('include "x"', '"""', "//x", "#", "a: b", "- a", "<<", "a = 1", " x ", "a\n\nb\n", "\\u0041"),
]
TEXTS = st.one_of(
    st.text(max_size=12),
    st.text(_TELLING, max_size=9),
    st.sampled_from(_TRAPS),
).filter(lambda text: not CONTROL.search(text))
KEYS = st.one_of(TEXTS, st.sampled_from(["a", "b", "agent", "docker_args"])).filter(
    lambda key: key_problem(key) is None
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-(10**299), 10**299),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXTS,
)


def trees(keys: st.SearchStrategy[str] = KEYS) -> st.SearchStrategy[dict[str, Any]]:
    """Trees that are not refused.

    Args:
        keys: What keys are made of.
    """
    values = st.recursive(
        SCALARS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
        max_leaves=6,
    )
    return st.dictionaries(keys, values, max_size=4).filter(_is_kept)


def _is_kept(tree: dict[str, Any]) -> bool:
    sections = (tree.get(name, {}) for name in ("api", "sdk", "agent"))
    return all(isinstance(section, dict) for section in sections) and not _is_lost(tree, False)


def _is_lost(value: Any, is_nested: bool) -> bool:
    if isinstance(value, dict):
        return any(_is_lost(held, False) for held in value.values())
    if isinstance(value, list):
        return any(
            item == "" or (item is None and is_nested) or _is_lost(item, True) for item in value
        )
    return False


def keys_in(value: Any) -> Iterator[str]:
    """The keys of a tree, and of all that is in it."""
    if isinstance(value, dict):
        yield from value
    for held in value.values() if isinstance(value, dict) else value:
        if isinstance(held, dict | list):
            yield from keys_in(held)


def is_of_hocon(key: str) -> bool:
    """Whether a line that begins with a key is HOCON before all else: an object, a comment."""
    return bool(set(key) & set("{=?")) or key.startswith("//")


def is_same(one: Any, other: Any) -> bool:
    """Whether two trees hold the same, kinds of numbers and the order of keys included."""
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(is_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_same, one, other))
    return type(one) is type(other) and bool(one == other)


# pyhocon takes a path or a name in quotes, but no name in quotes in a path.
_PATHS = st.one_of(
    st.lists(
        st.sampled_from(["a", "b", "c", "d-e", "é", "f g", "h_1"]), min_size=1, max_size=3
    ).map(".".join),
    st.sampled_from(['"a"', '"x.y"', '"b c"', '"f g"']),
)
_WORDS = st.sampled_from(
    ["x", "two words", "http://h:80/p", "/opt/x y", "-1.5", "7", "1e3", "10.1"]
)
_PLAIN = st.one_of(
    _WORDS,
    st.sampled_from(
        ["true", "false", "null", "TRUE", "[]", "{}", '"""l\n"m" n"""', '"x" "y"', '""']
    ),
    st.text('ab"\\# ${}é,=:/\n', max_size=6).map(json.dumps).filter(lambda text: "\\u" not in text),
)
_ENDS = st.sampled_from(["\n", ", ", " // x\n", "\n\n# y: {\n", ",\n"])


def _more(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    lists = st.lists(values, max_size=3).map(lambda items: f"[{', '.join(items)}]")
    lines = st.lists(values, min_size=1, max_size=3).map(
        lambda items: f"[\n{chr(10).join(items)}\n]"
    )
    return st.one_of(lists, lines, _settings(values).map(lambda text: f"{{\n{text}}}"))


def _settings(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    objects = _PATHS.flatmap(
        lambda path: st.lists(st.tuples(_PATHS, values), max_size=2).map(
            lambda held: f"{path} {{ " + ", ".join(f"{key} = {value}" for key, value in held) + " }"
        )
    )
    plain = st.builds("{} {} {}".format, _PATHS, st.sampled_from(["=", ":"]), values)
    adding = st.builds("{} += [{}]".format, st.sampled_from(["l", "m"]), _WORDS)
    setting = st.builds("{}{}".format, st.one_of(plain, plain, objects, adding), _ENDS)
    return st.lists(setting, max_size=4).map("".join)


# Written in the many ways in which HOCON can be, with nothing that hangs on where it is read.
HOCON = _settings(st.recursive(_PLAIN, _more, max_leaves=5)).map(lambda text: f"{text}end = 1\n")
