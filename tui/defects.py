"""What is left of a defect: one sentence for the person, and a log file without local variables."""

from __future__ import annotations

import os
import traceback
from datetime import UTC, datetime
from pathlib import Path

from store.persistence.files import new_file


def log_defect(error: BaseException, folder: Path) -> str:
    """Write the traceback to a log file that only its owner reads.

    Args:
        error: What was raised.
        folder: Where logs go.

    Returns:
        One sentence for the person, with the file's path.
    """
    # The lines of the traceback are of the source; what variables held is never written.
    report = "".join(traceback.format_exception(error, chain=True))
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    path = folder / f"defect-{stamp}-{os.getpid()}.log"
    sentence = f"Ended because of a defect of its own ({type(error).__name__})."
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = new_file(path)
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(report)
    except OSError:
        return f"{sentence} Its log could not be written to {folder}."
    return f"{sentence} Please report it with the log {path}."
