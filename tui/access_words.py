"""What is said of access: permissions, resources, and why somebody has a permission."""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING, Protocol

from rich.cells import cell_len

from store.catalogue import SEPARATOR
from store.errors import NotFound
from tui.text import shortened
from tui.whole_lists import Entry

if TYPE_CHECKING:
    from store.access.grants import Grant
    from store.terms import Permission

NONE = "none"
ADMINISTRATOR = "administrator"
QUEUE_ADMINISTRATOR = "queue administrator: sees every queue"
UNCOVERED = "no rule covers it"
DEFINE_QUEUES = "define queues"
# What is being asked about before it is done may be through a rule that is not there yet.
_NEW_RULE = "the new rule"
_RULE_CELLS = 60
_GROUP_CELLS = 50
_UNBOUNDED = sys.maxsize
_LEFT_OUT = "…"


class Called(Protocol):
    """A member, as a person knows them."""

    @property
    def called(self) -> str:
        """What they are called."""

    @property
    def beside(self) -> str:
        """What tells them from others of the name: the email, or that it is a service account."""


class NamedGroup(Protocol):
    """A group, as a person knows it."""

    @property
    def name(self) -> str:
        """Its name."""


class NamedResource(Protocol):
    """A resource, as a person knows it."""

    @property
    def type(self) -> str:
        """What it is."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def path(self) -> str:
        """The projects that it lies in, or ""."""


class NamedRule(Protocol):
    """An access rule, as a person knows it."""

    @property
    def type(self) -> str:
        """What it is about."""

    @property
    def resource(self) -> str | None:
        """The id of what it is about, or None for all of the type."""

    @property
    def resource_name(self) -> str:
        """What that is called."""

    @property
    def path(self) -> str:
        """The projects that it lies in, or ""."""


class AccessNames(Protocol):
    """Whoever knows the names of members, groups, resources and rules, as the workspace does."""

    def member_name(self, member: str) -> Called:
        """What a member is called."""

    def group_row(self, group: str) -> NamedGroup:
        """A group's name."""

    def resource_row(self, resource: str) -> NamedResource:
        """A resource's type, name and path."""

    def access_rule_row(self, rule: str) -> NamedRule:
        """What a rule is about."""


class RememberedNames:
    """Asks for each name once, for many grants are through the same ones.

    Args:
        names: Whoever knows them.
    """

    def __init__(self, names: AccessNames) -> None:
        self.member_name = cache(names.member_name)
        self.resource_row = cache(names.resource_row)
        self.group_row = cache(names.group_row)
        self.access_rule_row = cache(names.access_rule_row)


def entry_of_member(names: AccessNames, member: str) -> Entry:
    """A member as one of a list."""
    name = names.member_name(member)
    return Entry(name.called, name.beside)


def entry_of_resource(names: AccessNames, resource: str) -> Entry:
    """A resource as one of a list."""
    row = names.resource_row(resource)
    return Entry(path_words(row.path, row.name), row.type)


def permission_words(permission: Permission | None) -> str:
    """The permission, or the word for none."""
    return permission or NONE


def resource_words(resource: NamedResource, cells: int = _UNBOUNDED) -> str:
    """A resource by its type and where it lies, in so many cells."""
    return f"{resource.type} {path_words(resource.path, resource.name, cells)}"


def path_words(path: str, name: str, cells: int = _UNBOUNDED) -> str:
    """A name with the projects that it lies in; of those the outer ones give way first."""
    words = f"{path}{SEPARATOR}{name}" if path else name
    if cell_len(words) <= cells:
        return words
    projects = path.split(SEPARATOR) if path else []
    while projects:
        words = SEPARATOR.join([_LEFT_OUT, *projects[1:], name])
        if cell_len(words) <= cells:
            return words
        projects = projects[1:]
    return shortened(name, cells)


def rule_words(rule: NamedRule, cells: int = _UNBOUNDED) -> str:
    """A rule by what it is about, in so many cells."""
    if rule.resource is None:
        return f"rule on {rule.resource_name[:1].lower()}{rule.resource_name[1:]}"
    return f"rule on {rule.type} {path_words(rule.path, rule.resource_name, cells)}"


def grant_words(names: AccessNames, grant: Grant) -> str:
    """Why somebody has a permission: which rule and through which group, or what else."""
    if grant.kind == "administrator":
        return ADMINISTRATOR
    if grant.kind == "queue administrator":
        return QUEUE_ADMINISTRATOR
    if grant.rule is None:
        return UNCOVERED
    try:
        rule = rule_words(names.access_rule_row(grant.rule), _RULE_CELLS)
    except NotFound:
        rule = _NEW_RULE
    # The group first, for the rule is the one of the resource more often than not.
    if grant.group is None:
        return f"named directly, {rule}"
    return f"group {shortened(names.group_row(grant.group).name, _GROUP_CELLS)}, {rule}"
