"""What each step makes of loops: MLIR before and after, and the same results."""

import math
import random

import pytest

from spatial.ir.mlir import ir
from spatial.ir.text import print_module
from spatial.schedule.loops.compute_at import compute_at, reverse_compute_at
from spatial.schedule.loops.distribute import distribute
from spatial.schedule.loops.fuse import fuse
from spatial.schedule.loops.jam import unroll_and_jam
from spatial.schedule.loops.parallel import parallel
from spatial.schedule.loops.peel import peel
from spatial.schedule.loops.pipeline import pipeline
from spatial.schedule.loops.reorder import reorder
from spatial.schedule.loops.simplify import simplify
from spatial.schedule.loops.split import split
from spatial.schedule.loops.tile import tile
from spatial.schedule.loops.unroll import unroll
from tests.schedule.loops.moved import doubled, smoothed
from tests.schedule.loops.nests import again, distances, lower, matmul, rows, two
from tests.schedule.programs import compiled, results

STEPS = {
    "split": (matmul, (split, "k", 4), {}, ("k.outer", "k.inner")),
    "split_guarded": (matmul, (split, "j", 4), {}, ("j.outer", "j.inner")),
    "split_parts": (matmul, (split, "j"), {"parts": 2}, ("j.outer", "j.inner")),
    "reorder": (matmul, (reorder, "k", "i"), {}, ("k", "i")),
    "reorder_triangle": (lower, (reorder, "j", "i"), {}, ("j", "i")),
    "tile": (matmul, (tile, ["i", "j"], [2, 4]), {}, ("i.outer", "j.outer", "i.inner", "j.inner")),
    "fuse_nest": (matmul, (fuse, "i", "j"), {}, ("i.j",)),
    "fuse_neighbours": (two, (fuse, "i", "j"), {}, ("i",)),
    "unroll": (matmul, (unroll, "k", 3), {}, ("k", "k.rest")),
    "unroll_whole": (rows, (unroll, "k"), {}, ()),
    "unroll_and_jam": (matmul, (unroll_and_jam, "j", 2), {}, ("j",)),
    "unroll_and_jam_rest": (rows, (unroll_and_jam, "i", 3), {}, ("i", "i.rest")),
    "simplify": (again, (simplify, "i"), {}, ("i",)),
    "pipeline": (distances, (pipeline, "i", 2), {"style": "rigid"}, ("i",)),
    "parallel": (rows, (parallel, "i"), {}, ()),
    "peel_first": (two, (peel, "i"), {"first": 1}, ("i.first", "i")),
    "peel_last": (two, (peel, "i"), {"last": 2}, ("i", "i.last")),
    "distribute": (distances, (distribute, "i", "k"), {}, ("i", "i_1")),
    "compute_at": (doubled, (compute_at, "i", "r"), {}, ()),
    "compute_at_inner": (doubled, (compute_at, "i", "k"), {}, ()),
    "compute_at_again": (smoothed, (compute_at, "i", "j"), {}, ()),
    "reverse_compute_at": (doubled, (reverse_compute_at, "r", "i"), {}, ()),
    "reverse_compute_at_guarded": (smoothed, (reverse_compute_at, "j", "i"), {}, ()),
}


def function_text(nests):
    """The function of a program, printed."""
    text = print_module(nests.module)
    begin = text.index("func.func private")
    return text[begin : text.index("\n  }\n", begin) + 5].replace("\n  ", "\n")


@pytest.mark.parametrize("name", STEPS)
def test_a_step_makes_these_loops_and_keeps_results(name, golden):
    region, step, keywords, made = STEPS[name]
    nests = compiled(region)
    random_ = random.Random(name)
    memories = [each for each in nests.function.arguments if isinstance(each.type, ir.MemRefType)]
    sizes = [math.prod(each.type.shape) for each in memories]
    arrays = [[random_.randrange(-99, 99) for _ in range(size)] for size in sizes]
    streams = [[]] * sum(not isinstance(each.type, ir.MemRefType) for each in nests.function.arguments)
    before, expected = function_text(nests), results(nests, arrays, streams)
    assert nests.step(*step, **keywords) == made
    golden(f"// before\n{before}\n// after\n{function_text(nests)}", f"{name}.mlir")
    assert results(nests, arrays, streams) == expected
    assert len(set(nests.names)) == len(nests.names)
