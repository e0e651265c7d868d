"""`users`: who the members are."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

import re2

from api.arguments import Arguments
from api.call import Call, Data
from api.refusals import validation_error
from api.tokens import ADMIN_ROLE, USER_ROLE
from store.profiles import Profile

# What one answer holds; `page` has the rest.
MOST_IN_AN_ANSWER = 10_000
_LAST_PAGE = 1_000_000
_LONGEST_PATTERN = 500


async def get_current_user(call: Call) -> Data:
    """The caller."""
    company = call.workspace.identity_of(call.session)
    user = {
        **_shown(call.workspace.profile(call.session.member), company.workspace),
        "company": {"id": company.workspace, "name": company.workspace_name},
        "preferences": {},
    }
    return {"user": user, "getting_started": {}, "settings": {}}


async def get_by_id(call: Call) -> Data:
    """A member, be it removed or not."""
    profile = call.workspace.profile(call.arguments.text("user"))
    return {"user": _shown(profile, _company(call))}


async def get_all(call: Call) -> Data:
    """The living members, or those with the ids that are asked for, removed ones too."""
    return await asyncio.to_thread(_all, call, call.arguments)


def _all(call: Call, arguments: Arguments) -> Data:
    is_wanted = _filter(arguments.optional_text("name"))
    order = _order(arguments.texts("order_by"))
    size = arguments.whole_number("page_size", least=1, most=MOST_IN_AN_ANSWER)
    size = size or MOST_IN_AN_ANSWER
    page = arguments.whole_number("page", least=0, most=_LAST_PAGE) or 0
    fields = arguments.texts("only_fields")
    company = _company(call)
    profiles = call.workspace.profiles(arguments.texts("id"))
    users = [_shown(one, company) for one in profiles if is_wanted(one.name)]
    for name, is_reversed in reversed(order):
        users.sort(key=lambda user, name=name: str(user.get(name) or ""), reverse=is_reversed)  # type: ignore[misc]
    users = users[page * size : (page + 1) * size]
    return {"users": users if fields is None else [_only(user, fields) for user in users]}


def _filter(pattern: str | None) -> Callable[[str], Any]:
    """Whether a name has what a pattern describes, in a time that grows as the name does."""
    if pattern is None:
        return lambda _: True
    if len(pattern) > _LONGEST_PATTERN:
        raise validation_error(f"name must have at most {_LONGEST_PATTERN} characters")
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = False
    try:
        return re2.compile(pattern, options=options).search  # type: ignore[no-any-return]
    except re2.error as error:
        raise validation_error("name must be a regular expression as RE2 takes it") from error


def _order(names: list[str] | None) -> list[tuple[str, bool]]:
    return [(name.lstrip("+-"), name.startswith("-")) for name in names or ()]


def _only(user: dict[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    wanted = {"id", *fields}
    return {name: value for name, value in user.items() if name in wanted}


def _company(call: Call) -> str:
    return call.workspace.identity_of(call.session).workspace


def _shown(profile: Profile, company: str) -> dict[str, Any]:
    given_name, _, family_name = profile.name.partition(" ")
    shown: dict[str, Any] = {
        "id": profile.id,
        "name": profile.name,
        "given_name": given_name,
        "family_name": family_name,
        "avatar": None,
        "created": profile.created_at,
        "company": company,
    }
    if profile.is_administrator is not None:
        shown["email"] = profile.email
        shown["role"] = ADMIN_ROLE if profile.is_administrator else USER_ROLE
    return shown
