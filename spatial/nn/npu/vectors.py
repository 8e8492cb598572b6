"""Products of a matrix and a vector on a row of cores."""

from typing import no_type_check

from spatial.kernel.declared.definition import kernel
from spatial.meta.markers import get_pid, meta_for
from spatial.nn.asked import checked
from spatial.nn.npu.shares import shared
from spatial.region.definition import Region, region
from spatial.stream.stream import Stream
from spatial.types.dtype import DType, int8, int32

__all__ = ["gemv"]


@checked
def gemv(M: int, K: int, dtype: DType = int8, *, out: DType = int32, cores: int = 4, rows: int | None = None) -> Region:
    """`gemv(A, x, y)` with y = A x on so many cores: `A: dtype[M, K]`, `x: dtype[K]`, `y: out[M]`.

    Each core has a share of the rows, `rows` of them in a block; all of them have x. Products are added up in `out` in
    the order of the columns. A is read once, a word a cycle for each of the shims, which decides the time. As many
    cores are used as divide the blocks, and blocks are by default as large as fits. Raises `ProgramError` where `rows`
    does not divide M, or two blocks and x are more than a core's memory holds.
    """
    n, used, each = shared(
        "gemv", M, rows, cores, row=K * dtype.bits // 8 + out.bits // 8, beside=2 * K * dtype.bits // 8, step=4
    )

    @no_type_check
    @region()
    def gemv(A: dtype[M, K], x: dtype[K], y: out[M]):
        vector: Stream[dtype[K], 1][used]
        matrix: Stream[dtype[n, K], 2][used]
        result: Stream[out[n], 2][used]

        @kernel()
        def send_x(x: dtype[K]):
            with meta_for(used) as p:
                vector[p].put(x)

        @kernel(mapping=[used])
        def send_A(A: dtype[M, K]):
            p = get_pid()
            for i in range(each):
                matrix[p].put(A[(p * each + i) * n : (p * each + i + 1) * n, :])

        @kernel(mapping=[used])
        def multiply():
            p = get_pid()
            v = vector[p].get()
            for _ in range(each):
                a = matrix[p].get()
                sums: out[n] = 0
                for i in range(n):
                    for j in range(K):
                        sums[i] += a[i, j] * v[j]
                result[p].put(sums)

        @kernel(mapping=[used])
        def receive_y(y: out[M]):
            p = get_pid()
            for i in range(each):
                y[(p * each + i) * n : (p * each + i + 1) * n] = result[p].get()

    found: Region = gemv
    return found
