"""What stands by to read texts reads none itself, and loses none, whatever happens to it."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread, Timer
from time import monotonic
from typing import Any

import pytest

import store.parsing.standing_by as standing_by
from store.errors import Stopped
from store.parsing.apart import (
    DidNotRun,
    Limits,
    TooBusy,
    TookTooLong,
    end_standbys,
    run_apart,
)
from store.parsing.hocon import parse_hocon
from store.parsing.under_way import waited_for
from tests.cli.console import ROOT

pytestmark = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs Linux")

PATIENT = Limits(seconds=20)
SHORT = Limits(seconds=0.3)

# Answers to a text what was read before it, who reads it, and who stands by.
SCRIPT = """
import os, signal
read = []
def prepare():
    pass
def answer(request):
    text = request["text"]
    read.append(text)
    if text == "for ever":
        while True:
            pass
    if text == "wait":
        signal.pause()
    if text == "crash":
        signal.raise_signal(signal.SIGSEGV)
    return [read, os.getpid(), os.getppid()]
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """A script that says who reads."""
    made = tmp_path / "script.py"
    made.write_text(SCRIPT)
    return made


def standby_of(script: Path) -> int:
    """Who stands by."""
    standby = run_apart(script, "who", PATIENT)[2]
    assert isinstance(standby, int)
    return standby


def see_end(watched: int) -> None:
    """Wait until a process has ended, of which this is the descriptor."""
    with os.fdopen(watched):
        ended, _, _ = select.select([watched], [], [], 20)
    assert ended


def forks_of(pid: int) -> str:
    """The children of a process, those that nobody has waited for with them."""
    return Path(f"/proc/{pid}/task/{pid}/children").read_text()


def test_each_text_is_read_in_a_process_of_its_own_of_one_that_reads_none(script: Path) -> None:
    answers = [run_apart(script, text, PATIENT) for text in ("one", "two", "three")]
    assert [answer[0] for answer in answers] == [["one"], ["two"], ["three"]]
    assert len({answer[1] for answer in answers}) == 3
    (standby,) = {answer[2] for answer in answers}
    assert standby not in (answer[1] for answer in answers)
    assert forks_of(standby) == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_one_that_was_ended_meanwhile_loses_no_text(script: Path, number: int) -> None:
    standby = standby_of(script)
    watched = os.pidfd_open(standby)
    os.kill(standby, number)
    see_end(watched)
    assert standby_of(script) != standby


def test_one_that_is_ended_while_it_has_a_text_read_loses_none(script: Path) -> None:
    standby = standby_of(script)
    watched = os.pidfd_open(standby)
    found: list[Any] = []
    reading = Thread(target=lambda: found.append(run_apart(script, "who", PATIENT)))
    os.kill(standby, signal.SIGSTOP)
    reading.start()
    os.kill(standby, signal.SIGKILL)
    reading.join()
    see_end(watched)
    assert found[0][0] == ["who"]
    assert found[0][2] != standby


def test_a_reader_that_crashes_says_so_and_leaves_the_next_text_alone(script: Path) -> None:
    standby = standby_of(script)
    with pytest.raises(DidNotRun, match=f"ended with {128 + signal.SIGSEGV}"):
        run_apart(script, "crash", PATIENT)
    assert run_apart(script, "next", PATIENT)[::2] == [["next"], standby]


def test_a_reader_whose_time_is_up_leaves_the_next_text_alone(script: Path) -> None:
    standby = standby_of(script)
    with pytest.raises(TookTooLong):
        run_apart(script, "for ever", SHORT)
    assert forks_of(standby) == ""
    assert run_apart(script, "next", PATIENT)[::2] == [["next"], standby]


def test_one_that_does_not_answer_is_ended_in_time(script: Path) -> None:
    standby = standby_of(script)
    watched = os.pidfd_open(standby)
    os.kill(standby, signal.SIGSTOP)
    with pytest.raises(TooBusy):
        run_apart(script, "who", Limits(patience=0.3))
    see_end(watched)
    assert standby_of(script) != standby


def test_what_a_busy_machine_keeps_from_reading_costs_a_text_nothing(script: Path) -> None:
    standby = standby_of(script)
    os.kill(standby, signal.SIGSTOP)
    began = monotonic()

    def go_on() -> None:
        while monotonic() < began + 2 * SHORT.seconds:
            select.select([], [], [], SHORT.seconds)
        os.kill(standby, signal.SIGCONT)

    waking = Thread(target=go_on)
    waking.start()
    assert run_apart(script, "who", SHORT)[::2] == [["who"], standby]
    waking.join()
    assert monotonic() - began > SHORT.seconds


def test_one_that_only_waits_is_ended_though_it_does_no_work(script: Path) -> None:
    standby = standby_of(script)
    with pytest.raises(TooBusy):
        run_apart(script, "wait", Limits(patience=0.3))
    assert forks_of(standby) == ""
    assert run_apart(script, "next", PATIENT)[::2] == [["next"], standby]


def test_who_waits_no_more_ends_the_reader_with_the_one_that_stands_by(script: Path) -> None:
    watched = os.pidfd_open(standby_of(script))
    with waited_for() as reading:
        Timer(0.2, reading.stop).start()
        with pytest.raises(Stopped):
            run_apart(script, "for ever", PATIENT)
    see_end(watched)
    assert run_apart(script, "next", PATIENT)[0] == ["next"]


def test_who_has_stopped_begins_no_other_reading() -> None:
    with waited_for() as reading:
        reading.stop()
        with pytest.raises(Stopped):
            parse_hocon("a = 1")
    assert parse_hocon("a = 1").tree == {"a": 1}


@pytest.mark.parametrize("said", ["raise ImportError", "import os; os._exit(0)"])
def test_one_that_cannot_begin_says_so(script: Path, said: str) -> None:
    script.write_text(said)
    with pytest.raises(DidNotRun, match="before it could read"):
        run_apart(script, "who", PATIENT)


def test_an_interrupt_ends_it_with_its_reader(
    script: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    standby = standby_of(script)
    watched = os.pidfd_open(standby)

    def interrupted(*_: object) -> set[int]:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(standing_by.Standby, "_ready", interrupted)
        with pytest.raises(KeyboardInterrupt):
            run_apart(script, "who", PATIENT)
    see_end(watched)
    assert standby_of(script) != standby


def test_many_at_once_have_their_own_answers_and_few_stay(script: Path) -> None:
    texts = [f"text {number}" for number in range(48)]
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda text: run_apart(script, text, PATIENT), texts))
    assert [answer[0] for answer in answers] == [[text] for text in texts]
    standbys = {answer[2] for answer in answers}
    assert len([one for one in standbys if Path(f"/proc/{one}").exists()]) <= 2


def test_large_texts_go_both_ways(script: Path) -> None:
    text = "x" * 1_000_000
    assert run_apart(script, text, PATIENT)[0] == [text]


@pytest.mark.parametrize("last", ["sys.exit()", "os._exit(0)", "os.kill(os.getpid(), 9)"])
def test_it_ends_with_the_program(script: Path, last: str) -> None:
    code = f"""
import os, sys
from pathlib import Path
from store.parsing.apart import Limits, run_apart
standby = run_apart(Path({str(script)!r}), "who", Limits(seconds=20))[2]
print(standby, flush=True)
sys.stdin.readline()
{last}
"""
    with subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout
        watched = os.pidfd_open(int(program.stdout.readline()))
        program.communicate("end\n")
    see_end(watched)


def test_it_ends_when_there_was_nothing_to_read_for_long(
    script: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Path(standing_by.__file__).with_name("standby.py").read_text(encoding="utf-8")
    assert "_LONGEST_IDLE = 600\n" in source
    impatient = tmp_path / "standby.py"
    impatient.write_text(source.replace("_LONGEST_IDLE = 600\n", "_LONGEST_IDLE = 1\n"))
    monkeypatch.setattr(standing_by, "_SCRIPT", impatient)
    standby = standby_of(script)
    see_end(os.pidfd_open(standby))
    assert standby_of(script) != standby


def test_a_fork_of_the_program_has_its_own(script: Path) -> None:
    standby = standby_of(script)
    fork = os.fork()
    if not fork:
        # Whatever it would say, pytest is not to hear it twice.
        os._exit(standby_of(script) == standby)
    assert os.waitpid(fork, 0)[1] == 0
    assert standby_of(script) == standby


def test_ended_by_the_program_it_is_gone_and_the_next_begins(script: Path) -> None:
    standby = standby_of(script)
    end_standbys()
    assert not Path(f"/proc/{standby}").exists()
    assert standby_of(script) != standby
