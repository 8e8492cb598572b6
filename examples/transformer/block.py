"""The block as a function that calls operators, and a schedule of it, partly temporal, partly spatial."""

import spatial as sp
from examples.transformer.model import HEADS, HIDDEN, STEPS, TOKENS, WEIGHT_STEPS, WIDTH
from spatial import float32, int8, int32
from spatial.nn.ops import attention, gelu, gemm, layer_norm

__all__ = ["PARTS", "block", "composed", "operators"]

ONE_SUM = 1 / (STEPS * WEIGHT_STEPS)


def quantize(width):
    """`quantize(X, Y)`: numbers as int8; a cast cuts off the fraction, and clips."""

    def quantize(X: float32[TOKENS, width], Y: int8[TOKENS, width]):
        for i, j in sp.grid(TOKENS, width):
            steps = X[i, j] * STEPS
            Y[i, j] = int8(steps + (0.5 if steps >= 0 else -0.5))

    return quantize


def scale(width):
    """`scale(S, Y)`: sums of products of int8 as numbers."""

    def scale(S: int32[TOKENS, width], Y: float32[TOKENS, width]):
        for i, j in sp.grid(TOKENS, width):
            Y[i, j] = float32(S[i, j]) * ONE_SUM

    return scale


def add(X: float32[TOKENS, WIDTH], S: int32[TOKENS, WIDTH], Y: float32[TOKENS, WIDTH]):
    """Adds what a product gives to what the block was given."""
    for i, j in sp.grid(TOKENS, WIDTH):
        Y[i, j] = X[i, j] + float32(S[i, j]) * ONE_SUM


def operators(lanes=1, **products):
    """The operators of the block, by what they do there; `products` are options of its products, 8 lanes by default."""
    how = products or {"lanes": 8}
    return {
        "normalize": layer_norm(TOKENS, WIDTH),
        "project": gemm(TOKENS, WIDTH, WIDTH, **how),
        "attend": attention(TOKENS, WIDTH, HEADS, lanes=lanes),
        "widen": gemm(TOKENS, HIDDEN, WIDTH, **how),
        "activate": gelu(TOKENS, HIDDEN, lanes=lanes),
        "narrow": gemm(TOKENS, WIDTH, HIDDEN, **how),
    }


normalize, project, attend, widen, activate, narrow = (each.function for each in operators().values())
steps_of, steps_of_hidden, numbers, numbers_of_hidden = quantize(WIDTH), quantize(HIDDEN), scale(WIDTH), scale(HIDDEN)
PARTS = (steps_of, steps_of_hidden, numbers, numbers_of_hidden, add)
"""The functions that are no operators of the library."""


def block(
    X: float32[TOKENS, WIDTH],
    gamma1: float32[WIDTH],
    beta1: float32[WIDTH],
    Wq: int8[WIDTH, WIDTH],
    Wk: int8[WIDTH, WIDTH],
    Wv: int8[WIDTH, WIDTH],
    Wo: int8[WIDTH, WIDTH],
    gamma2: float32[WIDTH],
    beta2: float32[WIDTH],
    W1: int8[WIDTH, HIDDEN],
    W2: int8[HIDDEN, WIDTH],
    Y: float32[TOKENS, WIDTH],
):
    """One operator after the other."""
    normal: float32[TOKENS, WIDTH]
    steps: int8[TOKENS, WIDTH]
    sums: int32[TOKENS, WIDTH]
    Q: float32[TOKENS, WIDTH]
    K: float32[TOKENS, WIDTH]
    V: float32[TOKENS, WIDTH]
    seen: float32[TOKENS, WIDTH]
    between: float32[TOKENS, WIDTH]
    hidden_sums: int32[TOKENS, HIDDEN]
    hidden: float32[TOKENS, HIDDEN]
    active: float32[TOKENS, HIDDEN]
    hidden_steps: int8[TOKENS, HIDDEN]

    normalize(X, gamma1, beta1, normal)
    steps_of(normal, steps)
    project(steps, Wq, sums)
    numbers(sums, Q)
    project(steps, Wk, sums)
    numbers(sums, K)
    project(steps, Wv, sums)
    numbers(sums, V)
    attend(Q, K, V, seen)
    steps_of(seen, steps)
    project(steps, Wo, sums)
    add(X, sums, between)

    normalize(between, gamma2, beta2, normal)
    steps_of(normal, steps)
    widen(steps, W1, hidden_sums)
    numbers_of_hidden(hidden_sums, hidden)
    activate(hidden, active)
    steps_of_hidden(active, hidden_steps)
    narrow(hidden_steps, W2, sums)
    add(between, sums, Y)


def composed(lanes=1, **products):
    """The block with the schedules of its operators, and four elements in a cycle in the loops between them."""
    s = sp.customize(block)
    s.compose([each.schedule for each in operators(lanes, **products).values()])
    for function in PARTS:
        part = sp.customize(function)
        part.unroll("j", 4)
        s.compose(part)
    s.infer_layouts()
    return s
