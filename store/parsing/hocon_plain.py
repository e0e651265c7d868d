"""Makes plain values of pyhocon's, once its substitutions are resolved."""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Container
from typing import Any

from store.parsing.refused import Refused

Path = tuple[str, ...]

# So much a text may grow to by what it repeats, in characters; it has at most a quarter of it.
MOST_CHARACTERS = 256 * 1024
# In a resolved text they stand around the name of a variable. Neither may be in a text of HOCON.
BEGIN, END = "\x00", "\x01"
_VARIABLE = re.compile(f"{BEGIN}([^{END}]*){END}")


class Plain:
    """Makes plain values of pyhocon's.

    Args:
        types: The module of pyhocon's values.
        levels: How deep values may lie in each other.
        optional: The variables that a text can go without.
        is_lenient: Whether a substitution that is not resolved is a part of its text.
    """

    def __init__(
        self,
        types: Any,
        levels: int,
        optional: Container[str] = (),
        *,
        is_lenient: bool = False,
    ) -> None:
        self._types = types
        self._levels = levels
        self._optional = optional
        self._is_lenient = is_lenient
        # Of what a client's environment decides, the keys on the way to it.
        self.open: set[Path] = set()
        self._path: list[str] = []
        self._lists = 0
        self._size = 0

    def tree(self, tree: Any) -> dict[str, Any]:
        """An object, without what includes would bring.

        Raises:
            Refused: It is too deep, has grown too large, or holds what clients cannot use.
        """
        return self._tree(tree, 0)

    def _tree(self, tree: Any, level: int) -> dict[str, Any]:
        self._check(level)
        plain = {}
        for key, value in tree.items():
            name = str(key).strip('"')
            self._grow(len(name))
            plain[name] = self._held(name, value, level + 1)
        return plain

    def _held(self, name: str, value: Any, level: int) -> Any:
        if self._lists:
            # Of a list it is the path to the list that is told.
            return self._value(value, level)
        self._path.append(name)
        plain = self._value(value, level)
        self._path.pop()
        return plain

    def _list(self, items: list[Any], level: int) -> list[Any]:
        self._check(level)
        self._lists += 1
        plain = [self._value(item, level + 1) for item in items]
        self._lists -= 1
        return plain

    def _value(self, value: Any, level: int) -> Any:
        types = self._types
        if isinstance(value, types.ConfigTree):
            return self._tree(value, level)
        if isinstance(value, list):
            return self._list(value, level)
        if isinstance(value, types.ConfigValues):
            return self._unresolved(value, level)
        if isinstance(value, types.ConfigInclude):
            raise Refused("include as value", value.place)
        if isinstance(value, types.NoneValue):
            return None
        if isinstance(value, types.ConfigQuotedString):
            return self._text(value.value)
        self._grow(1)
        return value if isinstance(value, bool | int | float | None) else self._text(str(value))

    def _unresolved(self, values: Any, level: int) -> Any:
        """Of what is written side by side, what is known; else all of it as a text."""
        if not self._is_lenient:
            raise Refused("unresolved")
        self.open.add(tuple(self._path))
        tokens = [one for one in values.tokens if not self._is_substitution(one)]
        known = [self._value(one, level) for one in tokens]
        for kind, joined in ((dict, {}), (list, [])):
            parts = [one for one in known if isinstance(one, kind)]
            if parts:
                return functools.reduce(
                    operator.or_ if kind is dict else operator.add, parts, joined
                )
        return "".join(map(self._piece, values.tokens)).rstrip(" \t")

    def _is_substitution(self, token: Any) -> bool:
        return isinstance(token, self._types.ConfigSubstitution)

    def _piece(self, token: Any) -> str:
        blanks = getattr(token, "ws", "")
        if self._is_substitution(token):
            return f"${{{'?' * token.optional}{token.variable}}}{blanks}"
        return f"{getattr(token, 'value', token)}{blanks}"

    def _text(self, text: str) -> str:
        self._grow(len(text))
        if BEGIN not in text:
            return text
        self.open.add(tuple(self._path))
        return _VARIABLE.sub(self._shown, text)

    def _shown(self, found: re.Match[str]) -> str:
        return f"${{{'?' * (found[1] in self._optional)}{found[1]}}}"

    def _check(self, level: int) -> None:
        if level > self._levels:
            raise Refused("levels")

    def _grow(self, by: int) -> None:
        self._size += by
        if self._size > MOST_CHARACTERS:
            raise Refused("swelling")
