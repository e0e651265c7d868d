"""Looks that are kept: what screens look like now is compared with what they looked like."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from difflib import unified_diff
from pathlib import Path

from tests.tui.look import look_of
from tests.tui.loop import change, rest
from tests.tui.seat import Seat

FOLDER = Path(__file__).parent / "looks"
# What has looked the same for so long is taken to stay so, in seconds.
_LONGEST_WAIT, _LONGEST_WAIT_TO_KEEP = 5.0, 0.5


class Looks:
    """Compares looks with those that are kept, or keeps them.

    Args:
        is_keeping: Whether looks are written anew, instead of compared.
    """

    def __init__(self, *, is_keeping: bool) -> None:
        self.differences: list[str] = []
        self._is_keeping = is_keeping

    async def compare(self, seat: Seat, name: str) -> None:
        """Compare what is shown, once it is at rest. What differs is written beside the kept look.

        Args:
            seat: Somebody at the program.
            name: The look's name.
        """
        path = path_of(name)
        kept = path.read_text(encoding="utf-8") if path.exists() else ""
        look = await self._settled(seat, kept)
        if look == kept:
            for stale in _beside(path):
                stale.unlink(missing_ok=True)
        elif self._is_keeping:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(look, encoding="utf-8")
        else:
            self._tell(seat, path, kept, look)

    async def _settled(self, seat: Seat, kept: str) -> str:
        """What is shown as soon as it is what is kept, or else once it does not change any more."""
        longest = _LONGEST_WAIT_TO_KEEP if self._is_keeping else _LONGEST_WAIT
        await rest()
        look = look_of(seat.app)
        while look != kept:
            try:
                async with asyncio.timeout(longest):
                    while (now := look_of(seat.app)) == look:
                        # What is looked at is at rest, so that no change is missed.
                        await change()
                        await rest()
            except TimeoutError:
                break
            look = now
        return look

    def _tell(self, seat: Seat, path: Path, kept: str, look: str) -> None:
        text, picture = _beside(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        text.write_text(look, encoding="utf-8")
        picture.write_text(seat.app.export_screenshot(title=path.stem), encoding="utf-8")
        lines = unified_diff(kept.splitlines(), look.splitlines(), path.name, text.name, n=1)
        self.differences.append("\n".join((*lines, f"Look at {picture}")))


def path_of(name: str) -> Path:
    """Where a look is kept."""
    return FOLDER / f"{name}.txt"


def _beside(path: Path) -> Iterable[Path]:
    return path.with_suffix(".now.txt"), path.with_suffix(".now.svg")
