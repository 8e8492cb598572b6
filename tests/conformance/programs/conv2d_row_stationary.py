"""A two-dimensional convolution on R x E PEs, E rows of output from a filter of R rows.

PE (r, e) keeps row r of the filter and slides it along row r + e of the image, which every PE on that diagonal needs:
the row enters at its lower left end and is handed on to PE (r - 1, e + 1). Sums of products flow up: PE (r, e) adds
its own to those of PE (r + 1, e), and PE (0, e) stores row e of the output. Cycles: W pixels, one a cycle, through a
channel from the source and the R - 1 channels up.
"""

import numpy as np

import spatial as sp
from spatial import Stream, int8, int32
from tests.conformance.program import Program


def make(H, W, R, S, depth=2):
    E, G = H - R + 1, W - S + 1

    @sp.region()
    def conv(image: int8[H, W], taps: int8[R, S], out: int32[E, G]):
        across: Stream[int8, depth][R, E]
        up: Stream[int32, depth][R, E]

        @sp.kernel(mapping=[H], args=[image])
        def source(image: int8[H, W]):
            h = sp.get_pid()
            for c in range(W):
                across[min(h, R - 1), h - min(h, R - 1)].put(image[h, c])

        @sp.kernel(mapping=[R, E], args=[taps, out])
        def pe(taps: int8[R, S], out: int32[E, G]):
            r, e = sp.get_pid()
            window: int8[S]
            for c in range(W):
                for s in sp.meta_for(S - 1):
                    window[s] = window[s + 1]
                window[S - 1] = across[r, e].get()
                with sp.meta_if(r > 0 and e + 1 < E):
                    across[r - 1, e + 1].put(window[S - 1])
                if c >= S - 1:
                    total: int32 = 0
                    for s in sp.meta_for(S):
                        total += taps[r, s] * window[s]
                    with sp.meta_if(r + 1 < R):
                        total += up[r + 1, e].get()
                    with sp.meta_if(r > 0):
                        up[r, e].put(total)
                    with sp.meta_else():
                        out[e, c - S + 1] = total

    return conv


def inputs(random, H, W, R, S):
    return random.integers(-128, 128, (H, W), dtype=np.int8), random.integers(-128, 128, (R, S), dtype=np.int8)


def reference(size, image, taps):
    windows = np.lib.stride_tricks.sliding_window_view(image.astype(np.int32), taps.shape)
    return (windows * taps.astype(np.int32)).sum(axis=(2, 3), dtype=np.int32)


PROGRAM = Program(
    name="conv2d_row_stationary",
    make=make,
    sizes=((3, 4, 1, 1), (5, 6, 3, 3), (6, 9, 2, 4)),
    inputs=inputs,
    reference=reference,
    cycles=lambda H, W, R, S: W + R,
)
