"""What a sign-in costs among 20,000 credentials, against one among 100.

Run it from the repository's root: `python -m benchmarks.sign_ins`. The two workspaces take turns,
so that a machine that grows slower or faster meanwhile does so for both; the ratio alone is judged.
Every credential has signed in once before, and each turn takes them in an order of its own. The
clock moves on by a second with each sign-in: a second use in the same second would not be noted,
and that would happen among few credentials alone.
"""

from __future__ import annotations

import contextlib
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from benchmarks.workspaces import ADMINISTRATOR, workspace_of
from store.errors import SignInRefused
from store.minting import Mint, hash_of_secret_key
from store.models import Credential
from store.persistence.store import Outcome, Store
from store.rules import Act, check_administrator_left
from store.state import Changes
from store.terms import CREDENTIALS_TABLE, USERS_TABLE
from store.workspace import Workspace

FEW, MANY = 100, 20_000
# The same people in both: what differs is the credentials alone.
USERS = 1_000
TURNS, SIGN_INS_IN_A_TURN = 41, 2_000
WANTED = "0.75 to 1.33"

# An access key and a secret key.
Keys = tuple[str, str]
SignIn = Callable[[Keys], object]


class Ticking:
    """A clock that moves on by a second whenever it is looked at."""

    def __init__(self) -> None:
        self._now = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The time that the clock shows."""
        self._now += timedelta(seconds=1)
        return self._now


@dataclass(frozen=True)
class Side:
    """A workspace, and the keys that are good in it."""

    workspace: Workspace
    keys: Sequence[Keys]

    def sign_in(self, keys: Keys) -> None:
        """A sign-in that succeeds."""
        self.workspace.authenticate(*keys, worker="gpu-07", address="192.0.2.17")

    def try_a_wrong_secret(self, keys: Keys) -> None:
        """A sign-in that is refused, though the access key is known."""
        with contextlib.suppress(SignInRefused):
            self.workspace.authenticate(keys[0], keys[0], address="192.0.2.17")

    def try_an_unknown_key(self, keys: Keys) -> None:
        """A sign-in that is refused, for nobody has that access key."""
        with contextlib.suppress(SignInRefused):
            self.workspace.authenticate(keys[0][::-1], keys[1], address="192.0.2.17")


def side_of(count: int, folder: Path) -> Side:
    """A workspace with so many credentials that can sign in, each used once."""
    store = Store(workspace_of(USERS, folder / str(count)))
    keys = _add_credentials(store, count)
    side = Side(Workspace.open(store, who=ADMINISTRATOR, clock=Ticking()), keys)
    for pair in keys:
        side.sign_in(pair)
    store.usage.flush()
    return side


def _add_credentials(store: Store, count: int) -> list[Keys]:
    mint = Mint(random.Random(count).randbytes)
    keys = [(mint.new_access_key(), mint.new_secret_key()) for _ in range(count)]
    users = list(store.state.table(USERS_TABLE).values())
    members = [user["id"] for user in users if not user.get("suspended")]
    documents = {
        access_key: Credential(
            id=access_key,
            member=members[number % len(members)],
            secret_hash=hash_of_secret_key(secret_key),
            label=f"Credential {number}",
            created_at="2026-03-02T09:30:00Z",
        ).document()
        for number, (access_key, secret_key) in enumerate(keys)
    }
    # Those that have no secret make way, or there would be more than are counted.
    former = dict.fromkeys(store.state.table(CREDENTIALS_TABLE))
    changes = Changes({CREDENTIALS_TABLE: former | documents})
    entry = Act(members[0], "2026-03-02T09:30:00Z").entry("put", [])
    store.commit(lambda _: Outcome(None, changes, entry), check_administrator_left)
    return keys


def per_second(sign_in: SignIn, keys: Sequence[Keys]) -> float:
    """How many of these sign-ins a second takes."""
    began = time.perf_counter()
    for pair in keys:
        sign_in(pair)
    return len(keys) / (time.perf_counter() - began)


def compare(sides: Sequence[tuple[SignIn, Sequence[Keys]]]) -> list[float]:
    """The medians per second of each side, in turns, after one of each that does not count."""
    chance = random.Random(7)
    found: list[list[float]] = [[] for _ in sides]
    for turn in range(TURNS + 1):
        numbered = list(enumerate(sides))
        for number, (sign_in, keys) in reversed(numbered) if turn % 2 else numbered:
            rate = per_second(sign_in, chance.choices(keys, k=SIGN_INS_IN_A_TURN))
            if turn:
                found[number].append(rate)
    return [median(rates) for rates in found]


def main() -> None:
    """Measure, and print a table with what is wanted beside."""
    with tempfile.TemporaryDirectory() as scratch:
        few, many = (side_of(count, Path(scratch)) for count in (FEW, MANY))
        print(f"{'medians per second':<22}{FEW:>10,}{MANY:>10,}{'ratio':>8}   wanted")
        for what, of_few, of_many in (
            ("good", few.sign_in, many.sign_in),
            ("wrong secret", few.try_a_wrong_secret, many.try_a_wrong_secret),
            ("unknown access key", few.try_an_unknown_key, many.try_an_unknown_key),
        ):
            rates = compare([(of_few, few.keys), (of_many, many.keys)])
            ratio = rates[0] / rates[1]
            print(f"{what:<22}{rates[0]:>10,.0f}{rates[1]:>10,.0f}{ratio:>8.2f}   {WANTED}")
        few.workspace.close()
        many.workspace.close()


if __name__ == "__main__":
    main()
