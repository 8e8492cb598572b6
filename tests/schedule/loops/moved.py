"""Programs whose nests move into other loops, and moves that are refused."""

import spatial as sp
from spatial import Stream, int16
from spatial.schedule.loops.compute_at import compute_at, reverse_compute_at
from spatial.schedule.loops.peel import peel
from spatial.schedule.naming import buffers_of

__all__ = ["REFUSED", "doubled", "smoothed"]


@sp.region()
def doubled(A: int16[4, 6], x: int16[6], y: int16[4]):
    @sp.kernel(args=[A, x, y])
    def doubled(A: int16[4, 6], x: int16[6], y: int16[4]):
        twice: int16[4, 6]
        for i in range(4):
            for j in range(6):
                twice[i, j] = 2 * A[i, j]
        for r in range(4):
            y[r] = 0
            for k in range(6):
                y[r] += twice[r, k] * x[k]


@sp.region()
def smoothed(A: int16[10], B: int16[10]):
    told: Stream[int16, 4]

    @sp.kernel(args=[A, B])
    def smoothed(A: int16[10], B: int16[10]):
        part: int16[10]
        for i in range(10):
            part[i] = A[i] - 1
        for j in range(8):
            B[j] = part[j] + part[j + 1] + part[j + 2]
        for k in range(8):
            A[k] = B[k]
        for n in range(4):
            B[n] = A[n]
            told.put(A[n])
        for m in range(4):
            A[m] = B[m] + B[m + 1]

    @sp.kernel()
    def sink():
        for n in range(4):
            x: int16 = told.get()


@sp.region()
def swapped(A: int16[8]):
    @sp.kernel(args=[A])
    def swapped(A: int16[8]):
        kept: int16[8]
        for i in range(8):
            kept[i] = A[i]
        for j in range(8):
            A[j] = kept[7 - j]
        for k in range(8):
            kept[k] = A[k]
        for n in range(7):
            A[n] = kept[n] + kept[n + 1]


def compute_at_leaves_out_what_others_need(s):
    compute_at(s.function, s.loop("j"), s.loop("m"))


def compute_at_turns_a_dependence(s):
    compute_at(s.function, s.loop("i"), s.loop("j"))


def compute_at_would_put_twice(s):
    compute_at(s.function, s.loop("n"), s.loop("m"))


def compute_at_changes_what_is_read_again(s):
    compute_at(s.function, s.loop("k"), s.loop("n"))


def compute_at_of_what_is_not_used(s):
    compute_at(s.function, s.loop("i"), s.loop("k"))


def compute_at_of_a_nest_behind(s):
    compute_at(s.function, s.loop("r"), s.loop("i"))


def compute_at_by_an_array_that_several_nests_write(s):
    compute_at(s.function, buffers_of(s.function)["B"], s.loop("m"))


def reverse_compute_at_comes_too_early(s):
    reverse_compute_at(s.function, s.loop("j"), s.loop("i"))


def reverse_compute_at_of_what_uses_nothing(s):
    reverse_compute_at(s.function, s.loop("n"), s.loop("i"))


def reverse_compute_at_where_not_all_uses_it(s):
    s.step(peel, "i", last=5)
    reverse_compute_at(s.function, s.loop("j"), s.loop("i"))


REFUSED = {
    compute_at_leaves_out_what_others_need: smoothed,
    compute_at_turns_a_dependence: swapped,
    compute_at_would_put_twice: smoothed,
    compute_at_changes_what_is_read_again: swapped,
    compute_at_of_what_is_not_used: smoothed,
    compute_at_of_a_nest_behind: doubled,
    compute_at_by_an_array_that_several_nests_write: smoothed,
    reverse_compute_at_comes_too_early: swapped,
    reverse_compute_at_of_what_uses_nothing: smoothed,
    reverse_compute_at_where_not_all_uses_it: smoothed,
}
