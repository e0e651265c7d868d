"""The link of an invitation at the real server, asked as browsers and others ask."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from api.limits import MOST_BODY
from tests.api.visitor import Reading, path_of, see_that_it_is_guarded
from tests.clients.serving import Estate, estate, invited_now

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    """A workspace that is served, for all tests here."""
    with estate(tmp_path_factory.mktemp("estate")) as made:
        yield made


@pytest.fixture
def connection(served: Estate) -> Iterator[http.client.HTTPConnection]:
    """A connection to the server, which is used for one request after the other."""
    made = http.client.HTTPConnection(urlsplit(served.url).netloc, timeout=20)
    yield made
    made.close()


def ask(
    connection: http.client.HTTPConnection, method: str, path: str, body: str | None = None
) -> tuple[int, dict[str, str], str]:
    """The status, the headers and the body of an answer."""
    connection.request(method, path, body, FORM if body is not None else {})
    answer = connection.getresponse()
    headers = {name.lower(): value for name, value in answer.getheaders()}
    return answer.status, headers, answer.read().decode()


def test_one_connection_serves_a_look_ahead_a_large_form_and_joining(
    served: Estate, connection: http.client.HTTPConnection
) -> None:
    path = path_of(invited_now(served, "Pia"))
    status, ahead, content = ask(connection, "HEAD", path)
    assert (status, content) == (200, "")
    status, headers, content = ask(connection, "GET", path)
    assert status == 200
    assert {**headers, "date": ""} == {**ahead, "date": ""}
    assert headers["content-length"] == str(len(content.encode()))
    see_that_it_is_guarded(headers, Reading(content))
    assert ask(connection, "POST", path, "name=" + "x" * MOST_BODY)[0] == 413
    status, headers, content = ask(connection, "POST", path, "name=Pia+Ping")
    assert status == 200
    page = Reading(content)
    see_that_it_is_guarded(headers, page)
    assert "# Acme: Pia Ping (Default Credentials)" in page.texts["section"]
    assert ask(connection, "GET", path)[0] == 410
    said = "\n".join(served.lines)
    assert path not in said
    assert page.texts["secret-key"] not in said


def test_of_many_at_once_one_is_shown_a_credential(served: Estate) -> None:
    link = invited_now(served, "Quy", "quy@acme.example")

    def join(_: int) -> tuple[int, str]:
        own = http.client.HTTPConnection(urlsplit(served.url).netloc, timeout=20)
        status, _headers, content = ask(own, "POST", path_of(link), "name=Quy")
        own.close()
        return status, content

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(join, range(8)))
    assert sorted(status for status, _ in answers) == [200, *[410] * 7]
    (shown,) = [Reading(content) for status, content in answers if status == 200]
    details = served.seen_anew().user_details(link.user)
    keys = [one.access_key for one in details.credentials or ()]
    assert keys == [shown.texts["access-key"]]
