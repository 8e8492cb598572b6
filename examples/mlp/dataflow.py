"""The network in space: a kernel for each layer, which works on a sample while the one behind has the last."""

import spatial as sp
from examples.mlp.network import BATCH, LEAST, WIDTHS, requantized
from spatial import Stream, int8, int32

__all__ = ["mlp"]

INPUTS, FIRST, SECOND, OUTPUTS = WIDTHS


def layer(weights, biases, source, target, width, units, least):
    """A kernel for a layer: each element of a sample meets the weights of all units in one cycle."""

    @sp.kernel(args=[weights, biases])
    def dense(W: int8[width, units], bias: int32[units]):
        total: int32[units] @ sp.Memory("registers")
        made: int8[units] @ sp.Memory("registers")
        for b in range(BATCH):
            sample = source.get()
            for u in range(units, unroll=True):
                total[u] = bias[u]
            for n in range(width):
                number: int8 = sample[n]
                for u in range(units, unroll=True):
                    total[u] += number * W[n, u]
            for u in range(units, unroll=True):
                made[u] = requantized(total[u], 0, least)
            target.put(made)


@sp.region()
def mlp(
    X: int8[BATCH, INPUTS],
    W1: int8[INPUTS, FIRST],
    b1: int32[FIRST],
    W2: int8[FIRST, SECOND],
    b2: int32[SECOND],
    W3: int8[SECOND, OUTPUTS],
    b3: int32[OUTPUTS],
    Y: int8[BATCH, OUTPUTS],
):
    samples: Stream[int8[INPUTS], 2]
    first: Stream[int8[FIRST], 2]
    second: Stream[int8[SECOND], 2]
    results: Stream[int8[OUTPUTS], 2]

    @sp.kernel(args=[X])
    def load(X: int8[BATCH, INPUTS]):
        for b in range(BATCH):
            samples.put(X[b])

    layer(W1, b1, samples, first, INPUTS, FIRST, LEAST[0])
    layer(W2, b2, first, second, FIRST, SECOND, LEAST[1])
    layer(W3, b3, second, results, SECOND, OUTPUTS, LEAST[2])

    @sp.kernel(args=[Y])
    def store(Y: int8[BATCH, OUTPUTS]):
        for b in range(BATCH):
            Y[b] = results.get()
