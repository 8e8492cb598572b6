"""The target "cpu" computes values without clocks, and tells what a timed run tells."""

import dataclasses

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int32
from tests.sim.networks import Loop, Net, random_depths, random_net, source
from tests.sim.programs import actors, region_of
from tests.sim.test_native import assert_same, systolic

N = 4


@sp.region()
def counted(A: int32[N], B: int32[N]):
    fifo: Stream[int32, 2]

    @sp.kernel(args=[A])
    def load(A: int32[N]):
        for k in range(N):
            fifo.put(A[k])

    @sp.kernel(args=[B])
    def store(B: int32[N]):
        calls: int32 @ sp.Stateful = 0
        calls += 1
        for k in range(N):
            B[k] = fifo.get() * calls


def test_a_call_computes_the_values_and_its_run_is_timed_when_it_is_asked_for():
    A = np.arange(N * N, dtype=np.int32).reshape(N, N)
    mine, theirs = np.zeros((2, N, N), np.int32)
    module = sp.build(systolic(N, N), target="cpu")
    assert module.last_run is None
    module(A, A, mine)
    assert np.array_equal(mine, A @ A)
    assert_same(sp.simulate(systolic(N, N), A, A, theirs), module.last_run)
    assert "llvm.func" in str(module) == module.code


def test_stateful_memory_is_kept_over_calls_and_a_run_tells_of_its_own():
    module, A, B = sp.build(counted, target="cpu"), np.arange(N, dtype=np.int32), np.zeros(N, np.int32)
    for call in (1, 2, 3):
        module(A, B)
        assert B.tolist() == (call * A).tolist()
    assert module.last_run.memories["store[0].calls"] == 3
    assert module.last_run.arrays["B"].tolist() == (3 * A).tolist()
    module.reset()
    module(A, B=B)
    assert B.tolist() == A.tolist()


def test_the_run_is_that_of_the_arrays_as_they_were_given():
    module, A, B = sp.build(counted, target="cpu"), np.arange(N, dtype=np.int32), np.zeros(N, np.int32)
    module(A, B)
    A[:] = 7
    assert module.last_run.arrays["B"].tolist() == list(range(N))


def test_a_deadlock_has_the_report_of_a_timed_run_and_leaves_the_arrays():
    region = actors(
        "a: Stream[int32, 1]\nb: Stream[int32, 1]",
        left="a.put(1)\na.put(2)\nb.put(3)",
        right="x: int32 = b.get()\ny: int32 = a.get()\nz: int32 = a.get()",
    )
    told = sp.simulate(region, on_deadlock="return")
    module = sp.build(region, target="cpu")
    with pytest.raises(sp.Deadlock) as found:
        module()
    assert found.value.run.deadlock == told.deadlock
    assert module.last_run.cycles == told.cycles
    module(depths={"a": 2})
    assert module.last_run.finished


def test_operations_of_a_stage_happen_together_without_clocks_too():
    """A token cannot leave in the cycle in which the next one takes its place."""
    region = actors(
        "a = sp.pipe(dtype=int32, depth=1, initial=[1])",
        left="for k in range(2, pipeline=sp.Pipeline(ii=1, latency=1)):\n    x: int32 = a.get()\n    a.put(x)",
    )
    with pytest.raises(sp.Deadlock):
        sp.simulate(region)
    with pytest.raises(sp.Deadlock):
        sp.build(region, target="cpu")()


def test_a_fault_has_the_report_of_a_timed_run():
    text = """
@sp.region()
def net(X: int32[4]):
    @sp.kernel(args=[X])
    def pe(X: int32[4]):
        X[0] = 5
        for k in range(6):
            X[X[0] + k] = 1
"""
    X, net = np.zeros(4, np.int32), region_of(text)
    with pytest.raises(sp.RunError) as reference:
        sp.simulate(net, X.copy())
    with pytest.raises(sp.RunError, match="outside") as found:
        sp.build(net, target="cpu")(X)
    ours, theirs = (each.value.problems[0] for each in (found, reference))
    assert ours == theirs
    assert not X.any()


def test_a_program_ends_when_only_freely_running_kernels_are_left():
    region = actors(
        "a: Stream[int32, 2]\nb: Stream[int32, 2]",
        left="for k in range(5):\n    a.put(k)\n    x: int32 = b.get()",
        server="while True:\n    b.put(a.get() + 1)",
    )
    module = sp.build(region, target="cpu")
    module()
    assert_same(sp.simulate(region), module.last_run)


def test_iterations_that_overlap_are_run_with_clocks():
    region = actors(
        "a: Stream[int32, 1]\nb: Stream[int32, 1]",
        left="for k in range(8, pipeline=sp.Pipeline(ii=1, latency=3)):\n    a.put(k)\n    x: int32 = b.get()",
        right="for k in range(8):\n    y: int32 = a.get()\n    b.put(y)",
    )
    module = sp.build(region, target="cpu")
    assert module.untimed is None
    module()
    assert_same(sp.simulate(region), module.last_run)


@pytest.mark.parametrize("seed", range(12))
def test_random_networks_end_or_stand_still_as_with_clocks(seed):
    net = random_net(seed)
    net = Net(net.device, net.links, tuple(tuple(map(in_turn, loops)) for loops in net.actors))
    region = region_of(source(net).replace("Int(600)", "Int(64)"))
    module, reference = sp.build(region, target="cpu", device=net.device), sp.build(region, device=net.device)
    assert module.untimed is not None
    for depths in ({}, random_depths(net, seed), dict.fromkeys(random_depths(net, seed), 40)):
        told = reference.run(depths=depths, on_deadlock="return")
        if told.deadlock is None:
            module(depths=depths)
            assert_same(told, module.last_run)
        else:
            with pytest.raises(sp.Deadlock):
                module(depths=depths)


def in_turn(loop: Loop) -> Loop:
    """The loop with iterations that do not overlap."""
    return dataclasses.replace(loop, ii=max(loop.ii, loop.latency))


def test_a_profile_counts_the_calls_after_the_warm_up():
    module, A, B = sp.build(counted, target="cpu"), np.arange(N, dtype=np.int32), np.zeros(N, np.int32)
    profile = module.profile(A, B, warmup=1, iterations=2)
    assert len(profile.seconds) == 2
    assert B.tolist() == (3 * A).tolist()
    assert str(profile).startswith("2 calls: at least")
    assert profile.least <= profile.median
    with pytest.raises(sp.ProgramError, match="at least 1 iteration, not 0"):
        module.profile(A, B, iterations=0)
