"""Programs whose annotations Python keeps as text: names that stand in them only must be found all the same."""

from __future__ import annotations

import spatial as sp
from spatial import Stream, int16, int32


@sp.region()
def at_module_level(A: int32[2], C: int32[2]):
    fifo: Stream[int32, 2][2]

    @sp.kernel(mapping=[2], args=[A, C])
    def pe(A: int32[2], C: int32[2]):
        i = sp.get_pid()
        value: int32 = A[i]
        fifo[i].put(value)
        C[i] = fifo[i].get()


def nested(size, kind):
    depth = 3

    @sp.region()
    def program(A: kind[size], C: kind[size]):
        fifo: Stream[kind, depth]
        wide = int16

        @sp.kernel(args=[A, C])
        def pe(A: kind[size], C: kind[size]):
            buffer: wide[size]
            for k in range(4):
                value: wide = A[k]
                buffer[k] = value
                fifo.put(buffer[k])
                C[k] = fifo.get()

    return program


def twice_nested(size):
    kind = int32

    def inner():
        @sp.region()
        def program(C: kind[size]):
            @sp.kernel
            def pe(C: kind[size]):
                local: kind = 1
                C[0] = local

        return program

    return inner()


in_a_function = nested(4, int32)
in_two_functions = twice_nested(4)
