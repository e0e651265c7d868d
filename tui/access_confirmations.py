"""What is said before the access of members changes: who loses, gains and keeps which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Literal

from textual.content import Content

from store.terms import READ_MODIFY
from tui.access_words import (
    AccessNames,
    RememberedNames,
    entry_of_member,
    entry_of_resource,
    grant_words,
    permission_words,
    resource_words,
    rule_words,
)
from tui.confirmations import NAME_CELLS
from tui.dialogs.impact_confirmation import ImpactConfirmation
from tui.text import content, shortened
from tui.whole_lists import Entry, Line, Whole, abridged, words_of

if TYPE_CHECKING:
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
        known: Whoever knows the names of all.
        members: What the members are called that are told, by id.
        resources: The resources that are told, in words, by id.
        rules: The rules that are left to nobody and are told, in words, by id.
        losing: How far those losses go that leave no access.
        narrowed: How far those go that leave Read Only.
        gaining: How far those gains go that begin with no access.
        widened: How far those go that begin with Read Only.
    """

    known: AccessNames
    members: Mapping[str, str]
    resources: Mapping[str, str]
    rules: Mapping[str, str] = field(default_factory=dict)
    losing: Extent = Extent()
    narrowed: Extent = Extent()
    gaining: Extent = Extent()
    widened: Extent = Extent()

    def entry_of_rule(self, rule: str) -> Entry:
        """A rule as one of a list."""
        return Entry(rule_words(self.known.access_rule_row(rule)))


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
        names,
        {member: shortened(names.member_name(member).called, NAME_CELLS) for member in members},
        {key: resource_words(names.resource_row(key), _RESOURCE_CELLS) for key in resources},
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
    extra: Sequence[Line] = (),
    typed: str | None = None,
    what: str = "the name",
    refused: Sequence[Line] = (),
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


def impact_lines(impact: Impact, names: ImpactNames) -> list[Line]:
    """Who loses, gains and keeps which access: the beginning of each list."""
    losing = _power_lines(impact, "lost", names)
    gaining = _power_lines(impact, "gained", names)
    losing += _part_lines([*map(_changed, impact.losses)], names)
    gaining += _part_lines([*map(_changed, impact.gains)], names)
    keeping = _part_lines([_kept(one, names) for one in impact.kept], names)
    sections = (
        ("LOSE", losing, _LOSS),
        ("GAIN", gaining, _GAIN),
        ("RULES LEFT TO NOBODY: ADMINISTRATORS ONLY", _rule_lines(impact, names), "$text-warning"),
        ("KEEP, THROUGH SOMETHING ELSE", keeping, "$text-muted"),
    )
    lines: list[Line] = []
    for title, told, style in sections:
        if told:
            lines += [Content("")] if lines else []
            lines += [Content.styled(title, f"bold {style}"), *told]
    return lines


@dataclass(frozen=True)
class _Part:
    """What several members lose, gain or keep alike on several resources.

    Attributes:
        members: Their ids.
        resources: The ids of the resources.
        what: What becomes of the permission.
        through: What it is kept through, or "".
    """

    members: Sequence[str]
    resources: Sequence[str]
    what: str
    through: str = ""

    def members_whole(self, names: ImpactNames) -> Whole:
        """All members, with the first resource in the title."""
        first = entry_of_resource(names.known, self.resources[0])
        of = shortened(f"{first.kind} {first.name}", _RESOURCE_CELLS)
        title = f"{self.what} on {of}{_and_more(self.resources)}"
        return _whole_of_members(title, self.members, names)

    def resources_whole(self, names: ImpactNames) -> Whole:
        """All resources, with the first member in the title."""
        first = shortened(names.known.member_name(self.members[0]).called, NAME_CELLS)
        title = f"{self.what} for {first}{_and_more(self.members)}"
        return Whole(title, self.resources, partial(entry_of_resource, names.known))


def _changed(change: AccessChange) -> _Part:
    what = f"{permission_words(change.before)} → {permission_words(change.after)}"
    return _Part(change.members, change.resources, what)


def _kept(kept: AccessKept, names: ImpactNames) -> _Part:
    through = grant_words(names.known, kept.through)
    return _Part(kept.members, kept.resources, kept.permission, f" ({through})")


def _part_lines(parts: Sequence[_Part], names: ImpactNames) -> list[Line]:
    lines: list[Line] = []
    most = _most_resources(len(parts))
    for part in parts[:_MOST_PARTS]:
        words = Content.assemble(
            _members(part.members, names), content(f": {part.what}{part.through}")
        )
        is_told = len(part.members) <= _MOST_MEMBERS
        lines.append(words if is_told else abridged(words, part.members_whole(names)))
        lines += _resource_lines(part, names, most)
    rest = parts[_MOST_PARTS:]
    if rest:
        wholes = [
            whole
            for part in rest
            for whole in (part.members_whole(names), part.resources_whole(names))
        ]
        words = Content.styled(f"and {len(rest):,} more like these", "$text-muted")
        lines.append(abridged(words, *wholes))
    return lines


def _resource_lines(part: _Part, names: ImpactNames, most: int) -> Iterable[Line]:
    for key in part.resources[:most]:
        yield content(f"  {names.resources[key]}")
    if len(part.resources) > most:
        words = f"  and {_counted(len(part.resources) - most, 'more resource')}"
        yield abridged(Content.styled(words, "$text-muted"), part.resources_whole(names))


def _power_lines(
    impact: Impact, which: Literal["lost", "gained"], names: ImpactNames
) -> list[Line]:
    lines: list[Line] = []
    for change in impact.powers:
        members = change.lost if which == "lost" else change.gained
        if members:
            power = _of_several(change.power, len(members))
            words = Content.assemble(_members(members, names), f": {power}")
            title = f"{change.power} {'no more' if which == 'lost' else 'from now on'}"
            is_told = len(members) <= _MOST_MEMBERS
            whole = _whole_of_members(title, members, names)
            lines.append(words if is_told else abridged(words, whole))
    return lines


def _rule_lines(impact: Impact, names: ImpactNames) -> list[Line]:
    rules = impact.rules_left_to_nobody
    lines: list[Line] = [content(names.rules[key]) for key in rules[:_MOST_PARTS]]
    if (more := len(rules) - _MOST_PARTS) > 0:
        words = Content.styled(f"and {more:,} more like these", "$text-muted")
        lines.append(abridged(words, Whole("Left to nobody", rules, names.entry_of_rule)))
    return lines


def _members(members: Sequence[str], names: ImpactNames) -> Content:
    called = ", ".join(names.members[member] for member in _told_members(members))
    more = len(members) - _MOST_MEMBERS
    return Content.styled(f"{called} +{more:,}" if more > 0 else called, "bold")


def _whole_of_members(title: str, members: Sequence[str], names: ImpactNames) -> Whole:
    return Whole(title, members, partial(entry_of_member, names.known))


def _and_more(several: Sequence[str]) -> str:
    return " and more" if len(several) > 1 else ""


def _bounded(lines: Sequence[Line]) -> list[Line]:
    if not lines:
        return []
    more = len(lines) - _MOST_EXTRA
    if more <= 0:
        return [*lines, Content("")]
    whole = Whole("Besides", tuple(words_of(line).plain.strip() for line in lines))
    rest = abridged(Content.styled(f"and {more:,} more", "$text-muted"), whole)
    return [*lines[:_MOST_EXTRA], rest, Content("")]


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
