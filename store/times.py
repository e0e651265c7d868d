"""Times as the store keeps them: text in UTC, to the second (SPEC, Text, time, ids)."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC)


def to_text(moment: datetime) -> str:
    """The moment as the store writes it, such as `2026-01-31T09:30:00Z`."""
    return moment.astimezone(UTC).replace(microsecond=0).strftime("%Y-%m-%dT%H:%M:%SZ")


def from_text(text: str) -> datetime:
    """The moment that a stored text means.

    Raises:
        ValueError: The text is not a time.
    """
    return datetime.fromisoformat(text)


def is_time(text: object) -> bool:
    """Whether this is a time as the store writes it."""
    try:
        return (
            isinstance(text, str)
            and text[10:11] + text[19:] == "TZ"
            and from_text(text) is not None
        )
    except ValueError:
        return False


def is_past(text: str, now: str) -> bool:
    """Whether a stored time has come, by the time that it is now."""
    # Times are text of one form, which sorts as they do.
    return text <= now
