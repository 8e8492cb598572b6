"""Cores that call a function in C++: pixels become gray, by `gray.cc` beside this file.

Run it: `python -m examples.npu.external --cores 4 --device npu1`

The functional run compiles the function for this machine, an exported project for the cores. `cycles` says how long a
call takes there, for the prediction: three products of 32 pixels at a time.
"""

import numpy as np

import spatial as sp
from examples.npu.asked import asked
from examples.npu.told import told
from spatial import Stream, int32, uint8

__all__ = ["gray_image", "main", "run"]

BLOCK = 512

gray = sp.external(
    "gray",
    source="gray.cc",
    args=[sp.In(uint8[BLOCK, 4]), sp.Out(uint8[BLOCK]), sp.In(int32)],
    cycles=lambda pixels, out, count: pixels[0] * 3 // 32 + 20,
)


def gray_image(size, cores=4):
    """`gray_image(pixels, out)` of so many pixels, which every core has a share of."""
    share = size // cores
    if share * cores != size or share % BLOCK:
        raise ValueError(f"{size} pixels are no multiple of {cores} x {BLOCK}")

    @sp.region()
    def gray_image(pixels: uint8[size, 4], out: uint8[size]):
        given: Stream[uint8[BLOCK, 4], 2][cores]
        made: Stream[uint8[BLOCK], 2][cores]

        @sp.kernel(mapping=[cores])
        def load(pixels: uint8[size, 4]):
            p = sp.get_pid()
            for i in range(share // BLOCK):
                given[p].put(pixels[p * share + i * BLOCK : p * share + (i + 1) * BLOCK, :])

        @sp.kernel(mapping=[cores])
        def work():
            p = sp.get_pid()
            for _ in range(share // BLOCK):
                block = given[p].get()
                result: uint8[BLOCK]
                gray(block, result, BLOCK)
                made[p].put(result)

        @sp.kernel(mapping=[cores])
        def store(out: uint8[size]):
            p = sp.get_pid()
            for i in range(share // BLOCK):
                out[p * share + i * BLOCK : p * share + (i + 1) * BLOCK] = made[p].get()

    return gray_image


def run(cores=4, device="npu1", size=65536):
    """Builds it and compares what it computes; the placed design."""
    module = sp.build(gray_image(size, cores), target="aie", device=device)
    pixels = np.random.default_rng(0).integers(0, 256, (size, 4), np.uint8)
    out = np.zeros(size, np.uint8)
    module(pixels, out)
    assert np.array_equal(out, pixels[:, :3] @ np.array([77, 150, 29]) >> 8), "the design computes something else"
    return module


def main(given=None):
    wanted = asked(__doc__, given, cores="4", size="65536", of="pixels")
    print(told(run(*wanted.cores, wanted.device, *wanted.size)))


if __name__ == "__main__":
    main()
