"""How much is tried: a quarter of it as a rule, and all of it by `.ci/run --full`."""

from hypothesis import settings

# Hypothesis has these by its option --hypothesis-profile. None has a deadline: machines are busy.
FULL, QUARTER = "full", "quarter"

settings.register_profile(FULL, max_examples=100, deadline=None)
settings.register_profile(QUARTER, max_examples=25, deadline=None)
settings.load_profile(QUARTER)


def effort(full: int) -> int:
    """How many examples or rounds there are now.

    Args:
        full: How many there are where all are tried.
    """
    usual = settings.default or settings()
    return max(1, full * usual.max_examples // 100)
