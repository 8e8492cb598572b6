"""What the core of a written module takes is checked against its tile."""

import pytest

import spatial as sp
from spatial import Stream, int32
from spatial.build.aie.placed import placed
from spatial.ir.function import operations
from spatial.lower.aie.dialect.ops import CoreOp
from spatial.lower.aie.rules.emitted import program_bytes
from spatial.lower.aie.rules.judge import broken_in_design
from spatial.source.errors import ProgramError


def sums(count: int, size: int):
    """A core that takes `count` blocks, three at a time, before it gives their sum."""

    @sp.region()
    def program(A: int32[count, size], B: int32[count // 3, size]):
        a: Stream[int32[size], 2]
        b: Stream[int32[size], 1]

        @sp.kernel(args=[A])
        def load(A: int32[count, size]):
            for i in range(count):
                a.put(A[i])

        @sp.kernel
        def add():
            for i in range(count // 3):
                x: int32[size] = a.get()
                y: int32[size] = a.get()
                z: int32[size] = a.get()
                b.put(x + y + z)

        @sp.kernel(args=[B])
        def store(B: int32[count // 3, size]):
            for i in range(count // 3):
                B[i] = b.get()

    return program


def test_copies_of_tokens_take_memory_too():
    with pytest.raises(ProgramError, match=r"needs 71048 bytes of data memory, a core tile has 65536"):
        placed(sums(6, 3500), "npu1")


def test_what_fits_is_not_told_of():
    made = placed(sums(6, 3000), "npu1")
    assert not broken_in_design(made.mapped, made.npu, made.placement, made.design)


def written_out(times: int):
    """A core whose loop is written out."""

    @sp.region()
    def program(A: int32[2, 16], B: int32[2, 16]):
        a: Stream[int32[16], 2]
        b: Stream[int32[16], 2]

        @sp.kernel(args=[A])
        def load(A: int32[2, 16]):
            for i in range(2):
                a.put(A[i])

        @sp.kernel
        def work():
            x: int32[16] = a.get()
            y: int32[16] = a.get()
            with sp.meta_for(times) as k:
                y[k % 16] = x[k % 16] * 3 + y[k % 16]
            for i in range(2):
                b.put(y)

        @sp.kernel(args=[B])
        def store(B: int32[2, 16]):
            for i in range(2):
                B[i] = b.get()

    return program


def test_a_program_larger_than_its_memory_is_refused():
    with pytest.raises(ProgramError, match=r"takes about \d+ bytes, a core tile has 16384 bytes of program memory"):
        placed(written_out(400), "npu1")


def test_a_program_grows_with_what_is_written_out():
    sizes = []
    for times in (1, 17):
        module = placed(written_out(times), "npu1").design.module
        (core,) = (op for op in operations(module.body) if isinstance(op, CoreOp))
        sizes.append(program_bytes(core))
    assert sizes[0] + 16 * 3 * 16 < sizes[1] < 16384
