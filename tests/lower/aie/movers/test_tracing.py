"""What movers move is told by a few iterations of loops whose iterations are alike, and is what all of them do."""

import pytest

import spatial as sp
from spatial import Stream, index, int32
from spatial.build.subject import program_of
from spatial.ir.function import kernels
from spatial.lower.aie.movers import tracing
from spatial.lower.aie.movers.steps import program_of as steps_of
from spatial.lower.aie.movers.stored import stored
from spatial.nn.npu import gemm
from tests.conformance.registry import PROGRAMS
from tests.lower.aie.mapping.programs import gemm as gemm_of_blocks

NAMES = ("fft", "gemm_cannon", "gemm_daisy_chain", "gemm_hierarchical", "gemm_tiled", "merge_sort", "mlp", "stencil")


def shifted():
    """A mover whose block keeps a part of what it held."""

    @sp.region()
    def window(A: int32[32], B: int32[64]):
        blocks: Stream[int32[8], 2]

        @sp.kernel(args=[A])
        def load(A: int32[32]):
            held: int32[8]
            for i in range(8):
                held[i] = A[i]
            for n in range(8):
                for i in range(4):
                    held[i] = A[3 * n + i]
                blocks.put(held)

        @sp.kernel(args=[B])
        def store(B: int32[64]):
            for n in range(8):
                at: index = 8 * (7 - n)
                B[at : at + 8] = blocks.get()

    return window


def diagonal():
    """Rows that become longer, and tokens one by one."""

    @sp.region()
    def rows(A: int32[16, 16], B: int32[16, 16]):
        numbers: Stream[int32, 4]

        @sp.kernel(args=[A])
        def load(A: int32[16, 16]):
            for i in range(16):
                for j in range(i + 1):
                    numbers.put(A[i, i - j])

        @sp.kernel(args=[B])
        def store(B: int32[16, 16]):
            for i in range(16):
                for j in range(i + 1):
                    B[i, j] = numbers.get()

    return rows


def moved(region):
    """What all actors move that are movers, as plain data."""
    program = program_of(region)
    steps = {each.name.value: steps_of(each) for each in kernels(program.module)}
    found = {}
    for actor in program.graph.actors:
        moves = tracing.traced(steps[actor.function], actor)
        if isinstance(moves, tracing.NoMover):
            found[actor.name] = moves
            continue
        kept = stored(moves, steps[actor.function].sizes)
        places = kept if isinstance(kept, str) else {n: tokens.every.tolist() for n, tokens in kept.items()}
        puts = {n: tokens.every.tolist() for n, tokens in moves.puts.items()}
        found[actor.name] = puts, dict(moves.gets), places, moves.endless
    return found


def conforming(name):
    (program,) = (each for each in PROGRAMS if each.name == name)
    size = program.sizes[-1]
    return program.make(*size, depth=program.depths_of(size)[0])


MADE = {
    "product": lambda: gemm(64, 32, 64, tile=(4, 4, 4), cores=(2, 2)),
    "blocks": lambda: gemm_of_blocks(2, 64, 64, 64, 4),
    "shifted": shifted,
    "diagonal": diagonal,
    **{name: lambda name=name: conforming(name) for name in NAMES},
}


@pytest.mark.parametrize("name", MADE)
def test_a_few_iterations_tell_what_all_do(name, monkeypatch):
    few = moved(MADE[name]())
    monkeypatch.setattr(tracing, "TRIED", 1 << 40)
    assert few == moved(MADE[name]())


def test_a_large_product_is_followed_in_a_few_steps(monkeypatch):
    monkeypatch.setattr(tracing, "MOST_STEPS", 2000)
    program = program_of(gemm(4096, 4096, 4096))
    steps = {each.name.value: steps_of(each) for each in kernels(program.module)}
    for name, count in (("send_A[0]", 8192), ("receive_C[3,3]", 128)):
        actor = program.graph.actor[name]
        moves = tracing.traced(steps[actor.function], actor)
        assert isinstance(moves, tracing.Traced)
        tokens = moves.puts or stored(moves, steps[actor.function].sizes)
        assert {len(each) for each in tokens.values()} == {count}
