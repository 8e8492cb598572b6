"""Conway's game of life on a torus, a PE for each cell.

In every generation a cell tells its eight neighbours whether it lives, then hears from all of them. Every channel lies
on a circle of actors: nothing would move if cells listened before they told. Cycles: G generations, one a cycle, in a
pipeline of two stages: a cell hears one stage after it tells.
"""

import numpy as np

import spatial as sp
from spatial import Stream, bool_, int32
from tests.conformance.program import Program

AROUND = [(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)]


def make(H, W, G, depth=2):
    @sp.region()
    def life(generations: int32, before: bool_[H, W], after: bool_[H, W]):
        tell: Stream[bool_, depth][H, W, len(AROUND)]  # tell[i, j, d]: to cell (i, j) from its neighbour d

        @sp.kernel(mapping=[H, W], args=[generations, before, after])
        def cell(generations: int32, before: bool_[H, W], after: bool_[H, W]):
            i, j = sp.get_pid()
            alive: bool = before[i, j]
            for generation in range(generations):
                for d, (down, right) in sp.meta_for(enumerate(AROUND)):
                    tell[(i - down) % H, (j - right) % W, d].put(alive)
                neighbours: int32 = 0
                for d in sp.meta_for(len(AROUND)):
                    neighbours += tell[i, j, d].get()
                alive = neighbours == 3 or (alive and neighbours == 2)
            after[i, j] = alive

    return life


def inputs(random, H, W, G):
    return np.int32(G), random.random((H, W)) < 0.4


def reference(size, generations, cells):
    for _ in range(generations):
        neighbours = sum(np.roll(cells, shift, axis=(0, 1)).astype(int) for shift in AROUND)
        cells = (neighbours == 3) | (cells & (neighbours == 2))
    return cells


PROGRAM = Program(
    name="game_of_life",
    make=make,
    sizes=((1, 1, 2), (3, 3, 3), (4, 5, 6)),
    inputs=inputs,
    reference=reference,
    cycles=lambda H, W, G: G + 1,
)
