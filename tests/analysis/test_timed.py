"""Where operators take time: stages, intervals, and what limits them, against closed forms and publications."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, float32, int32
from tests.sim.programs import actors, region_of

U280 = "xcu280@300"
TWO = "a: Stream[float32, 2]\nb: Stream[float32, 2]"
SOURCE, SINK = "for k in range(8):\n    a.put(1.0)", "for k in range(8):\n    x: float32 = b.get()"


def loops(region, device=U280):
    return {loop.kernel: loop for loop in sp.report(region, device=device).loops}


def relay(body, device=U280, streams=TWO):
    """The loop of an actor between a source and a sink."""
    return loops(actors(streams, source=SOURCE, relay=body, sink=SINK), device)["relay"]


def alone(parameters, body, device=U280):
    """The last loop of a kernel on its own."""
    text = ["@sp.region()", f"def net({parameters}):", "    @sp.kernel()", f"    def pe({parameters}):"]
    return sp.report(
        region_of("\n".join([*text, *("        " + line for line in body.splitlines())]) + "\n"), device=device
    ).loops[-1]


@pytest.mark.parametrize("device", [U280, "xcu280@200", "xcu280@100", "kv260@400", "vck190@300"])
def test_a_float_sum_in_a_register_has_the_interval_of_the_adder(device):
    loop = alone(
        "A: float32[16], Y: float32[1]", "acc: float32 = 0\nfor i in range(16):\n    acc += A[i]\nY[0] = acc", device
    )
    part = sp.fpga(device.partition("@")[0], mhz=float(device.partition("@")[2]))
    assert loop.ii == part.operators.speed("float32_add").latency + 1
    assert [part.what for part in loop.limit.parts] == ["float add"]


def test_a_float_dot_product_takes_an_iteration_every_7_cycles_and_14_stages():
    """As published synthesis results have it: one stage of control, two to load, four and seven to multiply and add."""
    loop = alone(
        "A: float32[16], B: float32[16], Y: float32[1]",
        "acc: float32 = 0\nfor i in range(16):\n    acc += A[i] * B[i]\nY[0] = acc",
    )
    assert (loop.ii, loop.latency, loop.cycles) == (7, 14, 7 * 15 + 14)


@pytest.mark.parametrize(
    ("body", "stages"),
    [
        ("b.put(a.get() + 1.0)", 10),
        ("b.put(a.get() * 2.0)", 7),
        ("b.put(sp.maximum(a.get() + 1.0, 0.0))", 12),
        ("b.put(a.get() * 2.0 + 1.0)", 14),
    ],
    ids=["bias", "scale", "bias and rectifier", "scale and bias"],
)
def test_iterations_are_as_long_as_published(body, stages):
    """Iteration latencies of such processes on xcu280 at 3.33 ns (Stream-HLS artifact, FPGA 2025)."""
    loop = relay(f"for k in range(8):\n    {body}")
    assert (loop.ii, loop.latency) == (1, stages)


def test_movers_are_as_long_as_published():
    """Load and put take 3 stages, get and store 2 (same source)."""

    @sp.region()
    def move(A: float32[8], Y: float32[8]):
        a: Stream[float32, 2]

        @sp.kernel(args=[A])
        def load(A: float32[8]):
            for n in range(8):
                a.put(A[n])

        @sp.kernel(args=[Y])
        def store(Y: float32[8]):
            for n in range(8):
                Y[n] = a.get()

    found = loops(move)
    assert (found["load"].latency, found["store"].latency) == (3, 2)


BICG = """
for i in range(390):
    s[i] = 0
for i in range(410):
    for j in range(390):
        s[j] += r[i] * A[i, j]
        q[i] += A[i, j] * p[j]
"""
MVT = """
for i in range(400):
    for j in range(400):
        x[i] += A[i, j] * y[j]
for i in range(400):
    for j in range(400):
        z[i] += A[j, i] * w[j]
"""
TWO_PRODUCTS = """
for i in range(180):
    for j in range(190):
        for k in range(210):
            T[i, j] += 1.5 * A[i, k] * B[k, j]
for i in range(180):
    for j in range(220):
        for k in range(190):
            D[i, j] += T[i, k] * C[k, j]
"""


@pytest.mark.parametrize(
    ("parameters", "body", "published"),
    [
        ("A: float32[410, 390], s: float32[390], q: float32[410], p: float32[390], r: float32[410]", BICG, 1279602),
        ("A: float32[400, 400], x: float32[400], y: float32[400], z: float32[400], w: float32[400]", MVT, 2560019),
        (
            "A: float32[180, 210], B: float32[210, 190], C: float32[190, 220], "
            "D: float32[180, 220], T: float32[180, 190]",
            TWO_PRODUCTS,
            117648026,
        ),
    ],
    ids=["bicg", "mvt", "2mm"],
)
def test_plain_loops_of_polybench_take_the_cycles_that_were_published(parameters, body, published):
    """Vitis HLS, fp32, medium size, xcu280 at 3.33 ns, RTL co-simulation (Stream-HLS artifact): within 10 cycles."""
    text = ["@sp.region()", f"def net({parameters}):", "    @sp.kernel()", f"    def pe({parameters}):"]
    region = region_of("\n".join([*text, *("        " + line for line in body.strip().splitlines())]) + "\n")
    assert abs(sum(loop.cycles for loop in sp.report(region, device=U280).loops) - published) <= 10


def test_a_sum_kept_over_an_inner_loop_takes_a_stage_to_choose_between_memory_and_register():
    loop = alone(
        "A: float32[8, 16], Y: float32[8]", "for i in range(8):\n    for j in range(16):\n        Y[i] += A[i, j]"
    )
    assert loop.ii == 1 + 7
    assert [(part.what, part.stages) for part in loop.limit.parts] == [("load", 1), ("float add", 7)]


@pytest.mark.parametrize(("apart", "interval"), [(1, 10), (2, 5), (3, 4), (5, 2), (9, 2), (10, 1)])
def test_a_longer_distance_between_iterations_relaxes_the_interval(apart, interval):
    """A load of two stages, an add of seven and a store of one lie between element n and element n + `apart`."""
    loop = alone("A: float32[40]", f"for n in range(20):\n    A[n + {apart}] = A[n] + 1.0")
    assert loop.ii == interval
    assert loop.limit is None if interval == 1 else loop.limit.distance == apart


@pytest.mark.parametrize(
    "body",
    [
        "for n in range(20):\n    A[2 * n] = A[2 * n + 1] + 1.0",
        "for n in range(20):\n    A[n] = A[n + 20] + 1.0",
        "for i in range(4):\n    for j in range(10):\n        A[j + 10] = A[j] + 1.0",
    ],
    ids=["odd and even", "other half", "ten apart"],
)
def test_elements_that_are_never_the_same_do_not_limit(body):
    assert alone("A: float32[60]", body).ii == 1


def test_a_load_waits_for_its_use_where_only_other_elements_were_stored_before():
    """So the way round from the load to the store is that of the adder, however long what is added takes."""
    nest = "for j in range(4):\n    for k in range(16):\n        for i in range(2, unroll=True):"
    loop = alone("A: float32[16, 2], Y: float32[16, 2]", f"{nest}\n            Y[k, i] += sp.sqrt(sp.sqrt(A[k, i]))")
    assert loop.ii == 1


def test_an_index_that_data_decides_limits_as_if_it_were_the_same():
    loop = alone("A: int32[64], H: int32[16]", "for n in range(64):\n    H[A[n]] += 1")
    assert loop.ii == 3
    assert "the next iteration needs `H`" in loop.limit.why


@pytest.mark.parametrize(("uses", "interval"), [(1, 1), (2, 1), (3, 2), (4, 2), (5, 3)])
def test_a_local_array_is_used_twice_in_a_cycle(uses, interval):
    total = " + ".join(f"buf[n + {use}]" for use in range(uses))
    loop = alone("Y: int32[16]", f"buf: int32[64] = 0\nfor n in range(16):\n    Y[n] = {total}")
    assert loop.ii == interval
    if interval > 1:
        assert loop.limit.kind == "port"
        assert f"`buf` has 2 ports, an iteration uses it {uses} times" in loop.limit.why


def test_arrays_given_to_a_kernel_are_banked_as_their_uses_need():
    assert alone("A: int32[64], Y: int32[16]", "for n in range(16):\n    Y[n] = A[n] + A[n + 1] + A[n + 2]").ii == 1


def test_a_small_local_array_is_made_of_registers():
    loop = alone("Y: int32[16]", "buf: int32[4] = 0\nfor n in range(16):\n    Y[n] = buf[0] + buf[1] + buf[2] + buf[3]")
    assert loop.ii == 1


def test_cheap_operators_share_a_stage_as_long_as_their_delays_fit_the_clock():
    """get and put of 1.2 ns each around additions of 0.9 ns: 2.4 ns of a stage at 300 MHz, 7.3 ns at 100 MHz."""
    body = "for k in range(8):\n    b.put(a.get() + 1)"
    chain = "for k in range(8):\n    b.put(a.get() + 1 + 1 + 1)"
    streams, source = "a: Stream[int32, 2]\nb: Stream[int32, 2]", "for k in range(8):\n    a.put(1)"

    def latency(body, device):
        region = actors(streams, source=source, relay=body, sink="for k in range(8):\n    x: int32 = b.get()")
        return loops(region, device)["relay"].latency

    assert (latency(body, "xcu280@100"), latency(body, U280)) == (2, 3)
    assert (latency(chain, "xcu280@100"), latency(chain, U280)) == (2, 4)


def test_a_loop_without_channels_and_memory_is_one_stage_long():
    assert alone("Y: int32[1]", "acc: int32 = 0\nfor n in range(9):\n    acc += 1\nY[0] = acc").latency == 1


def test_an_interval_below_the_recurrence_is_refused_with_the_way_of_it():
    region = region_of(
        "@sp.region()\ndef net(A: float32[16], Y: float32[1]):\n    @sp.kernel()\n"
        "    def pe(A: float32[16], Y: float32[1]):\n        acc: float32 = 0\n"
        "        for i in range(16, pipeline=2):\n            acc += A[i]\n        Y[0] = acc\n"
    )
    with pytest.raises(sp.ProgramError) as caught:
        sp.report(region, device=U280)
    told = str(caught.value)
    assert "cannot start an iteration every 2 cycles, the least is 7" in told
    assert "the next iteration needs `acc`" in told
    assert "float add: 7 stages" in told
    assert sp.report(region).loops[0].ii == 2


def test_a_latency_below_the_operators_is_refused():
    with pytest.raises(sp.ProgramError, match="an iteration of this loop takes 10 stages, not 4"):
        relay("for k in range(8, pipeline=sp.Pipeline(latency=4)):\n    b.put(a.get() + 1.0)")


def test_what_is_asked_for_is_kept():
    loop = relay('for k in range(8, pipeline=sp.Pipeline(ii=3, latency=20, style="rigid")):\n    b.put(a.get() + 1.0)')
    assert (loop.ii, loop.latency, loop.style, loop.limit.kind) == (3, 20, "rigid", "asked")


def test_an_unrolled_sum_is_a_chain_of_adders():
    loop = alone(
        "A: float32[16], Y: float32[1]",
        "acc: float32 = 0\nfor i in range(16, unroll=4):\n    acc += A[i]\nY[0] = acc",
    )
    assert (loop.ii, loop.trip_count) == (4 * 7, 4)


UNROLLED = "for i in range(8):\n    s: float32 = 0\n    for j in range(4, unroll=True):\n        s += A[i, j]\n"


def test_a_variable_that_each_iteration_sets_first_is_its_own():
    loop = alone("A: float32[8, 4], Y: float32[8]", f"{UNROLLED}    Y[i] = s")
    assert (loop.ii, loop.latency) == (1, 1 + 2 + 4 * 7 + 1)


@pytest.mark.parametrize("engine", ["simpy", "native"])
def test_a_variable_that_is_read_behind_the_loop_holds_what_the_last_iteration_left(engine):
    text = f"{UNROLLED}Y[0] = s".replace("    s: float32 = 0", "    s = 0").splitlines()
    lines = ["@sp.region()", "def net(A: float32[8, 4], Y: float32[1]):", "    @sp.kernel()"]
    lines += [
        "    def pe(A: float32[8, 4], Y: float32[1]):",
        "        s: float32 = 5",
        *("        " + line for line in text),
    ]
    region = region_of("\n".join(lines) + "\n")
    A, Y = np.arange(32, dtype=np.float32).reshape(8, 4), np.zeros(1, np.float32)
    sp.simulate(region, A, Y, device=U280, engine=engine)
    assert Y.tolist() == [28 + 29 + 30 + 31]
    assert sp.report(region, device=U280).loops[0].ii > 1


def test_a_while_starts_when_its_iteration_is_over():
    loop = relay("while a.get() > 0.5:\n    b.put(1.0)")
    assert loop.ii == loop.latency
    assert loop.limit.kind == "condition"


def test_values_do_not_depend_on_the_device():
    @sp.region()
    def shifted(A: float32[32]):
        @sp.kernel()
        def pe(A: float32[32]):
            for i in range(4):
                for j in range(7):
                    A[j + 3] = A[j] * 0.5 + A[j + 1]

    wanted = np.arange(32, dtype=np.float32)
    sp.simulate(shifted, wanted)
    for engine in ("simpy", "native"):
        found = np.arange(32, dtype=np.float32)
        sp.simulate(shifted, found, device=U280, engine=engine)
        assert np.array_equal(found, wanted)


def test_the_devices_without_operators_stay_as_they_are():
    @sp.region()
    def work(A: int32[8], Y: float32[8]):
        @sp.kernel()
        def pe(A: int32[8], Y: float32[8]):
            for i in range(8):
                Y[i] += A[i] / 3

    for device in ("ideal", "hls"):
        (loop,) = sp.report(work, device=device).loops
        assert (loop.ii, loop.latency, loop.cycles) == (1, 1, 8)
