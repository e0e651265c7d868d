"""The catalogue of resources as a list (SPEC, Access)."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar, Literal

from store.alphabet import place, plain
from store.catalogue import catalogue_of
from store.listing import Listed, Look, Names, apart
from store.state import State
from store.terms import RESOURCE_TYPES, RESOURCES_TABLE, Document
from store.views import Viewer

ResourceColumn = Literal["type", "name", "project", "rules", "id"]

# What a word of the filter can be bound to, as in `type:queue`.
TYPE, PROJECT_PATH = "type", "project"


class ListedResources(Listed):
    """The resources, by name."""

    table: ClassVar[str] = RESOURCES_TABLE
    what: ClassVar[str] = "A resource"
    name_column: ClassVar[str] = "name"
    bound: ClassVar[frozenset[str]] = frozenset({TYPE, PROJECT_PATH})

    def prepare(self, state: State) -> None:
        """Make the indexes that a line asks for."""
        state.index("rules of resource")
        state.index("resources of project")

    def names(self, state: State, viewer: Viewer) -> Names:
        """The names, by id."""
        return apart({key: one["name"] for key, one in state.table(RESOURCES_TABLE).items()})

    def sort_keys(self, look: Look, column: str, ids: Collection[str]) -> dict[str, str]:
        """What each resource is sorted by in another column."""
        resources = look.state.table(RESOURCES_TABLE)
        if column == "id":
            return {key: key for key in ids}
        if column == "type":
            return {key: str(RESOURCE_TYPES.index(resources[key]["type"])) for key in ids}
        if column == "rules":
            return {key: f"{len(look.state.rules_of_resource(key)):09}" for key in ids}
        paths = catalogue_of(look.state).plain_paths
        of_project = {key: place(path) for key, path in paths.items()}
        return {key: of_project.get(resources[key].get("project", ""), "") for key in ids}

    def haystack(self, document: Document, viewer: Viewer) -> str:
        """The type, the name and the id."""
        return plain(f"{document['type']}\n{document['name']}\n{document['id']}")

    def in_groups(self, look: Look, word: str) -> set[str]:
        """Those in a project with the word in its path."""
        resources = look.state.table(RESOURCES_TABLE)
        paths = catalogue_of(look.state).plain_paths
        found = {key for key, path in paths.items() if word in path}
        if not found:
            return set()
        return {key for key, one in resources.items() if one.get("project") in found}

    def in_standing(self, look: Look, word: str, ids: Collection[str]) -> set[str]:
        """None, for resources have no status."""
        return set()

    def in_bound(self, look: Look, to: str, word: str, ids: Collection[str]) -> set[str]:
        """Those whose type begins with the word, or that lie in a project of such a path."""
        if to == PROJECT_PATH:
            return self.in_groups(look, word)
        resources = look.state.table(RESOURCES_TABLE)
        return {key for key in ids if resources[key]["type"].startswith(word)}
