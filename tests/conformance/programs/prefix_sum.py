"""All partial sums of P * S numbers, by P PEs with S numbers each.

Every PE sums up its own numbers, all PEs at once. Then a carry passes through the chain: a PE takes the total of all
numbers in front of its own, adds its own total, hands it on, and adds the carry to its sums. Cycles: 2 S for the two
loops of a PE, and two for each of the P - 1 carries.
"""

import numpy as np

import spatial as sp
from spatial import Stream, int32
from tests.conformance.program import Program


def make(P, S, depth=2):
    @sp.region()
    def prefix_sum(X: int32[P * S], Y: int32[P * S]):
        carries: Stream[int32, depth][P]

        @sp.kernel(mapping=[P], args=[X, Y])
        def pe(X: int32[P * S] @ sp.S(0), Y: int32[P * S] @ sp.S(0)):
            p = sp.get_pid()
            sums: int32[S]
            total: int32 = 0
            for s in range(S):
                total += X[s]
                sums[s] = total
            carry: int32 = 0
            with sp.meta_if(p > 0):
                carry = carries[p - 1].get()
            with sp.meta_if(p + 1 < P):
                carries[p].put(carry + total)
            for s in range(S):
                Y[s] = carry + sums[s]

    return prefix_sum


PROGRAM = Program(
    name="prefix_sum",
    make=make,
    sizes=((1, 4), (3, 5), (8, 4)),
    inputs=lambda random, P, S: (random.integers(-(2**31), 2**31, P * S, dtype=np.int32),),
    reference=lambda size, X: np.cumsum(X, dtype=np.int32),
    cycles=lambda P, S: 2 * S + 2 * (P - 1),
)
