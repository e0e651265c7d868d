"""Adding, editing and deleting resources of the catalogue (SPEC, Access)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from store.catalogue import catalogue_of
from store.errors import AlreadyExists, InvalidInput, NotFound, RefusedByRule
from store.models import Resource
from store.operations.lookups import refuse_stale
from store.persistence.store import Outcome
from store.rules import Act, require_administrator
from store.state import Changes, State
from store.terms import (
    ACCESS_RULES_TABLE,
    PROJECT,
    QUEUE,
    RESOURCE_TYPES,
    RESOURCES_TABLE,
    ResourceType,
)
from store.text import clean_name, refuse_surrogates

if TYPE_CHECKING:
    from store.access.impacts import Impact

LONGEST_ID = 100


@dataclass(frozen=True)
class ResourceDraft:
    """What a resource is to be.

    Attributes:
        type: What it is.
        id: The id that ClearML knows it by.
        name: Its name.
        project: The id of the project that it lies in, or None.
    """

    type: ResourceType
    id: str
    name: str
    project: str | None = None


@dataclass(frozen=True)
class ResourceEdit:
    """What an edit wants of a resource. Its type and id are fixed.

    Attributes:
        resource: The id.
        revision: The revision that the edit began from.
        name: What is to be its name.
        project: The id of the project that it is to lie in, or None.
    """

    resource: str
    revision: int
    name: str
    project: str | None


@dataclass(frozen=True)
class ResourceDeletion:
    """What deleting resources would do.

    Attributes:
        resources: The ids of all that would go: those asked for, and what lies in them.
        rules: The ids of the access rules that would go with them.
        impact: Who would lose and gain what on the resources that stay.
    """

    resources: tuple[str, ...]
    rules: tuple[str, ...]
    impact: Impact


def add_resource(state: State, act: Act, *, draft: ResourceDraft) -> Outcome[None]:
    """Add a resource to the catalogue.

    Raises:
        NotAllowed: The actor is no administrator.
        InvalidInput: The type, the id or the name is none.
        AlreadyExists: There is a resource with the id.
        NotFound: There is no such project.
        RefusedByRule: A queue would lie in a project, or what is none would hold it.
    """
    require_administrator(state, act.actor, "add resources")
    added = clean_resource(draft)
    if added.id in state.table(RESOURCES_TABLE):
        other = state.table(RESOURCES_TABLE)[added.id]
        raise AlreadyExists(
            f"{added.id} is the id of the {other['type']} {other['name']}.", field="id"
        )
    check_place(added, state.table(RESOURCES_TABLE).get(added.project or ""))
    changed = {field: [None, getattr(added, field)] for field in ("type", "name", "project")}
    entry = act.entry("add_resource", [added.id], changed)
    return Outcome(None, Changes({RESOURCES_TABLE: {added.id: added.document()}}), entry)


def edit_resource(state: State, act: Act, *, edit: ResourceEdit) -> Outcome[None]:
    """Rename a resource, and move it to another project.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: The resource or the project is gone.
        Conflict: Somebody has changed the resource meanwhile.
        InvalidInput: The name is none.
        RefusedByRule: The project is none, or would lie in itself, or the resource is a queue.
    """
    require_administrator(state, act.actor, "edit resources")
    resource = _resource(state, edit.resource)
    refuse_stale(resource, edit.revision, f"The {resource.type} {resource.name}")
    wanted: dict[str, Any] = {"name": _clean_name(edit.name), "project": edit.project or None}
    values = {field: value for field, value in wanted.items() if value != getattr(resource, field)}
    if not values:
        return Outcome(None)
    moved = resource.changed(**values)
    if "project" in values:
        check_place(moved, state.table(RESOURCES_TABLE).get(moved.project or ""))
        _refuse_circle(state, moved)
    changed = {field: [getattr(resource, field), value] for field, value in values.items()}
    entry = act.entry("edit_resource", [resource.id], changed)
    return Outcome(None, Changes({RESOURCES_TABLE: {moved.id: moved.document()}}), entry)


def _refuse_circle(state: State, moved: Resource) -> None:
    if moved.project is None:
        return
    catalogue = catalogue_of(state)
    if moved.id in (moved.project, *catalogue.projects_around(moved.project)):
        raise circle(moved)


def preview_resource_deletion(state: State, act: Act, resources: Sequence[str]) -> ResourceDeletion:
    """What deleting these resources would do.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: One of them is gone.
    """
    from store.access.comparing import impact_of

    require_administrator(state, act.actor, "delete resources")
    changes = _deletion(state, resources)
    return ResourceDeletion(
        resources=tuple(changes.tables[RESOURCES_TABLE]),
        rules=tuple(changes.tables[ACCESS_RULES_TABLE]),
        impact=impact_of(state, changes),
    )


def delete_resources(state: State, act: Act, *, resources: Sequence[str]) -> Outcome[int]:
    """Delete all of them, or none, with the rules about them; projects with what lies in them.

    Returns:
        How many were deleted, with those in the projects.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: One of them is gone.
    """
    require_administrator(state, act.actor, "delete resources")
    changes = _deletion(state, resources)
    keys = list(changes.tables[RESOURCES_TABLE])
    table = state.table(RESOURCES_TABLE)
    changed = {
        "names": [table[key]["name"] for key in keys],
        "access rules": list(changes.tables[ACCESS_RULES_TABLE]),
    }
    return Outcome(len(keys), changes, act.entry("delete_resources", keys, changed))


def _deletion(state: State, resources: Sequence[str]) -> Changes:
    catalogue = catalogue_of(state)
    keys = dict.fromkeys(_resource(state, key).id for key in resources)
    for key in list(keys):
        keys.update(dict.fromkeys(catalogue.contents(key)))
    rules = [rule for key in keys for rule in state.rules_of_resource(key)]
    return Changes({RESOURCES_TABLE: dict.fromkeys(keys), ACCESS_RULES_TABLE: dict.fromkeys(rules)})


def clean_resource(draft: ResourceDraft) -> Resource:
    """The resource that a draft describes, wherever it is to lie.

    Raises:
        InvalidInput: The type, the id or the name is none.
        RefusedByRule: It is a queue, and is to lie in a project.
    """
    if draft.type not in RESOURCE_TYPES:
        raise InvalidInput(f"The type must be one of {', '.join(RESOURCE_TYPES)}.", field="type")
    return Resource(
        id=clean_id(draft.id, field="id", what="The id"),
        type=draft.type,
        name=_clean_name(draft.name),
        project=draft.project or None,
    )


def clean_id(text: str, *, field: str, what: str) -> str:
    """An id of ClearML as it is kept: 1 to 100 visible characters without blanks.

    Args:
        text: What was typed.
        field: The field that an error is shown at.
        what: What it is, to begin a sentence.

    Raises:
        InvalidInput: It is empty, too long, or holds a blank or what cannot be seen.
    """
    refuse_surrogates(text, field=field, what=what)
    key = text.strip()
    if not key:
        raise InvalidInput(f"{what} must not be empty; ClearML shows it.", field=field)
    if len(key) > LONGEST_ID:
        raise InvalidInput(
            f"{what} has {len(key):,} characters; at most {LONGEST_ID} are kept.", field=field
        )
    # Of all blanks, the space alone counts as printable.
    if not key.isprintable() or " " in key:
        raise InvalidInput(
            f"{what} must be visible characters without blanks, as ClearML shows it.", field=field
        )
    return key


def check_place(resource: Resource, project: Any) -> None:
    """See that a resource may lie where it is to lie.

    Args:
        resource: The resource.
        project: The document of what it is to lie in, or None where that is not there.

    Raises:
        NotFound: There is no such project.
        RefusedByRule: A queue would lie in a project, or what is no project would hold something.
    """
    if resource.project is None:
        return
    if resource.type == QUEUE:
        raise RefusedByRule("A queue lies in no project.", field="project")
    if project is None:
        raise NotFound(
            f"There is no project {resource.project} in the catalogue. Add it first.",
            field="project",
        )
    if project["type"] != PROJECT:
        raise RefusedByRule(
            f"{project['name']} is a {project['type']}; only projects hold other resources.",
            field="project",
        )


def circle(project: Resource) -> RefusedByRule:
    """The error for a project that would lie in itself."""
    return RefusedByRule(
        f"The project {project.name} would lie in itself. Choose another.", field="project"
    )


def _resource(state: State, key: str) -> Resource:
    return Resource.of(state.find(RESOURCES_TABLE, key, what="resource"))


def _clean_name(name: str) -> str:
    return clean_name(name, field="name", what="The name")
