"""Which rules cover which resource (SPEC, Access).

A rule covers its resource, a project's rule also what lies in the project, however deep; `all` of a
type covers every one of that type, `all projects` also everything that lies in one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from store.access.catalogue import Catalogue, catalogue_of
from store.errors import NotFound
from store.state import DAMAGE, State, Table, damaged
from store.terms import ACCESS_RULES_TABLE, PROJECT, QUEUE, RESOURCES_TABLE

_Rules = tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Cover:
    """What decides on a resource. Resources with the same rules share one.

    Attributes:
        rules: The ids of the rules that cover it, those about itself first, each once.
        is_queue: Whether it is a queue, on which `Queue admins` have a built-in power.
    """

    rules: _Rules
    is_queue: bool


@dataclass(frozen=True)
class Coverage:
    """What decides on every resource.

    Attributes:
        of_resource: The cover of each resource by its id, by type and path.
        resources: The resources of each cover, in that order, too.
        uncovered: Those that no rule covers, likewise.
    """

    of_resource: Mapping[str, Cover]
    resources: Mapping[Cover, Sequence[str]]
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

    def of(self, resource: str, type_: str) -> _Rules:
        return self.resources.get(resource, ()) + self.types.get(type_, ())


def coverage_of(state: State) -> Coverage:
    """The state's coverage.

    Raises:
        StoreUnreadable: The document of a rule or of a resource is damaged.
    """
    return state.once(_make, RESOURCES_TABLE, ACCESS_RULES_TABLE)


def _make(state: State) -> Coverage:
    catalogue = catalogue_of(state)
    subjects = _subjects(state.table(ACCESS_RULES_TABLE))
    inherited = _inherited(catalogue, subjects)
    table = state.table(RESOURCES_TABLE)
    covers: dict[tuple[_Rules, bool], Cover] = {}
    # Resources with no rule of their own differ by their type and their project alone.
    shared: dict[tuple[str, str | None], Cover] = {}
    of_resource: dict[str, Cover] = {}
    resources: dict[Cover, list[str]] = {}
    for key in catalogue.places:
        type_, project = table[key]["type"], table[key].get("project")
        has_own = key in subjects.resources
        cover = None if has_own else shared.get((type_, project))
        if cover is None:
            # `All projects` is among those about itself and among those around it.
            rules = tuple(dict.fromkeys(subjects.of(key, type_) + inherited[project]))
            cover = covers.setdefault((rules, type_ == QUEUE), Cover(rules, type_ == QUEUE))
            if not has_own:
                shared[type_, project] = cover
        of_resource[key] = cover
        resources.setdefault(cover, []).append(key)
    uncovered = tuple(key for key, cover in of_resource.items() if not cover.rules)
    return Coverage(of_resource, resources, uncovered)


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


def _inherited(catalogue: Catalogue, subjects: _Subjects) -> dict[str | None, _Rules]:
    """The rules that everything in a project has of it and of those around it."""
    of_all = subjects.types.get(PROJECT, ())
    inherited: dict[str | None, _Rules] = {}
    for project, parent in catalogue.parents.items():
        around = of_all if parent is None else inherited[parent]
        inherited[project] = subjects.resources.get(project, ()) + around
    # What lies in no project.
    inherited[None] = ()
    return inherited
