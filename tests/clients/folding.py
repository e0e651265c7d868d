"""Folds vaults as the clients do, in a process of its own: run as a script by `test_merging`.

It answers each line of its input, JSON with `client`, `base` and `vaults`, by a line with the
configuration that the client ends up with. Only what would go over the network is a stand-in.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from types import SimpleNamespace
from typing import Any


def fold(client: str, base: str, vaults: list[str]) -> dict[str, Any]:
    """The configuration that a client has after it has signed in.

    Args:
        client: `clearml` or `clearml_agent`.
        base: The text of its clearml.conf.
        vaults: The texts that the endpoint gives it.
    """
    with open(os.environ["CLEARML_CONFIG_FILE"], "w", encoding="utf-8") as file:
        file.write(base)
    session, config = _parts(client)
    one: Any = SimpleNamespace(
        config=config,
        feature_set="advanced",
        user_id=None,
        _debug=False,
        _logger=SimpleNamespace(warning=lambda message: print(message, file=sys.stderr)),
        check_min_api_version=lambda _: True,
        send_request=lambda *_, **__: _answer(vaults),
    )
    config.reload()
    if client == "clearml":
        one._read_vaults = lambda: session._read_vaults(one)
        session._load_vaults(one)
    else:
        session.load_vaults(one)
    whole: dict[str, Any] = config.to_dict()
    # The client's own word for where it runs.
    whole.pop("env")
    return whole


def _parts(client: str) -> tuple[Any, Any]:
    session = importlib.import_module(f"{client}.backend_api.session.session").Session
    return session, importlib.import_module(f"{client}.backend_config").Config(verbose=False)


def _answer(vaults: list[str]) -> Any:
    listed = [
        {"id": f"v{number}", "description": f"number {number}", "scope": "user", "data": text}
        for number, text in enumerate(vaults)
    ]
    return SimpleNamespace(ok=True, json=lambda: {"data": {"vaults": listed}})


if __name__ == "__main__":
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        print(json.dumps(fold(**json.loads(line)), default=repr), file=answers, flush=True)
