"""C = A @ B on P x P PEs behind one memory port for A, one for B and one for C.

Only the first of the P feeders of A reads memory. Each feeder keeps the first row that reaches it and hands on the
others, then sends its row into the array; those of B do so with columns. Tokens are words of 32 bits with 4 elements,
so a PE multiplies 4 pairs for each. At the end a column of PEs is a chain as well: each hands on its own sum, then
those from above; what leaves the bottom row passes from column to column to the port.
"""

import spatial as sp
from spatial import Stream, UInt, int8, int32
from tests.conformance.matrices import int8_operands, integer_product
from tests.conformance.program import Program

LANES = 4
WORD = UInt(8 * LANES)


def make(P, W, depth=2):
    K = LANES * W

    @sp.region()
    def gemm(A: int8[P, K], B: int8[K, P], C: int32[P, P]):
        chain_A: Stream[WORD, depth][P]
        chain_B: Stream[WORD, depth][P]
        right: Stream[WORD, depth][P, P]
        down: Stream[WORD, depth][P, P]
        sums: Stream[int32, depth][P, P]
        port: Stream[int32, depth][P]

        @sp.kernel(args=[A, B])
        def load(A: int8[P, K], B: int8[K, P]):
            for i, w in sp.grid(P, W):
                chain_A[0].put(sp.pack(A[i, LANES * w : LANES * w + LANES]))
                chain_B[0].put(sp.pack(B[LANES * w : LANES * w + LANES, i]))

        def feeder(chain, array):
            @sp.kernel(mapping=[P])
            def feed():
                i = sp.get_pid()
                own: WORD[W]
                for w in range(W):
                    own[w] = chain[i].get()
                with sp.meta_if(i + 1 < P):
                    for n in range((P - 1 - i) * W):
                        chain[i + 1].put(chain[i].get())
                for w in range(W):
                    array(i).put(own[w])

        feeder(chain_A, lambda i: right[i, 0])
        feeder(chain_B, lambda j: down[0, j])

        @sp.kernel(mapping=[P, P])
        def pe():
            i, j = sp.get_pid()
            total: int32 = 0
            for w in range(W):
                a, b = right[i, j].get(), down[i, j].get()
                row: int8[LANES] = sp.unpack(a, int8)
                column: int8[LANES] = sp.unpack(b, int8)
                total += row @ column
                with sp.meta_if(j + 1 < P):
                    right[i, j + 1].put(a)
                with sp.meta_if(i + 1 < P):
                    down[i + 1, j].put(b)
            sums[i, j].put(total)
            with sp.meta_if(i > 0):
                for above in range(i):
                    sums[i, j].put(sums[i - 1, j].get())

        @sp.kernel(mapping=[P])
        def collect():
            j = sp.get_pid()
            for n in range(P):
                port[j].put(sums[P - 1, j].get())
            with sp.meta_if(j > 0):
                for n in range(P * j):
                    port[j].put(port[j - 1].get())

        @sp.kernel(args=[C])
        def store(C: int32[P, P]):
            for j, i in sp.grid(P, P):
                C[P - 1 - i, P - 1 - j] = port[P - 1].get()

    return gemm


PROGRAM = Program(
    name="gemm_daisy_chain",
    make=make,
    sizes=((1, 1), (2, 3), (3, 2)),
    inputs=lambda random, P, W: int8_operands(random, P, P, LANES * W),
    reference=integer_product,
)
