"""What a client ends up with: vaults folded over each other, as ClearML's clients do it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from store.vaults.problems import Path

# Anywhere in a name, such as in HFTOKEN or dbpassword.
_SECRET = re.compile(r"password|passwd|passphrase|secret|token|credential", re.IGNORECASE)
_SECRET_WORDS = frozenset({"key", "keys", "pass", "pwd"})
# A word with which others run together, as in sshkey; of those that end alike, no secrets.
_SECRET_END = re.compile(r"(?:keys?|pass|pwd)$", re.IGNORECASE)
_NO_SECRET = re.compile(
    r"(?:mon|tur|don|hoc|joc|whis|hot|com|by|sur|tres|under|over)(?:keys?|pass)", re.IGNORECASE
)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_PASSWORD_IN_URL = re.compile(r"://[^/\s:@]*:[^/\s@]+@")


@dataclass(frozen=True)
class Layer:
    """One text among those that are folded, earliest first.

    Attributes:
        source: What it is called where its values are shown.
        tree: What it holds.
        resolved_by_clients: The paths of what hangs on where a client runs, with all below them.
        included: For each include the path of the object that it is in, and what it includes.
    """

    source: str
    tree: dict[str, Any]
    resolved_by_clients: frozenset[Path] = frozenset()
    included: tuple[tuple[Path, str], ...] = ()


@dataclass(frozen=True)
class EffectiveValue:
    """A value that a client ends up with.

    Attributes:
        path: The keys on the way to it, outermost first.
        value: A text, number, true, false, None, a list, or an empty object; for an include, what
            is included.
        source: The layer that it came from.
        overrode: The layers and values that it took the place of, earliest first. A value can be an
            object; the parts of one that came from several layers are here one by one.
        is_resolved_by_client: Whether each client may have something else there, for what it
            resolves or includes.
        is_include: Whether it stands for what each client includes at the path of an object.
    """

    path: Path
    value: Any
    source: str
    overrode: tuple[tuple[str, Any], ...] = ()
    is_resolved_by_client: bool = False
    is_include: bool = False


@dataclass
class _Leaf:
    value: Any
    source: str
    overrode: tuple[tuple[str, Any], ...]
    is_resolved_by_client: bool


@dataclass
class _Branch:
    """An object, with the layer that made it and what it took the place of."""

    source: str
    overrode: tuple[tuple[str, Any], ...] = ()
    held: dict[str, _Leaf | _Branch] = field(default_factory=dict)
    is_resolved_by_client: bool = False


def merged_tree(layers: Iterable[Layer]) -> dict[str, Any]:
    """Fold trees from the first to the last: objects key by key, all else replaced, None too.

    Args:
        layers: The layers, earliest first.
    """
    whole: dict[str, Any] = {}
    for layer in layers:
        _merge(whole, layer.tree)
    return whole


def merged(layers: Sequence[Layer]) -> list[EffectiveValue]:
    """What a client ends up with, in the order in which it holds it, and where each came from.

    Args:
        layers: The layers, earliest first.
    """
    root = _Branch("")
    for layer in layers:
        # What is included may change all that is there already.
        for path, _ in layer.included:
            _doubt(_at(root, path))
        _fold(root, layer.tree, (), layer)
    values = _values(root, ())
    for layer in layers:
        for path, what in layer.included:
            values.append(EffectiveValue(path, what, layer.source, is_include=True))
    return values


def is_secret_path(path: Path) -> bool:
    """Whether what is found there is shown only when asked for, as the names on the way say.

    Args:
        path: The keys on the way to a value, outermost first.
    """
    if not path:
        return False
    # What is written to a file is often a key.
    if path[0] == "files" and path[-1] == "contents":
        return True
    return any(map(_is_secret_name, path))


def _is_secret_name(name: str) -> bool:
    if _SECRET.search(name):
        return True
    return any(
        word.casefold() in _SECRET_WORDS
        or (_SECRET_END.search(word) and not _NO_SECRET.fullmatch(word))
        for word in _WORD.findall(name)
    )


def is_secret(path: Path, value: Any) -> bool:
    """Whether a value is shown only when asked for, as its path says or what is in it.

    Args:
        path: The keys on the way to it, outermost first.
        value: The value; in an object or list, everything in it is looked at.
    """
    if is_secret_path(path):
        # Yes or no to something that is called so, such as `use_credentials_chain`, is none.
        return value is not None and not isinstance(value, bool)
    if isinstance(value, dict):
        return any(is_secret((*path, name), held) for name, held in value.items())
    if isinstance(value, list):
        return any(is_secret(path, item) for item in value)
    return isinstance(value, str) and bool(_PASSWORD_IN_URL.search(value))


def _merge(whole: dict[str, Any], tree: dict[str, Any]) -> None:
    for name, value in tree.items():
        former = whole.get(name)
        if isinstance(former, dict) and isinstance(value, dict):
            _merge(former, value)
        else:
            whole[name] = deepcopy(value)


def _fold(
    branch: _Branch, tree: dict[str, Any], path: Path, layer: Layer, *, is_open: bool = False
) -> None:
    for name, value in tree.items():
        former = branch.held.get(name)
        inner = (*path, name)
        is_here = is_open or inner in layer.resolved_by_clients
        if isinstance(value, dict):
            if not isinstance(former, _Branch):
                former = _Branch(layer.source, _overridden(former))
                branch.held[name] = former
            former.is_resolved_by_client |= is_here
            _fold(former, value, inner, layer, is_open=is_here)
        else:
            branch.held[name] = _Leaf(value, layer.source, _overridden(former), is_here)


def _at(branch: _Branch, path: Path) -> _Leaf | _Branch | None:
    found: _Leaf | _Branch | None = branch
    for name in path:
        found = found.held.get(name) if isinstance(found, _Branch) else None
    return found


def _doubt(held: _Leaf | _Branch | None) -> None:
    """Mark something, with all that is in it, as what clients may have otherwise."""
    if held is not None:
        held.is_resolved_by_client = True
    for inner in held.held.values() if isinstance(held, _Branch) else ():
        _doubt(inner)


def _overridden(former: _Leaf | _Branch | None) -> tuple[tuple[str, Any], ...]:
    if former is None:
        return ()
    if isinstance(former, _Leaf):
        return (*former.overrode, (former.source, former.value))
    return (*former.overrode, *_by_source(former).items())


def _by_source(branch: _Branch) -> dict[str, Any]:
    """What of an object came from each layer."""
    parts: dict[str, Any] = {branch.source: {}}
    for name, held in branch.held.items():
        inner = {held.source: held.value} if isinstance(held, _Leaf) else _by_source(held)
        for source, value in inner.items():
            parts.setdefault(source, {})[name] = value
    return parts


def _values(branch: _Branch, path: Path) -> list[EffectiveValue]:
    values = []
    for name, held in branch.held.items():
        inner = (*path, name)
        if isinstance(held, _Leaf):
            values.append(
                EffectiveValue(
                    inner, held.value, held.source, held.overrode, held.is_resolved_by_client
                )
            )
        elif held.held:
            values += [_over(held, value) for value in _values(held, inner)]
        else:
            values.append(
                EffectiveValue(inner, {}, held.source, held.overrode, held.is_resolved_by_client)
            )
    return values


def _over(branch: _Branch, value: EffectiveValue) -> EffectiveValue:
    """A value in an object that took the place of something else."""
    if not branch.overrode:
        return value
    return EffectiveValue(
        value.path,
        value.value,
        value.source,
        (*branch.overrode, *value.overrode),
        value.is_resolved_by_client,
        value.is_include,
    )
