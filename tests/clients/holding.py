"""What a session of the real SDK holds, as `test_reading` asks it: a script for its own process.

It answers each line of its input, JSON with `conf` and `variables`, by a line with the keys and
URLs of a session that has come as far as signing in, or the name of the error that it ended with.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any


def hold(conf: str, variables: dict[str, str]) -> dict[str, Any]:
    """The keys and URLs of a session.

    Args:
        conf: The text of its clearml.conf.
        variables: What is added to its environment.
    """
    import jwt
    from clearml.backend_api import load_config

    session_class: Any = importlib.import_module("clearml.backend_api.session").Session
    Path("clearml.conf").write_bytes(conf.encode())
    before = dict(os.environ)
    os.environ.update(variables)
    # The call itself is a stand-in.
    token = jwt.encode({"api_version": "2.9"}, "secret" * 9, algorithm="HS256")
    session_class._do_refresh_token = lambda *_, **__: token
    try:
        config = load_config()
        session = session_class(config=config)
        return {
            "access_key": session.access_key,
            "secret_key": session.secret_key,
            "api_server": session.host,
            "web_server": session_class.get_app_server_host(config),
            "files_server": session_class.get_files_server_host(config),
        }
    except Exception as error:
        return {"error": type(error).__name__}
    finally:
        os.environ.clear()
        os.environ.update(before)


if __name__ == "__main__":
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        print(json.dumps(hold(**json.loads(line))), file=answers, flush=True)
