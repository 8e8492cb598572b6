"""Softmax attention of N queries over T keys and values of D numbers, in one pass over the keys.

One actor multiplies a query with every key. The next keeps the largest score so far and the sum of the weights
exp(score - largest); where a score is larger, what was summed up is scaled down, so it hands on that factor with each
weight. The last actor scales and adds up the values likewise, and divides by the sum at the end. Accuracy: within 4 ulp
of the same steps in NumPy's float32, whose `exp` may round otherwise.
"""

import numpy as np

import spatial as sp
from spatial import Stream, float32
from tests.conformance.program import Program


def make(N, T, D, depth=2):
    scale = np.float32(1 / np.sqrt(D))

    @sp.region()
    def attention(Q: float32[N, D], K: float32[T, D], V: float32[T, D], out: float32[N, D]):
        values: Stream[float32[D], depth]
        scores: Stream[float32, depth]
        factors: Stream[float32, depth]
        weights: Stream[float32, depth]
        totals: Stream[float32, depth]

        @sp.kernel(args=[V])
        def load(V: float32[T, D]):
            for n, t in sp.grid(N, T):
                values.put(V[t])

        @sp.kernel(args=[Q, K])
        def score(Q: float32[N, D], K: float32[T, D]):
            for n, t in sp.grid(N, T):
                scores.put((Q[n] @ K[t]) * scale)

        @sp.kernel()
        def softmax():
            for n in range(N):
                largest: float32 = float("-inf")
                total: float32 = 0
                for t in range(T):
                    number = scores.get()
                    before = largest
                    largest = max(largest, number)
                    factor, weight = sp.exp(before - largest), sp.exp(number - largest)
                    total = total * factor + weight
                    factors.put(factor)
                    weights.put(weight)
                totals.put(total)

        @sp.kernel(args=[out])
        def combine(out: float32[N, D]):
            for n in range(N):
                row: float32[D]
                row[:] = 0
                for t in range(T):
                    factor, weight = factors.get(), weights.get()
                    row[:] = row * factor + values.get() * weight
                out[n] = row / totals.get()

    return attention


def reference(size, Q, K, V):
    N, T, D = size
    out = np.empty((N, D), dtype=np.float32)
    scale = np.float32(1 / np.sqrt(D))
    for n in range(N):
        largest, total, row = np.float32(-np.inf), np.float32(0), np.zeros(D, dtype=np.float32)
        for t in range(T):
            number = np.float32(0)
            for d in range(D):
                number += Q[n, d] * K[t, d]
            before, largest = largest, max(largest, number * scale)
            factor, weight = np.exp(before - largest), np.exp(number * scale - largest)
            total = total * factor + weight
            row = row * factor + V[t] * weight
        out[n] = row / total
    weights = np.exp(Q.astype(float) @ K.T / np.sqrt(D))
    assert np.allclose(out, weights @ V / weights.sum(axis=1, keepdims=True), rtol=1e-5)
    return out


def inputs(random, N, T, D):
    Q, K = random.normal(size=(N, D)).astype(np.float32), random.normal(size=(T, D)).astype(np.float32)
    return Q, K, random.uniform(0.5, 1, (T, D)).astype(np.float32)


PROGRAM = Program(
    name="attention",
    make=make,
    sizes=((1, 1, 1), (2, 4, 3), (3, 8, 4)),
    inputs=inputs,
    reference=reference,
    ulps=4,
)
