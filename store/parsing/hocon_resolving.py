"""Resolves the substitutions of HOCON as ClearML's clients do, wherever they may run.

What the text itself decides comes out as clients have it. Of their environment nothing is known
here: each variable stands for itself, and what one can go without is tried both ways.
"""

from __future__ import annotations

import copy
import re
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from store.parsing.hocon_plain import BEGIN, END, Path, Plain
from store.parsing.refused import Place, Refused, place_in

# What each client takes from where it runs, if it is there.
USUAL_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*|(?:https?|ftp|no|all)_proxy")
# What could be the name of a variable that somebody has set.
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# For what is read in a hundredth of that. Clients take as long again at each sign-in.
_SECONDS = 1.0
_DEEPEST = 20_000
# So many variables that a text can go without are tried one by one, where it fails by some.
_MOST_TRIED = 8
# What stops a client for good.
_STOPPING = ("endless", "swelling")
PLACE = re.compile(r"\(line: ?(\d+), col: (\d+)\)")


@dataclass
class Resolved:
    """What clients come to.

    Attributes:
        tree: Plain values. What a client's environment decides is `${name}` there.
        open: The paths of what is not decided here, and of all that is below them.
        needed: The names that a client's environment must have, or the text fails there.
        failing: Why and where the text fails with some clients, where it does.
    """

    tree: dict[str, Any]
    open: set[Path] = field(default_factory=set)
    needed: set[str] = field(default_factory=set)
    failing: Refused | None = None


def substitutions_in(
    types: Any, value: Any, path: Path = (), seen: set[int] | None = None
) -> Iterator[tuple[Any, Path]]:
    """The substitutions in a value that is not resolved, with the keys on the way to each.

    Args:
        types: The module of pyhocon's values.
        value: What was read.
        path: The keys on the way to it.
        seen: The values that were looked at, by identity: some are in several places.
    """
    seen = set() if seen is None else seen
    # Whatever a value takes the place of may be meant by it.
    while isinstance(value, types.ConfigValues) and id(value) not in seen:
        seen.add(id(value))
        for token in value.tokens:
            if isinstance(token, types.ConfigSubstitution):
                yield token, path
            else:
                yield from substitutions_in(types, token, path, seen)
        value = value.overriden_value
    if isinstance(value, types.ConfigTree) and id(value) not in seen:
        seen.add(id(value))
        for key, held in value.items():
            yield from substitutions_in(types, held, (*path, str(key).strip('"')), seen)
    # A tree gives copies of its lists, which are gone again, and their identity with them.
    elif isinstance(value, list):
        for item in value:
            yield from substitutions_in(types, item, path, seen)


def is_written(substitution: Any) -> bool:
    """Whether it is in the text: what `+=` makes of its own key is not, and has no place."""
    return isinstance(substitution.instring, str)


class Environment:
    """Stands for the environment of a client.

    Args:
        names: The variables that it has.
    """

    def __init__(self, names: set[str]) -> None:
        self._names = names
        self.asked: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        """What a variable holds, or the default."""
        if name not in self._names:
            return default
        self.asked.add(name)
        return f"{BEGIN}{name}{END}"


class Resolver:
    """Resolves what was read of one text.

    Args:
        parser: The module of pyhocon's parser.
        types: That of its values.
        levels: How deep values may lie in each other.
        has_includes: Whether the text includes others, which may define anything.
        placed: The place in the text of a line and column that pyhocon names.
    """

    def __init__(
        self,
        parser: Any,
        types: Any,
        levels: int,
        placed: Callable[[int, int], Place],
        *,
        has_includes: bool,
    ) -> None:
        self._parser = parser
        self._types = types
        self._levels = levels
        self._placed = placed
        self._has_includes = has_includes

    def resolved(self, raw: Any) -> Resolved:
        """What clients come to.

        Args:
            raw: What was read, with nothing resolved; it is used up.

        Raises:
            Refused: No client comes to anything.
        """
        found = [one for one, _ in substitutions_in(self._types, raw)]
        # Clients work out, too, what named itself before it was given another value.
        if not found and not getattr(raw, "history", None):
            return Resolved(Plain(self._types, self._levels).tree(raw))
        sections = {str(key) for key in raw}
        named = {one.variable for one in found if _may_be_set(one.variable, sections)}
        needed = named & {one.variable for one in found if not one.optional}
        spared = set(filter(_VARIABLE.fullmatch, named - needed))
        if self._has_includes:
            return self._with_includes(raw, needed)
        if not spared:
            return _only(self._attempt(raw, needed, spared))
        few = self._attempt(_copied(raw), needed, spared)
        all_ = self._attempt(_copied(raw), needed | spared, spared)
        if isinstance(few, Refused):
            least = _only(self._farther(raw, needed | spared, spared, all_))
            if few.what == "name":
                few = Refused("dropped", few.place)
            return _either(_only(all_), least, spared, few)
        if isinstance(all_, Refused):
            return _either(_only(self._farther(raw, needed, spared, few)), few, spared, all_)
        # What is looked for in the environment only where variables are not set, is not in it.
        dropped = few.needed - all_.needed - spared
        failing = Refused("dropped", self._first_of(found, dropped)) if dropped else None
        return _either(all_, few, spared, failing)

    def _first_of(self, substitutions: list[Any], names: set[str]) -> Place | None:
        """Where the first of them is that names one of these."""
        places = (
            (one.instring, one.loc)
            for one in substitutions
            if one.variable in names and is_written(one)
        )
        text, at = min(places, key=lambda place: place[1], default=("", -1))
        if at < 0:
            return None
        return self._placed(*place_in(text, text.index("$", at)))

    def _with_includes(self, raw: Any, needed: set[str]) -> Resolved:
        """What is known where all that is looked up may be in what is included."""
        outcome = self._attempt(_copied(raw), needed, set())
        if isinstance(outcome, Resolved):
            return outcome
        plain = Plain(self._types, self._levels, is_lenient=True)
        return Resolved(plain.tree(raw), plain.open, needed, outcome)

    def _farther(
        self, raw: Any, names: set[str], spared: set[str], outcome: Resolved | Refused
    ) -> Resolved | Refused:
        """What comes out when as many as can be are turned from set to not set, or back."""
        for name in sorted(spared)[:_MOST_TRIED]:
            turned = self._attempt(_copied(raw), names ^ {name}, spared)
            if isinstance(turned, Resolved):
                names, outcome = names ^ {name}, turned
        return outcome

    def _attempt(self, raw: Any, names: set[str], spared: set[str]) -> Resolved | Refused:
        """What clients come to that have these variables and no others.

        Raises:
            Refused: They do not come to an end, which is not left to what they have.
        """
        parser, environment = self._parser, Environment(names)
        plain = Plain(self._types, self._levels, spared)
        os = parser.os
        parser.os = SimpleNamespace(environ=environment, path=os.path)
        try:
            with _limited():
                parser.ConfigParser.resolve_substitutions(raw)
                values = plain.tree(raw)
        except Refused as refused:
            if refused.what in _STOPPING:
                raise
            return refused
        except parser.ConfigException as error:
            return self._told(str(error))
        except MemoryError as error:
            raise Refused("swelling") from error
        except RecursionError:
            return Refused("cycle")
        # pyhocon stumbles over odd texts in more ways than it says, in clients as well.
        except Exception:
            return Refused("unresolved")
        finally:
            parser.os = os
        return Resolved(values, plain.open, environment.asked)

    def _told(self, message: str) -> Refused:
        """Why pyhocon gave up. Its own words hold parts of the text."""
        found = PLACE.search(message)
        place = self._placed(int(found[1]), int(found[2])) if found else None
        if "Check for cycles" in message:
            return Refused("cycle", place)
        if "rather than dict" in message:
            return Refused("no object", place)
        return Refused(
            "name" if message.startswith("Cannot resolve variable") else "mixture", place
        )


def _may_be_set(name: str, sections: set[str]) -> bool:
    """Whether a client's environment may have what is asked of it by that name."""
    if USUAL_VARIABLE.fullmatch(name):
        return True
    # By the name of a section nobody calls a variable; blanks are kept, and in no name.
    return name not in sections and not re.search(r"[\s=]", name)


def _only(outcome: Resolved | Refused) -> Resolved:
    if isinstance(outcome, Refused):
        raise outcome
    return outcome


def _either(
    first: Resolved, second: Resolved, spared: set[str], failing: Refused | None
) -> Resolved:
    """What is true whether or not a client has what it can go without."""
    differing = set(_differing(first.tree, second.tree, ()))
    tree = _joined(first.tree, second.tree)
    return Resolved(tree, first.open | second.open | differing, first.needed - spared, failing)


def _copied(raw: Any) -> Any:
    # A recursion of our own, which says nothing of that of clients.
    former = sys.getrecursionlimit()
    sys.setrecursionlimit(_DEEPEST)
    try:
        return copy.deepcopy(raw)
    finally:
        sys.setrecursionlimit(former)


@contextmanager
def _limited() -> Iterator[None]:
    """End what takes longer than any usual text, by the processor's clock."""

    def end(_signal: int, _frame: object) -> None:
        raise Refused("endless")

    former = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, _SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, former)


def _differing(first: Any, second: Any, path: Path) -> Iterator[Path]:
    for name in first | second:
        inner = (*path, name)
        one, other = first.get(name, _MISSING), second.get(name, _MISSING)
        if isinstance(one, dict) and isinstance(other, dict):
            yield from _differing(one, other, inner)
        elif type(one) is not type(other) or one != other:
            yield inner


def _joined(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """All that is in either, and of what is in both the first."""
    joined = dict(first)
    for name, value in second.items():
        if name not in joined:
            joined[name] = value
        elif isinstance(joined[name], dict) and isinstance(value, dict):
            joined[name] = _joined(joined[name], value)
    return joined


_MISSING = object()
