"""The resources in the order in which access is shown, and the projects that they lie in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from store.alphabet import places as places_of
from store.errors import StoreUnreadable
from store.state import DAMAGE, State, Table, damaged
from store.terms import PROJECT, RESOURCE_TYPES, RESOURCES_TABLE

# Before all that a name can hold, so that what lies in a project follows it at once.
_ENDS_A_NAME = "\0"


@dataclass(frozen=True)
class Catalogue:
    """What the workspace knows of resources, put in order.

    Attributes:
        of_type: The ids of the resources of each type, by path and name.
        places: The place of each resource by its id: by type, then by path and name.
        parents: The project that each project lies in, or None; outer ones before inner ones.
    """

    of_type: Mapping[str, Sequence[str]]
    places: Mapping[str, int]
    parents: Mapping[str, str | None]


def catalogue_of(state: State) -> Catalogue:
    """The state's catalogue.

    Raises:
        StoreUnreadable: A resource's document is damaged, or a project lies in itself.
    """
    return state.once(_make, RESOURCES_TABLE)


def _make(state: State) -> Catalogue:
    resources = state.table(RESOURCES_TABLE)
    key = ""
    try:
        of_type: dict[str, list[str]] = {each: [] for each in RESOURCE_TYPES}
        for key, resource in resources.items():
            of_type[resource["type"]].append(key)
        parents = _outer_first(resources, of_type[PROJECT])
        names = [resource["name"] for resource in resources.values()]
        place_of = dict(zip(resources, places_of(names), strict=True))
        paths: dict[str | None, str] = {None: ""}
        for key, parent in parents.items():
            paths[key] = f"{paths[parent]}{place_of[key]}{_ENDS_A_NAME}"
        path_of = {}
        for key, resource in resources.items():
            path_of[key] = paths[resource.get("project")] + place_of[key], resource["name"], key
    except DAMAGE as error:
        raise damaged(RESOURCES_TABLE, key, error) from error
    for keys in of_type.values():
        keys.sort(key=path_of.__getitem__)
    places = {key: place for place, key in enumerate(chain(*of_type.values()))}
    return Catalogue(of_type, places, parents)


def _outer_first(resources: Table, projects: list[str]) -> dict[str, str | None]:
    parents = {key: resources[key].get("project") for key in projects}
    ordered: dict[str, str | None] = {}
    for project in projects:
        climbed: dict[str, str | None] = {}
        at: str | None = project
        while at is not None and at not in ordered:
            if at in climbed:
                raise _damaged(at, "lies in itself")
            climbed[at] = parents[at]
            at = parents[at]
            if at is not None and at not in parents:
                raise _damaged(next(reversed(climbed)), f"lies in {at}, which is no project")
        ordered |= reversed(climbed.items())
    return ordered


def _damaged(project: str, problem: str) -> StoreUnreadable:
    return StoreUnreadable(
        f"The project {project} in {RESOURCES_TABLE} of workspace.json {problem}. "
        "Restore a copy of the store."
    )
