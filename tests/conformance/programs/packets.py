"""Ends every packet of a stream of bytes with its checksum, a CRC of 8 bits.

A packet is as long as its sender likes: the beat that ends it has the flag `last`. The region's parameters are streams:
tokens come in as an array, and those that go out are in `run.outputs`. Cycles: a beat takes ten, to be taken, for its
eight bits, and to be put; a checksum takes one more.
"""

import numpy as np

import spatial as sp
from spatial import Stream, uint8
from tests.conformance.program import Program

POLYNOMIAL = 0x07


@sp.struct
class Beat:
    data: uint8
    last: bool


def crc8(crc: uint8, data: uint8) -> uint8:
    """The remainder after one more byte; kernels and the reference call it."""
    rest = crc ^ data
    for bit in range(8):
        rest = (rest << 1 ^ (POLYNOMIAL if rest >= 128 else 0)) & 255
    return rest


def make(packets, length, depth=2):
    @sp.region()
    def seal(source: Stream[Beat, depth], target: Stream[Beat, depth]):
        @sp.kernel()
        def append():
            crc: uint8 = 0
            while True:
                beat = source.get()
                crc = crc8(crc, beat.data)
                target.put(Beat(beat.data, False))
                if beat.last:
                    target.put(Beat(crc, True))
                    crc = 0

    return seal


def inputs(random, packets, length):
    beats = np.zeros(packets * length, sp.numpy_dtype(Beat))
    beats["data"] = random.integers(0, 256, packets * length)
    beats["last"] = random.random(packets * length) < 1 / length
    return (beats,)


def reference(size, beats):
    sealed, crc = [], 0
    for data, last in beats.tolist():
        crc = crc8(crc, data)
        sealed.append((data, False))
        if last:
            sealed.append((crc, True))
            crc = 0
    return np.array(sealed, beats.dtype)


PROGRAM = Program(
    name="packets",
    make=make,
    sizes=((1, 3), (2, 5), (4, 9)),
    inputs=inputs,
    reference=reference,
    streams=("target",),
)
