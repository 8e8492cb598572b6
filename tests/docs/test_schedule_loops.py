"""`docs/schedules.md` shows what each step makes of loops; `--update-golden` writes it."""

import re
from pathlib import Path

import pytest

import spatial as sp
from spatial import int8, int32
from spatial.customize.loops import LoopSteps
from spatial.ir.function import kernels
from tests.docs.outline import outline

PAGE = Path(__file__).parents[2] / "docs" / "schedules.md"
BLOCK = re.compile(r"```text\n(?:(?!```).)*?# (s\.[^\n]*)\n.*?```", re.S)


def product(A: int8[4, 8], B: int8[8, 6], C: int32[4, 6]):
    for i in range(4):
        for j in range(6):
            for k in range(8):
                C[i, j] += A[i, k] * B[k, j]


def rows(A: int8[4, 8], y: int32[4]):
    for i in range(4):
        total: int32 = 0
        for k in range(8):
            total += A[i, k]
        y[i] = total


def scaled(A: int32[8], B: int32[8], C: int32[8]):
    for i in range(8):
        B[i] = 3 * A[i]
    for j in range(8):
        C[j] = B[j] + 1


def both(A: int32[4, 8], y: int32[4]):
    for i in range(4):
        y[i] = 0
        for k in range(8):
            y[i] += A[i, k]


def pairs(A: int32[9], y: int32[8]):
    for i in range(8):
        y[i] = 3 * A[i]
        y[i] += 3 * A[i] - A[i + 1]


def smoothed(A: int32[10], B: int32[8]):
    part: int32[10]
    for i in range(10):
        part[i] = A[i] - 1
    for j in range(8):
        B[j] = part[j] + part[j + 1] + part[j + 2]


SHOWN = {
    's.split("k", 4)': product,
    's.split("j", 4)': product,
    's.reorder("k", "i")': product,
    's.tile(["i", "j"], [2, 3])': product,
    's.fuse("i", "j")': scaled,
    's.fuse("j", "k")': product,
    's.unroll("k", 3)': rows,
    's.unroll_and_jam("i", 2)': rows,
    's.simplify("i")': pairs,
    's.pipeline("i", ii=4)': rows,
    's.parallel("i")': rows,
    's.peel("i", first=1)': scaled,
    's.distribute("i", "k")': both,
    's.compute_at("i", "j")': smoothed,
    's.reverse_compute_at("j", "i")': smoothed,
}


def drawn(schedule):
    module = schedule.program.module
    return outline(kernels(module)[0])


def shown(step):
    schedule = sp.customize(SHOWN[step])
    before = drawn(schedule)
    eval(step, {"s": schedule})
    return f"```text\n{before}\n# {step}\n\n{drawn(schedule)}```"


def test_the_page_shows_what_steps_make(golden):
    text = PAGE.read_text(encoding="utf-8")
    steps = BLOCK.findall(text)
    golden(BLOCK.sub(lambda match: shown(match[1]), text), PAGE)
    assert {re.match(r"s\.(\w+)", step)[1] for step in steps} == {
        name for name in vars(LoopSteps) if not name.startswith("_")
    }


@pytest.mark.parametrize("name", [name for name in vars(LoopSteps) if not name.startswith("_")])
def test_every_step_says_when_it_is_legal(name):
    assert "legal" in getattr(LoopSteps, name).__doc__.lower()
