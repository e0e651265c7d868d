"""The arguments of a call: the query and the body are one set, whatever the method."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

import orjson

from api.refusals import missing_field, validation_error

_MOST_FIELDS = 10_000
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,1000}")
_FLAGS = {"true": True, "false": False, "1": True, "0": False}


class Arguments:
    """What a caller has sent.

    Args:
        given: The values by name.
    """

    def __init__(self, given: dict[str, Any]) -> None:
        self._given = given

    @classmethod
    def of(cls, query: bytes, body: bytes) -> Arguments:
        """The arguments in a query and in a body; the body goes before.

        Raises:
            CallRefused: One of them cannot be read.
        """
        given = _in_query(query) if query else {}
        if body and not body.isspace():
            given |= _in_body(body)
        return cls(given)

    def only(self, names: Iterable[str]) -> Arguments:
        """Those with these names alone."""
        return Arguments({name: self._given[name] for name in names if name in self._given})

    def text(self, name: str) -> str:
        """A text that must be there.

        Raises:
            CallRefused: It is missing, or no text.
        """
        value = self._given.get(name)
        if value is None:
            raise missing_field(name)
        if not isinstance(value, str):
            raise validation_error(f"{name} must be a text")
        return value

    def optional_text(self, name: str) -> str | None:
        """A text, or None where there is none.

        Raises:
            CallRefused: It is no text.
        """
        return None if self._given.get(name) is None else self.text(name)

    def texts(self, name: str) -> list[str] | None:
        """A list of texts, also of one alone, or None where there is none.

        Raises:
            CallRefused: It is something else.
        """
        value = self._given.get(name)
        if value is None:
            return None
        values = value if isinstance(value, list) else [value]
        if not all(isinstance(one, str) for one in values):
            raise validation_error(f"{name} must be a list of texts")
        return values

    def whole_number(self, name: str, *, least: int, most: int, is_cut: bool = False) -> int | None:
        """A whole number, also as text, or None where there is none.

        Args:
            name: The name.
            least: What it is at least.
            most: What it is at most.
            is_cut: Whether this is answered to what is above, which else is refused.

        Raises:
            CallRefused: It is something else, or none of these.
        """
        value = self._given.get(name)
        if value is None:
            return None
        if isinstance(value, str) and _WHOLE_NUMBER.fullmatch(value):
            value = int(value)
        if type(value) is not int or value < least or (value > most and not is_cut):
            above = "on" if is_cut else f"to {most}"
            raise validation_error(f"{name} must be a whole number from {least} {above}")
        return min(value, most)

    def refuse(self, names: Iterable[str]) -> None:
        """See that these are not asked for: null and false ask for nothing.

        Raises:
            CallRefused: One of them is.
        """
        for name in names:
            value = self._given.get(name)
            if value is not None and (not isinstance(value, str | bool) or self.flag(name)):
                raise validation_error(f"{name} is not supported here: leave it out")

    def flag(self, name: str) -> bool | None:
        """True or false, also as text, or None where there is neither.

        Raises:
            CallRefused: It is something else.
        """
        value = self._given.get(name)
        if isinstance(value, str):
            value = _FLAGS.get(value.lower(), value)
        if value is None or isinstance(value, bool):
            return value
        raise validation_error(f"{name} must be true or false")


def _in_query(query: bytes) -> dict[str, Any]:
    try:
        pairs = parse_qsl(
            query.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
        )
    except ValueError as error:
        raise validation_error("the query cannot be read") from error
    given: dict[str, Any] = {}
    for name, value in pairs:
        if name not in given:
            given[name] = value
        elif isinstance(given[name], list):
            given[name].append(value)
        else:
            given[name] = [given[name], value]
    return given


def _in_body(body: bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise validation_error("the body is no JSON") from error
    if not isinstance(found, dict):
        raise validation_error("the body is no object")
    return found
