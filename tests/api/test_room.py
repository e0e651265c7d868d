"""Which connection makes way for a new one."""

from __future__ import annotations

from api.addresses import Network
from api.room import Room

MOST_KEPT = 1_000


class Visitor:
    """A connection that says whether it had to go."""

    def __init__(self, room: Room, address: str) -> None:
        self.whose = room.whose(address)
        self.is_gone = False
        self.is_in = room.enter(self)
        room.waits(self)

    def make_way(self) -> None:
        """Go."""
        self.is_gone = True


def gone(*visitors: Visitor) -> list[bool]:
    """Which of them had to go."""
    return [one.is_gone for one in visitors]


def test_of_whoever_holds_most_the_one_goes_that_has_waited_longest() -> None:
    room = Room(4, MOST_KEPT)
    bob = Visitor(room, "192.0.2.1")
    eve = [Visitor(room, "192.0.2.2") for _ in range(3)]
    room.waits(eve[0])
    assert Visitor(room, "192.0.2.3").is_in
    assert gone(bob, *eve) == [False, False, True, False]


def test_who_is_at_work_does_not_go_and_where_all_are_nobody_comes() -> None:
    room = Room(2, MOST_KEPT)
    working, idle = Visitor(room, "192.0.2.1"), Visitor(room, "192.0.2.1")
    room.works(working)
    third = Visitor(room, "192.0.2.2")
    assert gone(working, idle, third) == [False, True, False]
    room.works(third)
    fourth = Visitor(room, "192.0.2.3")
    assert not fourth.is_in
    # It never was inside, and takes nobody's place by leaving.
    room.leave(fourth)
    room.waits(third)
    assert Visitor(room, "192.0.2.3").is_in
    assert gone(working, third, fourth) == [False, True, False]


def test_a_place_is_free_again_when_one_leaves() -> None:
    room = Room(1, MOST_KEPT)
    first = Visitor(room, "192.0.2.1")
    room.leave(first)
    second = Visitor(room, "192.0.2.1")
    assert second.is_in
    assert gone(first, second) == [False, False]


def test_a_network_of_version_6_is_one_holder_and_an_address_in_it_is_no_way_round() -> None:
    room = Room(4, MOST_KEPT)
    kept = [Visitor(room, "2001:db8:1::1"), Visitor(room, "192.0.2.1")]
    eve = [Visitor(room, f"2001:db8:2::{number}") for number in range(2)]
    Visitor(room, "192.0.2.9")
    assert gone(*kept, *eve) == [False, False, True, False]


def test_a_trusted_proxy_makes_way_where_no_other_is_left() -> None:
    room = Room(3, MOST_KEPT, [Network("10.0.0.0/8")])
    proxied = [Visitor(room, "10.0.0.1"), Visitor(room, "10.0.0.2")]
    eve = Visitor(room, "192.0.2.2")
    third = Visitor(room, "10.0.0.1")
    assert gone(*proxied, eve, third) == [False, False, True, False]
    assert Visitor(room, "10.0.0.2").is_in
    assert gone(*proxied, third) == [True, False, False]


def test_of_whoever_takes_most_memory_the_one_goes_that_has_kept_it_longest() -> None:
    room = Room(9, MOST_KEPT, [Network("10.0.0.0/8")])
    bob, proxied = Visitor(room, "192.0.2.1"), Visitor(room, "10.0.0.1")
    eve = [Visitor(room, "192.0.2.2") for _ in range(3)]
    room.keeps(proxied, 400)
    room.keeps(bob, 300)
    room.keeps(eve[1], 150)
    room.keeps(eve[0], 150)
    assert gone(bob, proxied, *eve) == [False] * 5
    room.keeps(eve[1], 160)
    # Those of Eve are more than Bob's only together with this.
    assert gone(bob, proxied, *eve) == [False, False, False, True, False]
    # What was given back or has ended counts no more.
    room.keeps(bob, 0)
    room.leave(eve[0])
    room.keeps(eve[2], 600)
    assert gone(bob, proxied, *eve) == [False, False, False, True, False]
    room.keeps(eve[2], 601)
    assert gone(bob, proxied, *eve) == [False, False, False, True, True]
    room.keeps(proxied, MOST_KEPT + 1)
    assert proxied.is_gone
