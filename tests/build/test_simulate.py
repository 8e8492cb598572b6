"""What a run records, returns and prints."""

import numpy as np
import pytest
import simpy

import spatial as sp
from spatial import Stream, int32
from tests.sim.programs import actors


@sp.region()
def double(A: int32[6], B: int32[6]):
    fifo: Stream[int32, 2]

    @sp.kernel(args=[A])
    def load(A: int32[6]):
        for k in range(6):
            fifo.put(A[k])

    @sp.kernel(args=[B])
    def store(B: int32[6]):
        for k in range(6, pipeline=sp.Pipeline(ii=2)):
            B[k] = 2 * fifo.get()


def arrays() -> tuple[np.ndarray, np.ndarray]:
    return np.arange(6, dtype=np.int32), np.zeros(6, np.int32)


def test_record_keeps_values_and_cycles_of_the_channels_asked_for():
    trace = sp.simulate(double, *arrays(), record="fifo").trace["fifo"]
    assert trace.values == (0, 1, 2, 3, 4, 5)
    assert trace.gets == tuple(1 + 2 * k for k in range(6))
    assert trace.puts == (0, 1, 2, 4, 6, 8)
    assert not sp.simulate(double, *arrays()).trace


@pytest.mark.parametrize("until", [1, 3, 7])
def test_until_stops_before_that_cycle_and_leaves_the_arrays(until):
    A, B = arrays()
    run = sp.simulate(double, A, B, until=until, record="fifo")
    assert (run.ending, run.finished, run.cycles) == ("stopped", False, until)
    assert run.trace["fifo"].gets == tuple(cycle for cycle in (1, 3, 5) if cycle < until)
    assert not B.any()
    assert run.actors["store[0]"].locals.get("k", 0) == max(0, (until - 1) // 2)


def test_until_behind_the_end_changes_nothing():
    whole, limited = (sp.simulate(double, *arrays(), until=until) for until in (None, 1000))
    assert limited.finished
    assert limited.cycles == whole.cycles == 2 * 5 + 1 + 1


def test_actors_tell_how_they_spent_their_time():
    """The writer's last put is at 8 = get[3] + WAR; it waits for slots in 3 of its 9 cycles."""
    run = sp.simulate(double, *arrays())
    load, store = run.actors["load[0]"], run.actors["store[0]"]
    assert (load.done, load.busy, load.stalled_output, load.stalled_input) == (9, 6, 3, 0)
    assert (store.done, store.busy, store.stalled_input, store.stalled_output) == (12, 11, 1, 0)
    assert run.bottleneck == store
    assert load.waits_at is None


def test_channels_tell_their_fill():
    channel = sp.simulate(double, *arrays()).channels["fifo"]
    assert (channel.tokens, channel.left, channel.high_water, channel.depth) == (6, 0, 2, 2)
    assert channel.cycles_full > 0


def test_tokens_left_behind_are_told():
    region = actors("a: Stream[int32, 4]", left="for k in range(3):\n    a.put(k)", right="x: int32 = a.get()")
    run = sp.simulate(region)
    assert run.finished
    assert (run.channels["a"].tokens, run.channels["a"].left) == (1, 2)


def test_a_printed_run_names_device_cycles_bottleneck_and_channels():
    printed = str(sp.simulate(double, *arrays(), device="hls"))
    assert printed.startswith("double on hls (FPGA channel rules): finished after 12 cycles")
    assert "bottleneck: store[0]" in printed
    assert "fifo" in printed
    assert "structural" in str(sp.simulate(double, *arrays()))


def test_runs_are_the_same_each_time():
    first, second = (str(sp.simulate(double, *arrays())) for _ in range(2))
    assert first == second


def test_a_program_without_time_takes_no_cycles():
    @sp.region()
    def copy(A: int32[2]):
        @sp.kernel(args=[A])
        def only(A: int32[2]):
            A[0] = A[1]

    A = np.array([0, 7], np.int32)
    run = sp.simulate(copy, A)
    assert (run.cycles, A[0], run.finished) == (0, 7, True)
    assert str(run)


@pytest.mark.parametrize(("options", "code"), [({}, "llvm.func"), ({"engine": "simpy"}, "lane.put")])
def test_a_built_module_runs_as_often_as_called(options, code):
    module = sp.build(double, **options)
    for factor in (1, 10):
        A, B = arrays()
        module(factor * A, B)
        assert B.tolist() == [2 * factor * k for k in range(6)]
    assert module.last_run is not None
    assert module.last_run.cycles == 12
    assert str(module) == module.code
    assert code in module.code
    assert module.name == "double"
    assert module.run(A, B).cycles == 12
    assert "df.channel" in str(module.module)


@pytest.mark.parametrize("target", ["verilog"])
def test_other_targets_are_refused(target):
    with pytest.raises(sp.ProgramError, match=target):
        sp.build(double, target=target)


def test_ctrl_c_gives_the_partial_run_and_leaves_the_arrays(monkeypatch):
    """Raised from inside of the engine, as a signal's handler does."""
    calls = iter(range(100))
    original = simpy.Environment.step

    def step(self):
        if next(calls) == 12:
            raise KeyboardInterrupt
        original(self)

    monkeypatch.setattr(simpy.Environment, "step", step)
    A, B = arrays()
    with pytest.raises(sp.Interrupted) as caught:
        sp.simulate(double, A, B, engine="simpy")
    assert caught.value.run.ending == "interrupted"
    assert 0 < caught.value.run.cycles < 12
    assert not B.any()


def test_a_module_is_built_with_depths_and_called_with_others():
    module = sp.build(double, depths={"fifo": 5})
    module(*arrays(), record="fifo")
    assert module.last_run.channels["fifo"].depth == 5
    assert module.last_run.trace["fifo"].values == (0, 1, 2, 3, 4, 5)
    module(*arrays(), depths={"fifo": 1})
    assert module.last_run.channels["fifo"].depth == 1
    with pytest.raises(sp.ProgramError, match="`double` has no channel `fofi`"):
        sp.build(double, depths={"fofi": 5})


@pytest.mark.parametrize("engine", ["simpy", "native"])
def test_a_timeout_gives_the_partial_run_and_leaves_the_arrays(engine):
    @sp.region()
    def slow(Y: int32[1]):
        @sp.kernel()
        def pe(Y: int32[1]):
            for k in range(1 << 40):
                Y[0] += 1

    Y = np.zeros(1, np.int32)
    run = sp.simulate(slow, Y, timeout=0.05, engine=engine)
    assert run.ending == "stopped"
    assert run.cycles > 0
    assert run.arrays["Y"][0] > 0
    assert Y[0] == 0


@pytest.mark.parametrize("timeout", [0, -1, "1", True, float("nan")])
def test_a_timeout_is_a_positive_number_of_seconds(timeout):
    with pytest.raises(sp.ProgramError, match="`timeout` is a number of seconds greater than 0"):
        sp.simulate(double, *arrays(), timeout=timeout)


@pytest.mark.parametrize("engine", ["simpy", "native"])
@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"until": 2**63}, "`until` is a number of cycles of at most 4611686018427387903"),
        ({"calls": 2**64}, "`calls` is a number of calls of at most 4611686018427387903"),
        ({"timeout": 10**400}, "`timeout` is a number of seconds of at most 1000000000, not `an integer of 1329 bits`"),
        ({"depths": {"fifo": 2**61}}, "the depth of `fifo` is at most 4503599627370495, not `2305843009213693952`"),
    ],
)
def test_what_is_beyond_all_bounds_is_refused_by_name(engine, options, told):
    with pytest.raises(sp.ProgramError, match=told):
        sp.simulate(double, *arrays(), engine=engine, **options)


@pytest.mark.parametrize("option", [{"calls": "3"}, {"record": 3}])
def test_without_values_no_option_for_values_is_taken(option):
    with pytest.raises(sp.ProgramError, match=f"`{next(iter(option))}` is for runs with values"):
        sp.simulate(double, values=False, **option)
