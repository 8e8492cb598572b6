"""The best local alignment of two sequences, by a wavefront over the score matrix.

PE i has letter i of the query, so row i of the matrix. The letters of the target pass all PEs; with letter j PE i gets
the score above, H[i - 1, j], remembers the scores to the left and across, and hands on its own. Behind the last letter
the best score of all rows passes from PE to PE. Equal letters score 2, different ones and gaps -1. Cycles: PE i is done
with T letters in cycle T + i; then the best score passes Q - 1 PEs, each of which takes it and hands it on.
"""

import numpy as np

import spatial as sp
from spatial import Stream, int16, uint8
from tests.conformance.program import Program

MATCH, MISMATCH, GAP = 2, -1, -1


def make(Q, T, depth=2):
    @sp.region()
    def align(query: uint8[Q], target: uint8[T], best: int16[1]):
        letters: Stream[uint8, depth][Q]
        above: Stream[int16, depth][Q]
        peaks: Stream[int16, depth][Q]

        @sp.kernel(args=[target])
        def source(target: uint8[T]):
            for j in range(T):
                letters[0].put(target[j])
                above[0].put(0)

        @sp.kernel(mapping=[Q], args=[query, best])
        def row(query: uint8[Q], best: int16[1]):
            i = sp.get_pid()
            left: int16 = 0
            across: int16 = 0
            peak: int16 = 0
            for j in range(T):
                letter = letters[i].get()
                up = above[i].get()
                similar = MATCH if letter == query[i] else MISMATCH
                score: int16 = max(0, across + similar, up + GAP, left + GAP)
                across = up
                left = score
                peak = max(peak, score)
                with sp.meta_if(i + 1 < Q):
                    letters[i + 1].put(letter)
                    above[i + 1].put(score)
            with sp.meta_if(i > 0):
                peak = max(peak, peaks[i - 1].get())
            with sp.meta_if(i + 1 < Q):
                peaks[i].put(peak)
            with sp.meta_else():
                best[0] = peak

    return align


def inputs(random, Q, T):
    return random.integers(0, 4, Q, dtype=np.uint8), random.integers(0, 4, T, dtype=np.uint8)


def reference(size, query, target):
    scores = np.zeros((len(query) + 1, len(target) + 1), dtype=np.int16)
    for i, j in np.ndindex(len(query), len(target)):
        similar = MATCH if query[i] == target[j] else MISMATCH
        scores[i + 1, j + 1] = max(0, scores[i, j] + similar, scores[i, j + 1] + GAP, scores[i + 1, j] + GAP)
    return scores.max(keepdims=True).reshape(1)


PROGRAM = Program(
    name="smith_waterman",
    make=make,
    sizes=((1, 3), (4, 7), (8, 16)),
    inputs=inputs,
    reference=reference,
    cycles=lambda Q, T: T + 1 + 2 * (Q - 1),
)
