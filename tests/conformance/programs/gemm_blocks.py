"""C = A @ B by Cannon's algorithm on blocks, each PE of the torus using an array of T x T PEs for its products.

The blocks of A and B at hand lie in memory of the region, cut over the outer P x P grid like C. In every step a PE
calls the inner region on its three blocks, which adds the product of two to the third, and waits until that is over;
then it sends its block of A to the left and that of B up, and takes those of its neighbours. The inner array is
output-stationary: rows of A come from the left, columns of B from the top.
"""

import spatial as sp
from spatial import R, S, Stream, int8, int32
from tests.conformance.matrices import int8_operands, integer_product
from tests.conformance.program import Program


def product(T, depth):
    @sp.region()
    def array(A: int8[T, T], B: int8[T, T], C: int32[T, T]):
        right: Stream[int8, depth][T, T]
        down: Stream[int8, depth][T, T]

        @sp.kernel(mapping=[T, T], args=[A, B, C])
        def cell(A: int8[T, T] @ [S(0), R], B: int8[T, T] @ [R, S(1)], C: int32[T, T] @ [S(0), S(1)]):
            i, j = sp.get_pid()
            total: int32 = C[0, 0]
            for k in range(T):
                with sp.meta_if(j == 0):
                    a = A[0, k]
                with sp.meta_else():
                    a = right[i, j].get()
                with sp.meta_if(i == 0):
                    b = B[k, 0]
                with sp.meta_else():
                    b = down[i, j].get()
                total += a * b
                with sp.meta_if(j + 1 < T):
                    right[i, j + 1].put(a)
                with sp.meta_if(i + 1 < T):
                    down[i + 1, j].put(b)
            C[0, 0] = total

    return array


def make(P, T, depth=2):
    size = P * T
    array = product(T, depth)

    @sp.region()
    def cannon(A: int8[size, size], B: int8[size, size], C: int32[size, size]):
        left: Stream[int8, depth][P, P]
        up: Stream[int8, depth][P, P]
        own_A: int8[size, size]
        own_B: int8[size, size]

        @sp.kernel(mapping=[P, P], args=[A, B, C, own_A, own_B])
        def pe(
            A: int8[size, size],
            B: int8[size, size],
            total: int32[size, size] @ [S(0), S(1)],
            a: int8[size, size] @ [S(0), S(1)],
            b: int8[size, size] @ [S(0), S(1)],
        ):
            i, j = sp.get_pid()
            first = (i + j) % P * T
            a[:] = A[i * T : i * T + T, first : first + T]
            b[:] = B[first : first + T, j * T : j * T + T]
            for step in range(P):
                array(a, b, total)
                if step + 1 < P:
                    for r, c in sp.grid(T, T):
                        left[i, (j - 1) % P].put(a[r, c])
                        up[(i - 1) % P, j].put(b[r, c])
                        a[r, c] = left[i, j].get()
                        b[r, c] = up[i, j].get()

    return cannon


PROGRAM = Program(
    name="gemm_blocks",
    make=make,
    sizes=((1, 2), (2, 1), (2, 2)),
    inputs=lambda random, P, T: int8_operands(random, P * T, P * T, P * T),
    reference=integer_product,
)
