"""Workspaces and changes made up by chance."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from itertools import count
from random import Random
from typing import Any

from store.state import Changes, State
from store.terms import RESOURCE_TYPES
from tests.store.access.reading import Tables, around, members_of

PERMISSIONS = ("Read Only", "Read & Modify")
OTHER_TYPES = RESOURCE_TYPES[1:]


def state_of(tables: Tables) -> State:
    """The state with these documents."""
    return State(deepcopy(tables), 1)


def changes_between(before: Tables, after: Tables) -> Changes:
    """What leads from these documents to those."""
    found: dict[str, dict[str, dict[str, Any] | None]] = {}
    for name in before:
        for key in before[name].keys() | after[name].keys():
            if before[name].get(key) != after[name].get(key):
                found.setdefault(name, {})[key] = deepcopy(after[name].get(key))
    return Changes(found)


class World:
    """Documents made up by chance, and changes of them.

    Args:
        chance: Where they come from.
    """

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._numbers = count()
        self.tables: Tables = {
            "users": {},
            "service_accounts": {},
            "groups": {},
            "resources": {},
            "access_rules": {},
        }
        for _ in range(chance.randint(1, 5)):
            self.add_member()
        for preset in ("users", "admins", "queue admins"):
            self._put("groups", name=preset.capitalize(), preset=preset, members=[])
        for group in self._groups_with_members()[:2]:
            group["members"] = self._some(list(self.tables["users"]))
        for make, most in (
            (self.add_group, 4),
            (self.add_resource, 9),
            (self.add_rule, 7),
            (self.change_standing, 3),
        ):
            for _ in range(chance.randint(0, most)):
                make()

    def change(self) -> Tables:
        """Change something; the documents as they were."""
        before = deepcopy(self.tables)
        self._chance.choice(self._ways())()
        return before

    def _ways(self) -> list[Callable[[], None]]:
        return [
            self.add_member,
            self.change_standing,
            self.remove_member,
            self.add_group,
            self.delete_group,
            self.change_members,
            self.add_resource,
            self.move_resource,
            self.delete_resource,
            self.add_rule,
            self.delete_rule,
            self.change_rule,
            self.change_right,
        ]

    def add_member(self) -> None:
        """A user, active or pending, or a service account."""
        kind = self._chance.choice(("Active", "Pending", "account"))
        if kind == "account":
            self._put("service_accounts", name="robot")
        else:
            self._put("users", email="a@b.c", status=kind)

    def change_standing(self) -> None:
        """Suspend somebody, or let them back in."""
        member = self._member()
        if member.pop("suspended", False) is False:
            member["suspended"] = True

    def change_right(self) -> None:
        """Let a service account act for owners, or no more."""
        for key in self._some(list(self.tables["service_accounts"])):
            account = self.tables["service_accounts"][key]
            if account.pop("allow_impersonation", False) is False:
                account["allow_impersonation"] = True

    def remove_member(self) -> None:
        """Remove somebody, from groups and rules, too; a withdrawn user leaves no document."""
        member = self._member()
        for holder in (*self.tables["groups"].values(), *self.tables["access_rules"].values()):
            self._take_out(holder, "members", member["id"])
        if self._chance.random() < 0.5:
            member["removed_at"] = "2026-03-02T09:30:00Z"
        else:
            for table in ("users", "service_accounts"):
                self.tables[table].pop(member["id"], None)

    def add_group(self) -> None:
        """A group with some of the members."""
        self._put("groups", name="team", members=self._some(members_of(self.tables)))

    def delete_group(self) -> None:
        """Delete a group, and take it out of rules."""
        own = [key for key, each in self.tables["groups"].items() if not each.get("preset")]
        for key in self._some(own)[:1]:
            del self.tables["groups"][key]
            for rule in self.tables["access_rules"].values():
                self._take_out(rule, "groups", key)

    def change_members(self) -> None:
        """Put members into a group, or take some out."""
        group = self._chance.choice(self._groups_with_members())
        group["members"] = self._some(members_of(self.tables))

    def add_resource(self) -> None:
        """A resource, in a project or in none."""
        kind = self._chance.choice(("project", *RESOURCE_TYPES))
        key = self._put("resources", type=kind, name=self._chance.choice("abc"))
        self._move(self.tables["resources"][key])

    def move_resource(self) -> None:
        """Move a resource into a project or out of one."""
        for key in self._some(list(self.tables["resources"]))[:1]:
            self._move(self.tables["resources"][key])

    def delete_resource(self) -> None:
        """Delete a resource with all that lies in it, and their rules."""
        for gone in self._some(list(self.tables["resources"]))[:1]:
            inside = [key for key in self.tables["resources"] if gone in around(self.tables, key)]
            for key in (gone, *inside):
                del self.tables["resources"][key]
                for rule, document in list(self.tables["access_rules"].items()):
                    if document.get("resource") == key:
                        del self.tables["access_rules"][rule]

    def add_rule(self) -> None:
        """A rule on one resource or all of a type, for some or for nobody."""
        rule: dict[str, Any] = {"type": self._chance.choice(RESOURCE_TYPES)}
        resources = list(self.tables["resources"].values())
        if resources and self._chance.random() < 0.7:
            resource = self._chance.choice(resources)
            rule = {"type": resource["type"], "resource": resource["id"]}
        self._give(self.tables["access_rules"][self._put("access_rules", **rule)])

    def delete_rule(self) -> None:
        """Delete a rule."""
        for key in self._some(list(self.tables["access_rules"]))[:1]:
            del self.tables["access_rules"][key]

    def change_rule(self) -> None:
        """Widen or narrow a rule, or give it another subject."""
        for key in self._some(list(self.tables["access_rules"]))[:1]:
            self._give(self.tables["access_rules"][key])
            if self._chance.random() < 0.2:
                self.tables["access_rules"][key].pop("resource", None)

    def _put(self, table: str, **values: Any) -> str:
        key = f"{table[0]}{next(self._numbers)}"
        self.tables[table][key] = {"id": key, "revision": 1, **_kept(values)}
        return key

    def _member(self) -> dict[str, Any]:
        everybody = [*self.tables["users"].values(), *self.tables["service_accounts"].values()]
        if not everybody:
            self.add_member()
            return self._member()
        return self._chance.choice(everybody)

    def _groups_with_members(self) -> list[dict[str, Any]]:
        groups = self.tables["groups"].values()
        return [group for group in groups if group.get("preset") != "users"]

    def _give(self, rule: dict[str, Any]) -> None:
        rule["permission"] = self._chance.choice(PERMISSIONS)
        for grantees, keys in (
            ("members", members_of(self.tables)),
            ("groups", list(self.tables["groups"])),
        ):
            rule.pop(grantees, None)
            rule |= _kept({grantees: self._some(keys)[:2]})

    def _move(self, resource: dict[str, Any]) -> None:
        resource.pop("project", None)
        places = [
            key
            for key, each in self.tables["resources"].items()
            if each["type"] == "project"
            and resource["id"] not in (key, *around(self.tables, key))
            and resource["type"] != "queue"
        ]
        if places and self._chance.random() < 0.8:
            resource["project"] = self._chance.choice(places)

    def _some(self, keys: list[str]) -> list[str]:
        return self._chance.sample(keys, self._chance.randint(0, len(keys)))

    @staticmethod
    def _take_out(holder: dict[str, Any], grantees: str, key: str) -> None:
        left = [other for other in holder.get(grantees, []) if other != key]
        holder.pop(grantees, None)
        holder |= _kept({grantees: left})


def _kept(values: dict[str, Any]) -> dict[str, Any]:
    """What a document keeps of these values: all but the usual ones."""
    return {name: value for name, value in values.items() if value not in ([], None)}
