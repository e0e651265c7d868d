"""The activity, checked apart from the store: by its files, hash after hash."""

import hashlib
import json
from pathlib import Path
from typing import Any


def meta_of(folder: Path) -> dict[str, Any]:
    """What workspace.json says of itself."""
    tables = json.loads((folder / "workspace.json").read_bytes())
    (meta,) = tables["meta"].values()
    assert isinstance(meta, dict)
    return meta


def lines_of(folder: Path) -> list[bytes]:
    """The lines of all segments, in order, without their newlines."""
    segments = sorted((folder / "activity").glob("[0-9]*.jsonl"))
    return [line for segment in segments for line in segment.read_bytes().split(b"\n") if line]


def checked_chain(folder: Path) -> list[dict[str, Any]]:
    """The entries that workspace.json vouches for, each seen to carry the hash of the former."""
    meta = meta_of(folder)
    lines = lines_of(folder)[: meta["activity_number"]]
    assert len(lines) == meta["activity_number"]
    digest = "0" * 64
    entries = []
    for number, line in enumerate(lines, start=1):
        entry = json.loads(line)
        assert (entry["number"], entry["previous"]) == (number, digest)
        digest = hashlib.sha256(line).hexdigest()
        entries.append(entry)
    assert digest == meta["activity_hash"]
    return entries
