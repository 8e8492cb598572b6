"""Products of matrices and vectors."""

from typing import no_type_check

from spatial.customize.schedule import Schedule
from spatial.kernel.words.markers import grid
from spatial.nn.asked import checked
from spatial.nn.operator import Operator, operator
from spatial.nn.sizes import divisor
from spatial.types.dtype import DType, int8, int32, is_float

__all__ = ["gemm", "gemv"]


@checked
def gemm(
    M: int,
    N: int,
    K: int,
    dtype: DType = int8,
    out: DType = int32,
    *,
    pes: tuple[int, int] | None = None,
    lanes: int | None = None,
    name: str = "gemm",
) -> Operator:
    """`gemm(A, B, C)` with C = A B: `A: dtype[M, K]`, `B: dtype[K, N]`, `C: out[M, N]`.

    Each element is summed up in `out`, in the order of k, beginning with 0.

    With `pes=(P, Q)` it is a systolic array of P x Q PEs, which divide M and N: each has a block of C, rows of A run
    along the array, columns of B down it (Kung and Leiserson, 1978). It takes M N K / (P Q) cycles, and a few for each
    element of a block. With `lanes=L`, which divides N, it is a loop nest on one actor: a row of C is a buffer, to
    which L products are added in each cycle. Sums of floats need that, for an element waits for its last sum: from
    N = 10 L on, no cycle is lost on an FPGA at 300 MHz. Neither given, it is the nest for floats, an array of at most
    4 x 4 PEs for all else.
    """

    @no_type_check
    def gemm(A: dtype[M, K], B: dtype[K, N], C: out[M, N]):
        for i, j in grid(M, N, name="PE"):
            C[i, j] = 0
            for k in range(K):
                C[i, j] += A[i, k] * B[k, j]

    if lanes is None and (pes is not None or not is_float(out)):
        P, Q = pes or (divisor(M, 4), divisor(N, 4))
        return operator(gemm, name, lambda s: _systolic(s, P, Q), M * N * K, P * Q)
    L = lanes or divisor(N, max(1, N // 10))
    return operator(gemm, name, lambda s: _rows(s, L), M * N * K, L)


def _systolic(s: Schedule, P: int, Q: int) -> None:
    """The schedule that makes a systolic array, with a bank of C for the block of each PE."""
    row = s.buffer_at("A", "j")
    column = s.buffer_at("B", "j")
    pe = s.unfold("PE", axis=[0, 1], factor=[P, Q])
    s.partition("A", "block", dim=0, factor=P)
    s.partition("B", "block", dim=1, factor=Q)
    s.partition("C", "block", dim=0, factor=P)
    s.partition("C", "block", dim=1, factor=Q)
    s.to(row, pe, axis=0, depth=P + 1)
    s.to(column, pe, axis=1, depth=Q + 1)


def _rows(s: Schedule, L: int) -> None:
    """Adds to a row of C for each k, L elements at a time."""
    s.distribute("j", "k")
    s.reorder("k", "j_1")
    row = s.cache_write("C", "i")
    if L > 1:
        for loop in ("j", "j_1", f"{row.name}_1"):
            s.unroll(loop, L)
        s.simplify("j_1")
        s.partition(row, "cyclic", factor=L)
        s.partition("B", "cyclic", dim=1, factor=L)
        s.partition("C", "cyclic", dim=1, factor=L)


@checked
def gemv(
    M: int, K: int, dtype: DType = int8, out: DType = int32, *, lanes: int | None = None, name: str = "gemv"
) -> Operator:
    """`gemv(A, x, y)` with y = A x: `A: dtype[M, K]`, `x: dtype[K]`, `y: out[M]`.

    Each element is summed up in `out`, in the order of k, beginning with 0. Column by column of A, `lanes` products,
    which divides M, are added to a buffer for y in each cycle. From M = 10 `lanes` on, no cycle is lost to sums of
    floats on an FPGA at 300 MHz; left out, it is the most for which that is so, at most 16.
    """

    @no_type_check
    def gemv(A: dtype[M, K], x: dtype[K], y: out[M]):
        for i in range(M):
            y[i] = 0
            for k in range(K):
                y[i] += A[i, k] * x[k]

    L = lanes or divisor(M, max(1, min(16, M // 10)))
    return operator(gemv, name, lambda s: _columns(s, L), M * K, L)


def _columns(s: Schedule, L: int) -> None:
    """Adds to y for each k, L elements at a time."""
    s.distribute("i", "k")
    s.reorder("k", "i_1")
    sums = s.cache_write("y")
    if L > 1:
        for loop in ("i", "i_1", f"{sums.name}_0"):
            s.unroll(loop, L)
        s.simplify("i_1")
        s.partition(sums, "cyclic", factor=L)
        s.partition("A", "cyclic", dim=0, factor=L)
        s.partition("y", "cyclic", factor=L)
