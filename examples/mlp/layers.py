"""The network as a function that calls a product and a requantization for each layer, and schedules of it."""

import itertools

import spatial as sp
from examples.mlp.network import BATCH, LEAST, WIDTHS, requantized
from spatial import int8, int32
from spatial.nn.ops import gemm

__all__ = ["composed", "mixed", "mlp", "temporal"]

INPUTS, FIRST, SECOND, OUTPUTS = WIDTHS


def requantize(units, least, name):
    """A function `requantize(S, bias, Y)` of a layer's sums."""

    def requantize(S: int32[BATCH, units], bias: int32[units], Y: int8[BATCH, units]):
        for i, j in sp.grid(BATCH, units):
            Y[i, j] = requantized(S[i, j], bias[j], least)

    requantize.__name__ = name
    return requantize


hidden = requantize(FIRST, LEAST[0], "hidden")
last = requantize(OUTPUTS, LEAST[2], "last")
first_product = gemm(BATCH, FIRST, INPUTS).function
second_product = gemm(BATCH, SECOND, FIRST).function
third_product = gemm(BATCH, OUTPUTS, SECOND).function


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
    """The layers one after the other; without a schedule, one product in a cycle."""
    S1: int32[BATCH, FIRST]
    X1: int8[BATCH, FIRST]
    S2: int32[BATCH, SECOND]
    X2: int8[BATCH, SECOND]
    S3: int32[BATCH, OUTPUTS]
    first_product(X, W1, S1)
    hidden(S1, b1, X1)
    second_product(X1, W2, S2)
    hidden(S2, b2, X2)
    third_product(X2, W3, S3)
    last(S3, b3, Y)


def composed(side_by_side, **products):
    """The schedule of the network from those of its parts: products as `ops.gemm` has them with these options."""
    s = sp.customize(mlp)
    sizes = itertools.pairwise(WIDTHS)
    s.compose(*(gemm(BATCH, units, width, **products).schedule for width, units in sizes))
    for function in (hidden, last):
        part = sp.customize(function)
        part.unroll("j", side_by_side)
        s.compose(part)
    s.infer_layouts()
    return s


def temporal(lanes=8):
    """All loops on one actor, with `lanes` products or elements in a cycle."""
    return composed(lanes, lanes=lanes)


def mixed(pes=(4, 4), lanes=8):
    """Each product on a systolic array of its own, the rest on the actor that starts them."""
    return composed(lanes, pes=pes)
