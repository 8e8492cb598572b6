"""Programs of one kernel that starts grids, in all forms: by schedules, and by regions that it calls."""

from collections.abc import Callable

import numpy as np

import spatial as sp
from spatial import Stream, float32, int8, int32
from spatial.types.values import numpy_dtype

__all__ = ["FORMS", "copied", "given", "stencil"]

M, N, K = 2, 2, 3


def gemm(A: int32[M, K], B: int32[K, N], C: int32[M, N]):
    for i, j in sp.grid(M, N, "PE"):
        for k in range(K):
            C[i, j] += A[i, k] * B[k, j]


def relu(C: int32[M, N]):
    for i, j in sp.grid(M, N):
        C[i, j] = max(C[i, j], 0)


def layers(A: int32[M, K], B: int32[K, N], W: int32[M, K], Y: int32[M, N]):
    X: int32[M, N] = 0
    gemm(A, B, X)
    relu(X)
    gemm(W, B, Y)
    for i, j in sp.grid(M, N):
        Y[i, j] += X[i, j]


def systolic_calls():
    """An array that the caller clears, and one of the program, to which grids add."""
    s = sp.customize(gemm)
    row, column = s.buffer_at("A", "j"), s.buffer_at("B", "j")
    pe = s.unfold("PE")
    s.to(row, pe, axis=0, depth=M + 1)
    s.to(column, pe, axis=1, depth=M + 1)
    top = sp.customize(layers)
    top.compose(s)
    return top


def scaled(A: int32[4], f: int32):
    for i in range(4):
        A[i] = f * A[i]


def layer(A: int32[4], f: int32):
    buf: int32[4] = 0
    for i in range(4):
        buf[i] = A[i] + 1
    scaled(buf, f)
    for i in range(4):
        A[i] = buf[i]


def rounds(A: int32[4]):
    for t in range(3):
        layer(A, t + 1)


def grid_in_a_loop():
    """A grid that is started again and again, and given a number."""
    s = sp.customize(rounds)
    s.unfold("scaled:i")
    s.partition("scaled:A")
    return s


def load(A: int32[8], X: int32[8]):
    for i in range(8):
        X[i] = A[i] + 1


def store(X: int32[8], B: int32[8]):
    for i in range(8):
        B[i] = 2 * X[i]


def stages(A: int32[8], B: int32[8]):
    X: int32[8]
    load(A, X)
    store(X, B)


def staged(A: int32[8], B: int32[8]):
    stages(A, B)
    for i in range(8):
        B[i] += 1


def processes():
    """A called function whose calls are processes."""
    s, inner = sp.customize(staged), sp.customize(stages)
    inner.dataflow()
    s.compose(inner)
    return s


def doubled(A: int32[4, 4]):
    for i, j in sp.grid(4, 4):
        A[i, j] = 2 * A[i, j]


def powers(A: int32[4, 4]):
    for _ in range(3):
        doubled(A)


def only_calls():
    """A caller that touches nothing itself."""
    s = sp.customize(powers)
    s.unfold("i")
    return s


def halves(A: int32[4]):
    for i in range(4):
        A[i] = A[i] + 1


def both(A: int32[4]):
    halves(A)
    for i in range(4):
        A[i] = 2 * A[i]
    halves(A)


def chained():
    """PEs that are one behind the other, each call with its own."""
    s = sp.customize(both)
    pe = s.unfold("halves:i")
    s.chain(s[str(pe)][0], s[str(pe)][1])
    return s


def blocks(A: int32[4, 8], B: int32[4, 8]):
    for b in range(4):
        buf: int32[8]
        for i in range(8):
            buf[i] = A[b, i]
        for j in range(8):
            B[b, j] = 3 * buf[j]


def to_and_fro(A: int32[4, 8], B: int32[4, 8]):
    blocks(A, B)
    blocks(B, A)


def double_buffered():
    """Functions that fill a buffer beside their work."""
    s, one = sp.customize(to_and_fro), sp.customize(blocks)
    one.double_buffer("buf")
    s.compose(one)
    return s


@sp.region()
def squares(A: int8[8], n: int32, B: int32[8]):
    fifo: Stream[int32, 2][2]

    @sp.kernel(mapping=[2], args=[A, n])
    def read(A: int8[8], n: int32):
        p = sp.get_pid()
        for k in range(4):
            fifo[p].put(A[4 * p + k] * n)

    @sp.kernel(mapping=[2], args=[B])
    def write(B: int32[8]):
        p = sp.get_pid()
        for k in range(4):
            a: int32 = fifo[p].get()
            B[4 * p + k] += a * a


@sp.region()
def caller(A: int8[8], rounds: int32, total: float32[1]):
    @sp.kernel(args=[A, rounds, total])
    def main(A: int8[8], rounds: int32, total: float32[1]):
        sums: int32[8] = 0
        for r in range(rounds):
            squares(A, r + 1, sums)
            if r == 1:
                squares(A, rounds, sums)
        result: float32 = 0
        for k in range(8):
            result += sums[k]
        total[0] = result


@sp.region()
def counted(A: int32[8], B: int32[8]):
    @sp.kernel(args=[A, B])
    def main(A: int32[8], B: int32[8]):
        calls: int32 @ sp.Stateful = 0
        calls += 1
        part: int32[8] @ sp.Memory("URAM")
        for k in range(8):
            part[k] = A[k] + calls
        stencil(part, B)


@sp.region()
def stencil(A: int32[8], B: int32[8]):
    @sp.kernel(mapping=[2], args=[A, B])
    def pe(A: int32[8], B: int32[8]):
        p = sp.get_pid()
        for k in range(4):
            at: sp.index = 4 * p + k
            B[at] = A[at] + A[(at + 1) % 8]


FORMS: dict[str, Callable[[], object]] = {
    "systolic": systolic_calls,
    "loop": grid_in_a_loop,
    "processes": processes,
    "only calls": only_calls,
    "chained": chained,
    "double-buffered": double_buffered,
    "region": lambda: caller,
    "state": lambda: counted,
}


def given(module, seed=0):
    """Arrays and numbers for a call."""
    random = np.random.default_rng(seed)
    found = []
    for parameter in module.program.graph.parameters:
        if parameter.kind == "scalar":
            found.append(3)
        else:
            element = parameter.type.element
            found.append(random.integers(-9, 9, parameter.type.shape).astype(numpy_dtype(element)))
    return found


def copied(values):
    return [np.array(each) if isinstance(each, np.ndarray) else each for each in values]
