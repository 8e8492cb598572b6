"""y = A @ x for a sparse A in compressed rows: how many products a row takes is known at run time only.

`starts[m]` is where row m begins among the entries, `columns` and `values` are its entries. One actor sends the length
of every row, one fetches the operands, one multiplies, and the last one takes as many products as the length says.
"""

import numpy as np

import spatial as sp
from spatial import Stream, float32, int32
from tests.conformance.program import Program


def make(M, N, E, depth=2):
    @sp.region()
    def spmv(starts: int32[M + 1], columns: int32[E], values: float32[E], x: float32[N], y: float32[M]):
        lengths: Stream[int32, depth]
        weights: Stream[float32, depth]
        elements: Stream[float32, depth]
        products: Stream[float32, depth]

        @sp.kernel(args=[starts])
        def rows(starts: int32[M + 1]):
            for m in range(M):
                lengths.put(starts[m + 1] - starts[m])

        @sp.kernel(args=[columns, values, x])
        def fetch(columns: int32[E], values: float32[E], x: float32[N]):
            for e in range(E):
                weights.put(values[e])
                elements.put(x[columns[e]])

        @sp.kernel()
        def multiply():
            while True:
                products.put(weights.get() * elements.get())

        @sp.kernel(args=[y])
        def add(y: float32[M]):
            for m in range(M):
                total: float32 = 0
                length = lengths.get()
                for n in range(length):
                    total += products.get()
                y[m] = total

    return spmv


def inputs(random, M, N, E):
    starts = np.concatenate([[0], np.sort(random.integers(0, E + 1, M - 1)), [E]]).astype(np.int32)
    values = random.normal(size=E).astype(np.float32)
    return starts, random.integers(0, N, E, dtype=np.int32), values, random.normal(size=N).astype(np.float32)


def reference(size, starts, columns, values, x):
    y = np.zeros(len(starts) - 1, dtype=np.float32)
    for m in range(len(y)):
        for e in range(starts[m], starts[m + 1]):
            y[m] += values[e] * x[columns[e]]
    return y


PROGRAM = Program(name="spmv", make=make, sizes=((1, 2, 3), (4, 4, 7), (8, 5, 20)), inputs=inputs, reference=reference)
