"""Times in words, and times as people type them: every zone, every nonsense."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest

from store.errors import InvalidInput
from tui.dates import ago, day, day_and_time, parse_moment, parse_span, typed, until

NOW = "2026-03-02T09:30:00Z"


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[None]:
    """The local time zone that a test asks for."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def in_zone(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("zone", [name], indirect=True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "never"),
        ("2026-03-02T09:29:01Z", "just now"),
        ("2026-03-02T09:29:00Z", "1 minute ago"),
        ("2026-03-02T09:25:00Z", "5 minutes ago"),
        ("2026-03-02T08:30:01Z", "59 minutes ago"),
        ("2026-03-02T07:30:00Z", "2 hours ago"),
        ("2026-03-01T09:30:00Z", "1 day ago"),
        ("2026-02-27T09:29:00Z", "3 days ago"),
        ("2025-11-01T00:00:00Z", "4 months ago"),
        ("2025-03-03T00:00:00Z", "11 months ago"),
        ("2025-03-01T00:00:00Z", "1 year ago"),
        ("2024-01-01T00:00:00Z", "2 years ago"),
        ("2026-03-02T09:30:01Z", "just now"),
        ("2031-01-01T00:00:00Z", "just now"),
    ],
)
def test_says_how_long_ago(text: str | None, words: str) -> None:
    assert ago(text, NOW) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "never"),
        ("2026-03-02T09:30:20Z", "in less than a minute"),
        ("2026-03-02T14:30:00Z", "in 5 hours"),
        ("2026-03-05T09:30:00Z", "in 3 days"),
        # So much is left a moment after 24 hours, and after 7 days, were chosen.
        ("2026-03-03T09:29:59Z", "in 1 day"),
        ("2026-03-09T09:29:01Z", "in 7 days"),
        ("2026-03-03T09:29:00Z", "in 23 hours"),
        ("2026-03-02T09:31:00Z", "in 1 minute"),
        ("2026-03-02T09:31:01Z", "in 2 minutes"),
        ("2026-03-02T09:30:00Z", "expired just now"),
        ("2026-02-28T09:00:00Z", "expired 2 days ago"),
    ],
)
def test_says_when_one_ends(text: str | None, words: str) -> None:
    assert until(text, NOW) == words


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("", None),
        ("  ", None),
        ("Never", None),
        ("2026-12-31", "2026-12-31T23:59:59Z"),
        (" 2026-12-31 ", "2026-12-31T23:59:59Z"),
        ("2026-3-2", "2026-03-02T23:59:59Z"),
        ("2026-12-31 18:00", "2026-12-31T18:00:00Z"),
        ("2026-12-31T18:00:07", "2026-12-31T18:00:07Z"),
        ("2026-12-31 00:00", "2026-12-31T00:00:00Z"),
        ("30d", "2026-04-01T09:30:00Z"),
        ("12 H", "2026-03-02T21:30:00Z"),
        ("2 weeks", "2026-03-16T09:30:00Z"),
        ("1 day", "2026-03-03T09:30:00Z"),
    ],
)
def test_understands_what_people_type(text: str, stored: str | None) -> None:
    assert parse_moment(text, NOW) == stored


@in_zone("America/New_York")
@pytest.mark.usefixtures("zone")
def test_typed_times_are_local_and_shown_as_typed() -> None:
    assert parse_moment("2026-12-31 18:00", NOW) == "2026-12-31T23:00:00Z"
    assert parse_moment("2026-12-31", NOW) == "2027-01-01T04:59:59Z"
    assert typed("2026-12-31T23:00:09Z") == "2026-12-31 18:00"
    assert typed(None) == ""
    assert day_and_time("2026-12-31T23:00:09Z") == "Dec 31, 2026 18:00"


@in_zone("Europe/Berlin")
@pytest.mark.usefixtures("zone")
def test_a_time_that_the_clocks_leave_out_is_refused_in_words() -> None:
    with pytest.raises(InvalidInput, match="Clocks are put forward") as raised:
        parse_moment("2026-03-29 02:30", NOW)
    assert raised.value.field == "expires_at"
    assert parse_moment("2026-03-29 03:00", NOW) == "2026-03-29T01:00:00Z"
    # The hour that comes twice is the first of the two.
    assert parse_moment("2026-10-25 02:30", NOW) == "2026-10-25T00:30:00Z"


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12", "UTC"], indirect=True)
@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("tomorrow", "This is no time"),
        ("2026-12", "This is no time"),
        ("31.12.2026", "This is no time"),
        ("٢٠٢٦-١٢-٣١", "This is no time"),
        ("30", "This is no time"),
        ("-3d", "This is no time"),
        ("9" * 5_000 + "d", "longer than any calendar"),
        ("2026-02-30", "There is no such time"),
        ("2026-13-01", "There is no such time"),
        ("2026-12-31 25:00", "There is no such time"),
        ("2026-12-31 18:60", "There is no such time"),
        ("0000-01-01", "There is no such time"),
        ("999999w", "There is no such time"),
        ("999999d", None),
        ("9999-12-31", "is the last one|There is no such time"),
        ("0001-01-01 00:00", "in the past|There is no such time"),
        ("0999-01-01", "in the past"),
        ("2026-02-01", "in the past"),
        ("2026-02-01 10:00", "in the past"),
        ("0d", "in the past"),
        ("\x1b[2J", "This is no time"),
    ],
)
def test_what_is_no_time_is_refused_in_words(text: str, says: str | None) -> None:
    if says is None:
        assert parse_moment(text, NOW) == "4764-01-27T09:30:00Z"
        return
    with pytest.raises(InvalidInput, match=says) as raised:
        parse_moment(text, NOW)
    assert raised.value.field == "expires_at"


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"], indirect=True)
@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize("text", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"])
def test_the_ends_of_the_calendar_can_be_shown(text: str) -> None:
    assert day(text)
    assert typed(text)
    assert ago(text, NOW)
    assert until(text, NOW)


def test_a_span_is_hours_days_or_weeks() -> None:
    assert parse_span(" 36h ") == timedelta(hours=36)
    assert parse_span("2w") == timedelta(weeks=2)
    for nonsense in ("", "h", "2m", "1.5d", "a week", "1d 2h"):
        with pytest.raises(InvalidInput, match="This is no span") as raised:
            parse_span(nonsense)
        assert raised.value.field == "span"
