"""A residual layer: two convolutions one behind the other, and the input added to what they give, on three cores."""

import spatial as sp
from spatial import Stream, int8, int32

__all__ = ["residual"]


def residual(pixels: int, channels: int, block: int = 16):
    """`residual(X, W1, W2, Y)` with Y = relu(X + relu(X W1) W2), blocks of pixels of int8; sums are shifted by 6."""
    blocks = pixels // block

    @sp.region()
    def residual(
        X: int8[pixels, channels], W1: int8[channels, channels], W2: int8[channels, channels], Y: int8[pixels, channels]
    ):
        given: Stream[int8[block, channels], 2]
        kept: Stream[int8[block, channels], 4]
        first_weights: Stream[int8[channels, channels], 2]
        second_weights: Stream[int8[channels, channels], 2]
        middle: Stream[int8[block, channels], 2]
        made: Stream[int8[block, channels], 2]
        result: Stream[int8[block, channels], 2]

        @sp.kernel(args=[X])
        def load(X: int8[pixels, channels]):
            for i in range(blocks):
                given.put(X[i * block : (i + 1) * block, :])
                kept.put(X[i * block : (i + 1) * block, :])

        @sp.kernel(args=[W1, W2])
        def load_weights(W1: int8[channels, channels], W2: int8[channels, channels]):
            first_weights.put(W1[0:channels, :])
            second_weights.put(W2[0:channels, :])

        @sp.kernel()
        def first():
            w = first_weights.get()
            for _ in range(blocks):
                x = given.get()
                y: int8[block, channels] = 0
                for p in range(block):
                    sums: int32[channels] = 0
                    for k in range(channels):
                        for c in range(channels):
                            sums[c] += x[p, k] * w[k, c]
                    for c in range(channels):
                        y[p, c] = min(max(sums[c] >> 6, 0), 127)
                middle.put(y)

        @sp.kernel()
        def second():
            w = second_weights.get()
            for _ in range(blocks):
                x = middle.get()
                y: int8[block, channels] = 0
                for p in range(block):
                    sums: int32[channels] = 0
                    for k in range(channels):
                        for c in range(channels):
                            sums[c] += x[p, k] * w[k, c]
                    for c in range(channels):
                        y[p, c] = min(max(sums[c] >> 6, -128), 127)
                made.put(y)

        @sp.kernel()
        def add():
            for _ in range(blocks):
                x = kept.get()
                y = made.get()
                z: int8[block, channels] = 0
                for p in range(block):
                    for c in range(channels):
                        z[p, c] = min(max(x[p, c] + y[p, c], 0), 127)
                result.put(z)

        @sp.kernel(args=[Y])
        def store(Y: int8[pixels, channels]):
            for i in range(blocks):
                Y[i * block : (i + 1) * block, :] = result.get()

    return residual
