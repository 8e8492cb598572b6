"""A multi-layer perceptron in int8 as a pipeline: an actor for each layer works on a sample of its own.

An ordinary Python function makes a layer and the stream behind it, so the network is a loop over the layers. A layer
takes a vector, and hands on one unit after the other: ReLU, scaled down and clipped to int8. While the second layer
works on one sample, the first has the next.
"""

import numpy as np

import spatial as sp
from spatial import Stream, int8, int32
from tests.conformance.program import Program

SHIFT = 6


def make(B, inputs, hidden, outputs, depth=2):
    @sp.region()
    def mlp(W1: int8[hidden, inputs], W2: int8[outputs, hidden], X: int8[B, inputs], Y: int8[B, outputs]):
        first: Stream[int8, depth]

        @sp.kernel(args=[X])
        def source(X: int8[B, inputs]):
            for b, n in sp.grid(B, inputs):
                first.put(X[b, n])

        def layer(weights, source, width, units):
            target: Stream[int8, depth]

            @sp.kernel(args=[weights])
            def dense(W: int8[units, width]):
                vector: int8[width]
                for b in range(B):
                    for n in range(width):
                        vector[n] = source.get()
                    for u in range(units):
                        total: int32 = 0
                        for n in range(width):
                            total += W[u, n] * vector[n]
                        target.put(min(max(total >> SHIFT, 0), 127))

            return target

        second = layer(W1, first, inputs, hidden)
        last = layer(W2, second, hidden, outputs)

        @sp.kernel(args=[Y])
        def sink(Y: int8[B, outputs]):
            for b, n in sp.grid(B, outputs):
                Y[b, n] = last.get()

    return mlp


def draw(random, B, inputs, hidden, outputs):
    shapes = ((hidden, inputs), (outputs, hidden), (B, inputs))
    return tuple(random.integers(-128, 128, shape, dtype=np.int8) for shape in shapes)


def reference(size, W1, W2, X):
    for W in (W1, W2):
        X = np.clip((X.astype(np.int32) @ W.T.astype(np.int32)) >> SHIFT, 0, 127)
    return X.astype(np.int8)


PROGRAM = Program(
    name="mlp", make=make, sizes=((1, 1, 1, 1), (2, 3, 5, 2), (3, 8, 6, 4)), inputs=draw, reference=reference
)
