"""Names as chips: what has no room is counted."""

from __future__ import annotations

import pytest

from tui.widgets.chips import chips


@pytest.mark.parametrize(
    ("names", "width", "shown"),
    [
        ([], 20, ""),
        (["Users"], 20, " Users "),
        (["Inference", "Users"], 30, " Inference   Users "),
        (["Inference", "Users"], 18, " Inference  +1"),
        (["Inference", "MLOps", "Users"], 26, " Inference   MLOps  +1"),
        (["A very long name of a group indeed", "Users"], 40, " A very long name of a…   Users "),
        (["Data Platform"], 8, " Data… "),
        (["界界界界界界", "Users"], 14, " 界界界界…  +1"),
        (["[/red]\x1b[2J"], 20, " [/red]␛[2J "),
    ],
)
def test_they_fit_into_the_width(names: list[str], width: int, shown: str) -> None:
    line = chips(names, width, "on blue")
    assert line.plain == shown
    assert line.cell_len <= width


@pytest.mark.parametrize("width", range(6, 60))
def test_they_never_need_more_than_there_is(width: int) -> None:
    names = ["Queue admins", "Service Accounts", "界" * 9, "MLOps", "Users"]
    assert chips(names, width, "on blue").cell_len <= width
