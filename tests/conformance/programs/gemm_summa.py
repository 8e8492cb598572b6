"""C = A @ B by SUMMA on P x P PEs that each keep a T x T block of A, of B and of C.

In step k the PEs of column k send their blocks of A to all others of their row, those of row k their blocks of B to
all others of their column; a token is a whole block. Every PE then adds the product of both to its block of C.
"""

import spatial as sp
from spatial import S, Stream, int8, int32
from tests.conformance.matrices import int8_operands, integer_product
from tests.conformance.program import Program


def make(P, T, depth=2):
    size = P * T

    @sp.region()
    def summa(A: int8[size, size], B: int8[size, size], C: int32[size, size]):
        along: Stream[int8[T, T], depth][P, P, P]  # along[i, k, j]: from PE (i, k) to PE (i, j)
        down: Stream[int8[T, T], depth][P, P, P]  # down[k, j, i]: from PE (k, j) to PE (i, j)

        @sp.kernel(mapping=[P, P], args=[A, B, C])
        def pe(
            A: int8[size, size] @ [S(0), S(1)], B: int8[size, size] @ [S(0), S(1)], C: int32[size, size] @ [S(0), S(1)]
        ):
            i, j = sp.get_pid()
            a: int8[T, T]
            b: int8[T, T]
            for k in sp.meta_for(P):
                with sp.meta_if(j == k):
                    a[:] = A
                    for other in sp.meta_for(P):
                        with sp.meta_if(other != j):
                            along[i, k, other].put(a)
                with sp.meta_else():
                    a[:] = along[i, k, j].get()
                with sp.meta_if(i == k):
                    b[:] = B
                    for other in sp.meta_for(P):
                        with sp.meta_if(other != i):
                            down[k, j, other].put(b)
                with sp.meta_else():
                    b[:] = down[k, j, i].get()
                C += a @ b

    return summa


PROGRAM = Program(
    name="gemm_summa",
    make=make,
    sizes=((1, 2), (2, 3), (3, 2)),
    inputs=lambda random, P, T: int8_operands(random, P * T, P * T, P * T),
    reference=integer_product,
)
