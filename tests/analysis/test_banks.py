"""Arrays in banks: which accesses need the same one, what that makes of intervals, and what banks are made of."""

import itertools

import numpy as np
import pytest

from spatial import int32
from spatial.analysis.cost.estimate import estimate
from spatial.analysis.loops import innermost
from spatial.analysis.pipelining.banks import bank_of, shares_bank
from spatial.analysis.pipelining.memories import Memories
from spatial.analysis.pipelining.order import Order
from spatial.analysis.pipelining.timing import LoopTiming
from spatial.device.memories import array_resources
from spatial.device.operators import Resources
from spatial.ir.dialect import context
from spatial.ir.function import loads
from spatial.ir.layouts import give_layout, layout_of, layouts_in
from spatial.types.layout import Cut, Layout, parse_layout, whole
from tests.analysis.cut import cut_program, cut_simulator
from tests.sim.programs import region_of

N = 16


def buffered(*indices, head="for k in range(4):", shape="16", storage=""):
    """A local array that is filled, then read at so many places in each iteration of a loop."""
    nest = (
        "for e in range(16):\n            buf[e] = A[e]"
        if shape == "16"
        else (f"for e, f in sp.grid({shape}):\n            buf[e, f] = A[e, f]")
    )
    first = "A[3]" if shape == "16" else "A[0, 3]"
    reads = " + ".join(f"buf[{index}]" for index in indices)
    return region_of(
        f"""
@sp.region()
def net(A: int32[{shape}], Y: int32[64]):
    @sp.kernel()
    def pe(A: int32[{shape}], Y: int32[64]):
        buf: int32[{shape}]{storage} = 0
        {nest}
        n: int32 = {first} & 3
        {head}
            Y[k] = {reads}
""",
        int32=int32,
    )


def last_loop(region, **layouts) -> LoopTiming:
    (timings,) = cut_simulator(region, **layouts).network.timings.values()
    return list(timings.values())[-1]


FOUR = ("4*k", "4*k + 1", "4*k + 2", "4*k + 3")


@pytest.mark.parametrize(
    ("layout", "interval", "limit"),
    [
        ("[whole]", 2, "`buf` has 2 ports, an iteration uses it 4 times"),
        ("[cyclic(2)]", 1, ""),
        ("[cyclic(4)]", 1, ""),
        ("[block(2)]", 2, "`buf` has 2 ports per bank, 4 accesses of an iteration may need the same one"),
        ("[block(4)]", 2, "`buf` has 2 ports per bank, 4 accesses of an iteration may need the same one"),
        ("[block(2) cyclic(2)]", 1, ""),
        ("[complete]", 1, ""),
    ],
)
def test_accesses_to_different_banks_share_a_cycle(layout, interval, limit):
    timing = last_loop(buffered(*FOUR), buf=layout)
    assert (timing.ii, timing.limit.why if timing.limit else "") == (interval, limit)


@pytest.mark.parametrize(
    ("indices", "layout", "interval", "limit"),
    [
        (
            ("4*k", "4*k + 2", "0", "2", "6"),
            "[cyclic(2)]",
            3,
            "`buf` has 2 ports per bank, an iteration uses bank [0] 5 times",
        ),
        (("k", "k + 8", "k + 1", "k + 9"), "[block(2)]", 1, ""),
        (
            ("k", "k + 8", "k + 1", "k + 9", "k + 10"),
            "[block(2)]",
            2,
            "`buf` has 2 ports per bank, an iteration uses bank [1] 3 times",
        ),
        (("k", "k + 1", "k + 2", "k + 3"), "[cyclic(4)]", 1, ""),
        (
            ("n", "n + 1", "n + 2"),
            "[cyclic(4)]",
            2,
            "`buf` has 2 ports per bank, 3 accesses of an iteration may need the same one",
        ),
    ],
)
def test_an_interval_has_room_for_the_accesses_to_one_bank(indices, layout, interval, limit):
    timing = last_loop(buffered(*indices, head="for k in range(4):"), buf=layout)
    assert (timing.ii, timing.limit.why if timing.limit else "") == (interval, limit)


def test_dimensions_are_cut_each_by_itself():
    rows = [f"{row}, k" for row in range(4)]
    region = buffered(*rows, *rows, head="for k in range(4):", shape="4, 4")
    assert last_loop(region).ii == 4
    assert last_loop(region, buf="[cyclic(2), whole]").ii == 2
    assert last_loop(region, buf="[complete, whole]").ii == 1


def test_an_array_argument_that_is_cut_has_the_ports_of_its_banks():
    region = region_of(
        """
@sp.region()
def net(A: int32[16], Y: int32[4]):
    @sp.kernel()
    def pe(A: int32[16], Y: int32[4]):
        for k in range(4):
            Y[k] = A[4*k] + A[4*k + 1] + A[4*k + 2] + A[4*k + 3] + A[k] + A[k + 8]
""",
        int32=int32,
    )
    plain = last_loop(region)
    assert (plain.ii, last_loop(region, A="[cyclic(2)]").ii, last_loop(region, A="[cyclic(4)]").ii) == (1, 2, 2)
    complete = last_loop(region, A="[complete]")
    assert (complete.ii, complete.latency, plain.latency) == (1, 4, 6)


@pytest.mark.parametrize(
    ("storage", "interval"), [('"BRAM"', 2), ('"BRAM", ports="1P"', 4), ('"URAM", ports="T2P"', 2), ('"registers"', 1)]
)
def test_storage_says_how_many_ports_there_are(storage, interval):
    region = buffered(*FOUR, storage=f" @ sp.Memory({storage})")
    assert last_loop(region).ii == interval


@pytest.mark.parametrize("layout", ["[whole]", "[cyclic(2)]", "[cyclic(4)]", "[block(4)]", "[complete]"])
def test_engines_agree_on_programs_with_banks(layout):
    region = buffered(*FOUR, "k", "k + 5", head="for k in range(4):")
    given = np.arange(N, dtype=np.int32) ** 2
    found = {}
    for engine in ("simpy", "native"):
        out = np.zeros(64, np.int32)
        run = cut_simulator(region, engine=engine, buf=layout).run(given, out)
        found[engine] = (run.cycles, out.tolist())
    assert found["simpy"] == found["native"]
    assert found["native"][1][:4] == [int(given[4 * k : 4 * k + 4].sum() + given[k] + given[k + 5]) for k in range(4)]


@pytest.mark.parametrize(
    ("layout", "needed"),
    [
        ("[whole, whole]", array_resources(1024, 32)),
        ("[cyclic(4), whole]", array_resources(256, 32).times(4)),
        ("[block(2), cyclic(8)]", array_resources(64, 32).times(16)),
        ("[complete, complete]", Resources(ff=32 * 1024, lut=32 * 256)),
    ],
)
def test_estimate_counts_banks(layout, needed):
    region = region_of(
        """
@sp.region()
def net(A: int32[32, 32]):
    @sp.kernel()
    def pe(A: int32[32, 32]):
        buf: int32[32, 32] = 0
        for i, j in sp.grid(32, 32):
            buf[i, j] = A[i, j]
        for i, j in sp.grid(32, 32):
            A[i, j] = buf[j, i]
""",
        int32=int32,
    )
    network = cut_simulator(region, buf=layout).network
    found = estimate(network.module, network.graph, network.timings, network.device, {})
    assert found.functions[0].arrays == needed


def test_layouts_are_kept_on_arrays_and_printed():
    program = cut_program(buffered("k"), buf="[cyclic(4)]", A="[block(2)]")
    assert 'df.layout = "[cyclic(4)]"' in str(program)
    assert 'df.layouts = {A = "[block(2)]"}' in str(program)
    with context():
        (function,) = kernels_of(program)
        array = function.arguments[0]
        assert layout_of(array) == parse_layout("[block(2)]", (16,))
        give_layout(array, whole((16,)))
        assert layout_of(array) is None
        assert layouts_in(function) == {}


def kernels_of(program):
    return [op for op in program.module.body.operations if "df.kernel" in op.attributes]


BODIES = ("k", "2*k + 1", "4*k", "4*k + j", "j", "5", "k + 8", "3*k + 2*j", "15 - k", "j*4 + k", "15 - 4*j")


def every_layout(extent):
    parts = [n for n in range(1, extent + 1) if extent % n == 0]
    return {Layout(cuts=(Cut(extent=extent, blocks=b, ways=c),)) for b in parts for c in parts}


def test_banks_told_apart_are_apart_in_every_iteration():
    """Against all pairs of iterations of a nest that runs as one loop."""
    trips = list(itertools.product(range(3), range(4)))
    region = buffered(*BODIES, head="for j, k in sp.grid(3, 4):")
    with context():
        program = cut_program(region)
        (function,) = kernels_of(program)
        order = Order(innermost(function)[-1], {}, set())
        memories = Memories(order)
        reads = [op for ops in order.accesses.values() for op in ops if loads(op)]
        assert len(reads) == len(BODIES)
        told = apart = 0
        for layout in every_layout(N):
            banks = [bank_of(memories.places[op.operation], layout) for op in reads]
            places = [[eval(text, {"j": j, "k": k}) for j, k in trips] for text in BODIES]
            for (a, first), (b, later) in itertools.product(enumerate(banks), repeat=2):
                for distance in range(-3, 6):
                    pairs = [
                        (places[a][t], places[b][t + distance])
                        for t in range(len(trips))
                        if 0 <= t + distance < len(trips)
                    ]
                    met = any(layout.bank((x,)) == layout.bank((y,)) for x, y in pairs)
                    said = shares_bank(first, later, distance, memories.nest)
                    assert said or not met, (BODIES[a], BODIES[b], distance, str(layout))
                    told, apart = told + (not said), apart + (not met and bool(pairs))

        assert told > 0.6 * apart
