"""The parsers of HOCON that the clients bundle, as what a text says there."""

from __future__ import annotations

import importlib
import logging
import warnings
from typing import Any

from tests.clients.parsing import PARSERS as CLIENTS

__all__ = ["CLIENTS", "held_by"]


def held_by(client: str, text: str) -> dict[str, Any] | None:
    """What a client has of a text; None where it cannot read it.

    Args:
        client: One of `CLIENTS`.
        text: HOCON.
    """
    parser = importlib.import_module(CLIENTS[client])
    logging.getLogger(f"{CLIENTS[client]}.config_parser").disabled = True
    try:
        with warnings.catch_warnings(action="ignore"):
            tree: dict[str, Any] = parser.ConfigFactory.parse_string(text).as_plain_ordered_dict()
    # They end with errors of many kinds.
    except Exception:
        return None
    return tree
