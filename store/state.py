"""The state of a workspace: the documents of one commit, and the indexes that are asked of it.

A state never changes. A commit makes the next one out of it, sharing all that stayed and carrying
the indexes over, so that neither costs more than a few copies of dictionaries in a large workspace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from store.errors import NotFound, StoreUnreadable
from store.terms import (
    ACCESS_RULES_TABLE,
    ADMINISTRATOR_VAULTS_TABLE,
    ADMINS,
    CREDENTIALS_TABLE,
    GROUPS_TABLE,
    RESOURCES_TABLE,
    SERVICE_ACCOUNTS_TABLE,
    TABLES,
    USERS,
    USERS_TABLE,
    VAULTS_TABLE,
    WORKSPACE_TABLE,
    Document,
)
from store.text import fold

# What reading a document raises that lacks something or holds what it should not.
DAMAGE = (KeyError, TypeError, AttributeError)

Table = Mapping[str, Document]
Index = Mapping[str, tuple[str, ...]]
# Up to so many keys, adding one to a tuple is quicker than to a list of which one is made later.
_FEW = 8
# New documents by id, None for a deleted one.
Documents = Mapping[str, Document | None]

T = TypeVar("T")


@dataclass(frozen=True)
class Changes:
    """What an operation changes: the new documents of each table, None for a deleted one."""

    tables: Mapping[str, Documents] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(self.tables.values())


@dataclass(frozen=True)
class IndexRule:
    """How an index is made: of which table, and under which keys a document is found in it."""

    table: str
    keys: Callable[[Document], Iterable[str]]


def _living(document: Document) -> bool:
    return document.get("removed_at") is None


def _email_of_living(user: Document) -> Iterable[str]:
    return (fold(user["email"]),) if _living(user) else ()


def _email_of_removed(user: Document) -> Iterable[str]:
    return () if _living(user) else (fold(user["email"]),)


def _login_of_living(user: Document) -> Iterable[str]:
    login = user.get("login_name")
    return (fold(login),) if login and _living(user) else ()


def _token_of_invited(user: Document) -> Iterable[str]:
    invitation = user.get("invitation")
    return (invitation["token_hash"],) if invitation and _living(user) else ()


def _name_of_living(entity: Document) -> Iterable[str]:
    return (fold(entity["name"]),) if _living(entity) else ()


def _preset(group: Document) -> Iterable[str]:
    return (group["preset"],) if group.get("preset") else ()


def _member_of_living_credential(credential: Document) -> Iterable[str]:
    return () if credential.get("revoked_at") else (credential["member"],)


def _named_resource(rule: Document) -> Iterable[str]:
    return () if rule.get("resource") is None else (rule["resource"],)


def _project(resource: Document) -> Iterable[str]:
    return () if resource.get("project") is None else (resource["project"],)


INDEXES = {
    "email": IndexRule(USERS_TABLE, _email_of_living),
    "removed email": IndexRule(USERS_TABLE, _email_of_removed),
    "login name": IndexRule(USERS_TABLE, _login_of_living),
    "invitation": IndexRule(USERS_TABLE, _token_of_invited),
    "service account": IndexRule(SERVICE_ACCOUNTS_TABLE, _name_of_living),
    "preset": IndexRule(GROUPS_TABLE, _preset),
    "groups of member": IndexRule(GROUPS_TABLE, lambda group: group.get("members", ())),
    "credentials of member": IndexRule(CREDENTIALS_TABLE, _member_of_living_credential),
    "every credential of member": IndexRule(CREDENTIALS_TABLE, lambda one: (one["member"],)),
    "vault of member": IndexRule(VAULTS_TABLE, lambda vault: (vault["member"],)),
    "administrator vault": IndexRule(
        ADMINISTRATOR_VAULTS_TABLE, lambda vault: (fold(vault["name"]),)
    ),
    "vaults of group": IndexRule(
        ADMINISTRATOR_VAULTS_TABLE, lambda vault: set(vault.get("groups", ()))
    ),
    "group": IndexRule(GROUPS_TABLE, lambda group: (fold(group["name"]),)),
    "rules of member": IndexRule(ACCESS_RULES_TABLE, lambda rule: rule.get("members", ())),
    "rules of group": IndexRule(ACCESS_RULES_TABLE, lambda rule: rule.get("groups", ())),
    "rules of resource": IndexRule(ACCESS_RULES_TABLE, _named_resource),
    "resources of project": IndexRule(RESOURCES_TABLE, _project),
}


class State:
    """The documents of one commit.

    Args:
        tables: The documents of each table by id.
        commit: The number of the commit.
    """

    def __init__(self, tables: Mapping[str, Table], commit: int) -> None:
        self.commit = commit
        self._tables = tables
        self._indexes: dict[str, Index] = {}
        self._made: dict[Callable[[State], Any], tuple[tuple[str, ...], Any]] = {}
        self._groups_of_some: Mapping[str, tuple[str, ...]] = {}

    def table(self, name: str) -> Table:
        """The documents of a table by id, the removed ones too."""
        return self._tables.get(name, {})

    def find(self, table: str, key: str, *, what: str) -> Document:
        """The document with that id.

        Args:
            table: The table to look in.
            key: The id.
            what: What is looked for, for the message, such as "user".

        Raises:
            NotFound: There is none.
        """
        document = self.table(table).get(key)
        if document is None:
            raise NotFound(f"There is no {what} {key} in this workspace any more.")
        return document

    def index(self, name: str) -> Index:
        """Ids by the keys of that index, made when it is first asked for."""
        made = self._indexes.get(name)
        if made is None:
            made = self._indexes[name] = _make_index(INDEXES[name], self._tables)
        return made

    def once(self, make: Callable[[State], T], *tables: str) -> T:
        """What is made of these tables, made when it is first asked for.

        The states that come of this one have it, too, until one of the tables changes.

        Args:
            make: Makes it, of nothing but those tables.
            tables: Their names.
        """
        found = self._made.get(make)
        if found is None:
            found = self._made[make] = (tables, make(self))
        made: T = found[1]
        return made

    @property
    def settings(self) -> Document:
        """The workspace's own document: name, limits, server URLs."""
        return next(iter(self.table(WORKSPACE_TABLE).values()))

    @cached_property
    def user_count(self) -> int:
        """How many users count against the limit: all but the removed ones."""
        users = self.table(USERS_TABLE).values()
        return len(users) - sum("removed_at" in user and not _living(user) for user in users)

    def note_user_count(self, count: int) -> None:
        """Take over `user_count` from whoever has gone through all users anyway."""
        self.__dict__["user_count"] = count

    @cached_property
    def service_account_count(self) -> int:
        """How many service accounts count against their limit: all but the removed ones."""
        return sum(map(_living, self.table(SERVICE_ACCOUNTS_TABLE).values()))

    def preset_group(self, preset: str) -> Document:
        """The pre-configured group with that mark.

        Raises:
            StoreUnreadable: It is missing, which no operation can bring about.
        """
        ids = self.index("preset").get(preset)
        if not ids:
            raise StoreUnreadable(
                f"The pre-configured group {preset!r} is missing from workspace.json. "
                "Restore a copy of the store."
            )
        return self.table(GROUPS_TABLE)[ids[0]]

    @cached_property
    def administrators(self) -> frozenset[str]:
        """The ids of the members of `Admins`."""
        return frozenset(self.preset_group(ADMINS).get("members", ()))

    def is_administrator(self, member: str) -> bool:
        """Whether the member is in `Admins`."""
        return member in self.administrators

    def groups_of(self, member: str) -> tuple[str, ...]:
        """The ids of the groups that list the member; `Users` lists nobody, though it holds all."""
        found = self._groups_of_some.get(member)
        return self.index("groups of member").get(member, ()) if found is None else found

    def find_groups_of(self, members: Iterable[str]) -> None:
        """Find the groups of these members without making the index of all."""
        wanted = frozenset(members)
        found: dict[str, list[str]] = {member: [] for member in wanted}
        for key, group in self.table(GROUPS_TABLE).items():
            try:
                for member in wanted.intersection(group.get("members", ())):
                    found[member].append(key)
            except DAMAGE as error:
                raise damaged(GROUPS_TABLE, key, error) from error
        self._groups_of_some = {member: tuple(groups) for member, groups in found.items()}

    def credentials_of(self, member: str) -> tuple[str, ...]:
        """The access keys of the member's credentials that were not revoked."""
        return self.index("credentials of member").get(member, ())

    def every_credential_of(self, member: str) -> tuple[str, ...]:
        """The access keys of all credentials that the member ever had."""
        return self.index("every credential of member").get(member, ())

    def find_member(self, key: str) -> Document | None:
        """The user or service account with that id, removed ones too, or None."""
        return self.table(USERS_TABLE).get(key) or self.table(SERVICE_ACCOUNTS_TABLE).get(key)

    def vault_of(self, member: str) -> Document | None:
        """The member's own vault, or None."""
        ids = self.index("vault of member").get(member)
        return self.table(VAULTS_TABLE)[ids[0]] if ids else None

    def administrator_vaults_for(self, member: str) -> list[Document]:
        """The administrator vaults for the member's groups, enabled or not, each once, in order."""
        of_group = self.index("vaults of group")
        groups = (*self.groups_of(member), self.preset_group(USERS)["id"])
        keys = {key for group in groups for key in of_group.get(group, ())}
        vaults = self.table(ADMINISTRATOR_VAULTS_TABLE)
        return in_order(vaults[key] for key in keys)

    def rules_of_resource(self, resource: str) -> tuple[str, ...]:
        """The ids of the access rules about that one resource."""
        return self.index("rules of resource").get(resource, ())

    def is_living(self, member: str) -> bool:
        """Whether there is such a member, and it was not removed."""
        document = self.find_member(member)
        return document is not None and not document.get("removed_at")

    def is_in_good_standing(self, member: str) -> bool:
        """Whether the member is neither removed nor suspended."""
        document = self.find_member(member)
        return (
            document is not None
            and not document.get("removed_at")
            and not document.get("suspended")
        )

    def changed(self, changes: Changes) -> State:
        """The state after these changes, one commit on."""
        state = self.imagined(changes)
        # Others may be making further ones of this state meanwhile.
        for name, index in self._indexes.copy().items():
            rule = INDEXES[name]
            documents = changes.tables.get(rule.table, {})
            state._indexes[name] = _carried_over(index, rule, self.table(rule.table), documents)
        return state

    def imagined(self, changes: Changes) -> State:
        """The same, to be looked at but once: an index is made when it is asked for."""
        tables = dict(self._tables)
        for name, documents in changes.tables.items():
            tables[name] = _with_documents(tables.get(name, {}), documents)
        state = State(tables, self.commit + 1)
        changed = {name for name, documents in changes.tables.items() if documents}
        for make, (of_tables, made) in self._made.copy().items():
            if changed.isdisjoint(of_tables):
                state._made[make] = (of_tables, made)
        return state


def in_order(vaults: Iterable[Document]) -> list[Document]:
    """Administrator vaults in the order in which they are folded: a later one overrides.

    Raises:
        StoreUnreadable: The number of one of them is none.
    """
    return sorted(vaults, key=_order)


def _order(vault: Document) -> tuple[int, str]:
    order, key = vault.get("order"), vault["id"]
    if type(order) is not int:
        raise damaged(ADMINISTRATOR_VAULTS_TABLE, key, TypeError("order"))
    return order, key


def damaged(table: str, key: str, error: Exception) -> StoreUnreadable:
    """The error that says which document is damaged."""
    return StoreUnreadable(
        f"The entry {key} in {table} of workspace.json is damaged: {error!r}. "
        "Restore a copy of the store."
    )


def empty_tables() -> dict[str, dict[str, Document]]:
    """Tables without a document."""
    return {name: {} for name in TABLES}


def _make_index(rule: IndexRule, tables: Mapping[str, Table]) -> Index:
    index: dict[str, tuple[str, ...]] = {}
    # Nearly all entries have few keys: a list for each would take twice as long.
    many: dict[str, list[str]] = {}
    for key, document in tables.get(rule.table, {}).items():
        alone = (key,)
        try:
            for entry in rule.keys(document):
                found = index.get(entry, ())
                if len(found) < _FEW:
                    index[entry] = found + alone
                else:
                    many.setdefault(entry, list(found)).append(key)
        except DAMAGE as error:
            raise damaged(rule.table, key, error) from error
    index.update((entry, tuple(keys)) for entry, keys in many.items())
    return index


def _with_documents(table: Table, documents: Documents) -> Table:
    result = dict(table)
    for key, document in documents.items():
        if document is None:
            result.pop(key, None)
        else:
            result[key] = document
    return result


def _carried_over(index: Index, rule: IndexRule, former: Table, documents: Documents) -> Index:
    if not documents:
        return index
    gone: dict[str, set[str]] = {}
    new: dict[str, list[str]] = {}
    for key, document in documents.items():
        before = set(rule.keys(former[key])) if key in former else set()
        after = set(rule.keys(document)) if document is not None else set()
        for entry in before - after:
            gone.setdefault(entry, set()).add(key)
        for entry in after - before:
            new.setdefault(entry, []).append(key)
    result = dict(index)
    # All of an entry at once: thousands may leave it, such as what lay in a project.
    for entry, keys in gone.items():
        result[entry] = tuple(key for key in result[entry] if key not in keys)
    for entry, added in new.items():
        result[entry] = (*result.get(entry, ()), *added)
    for entry in gone:
        if not result[entry]:
            del result[entry]
    return result
