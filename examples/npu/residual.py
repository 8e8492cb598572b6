"""A residual layer: convolutions of 1 x 1, 3 x 3 and 1 x 1 pixels, and the input added to what they give.

Run it: `python -m examples.npu.residual --cores 8 --size 32x32x256x64 --device npu1`
"""

import numpy as np

import spatial as sp
from examples.npu.asked import asked
from examples.npu.told import told
from spatial import Stream, int8, int32, uint8

__all__ = ["main", "reference", "residual", "run"]

CORES = {3: (1, 1), 4: (2, 1), 8: (2, 2)}  # windows and bands

SHIFT = 6
EDGE = 16  # pixels that are 0 on both sides of a row, so that blocks of it begin at whole vectors


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
    """`residual(X, W1, W2, W3, Y)` with Y = relu(X + conv1x1(relu(conv3x3(relu(conv1x1(X)))))) of 8 bits.

    X and weights are signed, what relu gives is not. X and Y are rows x `wide` channels x pixels, weights channels out
    x channels in, those of W2 x 3 x 3; beyond the edge pixels are 0, sums are shifted by 6. Blocks of a row, `tile`
    pixels x channels, pass between cores, and `lanes` pixels are computed at once. The 3 x 3 convolution is on
    `windows` cores; all that is there for each of `bands` of the image.
    """
    pixels, channels = tile
    blocks, vectors = width // pixels, pixels // lanes
    own = narrow // windows
    outs = max(1, own // channels)
    part = own // outs
    parts, wides = narrow // channels, wide // channels
    halo = 1 if bands > 1 else 0
    before, behind = EDGE - 1, EDGE + 1
    rows = height // bands
    received = rows + halo

    @sp.region()
    def residual(
        X: int8[height, wide, width],
        W1: int8[narrow, wide],
        W2: int8[narrow, narrow, 3, 3],
        W3: int8[wide, narrow],
        Y: uint8[height, wide, width],
    ):
        given: Stream[int8[wide, pixels], 2][bands]
        kept: Stream[int8[channels, pixels], 2][bands]
        first_weights: Stream[int8[narrow, wide], 1][bands]
        second_weights: Stream[int8[own, narrow, 3, 3], 1][bands, windows]
        third_weights: Stream[int8[wide, narrow], 1][bands]
        reduced: Stream[uint8[channels, pixels], 2][bands]
        seen: Stream[uint8[channels, pixels], min(6, blocks * parts)][bands, windows]
        found: Stream[uint8[part, pixels], 2 * outs][bands, windows]
        result: Stream[uint8[channels, pixels], 2][bands]

        @sp.kernel(mapping=[bands], args=[X])
        def load(X: int8[height, wide, width]):
            b = sp.get_pid()
            for i in range(received):
                for n in range(blocks):
                    given[b].put(X[b * (rows - halo) + i, :, n * pixels : (n + 1) * pixels])

        @sp.kernel(mapping=[bands], args=[X])
        def load_again(X: int8[height, wide, width]):
            b = sp.get_pid()
            for i in range(rows):
                for n in range(blocks):
                    for j in range(wides):
                        kept[b].put(X[b * rows + i, j * channels : (j + 1) * channels, n * pixels : (n + 1) * pixels])

        @sp.kernel(args=[W1, W2, W3])
        def load_weights(W1: int8[narrow, wide], W2: int8[narrow, narrow, 3, 3], W3: int8[wide, narrow]):
            for b in sp.meta_for(bands):
                first_weights[b].put(W1[0:narrow, :])
                third_weights[b].put(W3[0:wide, :])
                for m in sp.meta_for(windows):
                    second_weights[b, m].put(W2[m * own : (m + 1) * own, :, :, :])

        @sp.kernel(mapping=[bands])
        def reduce():
            b = sp.get_pid()
            w = first_weights[b].get()
            for _ in range(received * blocks):
                x = given[b].get()
                for j in range(parts):
                    y: uint8[channels, pixels] = 0
                    for o in range(channels):
                        sums: int32[pixels] = 0
                        for k in range(wide):
                            a = w[j * channels + o, k]
                            for v in range(vectors, pipeline=pipelined):
                                for p in range(lanes):
                                    sums[v * lanes + p] += a * x[k, v * lanes + p]
                        for v in range(vectors, pipeline=pipelined):
                            for p in range(lanes):
                                y[o, v * lanes + p] = min(max(sums[v * lanes + p] >> SHIFT, 0), 255)
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
            lines: uint8[3, narrow, width + 2 * EDGE] = 0
            top = 1 if b == 0 else 2
            bottom = 1 if b == bands - 1 else 0
            for i in range(received + bottom):
                for d in range(2):
                    for k in range(narrow):
                        for q in range(width):
                            lines[d, k, EDGE + q] = lines[d + 1, k, EDGE + q]
                if i < received:
                    for n in range(blocks):
                        for j in range(parts):
                            x = seen[b, m].get()
                            for k in range(channels):
                                for p in range(pixels):
                                    lines[2, j * channels + k, EDGE + n * pixels + p] = x[k, p]
                else:
                    for k in range(narrow):
                        for q in range(width):
                            lines[2, k, EDGE + q] = 0
                if i >= top:
                    for n in range(blocks):
                        for j in range(outs):
                            y: uint8[part, pixels] = 0
                            for o in range(part):
                                sums: int32[pixels] = 0
                                for d in range(3):
                                    for k in range(narrow):
                                        a0 = w[j * part + o, k, d, 0]
                                        a1 = w[j * part + o, k, d, 1]
                                        a2 = w[j * part + o, k, d, 2]
                                        for v in range(vectors, pipeline=pipelined):
                                            for p in range(lanes):
                                                sums[v * lanes + p] += (
                                                    a0 * lines[d, k, before + n * pixels + v * lanes + p]
                                                    + a1 * lines[d, k, EDGE + n * pixels + v * lanes + p]
                                                    + a2 * lines[d, k, behind + n * pixels + v * lanes + p]
                                                )
                                for v in range(vectors, pipeline=pipelined):
                                    for p in range(lanes):
                                        y[o, v * lanes + p] = min(max(sums[v * lanes + p] >> SHIFT, 0), 255)
                            found[b, m].put(y)

        @sp.kernel(mapping=[bands])
        def expand():
            b = sp.get_pid()
            w = third_weights[b].get()
            x: uint8[narrow, pixels] = 0
            for _ in range(rows * blocks):
                for m in sp.meta_for(windows):
                    for j in range(outs):
                        y = found[b, m].get()
                        for k in range(part):
                            for p in range(pixels):
                                x[m * own + j * part + k, p] = y[k, p]
                for j in range(wides):
                    skip = kept[b].get()
                    z: uint8[channels, pixels] = 0
                    for o in range(channels):
                        sums: int32[pixels] = 0
                        for k in range(narrow):
                            a = w[j * channels + o, k]
                            for v in range(vectors, pipeline=pipelined):
                                for p in range(lanes):
                                    sums[v * lanes + p] += a * x[k, v * lanes + p]
                        for v in range(vectors, pipeline=pipelined):
                            for p in range(lanes):
                                made: int32 = skip[o, v * lanes + p] + (sums[v * lanes + p] >> SHIFT)
                                z[o, v * lanes + p] = min(max(made, 0), 255)
                    result[b].put(z)

        @sp.kernel(mapping=[bands], args=[Y])
        def store(Y: uint8[height, wide, width]):
            b = sp.get_pid()
            for i in range(rows):
                for n in range(blocks):
                    for j in range(wides):
                        y = result[b].get()
                        Y[b * rows + i, j * channels : (j + 1) * channels, n * pixels : (n + 1) * pixels] = y

    return residual


def reference(X, W1, W2, W3):
    """What the layer computes, in NumPy."""
    X, W1, W2, W3 = (each.astype(np.int32) for each in (X, W1, W2, W3))
    padded = np.pad(np.clip(W1 @ X >> SHIFT, 0, 255), ((1, 1), (0, 0), (1, 1)))
    height, _, width = X.shape
    parts = (W2[:, :, i, j] @ padded[i : i + height, :, j : j + width] for i in range(3) for j in range(3))
    seen = np.clip(sum(parts) >> SHIFT, 0, 255)
    return np.clip(X + (W3 @ seen >> SHIFT), 0, 255).astype(np.uint8)


def run(device="npu1", size=(32, 32, 256, 64), **how):
    """Builds a layer of height x width x wide x narrow and compares what it computes; the placed design."""
    height, width, wide, narrow = size
    module = sp.build(residual(*size, **how), target="aie", device=device)
    shapes = (height, wide, width), (narrow, wide), (narrow, narrow, 3, 3), (wide, narrow)
    random = np.random.default_rng(0)
    given = [random.integers(-16, 16, shape).astype(np.int8) for shape in shapes]
    Y = np.zeros(shapes[0], np.uint8)
    module(*given, Y)
    assert np.array_equal(Y, reference(*given)), "the design computes something else"
    return module


def main(given=None):
    of = "height x width x wide x narrow: pixels, and channels outside and inside"
    wanted = asked(__doc__, given, cores="3", size="8x32x64x32", of=of)
    if wanted.cores[0] not in CORES:
        raise SystemExit("--cores is 3, 4 or 8: the convolution of 3 x 3 is on one or two, or all that is there twice")
    windows, bands = CORES[wanted.cores[0]]
    print(told(run(wanted.device, wanted.size, tile=(wanted.size[1], 16), windows=windows, bands=bands)))


if __name__ == "__main__":
    main()
