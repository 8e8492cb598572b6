"""Runtime sequences in rounds: shares of all fifos begin together, and what leaves is waited for."""

import math

from spatial.device.npu import npu
from spatial.lower.aie.emit.rounds import in_rounds
from spatial.lower.aie.emit.sequence import steps_of
from spatial.lower.aie.emit.storage import stores_of
from spatial.lower.aie.emit.tasks import Task
from spatial.types.dtype import int8
from tests.sim.npu.designs import Gemm


def task(fifo, begins, ends, walk, *, inward=True):
    return Task(
        fifo=fifo, array=fifo, piece=(0, walk), tile=(0, 0), inward=inward, begins=begins, ends=ends
    )  # fmt: skip


def test_a_transfer_is_cut_where_those_of_others_begin():
    halves = [task("A", 0, 0.5, ((1, 0), (1, 0), (4, 8), (8, 1))), task("A", 0.5, 1, ((1, 0), (1, 0), (4, 8), (8, 1)))]
    whole = task("C", 0, 1, ((1, 0), (4, 100), (2, 10), (8, 1)), inward=False)
    first, second = in_rounds([*halves, whole])
    assert [each.fifo for each in first] == [each.fifo for each in second] == ["A", "C"]
    assert first[1].piece == (0, ((1, 0), (2, 100), (2, 10), (8, 1)))
    assert second[1].piece == (200, ((1, 0), (2, 100), (2, 10), (8, 1)))


def test_what_cannot_be_cut_stays_whole():
    thirds = [task("A", n / 3, (n + 1) / 3, ((1, 0), (1, 0), (1, 0), (8, 1))) for n in range(3)]
    whole = task("C", 0, 1, ((1, 0), (1, 0), (4, 10), (8, 1)), inward=False)
    assert [[each.fifo for each in batch] for batch in in_rounds([*thirds, whole])] == [["A", "C"], ["A"], ["A"]]


def steps(*, ahead):
    design = Gemm(1024, 256, 1024, int8)
    mapped = design.mapped()
    return steps_of(mapped, design.placement(), npu("npu1"), stores_of(mapped), ahead=ahead)


def test_each_round_of_a_product_waits_for_its_blocks():
    found = steps(ahead=False)
    kinds = "".join("w" if step.task is None else "i" if step.task.inward else "o" for step in found)
    assert kinds.startswith("iiiiiiiioooowwwwiiiiiiii")
    assert kinds.endswith("oooowwww")


def test_ahead_the_next_transfers_are_queued_before_the_first_ends():
    found = steps(ahead=True)
    first = next(number for number, step in enumerate(found) if step.task is None)
    assert first > 12


def test_both_move_the_same():
    def moved(found):
        tasks = [step.task for step in found if step.task is not None]
        return sum(math.prod(count for count, _ in each.piece[1]) for each in tasks)

    assert moved(steps(ahead=True)) == moved(steps(ahead=False))
