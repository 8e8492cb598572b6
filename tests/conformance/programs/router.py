"""Sends each of N packets to the one of P sinks that it names.

The router owns the writing ends of all lanes, so it may choose one while the program runs. How many packets a lane gets
is not known before: one with the flag `last` ends it. The sinks store what they get in the order in which it comes.
"""

import numpy as np

import spatial as sp
from spatial import Stream, int32, uint8
from tests.conformance.program import Program


@sp.struct
class Packet:
    data: int32
    last: bool


def make(P, N, depth=2):
    @sp.region()
    def route(target: uint8[N], data: int32[N], stored: int32[P, N], counts: int32[P]):
        lanes: Stream[Packet, depth][P]

        @sp.kernel(args=[target, data])
        def router(target: uint8[N], data: int32[N]):
            for n in range(N):
                lanes[target[n]].put(Packet(data[n], False))
            for p in sp.meta_for(P):
                lanes[p].put(Packet(0, True))

        @sp.kernel(mapping=[P], args=[stored, counts])
        def sink(stored: int32[P, N], counts: int32[P]):
            p = sp.get_pid()
            count: int32 = 0
            while True:
                packet = lanes[p].get()
                if packet.last:
                    break
                stored[p, count] = packet.data
                count += 1
            counts[p] = count

    return route


def inputs(random, P, N):
    return random.integers(0, P, N, dtype=np.uint8), random.integers(-99, 100, N, dtype=np.int32)


def reference(size, target, data):
    stored = np.zeros(size, dtype=np.int32)
    counts = np.bincount(target, minlength=size[0]).astype(np.int32)
    for p, count in enumerate(counts):
        stored[p, :count] = data[target == p]
    return stored, counts


PROGRAM = Program(name="router", make=make, sizes=((1, 3), (3, 8), (5, 20)), inputs=inputs, reference=reference)
