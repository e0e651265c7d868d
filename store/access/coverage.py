"""Which rules cover which resource (SPEC, Access).

A rule covers its resource, a project's rule also what lies in the project, however deep; `all` of a
type covers every one of that type, `all projects` also everything that lies in one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from store.access.catalogue import Catalogue, catalogue_of
from store.errors import NotFound
from store.state import DAMAGE, State, Table, damaged
from store.terms import ACCESS_RULES_TABLE, PROJECT, QUEUE, RESOURCES_TABLE

T = TypeVar("T")
_Rules = tuple[str, ...]


class Cover:
    """What decides on a resource; those on which the same rules decide share one, mostly.

    Args:
        own: The ids of the rules that it has beyond those around it.
        around: What decides on the project around it, if anything does.
        is_queue: Whether it is of queues, on which `Queue admins` have a built-in power.

    Attributes:
        rules: The ids of all its rules, each once, the nearest first.
    """

    __slots__ = ("around", "is_queue", "own", "rules")

    def __init__(
        self, own: _Rules = (), around: Cover | None = None, *, is_queue: bool = False
    ) -> None:
        self.own = own
        self.around = around
        self.is_queue = is_queue
        self.rules: _Rules = own if around is None else own + around.rules

    def worked_out(self, known: dict[Cover, T], step: Callable[[_Rules, T], T], first: T) -> T:
        """What comes of its rules, where covers share what comes of those around them.

        Args:
            known: What came of the covers that were asked before; it grows.
            step: Makes it of the own rules of a cover, and of what came of those around.
            first: What comes of no rules.
        """
        if self in known:
            return known[self]
        inner = [self]
        at = self.around
        while at is not None and at not in known:
            inner.append(at)
            at = at.around
        found = first if at is None else known[at]
        while inner:
            cover = inner.pop()
            found = known[cover] = step(cover.own, found)
        return found


@dataclass(frozen=True)
class Coverage:
    """What decides on every resource.

    Attributes:
        of_resource: The cover of each resource by its id, by type and path.
        resources: The resources of each cover, in that order, too.
        covered: Those that a rule covers, with their covers, likewise.
        uncovered: Those that no rule covers.
    """

    of_resource: Mapping[str, Cover]
    resources: Mapping[Cover, Sequence[str]]
    covered: Sequence[tuple[str, Cover]]
    uncovered: tuple[str, ...]

    def cover_of(self, resource: str) -> Cover:
        """What decides on that resource.

        Raises:
            NotFound: There is no such resource.
        """
        cover = self.of_resource.get(resource)
        if cover is None:
            raise NotFound(f"There is no resource {resource} in this workspace any more.")
        return cover


@dataclass(frozen=True)
class _Subjects:
    """The rules by what they are about."""

    resources: Mapping[str, _Rules]
    types: Mapping[str, _Rules]


def coverage_of(state: State) -> Coverage:
    """The state's coverage.

    Raises:
        StoreUnreadable: The document of a rule or of a resource is damaged.
    """
    return state.once(_make, RESOURCES_TABLE, ACCESS_RULES_TABLE)


def _make(state: State) -> Coverage:
    catalogue = catalogue_of(state)
    subjects = _subjects(state.table(ACCESS_RULES_TABLE))
    of_project = _covers_of_projects(catalogue, subjects)
    of_resource: dict[str, Cover] = {}
    for type_, keys in catalogue.of_type.items():
        if type_ == PROJECT:
            of_resource.update((key, of_project[key]) for key in keys)
        else:
            of_resource |= _covers_of_type(state, type_, keys, subjects, of_project)
    resources: dict[Cover, list[str]] = {cover: [] for cover in of_resource.values()}
    for key, cover in of_resource.items():
        resources[cover].append(key)
    covered = [item for item in of_resource.items() if item[1].rules]
    uncovered = tuple(key for key, cover in of_resource.items() if not cover.rules)
    return Coverage(of_resource, resources, covered, uncovered)


def _covers_of_projects(catalogue: Catalogue, subjects: _Subjects) -> dict[str | None, Cover]:
    """The cover of each project, which is also that of what lies in it and has no own rule."""
    in_all = Cover(subjects.types.get(PROJECT, ()))
    covers: dict[str | None, Cover] = {}
    for project, parent in catalogue.parents.items():
        around = in_all if parent is None else covers[parent]
        own = subjects.resources.get(project, ())
        covers[project] = Cover(own, around) if own else around
    # Of what lies in no project.
    covers[None] = Cover()
    return covers


def _covers_of_type(
    state: State,
    type_: str,
    keys: Sequence[str],
    subjects: _Subjects,
    of_project: Mapping[str | None, Cover],
) -> dict[str, Cover]:
    table = state.table(RESOURCES_TABLE)
    of_all, is_queue = subjects.types.get(type_, ()), type_ == QUEUE
    shared: dict[Cover, Cover] = {}
    covers = {}
    for key in keys:
        around = of_project[table[key].get("project")]
        if key in subjects.resources:
            covers[key] = Cover(subjects.resources[key] + of_all, around, is_queue=is_queue)
            continue
        cover = shared.get(around)
        if cover is None:
            alone = not of_all and not is_queue
            cover = around if alone else Cover(of_all, around, is_queue=is_queue)
            shared[around] = cover
        covers[key] = cover
    return covers


def _subjects(rules: Table) -> _Subjects:
    resources: dict[str, _Rules] = {}
    types: dict[str, _Rules] = {}
    for key, rule in rules.items():
        try:
            resource, type_ = rule.get("resource"), rule["type"]
        except DAMAGE as error:
            raise damaged(ACCESS_RULES_TABLE, key, error) from error
        if resource is None:
            types[type_] = (*types.get(type_, ()), key)
        else:
            resources[resource] = (*resources.get(resource, ()), key)
    return _Subjects(resources, types)
