"""Names that need joiners, in a real terminal: kept as they are typed, and in their columns."""

from __future__ import annotations

import pytest

from store.listing import Query
from tests.cli.console import Console, step
from tests.cli.wire import foreign
from tests.store.house import ADA, House

PERSIAN = "می\u200cخواهم"
HINDI = "क्\u200dष"
FAMILY = "👩\u200d👩\u200d👧\u200d👦"
NAMES = (PERSIAN, HINDI, FAMILY, f"{FAMILY} Family", "Zoë ❤\u200d🔥", "Plain")


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
def test_joined_names_are_sent_joined_and_leave_the_columns_straight(
    console: Console, size: tuple[int, int]
) -> None:
    house = House(console.store)
    for number, name in enumerate(NAMES):
        house.add_user(f"user{number}@acme.example", name)
    house.close()
    terminal = console.open_as(ADA, size=size)
    terminal.wait_for("Plain")
    # The second time the table is drawn line by line, not as a whole.
    step(terminal, "?")
    terminal.wait_for("Keys")
    step(terminal, "escape")
    terminal.wait_idle()
    step(terminal, "G", "g")
    terminal.wait_idle()
    places = [
        [cell.data for cell in terminal.cells(number)].index("●")
        for number, line in enumerate(terminal.text.splitlines())
        if "● Active" in line
    ]
    assert len(places) == len(NAMES) + 1
    assert len(set(places)) == 1
    sent = terminal.output.decode()
    for name in NAMES:
        assert all(word in sent for word in name.split())
    # And nothing else that is not seen.
    assert set(foreign(terminal.output, size)) == {"\u200c", "\u200d"}
    assert "\u034f" not in sent


def test_joiners_are_kept_as_they_are_typed_and_pasted(console: Console) -> None:
    house = House(console.store)
    user = house.add_user("user@acme.example", "Plain")
    terminal = console.open_as(ADA)
    terminal.wait_for("Plain")
    for is_pasted, name in ((True, f"{HINDI} {FAMILY}"), (False, f"{PERSIAN} {FAMILY}")):
        step(terminal, "/")
        terminal.send("user@acme")
        terminal.wait_for("1 shown")
        step(terminal, "enter", "e")
        terminal.wait_for("Login name")
        terminal.wait_idle()
        step(terminal, "ctrl+u")
        if is_pasted:
            terminal.paste(name)
        else:
            for letter in name:
                terminal.send(letter)
        terminal.wait_idle()
        assert all(word.encode() in terminal.output for word in name.split())
        step(terminal, "ctrl+s")
        terminal.wait_for(lambda seen: "Login name" not in seen.text)
        step(terminal, "escape")
        here = house.as_user()
        assert here.user_details(user).name == name
        # They are found by who does not type the joiners, too.
        assert here.list_users(Query(name.replace("\u200c", "").replace("\u200d", ""))).ids == [
            user
        ]
    house.close()
