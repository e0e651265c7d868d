"""What confirmations say: object, effect, refused. Here of users, and what all nouns share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from store.operations.users import Affected
from tui.dates import ago
from tui.dialogs.confirmation import Confirmation, typeable
from tui.text import shortened
from tui.whole_lists import Line, in_a_line
from tui.whole_lists import first_of as first_of_many

if TYPE_CHECKING:
    from store.operations.removals import Taken

NAME_CELLS = 40
_RULE_CELLS = 60
_MOST_NAMES = 6
# What those have in common to whom it is done.
DONE_TO = "It is done to"


class Named(Protocol):
    """Somebody or something that an operation is about."""

    @property
    def called(self) -> str:
        """What it is called."""

    @property
    def reason(self) -> str:
        """Why the operation will not be done to it, or ""."""


def removal_confirmation(
    affected: Sequence[Affected], email: str, losses: Sequence[Line] = ()
) -> Confirmation:
    """Asks before users are removed.

    Args:
        affected: The users, and why it will not be done to some of them.
        email: The email of the user, where there is only one.
        losses: What is lost with those that go, a line each.
    """
    going = [one for one in affected if not one.reason]
    if not going:
        return nothing_to_do("Remove", affected)
    if len(affected) == 1:
        expected, what = typeable(going[0].called, email, going[0].member)
    else:
        expected, what = str(len(going)), "their number"
    is_withdrawal = all(one.pending for one in going)
    return Confirmation(
        f"{'Withdraw' if is_withdrawal else 'Remove'} {_whom(going, is_withdrawal)}?",
        _removal_effects(going, is_withdrawal, losses),
        verb="Withdraw" if is_withdrawal else "Remove",
        expected=expected,
        what=what,
        refused=refused_lines(affected, "Not removed"),
    )


def removed_words(gone: Sequence[Affected]) -> str:
    """What was done: whoever had not joined yet was not removed, but the invitation withdrawn."""
    withdrawn = sum(one.pending for one in gone)
    parts = [
        f"{count:,} {noun}{'s' * (count != 1)} {verb}"
        for count, noun, verb in (
            (len(gone) - withdrawn, "user", "removed"),
            (withdrawn, "invitation", "withdrawn"),
        )
        if count
    ]
    return f"{', '.join(parts)}."


def suspension_confirmation(affected: Sequence[Affected]) -> Confirmation:
    """Asks before users are suspended."""
    going = [one for one in affected if not one.reason]
    if not going:
        return nothing_to_do("Suspend", affected)
    return Confirmation(
        f"Suspend {_whom(going, False)}?",
        [
            *names(going),
            "Sign-in ends at once, also in open programs, until they are let back in.",
            f"Credentials that stop working meanwhile: {_credentials(going)}.",
            "Groups and everything else stay.",
        ],
        verb="Suspend",
        refused=refused_lines(affected, "Not suspended"),
    )


def nothing_to_do(verb: str, affected: Sequence[Named]) -> Confirmation:
    """Says why a thing is done to none of them.

    Args:
        verb: What is not done, such as `Remove`.
        affected: All of them, each with the reason.
    """
    refused = refused_lines(affected, f"Not {verb.lower()}{'d' if verb[-1] == 'e' else 'ed'}")
    return Confirmation(f"{verb}: none of these", [], verb="", refused=refused)


def names(going: Sequence[Named]) -> list[Line]:
    """A line with the names of several, or none for one, whose name is in the title."""
    if len(going) == 1:
        return []
    return [_listed([one.called for one in going])]


def refused_lines(affected: Sequence[Named], what: str) -> list[Line]:
    """A line for each that it will not be done to, with the reason.

    Args:
        affected: All of them.
        what: What is not done to them, such as `Not removed`.
    """
    refused = [one for one in affected if one.reason]
    lines = [f"{what}: {shortened(one.called, NAME_CELLS)} ({one.reason})" for one in refused]
    return first_of(what, lines)


def first_of(title: str, lines: Sequence[str]) -> list[Line]:
    """The first lines, and how many more there are.

    Args:
        title: What they have in common.
        lines: All of them.
    """
    return first_of_many(title, lines, _MOST_NAMES)


def _removal_effects(
    going: Sequence[Affected], is_withdrawal: bool, losses: Sequence[Line]
) -> list[Line]:
    is_one = len(going) == 1
    if is_withdrawal:
        end = "The invitation ends and its link" if is_one else "The invitations end and"
        links = "stops working." if is_one else "their links stop working."
        again = "Inviting the same email again is possible."
        return [*names(going), f"{end} {links}", *losses, again]
    return [
        *names(going),
        "Access to the workspace ends at once, also in open programs.",
        f"Credentials revoked for good: {_credentials(going)}.",
        *losses,
        "What they own stays, under their names. Only inviting them again lets them back.",
    ]


def taken_lines(
    taken: Taken, rule_called: Callable[[str], str], now: str = "", *, its: str = "their"
) -> list[Line]:
    """What is lost with members that go, a line each; nothing is said of what they have not.

    Args:
        taken: What is taken away with them.
        rule_called: What a rule is called.
        now: The time, where the last sign-in is to be told.
        its: The word for whose it is.
    """
    left = set(taken.rules_left_to_nobody)
    rules = [shortened(rule_called(key), _RULE_CELLS) for key in taken.rules if key not in left]
    nobodys = [shortened(rule_called(key), _RULE_CELLS) for key in taken.rules_left_to_nobody]
    vaults = f"{taken.vaults:,} configuration vaults" if taken.vaults > 1 else "configuration vault"
    lines = [
        f"Last sign-in: {ago(taken.last_used_at, now)}." if now and taken.last_used_at else "",
        _told("Powers that end", taken.powers),
        _told("Out of groups", taken.groups),
        _told("Out of access rules", rules),
        _told("Rules left to nobody, so administrators only", nobodys),
        f"{its.capitalize()} {vaults} deleted." if taken.vaults else "",
    ]
    return [line for line in lines if line]


def _told(what: str, words: Sequence[str]) -> Line:
    return in_a_line(what, words, _MOST_NAMES, f"{what}: ", ".") if words else ""


def return_confirmation(
    called: Sequence[str], powers: Sequence[str], noun: str
) -> Confirmation | None:
    """Asks before suspended members are let back in, where that gives a power again."""
    return granting_confirmation("Let back in", called, powers, noun, again="Again")


def granting_confirmation(
    verb: str,
    called: Sequence[str],
    powers: Sequence[str],
    noun: str,
    *,
    again: str = "From now on",
) -> Confirmation | None:
    """Asks before something that gives a power.

    Args:
        verb: What is done, such as `Invite`.
        called: What those are called whom it is done to.
        powers: The powers that one of them comes by.
        noun: What several of them are.
        again: What is said before the powers.

    Returns:
        The confirmation, or None where there is no power that would be given.
    """
    if not powers:
        return None
    is_one = len(called) == 1
    whom = shortened(called[0], 2 * NAME_CELLS) if is_one else f"{len(called):,} {noun}"
    first, *rest = verb.split(" ", 1)
    title = " ".join((first, whom, *rest))
    named = [] if is_one else [_listed(called)]
    return Confirmation(f"{title}?", [*named, f"{again}: {', '.join(powers)}."], verb=verb)


def _listed(called: Sequence[str]) -> Line:
    return in_a_line(DONE_TO, [shortened(one, NAME_CELLS) for one in called], _MOST_NAMES)


def _whom(going: Sequence[Affected], is_withdrawal: bool) -> str:
    if len(going) == 1:
        called = shortened(going[0].called, 2 * NAME_CELLS)
        return f"the invitation of {called}" if is_withdrawal else called
    noun = "invitations" if is_withdrawal else "users"
    return f"{len(going):,} {noun}"


def _credentials(going: Sequence[Affected]) -> str:
    return f"{sum(one.credentials for one in going):,}"
