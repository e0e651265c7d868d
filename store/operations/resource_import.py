"""Importing resources as JSON lines, all of them or none (SPEC, Access; what ClearML knows)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from store.errors import InvalidInput, WorkspaceError
from store.models import Resource
from store.operations.resources import ResourceDraft, check_place, circle, clean_resource
from store.persistence.store import Outcome
from store.rules import Act, require_administrator
from store.state import Changes, State
from store.terms import PROJECT, RESOURCES_TABLE, Document

_NEEDED = ("type", "id", "name")
_FIELDS = (*_NEEDED, "project")


@dataclass(frozen=True)
class ImportLine:
    """A line that cannot be imported.

    Attributes:
        number: Its number, from 1.
        problem: Why.
    """

    number: int
    problem: str


@dataclass(frozen=True)
class ResourceImport:
    """What importing a text does.

    Attributes:
        new: How many resources it adds.
        changed: How many it renames or moves.
        unchanged: How many are as it says already.
        problems: The lines that cannot be imported. Where there is one, nothing is.
    """

    new: int
    changed: int
    unchanged: int
    problems: tuple[ImportLine, ...]


@dataclass
class _Read:
    """What was read of a text: the resources with the numbers of their lines, and the problems."""

    resources: dict[str, tuple[int, Resource]]
    problems: list[ImportLine]


def check_resources(state: State, act: Act, text: str) -> ResourceImport:
    """What importing the text would do, and what is wrong with it.

    Raises:
        NotAllowed: The actor is no administrator.
    """
    require_administrator(state, act.actor, "import resources")
    return _compared(state, _read(state, text))[0]


def import_resources(state: State, act: Act, *, text: str) -> Outcome[ResourceImport]:
    """Add the resources that a text describes, and rename and move those that are there.

    Args:
        state: The newest state.
        act: Who imports them, and when.
        text: A JSON object a line, with `type`, `id`, `name` and, if it lies in one, `project`.

    Raises:
        NotAllowed: The actor is no administrator.
        InvalidInput: There is no line, or one of them cannot be imported.
    """
    require_administrator(state, act.actor, "import resources")
    read = _read(state, text)
    result, documents = _compared(state, read)
    if read.problems:
        raise InvalidInput(_told(read.problems), field="text")
    if not read.resources:
        raise InvalidInput("There is no line to import. Each is one resource.", field="text")
    former = state.table(RESOURCES_TABLE)
    changed = {
        "new": [key for key in documents if key not in former],
        "changed": {
            key: _difference(former[key], document)
            for key, document in documents.items()
            if key in former
        },
    }
    entry = act.entry("import_resources", list(documents), changed)
    return Outcome(result, Changes({RESOURCES_TABLE: documents}), entry)


def _told(problems: list[ImportLine]) -> str:
    first = problems[0]
    more = len(problems) - 1
    others = f" {more:,} more {'line is' if more == 1 else 'lines are'} bad, too." if more else ""
    return f"Line {first.number:,}: {first.problem}{others} Nothing was imported."


def _difference(former: Document, document: Document) -> dict[str, list[Any]]:
    fields = (field for field in ("name", "project") if former.get(field) != document.get(field))
    return {field: [former.get(field), document.get(field)] for field in fields}


def _compared(state: State, read: _Read) -> tuple[ResourceImport, dict[str, Document]]:
    """How many are new, changed and as before, and the documents of the first two."""
    table, documents, new = state.table(RESOURCES_TABLE), {}, 0
    for key, (_, resource) in read.resources.items():
        if key not in table:
            new += 1
            documents[key] = resource.document()
        elif (resource.name, resource.project) != (table[key]["name"], table[key].get("project")):
            former = Resource.of(table[key])
            documents[key] = former.changed(name=resource.name, project=resource.project).document()
    result = ResourceImport(
        new=new,
        changed=len(documents) - new,
        unchanged=len(read.resources) - len(documents),
        problems=tuple(read.problems),
    )
    return result, documents


def _read(state: State, text: str) -> _Read:
    read = _Read({}, [])
    for number, line in _lines(text):
        try:
            resource = clean_resource(_draft(line))
            _refuse_known(state, read, resource)
        except WorkspaceError as error:
            read.problems.append(ImportLine(number, error.message))
        else:
            read.resources[resource.id] = (number, resource)
    _see_places(state, read)
    read.problems.sort(key=lambda problem: problem.number)
    return read


def _lines(text: str) -> Iterator[tuple[int, str]]:
    # Not splitlines: what it divides at besides, a name may hold.
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        if line.strip():
            yield number, line


def _draft(line: str) -> ResourceDraft:
    try:
        found = json.loads(line)
    except json.JSONDecodeError as error:
        raise InvalidInput(f"It is not JSON: {error.msg} at column {error.colno}.") from error
    except (ValueError, RecursionError) as error:
        raise InvalidInput("It is not JSON that describes a resource.") from error
    if not isinstance(found, dict):
        raise InvalidInput(f"It must be an object with {', '.join(_FIELDS)}.")
    for field in found:
        if field not in _FIELDS:
            raise InvalidInput(f"{field[:40]!r} is none of {', '.join(_FIELDS)}.")
    for field in _NEEDED:
        if not isinstance(found.get(field), str):
            raise InvalidInput(f"The {field} is missing, or no text.")
    if not isinstance(found.get("project"), str | None):
        raise InvalidInput("The project must be the id of a project, or null.")
    return ResourceDraft(**found)


def _refuse_known(state: State, read: _Read, resource: Resource) -> None:
    if resource.id in read.resources:
        earlier = read.resources[resource.id][0]
        raise InvalidInput(f"The id {resource.id} is in line {earlier:,} already.")
    former = state.table(RESOURCES_TABLE).get(resource.id)
    if former is not None and former["type"] != resource.type:
        raise InvalidInput(
            f"{resource.id} is the id of the {former['type']} {former['name']}, "
            f"and cannot become a {resource.type}."
        )


def _see_places(state: State, read: _Read) -> None:
    """Note each resource that cannot lie where it is to lie, now that all of them are known."""
    table = state.table(RESOURCES_TABLE)
    wanted = {
        key: {"id": key, "type": one.type, "name": one.name, "project": one.project}
        for key, (_, one) in read.resources.items()
    }
    projects = _Projects(table, wanted)
    for number, resource in read.resources.values():
        try:
            check_place(resource, projects.document(resource.project))
            if resource.type == PROJECT and projects.lies_in_itself(resource.id):
                raise circle(resource)
        except WorkspaceError as error:
            read.problems.append(ImportLine(number, error.message))


@dataclass(frozen=True)
class _Projects:
    """The catalogue as it is, and as a text would have it."""

    kept: Mapping[str, Document]
    wanted: Mapping[str, Document]

    def document(self, key: str | None) -> Document | None:
        """What is to be there under that id, or None."""
        return self.wanted.get(key or "") or self.kept.get(key or "")

    def lies_in_itself(self, key: str) -> bool:
        """Whether one comes back to it from project to project."""
        seen: set[str] = set()
        at = self.document(key)
        while at is not None and at["id"] not in seen:
            seen.add(at["id"])
            at = self.document(at.get("project"))
        return at is not None and at["id"] == key
