"""The native engine notes what the reference keeps: recorded tokens, output streams, what kernels print and assert."""

import itertools

import numpy as np
import pytest

import spatial as sp
from spatial import Int, Stream, float32, int8, int32, uint8
from spatial.lower.llvm import layout
from tests.sim.both import alike, both
from tests.sim.networks import random_net, source
from tests.sim.programs import region_of

PIPELINES = [
    "pipeline=False",
    "pipeline=sp.Pipeline(ii=3)",
    "pipeline=sp.Pipeline(latency=4)",
    'pipeline=sp.Pipeline(latency=3, style="rigid")',
]


def chatty(pipeline: str) -> object:
    """Two actors that print what passes, the second in a pipeline."""
    return region_of(
        f"""
@sp.region()
def net(A: int32[9]):
    a: Stream[int32, 2]
    @sp.kernel(args=[A])
    def send(A: int32[9]):
        print("begin", end=" ")
        for k in range(9):
            a.put(A[k])
            if k % 4 == 0:
                print(f"sent {{A[k]:+d}}", k)
    @sp.kernel()
    def take():
        total: int32 = 0
        for k in range(9, {pipeline}):
            print("before", k)
            x: int32 = a.get()
            total += x
            if x < 0:
                print(f"{{k=}} {{total / 2:.2f}} {{x!r:>6}}")
        print("end", total)
"""
    )


@pytest.mark.parametrize("device", ["ideal", "hls"])
@pytest.mark.parametrize("pipeline", PIPELINES)
def test_texts_are_those_of_the_reference(pipeline, device, capsys):
    A = np.array([3, -5, 2**31 - 1, -(2**31), 0, -1, 7, -9, 100], np.int32)
    built = both(chatty(pipeline), device)
    run = alike(built, A)
    assert len(run.prints) == 1 + 3 + 9 + 4 + 1
    shown = capsys.readouterr().out
    assert shown[: len(shown) // 2] == shown[len(shown) // 2 :]
    assert shown.startswith("begin ")
    for until in range(1, 16):
        alike(built, A, until=until)


def test_texts_of_one_cycle_stand_in_the_order_of_the_actors():
    @sp.region()
    def program():
        a: Stream[int32, 1][4]

        @sp.kernel()
        def starts():
            for n in sp.meta_for(3, -1, -1):
                a[n].put(n)

        @sp.kernel(mapping=[4])
        def pe():
            i = sp.get_pid()
            x: int32 = a[i].get()
            for k in range(i, 6):
                print(i)

    run = alike(both(program))
    for one, two in itertools.pairwise(run.prints):
        assert (one.cycle, one.actor) < (two.cycle, two.actor)


def test_numbers_of_every_width_are_told(capsys):
    @sp.region()
    def program(A: int8[3], B: uint8[3], F: float32[3], W: Int(64)[3]):
        @sp.kernel(args=[A, B, F, W])
        def pe(A: int8[3], B: uint8[3], F: float32[3], W: Int(64)[3]):
            for k in range(3):
                wide = W[k] * W[k]
                print(A[k], B[k], F[k], A[k] < 0, W[k], wide, -wide, W[k] + W[k], f"{wide:x}")

    A, B = np.array([-128, 0, 127], np.int8), np.array([0, 200, 255], np.uint8)
    F, W = np.array([0.1, np.nan, -np.inf], np.float32), np.array([-(2**63), 2**63 - 1, 3], np.int64)
    run = alike(both(program), A, B, F, W)
    assert str(2**126) in run.prints[0].text


def summing(latency: int) -> object:
    return region_of(
        f"""
@sp.region()
def net(A: int32[8], limit: int32):
    @sp.kernel(mapping=[2])
    def pe(A: int32[8], limit: int32):
        i = sp.get_pid()
        total: int32 = 0
        for k in range(8, pipeline=sp.Pipeline(latency={latency})):
            total += A[k]
            print("total", total)
            assert total + i < limit, f"{{total:04d}} is too much"
"""
    )


@pytest.mark.parametrize("latency", [1, 3])
def test_an_assertion_that_fails_is_told_with_its_text(latency):
    built = both(summing(latency))
    for limit in (0, 5, 20, 28, 1000):
        errors = []
        for module in built:
            try:
                module.run(np.arange(8, dtype=np.int32), limit)
            except sp.RunError as error:
                errors += [(error.problems[0].message, error.problems[0].actor, error.run.prints)]
        assert len(errors) == (2 if limit < 1000 else 0)
        assert errors[:1] == errors[1:]


def test_recorded_tokens_are_those_of_the_reference():
    net = random_net(3)
    built = both(region_of(source(net).replace("Int(600)", "Int(64)")), net.device)
    names = list(alike(built).channels)
    run = alike(built, record=names)
    assert set(run.trace) == set(names)
    alike(built, record=names[:1], until=9)


def test_initial_tokens_are_recorded_as_put_before_the_first_cycle():
    @sp.region()
    def program():
        a = sp.pipe(dtype=float32, depth=3, initial=[0.5, -7])

        @sp.kernel()
        def turn():
            for k in range(4):
                a.put(a.get() + 1)

    trace = alike(both(program), record=["a"]).trace["a"]
    assert trace.values == (0.5, -7, 1.5, -6, 2.5, -5)
    assert trace.puts[:4] == (-1, -1, 0, 1)


def test_output_streams_are_those_of_the_reference():
    @sp.region()
    def program(a: Stream[int8, 2][2], b: Stream[int32, 2][2], c: Stream[uint8, 2]):
        @sp.kernel(mapping=[2])
        def pe():
            i = sp.get_pid()
            for k in range(3):
                x: int8 = a[i].get()
                for n in range(i + 1):
                    b[i].put(x)
                with sp.meta_if(i == 1):
                    c.put(x)

    tokens = np.array([[1, 2, 3], [-4, -5, -6]], np.int8)
    run = alike(both(program), tokens)
    assert run.outputs["c"].tolist() == [252, 251, 250]


def test_the_log_stays_small(monkeypatch):
    """Whoever fills it stops until it is read, and every entry is read once."""
    sizes = []
    monkeypatch.setattr("spatial.sim.native.notes.Notes.add", counted(sizes))

    @sp.region()
    def program(b: Stream[int32, 2]):
        @sp.kernel()
        def pe():
            for k in range(40_000, pipeline=sp.Pipeline(latency=3)):
                b.put(k)

    run = sp.simulate(program, engine="native")
    assert run.outputs["b"].tolist() == list(range(40_000))
    assert len(sizes) > 2
    assert max(sizes) < layout.LOG_ENTRIES + 100


def counted(sizes: list[int]) -> object:
    from spatial.sim.native.notes import Notes

    add = Notes.add

    def counting(self: Notes, entries: np.ndarray) -> np.ndarray:
        sizes.append(len(entries) // 4)
        return add(self, entries)

    return counting
