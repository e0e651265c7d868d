"""Vaults, their editor and history, and effective configurations."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path

from textual import events

from store.listing import Query
from store.operations.administrator_vaults import AdministratorVaultEdit
from store.parsing.under_way import UnderWay
from store.times import from_text, to_text
from store.workspace import Workspace
from tests.store.house import HOSTILE_NAMES, House
from tests.tui.scenes.scene import (
    Picture,
    Scene,
    filling,
    filtered,
    on,
    press,
    pushing,
    quiet,
    saying,
    then,
    until,
)
from tests.tui.scenes.service_accounts import on_account
from tests.tui.scenes.workspaces import (
    demo,
    demo_after,
    demo_read_only,
    in_working_folder,
    restricted,
    small,
)
from tests.tui.seat import Seat
from tests.tui.vault_seat import saving_anything
from tui.dialogs.edit_vault import EditVault
from tui.dialogs.under_way import UnderWayDialog
from tui.drafts import Drafts, digest_of
from tui.widgets.editor_status import STILL_READING
from tui.widgets.vault_editor import VaultEditor
from tui.widgets.vault_view import VaultView

DOCKER = "AWS scaler docker login"
SAVED = '{"agent": {"docker_force_pull": true}}\n'
CLEARML_CONF = """\
api {
    web_server: "https://app.clearml.acme.example"
    api_server: "https://api.clearml.acme.example"
    credentials { "access_key": "SHAM", "secret_key": "sham-secret" }
}
agent.git_user: on-this-machine
sdk.development.worker.log_stdout: false
"""


# What is in the workspace


def add_some(house: House) -> None:
    house.add_user("bob@acme.example", "Bob")
    house.add_vault("Docker", text=SAVED)
    house.add_vault("Not for Bob", "Admins")


def nobodys(house: House) -> None:
    """A vault whose group is gone, and one of many groups."""
    add_some(house)
    names = [f"Team {number:02}" for number in range(12)]
    for name in names:
        house.add_group(name)
    house.add_vault("Of many groups", *names, enabled=False)


def hostile_vaults(house: House) -> None:
    text = {
        "agent": {"[/red]$x": "[@click=app.quit]y \u202e" + "界" * 80},
        "sdk": {"a.b": "x" * 300},
    }
    for name in (*HOSTILE_NAMES, "佐藤 由紀", "x" * 200):
        house.add_group(name, house.admin.actor)
        house.add_vault(name, name, text=json.dumps(text, ensure_ascii=False))
    house.save_vault(house.admin.actor, json.dumps(text, ensure_ascii=False, indent=1))


def with_history(workspace: Workspace) -> None:
    key = docker_of(workspace)
    for number in range(3):
        now = workspace.administrator_vault_details(key)
        text = now.text.replace(f"base:2.{4 + number}", f"base:2.{5 + number}")
        edit = AdministratorVaultEdit(key, now.revision, text, "hocon", True)
        workspace.save_administrator_vault(edit)


def resolved_by_clients(house: House) -> None:
    house.add_service_account("autoscaler")
    text = 'agent.home: ${HOME}/x\nsdk { include "more.conf" }\nenvironment.PATH: ${PATH}:/opt\n'
    house.add_vault("Resolved on the client", text=text, format="hocon")


def nothing_reaches(house: House) -> None:
    house.add_service_account("autoscaler")


def lost(house: House) -> None:
    """A text that is gone from the disk, and one that is not what was saved."""
    bot = house.add_service_account("autoscaler")
    house.save_vault(bot, '{"agent": {"git_user": "own"}}\n')
    house.add_vault("Docker", text='{"agent": {"docker_force_pull": true}}\n')
    texts = sorted((house.folder / "vault-texts").glob("?" * 64))
    for path in texts:
        if "docker" in path.read_text():
            path.unlink()
        else:
            path.write_text("damaged")


def skipped_by_clients(house: House) -> None:
    """One vault that clients leave out, for it is from other times; one that they might."""
    house.add_service_account("autoscaler")
    house.add_vault("Good", text='{"agent": {"git_user": "all"}}\n')
    text = "agent.home: ${agent.nowhere}/x\n"
    house.add_vault("Needs what is not there", text=text, format="hocon")
    with saving_anything():
        house.add_vault("Of other times", text='{"agent": 1}\n')


def none_for_bob(house: House) -> None:
    house.add_user("bob@acme.example", "Bob")
    house.add_vault("Not for Bob", "Admins")


def docker_of(workspace: Workspace) -> str:
    return workspace.list_administrator_vaults(Query(filter=DOCKER)).ids[0]


# Getting there


def vaults(*keys: str) -> Scene:
    async def scene(seat: Seat) -> None:
        await seat.press("4")
        await seat.until(lambda: "ADMINISTRATOR VAULTS" in seat.heading)
        await seat.pilot.pause()
        await seat.press(*keys)

    return scene


def on_vault(called: str, *keys: str) -> Scene:
    return then(vaults(), on(called, *keys))


async def into_text(seat: Seat) -> None:
    await seat.pilot.pause()
    for _ in range(12):
        focused = seat.app.screen.focused
        if focused is not None and any(isinstance(it, VaultView) for it in focused.ancestors):
            return
        await seat.press("tab")
        await seat.pilot.pause(0)
    raise AssertionError("the vault cannot be reached by tab")


def in_text(called: str, *keys: str) -> Scene:
    return then(on_vault(called, "enter"), into_text, press(*keys))


def in_vault_of(account: str, *keys: str) -> Scene:
    return then(on_account(account, "enter"), into_text, press(*keys))


async def checked(seat: Seat) -> None:
    """Wait until the text in the editor has been checked."""
    await seat.until_dialog("EditVault")
    editor = seat.app.screen
    assert isinstance(editor, EditVault)
    # Of a former text nothing is known any more as soon as there is another.
    await seat.until(lambda: editor._checks.answer is not None and "as delivered" in seat.words)


def editing(text: str) -> Scene:
    async def scene(seat: Seat) -> None:
        await seat.until_dialog("EditVault")
        editor = seat.app.screen.query_one(VaultEditor)
        editor.select_all()
        seat.app.post_message(events.Paste(text))
        await seat.until(lambda: editor.text == text)
        await checked(seat)

    return scene


def typing(*keys: str) -> Scene:
    async def scene(seat: Seat) -> None:
        await checked(seat)
        await seat.press(*keys)
        await checked(seat)

    return scene


async def conflict(seat: Seat) -> None:
    assert seat.workspace is not None
    await typing("enter", *"sdk.x=1")(seat)
    key = docker_of(seat.workspace)
    with_history(seat.workspace)
    assert seat.workspace.administrator_vault_details(key)
    await seat.press("ctrl+s")
    await seat.until_dialog("TextDifference")
    await seat.press("enter")
    await seat.until_dialog("VaultConflict")


def effective(account: str, *keys: str) -> Scene:
    async def scene(seat: Seat) -> None:
        await on_account(account, "v")(seat)
        await seat.until_dialog("EffectiveConfigurationDialog")
        await seat.pilot.pause()
        await seat.press(*keys)

    return scene


async def over_clearml_conf(seat: Seat) -> None:
    path = Path.home() / "clearml.conf"
    path.write_text(CLEARML_CONF)
    await effective("devops-bot", "c")(seat)
    await seat.until_dialog("OpenFile")
    await seat.press("enter")
    await seat.until_dialog("EffectiveConfigurationDialog")
    await seat.until_shown("Without clearml.conf")


async def deleted_meanwhile(seat: Seat) -> None:
    """Save what another has deleted."""
    assert seat.workspace is not None
    await typing("enter", *"sdk.x=1")(seat)
    seat.workspace.delete_administrator_vaults([docker_of(seat.workspace)])
    await seat.press("ctrl+s")
    await seat.until_dialog("TextDifference")
    await seat.press("enter")
    await seat.until_shown("There is no administrator vault")


def choosing(*keys: str) -> Scene:
    """Choose another format in the editor, in one of the ways that are offered."""
    return then(checked, press("ctrl+t"), until("ChoiceDialog"), press(*keys))


def restoring(*keys: str) -> Scene:
    """Ask to restore the text before the present one."""
    to_button = press("tab", "tab", "tab", "enter")
    return then(until("VaultHistory"), to_button, until("TextDifference"), press(*keys))


def edited_by(command: str) -> Scene:
    """Ask for one's own editor, where $EDITOR is this."""

    async def scene(seat: Seat) -> None:
        os.environ["EDITOR"] = command
        await seat.press("f4")

    return scene


def left_behind(text: str, *, made_from: str) -> Scene:
    """Open a vault of which a draft was left two hours ago."""

    async def scene(seat: Seat) -> None:
        workspace = seat.workspace
        assert workspace is not None
        key = workspace.list_administrator_vaults(Query(filter="Docker")).ids[0]
        drafts = Drafts(
            workspace=workspace.settings().id,
            actor=workspace.actor,
            vault=f"the administrator vault {key}",
            now=lambda: to_text(from_text(workspace.now()) - timedelta(hours=2)),
        )
        draft = drafts.begin()
        draft.keep(text, "json", digest_of(made_from, "json"))
        draft.release()
        await in_text("Docker", "e")(seat)
        await seat.until_dialog("DraftOffer")

    return scene


async def still_reading(seat: Seat) -> None:
    """Look at the editor when the text is not read after two seconds."""
    await checked(seat)
    editor = seat.app.screen
    assert isinstance(editor, EditVault)
    editor._checks._checked = None
    editor._say_checking(STILL_READING)


def reading() -> UnderWayDialog:
    """What is shown while seven vaults of twenty are read."""
    reading = UnderWay()
    reading.tell(7, 20)
    return UnderWayDialog("Reading the vaults of devops-bot", reading, lambda: False)


async def leaving(seat: Seat) -> None:
    await typing("x")(seat)
    await seat.press("escape")
    await seat.until_dialog("Confirmation")


BAD = 'agent {\n    git_user: here\n    git_pass: "never closed\n}\nsdk { }\n'
ODD = 'agent {\n    worker_name: mine\n    git_user: here\n}\nodd { a: 1 }\ninclude "more.conf"\n'
YAML = "# words\nagent: &all\n  git_user: here\nsdk:\n  aws: *all\n"
HISTORY = then(on_vault(DOCKER, "h"), until("VaultHistory"))
EDIT = in_text(DOCKER, "e")
PICTURES = {
    "vaults": Picture(demo, vaults()),
    "vaults-none": Picture(small(lambda house: None), vaults()),
    "vaults-marked": Picture(demo, vaults("space", "space")),
    "vaults-nothing-found": Picture(demo, then(vaults(), filtered("nobody [/]"))),
    "vaults-by-content": Picture(demo, vaults(*"sssss", "enter")),
    "vaults-plain-user": Picture(small(add_some, "bob@acme.example"), vaults()),
    "vaults-read-only": Picture(demo_read_only, vaults()),
    "vaults-many-groups": Picture(small(nobodys), vaults()),
    "vaults-long-and-wide": Picture(small(hostile_vaults), vaults()),
    "vaults-help": Picture(demo, vaults("question_mark")),
    "vault": Picture(demo, on_vault(DOCKER, "enter")),
    "vault-disabled": Picture(demo, on_vault("autoscaler credentials", "enter")),
    "vault-text": Picture(demo, in_text(DOCKER)),
    "vault-plain-user": Picture(small(add_some, "bob@acme.example"), vaults("enter")),
    "vault-read-only": Picture(demo_read_only, on_vault(DOCKER, "enter")),
    "vault-many-groups": Picture(small(nobodys), on_vault("Of many groups", "enter")),
    "vault-wide-name": Picture(small(hostile_vaults), on_vault("界" * 300, "enter")),
    "vault-add": Picture(demo, vaults("a")),
    "vault-add-with-error": Picture(
        demo, then(vaults("a"), filling("AdministratorVaultForm", "name", DOCKER.upper()))
    ),
    "vault-edit": Picture(demo, on_vault(DOCKER, "e")),
    "vault-copy": Picture(demo, on_vault(DOCKER, "y")),
    "vault-download": Picture(demo, on_vault(DOCKER, "o")),
    "vault-download-with-error": Picture(
        demo, then(on_vault(DOCKER, "o"), filling("ExportText", "path", "/nowhere/x.conf"))
    ),
    "vault-delete": Picture(demo, on_vault(DOCKER, "d")),
    "vault-delete-many": Picture(demo, vaults("asterisk", "d")),
    "vault-delete-hostile": Picture(small(hostile_vaults), vaults("asterisk", "d")),
}
PICTURES |= {
    "own": Picture(demo, in_vault_of("devops-bot")),
    "own-none": Picture(demo, in_vault_of("mlops-bot")),
    "own-disabled": Picture(demo, in_vault_of("model-manager")),
    "own-of-a-user": Picture(demo, then(on("Ada Lindqvist", "enter"), into_text)),
    "own-applied": Picture(demo, in_vault_of("devops-bot", "tab")),
    "own-hostile": Picture(small(hostile_vaults), then(press("m"), into_text)),
    "own-plain-user": Picture(small(add_some, "bob@acme.example"), then(press("m"), into_text)),
    "own-of-another": Picture(small(add_some, "bob@acme.example"), on("Ada Lindqvist", "enter")),
    "own-copy": Picture(demo, then(in_vault_of("devops-bot", "y"), until("ChoiceDialog"))),
}
PICTURES |= {
    "editor": Picture(demo, then(EDIT, checked)),
    "editor-json": Picture(demo, then(in_vault_of("devops-bot", "e"), checked)),
    "editor-yaml": Picture(demo, then(in_text("autoscaler credentials", "e"), checked)),
    "editor-empty": Picture(demo, then(in_vault_of("mlops-bot", "e"), checked)),
    "editor-error": Picture(demo, then(EDIT, editing(BAD), press("f8"))),
    "editor-not-saved": Picture(demo, then(EDIT, editing(BAD), press("ctrl+s"))),
    "editor-warning": Picture(demo, then(EDIT, editing(ODD), press("f8"))),
    "editor-still-reading": Picture(demo, then(EDIT, still_reading)),
    "editor-find": Picture(demo, then(EDIT, checked, press("ctrl+f", *"docker"))),
    "editor-find-nothing": Picture(demo, then(EDIT, checked, press("ctrl+f", *"zzz"))),
    "editor-replace": Picture(
        demo, then(EDIT, checked, press("ctrl+f", *"docker", "ctrl+r", *"podman"))
    ),
    "editor-line": Picture(demo, then(EDIT, checked, press("ctrl+g", *"12:5"))),
    "editor-line-refused": Picture(demo, then(EDIT, checked, press("ctrl+g", *"999", "enter"))),
    "editor-file": Picture(demo, then(EDIT, checked, press("ctrl+o"), until("ChoiceDialog"))),
    "editor-draft": Picture(
        small(add_some), left_behind("# mine\n" + SAVED + "}\n", made_from=SAVED)
    ),
    "editor-draft-overtaken": Picture(
        small(add_some), left_behind("# mine\n" + SAVED, made_from="")
    ),
    "editor-draft-difference": Picture(
        small(add_some),
        then(
            left_behind("# mine\n" + SAVED, made_from=SAVED),
            press("shift+tab", "shift+tab", "enter"),
            until("TextDifference"),
        ),
    ),
    "editor-format": Picture(demo, then(EDIT, checked, press("ctrl+t"), until("ChoiceDialog"))),
    "editor-convert": Picture(
        demo, then(EDIT, checked, press("ctrl+t", "enter"), until("Confirmation"))
    ),
    "editor-difference": Picture(
        demo,
        then(EDIT, typing("enter", *"sdk.x=1"), press("ctrl+s"), until("TextDifference")),
    ),
    "editor-difference-warned": Picture(
        demo, then(EDIT, editing(ODD), press("ctrl+s"), until("TextDifference"))
    ),
    "editor-same": Picture(demo, then(EDIT, checked, press("f5"), until("TextDifference"))),
    "editor-conflict": Picture(demo, then(EDIT, conflict)),
    "editor-keys": Picture(demo, then(EDIT, checked, press("f1"), until("EditorKeys"))),
    "editor-import": Picture(
        demo, then(EDIT, checked, press("ctrl+o", "enter"), until("ImportText"))
    ),
    "editor-export": Picture(
        demo, then(EDIT, checked, press("ctrl+o", "down", "enter"), until("ExportText"))
    ),
    "editor-leaving": Picture(demo, then(EDIT, leaving)),
    "editor-read-only": Picture(demo_read_only, then(EDIT, checked)),
    "editor-hostile": Picture(
        small(hostile_vaults), then(press("m"), into_text, press("e"), checked)
    ),
}
PICTURES |= {
    "history": Picture(demo_after(with_history), HISTORY),
    "history-marked": Picture(
        demo_after(with_history),
        then(HISTORY, press("space", "j")),
    ),
    "history-one": Picture(demo, then(HISTORY, press("enter"))),
    "history-compare": Picture(
        demo_after(with_history),
        then(HISTORY, press("enter"), until("TextDifference")),
    ),
    "history-purge": Picture(
        demo_after(with_history),
        then(
            HISTORY,
            press("shift+tab", "enter"),
            until("Confirmation"),
        ),
    ),
    "history-read-only": Picture(demo_read_only, then(quiet, HISTORY)),
    "effective": Picture(demo, effective("devops-bot")),
    "effective-under-way": Picture(demo, then(on_account("devops-bot"), pushing(reading))),
    "effective-secrets": Picture(demo, effective("devops-bot", "s", "j", "j")),
    "effective-filtered": Picture(demo, effective("devops-bot", "slash", *"agent git")),
    "effective-nothing-found": Picture(demo, effective("devops-bot", "slash", *"zzz")),
    "effective-over-a-file": Picture(demo, over_clearml_conf),
    "effective-file": Picture(demo, then(effective("devops-bot", "c"), until("OpenFile"))),
    "effective-file-with-error": Picture(
        demo,
        then(effective("devops-bot", "c"), filling("OpenFile", "path", "/nowhere/clearml.conf")),
    ),
    "effective-resolved": Picture(small(resolved_by_clients), effective("autoscaler")),
    "effective-nothing": Picture(small(nothing_reaches), effective("autoscaler")),
    "effective-hostile": Picture(
        small(hostile_vaults), then(press("m", "v"), until("EffectiveConfigurationDialog"))
    ),
}
PICTURES |= {
    "vaults-none-for-a-plain-user": Picture(small(none_for_bob, "bob@acme.example"), vaults()),
    "vaults-moved": Picture(demo, then(quiet, on_vault(DOCKER, "K"), saying("takes it back"))),
    "vaults-switched": Picture(demo, then(quiet, on_vault(DOCKER, "p"), saying("disabled"))),
    "own-switched": Picture(demo, then(in_vault_of("devops-bot", "p"), saying("Vault disabled."))),
    "editor-convert-refused": Picture(
        demo, then(EDIT, editing("agent.x = ${?HOME}\n"), choosing("enter"), saying("has no"))
    ),
    "editor-import-with-error": Picture(
        demo,
        then(
            EDIT,
            checked,
            press("ctrl+o", "enter"),
            filling("ImportText", "path", "/nowhere/x.conf"),
        ),
    ),
    "editor-too-long": Picture(demo, then(EDIT, editing("agent.x = 1\n" * 6_000), press("f8"))),
    "editor-deleted-meanwhile": Picture(demo, then(EDIT, deleted_meanwhile)),
    "editor-restricted": Picture(
        restricted(demo), then(quiet, EDIT, checked, press("f4"), saying("runs no editor"))
    ),
    "editor-plain-user": Picture(
        small(add_some, "bob@acme.example"), then(press("m"), into_text, press("e"), checked)
    ),
    "history-restore": Picture(demo_after(with_history), then(HISTORY, restoring())),
    "effective-skipped": Picture(small(skipped_by_clients), effective("autoscaler")),
    "effective-whole-value": Picture(
        demo, then(effective("devops-bot", *"jjjj", "enter"), until("WholeValue"))
    ),
    "effective-plain-user": Picture(
        small(add_some, "bob@acme.example"),
        then(press("m", "v"), until("EffectiveConfigurationDialog")),
    ),
    "effective-changed": Picture(demo, then(over_clearml_conf, press("slash", "~", "enter"))),
}
PICTURES |= {
    f"lost-{where}": Picture(in_working_folder(small(lost)), scene)
    for where, scene in {
        "tab": on_vault("Docker"),
        "panel": in_text("Docker"),
        "editor": then(in_text("Docker", "e"), checked),
        "own": in_vault_of("autoscaler"),
        "own-editor": then(in_vault_of("autoscaler", "e"), checked),
        "own-copy": in_vault_of("autoscaler", "y"),
    }.items()
}
PICTURES |= {
    f"own-editor-{kind}": Picture(demo, then(EDIT, checked, edited_by(command), saying(said)))
    for kind, command, said in (
        ("unknown", "no-such-editor", "There is no editor no-such-editor."),
        ("failing", "false", "ended with status 1"),
        ("unclear", "'vi", "has a quote without its partner"),
    )
}
