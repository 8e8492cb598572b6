"""What the core of a written module takes is checked against its tile."""

from collections.abc import Callable
from dataclasses import replace

import pytest

import spatial as sp
from spatial import Stream, int32
from spatial.build.aie.placed import placed
from spatial.ir.function import operations
from spatial.ir.mlir import arith, ir, vector
from spatial.lower.aie.dialect.ops import CoreOp
from spatial.lower.aie.placement.place import place
from spatial.lower.aie.rules.emitted import program_bytes
from spatial.lower.aie.rules.judge import broken_in_design
from spatial.lower.aie.rules.stacks import stack_room
from spatial.lower.aie.rules.subject import Subject
from spatial.source.errors import ProgramError
from tests.lower.aie.designs import Design
from tests.lower.aie.dialect.sound import NPU, sound


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
    with pytest.raises(ProgramError, match=r"needs 73048 bytes of data memory, a core tile has 65536"):
        placed(sums(6, 4500), "npu1")


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


def adding(vectors: int) -> Callable[[], None]:
    """Writes a core that holds so many vectors of 64 bytes at once."""

    def write() -> None:
        kind = ir.VectorType.get([16], ir.IntegerType.get_signless(32))
        loop = ir.InsertionPoint.current.block.owner.opview
        number = arith.index_cast(ir.IntegerType.get_signless(32), loop.induction_variable)
        held = [vector.broadcast(kind, number) for _ in range(vectors)]
        for one, other in zip(held, reversed(held), strict=True):
            arith.addi(one, other)

    return write


def keeping(vectors: int, stack: int | None = None) -> list:
    """What the rule of the stack says of such a core."""
    made = Design()
    made.core("pe", stack=stack)
    placement = place(made.mapped(), NPU)
    placement = replace(placement, tiles={"pe": (0, 2)})
    module = sound(in_core=adding(vectors))
    return list(stack_room(Subject(mapped=made.mapped(), npu=NPU, placement=placement, module=module)))


def test_a_program_that_keeps_more_than_its_stack_is_refused():
    (told,) = keeping(40)
    assert told.title == "the program of `pe` keeps about 1984 bytes on its stack, which has 1024"
    assert told.hint == "give it a larger stack, `s.place(..., stack=1984)`, or use an array"
    assert not keeping(40, stack=1984)
    assert not keeping(10)
