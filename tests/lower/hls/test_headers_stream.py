"""Our `hls_stream.h`: processes run in turn at the declared depths, and what cannot go on is reported."""

from pathlib import Path

import pytest

from tests.lower.hls.cpp import STRICT, needs_compiler, program, run

pytestmark = needs_compiler

SOURCE = Path(__file__).parent / "scheduler.cpp"
DEADLOCK, LIVELOCK = 3, 4


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory):
    return program(tmp_path_factory.mktemp("scheduler"), SOURCE.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("scenario", "text"),
    [
        ("ring", "14 30 \n"),
        ("ring of depth 1", "14 30 \n"),
        ("chain", "5250 5250 5250 \n"),
        ("thousands", "15003\n"),
        ("deep", "1225\n"),
        ("polled", "45045\n"),
        ("local tasks", "2 3 4 5 0\n"),
        ("tasks", "10 20 30 40 50 60 0\n"),
        ("operators", "2 of 3, 5 1 1 0 6 0 0 0\n"),
    ],
)
def test_processes_run_in_turn(scheduler, scenario, text):
    done = run(scheduler, scenario)
    assert (done.returncode, done.stdout, done.stderr) == (0, text, "")


def test_stacks_change_by_the_systems_functions_where_there_are_no_own_ones(tmp_path):
    text = SOURCE.read_text(encoding="utf-8")
    scheduler = program(tmp_path, text, options=(*STRICT, "-U__ELF__"))
    assert run(scheduler, "thousands").stdout == "15003\n"
    assert run(scheduler, "starved").returncode == DEADLOCK


def test_a_ring_with_more_tokens_than_room_is_a_deadlock(scheduler, golden):
    done = run(scheduler, "ring that is too small")
    assert done.returncode == DEADLOCK
    golden(done.stderr, "ring.txt")


def test_a_deadlock_names_processes_and_channels(scheduler, golden):
    done = run(scheduler, "starved")
    assert done.returncode == DEADLOCK
    golden(done.stderr, "starved.txt")


def test_processes_that_only_look_are_a_livelock(scheduler, golden):
    done = run(scheduler, "watching")
    assert done.returncode == LIVELOCK
    golden(done.stderr, "watching.txt")


def test_a_caller_that_waits_for_idle_tasks_is_reported(scheduler, golden):
    done = run(scheduler, "tasks without tokens")
    assert done.returncode == LIVELOCK
    golden(done.stderr, "idle_tasks.txt")


def test_tokens_nobody_read_are_told(scheduler):
    done = run(scheduler, "left over")
    assert done.returncode == 0
    assert done.stderr == (
        "warning: fifo[1] keeps 1 token that nobody read\nwarning: fifo[0] keeps 3 tokens that nobody read\n"
    )
