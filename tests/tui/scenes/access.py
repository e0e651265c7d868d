"""Groups, access rules, the catalogue, and who can reach what."""

from __future__ import annotations

import json

from textual.widgets import TextArea

from store.listing import Query
from store.operations.access_rules import RuleDraft
from store.operations.resources import ResourceDraft
from store.terms import READ_MODIFY, READ_ONLY
from store.workspace import Workspace
from tests.store.house import HOSTILE_NAMES, House
from tests.tui.catalogued import add_rule, fill, lines
from tests.tui.scenes.scene import (
    Picture,
    Scene,
    filled,
    filling,
    filtered,
    on,
    press,
    quiet,
    then,
    until,
)
from tests.tui.scenes.service_accounts import on_account
from tests.tui.scenes.workspaces import (
    demo,
    demo_after,
    demo_read_only,
    small,
    suspend_model_manager,
)
from tests.tui.seat import Seat

BOB = "bob@acme.example"
GPU, LARGE = "gpu-a100", "Vision"


# What is in the workspace


def add_some(house: House) -> None:
    bob = house.add_user(BOB, "Bob")
    house.add_service_account("autoscaler")
    house.add_group("MLOps", bob)
    fill(house)
    add_rule(house, "queue", "q1", members=[bob])
    add_rule(house, "project", "p1", READ_ONLY)


def without_rules(house: House) -> None:
    house.add_user(BOB, "Bob")
    fill(house)


def many_groups(house: House) -> None:
    for number in range(60):
        house.add_group(f"Team {number:02}", house.admin.actor)


def hostile_access(house: House) -> None:
    bob = house.add_user(BOB, "Bob")
    for number, name in enumerate((*HOSTILE_NAMES, "佐藤 由紀", "x" * 200)):
        member = house.add_user(f"user{number}@acme.example", name)
        house.add_service_account(name)
        group = house.admin.add_group(name, name, [bob, member])
        house.admin.add_resource(ResourceDraft("project", f"p{number}", name))
        house.admin.add_resource(ResourceDraft("task", f"t{number}", name, f"p{number}"))
        house.admin.add_resource(ResourceDraft("queue", f"q{number}", name))
        for kind, key in (("project", f"p{number}"), ("queue", f"q{number}")):
            draft = RuleDraft(kind, key, READ_ONLY, (member,), (group,))  # type: ignore[arg-type]
            house.admin.add_access_rule(draft)


def impersonating(house: House) -> None:
    house.admin.add_service_account("autoscaler", True)
    fill(house)
    add_rule(house, "queue", "q1")


def only_administrators_and_reasons(workspace: Workspace) -> None:
    """Rules that leave many grants behind one permission."""
    groups = [group.id for group in workspace.choosable_groups()][:9]
    (gpu,) = workspace.list_resources(Query(filter=GPU)).ids
    for group in groups:
        draft = RuleDraft("queue", gpu, READ_MODIFY, (workspace.actor,), (group,))
        workspace.add_access_rule(draft)


# Getting there


def groups(*keys: str) -> Scene:
    async def scene(seat: Seat) -> None:
        await seat.press("3")
        await seat.until(lambda: seat.tab.id == "user-groups" and "Users" in seat.rows)
        await seat.pilot.pause()
        await seat.press(*keys)

    return scene


def rules(*keys: str) -> Scene:
    async def scene(seat: Seat) -> None:
        await seat.press("5")
        await seat.until(lambda: seat.tab.id == "access-rules" and "RULES" in seat.heading)
        await seat.pilot.pause()
        await seat.press(*keys)

    return scene


def catalogue(*keys: str) -> Scene:
    async def scene(seat: Seat) -> None:
        await rules("b")(seat)
        await seat.until_dialog("Catalogue")
        await seat.until(lambda: seat.tab.id == "resources")
        # Until the rows are listed, or what is said in their place.
        await seat.until(lambda: bool(seat.rows) or seat.tab.has_class("-empty"))
        await seat.pilot.pause()
        await seat.press(*keys)

    return scene


def on_group(called: str, *keys: str) -> Scene:
    return then(groups(), on(called, *keys))


def on_rule(called: str, *keys: str) -> Scene:
    return then(rules(), on(called, *keys))


def on_resource(called: str, *keys: str) -> Scene:
    return then(catalogue(), on(called, *keys))


def access(*keys: str) -> Scene:
    return then(until("EffectiveAccessDialog"), press(*keys))


def who(*keys: str) -> Scene:
    return then(until("WhoCanDialog"), press(*keys))


def typed(words: str, *keys: str) -> Scene:
    """Type into the box that has the focus, and wait for what is found."""

    async def scene(seat: Seat) -> None:
        await seat.pilot.pause()
        await seat.type(words)
        await seat.until(lambda: not _is_looking(seat))
        await seat.pilot.pause()
        await seat.press(*keys)

    return scene


def _is_looking(seat: Seat) -> bool:
    return any(worker.group == "look-up" for worker in seat.app.workers if not worker.is_finished)


def in_box(field: str, words: str, *keys: str) -> Scene:
    async def scene(seat: Seat) -> None:
        await seat.pilot.pause()
        seat.input(field).focus()
        await typed(words, *keys)(seat)

    return scene


def importing(*resources: object) -> Scene:
    async def scene(seat: Seat) -> None:
        await seat.until_dialog("ImportResources")
        seat.app.screen.query_one(TextArea).text = "\n".join(
            one if isinstance(one, str) else json.dumps(one) for one in resources
        )
        await seat.until(lambda: "Nothing is imported until" not in seat.words)
        await seat.pilot.pause()

    return scene


IMPACT = until("ImpactConfirmation")
FORM, RULE, RESOURCE = until("UserGroupForm"), until("AccessRuleForm"), until("ResourceForm")
GOOD = json.loads(f"[{lines({'type': 'queue', 'id': 'q9', 'name': 'gpu-new'})}]")[0]
BAD = ('{"type": "task"', {"type": "pipeline", "id": "x", "name": "y"}, {"type": "task", "id": "z"})
PICTURES = {
    "groups": Picture(demo, groups()),
    "groups-preset": Picture(small(lambda house: None), groups()),
    "groups-many": Picture(small(many_groups), groups("G")),
    "groups-marked": Picture(demo, groups("G", "space", "k", "space")),
    "groups-nothing-found": Picture(demo, then(groups(), filtered("nobody [/]"))),
    "groups-plain-user": Picture(small(add_some, BOB), groups()),
    "groups-read-only": Picture(demo_read_only, groups()),
    "groups-long-and-wide": Picture(small(hostile_access), groups()),
    "groups-help": Picture(demo, groups("question_mark")),
    "group": Picture(demo, on_group("MLOps", "enter")),
    "group-users": Picture(demo, on_group("Users", "enter")),
    "group-admins": Picture(demo, on_group("Admins", "enter")),
    "group-plain-user": Picture(small(add_some, BOB), on_group("MLOps", "enter")),
    "group-wide-name": Picture(small(hostile_access), on_group("界" * 300, "enter")),
    "group-add": Picture(demo, then(groups("a"), FORM)),
    "group-add-with-error": Picture(
        demo, then(groups("a"), filling("UserGroupForm", "name", "MLOPS"))
    ),
    "group-picker": Picture(demo, then(groups("a"), FORM, in_box("members", "an"))),
    "group-picker-nobody": Picture(demo, then(groups("a"), FORM, in_box("members", "zzz"))),
    "group-edit": Picture(demo, then(on_group("MLOps", "e"), FORM)),
    "group-edit-preset": Picture(demo, then(on_group("Admins", "e"), FORM)),
    "group-edit-wide": Picture(small(hostile_access), then(on_group("界" * 300, "e"), FORM)),
    "group-save": Picture(
        demo,
        then(
            on_group("Vision", "e"),
            FORM,
            in_box("members", "amara", "enter", "escape", "tab", "j", "d", "j", "d", "ctrl+s"),
            IMPACT,
        ),
    ),
    "group-add-picked": Picture(
        small(without_rules),
        then(groups("a"), FORM, typed("New"), in_box("members", "bob", "enter", "escape")),
    ),
    "group-delete": Picture(demo, then(on_group("Vision", "d"), IMPACT)),
    "group-delete-rest": Picture(
        demo, then(on_group("Vision", "d"), IMPACT, press("pagedown", "pagedown", "pagedown"))
    ),
    "group-delete-every-name": Picture(
        demo, then(groups("asterisk", "d"), IMPACT, press("f5"), until("WholeLists"))
    ),
    "group-delete-many": Picture(demo, then(groups("asterisk", "d"), IMPACT)),
    "group-delete-refused": Picture(
        demo, then(groups("space", "space", "space", "d"), until("Confirmation"))
    ),
    "group-delete-wide": Picture(small(hostile_access), then(on_group("界" * 300, "d"), IMPACT)),
    "group-copy": Picture(demo, then(on_group("MLOps", "y"), until("ChoiceDialog"))),
    "regroup": Picture(demo, then(press("j", "space", "j", "space", "u"), until("RegroupDialog"))),
    "regroup-moved": Picture(
        demo,
        then(
            press("j", "space", "j", "space", "u"),
            until("RegroupDialog"),
            press("down", "down", "space", "down", "space"),
        ),
    ),
    "regroup-save": Picture(
        demo,
        then(
            press("j", "space", "j", "space", "u"),
            until("RegroupDialog"),
            press("down", "down", "space", "down", "space", "down", "space", "ctrl+s"),
            IMPACT,
        ),
    ),
}
PICTURES |= {
    "rules": Picture(demo, rules()),
    "rules-none": Picture(small(without_rules), rules()),
    "rules-marked": Picture(demo, rules("space", "j", "space")),
    "rules-filtered": Picture(demo, then(rules(), filtered("type:queue"))),
    "rules-filter": Picture(demo, rules("slash")),
    "rules-nothing-found": Picture(demo, then(rules(), filtered("who:nobody-at-all"))),
    "rules-plain-user": Picture(small(add_some, BOB), rules()),
    "rules-read-only": Picture(demo_read_only, rules()),
    "rules-long-and-wide": Picture(small(hostile_access), rules()),
    "rules-help": Picture(demo, rules("question_mark")),
    "rule": Picture(demo, on_rule(GPU, "enter")),
    "rule-of-all": Picture(demo, on_rule("All models", "enter")),
    "rule-nobody": Picture(demo, on_rule("call recordings 2025", "enter")),
    "rule-wide-name": Picture(small(hostile_access), on_rule("界" * 300, "enter")),
    "rule-add": Picture(demo, then(rules("a"), RULE)),
    "rule-add-picking": Picture(demo, then(rules("a"), RULE, in_box("resource", "vis"))),
    "rule-add-of-another-type": Picture(
        demo, then(rules("a"), RULE, in_box("resource", "gpu-a100"))
    ),
    "rule-add-members": Picture(demo, then(rules("a"), RULE, in_box("members", "an"))),
    "rule-add-groups": Picture(demo, then(rules("a"), RULE, in_box("groups", "in"))),
    "rule-add-save": Picture(
        demo,
        then(
            rules("a"),
            RULE,
            in_box("resource", "sandbox", "enter"),
            in_box("groups", "mlops", "enter", "escape", "ctrl+s"),
            IMPACT,
        ),
    ),
    "rule-edit": Picture(demo, then(on_rule(GPU, "e"), RULE)),
    "rule-edit-save": Picture(
        demo,
        then(on_rule(GPU, "e"), RULE, in_box("members", "amara", "enter", "escape", "ctrl+s")),
    ),
    "rule-delete": Picture(demo, then(on_rule("serving-eu", "d"), IMPACT)),
    "rule-delete-many": Picture(demo, then(rules("asterisk", "d"), IMPACT)),
    "rule-delete-nothing": Picture(demo, then(on_rule("LLM fine-tuning", "j", "d"), IMPACT, quiet)),
}
PICTURES |= {
    "catalogue": Picture(demo, catalogue()),
    "catalogue-none": Picture(small(lambda house: None), catalogue()),
    "catalogue-marked": Picture(demo, catalogue("space", "j", "space")),
    "catalogue-filtered": Picture(demo, then(catalogue(), filtered("type:queue"))),
    "catalogue-nothing-found": Picture(demo, then(catalogue(), filtered("zzz"))),
    "catalogue-plain-user": Picture(small(add_some, BOB), catalogue()),
    "catalogue-read-only": Picture(demo_read_only, then(catalogue(), quiet)),
    "catalogue-long-and-wide": Picture(small(hostile_access), catalogue()),
    "catalogue-help": Picture(demo, catalogue("question_mark")),
    "resource": Picture(demo, on_resource("Detector", "enter")),
    "resource-wide-name": Picture(small(hostile_access), on_resource("界" * 300, "enter")),
    "resource-add": Picture(demo, then(catalogue("a"), RESOURCE)),
    "resource-add-with-error": Picture(
        demo,
        then(catalogue("a"), RESOURCE, filled("name", "New"), filling("ResourceForm", "id", "a b")),
    ),
    "resource-edit": Picture(demo, then(on_resource("Detector", "e"), RESOURCE)),
    "resource-move": Picture(
        demo,
        then(
            on_resource("Detector", "e"),
            RESOURCE,
            in_box("project", "fraud", "enter", "ctrl+s"),
            IMPACT,
        ),
    ),
    "resource-delete": Picture(demo, then(on_resource("Vision", "d"), IMPACT)),
    "resource-delete-many": Picture(demo, then(catalogue("asterisk", "d"), IMPACT)),
    "import": Picture(demo, then(catalogue("i"), until("ImportResources"))),
    "import-good": Picture(demo, then(catalogue("i"), importing(GOOD))),
    "import-bad": Picture(demo, then(catalogue("i"), importing(GOOD, *BAD))),
}
PICTURES |= {
    "access-administrator": Picture(demo, then(on("Ada Lindqvist", "x"), access())),
    "access-user": Picture(demo, then(on("Björn Ek", "x"), access("j", "j", "j"))),
    "access-queue-administrator": Picture(demo, then(on("Aiko Tanaka", "x"), access())),
    "access-account": Picture(demo, then(on_account("devops-bot", "x"), access())),
    "access-impersonating": Picture(
        small(impersonating), then(on_account("autoscaler", "x"), access())
    ),
    "access-tasks": Picture(demo, then(on("Ada Lindqvist", "x"), access("t"))),
    "access-task-owners": Picture(
        demo, then(on_account("mlops-bot", "x"), access("t"), until("TaskOwners"))
    ),
    "access-task-of-owner": Picture(
        demo,
        then(on_account("mlops-bot", "x"), access("t"), until("TaskOwners"), press("enter")),
    ),
    "access-suspended": Picture(demo, then(on("Viktor Petrov", "x"), access())),
    "access-filtered": Picture(demo, then(on("Björn Ek", "x"), access("slash", *"vision only"))),
    "access-nothing-found": Picture(demo, then(on("Björn Ek", "x"), access("slash", *"zzz"))),
    "access-without-rules": Picture(demo, then(on("Björn Ek", "x"), access("u", "G"))),
    "access-of-nothing": Picture(small(lambda house: None), then(press("x"), access())),
    "access-no-rule": Picture(small(without_rules), then(press("x"), access())),
    "access-many-reasons": Picture(
        demo_after(only_administrators_and_reasons),
        then(on("Ada Lindqvist", "x"), access("slash", *"gpu-a", "enter")),
    ),
    "access-hostile": Picture(small(hostile_access), then(on("Bob", "x"), access("j", "j"))),
    "access-hostile-account": Picture(
        small(hostile_access), then(on_account("界" * 300, "x"), access())
    ),
    "access-plain-user": Picture(small(add_some, BOB), then(on("Ada Lindqvist", "x"), access())),
    "who": Picture(demo, then(on_rule(GPU, "x"), who("j"))),
    "who-nobody-named": Picture(demo, then(on_rule("call recordings 2025", "x"), who())),
    "who-no-rule": Picture(demo, then(on_resource("hello world", "x"), who())),
    "who-filtered": Picture(demo, then(on_rule(GPU, "x"), who("slash", *"service"))),
    "who-hostile": Picture(small(hostile_access), then(on_rule("界" * 300, "x"), who("j"))),
    "who-plain-user": Picture(small(add_some, BOB), then(on_rule("gpu", "x"), who())),
    "panel-account": Picture(
        demo_after(suspend_model_manager), on_account("model-manager", "enter")
    ),
    "panel-queue-administrator": Picture(demo, on("Aiko Tanaka", "enter")),
    "panel-no-rule": Picture(small(without_rules), press("enter")),
    "panel-hostile": Picture(small(hostile_access), on_account("界" * 300, "enter")),
}
