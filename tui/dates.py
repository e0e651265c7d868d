"""Dates as the screens show them, in the local time zone."""

from store.times import from_text


def day(text: str | None) -> str:
    """A stored time as a day, such as `Jan 29, 2025`, or "" for none."""
    if not text:
        return ""
    local = from_text(text).astimezone()
    return f"{local:%b} {local.day}, {local.year}"


def day_and_time(text: str | None) -> str:
    """A stored time to the minute, such as `Jan 29, 2025 14:05`, or "" for none."""
    if not text:
        return ""
    return f"{day(text)} {from_text(text).astimezone():%H:%M}"
