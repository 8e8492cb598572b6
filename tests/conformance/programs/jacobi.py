"""Heat on a rod: G steps of averaging over three cells, on P PEs with S cells each.

Before every step neighbours exchange the cells at their common border, both at the same time: each sends first, then
takes. Beyond both ends of the rod it stays as warm as these were at first. All in float32.
"""

import numpy as np

import spatial as sp
from spatial import Stream, float32, int32
from tests.conformance.program import Program


def make(P, S, G, depth=2):
    @sp.region()
    def jacobi(steps: int32, rod: float32[P * S], out: float32[P * S]):
        rightwards: Stream[float32, depth][P]  # rightwards[p]: from PE p - 1 to PE p
        leftwards: Stream[float32, depth][P]  # leftwards[p]: from PE p + 1 to PE p

        @sp.kernel(mapping=[P], args=[steps, rod, out])
        def pe(steps: int32, rod: float32[P * S], out: float32[P * S]):
            p = sp.get_pid()
            cells: float32[S + 2]  # with those of the neighbours at both ends
            cells[1 : S + 1] = rod[p * S : p * S + S]
            cells[0] = rod[0]
            cells[S + 1] = rod[P * S - 1]
            for g in range(steps):
                with sp.meta_if(p + 1 < P):
                    rightwards[p + 1].put(cells[S])
                with sp.meta_if(p > 0):
                    leftwards[p - 1].put(cells[1])
                    cells[0] = rightwards[p].get()
                with sp.meta_if(p + 1 < P):
                    cells[S + 1] = leftwards[p].get()
                left: float32 = cells[0]
                for s in range(1, S + 1):
                    here = cells[s]
                    cells[s] = left * 0.25 + here * 0.5 + cells[s + 1] * 0.25
                    left = here
            out[p * S : p * S + S] = cells[1 : S + 1]

    return jacobi


def inputs(random, P, S, G):
    return np.int32(G), random.normal(size=P * S).astype(np.float32)


def reference(size, steps, rod):
    quarter, half, outside = np.float32(0.25), np.float32(0.5), (rod[0], rod[-1])
    for _ in range(steps):
        padded = np.pad(rod, 1, constant_values=outside)
        rod = padded[:-2] * quarter + rod * half + padded[2:] * quarter
    return rod


PROGRAM = Program(name="jacobi", make=make, sizes=((1, 3, 2), (2, 4, 3), (4, 5, 6)), inputs=inputs, reference=reference)
