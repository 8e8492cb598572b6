"""Functions of each row of a matrix of floats on a row of cores."""

from typing import no_type_check

from spatial.kernel.declared.definition import kernel
from spatial.kernel.words.functions import exp
from spatial.meta.markers import get_pid
from spatial.nn.asked import checked
from spatial.nn.npu.shares import shared
from spatial.region.definition import Region, region
from spatial.stream.stream import Stream
from spatial.types.dtype import DType, float32

__all__ = ["softmax"]


@checked
def softmax(N: int, D: int, dtype: DType = float32, *, cores: int = 4, rows: int | None = None) -> Region:
    """`softmax(X, Y)` of each row on so many cores: `X: dtype[N, D]`, `Y: dtype[N, D]`, for floats.

    Each core has a share of the rows, `rows` of them in a block, and goes through a row three times, as
    `spatial.nn.ops.softmax` does: the greatest element; the powers, and their sum in the order of the columns; each
    power divided by the sum. It works in float32, from which bfloat16 is rounded once, at the end. As many cores are
    used as divide the blocks, and blocks are by default as large as fits. Raises `ProgramError` where `rows` does not
    divide N, or two blocks are more than a core's memory holds.
    """
    size = dtype.bits // 8
    n, used, each = shared("softmax", N, rows, cores, row=2 * D * size, beside=4 * D)

    @no_type_check
    @region()
    def softmax(X: dtype[N, D], Y: dtype[N, D]):
        given: Stream[dtype[n, D], 2][used]
        made: Stream[dtype[n, D], 2][used]

        @kernel(mapping=[used])
        def send_X(X: dtype[N, D]):
            p = get_pid()
            for i in range(each):
                given[p].put(X[(p * each + i) * n : (p * each + i + 1) * n, :])

        @kernel(mapping=[used])
        def work():
            p = get_pid()
            for _ in range(each):
                x = given[p].get()
                y: dtype[n, D] = 0
                for i in range(n):
                    powers: float32[D] = 0
                    most: float32 = x[i, 0]
                    for j in range(D):
                        most = max(most, float32(x[i, j]))
                    total: float32 = 0
                    for j in range(D):
                        power: float32 = exp(float32(x[i, j]) - most)
                        total += power
                        powers[j] = power
                    for j in range(D):
                        y[i, j] = powers[j] / total
                made[p].put(y)

        @kernel(mapping=[used])
        def receive_Y(Y: dtype[N, D]):
            p = get_pid()
            for i in range(each):
                Y[(p * each + i) * n : (p * each + i + 1) * n, :] = made[p].get()

    found: Region = softmax
    return found
