"""Movers of every kind: copies, scattered and gathered tokens, layouts made by memory tiles, drains, windows."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int8, int16, int32
from spatial.lower.aie.design import Fifo, Kind, Mapped
from spatial.region.definition import Region
from tests.lower.aie.legalize.running import mapped, run_legal
from tests.lower.aie.mapping.following import moved, places


def cores(found: Mapped) -> list[str]:
    return [node.name for node in found.nodes if node.kind is Kind.CORE]


def test_scatter_and_gather_take_no_core():
    @sp.region()
    def add(A: int32[16, 4], B: int32[16, 4]):
        a: Stream[int32[4], 2]
        outs: Stream[int32, 2][4]

        @sp.kernel(args=[A])
        def load(A: int32[16, 4]):
            for r in range(16):
                a.put(A[r])

        parts = sp.scatter(a)

        @sp.kernel(mapping=[4])
        def pe():
            i = sp.get_pid()
            for r in range(16):
                outs[i].put(parts[i].get() + i)

        whole = sp.gather(outs)

        @sp.kernel(args=[B])
        def store(B: int32[16, 4]):
            for r in range(16):
                B[r] = whole.get()

    found = mapped(add)
    assert cores(found) == [f"pe[{i}]" for i in range(4)]
    walks = {each.fifo: (each.offset, each.walk[3]) for each in found.transfers}
    assert walks == {f"{name}_{i}": (i, (16, 4)) for name in ("parts", "outs") for i in range(4)}
    a, b = np.arange(64, dtype=np.int32).reshape(16, 4), np.zeros((16, 4), np.int32)
    run_legal(found, [(a, b)])
    np.testing.assert_array_equal(b, a + np.arange(4))


def forked() -> Region:
    @sp.region()
    def both(A: int32[4, 16], B: int32[4, 16], C: int32[4, 16]):
        a: Stream[int32[16], 2]
        more: Stream[int32[16], 2]
        b: Stream[int32[16], 2]
        c: Stream[int32[16], 2]

        @sp.kernel(args=[A])
        def load(A: int32[4, 16]):
            for r in range(4):
                a.put(A[r])

        @sp.kernel
        def add():
            for r in range(4):
                x: int32[16] = a.get()
                more.put(x + 1)

        left, right = sp.fork(more)

        @sp.kernel
        def twice():
            for r in range(4):
                x: int32[16] = left.get()
                b.put(x * 2)

        @sp.kernel
        def thrice():
            for r in range(4):
                x: int32[16] = right.get()
                c.put(x * 3)

        @sp.kernel(args=[B, C])
        def store(B: int32[4, 16], C: int32[4, 16]):
            for r in range(4):
                B[r] = b.get()
                C[r] = c.get()

    return both


def test_a_fork_behind_a_core_is_one_fifo_for_all():
    found = mapped(forked())
    assert cores(found) == ["add[0]", "twice[0]", "thrice[0]"]
    fifo = found.fifo["more"]
    assert [end.node for end in fifo.consumers] == ["twice[0]", "thrice[0]"]
    assert fifo.channels[-1] == "more"


def layouts(dtype: object) -> Region:
    """Blocks of 16 x 32 go through a core as blocks of 4 x 8 of them, and come back."""

    @sp.region()
    def relaid(A: dtype[32, 64], B: dtype[32, 64]):
        a: Stream[dtype[4, 4, 4, 8], 2]
        b: Stream[dtype[4, 4, 4, 8], 2]

        @sp.kernel(args=[A])
        def load(A: dtype[32, 64]):
            block: dtype[4, 4, 4, 8]
            for r, c in sp.grid(2, 2):
                for x, y, i, j in sp.grid(4, 4, 4, 8):
                    block[x, y, i, j] = A[r * 16 + x * 4 + i, c * 32 + y * 8 + j]
                a.put(block)

        @sp.kernel
        def same():
            for n in range(4):
                block: dtype[4, 4, 4, 8] = a.get()
                b.put(block + 1)

        @sp.kernel(args=[B])
        def store(B: dtype[32, 64]):
            for r, c in sp.grid(2, 2):
                block: dtype[4, 4, 4, 8] = b.get()
                for x, y, i, j in sp.grid(4, 4, 4, 8):
                    B[r * 16 + x * 4 + i, c * 32 + y * 8 + j] = block[x, y, i, j]

    return relaid


@pytest.mark.parametrize("dtype", [int8, int16, int32])
def test_a_layout_of_four_dimensions_is_made_on_the_way(dtype):
    found = mapped(layouts(dtype))
    assert cores(found) == ["same[0]"]
    arrays = {"A": np.arange(32 * 64), "B": np.arange(32 * 64)}
    wanted = arrays["A"].reshape(2, 4, 4, 2, 4, 8).transpose(0, 3, 1, 4, 2, 5).reshape(4, -1)
    for fed in "ab":
        host = next(fifo for fifo in found.fifos if fifo.name.startswith(fed) and is_hosted(found, fifo))
        inner = found.fifo_of_channel[fed]
        objects = moved(found, host, arrays)
        if inner.producer.walk:
            objects = objects[:, places(inner.producer.walk)]
        elif host.producer.walk:
            back = np.empty_like(objects)
            back[:, places(host.producer.walk)] = objects
            objects = back
        np.testing.assert_array_equal(objects, wanted)


def is_hosted(found: Mapped, fifo: Fifo) -> bool:
    return any(found.node[end.node].kind is Kind.SHIM for end in fifo.ends)


def test_a_drain_and_what_is_put_into_it_disappear():
    @sp.region()
    def dropped(A: int32[16], B: int32[16]):
        a: Stream[int32, 2]
        rest: Stream[int32, 2]

        @sp.kernel(args=[A, B])
        def core(A: int32[16], B: int32[16]):
            for n in range(16):
                B[n] = A[n] + 1
                rest.put(A[n])

        @sp.kernel
        def drain():
            for n in range(16):
                x: int32 = rest.get()

    found = mapped(dropped)
    assert cores(found) == ["core[0]"]
    assert sorted(transfer.array for transfer in found.transfers) == ["A", "B"]
    assert "rest" not in found.graph.channel


def test_a_window_is_the_box_that_a_core_touches():
    @sp.region()
    def rows(A: int32[8, 16], B: int32[8, 16]):
        @sp.kernel(mapping=[2], args=[A, B])
        def core(A: int32[8, 16], B: int32[8, 16]):
            i = sp.get_pid()
            for r in range(2):
                for c in range(8):
                    B[4 * i + 2 * r, 2 * c] = A[4 * i + r + 1, c + 4]

    found = mapped(rows)
    moves = {(each.fifo, each.offset, each.walk[2:]) for each in found.transfers}
    assert moves == {
        ("A_core_in_0", 20, ((2, 16), (8, 1))),
        ("A_core_in_1", 84, ((2, 16), (8, 1))),
        ("B_core_out_0", 0, ((2, 32), (8, 2))),
        ("B_core_out_1", 64, ((2, 32), (8, 2))),
    }


def test_scalars_are_parameters_of_the_cores_that_read_them():
    @sp.region()
    def scaled(A: int32[16], factor: int32, B: int32[16]):
        @sp.kernel(args=[A, factor, B])
        def core(A: int32[16], factor: int32, B: int32[16]):
            for n in range(16):
                B[n] = A[n] * factor

    found = mapped(scaled)
    assert [(each.node, each.scalar, str(each.type)) for each in found.parameters] == [("core[0]", "factor", "int32")]


def test_what_goes_from_array_to_array_goes_by_a_memory_tile():
    @sp.region()
    def copied(A: int32[8, 8], B: int32[8, 8]):
        a: Stream[int32[8], 2]

        @sp.kernel(args=[A])
        def load(A: int32[8, 8]):
            for r in range(8):
                a.put(A[7 - r])

        @sp.kernel(args=[B])
        def store(B: int32[8, 8]):
            for r in range(8):
                B[r] = a.get()

    found = mapped(copied)
    assert [node.kind for node in found.nodes] == [Kind.MEMORY, Kind.SHIM, Kind.SHIM]
    assert [(link.sources, link.targets) for link in found.links] == [(("a_in",), ("a_out",))]
    arrays = {name: np.arange(64) for name in "AB"}
    np.testing.assert_array_equal(moved(found, found.fifo["a_in"], arrays), np.arange(64).reshape(8, 8)[::-1])
    np.testing.assert_array_equal(moved(found, found.fifo["a_out"], arrays), np.arange(64).reshape(8, 8))


def test_a_stream_of_the_program_is_an_array_of_tokens():
    @sp.region()
    def doubled(numbers: Stream[int32, 2], results: Stream[int32[4], 2]):
        @sp.kernel
        def core():
            for n in range(8):
                block: int32[4]
                for i in range(4):
                    block[i] = numbers.get() * 2
                results.put(block)

    found = mapped(doubled)
    line = ((1, 0), (1, 0), (1, 0), (32, 1))
    assert [(each.array, each.offset, each.walk) for each in found.transfers] == [
        ("numbers", 0, line),
        ("results", 0, line),
    ]
    assert [fifo.objects for fifo in found.fifos] == [32, 8]
    module = run_legal(found, [(np.arange(32, dtype=np.int32),)])
    np.testing.assert_array_equal(module.last_run.outputs["results"], 2 * np.arange(32).reshape(8, 4))


def test_what_goes_as_one_token_from_and_into_whole_arrays_takes_no_core():
    @sp.region()
    def twice(A: int32[16], B: int32[16], C: int32[16]):
        a: Stream[int32[16], 2]
        b: Stream[int32[16], 2]
        c: Stream[int32[16], 2]

        @sp.kernel(args=[A])
        def load(A: int32[16]):
            a.put(A)

        @sp.kernel
        def core():
            x: int32[16] = a.get()
            b.put(x * 2)
            c.put(x * 3)

        @sp.kernel(args=[B, C])
        def store(B: int32[16], C: int32[16]):
            B[:] = b.get()
            C[0:16] = c.get()

    found = mapped(twice)
    assert cores(found) == ["core[0]"]
    assert sorted((each.fifo, each.array, each.size) for each in found.transfers) == [
        ("a", "A", 16),
        ("b", "B", 16),
        ("c", "C", 16),
    ]
    a, b, c = (np.arange(16, dtype=np.int32) for _ in range(3))
    run_legal(found, [(a, b, c)])
    np.testing.assert_array_equal(b, a * 2)
    np.testing.assert_array_equal(c, a * 3)


def test_long_rows_are_cut_at_words():
    @sp.region()
    def copy(A: int8[10100], B: int8[10100]):
        blocks: Stream[int8[10100], 1]
        made: Stream[int8[10100], 1]

        @sp.kernel(args=[A])
        def load(A: int8[10100]):
            for _ in range(2):
                blocks.put(A[0:10100])

        @sp.kernel()
        def negate():
            for _ in range(2):
                a = blocks.get()
                b: int8[10100] = 0
                for i in range(10100):
                    b[i] = -a[i]
                made.put(b)

        @sp.kernel(args=[B])
        def store(B: int8[10100]):
            for _ in range(2):
                B[0:10100] = made.get()

    found = mapped(copy)
    assert found.transfers[0].walk == ((2, 0), (1, 0), (5, 2020), (2020, 1))
