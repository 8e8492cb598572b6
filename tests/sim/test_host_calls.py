"""Functions in C++ give the same values, times and faults on both engines."""

import shutil
import signal

import numpy as np
import pytest

import spatial as sp
from spatial import (
    Int,
    Stream,
    UInt,
    bfloat16,
    bool_,
    float16,
    float32,
    float64,
    int8,
    int16,
    int32,
    uint8,
    uint16,
    uint64,
)
from tests.sim.both import alike, both, same

pytestmark = pytest.mark.skipif(shutil.which("g++") is None, reason="no C++ compiler")

COPY = '#include <cstring>\nextern "C" void copy(const void *A, void *B) { memcpy(B, A, BYTES); }\n'
STEP = 'extern "C" void step(const int *A, int *C, int k) { for (int i = 0; i < 4; i++) C[i] = 2 * A[i] + k; }\n'


@pytest.fixture
def external(tmp_path, monkeypatch):
    """Makes a function of its C++."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def make(symbol, text, *args, **options):
        (tmp_path / f"{symbol}.cc").write_text(text)
        return sp.external(symbol, args=list(args), source=tmp_path / f"{symbol}.cc", **options)

    return make


@pytest.fixture
def interruptible():
    """Ctrl-C raises KeyboardInterrupt, also where the tests run in the background of a shell."""
    kept = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, kept)


def values_of(dtype):
    """Eight values of a type, its greatest and least among them."""
    if dtype in (float16, float32, float64):
        return np.array([0, -0.0, 1.5, -2.25, np.inf, -np.inf, np.nan, 3], sp.numpy_dtype(dtype))
    if dtype is bool_:
        return np.array([True, False] * 4)
    signed = isinstance(dtype, Int)
    least, greatest = (-1 << dtype.bits - 1, (1 << dtype.bits - 1) - 1) if signed else (0, (1 << dtype.bits) - 1)
    return np.array([least, greatest, 0, 1, greatest - 1, least + 1, greatest // 2, 2], sp.numpy_dtype(dtype))


@pytest.mark.parametrize(
    "dtype",
    [int8, uint8, UInt(12), Int(12), uint16, int32, uint64, UInt(40), bool_, bfloat16, float16, float32, float64],
    ids=str,
)
def test_arrays_of_every_type_pass_there_and_back(external, dtype):
    size = 4 * np.dtype(sp.numpy_dtype(dtype)).itemsize
    copy = external("copy", COPY, sp.In(dtype[4]), sp.Out(dtype[4]), flags=[f"-DBYTES={size}"])

    @sp.region()
    def net(A: dtype[8], B: dtype[8]):
        @sp.kernel(args=[A, B])
        def only(A: dtype[8], B: dtype[8]):
            local: dtype[4]
            copy(A[0:4], local)
            copy(local, B[4:8])
            copy(A[4:8], B[0:4])

    A = values_of(dtype)
    run = alike(both(net), A, np.zeros_like(A))
    assert same(run.arrays["B"], np.concatenate([A[4:], A[:4]]))
    B = np.zeros_like(A)
    sp.build(net, target="cpu")(A, B)
    assert same(B, run.arrays["B"])


def steps(step, count=3):
    """Calls between channel operations, in loops and branches, in several actors."""

    @sp.region()
    def net(A: int32[count, 4], C: int32[count, 4]):
        link: Stream[int32[4], 2]

        @sp.kernel(args=[A])
        def left(A: int32[count, 4]):
            for n in range(count):
                local: int32[4]
                if A[n, 0] > 5:
                    step(A[n], local, n)
                else:
                    step(A[n], local, -n)
                link.put(local)

        @sp.kernel(args=[C])
        def right(C: int32[count, 4]):
            for n in range(count):
                step(link.get(), C[n], 100 * n)

    return net


@pytest.mark.parametrize("device", ["ideal", "hls"])
@pytest.mark.parametrize("cycles", [None, 7])
def test_calls_take_their_cycles_beside_channels(external, device, cycles):
    given = {} if cycles is None else {"cycles": cycles}
    net = steps(external("step", STEP, sp.In(int32[4]), sp.Out(int32[4]), sp.In(int32), **given))
    A = np.arange(12, dtype=np.int32).reshape(3, 4)
    run = alike(both(net, device), A, np.zeros_like(A))
    assert run.arrays["C"][2, 3] == 2 * (2 * 11 + 2) + 200


def test_calls_of_a_run_that_is_stopped_are_alike(external):
    net = both(steps(external("step", STEP, sp.In(int32[4]), sp.Out(int32[4]), sp.In(int32), cycles=4)))
    A = np.arange(12, dtype=np.int32).reshape(3, 4)
    for until in range(1, 24, 3):
        alike(net, A, np.zeros_like(A), until=until)


def test_the_target_cpu_makes_the_calls_without_clocks(external):
    module = sp.build(steps(external("step", STEP, sp.In(int32[4]), sp.Out(int32[4]), sp.In(int32))), target="cpu")
    A = np.arange(12, dtype=np.int32).reshape(3, 4)
    C = np.zeros_like(A)
    assert module.untimed is not None
    module(A, C)
    shifts = np.array([[0], [1], [2]])
    assert np.array_equal(C, 2 * (2 * A + np.where(A[:, :1] > 5, shifts, -shifts)) + 100 * shifts)
    assert module.last_run.arrays["C"].tolist() == C.tolist()


def shared(step, *, ordered):
    """Two actors whose calls touch one array; a token may order them."""

    @sp.region()
    def net(C: int32[2, 4]):
        link: Stream[int32, 1]

        @sp.kernel(args=[C])
        def first(C: int32[2, 4]):
            step(C[1], C[0], 1)
            if ordered:
                link.put(1)
            else:
                link.put(0)
                step(C[1], C[0], 2)

        @sp.kernel(args=[C])
        def second(C: int32[2, 4]):
            step(C[0], C[1], link.get())

    return net


def test_a_token_orders_calls_that_touch_one_array(external):
    step = external("step", STEP, sp.In(int32[4]), sp.Out(int32[4]), sp.In(int32))
    run = alike(both(shared(step, ordered=True)), np.ones((2, 4), np.int32))
    assert run.arrays["C"].tolist() == [[3] * 4, [7] * 4]


def told(module, *arrays):
    with pytest.raises(sp.RunError) as caught:
        module.run(*arrays)
    return str(caught.value)


def test_a_race_between_calls_is_told_alike(external):
    step = external("step", STEP, sp.In(int32[4]), sp.Out(int32[4]), sp.In(int32))
    reference, native = (told(each, np.ones((2, 4), np.int32)) for each in both(shared(step, ordered=False)))
    assert "C[" in native
    assert native == reference


@pytest.mark.parametrize("target", ["native", "cpu"])
def test_a_wrong_value_is_told_alike(external, target):
    wrong = 'extern "C" void wrong(short *A, unsigned short *B, int k) { A[k] = 1; B[k] = k > 2 ? 5000 : 1; }\n'
    wrong = external("wrong", wrong, sp.Out(int16[4]), sp.Out(UInt(12)[4]), sp.In(int32))

    @sp.region()
    def net(A: int16[4], B: UInt(12)[4]):
        @sp.kernel(args=[A, B])
        def only(A: int16[4], B: UInt(12)[4]):
            for k in range(4):
                wrong(A, B, k)

    A, B = np.zeros(4, np.int16), np.zeros(4, np.uint16)
    reference = told(sp.build(net, engine="simpy"), A, B)
    assert "`wrong` wrote a wrong value, the element at [3] is 5000" in reference
    module = sp.build(net, engine="native") if target == "native" else sp.build(net, target="cpu")
    with pytest.raises(sp.RunError) as caught:
        module(A, B)
    assert reference.startswith(str(caught.value)), "but for the locals"


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("engine", ["simpy", "native"])
def test_ctrl_c_inside_of_a_call_ends_the_run(external, engine):
    hit = '#include <csignal>\nextern "C" void hit(int *A) { if (++A[0] == 3) raise(SIGINT); }\n'
    hit = external("hit", hit, sp.InOut(int32[1]), cycles=10)

    @sp.region()
    def net(A: int32[1]):
        @sp.kernel(args=[A])
        def only(A: int32[1]):
            for _ in range(100):
                hit(A)

    with pytest.raises(sp.Interrupted) as caught:
        sp.simulate(net, np.zeros(1, np.int32), engine=engine)
    assert caught.value.run.cycles < 40


def test_long_calls_leave_time_to_stop_the_run(external):
    nap = '#include <unistd.h>\nextern "C" void nap(int *A) { usleep(20000); A[0]++; }\n'
    nap = external("nap", nap, sp.InOut(int32[1]))

    @sp.region()
    def net(A: int32[1]):
        @sp.kernel(args=[A])
        def only(A: int32[1]):
            for _ in range(1000):
                nap(A)

    run = sp.simulate(net, np.zeros(1, np.int32), engine="native", timeout=0.1)
    assert 0 < run.arrays["A"][0] < 100
    assert run.ending == "stopped"
