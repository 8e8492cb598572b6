"""A residual layer: convolutions of 1 x 1, 3 x 3 and 1 x 1 pixels, and the input added to what they give."""

import spatial as sp
from spatial import Stream, int8, int32

__all__ = ["residual"]

SHIFT = 6


def residual(
    height: int = 32,
    width: int = 32,
    wide: int = 256,
    narrow: int = 64,
    *,
    tile: tuple[int, int] = (32, 64),
    lanes: int = 8,
    pipelined: bool = True,
    windows: int = 1,
    bands: int = 1,
):
    """`residual(X, W1, W2, W3, Y)` with Y = relu(X + conv1x1(relu(conv3x3(relu(conv1x1(X)))))), in int8.

    X and Y are pixels x `wide` channels, row after row, W1 is `wide` x `narrow`, W2 3 x 3 x `narrow` x `narrow`, W3
    `narrow` x `wide`; beyond the edge pixels are 0, sums are shifted by 6. Blocks of `tile` channels x pixels pass
    between cores, of a row's divisor or multiple of pixels, and `lanes` channels are computed at once. The 3 x 3
    convolution is on `windows` cores; all that is there for each of `bands` of the image.
    """
    channels, pixels = tile
    rows = max(1, pixels // width)  # of the image in a group of blocks
    across = min(pixels, width)
    blocks = rows * width // pixels  # of pixels in a group
    groups = height // rows // bands
    own = narrow // windows
    parts, outs, wides = narrow // channels, own // channels, wide // channels
    vectors = channels // lanes
    halo = 1 if bands > 1 else 0
    received = groups + halo

    @sp.region()
    def residual(
        X: int8[height * width, wide],
        W1: int8[wide, narrow],
        W2: int8[3, 3, narrow, narrow],
        W3: int8[narrow, wide],
        Y: int8[height * width, wide],
    ):
        given: Stream[int8[pixels, wide], 2][bands]
        kept: Stream[int8[pixels, channels], 2][bands]
        first_weights: Stream[int8[wide, narrow], 1][bands]
        second_weights: Stream[int8[3, 3, narrow, own], 1][bands, windows]
        third_weights: Stream[int8[narrow, wide], 1][bands]
        reduced: Stream[int8[pixels, channels], 2][bands]
        seen: Stream[int8[pixels, channels], 2][bands, windows]
        found: Stream[int8[pixels, channels], 2][bands, windows]
        result: Stream[int8[pixels, channels], 2][bands]

        @sp.kernel(mapping=[bands], args=[X])
        def load(X: int8[height * width, wide]):
            b = sp.get_pid()
            for i in range(received * blocks):
                at = (b * (groups - halo) * blocks + i) * pixels
                given[b].put(X[at : at + pixels, :])

        @sp.kernel(mapping=[bands], args=[X])
        def load_again(X: int8[height * width, wide]):
            b = sp.get_pid()
            for i in range(groups * blocks):
                for j in range(wides):
                    at = (b * groups * blocks + i) * pixels
                    kept[b].put(X[at : at + pixels, j * channels : (j + 1) * channels])

        @sp.kernel(args=[W1, W2, W3])
        def load_weights(W1: int8[wide, narrow], W2: int8[3, 3, narrow, narrow], W3: int8[narrow, wide]):
            for b in sp.meta_for(bands):
                first_weights[b].put(W1[0:wide, :])
                third_weights[b].put(W3[0:narrow, :])
                for m in sp.meta_for(windows):
                    second_weights[b, m].put(W2[:, :, :, m * own : (m + 1) * own])

        @sp.kernel(mapping=[bands])
        def reduce():
            b = sp.get_pid()
            w = first_weights[b].get()
            for _ in range(received * blocks):
                x = given[b].get()
                for j in range(parts):
                    y: int8[pixels, channels] = 0
                    for p in range(pixels):
                        sums: int32[channels] = 0
                        for k in range(wide):
                            a = x[p, k]
                            for v in range(vectors, pipeline=pipelined):
                                for c in range(lanes):
                                    sums[v * lanes + c] += a * w[k, j * channels + v * lanes + c]
                        for v in range(vectors, pipeline=pipelined):
                            for c in range(lanes):
                                y[p, v * lanes + c] = min(max(sums[v * lanes + c] >> SHIFT, 0), 127)
                    reduced[b].put(y)

        @sp.kernel(mapping=[bands])
        def spread():
            b = sp.get_pid()
            for _ in range(received * blocks * parts):
                y = reduced[b].get()
                for m in sp.meta_for(windows):
                    seen[b, m].put(y)

        @sp.kernel(mapping=[bands, windows])
        def window():
            b, m = sp.get_pid()
            w = second_weights[b, m].get()
            lines: int8[2 * rows + 1, width + 2, narrow] = 0
            top = 1 if b == 0 else 2
            bottom = 1 if b == bands - 1 else 0
            for i in range(received + bottom):
                for r in range(rows + 1):
                    for q in range(width + 2):
                        for c in range(narrow):
                            lines[r, q, c] = lines[r + rows, q, c]
                if i < received:
                    for n in range(blocks):
                        for j in range(parts):
                            x = seen[b, m].get()
                            for r in range(pixels // across):
                                for p in range(across):
                                    for c in range(channels):
                                        lines[rows + 1 + r, 1 + n * across + p, j * channels + c] = x[r * across + p, c]
                else:
                    for r in range(rows):
                        for q in range(width + 2):
                            for c in range(narrow):
                                lines[rows + 1 + r, q, c] = 0
                if i >= top:
                    for n in range(blocks):
                        for j in range(outs):
                            y: int8[pixels, channels] = 0
                            for r in range(pixels // across):
                                for p in range(across):
                                    sums: int32[channels] = 0
                                    for d in range(3):
                                        for k in range(narrow):
                                            a0 = lines[r + d, n * across + p, k]
                                            a1 = lines[r + d, n * across + p + 1, k]
                                            a2 = lines[r + d, n * across + p + 2, k]
                                            for v in range(vectors, pipeline=pipelined):
                                                for c in range(lanes):
                                                    o = j * channels + v * lanes + c
                                                    made = a0 * w[d, 0, k, o] + a1 * w[d, 1, k, o] + a2 * w[d, 2, k, o]
                                                    sums[v * lanes + c] += made
                                    for v in range(vectors, pipeline=pipelined):
                                        for c in range(lanes):
                                            y[r * across + p, v * lanes + c] = min(
                                                max(sums[v * lanes + c] >> SHIFT, 0), 127
                                            )
                            found[b, m].put(y)

        @sp.kernel(mapping=[bands])
        def expand():
            b = sp.get_pid()
            w = third_weights[b].get()
            x: int8[pixels, narrow] = 0
            for _ in range(groups * blocks):
                for m in sp.meta_for(windows):
                    for j in range(outs):
                        y = found[b, m].get()
                        for p in range(pixels):
                            for c in range(channels):
                                x[p, m * own + j * channels + c] = y[p, c]
                for j in range(wides):
                    skip = kept[b].get()
                    z: int8[pixels, channels] = 0
                    for p in range(pixels):
                        sums: int32[channels] = 0
                        for k in range(narrow):
                            a = x[p, k]
                            for v in range(vectors, pipeline=pipelined):
                                for c in range(lanes):
                                    sums[v * lanes + c] += a * w[k, j * channels + v * lanes + c]
                        for v in range(vectors, pipeline=pipelined):
                            for c in range(lanes):
                                o = v * lanes + c
                                z[p, o] = min(max(skip[p, o] + (sums[o] >> SHIFT), 0), 127)
                    result[b].put(z)

        @sp.kernel(mapping=[bands], args=[Y])
        def store(Y: int8[height * width, wide]):
            b = sp.get_pid()
            for i in range(groups * blocks):
                for j in range(wides):
                    at = (b * groups * blocks + i) * pixels
                    Y[at : at + pixels, j * channels : (j + 1) * channels] = result[b].get()

    return residual
