"""Blurs an image twice with a 3 x 3 stencil, pixels passing through two stages one after the other.

A stage needs the two lines above a pixel but gets every pixel only once: it keeps the last two lines in local memory,
and a window of nine pixels that moves along them. Each pass loses a border of one pixel. Cycles: H * W pixels, one a
cycle, pass three channels.
"""

import numpy as np

import spatial as sp
from spatial import Stream, uint8
from tests.conformance.program import Program

WEIGHTS = np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]], dtype=np.uint8)
STAGES = 2


def make(H, W, depth=2):
    @sp.region()
    def blur(image: uint8[H, W], out: uint8[H - 2 * STAGES, W - 2 * STAGES]):
        flow: Stream[uint8, depth][STAGES + 1]

        @sp.kernel(args=[image])
        def source(image: uint8[H, W]):
            for r, c in sp.grid(H, W):
                flow[0].put(image[r, c])

        @sp.kernel(mapping=[STAGES])
        def stage():
            s = sp.get_pid()
            lines: uint8[2, W]
            window: uint8[3, 3]
            for r, c in sp.grid(H - 2 * s, W - 2 * s):
                for i in sp.meta_for(3):
                    window[i, 0] = window[i, 1]
                    window[i, 1] = window[i, 2]
                window[0, 2] = lines[0, c]
                window[1, 2] = lines[1, c]
                window[2, 2] = flow[s].get()
                lines[0, c] = window[1, 2]
                lines[1, c] = window[2, 2]
                total = 0
                for i, j in sp.meta_for([(i, j) for i in range(3) for j in range(3)]):
                    total += WEIGHTS[i, j] * window[i, j]
                if r >= 2 and c >= 2:
                    flow[s + 1].put(total >> 4)

        @sp.kernel(args=[out])
        def sink(out: uint8[H - 2 * STAGES, W - 2 * STAGES]):
            for r, c in sp.grid(H - 2 * STAGES, W - 2 * STAGES):
                out[r, c] = flow[STAGES].get()

    return blur


def reference(size, image):
    for _ in range(STAGES):
        windows = np.lib.stride_tricks.sliding_window_view(image.astype(int), (3, 3))
        image = ((windows * WEIGHTS).sum(axis=(2, 3)) >> 4).astype(np.uint8)
    return image


PROGRAM = Program(
    name="stencil",
    make=make,
    sizes=((5, 5), (6, 9), (8, 12)),
    inputs=lambda random, H, W: (random.integers(0, 256, (H, W), dtype=np.uint8),),
    reference=reference,
    cycles=lambda H, W: H * W + STAGES + 1,
)
