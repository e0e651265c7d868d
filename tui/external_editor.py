"""The person's own editor, on a private copy of a text, while the program stands aside."""

from __future__ import annotations

import contextlib
import errno
import os
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from textual.app import App, SuspendNotSupported

from store.errors import InvalidInput
from store.persistence.files import read_file
from store.vaults.formats import Format
from tui.foreground import NOT_FOUND, NOT_RUN, run_in_foreground
from tui.private_copies import private_copy

# More than any vault may have, in bytes.
MOST_READ = 1_000_000

_SUFFIXES: dict[Format, str] = {"hocon": ".conf", "json": ".json", "yaml": ".yaml"}


def suffix_of(text_format: Format) -> str:
    """What the name of a file with a text of that format ends with."""
    return _SUFFIXES[text_format]


async def edit_outside(app: App[Any], text: str, text_format: Format) -> str:
    """Let the person edit a text with $VISUAL, $EDITOR or vi; what it is afterwards.

    The program draws nothing meanwhile, nor does it do anything else. No copy is left. Where the
    program is asked to end, the editor is, too, and what that had saved by then is the text.

    Args:
        app: The program that stands aside.
        text: The text.
        text_format: Its format, by which editors choose their highlighting.

    Raises:
        InvalidInput: There was no editor, or it failed, or what it left is no text.
    """
    command = editor_command(os.environ)
    with private_copy(text, f"vault{suffix_of(text_format)}") as path:
        try:
            with app.suspend():
                ended = run_in_foreground([*command, str(path)])
        except SuspendNotSupported as error:
            raise InvalidInput("This terminal has no room for another editor.") from error
        if ended.was_asked:
            return _saved_by_then(path, text)
        if ended.status:
            raise InvalidInput(_why(command[0], ended.status))
        return _read(path, text)


def editor_command(environment: Mapping[str, str]) -> list[str]:
    """The editor that a person wants, with its arguments.

    Args:
        environment: Where VISUAL and EDITOR may be set.

    Raises:
        InvalidInput: What is set cannot be understood.
    """
    for name in ("VISUAL", "EDITOR"):
        with contextlib.suppress(KeyError):
            try:
                command = shlex.split(environment[name])
            except ValueError as error:
                raise InvalidInput(
                    f"${name} has a quote without its partner. Set it anew."
                ) from error
            if command:
                return command
    return ["vi"]


def _why(editor: str, status: int) -> str:
    stays = "The text here stays as it was."
    if status == NOT_FOUND:
        return f"There is no editor {editor}. Set $EDITOR to one that is there. {stays}"
    if status == NOT_RUN:
        return f"The editor {editor} could not be run. {stays}"
    if status < 0:
        return f"The editor {editor} was ended by signal {-status}. {stays}"
    return f"The editor {editor} ended with status {status}. {stays}"


def _saved_by_then(path: Path, former: str) -> str:
    # nano puts what was not saved beside the file when it is asked to end.
    rescued = path.with_name(f"{path.name}.save")
    with contextlib.suppress(InvalidInput):
        return _read(rescued if rescued.is_file() else path, former)
    return former


def _read(path: Path, former: str) -> str:
    try:
        data = read_file(path, most=MOST_READ, follows_links=True)
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise InvalidInput(
                f"The editor left more than {MOST_READ:,} bytes, which is too much."
            ) from error
        raise InvalidInput("The editor left no file. The text here stays as it was.") from error
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise InvalidInput("The editor left what is no text in UTF-8.") from error
    # Many editors end the last line, asked or not.
    return former if text == f"{former}\n" else text
