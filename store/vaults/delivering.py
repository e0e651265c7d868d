"""What clients get of a vault: HOCON, for they read nothing else."""

from __future__ import annotations

import json
from typing import Any

from store.vaults.formats import Format

# What stores keep of what was delivered is of one writing: another number, and it is written anew.
# To be raised with each change of what `delivered` gives for a text.
WRITING = 1


def delivered(text: str, format: Format, tree: dict[str, Any]) -> str:  # noqa: A002
    """What clients get of a text: HOCON as it was typed, else JSON that they read as the same tree.

    Args:
        text: A text that was checked and is good.
        format: Its format.
        tree: What it holds.
    """
    return text if format == "hocon" else as_json(tree)


def as_json(tree: dict[str, Any]) -> str:
    r"""A tree as JSON on one line. Clients leave `\u` escapes as they are, so there are none."""
    return json.dumps(tree, ensure_ascii=False, allow_nan=False)
