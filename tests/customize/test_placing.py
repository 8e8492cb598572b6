"""`place` pins PEs, streams and arrays to tiles of an NPU."""

import numpy as np
import pytest

import spatial as sp
from spatial.device.npu import npu
from spatial.ir.graph import actor_graph
from spatial.ir.pins import Pin, pins_of
from spatial.lower.aie.design import Kind
from spatial.lower.aie.mapping.mapping import map_program
from tests.lower.aie.mapping.programs import gemm, vector_add


def test_pins_reach_the_nodes():
    s = sp.customize(gemm(2, 32, 32, 32, 16))
    s.place(s["pe"][0, 1], tile=(1, 3), stack=2048)
    s.place("right[1,0]", tile=(2, 0))
    s.place(s.C, tile=(3, 0))
    found = map_program(s.module, actor_graph(s.module), npu("npu1"))
    pinned = {node.name: (node.tile, node.stack) for node in found.nodes if node.tile or node.stack}
    shims = [node.name for node in found.nodes if node.kind is Kind.SHIM and "out" in node.name]
    assert pinned == {
        "pe[0,1]": ((1, 3), 2048),
        "host right_1_0": ((2, 0), None),
        **dict.fromkeys(shims, ((3, 0), None)),
    }


def test_a_placed_program_computes_the_same():
    s = sp.customize(vector_add(64, 16))
    s.place(s["core"], tile=(0, 4))
    a, b, c = np.arange(64, dtype=np.int32), np.arange(64, dtype=np.int32) * 3, np.zeros(64, np.int32)
    sp.build(s)(a, b, c)
    np.testing.assert_array_equal(c, a + b)


def test_pins_survive_steps_that_replace_an_actor():
    s = sp.customize(vector_add(64, 16, 2))
    s.place(s["core"], stack=4096)
    s.place(s["core"][1], tile=(0, 5))
    pins = pins_of(s.module).actors
    assert pins == {"core[0]": Pin(stack=4096), "core[1]": Pin(tile=(0, 5), stack=4096)}


@pytest.mark.parametrize(
    ("arguments", "title"),
    [
        ({"tile": (0, 2)}, "2 PEs are pinned to tile (0, 2), and a tile runs one"),
        ({"tile": (0, -1)}, "a tile is a column and a row, counted from 0, not `(0, -1)`"),
        ({"stack": 100}, "a stack is a multiple of 32 bytes, not `100`"),
        ({}, "`place` is told neither a tile nor a stack"),
    ],
)
def test_what_is_no_pin_is_refused(arguments, title):
    s = sp.customize(vector_add(64, 16, 2))
    with pytest.raises(sp.ProgramError) as caught:
        s.place(s["core"], **arguments)
    assert caught.value.problems[0].report().title == title


def test_streams_have_no_stack():
    s = sp.customize(vector_add(64, 16))
    with pytest.raises(sp.ProgramError) as caught:
        s.place("a[0]", stack=1024)
    assert caught.value.problems[0].report().title == "only PEs have a stack"


def lost(place, device="npu1"):
    """What is told of a pin that nothing obeys."""
    s = sp.customize(vector_add(64, 16, 2))
    place(s)
    with pytest.raises(sp.ProgramError) as caught:
        sp.check(s, target="aie", device=device)
    (problem,) = caught.value.problems
    report = problem.report()
    assert report.code == "aie/pin"
    return report.title


def test_movers_take_no_core():
    title = lost(lambda s: s.place(s["load"][0], tile=(1, 2)))
    assert title == "`load[0]` is pinned to tile (1, 2), and it only moves tokens, for which it takes no core"


@pytest.mark.parametrize(
    ("tile", "why"),
    [
        ((1, 2), "passes memory tiles and shims, no cores"),
        ((1, 1), "passes no memory tile, or one that another pin has put elsewhere"),
    ],
)
def test_streams_pass_shims(tile, why):
    assert lost(lambda s: s.place("a[0]", tile=tile)) == f"`a[0]` is pinned to tile {tile}, and it {why}"


def test_arrays_are_at_shims():
    assert lost(lambda s: s.place(s.C, tile=(1, 1))) == "`C` is pinned to tile (1, 1), and it is an array of the host"


def test_a_chain_stands_where_a_part_was_pinned():
    s = sp.customize(vector_add(64, 16, 2))
    s.place(s["core"][1], tile=(2, 4), stack=2048)
    s.place(s["core"][0], stack=4096)
    s.chain(s["core"])
    assert list(pins_of(s.module).actors.values()) == [Pin(tile=(2, 4), stack=4096)]


@pytest.mark.parametrize("step", ["chain", "bundle"])
def test_parts_pinned_apart_are_no_one_actor(step):
    s = sp.customize(vector_add(64, 16, 2))
    s.place(s["core"][0], tile=(2, 4))
    s.place(s["core"][1], tile=(2, 5))
    with pytest.raises(sp.ProgramError, match="pinned to different tiles"):
        getattr(s, step)(s["core"])
