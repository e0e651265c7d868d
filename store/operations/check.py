"""What is to be said of a configuration that somebody has (SPEC, Credentials). Nothing is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from store.configuration_reading import (
    ACCESS_KEY,
    API,
    FILES,
    SECRET_KEY,
    WEB,
    Held,
    ReadConfiguration,
    read_configuration,
)
from store.credential_views import has_expired
from store.rules import Act, acting_member
from store.sign_ins import Verdict, verdict_on
from store.state import DAMAGE, State, damaged
from store.stray_characters import quotes_around, strays_of, without_quotes, without_strays
from store.terms import CREDENTIALS_TABLE, Document
from store.times import from_text
from store.views import Viewer, called

_SETTINGS = {WEB: ("web_url", "web"), API: ("api_url", "API"), FILES: ("files_url", "files")}
_USUAL_PORTS = {"http": ":80", "https": ":443"}
# So many includes and substitutions are named, and so much of each name.
_MOST_NAMED = 5
_LONGEST_NAMED = 60
# The first where a client would get in, the second where it would not get here.
_RIGHT, _KNOWN = "The keys are right", "The keys are known in this workspace"


@dataclass(frozen=True)
class Finding:
    """One thing that was found.

    Attributes:
        kind: Whether it is as it should be, or how bad it is.
        message: A finished sentence or two. Never holds a secret key.
        about: What it is about: `section`, `access_key`, `secret_key`, `web_server`, `api_server`,
            `files_server`, `urls`, `variables`, `text`, `includes` or `substitutions`.
    """

    kind: Literal["good", "warning", "bad"]
    message: str
    about: str


def check_configuration(state: State, act: Act, *, text: str) -> list[Finding]:
    """Say whether a configuration signs a client in to this workspace, and else why not.

    Args:
        state: The state.
        act: Who asks, and when. Others than administrators are told of their own keys only.
        text: A section, a whole `clearml.conf`, or whatever sets environment variables.

    Raises:
        AccessEnded: The actor was removed or suspended.
        InvalidInput: The text cannot be read. Never holds any of it.
        StoreUnreadable: The credential's document is damaged.
    """
    acting_member(state, act.actor)
    read = read_configuration(text)
    on_urls = list(_on_urls(state, read))
    is_right_place = all(one.kind != "bad" for one in on_urls)
    # An include may give other keys.
    gets_here = is_right_place and read.is_readable and not read.includes
    return [
        *_on_keys(state, act, read, gets_here=gets_here),
        *on_urls,
        *_on_variables(read),
        *_on_text(read),
        *_on_includes(read),
        *_on_substitutions(read),
    ]


def _on_keys(
    state: State, act: Act, read: ReadConfiguration, *, gets_here: bool
) -> Iterator[Finding]:
    if not read.has_section:
        yield Finding("bad", "There is no api section, which clients need.", "section")
        return
    keys = []
    for name in (ACCESS_KEY, SECRET_KEY):
        if name not in read.held and read.token is None:
            yield Finding("bad", f"{read.names[name]} is missing.", name)
        elif name in read.held and read.held[name].is_open:
            yield _elsewhere(read, name)
        elif name in read.held:
            keys.append(read.held[name])
            yield from _on_strays(read.held[name], name)
    if len(keys) == 2:
        is_as_meant = all(key.text == _meant(key.text) for key in keys) and read.token is None
        for finding in _on_credential(state, act, *(_meant(key.text) for key in keys)):
            if finding.kind != "good" or (is_as_meant and gets_here):
                yield finding
            elif is_as_meant:
                yield replace(finding, message=finding.message.replace(_RIGHT, _KNOWN, 1))
    if read.token is not None:
        message = (
            f"{_placed(read.token)} is what clients sign in by, and not the keys; it was not "
            "checked. Take it out."
        )
        yield Finding("warning", message, ACCESS_KEY)


def _meant(text: str) -> str:
    """What a key or a URL is without what came along when it was copied."""
    return without_strays(without_quotes(without_strays(text)))


def _on_strays(held: Held, name: str) -> Iterator[Finding]:
    """What came along when a key or a URL was copied, and what clients do with it."""
    # Of a variable clients cut off what is around it, and what is before an address when they call.
    taken = strays_of(held.text.lstrip() if name == API else held.text)
    for said in strays_of(held.written):
        does = "take as a part of it" if said in taken else "cut off"
        kind = _worst(name) if said in taken else "warning"
        yield Finding(kind, f"{_placed(held)} {said}, which clients {does}. Take it out.", name)
    if quotes := quotes_around(without_strays(held.text)):
        remedy = (
            "Write it without them." if held.is_variable else 'Write it in plain quotes, as "…".'
        )
        message = f"{_placed(held)} has quotes that are a part of it, as {quotes}. {remedy}"
        yield Finding(_worst(name), message, name)


def _worst(name: str) -> Literal["warning", "bad"]:
    """How bad it is where this is wrong: without the others a client can still sign in."""
    return "warning" if name in (WEB, FILES) else "bad"


def _placed(held: Held) -> str:
    return f"{held.called} (line {held.line})" if held.line else held.called


def _on_credential(state: State, act: Act, access_key: str, secret_key: str) -> Iterator[Finding]:
    verdict = verdict_on(state, access_key, secret_key, act.at)
    document = state.table(CREDENTIALS_TABLE).get(access_key)
    try:
        is_administrator = state.is_administrator(act.actor)
        if document is None or not (is_administrator or document["member"] == act.actor):
            yield _unknown(is_administrator=is_administrator)
            return
        yield from _on_known(state, act, document, verdict)
    except DAMAGE as error:
        raise damaged(CREDENTIALS_TABLE, access_key, error) from error


def _unknown(*, is_administrator: bool) -> Finding:
    if is_administrator:
        message = "The access key is not known in this workspace. Make a new credential."
    else:
        # A key of somebody else and one that nobody has are told in the same words.
        message = "The access key is not one of yours, so nothing more is said of it."
    return Finding("bad", message, ACCESS_KEY)


def _on_known(state: State, act: Act, document: Document, verdict: Verdict) -> Iterator[Finding]:
    what = f"{document['label']} of {_called(state, act, document['member'])}"
    troubles = list(_troubles(state, act, document))
    if verdict is Verdict.WRONG_SECRET:
        message = f"The access key is that of {what}, but the secret key is not the right one."
        yield Finding("bad", message, SECRET_KEY)
    elif verdict is Verdict.GOOD:
        ends = document.get("expires_at")
        until = f"expires on {_moment(ends)}" if ends else "never expires"
        yield Finding("good", f"{_RIGHT}: {what}, which {until}.", ACCESS_KEY)
    else:
        yield Finding("good", f"{_RIGHT}: {what}.", ACCESS_KEY)
    yield from (Finding("bad", trouble, ACCESS_KEY) for trouble in troubles)


def _troubles(state: State, act: Act, document: Document) -> Iterator[str]:
    """Why a sign-in with the right secret is refused, as far as that holds."""
    member = state.find_member(document["member"]) or {}
    owner = _called(state, act, document["member"])
    if not member or member.get("removed_at"):
        since = f" on {_moment(member['removed_at'])}" if member else ""
        yield f"{owner} was removed from the workspace{since}. Make a credential of another."
    if document.get("revoked_at"):
        by = _called(state, act, document.get("revoked_by") or "")
        yield f"It was revoked on {_moment(document['revoked_at'])} by {by}. Make a new one."
    if member.get("suspended"):
        yield f"{owner} is suspended, and so is all that is theirs. Let them back in first."
    if document.get("suspended"):
        yield "The credential is suspended. Let it back in first."
    if has_expired(document, act.at):
        yield f"It expired on {_moment(document['expires_at'])}. Make a new one."


def _called(state: State, act: Act, member: str) -> str:
    document = state.find_member(member)
    if document is None:
        return "somebody who is not known here"
    return called(document, Viewer(act.actor, state.is_administrator(act.actor)))


def _on_urls(state: State, read: ReadConfiguration) -> Iterator[Finding]:
    if not read.has_section:
        return
    found = [finding for name in _SETTINGS for finding in _on_url(state, read, name)]
    if not found:
        message = "The web, API and files URLs are those of the workspace."
        found = [Finding("good", message, "urls")]
    yield from found


def _on_url(state: State, read: ReadConfiguration, name: str) -> Iterator[Finding]:
    """What is wrong with one URL."""
    field, what = _SETTINGS[name]
    wanted = state.settings[field]
    here = read.names[name]
    if name not in read.held:
        instead = " Without it clients turn to a public server." if name == API else ""
        message = f"{here} is missing; it should be {wanted}.{instead}"
        yield Finding(_worst(name), message, name)
        return
    held = read.held[name]
    if held.is_open:
        yield _elsewhere(read, name)
        return
    yield from _on_strays(held, name)
    given = _comparable(_meant(held.text))
    if given == _comparable(wanted):
        return
    taken = [other for of, other in _SETTINGS.values() if given == _comparable(state.settings[of])]
    mistaken = f"is the workspace's {taken[0]} URL" if taken else "is not of this workspace"
    message = f"{_placed(held)} {mistaken}; the {what} URL is {wanted}."
    yield Finding(_worst(name), message, name)


def _comparable(url: str) -> str:
    """The URL in the form in which the case of the host and slashes at its ends do not matter.

    All that is after the host stays, with a `?` or `#`: clients put the path of a call behind it.
    """
    scheme, mark, rest = url.strip("/").partition("://")
    host, slash, path = rest.partition("/")
    scheme, host = scheme.lower(), host.lower().removesuffix(_USUAL_PORTS.get(scheme.lower(), ""))
    return f"{scheme}{mark}{host}{slash}{path}"


def _on_variables(read: ReadConfiguration) -> Iterator[Finding]:
    """What is odd about how variables are set, and what comes to nothing because of another."""
    for one in read.odd[:_MOST_NAMED]:
        kind: Literal["warning", "bad"] = "warning" if one.value.is_set else "bad"
        message = f"{one.name} (line {one.line}) {one.value.trouble}."
        yield Finding(kind, message, "variables")
    for loser, winner in read.passed_by:
        message = f"{_placed(loser)} differs from {_placed(winner)}, which clients take instead."
        yield Finding("warning", message, "variables")


def _on_text(read: ReadConfiguration) -> Iterator[Finding]:
    if read.odd_blanks:
        named = _named((name, line) for line, name in read.odd_blanks)
        message = (
            f"Clients take for a part of a name or a value: {named}. Type a plain blank, or none."
        )
        yield Finding("warning", message, "text")
    if read.prose:
        first, last = read.prose[0], read.prose[-1]
        lines = (
            f"Line {first}" if first == last else f"What is beside it in lines {first} to {last}"
        )
        if read.is_readable:
            message = f"{lines} is no configuration and was passed over."
            yield Finding("warning", f"{message} Leave it out of clearml.conf.", "text")
        else:
            message = f"{lines} is no configuration, and with it clients cannot read the file."
            yield Finding("bad", f"{message} Take it out.", "text")


def _elsewhere(read: ReadConfiguration, name: str) -> Finding:
    message = f"{read.names[name]} is filled in where the client runs; it was not checked."
    return Finding("warning", message, name)


def _on_includes(read: ReadConfiguration) -> Iterator[Finding]:
    if read.includes:
        named = _named((include.what, include.line) for include in read.includes)
        message = f"Not followed, and so not checked, are the includes of {named}."
        yield Finding("warning", message, "includes")


def _on_substitutions(read: ReadConfiguration) -> Iterator[Finding]:
    if read.substitutions:
        named = _named((f"${{{name}}}", line) for name, line in read.substitutions)
        message = f"Not resolved, since that happens where the client runs: {named}."
        yield Finding("warning", message, "substitutions")


def _named(found: Iterable[tuple[str, int]]) -> str:
    named = [f"{_cut(what)} (line {line})" for what, line in found]
    more = len(named) - _MOST_NAMED
    return ", ".join(named[:_MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST_NAMED else f"{name[: _LONGEST_NAMED - 1]}…"


def _moment(stored: str) -> str:
    """A stored time in the local zone, to the minute."""
    moment = from_text(stored)
    try:
        moment = moment.astimezone()
    except (OverflowError, OSError):
        return stored
    return f"{moment:%Y-%m-%d %H:%M}"
