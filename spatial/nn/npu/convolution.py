"""Convolutions on a grid of cores."""

from typing import no_type_check

from spatial.kernel.declared.definition import kernel
from spatial.meta.markers import get_pid, meta_for
from spatial.nn.asked import checked
from spatial.nn.npu.fitting import MEMORY, blocks_of
from spatial.nn.npu.shares import refused
from spatial.region.definition import Region, region
from spatial.stream.stream import Stream
from spatial.types.dtype import int8, int32

__all__ = ["conv2d"]

WORD = 4


@checked
def conv2d(
    C: int,
    H: int,
    W: int,
    F: int,
    R: int = 3,
    S: int = 3,
    *,
    shift: int = 7,
    relu: bool = True,
    cores: tuple[int, int] = (4, 4),
) -> Region:
    """`conv2d(X, weights, Y)` of an image of H x W pixels with C channels, and F filters that lie wholly inside.

    `X: int8[H, W, C]`, `weights: int8[R * S * C + 1, F]`, `Y: int8[H - R + 1, W - S + 1, F]`. An element is summed up
    in int32, `Y = clip((sum >> shift) + bias)` to int8, from 0 on with `relu`; the last row of the weights is the bias.
    Fill X up with a border of zeros for an image of the same size.

    Of rows x columns of `cores`, each row has a band of Y, each column some of the filters: as many in each direction
    as divide them. A core takes X row by row, which go to all cores of a row, and keeps R of them; weights go to all
    cores of a column and stay. Raises `ProgramError` where these are more than a core's memory holds.
    """
    height, width = H - R + 1, W - S + 1
    if height < 1 or width < 1:
        title = f"`conv2d` on cores: a filter of {R} x {S} does not lie in {H} x {W} pixels"
        raise refused(title, "give a larger image")
    bands, rows = blocks_of(height, cores[0])
    groups, filters = _filters(F, cores[1])
    if (W * C) % WORD or filters % WORD:
        title = f"`conv2d` on cores: {W} x {C} elements of a row, or {filters} filters of a core, are not whole words"
        raise refused(title, "give multiples of 4, filled up with zeros")
    depth = R * S * C
    least = 0 if relu else -128
    _check(W * C * (R + 1) + (depth + 1) * filters + (1 + 4) * width * filters)

    @no_type_check
    @region()
    def conv2d(X: int8[H, W, C], weights: int8[depth + 1, F], Y: int8[height, width, F]):
        pixels: Stream[int8[W, C], 2][bands, groups]
        held: Stream[int8[depth + 1, filters], 1][bands, groups]
        made: Stream[int8[width, filters], 2][bands, groups]

        @kernel(mapping=[bands])
        def send_X(X: int8[H, W, C]):
            b = get_pid()
            for y in range(rows + R - 1):
                with meta_for(groups) as g:
                    pixels[b, g].put(X[b * rows + y])

        @kernel(mapping=[groups])
        def send_weights(weights: int8[depth + 1, F]):
            g = get_pid()
            with meta_for(bands) as b:
                held[b, g].put(weights[:, g * filters : (g + 1) * filters])

        @kernel(mapping=[bands, groups])
        def convolve():
            b, g = get_pid()
            lines: int8[R, W, C]
            w = held[b, g].get()
            for y in range(R - 1):
                lines[y] = pixels[b, g].get()
            for y in range(rows):
                lines[(y + R - 1) % R] = pixels[b, g].get()
                sums: int32[width, filters]
                for x in range(width):
                    for f in range(filters):
                        sums[x, f] = int32(w[depth, f]) << shift
                for r in range(R):
                    line = (y + r) % R
                    for s in range(S):
                        for x in range(width):
                            for c in range(C):
                                for f in range(filters):
                                    sums[x, f] += lines[line, x + s, c] * w[(r * S + s) * C + c, f]
                out: int8[width, filters] = 0
                for x in range(width):
                    for f in range(filters):
                        out[x, f] = min(max(sums[x, f] >> shift, least), 127)
                made[b, g].put(out)

        @kernel(mapping=[bands, groups])
        def receive_Y(Y: int8[height, width, F]):
            b, g = get_pid()
            for y in range(rows):
                Y[b * rows + y, :, g * filters : (g + 1) * filters] = made[b, g].get()

    found: Region = conv2d
    return found


def _filters(filters: int, columns: int) -> tuple[int, int]:
    """How many columns have a share of the filters, and of how many: whole words of them, where all are."""
    if filters % WORD:
        return blocks_of(filters, 1)
    used, each = blocks_of(filters // WORD, columns)
    return used, WORD * each


def _check(bytes_: int) -> None:
    if bytes_ > MEMORY:
        title = f"`conv2d` on cores: lines, weights and sums take {bytes_} bytes of a core, which has {MEMORY}"
        raise refused(title, "give more columns of `cores`, or fewer channels")
