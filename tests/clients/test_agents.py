"""The agent, running tasks for their owners or not allowed to."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.credential_views import IssuedCredential
from tests.clients.running import LONGEST, environment_of, run
from tests.clients.serving import Estate, estate
from tests.store.house import settings_edit

AGENT = "\nagent.disable_agent_update_check = true\n"
REFUSED = "User role not suitable for --use-owner-token option"
PASSED = "Unable to find endpoint for name queues.get_all"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    """A workspace that is served, for all tests here."""
    with estate(tmp_path_factory.mktemp("estate")) as made:
        edit = settings_edit(made.admin, api_url=made.url)
        made.admin.edit_settings(edit)
        yield made


def conf_of(served: Estate, issued: IssuedCredential) -> str:
    """The `clearml.conf` of an agent, as the screen shows it."""
    return served.admin.configuration_of(issued).section + AGENT


@pytest.mark.parametrize("is_allowed", [False, True])
def test_the_owners_token_needs_leave(served: Estate, tmp_path: Path, is_allowed: bool) -> None:
    issued = served.admin.add_service_account(f"agent {is_allowed}", is_allowed)
    environment = environment_of(tmp_path / "home")
    (tmp_path / "home" / "clearml.conf").write_text(conf_of(served, issued))
    done = subprocess.run(
        ["clearml-agent", "daemon", "--foreground", "--use-owner-token", "--queue", "default"],
        env=environment,
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    said = done.stdout + done.stderr
    assert (REFUSED in said) == (not is_allowed), said
    assert (PASSED in said) == is_allowed, said


FOR_OWNER = """
from clearml_agent.commands import Worker
from clearml_agent.session import Session
owner, company = sys.argv[1:] if len(sys.argv) > 1 else (OWNER, COMPANY)
session = Session()
task = Worker.get_task_session(owner, company, session)
answer(None if task is None else {"token": task.token})
"""
TASK = """
from clearml.backend_api.session import Session
session = Session()
answer({
    "identity": session.get_decoded_token(session.token)["identity"],
    "probe": session.config.get("sdk.probe", None),
})
"""


def test_a_task_runs_for_its_owner_with_the_owners_vault(served: Estate, tmp_path: Path) -> None:
    owner = served.admin.actor
    agent = served.admin.add_service_account("impersonating", allow_impersonation=True)
    served.house.save_vault(owner, '{"sdk": {"probe": "the owner"}}')
    served.house.save_vault(agent.member, '{"sdk": {"probe": "the agent"}}')
    company = served.admin.settings().id
    named = f"OWNER, COMPANY = {owner!r}, {company!r}\n"
    acting = run(tmp_path / "agent", named + FOR_OWNER, conf=conf_of(served, agent))
    assert acting.result, acting.said
    urls = served.admin.settings()
    variables = {
        "CLEARML_AUTH_TOKEN": acting.result["token"],
        "CLEARML_API_HOST": urls.api_url,
        "CLEARML_WEB_HOST": urls.web_url,
        "CLEARML_FILES_HOST": urls.files_url,
    }
    task = run(tmp_path / "task", TASK, variables=variables)
    assert task.result, task.said
    identity = task.result["identity"]
    assert (identity["user"], identity["role"]) == (owner, "user")
    assert identity["service_account_type"] == 0
    assert task.result["probe"] == "the owner"
    (recorded,) = served.seen_anew().impersonations()
    assert (recorded.agent, recorded.owner, recorded.count) == (agent.member, owner, 1)
    served.admin.suspend_service_accounts([agent.member])
    ended = run(tmp_path / "ended", TASK, variables=variables)
    assert ended.status == 1
    assert "Invalid token" in ended.said
