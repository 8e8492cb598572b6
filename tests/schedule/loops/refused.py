"""Steps that are refused, each with a program: their messages are in `golden/refused`."""

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
from tests.schedule.loops.nests import (
    distances,
    matmul,
    rows,
    sawtooth,
    searched,
    shifted,
    streamed,
    sums,
    told,
    triangle,
    two,
)

__all__ = ["CASES"]


def split_in_too_large_blocks(s):
    split(s.function, s.loop("j"), 7)


def split_without_a_size(s):
    split(s.function, s.loop("j"))


def split_in_parts_of_unknown_size(s):
    split(s.function, s.loop("j"), parts=2)


def split_of_a_search(s):
    split(s.function, s.loop("n"), 2)


def reorder_turns_a_dependence(s):
    s.step(distribute, "i", "j", after=True)
    reorder(s.function, s.loop("j"), s.loop("i"))


def reorder_of_a_sum_of_floats(s):
    s.step(split, "k", 4)
    reorder(s.function, s.loop("k.inner"), s.loop("k.outer"))


def reorder_of_tokens(s):
    reorder(s.function, s.loop("j"), s.loop("i"))


def reorder_of_an_imperfect_nest(s):
    reorder(s.function, s.loop("k"), s.loop("i"))


def reorder_of_a_saw(s):
    reorder(s.function, s.loop("j"), s.loop("i"))


def reorder_of_neighbours(s):
    reorder(s.function, s.loop("j"), s.loop("i"))


def tile_turns_a_dependence(s):
    s.step(distribute, "i", "j", after=True)
    tile(s.function, [s.loop("i"), s.loop("j")], [2, 2])


def tile_without_factors(s):
    tile(s.function, [s.loop("i"), s.loop("j")], [2])


def fuse_of_neighbours_that_need_all(s):
    fuse(s.function, s.loop("j"), s.loop("k"))


def fuse_of_unequal_loops(s):
    s.step(peel, "i", first=1)
    fuse(s.function, s.loop("i"), s.loop("j"))


def fuse_of_loops_apart(s):
    fuse(s.function, s.loop("i"), s.loop("k"))


def unroll_of_unknown_length(s):
    unroll(s.function, s.loop("j"))


def unroll_of_too_much(s):
    unroll(s.function, s.loop("k"), 9)


def jam_turns_a_dependence(s):
    unroll_and_jam(s.function, s.loop("i"), 2)


def jam_of_a_triangle(s):
    unroll_and_jam(s.function, s.loop("i"), 2)


def jam_of_tokens(s):
    unroll_and_jam(s.function, s.loop("i"), 2)


def simplify_of_what_is_done_once(s):
    simplify(s.function, s.loop("k"))


def simplify_of_loads_around_a_token(s):
    simplify(s.function, s.loop("k"))


def pipeline_of_a_while(s):
    pipeline(s.function, s.loop("k"))


def pipeline_at_no_interval(s):
    pipeline(s.function, s.loop("k"), 0)


def pipeline_in_no_style(s):
    pipeline(s.function, s.loop("k"), style="lazy")


def parallel_sums(s):
    parallel(s.function, s.loop("k"))


def parallel_locals(s):
    parallel(s.function, s.loop("k"))


def parallel_tokens(s):
    parallel(s.function, s.loop("j"))


def peel_of_all(s):
    peel(s.function, s.loop("i"), last=4)


def peel_of_unknown_length(s):
    peel(s.function, s.loop("j"), first=1)


def distribute_parts_that_go_to_and_fro(s):
    distribute(s.function, s.loop("i"), s.loop("k"))


def distribute_at_its_end(s):
    distribute(s.function, s.loop("i"), s.loop("k"), after=True)


CASES = {
    split_in_too_large_blocks: matmul,
    split_without_a_size: matmul,
    split_in_parts_of_unknown_size: triangle,
    split_of_a_search: searched,
    reorder_turns_a_dependence: shifted,
    reorder_of_a_sum_of_floats: sums,
    reorder_of_tokens: streamed,
    reorder_of_an_imperfect_nest: rows,
    reorder_of_a_saw: sawtooth,
    reorder_of_neighbours: two,
    tile_turns_a_dependence: shifted,
    tile_without_factors: matmul,
    fuse_of_neighbours_that_need_all: two,
    fuse_of_unequal_loops: two,
    fuse_of_loops_apart: two,
    unroll_of_unknown_length: triangle,
    unroll_of_too_much: matmul,
    jam_turns_a_dependence: shifted,
    jam_of_a_triangle: triangle,
    jam_of_tokens: streamed,
    simplify_of_what_is_done_once: matmul,
    simplify_of_loads_around_a_token: told,
    pipeline_of_a_while: triangle,
    pipeline_at_no_interval: matmul,
    pipeline_in_no_style: matmul,
    parallel_sums: matmul,
    parallel_locals: rows,
    parallel_tokens: streamed,
    peel_of_all: matmul,
    peel_of_unknown_length: triangle,
    distribute_parts_that_go_to_and_fro: rows,
    distribute_at_its_end: distances,
}
