"""The Service Accounts tab, credentials, refused sign-ins and checking a configuration."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from store.configuration import configuration_of
from store.credential_views import IssuedCredential
from store.errors import InvalidInput, SignInRefused
from store.models import Settings
from store.operations.credentials import CredentialEdit
from store.operations.service_accounts import AffectedServiceAccount
from store.refusal_views import Contact, Grounds, RefusedRow
from store.sign_ins import RefusedSignIn, Verdict
from store.times import to_text
from store.usage import NEVER, Used
from store.workspace import Workspace
from tests.store.house import HOSTILE_NAMES, NOW, House, settings_edit
from tests.store.keyring import flush
from tests.tui.scenes.scene import (
    Picture,
    Scene,
    filling,
    filtered,
    press,
    pushing,
    then,
    until_wrong,
)
from tests.tui.scenes.workspaces import (
    account_called,
    demo,
    demo_after,
    demo_read_only,
    small,
    suspend_model_manager,
)
from tests.tui.seat import Seat
from tui.dialogs.new_credentials import NewCredentials
from tui.dialogs.workspace_settings import prefilled_notice
from tui.service_account_confirmations import deletion_confirmation

# It belongs to no store: a secret that did would be in the pictures.
SHAM_CREDENTIAL = IssuedCredential(
    "0" * 32, "autoscaler", "SHAM" * 7 + "XY", "sham-secret_" * 5 + "sham", "Default Credentials", 1
)
HOSTS = tuple(f"https://{host}.clearml.acme.example" for host in ("app", "api", "files"))
PATHS = tuple(f"https://clearml.acme.example/{path}" for path in ("web", "api", "files"))
NOT_USED = Contact(to_text(NOW), NEVER, None, None)
SIGNED_IN = replace(NOT_USED, used=Used(to_text(NOW), "gpu-box-3", "10.0.0.7"))
HOSTILE_SIGN_IN = replace(
    NOT_USED, used=Used(to_text(NOW), f"{HOSTILE_NAMES[2]}[/]{'界' * 90}", "2001:db8::17")
)
WRONG = RefusedSignIn(
    SHAM_CREDENTIAL.access_key, "10.0.0.7", Verdict.WRONG_SECRET, 3, to_text(NOW), to_text(NOW)
)
REFUSED = replace(NOT_USED, refused=RefusedRow(WRONG, "", "", "", Grounds(Verdict.WRONG_SECRET)))
REVOKED = replace(SIGNED_IN, ending=Grounds(Verdict.REVOKED, to_text(NOW), "Ada Lindqvist"))


def four_accounts_at_most(workspace: Workspace) -> None:
    workspace.edit_settings(settings_edit(workspace, user_limit=45, service_account_limit=4))


def one_account(house: House) -> None:
    house.admin.add_service_account("autoscaler", True)


def account_and_bob(house: House) -> None:
    one_account(house)
    house.add_user("bob@acme.example", "Bob")


def expired(house: House) -> None:
    issued = house.admin.add_service_account("autoscaler", False)
    in_an_hour = to_text(NOW + timedelta(hours=1))
    edit = CredentialEdit(issued.access_key, issued.revision, "Trial", in_an_hour)
    house.admin.edit_credential(edit)
    house.clock.advance(days=3)


def refused_sign_ins(house: House) -> None:
    issued = house.admin.add_service_account("autoscaler", False)
    house.admin.authenticate(
        issued.access_key, issued.secret_key, worker="gpu-rig-1", address="192.0.2.7"
    )
    for _ in range(3):
        with pytest.raises(SignInRefused):
            house.admin.authenticate(issued.access_key, "wrong", address="203.0.113.9")
    flush(house.admin)


def every_cause(house: House) -> None:
    refused_sign_ins(house)
    admin = house.admin
    with pytest.raises(SignInRefused):
        admin.authenticate("TYPO" * 5, "wrong", address="203.0.113.9")
    for name, end in (("revoked", admin.revoke_credentials), ("paused", admin.suspend_credentials)):
        house.clock.advance(seconds=400)
        issued = admin.add_service_account(f"{name}-bot", False)
        end([issued.access_key])
        with pytest.raises(SignInRefused):
            admin.authenticate(issued.access_key, issued.secret_key, address="2001:db8:85a3::7334")
    flush(admin)


def hostile_refusals(house: House) -> None:
    for name in (*HOSTILE_NAMES, "佐藤 由紀", "x" * 200):
        issued = house.admin.add_service_account(name, True)
        for key in (issued.access_key, name):
            with pytest.raises(SignInRefused):
                house.admin.authenticate(key, "wrong", address=name)
    flush(house.admin)


def hostile_accounts(house: House) -> None:
    for name in (*HOSTILE_NAMES, "佐藤 由紀", "x" * 200):
        issued = house.admin.add_service_account(name, True)
        house.admin.authenticate(issued.access_key, issued.secret_key, worker=name, address=name)
        label = CredentialEdit(issued.access_key, issued.revision, name, None)
        house.admin.edit_credential(label)
        house.add_group(name, issued.member)


async def to_accounts(seat: Seat) -> None:
    await seat.press("2")
    await seat.until(lambda: seat.tab.id == "service-accounts" and "SERVICE" in seat.heading)
    await seat.pilot.pause()


def accounts(*keys: str) -> Scene:
    async def scene(seat: Seat) -> None:
        await to_accounts(seat)
        await seat.press(*keys)

    return scene


def on_account(called: str, *keys: str) -> Scene:
    async def scene(seat: Seat) -> None:
        await to_accounts(seat)
        await seat.until(lambda: called in seat.rows)
        await seat.go_to(called)
        await seat.press(*keys)

    return scene


def on_credential(called: str, *keys: str) -> Scene:
    async def scene(seat: Seat) -> None:
        await on_account(called, "enter")(seat)
        await seat.until_shown("CREDENTIALS")
        await seat.press("enter")
        await seat.until(lambda: seat.is_in_credentials)
        await seat.press(*keys)

    return scene


def refusals(*keys: str) -> Scene:
    async def scene(seat: Seat) -> None:
        await seat.press("f")
        await seat.until_dialog("RefusedSignIns")
        await seat.press(*keys)

    return scene


async def refusals_filtered(seat: Seat) -> None:
    await refusals("slash")(seat)
    await seat.type("secret autoscaler")
    await seat.until_shown("wrong secret")


def new_credentials(
    urls: tuple[str, ...] = HOSTS, notice: str = "", called: str = "", contact: Contact = NOT_USED
) -> Scene:
    issued = replace(SHAM_CREDENTIAL, called=called or SHAM_CREDENTIAL.called)
    web, api, files = urls
    settings = Settings(id="", name=called or "Acme", web_url=web, api_url=api, files_url=files)

    async def relabel(_label: str) -> None:
        raise AssertionError("nothing is relabelled for a picture")

    async def save(path: str, _text: str) -> Path:
        raise InvalidInput(f"There is no folder {path}.", field="path")

    async def tell() -> Contact:
        return contact

    def make() -> NewCredentials:
        configuration = configuration_of(settings, issued)
        return NewCredentials(
            issued, configuration, url_notice=notice, relabel=relabel, save=save, contact=tell
        )

    async def scene(seat: Seat) -> None:
        await to_accounts(seat)
        seat.app.push_screen(make())
        await seat.until_dialog("NewCredentials")
        await seat.pilot.pause()

    return scene


async def other_span(seat: Seat) -> None:
    await seat.until_dialog("RotateDialog")
    await seat.press(*["down"] * 3)
    await seat.fill("span", "36h")
    await seat.until_shown("Ends Mar")


# A secret key with quotes that count, a blank that is none, and a URL that is passed by.
STRAYS = """\
%env CLEARML_API_HOST=https://api.clearml.acme.example
%env CLEARML_API_SECRET_KEY="sham"
%env CLEARML_API_ACCESS_KEY=SHAM\u200b
TRAINS_API_HOST='https://old.acme.example ' clearml-agent daemon
export\u00a0CLEARML_WEB_HOST=https://app.clearml.acme.example
"""


async def check_pasted(seat: Seat) -> None:
    assert seat.workspace is not None
    account = account_called(seat.workspace, "mlops-bot")
    (row, *_) = seat.workspace.service_account_details(account).credentials or ()
    issued = replace(SHAM_CREDENTIAL, access_key=row.access_key)
    web, api, _files = HOSTS
    settings = Settings(id="", name="Acme", web_url=web, api_url=api, files_url=PATHS[2])
    await check(configuration_of(settings, issued).section)(seat)
    await seat.until_shown("✕")


def check(text: str) -> Scene:
    async def scene(seat: Seat) -> None:
        await accounts("c")(seat)
        await seat.until_dialog("CheckDialog")
        await seat.type(text)
        await seat.press("ctrl+s")

    return scene


def deletion_refused() -> Any:
    reason = "is not there any more"
    affected = [AffectedServiceAccount("0" * 32, "gone-bot", 2, (), None, False, reason)]
    return deletion_confirmation(affected, to_text(NOW))


PICTURES = {
    "accounts": Picture(demo, accounts()),
    "accounts-none": Picture(small(lambda house: None), accounts()),
    "accounts-one": Picture(small(one_account), accounts()),
    "accounts-marked": Picture(demo, accounts("space", "j", "j", "space")),
    "accounts-stale": Picture(demo, then(accounts(), filtered("stale"))),
    "accounts-by-last-active": Picture(demo, accounts(*"sssss", "enter")),
    "accounts-suspended": Picture(demo_after(suspend_model_manager), accounts("G")),
    "accounts-at-the-limit": Picture(demo_after(four_accounts_at_most), accounts()),
    "accounts-plain-user": Picture(small(account_and_bob, "bob@acme.example"), accounts()),
    "accounts-read-only": Picture(demo_read_only, accounts()),
    "accounts-long-and-wide": Picture(small(hostile_accounts), accounts()),
    "account": Picture(demo, on_account("devops-bot", "enter")),
    "account-suspended": Picture(
        demo_after(suspend_model_manager), on_account("model-manager", "enter")
    ),
    "account-plain-user": Picture(
        small(account_and_bob, "bob@acme.example"), on_account("autoscaler", "enter")
    ),
    "account-read-only": Picture(demo_read_only, on_account("mlops-bot", "enter")),
    "account-refused-sign-ins": Picture(small(refused_sign_ins), on_account("autoscaler", "enter")),
    "account-wide-name": Picture(small(hostile_accounts), on_account("界" * 300, "enter")),
    "credentials": Picture(demo, on_credential("devops-bot")),
    "credentials-rotating": Picture(demo, on_credential("mlops-bot")),
    "credentials-stale": Picture(demo, on_credential("devops-bot", "j")),
    "credentials-suspended": Picture(demo, on_credential("model-manager", "j")),
    "credentials-expired": Picture(small(expired), on_credential("autoscaler")),
    "add": Picture(demo, accounts("a")),
    "add-with-error": Picture(
        demo, then(accounts("a"), filling("AddServiceAccount", "name", "MLOps-Bot"))
    ),
    "new": Picture(demo, new_credentials()),
    "new-prefilled": Picture(demo, new_credentials(notice=prefilled_notice("w"))),
    "new-unusual": Picture(demo, new_credentials(PATHS, prefilled_notice("w"))),
    "new-hostile-name": Picture(demo, new_credentials(called=HOSTILE_NAMES[2])),
    "new-signed-in": Picture(demo, new_credentials(contact=SIGNED_IN)),
    "new-signed-in-hostile": Picture(demo, new_credentials(contact=HOSTILE_SIGN_IN)),
    "new-refused": Picture(demo, new_credentials(contact=REFUSED)),
    "new-revoked": Picture(demo, new_credentials(contact=REVOKED)),
    "new-copy": Picture(demo, then(new_credentials(), press("tab", "enter"))),
    "new-leaving": Picture(demo, then(new_credentials(), press("escape"))),
    "save": Picture(demo, then(new_credentials(), press("tab", "tab", "enter"))),
    "save-with-error": Picture(
        demo,
        then(
            new_credentials(),
            press("tab", "tab", "enter"),
            filling("SaveCredentials", "path", "/nowhere/clearml.conf"),
        ),
    ),
    "refusals": Picture(small(every_cause), refusals()),
    "refusals-none": Picture(small(lambda house: None), refusals()),
    "refusals-unknown": Picture(small(every_cause), refusals("G")),
    "refusals-filtered": Picture(small(every_cause), refusals_filtered),
    "refusals-long-and-wide": Picture(small(hostile_refusals), refusals()),
    "account-edit": Picture(demo, on_account("mlops-bot", "e")),
    "credential-edit": Picture(demo, on_credential("mlops-bot", "e")),
    "credential-edit-with-error": Picture(
        demo,
        then(
            on_credential("devops-bot", "e"),
            filling("EditCredential", "expires_at", "2020-01-01"),
        ),
    ),
    "rotate": Picture(demo, on_credential("devops-bot", "t")),
    "rotate-other-span": Picture(demo, then(on_credential("devops-bot", "t"), other_span)),
    "rotate-back": Picture(demo, on_credential("mlops-bot", "t")),
    "revoke": Picture(demo, on_credential("devops-bot", "d")),
    "credential-suspend": Picture(demo, on_credential("devops-bot", "p")),
    "account-suspend": Picture(demo, on_account("mlops-bot", "p")),
    "delete-one": Picture(demo, on_account("mlops-bot", "d")),
    "delete-many": Picture(demo, accounts("*", "d")),
    "delete-refused": Picture(demo, then(accounts(), pushing(deletion_refused))),
    "check": Picture(demo, accounts("c")),
    "check-findings": Picture(demo, check_pasted),
    "check-strays": Picture(demo, check(STRAYS)),
    "check-unreadable": Picture(
        demo, then(check('api {\n  web_server: "https://\n}'), until_wrong("text"))
    ),
    "accounts-help": Picture(demo, accounts("question_mark")),
}
