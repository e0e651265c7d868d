"""Dates as the screens show them and as people type them, in the local time zone."""

import re
from datetime import datetime, time, timedelta

from store.errors import InvalidInput
from store.times import from_text, to_text

MOMENT_HINT = (
    "A day as 2026-12-31, a time as 2026-12-31 18:00, a span as 30d or 12h, or empty for never."
)
SPAN_HINT = "Such as 30d, 12h or 2w."
_TOO_LONG = "This is longer than any calendar."

_MINUTE, _HOUR, _DAY, _MONTH, _YEAR = 60, 3_600, 86_400, 30 * 86_400, 365 * 86_400
_MOST_MONTHS = 11
_A_SECOND, _A_MINUTE = timedelta(seconds=1), timedelta(seconds=_MINUTE)
# More digits than any calendar has hours.
_MOST_DIGITS = 8
_SPAN = re.compile(r"(\d+)\s*(h|hours?|d|days?|w|weeks?)", re.ASCII | re.IGNORECASE)
_LOCAL = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)(?:[T\s]\s*(\d\d?):(\d\d)(?::(\d\d))?)?", re.ASCII | re.IGNORECASE
)
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
# A year less than Python's last one, so that it can be shown in every time zone.
_LAST_YEAR = 9998


def day(text: str | None) -> str:
    """A stored time as a day, such as `Jan 29, 2025`, or "" for none."""
    if not text:
        return ""
    local = _local(text)
    return f"{local:%b} {local.day}, {local.year}"


def day_and_time(text: str | None) -> str:
    """A stored time to the minute, such as `Jan 29, 2025 14:05`, or "" for none."""
    if not text:
        return ""
    return f"{day(text)} {_local(text):%H:%M}"


def ago(text: str | None, now: str) -> str:
    """How long ago a stored time was, such as `5 minutes ago`, or `never` for none.

    Args:
        text: The stored time. One in the future is `just now`, for clocks differ.
        now: The time.
    """
    if not text:
        return "never"
    words = _length(from_text(now) - from_text(text))
    return f"{words} ago" if words else "just now"


def narrow(words: str) -> str:
    """What `ago` and `until` say, for a column of 12 cells."""
    for long, short in (("less than a minute", "1 min"), ("minute", "min"), ("month", "mo")):
        words = words.replace(f"{long}s", short).replace(long, short)
    return words


def until(text: str | None, now: str) -> str:
    """How far off an expiry is, such as `in 3 days` or `expired 2 days ago`; `never` for none."""
    if not text:
        return "never"
    left = from_text(text) - from_text(now)
    if left <= timedelta():
        return f"expired {ago(text, now)}"
    if left < _A_MINUTE:
        return "in less than a minute"
    # Whoever has just chosen a day reads of a day, not of 23 hours.
    return f"in {_length(left + _A_MINUTE - _A_SECOND)}"


def typed(text: str | None) -> str:
    """A stored time as a person would type it, such as `2026-12-31 18:00`, or "" for none."""
    return f"{_local(text):%Y-%m-%d %H:%M}" if text else ""


def parse_moment(text: str, now: str) -> str | None:
    """The time in the future that a person has typed, as it is stored; None for never.

    Args:
        text: A day, which counts to its end; a day and a time; a span; or nothing.
        now: The time.

    Raises:
        InvalidInput: It is none of these, or lies in the past or beyond all calendars.
    """
    text = text.strip()
    if not text or text.casefold() == "never":
        return None
    try:
        moment = _moment(text, from_text(now))
    except (ValueError, OverflowError, OSError) as error:
        raise _invalid(f"There is no such time. {MOMENT_HINT}") from error
    if moment.year > _LAST_YEAR:
        raise _invalid(f"The year {_LAST_YEAR} is the last one. Leave it empty for never.")
    if moment <= from_text(now):
        raise _invalid("This is in the past. To end it at once, revoke it.")
    return to_text(moment)


def parse_span(text: str) -> timedelta:
    """The span that a person has typed, such as `30d`, `12h` or `2 weeks`.

    Raises:
        InvalidInput: It is no span, or longer than any calendar.
    """
    found = _SPAN.fullmatch(text.strip())
    if not found:
        raise InvalidInput(f"This is no span. {SPAN_HINT}", field="span")
    if len(found[1].lstrip("0")) > _MOST_DIGITS:
        raise InvalidInput(_TOO_LONG, field="span")
    return int(found[1]) * _UNITS[found[2][0].lower()]


def end_after(span: timedelta, now: str) -> str:
    """When a span from now on is over, as it is stored.

    Raises:
        InvalidInput: That lies beyond all calendars.
    """
    try:
        end = from_text(now) + span
    except OverflowError as error:
        raise InvalidInput(_TOO_LONG, field="span") from error
    if end.year > _LAST_YEAR:
        raise InvalidInput(_TOO_LONG, field="span")
    return to_text(end)


def _moment(text: str, now: datetime) -> datetime:
    if _SPAN.fullmatch(text):
        try:
            return now + parse_span(text)
        except InvalidInput as error:
            raise _invalid(f"{error.message} Leave it empty for never.") from error
    found = _LOCAL.fullmatch(text)
    if not found:
        raise _invalid(f"This is no time. {MOMENT_HINT}")
    year, month, number, hour, minute, second = (int(part or 0) for part in found.groups())
    at = time(hour, minute, second) if found[4] else time(23, 59, 59)
    local = datetime.combine(datetime(year, month, number), at)
    moment = local.astimezone()
    # Where clocks are put forward there are local times that never come.
    if moment.replace(tzinfo=None) != local:
        raise _invalid("Clocks are put forward then, and this time is left out. Take a later one.")
    return moment


def _invalid(message: str) -> InvalidInput:
    return InvalidInput(message, field="expires_at")


def _local(text: str) -> datetime:
    moment = from_text(text)
    try:
        return moment.astimezone()
    except (OverflowError, ValueError, OSError):
        # The first and the last day of the calendar are not in every time zone.
        return moment


def _length(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    if seconds < _MINUTE:
        return ""
    if seconds < _HOUR:
        return _count(seconds // _MINUTE, "minute")
    if seconds < _DAY:
        return _count(seconds // _HOUR, "hour")
    if seconds < _MONTH:
        return _count(seconds // _DAY, "day")
    if seconds < _YEAR:
        return _count(min(seconds // _MONTH, _MOST_MONTHS), "month")
    return _count(seconds // _YEAR, "year")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
