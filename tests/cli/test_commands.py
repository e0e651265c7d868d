"""The commands that need no terminal."""

from __future__ import annotations

import socket
import stat

import pytest

from store.persistence.log_outs import LogOutsFile
from store.persistence.store import Store
from store.workspace import Workspace
from tests.cli.console import Console, own_login
from tests.store.house import ADA, House

INIT = ("--workspace", "Acme", "--name", "Ada Lindqvist", "--email", ADA)
URLS = ("http://w.acme.example", "http://a.acme.example:8008/api", "http://f.acme.example")


class TestInit:
    @pytest.mark.parametrize("is_before", [True, False])
    def test_it_makes_a_workspace_with_its_administrator(
        self, console: Console, is_before: bool
    ) -> None:
        named = ("--store", console.store)
        urls = [part for pair in zip(KINDS, URLS, strict=True) for part in pair]
        before, after = (named, ()) if is_before else ((), named)
        done = console.run(*before, "init", *INIT, *urls, *after)
        assert (done.returncode, done.stdout) == (0, b"")
        assert str(console.store) in done.stderr.decode()
        workspace = Workspace.open(Store(console.store), login=own_login())
        settings = workspace.settings()
        assert (settings.web_url, settings.api_url, settings.files_url) == URLS
        assert not settings.urls_prefilled
        assert workspace.user_details(workspace.actor).email == ADA
        assert workspace.is_administrator

    def test_urls_that_are_not_given_are_filled_in(self, console: Console) -> None:
        console.run("--store", console.store, "init", *INIT, "--api-url", URLS[1])
        settings = Workspace.open(Store(console.store), who=ADA).settings()
        assert settings.api_url == URLS[1]
        assert settings.files_url.endswith(":8081")
        assert settings.urls_prefilled

    def test_one_that_is_there_is_refused(self, console: Console, house: House) -> None:
        said = console.refusal("--store", console.store, "init", *INIT)
        assert "already" in said
        assert str(console.store) in said

    @pytest.mark.parametrize(
        ("more", "says"),
        [
            (("--email", "nobody"), "email"),
            (("--web-url", "ftp://x"), "URL"),
            (("--name", " "), "name"),
        ],
    )
    def test_what_is_not_valid_makes_nothing(
        self, console: Console, more: tuple[str, ...], says: str
    ) -> None:
        assert says in console.refusal("--store", console.store, "init", *INIT, *more)
        assert not console.store.exists()


KINDS = ("--web-url", "--api-url", "--files-url")


class TestRotatingTheSecret:
    def test_a_new_one_for_its_owner_alone(self, console: Console, house: House) -> None:
        path = console.store / "token.secret"
        seen = set()
        for _ in range(2):
            done = console.run("rotate-token-secret", "--store", console.store)
            assert (done.returncode, done.stdout) == (0, b"")
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            secret = path.read_text().strip()
            assert secret not in done.stderr.decode()
            seen.add(secret)
        assert len(seen) == 2
        assert min(map(len, seen)) >= 64

    def test_without_a_store_there_is_none(self, console: Console) -> None:
        said = console.refusal("rotate-token-secret", "--store", console.store)
        assert "clearml-admin init" in said


class TestServing:
    def test_a_store_that_is_not_there(self, console: Console) -> None:
        said = console.refusal("serve", "--store", console.store, "--port", "0")
        assert "clearml-admin init" in said

    def test_a_port_that_is_taken(self, console: Console, house: House) -> None:
        house.close()
        for name, content in (("token.secret", "s" * 64), ("usage.json", "")):
            (console.store / name).write_text(content)
            (console.store / name).chmod(0o600)
        LogOutsFile(console.store, lambda: "").load()
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            said = console.refusal("serve", "--store", console.store, "--port", str(port))
        assert said == (
            f"Port {port} of 127.0.0.1 is taken. Name another with --port, or end what has it."
        )

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (("--host", "nowhere.invalid"), "nowhere.invalid"),
            (("--trusted-proxy", "proxy"), "--trusted-proxy proxy"),
            (("--read-only",), "token.secret"),
        ],
    )
    def test_what_cannot_be_served(
        self, console: Console, house: House, arguments: tuple[str, ...], says: str
    ) -> None:
        done = console.run("serve", "--store", console.store, "--port", "0", *arguments)
        assert done.returncode == 1
        assert says in done.stderr.decode()
        assert done.stderr.count(b"\n") == 1
