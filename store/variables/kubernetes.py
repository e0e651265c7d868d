"""Lists of Kubernetes in which an item has its value first, and then its name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from store.variables.assignments import Value
from store.variables.languages import yaml_scalar

# Blanks are bounded, so that what does not fit is seen at once.
BETWEEN = r"""["']?\s{0,50}(?:,\s{0,50})?(?:\#[^\n]*\n\s{0,50}){0,5}["']?"""
_VALUE = re.compile(
    r"""(?P<opens>^|[{,])[ \t]*+(?:-[ \t]++)?["']?value["']?[ \t]*+:[ \t]*+(?![|>])""", re.MULTILINE
)


def values_before_names(text: str, names: Iterable[str]) -> Iterator[tuple[int, str, Value]]:
    """Where each such name is, the name, and its value.

    Args:
        text: What was pasted, which may be anything.
        names: The variables.
    """
    alternatives = "|".join(map(re.escape, names))
    name = re.compile(rf"""{BETWEEN}name["']?[ \t]*:[ \t]*["']?(?P<name>{alternatives})(?!\w)""")
    for opening in _VALUE.finditer(text):
        value = yaml_scalar(text, opening.end(), in_flow=bool(opening["opens"]))
        if found := name.match(text, value.end):
            yield found.start("name"), found["name"], value
