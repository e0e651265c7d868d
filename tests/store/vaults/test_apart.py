"""A check touches nothing: no file, no variable, no socket, whatever the text says."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from store.parsing.apart import ReachedOut, run_apart
from store.vaults.checking import check_vault_text
from store.vaults.formats import FORMATS
from tests.store.vaults.texts import PATIENT

# Runs checks, and prints the events that the interpreter tells of meanwhile.
WATCHING = """
import json, sys
from store.parsing.apart import end_standbys
from store.vaults.checking import check_vault_text
from store.vaults.converting import converted
from store.vaults.formats import FORMATS
from tests.store.vaults.texts import PATIENT
texts = json.load(sys.stdin)
for format in FORMATS:
    check_vault_text("", format, PATIENT)
end_standbys()
events = set()
def note(event, arguments):
    if event == "open":
        event = f"open {arguments[0]}"
    elif event == "subprocess.Popen":
        event = f"start {arguments[0]}"
    events.add(event)
sys.addaudithook(note)
for format in FORMATS:
    for text in texts:
        check_vault_text(text, format, PATIENT)
said, events = events, set()
print(json.dumps(sorted(said)))
"""


def reaching(folder: Path) -> list[str]:
    """Texts that ask for what is outside."""
    pipe = folder / "pipe.conf"
    return [
        f'include "{pipe}"\nsdk {{ include file("{pipe}")\n include required(file("{pipe}")) }}',
        f'include "{folder}/*.conf"',
        'include url("http://127.0.0.1:9/x")\ninclude package("store:errors.py")',
        "sdk.a = ${CLEARML_SHAM}\nsdk.b = ${?CLEARML_SHAM}${HOME}",
        f"sdk: !!python/object/apply:os.system ['touch {folder}/made']",
        f"sdk: !include {pipe}",
        f'sdk:\n  a: !!python/name:os.environ\n  b: "{pipe}"',
        f'{{"$ref": "file://{pipe}", "sdk": {{"a": "${{CLEARML_SHAM}}"}}}}',
        "sdk:\n  a: ${CLEARML_SHAM}\n  b: !ENV CLEARML_SHAM",
    ]


def test_no_file_no_variable_no_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = tmp_path / "pipe.conf"
    os.mkfifo(pipe)
    monkeypatch.setenv("CLEARML_SHAM", "seen by somebody")
    for text in reaching(tmp_path):
        for format_ in FORMATS:
            assert "seen by" not in repr(check_vault_text(text, format_, PATIENT))
    # Whoever had opened the pipe for reading would let it be opened for writing.
    with pytest.raises(OSError, match="No such device") as raised:
        os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
    assert raised.value.errno == errno.ENXIO
    assert list(tmp_path.iterdir()) == [pipe]


def test_the_program_itself_does_no_more_than_start_a_reader(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WATCHING],
        input=json.dumps(reaching(tmp_path)),
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[3],
        check=True,
    )
    said = json.loads(done.stdout)
    assert f"start {sys.executable}" in said
    opened = {event for event in said if event.startswith("open ")}
    # What a reader has for its errors, and the pipes that it talks through.
    assert all(event == "open /dev/null" or event[5:].isdigit() for event in opened), opened
    assert not [event for event in said if event.startswith(("socket.", "urllib.", "os.listdir"))]


def test_a_yaml_reader_that_reaches_out_ends(tmp_path: Path) -> None:
    import store.parsing.yaml_child as child

    source = Path(child.__file__).read_text()
    script = tmp_path / "yaml_child.py"
    begin = "        for event in _parser().parse("
    assert begin in source
    script.write_text(source.replace(begin, f"        open('/dev/null')\n{begin}"))
    with pytest.raises(ReachedOut):
        run_apart(script, "a: 1", PATIENT)
