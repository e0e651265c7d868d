"""`users`: who the members are."""

from __future__ import annotations

from collections.abc import Callable

import re2

from api.call import Call, Data
from api.members import FIELDS, Asked, shown
from api.refusals import validation_error

# What a page holds at most, and where nobody says how much.
MOST_IN_A_PAGE = 500
_LAST_PAGE = 1_000_000
_LONGEST_PATTERN = 500


async def get_current_user(call: Call) -> Data:
    """The caller."""
    company = call.workspace.identity_of(call.session)
    user = {
        **shown(call.workspace.profile(call.session.member), company.workspace),
        "company": {"id": company.workspace, "name": company.workspace_name},
        "preferences": {},
    }
    return {"user": user, "getting_started": {}, "settings": {}}


async def get_by_id(call: Call) -> Data:
    """A member, be it removed or not."""
    profile = call.workspace.profile(call.arguments.text("user"))
    return {"user": shown(profile, call.workspace.identity_of(call.session).workspace)}


async def get_all(call: Call) -> Data:
    """The living members, or those with the ids that are asked for, removed ones too.

    Without a page these are all.
    """
    arguments = call.arguments
    size = arguments.whole_number("page_size", least=1, most=MOST_IN_A_PAGE)
    page = arguments.whole_number("page", least=0, most=_LAST_PAGE)
    if page is not None and size is None:
        size = MOST_IN_A_PAGE
    fields = arguments.texts("only_fields")
    asked = Asked(
        ids=arguments.texts("id"),
        is_wanted=_filter(arguments.optional_text("name")),
        order=_order(arguments.texts("order_by") or []),
        first=(page or 0) * (size or 0),
        most=size,
        fields=None if fields is None else frozenset(fields),
    )
    company = call.workspace.identity_of(call.session).workspace
    return {"users": await call.served.members.found(call.workspace, company, asked)}


def _filter(pattern: str | None) -> Callable[[str], object] | None:
    """Whether a name has what a pattern describes, in a time that grows as the name does."""
    if pattern is None:
        return None
    if len(pattern) > _LONGEST_PATTERN:
        raise validation_error(f"name must have at most {_LONGEST_PATTERN} characters")
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = False
    try:
        return re2.compile(pattern, options=options).search  # type: ignore[no-any-return]
    except re2.error as error:
        raise validation_error("name must be a regular expression as RE2 takes it") from error


def _order(names: list[str]) -> list[tuple[str, bool]]:
    """Each field once, however often it is named."""
    order: dict[str, bool] = {}
    for name in names:
        field = name.lstrip("+-")
        if field not in FIELDS:
            raise validation_error(f"order_by must be of {', '.join(FIELDS)}")
        order.setdefault(field, name.startswith("-"))
    return list(order.items())
