"""What the endpoint keeps beside commits: who acted for whom, the signing secret."""

from __future__ import annotations

import json
import stat
import threading

import pytest

from store.errors import NotAllowed, StoreReadOnly, StoreUnreadable
from store.persistence import counted
from store.persistence.signing_secret import SigningSecret
from store.sessions import Session
from store.workspace import Workspace
from tests.store.house import House
from tests.store.keyring import KEY, flush


class TestImpersonations:
    def test_they_are_bounded_and_damage_is_moved_aside(
        self, house: House, bob: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = house.folder / "impersonations.jsonl"
        path.write_bytes(b'{"agent": 7}\nnonsense\n')
        monkeypatch.setattr(counted, "MOST_LINES", 2)
        admin = house.admin
        for number in range(3):
            house.clock.advance(seconds=1)
            admin.impersonate(Session(admin.actor, KEY), bob, address=f"192.0.2.{number}")
        flush(admin)
        kept = [json.loads(line)["address"] for line in path.read_bytes().splitlines()]
        assert kept == ["192.0.2.1", "192.0.2.2"]
        assert path.with_name("impersonations.jsonl.damaged").exists()
        assert [one.address for one in house.as_user().impersonations()] == kept[::-1]

    def test_whoever_acts_for_another_changes_nothing(self, house: House) -> None:
        acting = Workspace(house.store(), house.admin.actor, is_impersonated=True)
        assert not acting.is_administrator
        assert acting.invite_refusal()
        with house.refuses(NotAllowed):
            acting.suspend_users([house.admin.actor])
        with pytest.raises(NotAllowed):
            acting.impersonations()


class TestTheSigningSecret:
    def test_all_who_begin_at_once_have_the_same(self, house: House) -> None:
        begun = [SigningSecret(house.folder) for _ in range(8)]
        threads = [threading.Thread(target=one.load) for one in begun]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len({one.value for one in begun}) == 1
        path = house.folder / "token.secret"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        begun[0].rotate()
        assert begun[0].is_current
        assert not begun[1].is_current
        begun[1].load()
        assert begun[1].value == begun[0].value != begun[2].value

    def test_none_is_made_where_nothing_may_be_written(self, house: House) -> None:
        before = sorted(house.folder.iterdir())
        with pytest.raises(StoreReadOnly, match=r"token\.secret"):
            SigningSecret(house.folder, read_only=True).load()
        assert sorted(house.folder.iterdir()) == before

    def test_one_that_cannot_be_read_is_told(self, house: House) -> None:
        (house.folder / "token.secret").mkdir()
        with pytest.raises(StoreUnreadable, match=r"token\.secret"):
            SigningSecret(house.folder).load()
