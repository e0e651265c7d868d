"""What is handed out signs the SDK in, saved as a file or set as variables."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from store.configuration import Configuration
from tests.clients.endpoint import endpoint
from tests.store.house import HOSTILE_NAMES, House, settings_edit

SESSION = """
from clearml.backend_api.session import Session
session = Session()
print("user:", session.get_decoded_token(session.token)["identity"]["user"])
"""


def user_of_session(folder: Path, proxy: str, *, section: str = "", shell: str = "") -> str:
    """The id of the user that the SDK signs in as, with this file in its home or these lines."""
    if section:
        (folder / "clearml.conf").write_text(section, encoding="utf-8")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "CLEARML_NO_DEFAULT_SERVER": "1",
        **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), proxy),
    }
    done = subprocess.run(
        ["sh", "-eu", "-c", f'{shell}\nexec "$0" -c "$1"', sys.executable, SESSION],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout.rpartition("user: ")[2].strip()


def forms_of(configuration: Configuration) -> dict[str, dict[str, str]]:
    """The forms in which a client can have it without a wizard."""
    return {
        "saved": {"section": configuration.section},
        "set": {"shell": configuration.shell},
    }


@pytest.mark.parametrize("form", ["saved", "set"])
@pytest.mark.parametrize("api_url", ["http://clearml:8008", "http://acme.test:99/path"])
def test_the_sdk_signs_in(house: House, tmp_path: Path, form: str, api_url: str) -> None:
    name = "".join(HOSTILE_NAMES)
    house.admin.edit_settings(settings_edit(house.admin, name=name, api_url=api_url))
    issued = house.admin.add_service_account(name, allow_impersonation=False)
    given = forms_of(house.admin.configuration_of(issued))[form]
    folder = tmp_path / "home"
    folder.mkdir()
    with endpoint(house.as_user()) as server:
        assert user_of_session(folder, server.url, **given) == issued.member
    assert f"{api_url}/auth.login" in server.asked
