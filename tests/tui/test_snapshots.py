"""What the tab and every dialog look like: wide and narrow, dark and light."""

from __future__ import annotations

import atexit
import copy
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Input, TextArea

from benchmarks.workspaces import ADMINISTRATOR, workspace_of
from store.configuration import configuration_of
from store.credential_views import IssuedCredential
from store.demo import DEMO_NOW, demo_workspace
from store.errors import InvalidInput, SignInRefused
from store.listing import Query
from store.models import Settings
from store.operations.credentials import CredentialEdit
from store.operations.invitations import InvitationLink
from store.operations.service_accounts import AffectedServiceAccount
from store.operations.users import Affected
from store.persistence.store import Store
from store.refusal_views import Contact, Grounds, RefusedRow
from store.sign_ins import RefusedSignIn, Verdict
from store.times import to_text
from store.usage import NEVER, Used
from store.workspace import Workspace
from tests.store.house import HOSTILE_NAMES, NOW, House, StoppedClock, settings_edit
from tests.store.keyring import flush
from tests.tui.seat import BESIDE, OVER, Seat
from tui.app import AdminApp
from tui.confirmations import removal_confirmation
from tui.dialogs.invitation_links import InvitationLinks
from tui.dialogs.message import MessageDialog
from tui.dialogs.new_credentials import NewCredentials
from tui.dialogs.workspace_settings import prefilled_notice
from tui.launch import FirstStartOffer, Launch
from tui.service_account_confirmations import deletion_confirmation
from tui.themes import LIGHT

Compare = Callable[..., bool]
Scene = Callable[[Seat], Awaitable[None]]
Make = Callable[[Path], Launch]

SIZES = {"120x40": BESIDE, "80x24": OVER}
PASTED = "grace@acme.example, Katherine Johnson <kj@acme.example>\nada.lindqvist@acme.example bad@"
SHAM = [
    InvitationLink("", f"{name}@acme.example", f"https://api.acme.example/join/{'SHAM' * 10}{name}")
    for name in ("grace", "kj")
]

# It belongs to no store: a secret that did would be in the pictures.
SHAM_CREDENTIAL = IssuedCredential(
    "0" * 32, "autoscaler", "SHAM" * 7 + "XY", "sham-secret_" * 5 + "sham", "Default Credentials", 1
)
HOSTS = tuple(f"https://{host}.clearml.acme.example" for host in ("app", "api", "files"))
PATHS = tuple(f"https://clearml.acme.example/{path}" for path in ("web", "api", "files"))


@dataclass(frozen=True)
class Picture:
    """One state: of which workspace, and how to get there."""

    make: Make
    scene: Scene


@cache
def made_demo() -> Workspace:
    """The demo, made once and never changed: every picture has a copy of it."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return demo_workspace(Path(folder) / "store")


def demo(folder: Path) -> Launch:
    original = made_demo()
    shutil.copytree(original.path, folder)
    # As random as the original's is after it was made.
    mint = copy.deepcopy(original._mint)
    return Launch(
        Workspace(Store(folder), original.actor, clock=lambda: DEMO_NOW, mint=mint), is_demo=True
    )


def demo_after(change: Callable[[Workspace], Any]) -> Make:
    def make(folder: Path) -> Launch:
        launch = demo(folder)
        assert launch.workspace is not None
        change(launch.workspace)
        return launch

    return make


def demo_limited(limit: int) -> Make:
    return demo_after(lambda it: it.edit_settings(settings_edit(it, user_limit=limit)))


def four_accounts_at_most(workspace: Workspace) -> None:
    workspace.edit_settings(settings_edit(workspace, user_limit=45, service_account_limit=4))


def suspend_model_manager(workspace: Workspace) -> None:
    workspace.suspend_service_accounts([account_called(workspace, "model-manager")])


def account_called(workspace: Workspace, name: str) -> str:
    return workspace.list_service_accounts(Query(filter=name)).ids[0]


def demo_read_only(folder: Path) -> Launch:
    return Launch(demo_workspace(folder, read_only=True), is_demo=True)


def small(fill: Callable[[House], Any], who: str = "") -> Make:
    def make(folder: Path) -> Launch:
        house = House(folder)
        fill(house)
        return Launch(house.as_user(who) if who else house.as_user())

    return make


def hostile(house: House) -> None:
    for number, name in enumerate((*HOSTILE_NAMES, "佐藤 由紀", "x" * 200)):
        house.add_user(f"user{number}@acme.example", name)
    house.add_group("界" * 40, house.admin.actor)


def five(house: House) -> None:
    house.invite(*(f"{name}@acme.example" for name in ("bob", "cleo", "dan", "eve", "fay", "gus")))
    house.admin.edit_settings(settings_edit(house.admin, user_limit=5))


def with_bob(house: House) -> None:
    house.add_user("bob@acme.example", "Bob")
    house.invite("pia@acme.example", name="Pia")


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


def hostile_accounts(house: House) -> None:
    for name in (*HOSTILE_NAMES, "佐藤 由紀", "x" * 200):
        issued = house.admin.add_service_account(name, True)
        house.admin.authenticate(issued.access_key, issued.secret_key, worker=name, address=name)
        label = CredentialEdit(issued.access_key, issued.revision, name, None)
        house.admin.edit_credential(label)
        house.add_group(name, issued.member)


def ten_thousand(folder: Path) -> Launch:
    store = Store(workspace_of(10_000, folder))
    return Launch(Workspace.open(store, who=ADMINISTRATOR, clock=StoppedClock()))


def nowhere(folder: Path) -> Launch:
    def create(_first: object) -> Workspace:
        raise AssertionError("nothing is created for a picture")

    place = Path("/srv/clearml-admin/acme")
    return Launch(None, FirstStartOffer(place, "ada", "Ada Lovelace", "", "clearml", create))


def press(*keys: str) -> Scene:
    async def scene(seat: Seat) -> None:
        await seat.press(*keys)

    return scene


def on(called: str, *keys: str) -> Scene:
    async def scene(seat: Seat) -> None:
        await seat.go_to(called)
        await seat.press(*keys)

    return scene


def filtered(words: str) -> Scene:
    async def scene(seat: Seat) -> None:
        await seat.press("slash")
        await seat.type(words)
        await seat.until(lambda: seat.tab.filter_words == words)

    return scene


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


def then(*scenes: Scene) -> Scene:
    async def scene(seat: Seat) -> None:
        for one in scenes:
            await one(seat)

    return scene


def until_wrong(field: str) -> Scene:
    async def scene(seat: Seat) -> None:
        await seat.until(lambda: bool(seat.error_at(field)))

    return scene


def filled(field: str, text: str) -> Scene:
    async def scene(seat: Seat) -> None:
        await seat.fill(field, text)

    return scene


def filling(dialog: str, field: str, text: str) -> Scene:
    async def scene(seat: Seat) -> None:
        await seat.until_dialog(dialog)
        await seat.fill(field, text)
        await seat.press("ctrl+s")
        await until_wrong(field)(seat)

    return scene


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


def pushing(make: Callable[[], Any]) -> Scene:
    async def scene(seat: Seat) -> None:
        seat.app.push_screen(make())

    return scene


async def invite_with_problems(seat: Seat) -> None:
    await seat.press("i")
    await seat.until_dialog("InviteDialog")
    await seat.type(PASTED)
    await seat.until_shown("2 can be invited · 2 cannot")


async def edit_with_errors(seat: Seat) -> None:
    await seat.go_to("Chen Wei")
    await seat.press("e")
    await seat.until_dialog("EditUser")
    await seat.fill("email", "nonsense")
    await seat.press("enter")
    await seat.until(lambda: bool(seat.error_at("email")))


async def settings_with_error(seat: Seat) -> None:
    await seat.press("w")
    await seat.until_dialog("WorkspaceSettings")
    await seat.fill("files_url", seat.input("web_url").value)
    await seat.press("enter")
    await seat.until(lambda: bool(seat.error_at("files_url")))


async def first_start_with_error(seat: Seat) -> None:
    await seat.until_dialog("FirstStartDialog")
    seat.app.screen.show_error(InvalidInput("This is no email.", field="email"))  # type: ignore[attr-defined]


async def command(seat: Seat) -> None:
    await seat.press("colon")
    await seat.until_dialog("CommandPalette")
    await seat.press(*"again")
    await seat.until_shown("Send again")


def refused_only() -> Any:
    reason = "is the last active administrator"
    return removal_confirmation(
        [Affected(str(n) * 32, f"User {n}", 1, 2, False, False, reason) for n in range(9)], ""
    )


def deletion_refused() -> Any:
    reason = "is not there any more"
    affected = [AffectedServiceAccount("0" * 32, "gone-bot", 2, (), None, False, reason)]
    return deletion_confirmation(affected, to_text(NOW))


MANY = press("j", "space", "space", "space", "g", "space")

PICTURES = {
    "tab": Picture(demo, press()),
    "tab-nothing-found": Picture(demo, filtered("nobody [/]")),
    "tab-filtered": Picture(demo, filtered("research")),
    "tab-marked": Picture(demo, MANY),
    "tab-sorted": Picture(demo, press("s", "s", "s", "enter")),
    "tab-end": Picture(demo, press("G")),
    "tab-alone": Picture(small(lambda house: None), press()),
    "tab-long-and-wide": Picture(small(hostile), press()),
    "tab-at-the-limit": Picture(demo_limited(39), press()),
    "tab-over-the-limit": Picture(small(five), press()),
    "tab-plain-user": Picture(small(with_bob, "bob@acme.example"), press()),
    "tab-read-only": Picture(demo_read_only, press()),
    "tab-ten-thousand": Picture(ten_thousand, press()),
    "details": Picture(demo, on("Ada Lindqvist", "enter")),
    "details-expired": Picture(demo, on("Wendy Achterberg", "enter")),
    "details-suspended": Picture(demo, on("Viktor Petrov", "enter")),
    "details-wide-name": Picture(small(hostile), on("界" * 300, "enter")),
    "invite": Picture(demo, press("i")),
    "invite-with-problems": Picture(demo, invite_with_problems),
    "links": Picture(demo, pushing(lambda: InvitationLinks(SHAM, ""))),
    "remove-one": Picture(demo, on("Chen Wei", "d")),
    "remove-many": Picture(demo, press(*"jjjj", "space", "space", "space", "g", "space", "d")),
    "remove-refused": Picture(demo, pushing(refused_only)),
    "remove-wide-name": Picture(small(hostile), on("界" * 300, "d")),
    "withdraw": Picture(demo, on("Omar Benali", "d")),
    "suspend": Picture(demo, on("Chen Wei", "p")),
    "edit": Picture(demo, on("Chen Wei", "e")),
    "edit-with-errors": Picture(demo, edit_with_errors),
    "settings": Picture(demo, press("w")),
    "settings-with-error": Picture(demo, settings_with_error),
    "settings-prefilled": Picture(small(lambda house: None), press("w")),
    "first-start": Picture(nowhere, press()),
    "first-start-with-error": Picture(nowhere, first_start_with_error),
    "sort": Picture(demo, press("s")),
    "copy": Picture(demo, on("Chen Wei", "y")),
    "help": Picture(demo, press("question_mark")),
    "commands": Picture(demo, command),
    "message": Picture(
        demo, pushing(lambda: MessageDialog("The store failed", "No space left. " * 12))
    ),
}
PICTURES |= {
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
    "new-prefilled": Picture(demo, new_credentials(notice=prefilled_notice())),
    "new-unusual": Picture(demo, new_credentials(PATHS, prefilled_notice())),
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
    "check-unreadable": Picture(
        demo, then(check('api {\n  web_server: "https://\n}'), until_wrong("text"))
    ),
    "accounts-help": Picture(demo, accounts("question_mark")),
}
LIGHT_ONES: tuple[str, ...] = ("tab", "remove-many", "invite-with-problems", "details")
LIGHT_ONES += (
    "refusals",
    "new-signed-in",
    "accounts",
    "credentials-rotating",
    "new-unusual",
    "check-findings",
)


def is_working_out(app: App[None]) -> bool:
    """Whether the panel still waits for what a member can reach."""
    return any(
        str(one.render()).endswith("…") for one in app.screen_stack[0].query(".access-summary")
    )


def draw_scrollbars(app: App[None]) -> None:
    """Draw all scrollbars as they are now.

    Nobody sees whether they were drawn before their table got the focus, but a picture tells.
    """
    for screen in app.screen_stack:
        for widget in screen.walk_children(Widget):
            for bar in (widget._vertical_scrollbar, widget._horizontal_scrollbar):
                if bar is not None:
                    bar.refresh()


def take(launch: Launch, scene: Scene, theme: str = "") -> tuple[App[None], Any]:
    """The program, and what brings it to where the picture is taken."""
    app = AdminApp(launch)

    async def run_before(pilot: Pilot[None]) -> None:
        seat = Seat(app, pilot, launch.workspace)
        if launch.workspace is not None:
            await seat.until(lambda: bool(app.screen.query("#users .records")))
            await seat.until(lambda: bool(seat.tab.table.row_count))
        else:
            await seat.until_dialog("FirstStartDialog")
        if theme:
            app.theme = theme
        await scene(seat)
        await seat.until(lambda: not is_working_out(app))
        # The pictures are of the screen; what is said beside it goes by itself.
        app.clear_notifications()
        draw_scrollbars(app)

    return app, run_before


@pytest.fixture(autouse=True)
def _steady_cursor(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cursor does not blink."""
    monkeypatch.setattr(Input, "_toggle_cursor", lambda _input: None)
    monkeypatch.setattr(TextArea, "_toggle_cursor_blink_visible", lambda _area: None)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES.keys())
@pytest.mark.parametrize("name", PICTURES)
def test_looks_as_it_did(
    snap_compare: Compare, home: Path, name: str, size: tuple[int, int]
) -> None:
    picture = PICTURES[name]
    app, run_before = take(picture.make(home / "store"), picture.scene)
    assert snap_compare(app, terminal_size=size, run_before=run_before)


@pytest.mark.parametrize("name", LIGHT_ONES)
def test_looks_as_it_did_in_the_light(snap_compare: Compare, home: Path, name: str) -> None:
    picture = PICTURES[name]
    app, run_before = take(picture.make(home / "store"), picture.scene, LIGHT.name)
    assert snap_compare(app, terminal_size=BESIDE, run_before=run_before)
