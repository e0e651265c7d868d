"""HOCON that strangers paste is read apart: nothing is opened, started, connected or looked up."""

from __future__ import annotations

import os
import socket
import sys
from contextlib import closing
from pathlib import Path

import pytest

import store.parsing.hocon_child as child
from store.parsing.apart import Limits, ReachedOut, run_apart
from store.parsing.hocon import parse_hocon, parse_hocon_together

PATIENT = Limits(seconds=20)


def test_no_environment_variable_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEARML_SHAM", "seen")
    text = "CLEARML_SHAM = ${CLEARML_SHAM}\na = ${?CLEARML_SHAM}\nb = ${HOME}${PATH}"
    assert parse_hocon(text, PATIENT).tree == {
        "CLEARML_SHAM": "${CLEARML_SHAM}",
        "a": "${CLEARML_SHAM}",
        "b": "${HOME}${PATH}",
    }


def test_no_file_is_opened_and_nothing_is_connected(tmp_path: Path) -> None:
    # Whoever opens it waits for a writer, until the time is up.
    pipe = tmp_path / "pipe.conf"
    os.mkfifo(pipe)
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
        text = f"""
            include "{pipe}"
            include file("{pipe}")
            include required("{pipe}")
            include "file://{pipe}"
            include "{tmp_path}/*.conf"
            include url("http://127.0.0.1:{port}/a")
            include required("http://127.0.0.1:{port}/b")
            include "http://127.0.0.1:{port}/c"
            a {{ include url("http://127.0.0.1:{port}/d") }}
            b = [include file("{pipe}")]
        """
        parsed = parse_hocon(text, PATIENT)
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()
    assert (parsed.tree, len(parsed.includes)) == ({"a": {}, "b": []}, 10)


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc")
def test_the_process_begins_with_next_to_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import os\n"
        "def prepare(): pass\n"
        "def answer(request):\n"
        "    paths = {fd: f'/proc/self/fd/{fd}' for fd in range(256)}\n"
        "    seen = [fd for fd, path in paths.items() if os.path.lexists(path)]\n"
        "    return [dict(os.environ), os.getcwd(), seen]\n"
    )
    monkeypatch.setenv("CLEARML_SHAM", "seen")
    with (tmp_path / "open").open("w") as kept:
        os.set_inheritable(kept.fileno(), True)
        environment, folder, descriptors = run_apart(script, "", PATIENT)
    # An interpreter without a locale sets one of these by itself.
    assert set(environment) <= {"LC_CTYPE", "LD_LIBRARY_PATH"}
    assert folder == "/"
    assert descriptors == [0, 1, 2]


@pytest.mark.parametrize(
    "doing",
    [
        "open('/dev/null')",
        "__import__('socket').socket()",
        "__import__('os').system('true')",
        "__import__('subprocess').Popen(['true'])",
        "__import__('ctypes').CDLL(None)",
        "__import__('os').listdir('/')",
    ],
)
def test_whatever_reaches_out_all_the_same_ends_the_process(tmp_path: Path, doing: str) -> None:
    source = Path(child.__file__).read_text(encoding="utf-8")
    script = tmp_path / "child.py"
    # As if the parser did it.
    begin = "                raw = self._parse("
    script.write_text(source.replace(begin, f"                {doing}\n{begin}"))
    with pytest.raises(ReachedOut):
        run_apart(script, "a = 1", PATIENT)


def test_who_reaches_out_beside_others_leaves_each_to_be_read_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ["a = 1", "b = 2"]
    assert list(parse_hocon_together(texts, PATIENT)) == texts
    source = Path(child.__file__).read_text(encoding="utf-8")
    script = tmp_path / "child.py"
    begin = "                raw = self._parse("
    script.write_text(source.replace(begin, f"                open('/dev/null')\n{begin}"))
    monkeypatch.setattr("store.parsing.hocon._SCRIPT", script)
    assert parse_hocon_together(texts, PATIENT) == {}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs Linux")
def test_the_limits_are_set(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import resource, signal\n"
        "def prepare(): pass\n"
        "def answer(request):\n"
        "    limits = [resource.getrlimit(getattr(resource, 'RLIMIT_' + name)) for name in"
        " ('CPU', 'AS', 'FSIZE', 'CORE', 'NOFILE')]\n"
        "    return limits, [signal.getitimer(getattr(signal, 'ITIMER_' + name))[0] for name in"
        " ('PROF', 'REAL')]\n"
    )
    asked = Limits(seconds=2.5, patience=30, memory=268435456)
    limits, (work, left) = run_apart(script, "", asked)
    assert limits == [[most, most] for most in (4, 268435456, 0, 0, 16)]
    assert 0 < work <= 2.5 + 0.01
    assert 2.5 < left <= 30
