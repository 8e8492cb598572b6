"""C = A @ B on M x K PEs that each keep one element of A.

              B[0,:]  B[1,:]
                |       |
    C[0,:] = 0 PE ---- PE -> C[0,:]
                |       |
    C[1,:] = 0 PE ---- PE -> C[1,:]

Row k of B comes down through column k of the array. Partial sums flow to the right: PE (m, k) adds A[m, k] * B[k, n] to
the sum of C[m, n] and passes it on. Cycles: N elements, one a cycle, pass M channels down and K to the right.
"""

import spatial as sp
from spatial import Stream, int8, int32
from tests.conformance.matrices import int8_operands, integer_product
from tests.conformance.program import Program


def make(M, N, K, depth=2):
    @sp.region()
    def gemm(A: int8[M, K], B: int8[K, N], C: int32[M, N]):
        down: Stream[int8, depth][M, K]
        right: Stream[int32, depth][M, K + 1]

        @sp.kernel(mapping=[K], args=[B])
        def load(B: int8[K, N]):
            k = sp.get_pid()
            for n in range(N):
                down[0, k].put(B[k, n])

        @sp.kernel(mapping=[M, K], args=[A])
        def pe(A: int8[M, K]):
            m, k = sp.get_pid()
            kept: int8 = A[m, k]
            for n in range(N):
                b = down[m, k].get()
                with sp.meta_if(k == 0):
                    partial: int32 = 0
                with sp.meta_else():
                    partial: int32 = right[m, k].get()
                right[m, k + 1].put(partial + kept * b)
                with sp.meta_if(m + 1 < M):
                    down[m + 1, k].put(b)

        @sp.kernel(mapping=[M], args=[C])
        def collect(C: int32[M, N]):
            m = sp.get_pid()
            for n in range(N):
                C[m, n] = right[m, K].get()

    return gemm


PROGRAM = Program(
    name="gemm_input_stationary",
    make=make,
    sizes=((1, 1, 1), (3, 5, 2), (4, 9, 4)),
    inputs=int8_operands,
    reference=integer_product,
    cycles=lambda M, N, K: N + M + K,
)
