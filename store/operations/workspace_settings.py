"""Making a workspace, and its settings (SPEC, Who may do what)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from store.emails import clean_email
from store.errors import InvalidInput
from store.models import Group, Settings, User
from store.operations.lookups import refuse_stale
from store.persistence.store import Outcome
from store.rules import Act, require_administrator
from store.state import Changes, State
from store.terms import (
    ADMINS,
    GROUPS_TABLE,
    PRESET_NAMES,
    QUEUE_ADMINS,
    USERS,
    USERS_TABLE,
    WORKSPACE_TABLE,
)
from store.text import clean_name

_PRESET_DESCRIPTIONS = {
    USERS: "Every member of the workspace",
    ADMINS: "Read & Modify on every resource; everything in this program",
    QUEUE_ADMINS: "May create, delete and rename queues",
}
_URLS = {"web_url": "web", "api_url": "API", "files_url": "files"}
# The highest limit that can be set.
MOST = 1_000_000_000
LIMITS = f"A limit is a number from 1 to {MOST:,}, or empty for none."
# URLs are written into configurations, which set-up wizards write anew without quotes.
_USUAL_SIGNS = "- . _ ~ % : / [ ]"


@dataclass(frozen=True)
class FirstStart:
    """What the first start asks for, and what it knows by itself.

    Attributes:
        workspace: The workspace's name.
        name: The creator's name.
        email: The creator's email.
        login_name: The creator's login name on this machine.
        host: The name of this machine, for the URLs that are filled in.
        web_url: The web URL, or "" for the one that is filled in.
        api_url: The API URL, likewise.
        files_url: The files URL, likewise.
    """

    workspace: str
    name: str
    email: str
    login_name: str
    host: str
    web_url: str = ""
    api_url: str = ""
    files_url: str = ""


@dataclass(frozen=True)
class SettingsEdit:
    """What an edit wants of the settings, beginning from that revision."""

    revision: int
    name: str
    user_limit: int | None
    service_account_limit: int | None
    web_url: str
    api_url: str
    files_url: str


def create_workspace(act: Act, first: FirstStart, ids: list[str]) -> tuple[Changes, dict[str, Any]]:
    """The documents of a new workspace, whose creator is an active administrator.

    Args:
        act: The creator, whose id it names, and when.
        first: What the first start asked for.
        ids: An id for the workspace and for each pre-configured group.

    Returns:
        The documents, and the first entry of the activity.

    Raises:
        InvalidInput: A value has the wrong shape.
    """
    # In the order of the dialog's fields: the first that is wrong is the one that is told.
    workspace = clean_name(first.workspace, field="workspace", what="The workspace's name")
    creator = User(
        id=act.actor,
        name=clean_name(first.name, field="name", what="Your name"),
        email=clean_email(first.email),
        login_name=_clean_login(first.login_name),
        status="Active",
        joined_at=act.at,
    )
    named = {field: url for field in _URLS if (url := getattr(first, field))}
    urls = prefilled_urls(first.host) | named
    if named:
        urls = _clean_urls(urls)
    settings = Settings(
        id=ids[0],
        name=workspace,
        urls_prefilled=len(named) < len(_URLS),
        web_url=urls["web_url"],
        api_url=urls["api_url"],
        files_url=urls["files_url"],
    )
    groups = preset_groups(ids[1:], administrators=[creator.id])
    changes = Changes(
        {
            WORKSPACE_TABLE: {settings.id: settings.document()},
            USERS_TABLE: {creator.id: creator.document()},
            GROUPS_TABLE: {group.id: group.document() for group in groups},
        }
    )
    entry = act.entry("create_workspace", [settings.id], {"name": ["", settings.name]})
    return changes, entry


def _clean_login(login: str) -> str:
    # The machine's own word: it may hold bytes that are no text, or be missing.
    if not login.strip():
        return ""
    return clean_name(login, field="login_name", what="Your login name")


def preset_groups(ids: list[str], *, administrators: list[str]) -> list[Group]:
    """The three pre-configured groups."""
    members = {ADMINS: administrators}
    return [
        Group(
            id=key,
            name=name,
            description=_PRESET_DESCRIPTIONS[preset],
            preset=preset,
            members=members.get(preset, []),
        )
        for key, (preset, name) in zip(ids, PRESET_NAMES.items(), strict=True)
    ]


def prefilled_urls(host: str) -> dict[str, str]:
    """The URLs of a ClearML server that runs on that host with the usual ports."""
    ports = {"web_url": 8080, "api_url": 8008, "files_url": 8081}
    # A machine may be called what no URL can hold.
    if not all(letter.isascii() and (letter.isalnum() or letter in "-.") for letter in host):
        host = "localhost"
    return {field: f"http://{host}:{port}" for field, port in ports.items()}


def edit_settings(state: State, act: Act, *, edit: SettingsEdit) -> Outcome[None]:
    """Change the workspace's name, limits and server URLs.

    Raises:
        NotAllowed: The actor is no administrator.
        Conflict: Somebody has changed the settings meanwhile.
        InvalidInput: A value has the wrong shape.
    """
    require_administrator(state, act.actor, "change the workspace settings")
    settings = Settings.of(state.settings)
    refuse_stale(settings, edit.revision, "The workspace settings")
    values: dict[str, Any] = {
        "name": clean_name(edit.name, field="name", what="The workspace's name"),
        "user_limit": _clean_limit(edit.user_limit, field="user_limit"),
        "service_account_limit": _clean_limit(
            edit.service_account_limit, field="service_account_limit"
        ),
        **_clean_urls({field: getattr(edit, field) for field in _URLS}),
    }
    values["urls_prefilled"] = settings.urls_prefilled and all(
        getattr(settings, field) == values[field] for field in _URLS
    )
    changed = {
        field: [getattr(settings, field), value]
        for field, value in values.items()
        if getattr(settings, field) != value
    }
    if not changed:
        return Outcome(None)
    documents = {settings.id: settings.changed(**values).document()}
    entry = act.entry("edit_settings", [settings.id], changed)
    return Outcome(None, Changes({WORKSPACE_TABLE: documents}), entry)


def _clean_limit(limit: int | None, *, field: str) -> int | None:
    if limit is not None and not 1 <= limit <= MOST:
        raise InvalidInput(LIMITS, field=field)
    return limit


def _clean_urls(given: Mapping[str, str]) -> dict[str, str]:
    urls = {field: clean_url(url, field=field) for field, url in given.items()}
    seen: dict[str, str] = {}
    for field, url in urls.items():
        other = seen.setdefault(url.rstrip("/").casefold(), field)
        if other != field:
            raise InvalidInput(
                f"The {_URLS[field]} URL must not be the {_URLS[other]} URL.", field=field
            )
    return urls


def clean_url(text: str, *, field: str) -> str:
    """The server URL as it is kept: absolute, http or https, without user, query or fragment.

    Raises:
        InvalidInput: It is no such URL.
    """
    url = text.strip()
    if any(character.isspace() or not character.isprintable() for character in url):
        raise InvalidInput("A URL holds no blanks or control characters.", field=field)
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise InvalidInput("A URL such as http://clearml.acme.example:8080 is needed.", field=field)
    if parts.username is not None or "@" in parts.netloc or "?" in url or "#" in url:
        raise InvalidInput("The URL must have no user, query or fragment.", field=field)
    strange = next((letter for letter in url if not _is_usual(letter)), "")
    if strange:
        raise InvalidInput(
            f"A server URL holds no {strange}. Letters, digits and {_USUAL_SIGNS} are taken.",
            field=field,
        )
    return url


def _is_usual(letter: str) -> bool:
    """Whether it means nothing in a quoted value, a shell's line or a notebook's."""
    return letter.isalnum() or letter in _USUAL_SIGNS.split()
