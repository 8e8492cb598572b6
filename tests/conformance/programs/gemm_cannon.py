"""C = A @ B by Cannon's algorithm on a torus of P x P PEs.

PE (i, j) starts with A[i, i + j] and B[i + j, j], indices modulo P. In every step it multiplies what it has, sends its
element of A to the left and that of B up, and takes those of its neighbours to the right and below. The torus closes
on itself, so every PE sends before it takes; behind the last product nothing is sent. Cycles: P - 1 steps, one a
cycle, in a pipeline of two stages, since a get that may answer a put of its own step stands a stage behind it.
"""

import spatial as sp
from spatial import Stream, int8, int32
from tests.conformance.matrices import int8_operands, integer_product
from tests.conformance.program import Program


def make(P, depth=2):
    @sp.region()
    def cannon(A: int8[P, P], B: int8[P, P], C: int32[P, P]):
        left: Stream[int8, depth][P, P]
        up: Stream[int8, depth][P, P]

        @sp.kernel(mapping=[P, P], args=[A, B, C])
        def pe(A: int8[P, P], B: int8[P, P], C: int32[P, P]):
            i, j = sp.get_pid()
            a: int8 = A[i, (i + j) % P]
            b: int8 = B[(i + j) % P, j]
            total: int32 = a * b
            for step in range(P - 1):
                left[i, (j - 1) % P].put(a)
                up[(i - 1) % P, j].put(b)
                a = left[i, j].get()
                b = up[i, j].get()
                total += a * b
            C[i, j] = total

    return cannon


PROGRAM = Program(
    name="gemm_cannon",
    make=make,
    sizes=((2,), (3,), (4,)),
    inputs=lambda random, P: int8_operands(random, P, P, P),
    reference=integer_product,
    cycles=lambda P: P,
)
