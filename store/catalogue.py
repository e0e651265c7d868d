"""The catalogue of resources: which projects they lie in, and what lies in a project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from store.alphabet import plain, plain_all
from store.state import Index, State, Table
from store.terms import PROJECT, RESOURCES_TABLE, ResourceType

# Between the names of a path, as ClearML itself writes projects in projects.
SEPARATOR = "/"


def catalogue_of(state: State) -> Catalogue:
    """The catalogue of a state, made once for as long as no resource changes."""
    return state.once(_make, RESOURCES_TABLE)


def _make(state: State) -> Catalogue:
    return Catalogue(state.table(RESOURCES_TABLE), state.index("resources of project"))


@dataclass(frozen=True)
class Catalogue:
    """The resources of one state.

    Attributes:
        resources: The resources by id.
        in_project: The ids of what lies in each project itself.
    """

    resources: Table = field(repr=False)
    in_project: Index = field(repr=False)

    def projects_around(self, resource: str) -> list[str]:
        """The ids of the projects that a resource lies in, the innermost first."""
        around: dict[str, None] = {}
        project = self.resources[resource].get("project")
        # Also where the file was written by others and projects lie in a circle.
        while project is not None and project not in around:
            around[project] = None
            project = self.resources[project].get("project")
        return list(around)

    def path(self, resource: str) -> str:
        """The names of the projects that a resource lies in, the outermost first, or ""."""
        around = reversed(self.projects_around(resource))
        return SEPARATOR.join(self.resources[project]["name"] for project in around)

    def contents(self, project: str) -> list[str]:
        """The ids of everything in a project and its sub-projects."""
        found: dict[str, None] = {}
        waiting = list(self.in_project.get(project, ()))
        while waiting:
            key = waiting.pop()
            if key not in found and key != project:
                found[key] = None
                waiting += self.in_project.get(key, ())
        return list(found)

    def covered_by(self, about: ResourceType, resource: str | None) -> set[str]:
        """The ids of the resources that a rule about one, or about all of a type, covers."""
        if resource is not None:
            return {resource, *self.contents(resource)}
        covers_contents = about == PROJECT
        return {
            key
            for key, one in self.resources.items()
            if one["type"] == about or (covers_contents and one.get("project") is not None)
        }

    @cached_property
    def plain_names(self) -> Mapping[str, str]:
        """What a filter looks through of the name of each resource, by id."""
        names = [one["name"] for one in self.resources.values()]
        return dict(zip(self.resources, plain_all(names), strict=True))

    @cached_property
    def plain_paths(self) -> Mapping[str, str]:
        """What a filter looks through of each project: its own path and name, by id."""
        projects = (key for key, one in self.resources.items() if one["type"] == PROJECT)
        return {key: plain(self._path_and_name(key)) for key in projects}

    def _path_and_name(self, resource: str) -> str:
        path, name = self.path(resource), str(self.resources[resource]["name"])
        return f"{path}{SEPARATOR}{name}" if path else name
