"""What holds for every operation alike: it is kept, or refused without a trace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from store.errors import AccessEnded, NotAllowed, NotFound, StoreReadOnly
from store.operations.users import UserEdit
from store.terms import USERS_TABLE, WORKSPACE_TABLE
from store.workspace import Workspace
from tests.store.chain import checked_chain
from tests.store.house import House, edit_of, invitee, settings_edit

NOBODY = "f" * 32
# An operation on a user: Pia where it is about pending ones, Sam where about suspended ones.
Change = Callable[[Workspace, str], object]
TARGETS = {"send_invitations_again": "pia@acme.example", "let_users_back_in": "sam@acme.example"}
CHANGES: dict[str, Change] = {
    "invite_users": lambda here, _: here.invite_users([invitee("new@acme.example")], []),
    "send_invitations_again": lambda here, user: here.send_invitations_again([user]),
    "remove_users": lambda here, user: here.remove_users([user]),
    "suspend_users": lambda here, user: here.suspend_users([user]),
    "let_users_back_in": lambda here, user: here.let_users_back_in([user]),
    "edit_user": lambda here, user: here.edit_user(edit_of(here, user, email="x@acme.example")),
    "edit_settings": lambda here, _: here.edit_settings(settings_edit(here, name="New")),
}
ON_USERS = sorted(CHANGES.keys() - {"invite_users", "edit_settings"})
every_change = pytest.mark.parametrize("operation", sorted(CHANGES))


@pytest.fixture
def target(house: House, bob: str, pia: str, operation: str) -> str:
    """The user that the operation is about, in a workspace that also has a second administrator."""
    house.add_administrator("eve@acme.example", "Eve")
    sam = house.add_user("sam@acme.example", "Sam")
    house.admin.suspend_users([sam])
    return {"pia@acme.example": pia, "sam@acme.example": sam}.get(TARGETS.get(operation, ""), bob)


@every_change
def test_it_is_there_when_the_folder_is_opened_anew(
    house: House, target: str, operation: str
) -> None:
    before = house.store().state
    CHANGES[operation](house.admin, target)

    after = house.store().state
    assert after.commit == before.commit + 1 == house.admin.commit
    changed = [
        table
        for table in (USERS_TABLE, WORKSPACE_TABLE)
        if after.table(table) != before.table(table)
    ]
    assert changed == [WORKSPACE_TABLE if operation == "edit_settings" else USERS_TABLE]
    newest = checked_chain(house.folder)[-1]
    assert newest["operation"] == operation
    assert (newest["actor"], newest["at"]) == (house.admin.actor, house.at)
    if operation in ON_USERS:
        assert newest["targets"] == [target]


@every_change
def test_a_plain_user_is_refused(house: House, target: str, operation: str) -> None:
    plain = house.as_user("bob@acme.example")
    with house.refuses(NotAllowed, says="dministrator"):
        CHANGES[operation](plain, target)


@every_change
def test_a_read_only_store_refuses(house: House, target: str, operation: str) -> None:
    reader = house.as_user(read_only=True)
    with house.refuses(StoreReadOnly, says="--read-only"):
        CHANGES[operation](reader, target)


@every_change
@pytest.mark.parametrize("end", ["remove_users", "suspend_users"])
def test_an_actor_whose_access_ended_meanwhile_is_refused(
    house: House, target: str, operation: str, end: str
) -> None:
    eve = house.as_user("eve@acme.example")
    CHANGES[end](house.admin, eve.actor)
    with house.refuses(AccessEnded, says="You were (removed|suspended)"):
        CHANGES[operation](eve, target)
    with pytest.raises(AccessEnded):
        eve.refresh()


@every_change
def test_an_actor_who_lost_the_right_meanwhile_is_refused(
    house: House, target: str, operation: str
) -> None:
    eve = house.as_user("eve@acme.example")
    admins = (house.group("Admins"),)
    house.admin.edit_user(edit_of(house.admin, eve.actor, leaving=admins))
    with house.refuses(NotAllowed):
        CHANGES[operation](eve, target)


@every_change
def test_what_another_process_committed_meanwhile_stays(
    house: House, target: str, operation: str
) -> None:
    mine, theirs = house.as_user(), house.as_user("eve@acme.example")
    (late,) = theirs.invite_users([invitee("late@acme.example", "Late")], [])
    CHANGES[operation](mine, target)

    assert house.user(late.user).name == "Late"
    assert mine.user_row(late.user).called == "Late"
    assert [entry["operation"] for entry in checked_chain(house.folder)][-2:] == [
        "invite_users",
        operation,
    ]


@pytest.mark.parametrize("operation", ON_USERS)
@pytest.mark.parametrize("kind", ["never there", "removed", "removed by another process"])
def test_a_missing_user_is_not_found(house: House, target: str, operation: str, kind: str) -> None:
    here = house.as_user()
    key = NOBODY if kind == "never there" else target
    change = CHANGES[operation]
    if operation == "edit_user":
        edit = replace(edit_of(here, target, email="x@acme.example"), user=key)

        def change(here: Workspace, _: str) -> None:
            here.edit_user(edit)

    if kind == "removed":
        here.remove_users([target])
    elif kind != "never there":
        house.admin.remove_users([target])
    with house.refuses(NotFound):
        change(here, key)


@pytest.mark.parametrize("operation", sorted(set(ON_USERS) - {"edit_user"}))
def test_one_missing_user_among_several_leaves_all_as_they_are(
    house: House, target: str, operation: str
) -> None:
    several = {
        "send_invitations_again": house.admin.send_invitations_again,
        "remove_users": house.admin.remove_users,
        "suspend_users": house.admin.suspend_users,
        "let_users_back_in": house.admin.let_users_back_in,
    }
    with house.refuses(NotFound):
        several[operation]([target, NOBODY])


@pytest.mark.parametrize("operation", ["edit_user"])
def test_nothing_to_change_is_no_commit(house: House, target: str, operation: str) -> None:
    before = house.bytes()
    house.admin.edit_user(edit_of(house.admin, target, name="Bob", email="bob@acme.example"))
    house.admin.edit_settings(settings_edit(house.admin))
    house.admin.suspend_users([])
    house.admin.let_users_back_in([target])
    house.admin.remove_users([])
    house.admin.send_invitations_again([])
    house.admin.edit_user(UserEdit(target, house.user(target).revision))
    assert house.bytes() == before
