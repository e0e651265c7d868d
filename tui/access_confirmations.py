"""What is said before the access of members changes: who loses, gains and keeps which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from textual.content import Content

from store.terms import READ_MODIFY
from tui.access_words import (
    AccessNames,
    RememberedNames,
    grant_words,
    permission_words,
    resource_words,
    rule_words,
)
from tui.confirmations import NAME_CELLS
from tui.dialogs.impact_confirmation import ImpactConfirmation
from tui.text import content, shortened

if TYPE_CHECKING:
    from store.access.grants import Grant
    from store.access.impacts import AccessChange, AccessKept, Impact
    from tui.dialogs.confirmation import Confirmation

NOTHING = "No member's access changes."
_MOST_MEMBERS = 6
# Of one section, such as of those who lose access: so many of its parts are told, and so many lines
# are given to resources in all of them together, but some to each.
_MOST_PARTS = 12
_MOST_RESOURCES = 40
_FEWEST_RESOURCES = 3
_RESOURCE_CELLS = 60
_MOST_EXTRA = 40

_LOSS, _GAIN = "$text-error", "$text-success"


@dataclass(frozen=True)
class Extent:
    """How far a part of an impact goes.

    Attributes:
        members: How many members it is about, each counted once.
        resources: How many resources.
    """

    members: int = 0
    resources: int = 0


@dataclass(frozen=True)
class ImpactNames:
    """What is in an impact as a person knows it; `impact_names` makes it.

    Attributes:
        members: What the members are called that are told, by id.
        resources: The resources that are told, in words, by id.
        grants: What keeps somebody's access, in words.
        rules: The rules that are left to nobody and are told, in words, by id.
        losing: How far those losses go that leave no access.
        narrowed: How far those go that leave Read Only.
        gaining: How far those gains go that begin with no access.
        widened: How far those go that begin with Read Only.
    """

    members: Mapping[str, str]
    resources: Mapping[str, str]
    grants: Mapping[Grant, str]
    rules: Mapping[str, str] = field(default_factory=dict)
    losing: Extent = Extent()
    narrowed: Extent = Extent()
    gaining: Extent = Extent()
    widened: Extent = Extent()


def impact_names(names: AccessNames, impact: Impact) -> ImpactNames:
    """The names of what is told of an impact. Takes a while, so call it from a thread.

    Args:
        names: The workspace.
        impact: Who would lose, gain and keep which access.
    """
    members = {
        member
        for change in impact.powers
        for several in (change.lost, change.gained)
        for member in _told_members(several)
    }
    names = RememberedNames(names)
    resources: set[str] = set()
    for parts in (impact.losses, impact.gains, impact.kept):
        most = _most_resources(len(parts))
        for part in parts[:_MOST_PARTS]:
            members.update(_told_members(part.members))
            resources.update(part.resources[:most])
    return ImpactNames(
        {member: shortened(names.member_name(member).called, NAME_CELLS) for member in members},
        {key: resource_words(names.resource_row(key), _RESOURCE_CELLS) for key in resources},
        {kept.through: grant_words(names, kept.through) for kept in impact.kept[:_MOST_PARTS]},
        rules={
            key: rule_words(names.access_rule_row(key), _RESOURCE_CELLS)
            for key in impact.rules_left_to_nobody[:_MOST_PARTS]
        },
        losing=_extent(one for one in impact.losses if one.after is None),
        narrowed=_extent(one for one in impact.losses if one.after is not None),
        gaining=_extent(one for one in impact.gains if one.before is None),
        widened=_extent(one for one in impact.gains if one.before is not None),
    )


def impact_confirmation(
    title: str,
    verb: str,
    impact: Impact,
    names: ImpactNames,
    *,
    extra: Sequence[Content] = (),
    typed: str | None = None,
    what: str = "the name",
    refused: Sequence[str] = (),
    is_destructive: bool | None = None,
) -> Confirmation:
    """Asks before something changes the access of members.

    Args:
        title: The object and the verb.
        verb: What the button says.
        impact: Who would lose, gain and keep which access.
        names: The names of what is told of it.
        extra: What else happens, a line each, told before that.
        typed: What must be typed, or None where a press of the button is enough.
        what: What that is, such as "the name".
        refused: What it will not be done to, with the reasons, a line each.
        is_destructive: Whether the button warns; None: where something must be typed, or is lost.
    """
    if is_destructive is None:
        is_destructive = typed is not None or impact.takes
    return ImpactConfirmation(
        title,
        impact_summary(impact, names),
        [*_bounded(extra), *impact_lines(impact, names)],
        verb=verb,
        is_destructive=is_destructive,
        expected=typed or "",
        what=what,
        refused=refused,
    )


def impact_summary(impact: Impact, names: ImpactNames) -> Content:
    """How many lose and gain what, a line each; or that nothing changes."""
    lost = [
        *_extent_words(names.losing, "lose", "access to"),
        *_extent_words(names.narrowed, "lose", f"{READ_MODIFY} on"),
        *(_power_words(change.lost, change.power, "no more") for change in impact.powers),
    ]
    gained = [
        *_extent_words(names.gaining, "gain", "access to"),
        *_extent_words(names.widened, "gain", f"{READ_MODIFY} on"),
        *(_power_words(change.gained, change.power, "from now on") for change in impact.powers),
    ]
    lines = [Content.styled(words, f"bold {_LOSS}") for words in lost if words]
    lines += [Content.styled(words, f"bold {_GAIN}") for words in gained if words]
    if rules := len(impact.rules_left_to_nobody):
        words = f"{_counted(rules, 'access rule')} {'is' if rules == 1 else 'are'} left to nobody."
        lines.append(Content.styled(words, "bold $text-warning"))
    return Content("\n").join(lines or [Content.styled(NOTHING, "bold")])


def impact_lines(impact: Impact, names: ImpactNames) -> list[Content]:
    """Who loses, gains and keeps which access, in bounded length."""
    powers = impact.powers
    losing = [_power_line(one.lost, one.power, names) for one in powers if one.lost]
    gaining = [_power_line(one.gained, one.power, names) for one in powers if one.gained]
    losing += _change_lines(impact.losses, names)
    gaining += _change_lines(impact.gains, names)
    keeping = _kept_lines(impact.kept, names)
    sections = (
        ("LOSE", losing, _LOSS),
        ("GAIN", gaining, _GAIN),
        ("RULES LEFT TO NOBODY: ADMINISTRATORS ONLY", _rule_lines(impact, names), "$text-warning"),
        ("KEEP, THROUGH SOMETHING ELSE", keeping, "$text-muted"),
    )
    lines: list[Content] = []
    for title, told, style in sections:
        if told:
            lines += [Content("")] if lines else []
            lines += [Content.styled(title, f"bold {style}"), *told]
    return lines


def _power_line(members: Sequence[str], power: str, names: ImpactNames) -> Content:
    return Content.assemble(_members(members, names), f": {_of_several(power, len(members))}")


def _rule_lines(impact: Impact, names: ImpactNames) -> list[Content]:
    rules = impact.rules_left_to_nobody
    return [content(names.rules[key]) for key in rules[:_MOST_PARTS]] + _more_parts(len(rules))


def _change_lines(changes: Sequence[AccessChange], names: ImpactNames) -> list[Content]:
    lines: list[Content] = []
    for change in changes[:_MOST_PARTS]:
        before, after = permission_words(change.before), permission_words(change.after)
        lines.append(Content.assemble(_members(change.members, names), f": {before} → {after}"))
        lines += _resource_lines(change.resources, names, _most_resources(len(changes)))
    return lines + _more_parts(len(changes))


def _kept_lines(kept: Sequence[AccessKept], names: ImpactNames) -> list[Content]:
    lines: list[Content] = []
    for one in kept[:_MOST_PARTS]:
        through = content(names.grants[one.through])
        members = _members(one.members, names)
        lines.append(Content.assemble(members, f": {one.permission} (", through, ")"))
        lines += _resource_lines(one.resources, names, _most_resources(len(kept)))
    return lines + _more_parts(len(kept))


def _members(members: Sequence[str], names: ImpactNames) -> Content:
    called = ", ".join(names.members[member] for member in _told_members(members))
    more = len(members) - _MOST_MEMBERS
    return Content.styled(f"{called} +{more:,}" if more > 0 else called, "bold")


def _resource_lines(resources: Sequence[str], names: ImpactNames, most: int) -> Iterable[Content]:
    for key in resources[:most]:
        yield content(f"  {names.resources[key]}")
    if len(resources) > most:
        words = f"  and {_counted(len(resources) - most, 'more resource')}"
        yield Content.styled(words, "$text-muted")


def _more_parts(parts: int) -> list[Content]:
    more = parts - _MOST_PARTS
    return [Content.styled(f"and {more:,} more like these", "$text-muted")] if more > 0 else []


def _bounded(lines: Sequence[Content]) -> list[Content]:
    if not lines:
        return []
    more = len(lines) - _MOST_EXTRA
    rest = [Content.styled(f"and {more:,} more", "$text-muted")] if more > 0 else []
    return [*lines[:_MOST_EXTRA], *rest, Content("")]


def _told_members(members: Sequence[str]) -> Sequence[str]:
    return members[:_MOST_MEMBERS]


def _most_resources(parts: int) -> int:
    """How many resources are named of each part where there are so many parts."""
    return max(_FEWEST_RESOURCES, _MOST_RESOURCES // max(1, min(parts, _MOST_PARTS)))


def _extent(parts: Iterable[AccessChange]) -> Extent:
    members: set[str] = set()
    resources: set[str] = set()
    for part in parts:
        members.update(part.members)
        resources.update(part.resources)
    return Extent(len(members), len(resources))


def _extent_words(extent: Extent, verb: str, what: str) -> list[str]:
    if not extent.members:
        return []
    subject = f"1 member {verb}s" if extent.members == 1 else f"{extent.members:,} members {verb}"
    return [f"{subject} {what} {_counted(extent.resources, 'resource')}."]


def _power_words(members: Sequence[str], power: str, when: str) -> str:
    if not members:
        return ""
    return f"{_counted(len(members), 'member')} {_of_several(power, len(members))} {when}."


def _of_several(power: str, count: int) -> str:
    """A power in the words that go on from so many members."""
    verb, rest = power.split(" ", 1)
    return power if count == 1 else f"{verb.removesuffix('s')} {rest}"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
