"""A person with a browser that runs no scripts: opens pages, reads them, and sends their forms."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

from store.operations.invitations import InvitationLink
from store.text import visible
from tests.api.caller import Caller

# What a page is made of; whatever else is in one, somebody has typed it.
_TAGS = """
    html head meta title style body main h1 h2 p a bdi strong code pre dl dt dd
    form label input button details summary
"""
_ATTRIBUTES = """
    lang charset name content method accept-charset for id class href value autocomplete dir type
    required tabindex role aria-describedby aria-invalid aria-labelledby
"""
TAGS, ATTRIBUTES = frozenset(_TAGS.split()), frozenset(_ATTRIBUTES.split())
WITHOUT_END = {"meta", "input"}


class Reading(HTMLParser):
    """Reads a page as a browser would: its text, what has which id, and its field.

    Args:
        content: The page.
    """

    def __init__(self, content: str) -> None:
        super().__init__()
        self.texts: dict[str, str] = {}
        self.field: dict[str, str | None] = {}
        self.headings: list[str] = []
        self.style = ""
        self.text = ""
        self.links: list[str | None] = []
        self._open: list[tuple[str, str]] = []
        self.feed(content)
        self.close()
        assert not self._open

    @property
    def words(self) -> str:
        """All that it says, with single blanks between."""
        return " ".join(self.text.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a tag."""
        given = dict(attrs)
        assert tag in TAGS, tag
        assert set(given) <= ATTRIBUTES, given
        if tag == "input":
            self.field = given
        if tag == "a":
            self.links.append(given.get("href"))
        if tag not in WITHOUT_END:
            self._open.append((tag, given.get("id") or ""))

    def handle_endtag(self, tag: str) -> None:
        """Leave a tag."""
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        """Take text."""
        tag, key = self._open[-1] if self._open else ("", "")
        if tag == "style":
            self.style += data
            return
        if tag == "title":
            return
        self.text += data
        if any(tag in ("h1", "h2") for tag, _ in self._open):
            self.headings.append(data)
        if key:
            self.texts[key] = self.texts.get(key, "") + data


@dataclass
class Seen:
    """What was answered to somebody who opened a page or sent its form.

    Attributes:
        status: The HTTP status.
        headers: The headers.
        page: The page.
    """

    status: int
    headers: dict[str, str]
    page: Reading = field(repr=False)


class Visitor:
    """Opens the pages of an endpoint.

    Args:
        caller: Calls the endpoint.
    """

    def __init__(self, caller: Caller) -> None:
        self.caller = caller

    def open(self, path: str, method: str = "GET") -> Seen:
        """Open a path."""
        return self.caller.run(self.ask(path, method))

    def send(self, path: str, name: str | None = None, **headers: str) -> Seen:
        """Send the form with a name, or as it is."""
        if name is None:
            name = self.open(path).page.field["value"] or ""
        return self.send_bytes(path, urlencode({"name": name}).encode(), **headers)

    def send_bytes(self, path: str, body: bytes, **headers: str) -> Seen:
        """Send whatever it is."""
        return self.caller.run(self.ask(path, "POST", body, headers))

    async def ask(
        self, path: str, method: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Seen:
        """What is answered, which must be a page that nothing can be put into."""
        sent = [
            (name.replace("_", "-").encode(), value.encode("latin-1"))
            for name, value in (headers or {}).items()
        ]
        status, got, content = await self.caller.exchange(method, path, b"", sent, body)
        if method == "HEAD":
            assert content == b""
            return Seen(status, got, Reading(""))
        assert got["content-length"] == str(len(content))
        page = Reading(content.decode("utf-8", "strict"))
        see_that_it_is_guarded(got, page)
        return Seen(status, got, page)


def see_that_it_is_guarded(headers: Mapping[str, str], page: Reading) -> None:
    """See that a page stays in no cache, sends its address nowhere, and runs nothing."""
    digest = base64.b64encode(hashlib.sha256(page.style.encode()).digest()).decode()
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["content-security-policy"].split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
    assert "set-cookie" not in headers
    assert set(page.links) <= {""}
    shown = page.text.replace("\n", "")
    assert visible(shown) == shown


def path_of(link: InvitationLink) -> str:
    """The path of a link, as it comes here from whatever stands before."""
    return "/join/" + token_of(link)


def token_of(link: InvitationLink) -> str:
    """The secret part of a link."""
    return link.link.rpartition("/")[2]
