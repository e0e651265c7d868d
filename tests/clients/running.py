"""Runs the real clients, each case in a process and a home of its own, with no way out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Nothing listens there.
DEAD = "http://127.0.0.1:9"
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")
LONGEST = 60


@dataclass
class Done:
    """What a client came to.

    Attributes:
        status: Its exit status.
        said: What it said, on both its outputs.
        result: What the script has handed back, or None.
    """

    status: int
    said: str
    result: Any


def environment_of(folder: Path, *, proxy: str = "") -> dict[str, str]:
    """What a client is told; it reaches the endpoint alone, or what is given as the proxy.

    Args:
        folder: Its home, which is made.
        proxy: A proxy that takes all calls.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LC_ALL": "C.UTF-8",
        "CLEARML_NO_DEFAULT_SERVER": "1",
        **dict.fromkeys(PROXIES, proxy or DEAD),
        **({} if proxy else {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}),
    }


def start(
    folder: Path,
    script: str,
    *,
    conf: str = "",
    proxy: str = "",
    variables: Mapping[str, str] | None = None,
) -> subprocess.Popen[str]:
    """Start a script that uses a client. It reads lines, and hands back by `answer(...)`."""
    environment = environment_of(folder, proxy=proxy) | dict(variables or {})
    if conf:
        (folder / "clearml.conf").write_text(conf, encoding="utf-8")
    handing_back = (
        "import json, sys\n"
        "out, sys.stdout = sys.stdout, sys.stderr\n"
        "def answer(value): print(json.dumps(value, default=str), file=out, flush=True)\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", handing_back + script],
        env=environment,
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(folder: Path, script: str, **named: Any) -> Done:
    """Run a script that uses a client to its end."""
    process = start(folder, script, **named)
    try:
        out, said = process.communicate("", timeout=LONGEST)
    finally:
        process.kill()
    return Done(process.returncode, said, json.loads(out) if out.strip() else None)
