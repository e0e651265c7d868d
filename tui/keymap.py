"""The keys as a person may have changed them, and what that does to screens and sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from textual.app import App
from textual.binding import Binding, BindingsMap
from textual.dom import DOMNode

from tui.key_names import shown_key
from tui.keys import TABLE, Key, bindings

# In a section of the details these are not done to whom the panel shows, whatever their keys: who
# presses one there means what is in the section.
_NOT_IN_SECTIONS = {"edit", "suspend", "remove"}
_WITH_SECTIONS = ("users", "service_accounts", "administrator_vaults")


class Keymap:
    """The one table of keys, with what a person has changed in it.

    Args:
        changed: The keys of the actions that have others, by the ids of their bindings.
    """

    def __init__(self, changed: Mapping[str, tuple[str, ...]] | None = None) -> None:
        self._changed = dict(changed or {})
        self._table = {
            group: tuple(self._as_changed(group, key) for key in keys)
            for group, keys in TABLE.items()
        }

    def _as_changed(self, group: str, key: Key) -> Key:
        keys = self._changed.get(f"{group}.{key.action}")
        if keys is None:
            return key
        return replace(key, keys=",".join(keys), shown=shown_key(keys[0]) if keys else "")

    def group(self, group: str) -> tuple[Key, ...]:
        """The keys of a group, in the order of the table."""
        return self._table[group]

    def key(self, group: str, action: str) -> Key:
        """The key of an action; raises KeyError if there is none of that name."""
        for key in self._table[group]:
            if action == key.action:
                return key
        raise KeyError(f"{group}.{action}")

    def named(self, group: str, action: str) -> str:
        """What is pressed for an action, in the middle of a sentence."""
        key = self.key(group, action)
        return key.shown.split()[0] if key.shown else f"the command {key.label}"

    def press(self, group: str, action: str) -> str:
        """The beginning of a sentence that says what to press for an action."""
        verb = "Press" if self.key(group, action).keys else "Use"
        return f"{verb} {self.named(group, action)}"

    def not_for(self, section: str) -> dict[str, str]:
        """The keys that must not go on to the tab from a section of its details.

        Returns:
            What the tab would do, by key.
        """
        own = {one for key in self._table[section] for one in key.all_keys}
        return {
            one: key.action
            for group in _WITH_SECTIONS
            for key in self._table[group]
            if key.action in _NOT_IN_SECTIONS
            for one in key.all_keys
            if one not in own
        }

    def apply_to(self, node: DOMNode, *groups: str) -> None:
        """Give a widget or a screen the changed keys for what it has bindings of.

        Args:
            node: What has bindings with ids of the table.
            groups: Whose keys are its own: they go before whatever else has the same key there,
                and those that have none by themselves are bound as well.
        """
        if self._changed:
            node._bindings = self._changed_bindings(node._bindings, groups)

    def release(self, node: DOMNode, *groups: str) -> None:
        """Take from a table within, such as what `enter` does, whatever those groups changed."""
        for group in groups:
            for key in TABLE[group]:
                binding = f"{group}.{key.action}"
                for one in (
                    (*key.all_keys, *self._changed[binding]) if binding in self._changed else ()
                ):
                    node._bindings.key_to_bindings.pop(one, None)

    def _changed_bindings(self, present: BindingsMap, groups: tuple[str, ...]) -> BindingsMap:
        own = {f"{group}.{key.action}" for group in groups for key in self._table[group]}
        made: dict[str, Binding] = {}
        for key, binding in self._in_place(present, groups):
            if key not in made or self._rank(binding, own) > self._rank(made[key], own):
                made[key] = binding
        return BindingsMap.from_keys({key: [binding] for key, binding in made.items()})

    def _rank(self, binding: Binding, own: set[str]) -> int:
        # What a dialog has for itself goes before what has been put on its keys from outside.
        return 2 if binding.id in own else int(binding.id not in self._changed)

    def _in_place(
        self, present: BindingsMap, groups: tuple[str, ...]
    ) -> Iterator[tuple[str, Binding]]:
        """The bindings with their keys as they are now, each where it was in the order."""
        known = set()
        for key, binding in present:
            if binding.id not in self._changed:
                yield key, binding
            elif binding.id not in known:
                keys = self._changed[binding.id]
                for one in keys:
                    yield one, binding.with_key(one, shown_key(keys[0]))
            known.add(binding.id)
        for group in groups:
            for key, binding in BindingsMap(bindings(group, self._table[group])):
                if binding.id not in known:
                    yield key, binding


AS_IN_THE_TABLE = Keymap()


def keymap_of(app: App[Any]) -> Keymap:
    """The keys that a program has: those of the table, where it does not say."""
    return getattr(app, "keymap", AS_IN_THE_TABLE)
