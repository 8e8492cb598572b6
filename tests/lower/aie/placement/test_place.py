"""A placement keeps every limit, is the best there is where that is proved, and is the same every time."""

import subprocess
import sys
import time
from collections import Counter
from itertools import pairwise

import pytest

import spatial as sp
from spatial.device.npu import npu
from spatial.ir.graph import actor_graph
from spatial.lower.aie.mapping.mapping import map_program
from spatial.lower.aie.placement.cost import by_dma, cost_of
from spatial.lower.aie.placement.loads import overloads
from spatial.lower.aie.placement.place import place
from spatial.nn.npu import gemm as gemm_of_blocks
from spatial.source.errors import ProgramError
from spatial.types.dtype import int8
from tests.conformance.programs.gemm_output_stationary import PROGRAM as SYSTOLIC
from tests.lower.aie.designs import Design, gemm


def chain(length: int, depth: int = 2):
    made = Design("chain")
    cores = [made.core(f"stage[{i}]") for i in range(length)]
    made.fifo("in", made.shim("source"), cores[0], objects=8)
    for before, after in pairwise(cores):
        made.fifo(f"{before}.out", before, after, objects=8, depth=depth)
    made.fifo("out", cores[-1], made.shim("drain"), objects=8)
    return made.mapped()


def torus(rows: int, columns: int):
    made = Design("torus")
    cores = {(i, j): made.core(f"pe[{i},{j}]") for i in range(rows) for j in range(columns)}
    for (i, j), core in cores.items():
        made.fifo(f"east[{i},{j}]", core, cores[i, (j + 1) % columns])
        made.fifo(f"north[{i},{j}]", core, cores[(i + 1) % rows, j])
    return made.mapped()


def compiled(region, device):
    """What a program becomes before it is placed."""
    module = sp.build(region).module
    return map_program(module, actor_graph(module), device)


def check(mapped, device, placement):
    """What must hold of every placement, counted without the solver."""
    assert placement.tiles.keys() == mapped.node.keys()
    for node in mapped.nodes:
        assert device.kind_of(placement.tiles[node.name]) is node.kind
        assert node.tile in (None, placement.tiles[node.name])
    assert not overloads(mapped, device, placement.tiles)
    assert placement.cost == cost_of(mapped, device, placement.tiles) >= placement.bound
    check_routes(mapped, device, placement)


def check_routes(mapped, device, placement):
    carried = by_dma(mapped, device, placement.tiles)
    assert {(route.fifo, route.consumer) for route in placement.routes} == {
        (fifo.name, end.node) for fifo in carried for end in fifo.consumers
    }
    assert placement.memory_of.keys() == mapped.fifo.keys() - {fifo.name for fifo in carried}
    streams = set()
    for route in placement.routes:
        assert route.tiles[0] == placement.tiles[mapped.fifo[route.fifo].producer.node]
        assert route.tiles[-1] == placement.tiles[route.consumer]
        streams |= {(route.fifo, *step) for step in pairwise(route.tiles)}
    for (here, there), count in Counter((here, there) for _, here, there in streams).items():
        ports = device.limits(device.kind_of(here)).ports
        step = (there[0] - here[0], there[1] - here[1])
        room = {(0, 1): ports.north, (0, -1): ports.south, (1, 0): ports.east, (-1, 0): ports.west}
        assert count <= room[step]


@pytest.mark.parametrize(("columns", "name"), [(4, "npu1"), (8, "npu2"), (4, "npu2")])
def test_the_best_placement_of_a_product_is_proved(columns, name):
    mapped, device = gemm(4, columns), npu(name)
    before = time.process_time()
    placement = place(mapped, device)
    assert placement.proven
    assert time.process_time() - before < 10
    check(mapped, device, placement)


@pytest.mark.parametrize("cores", [(4, 4), (2, 4)])
def test_the_best_placement_on_a_part_of_the_array_is_proved(cores):
    rows, columns = cores
    mapped, device = compiled(gemm_of_blocks(64 * rows, 256, 64 * columns, int8, cores=cores), npu("npu2")), npu("npu2")
    placement = place(mapped, device)
    assert placement.proven
    check(mapped, device, placement)


def test_a_systolic_product_is_proved_best():
    assert place(compiled(SYSTOLIC.make(3, 3, 8), npu("npu1")), npu("npu1")).proven


def test_a_product_keeps_columns_together():
    tiles = place(gemm(4, 4), npu("npu1")).tiles
    assert all(len({tiles[f"pe[{i},{j}]"][0] for i in range(4)}) == 1 for j in range(4))


def test_a_program_is_placed_the_same_way_every_time():
    first, second = (place(chain(7), npu("npu1")) for _ in range(2))
    assert first == second


PLACED = """
from spatial.device.npu import npu
from spatial.lower.aie.placement.place import place
from tests.lower.aie.designs import gemm

found = place(gemm(2, 2), npu("npu2_4col"))
print(sorted(found.tiles.items()), found.routes, found.cost, found.bound)
"""


def test_another_process_places_a_program_the_same_way():
    found = place(gemm(2, 2), npu("npu2_4col"))
    told = subprocess.run([sys.executable, "-c", PLACED], capture_output=True, text=True, check=True).stdout
    assert told.strip() == f"{sorted(found.tiles.items())} {found.routes} {found.cost} {found.bound}"


def test_a_torus_is_bounded_by_its_neighbours():
    placement = place(torus(2, 3), npu("npu1_2col"))
    assert placement.bound >= 2 * 128 * 2  # of each ring of three, one stream is by DMA
    assert len(placement.memory_of) <= 10


def test_a_chain_stays_in_shared_memory():
    mapped, device = chain(16), npu("npu1")
    placement = place(mapped, device)
    assert len(placement.memory_of) == 15
    assert placement.proven
    check(mapped, device, placement)


def test_a_pin_is_kept():
    made = Design()
    made.core("a", tile=(2, 4))
    made.core("b")
    made.fifo("in", made.shim("source", tile=(3, 0)), "a")
    made.fifo("f", "a", "b")
    made.fifo("out", "b", made.shim("drain"))
    mapped, device = made.mapped(), npu("npu1")
    placement = place(mapped, device)
    assert placement.tiles["a"] == (2, 4)
    assert placement.tiles["source"] == (3, 0)
    assert "f" in placement.memory_of
    check(mapped, device, placement)


def test_objects_are_held_west_of_an_eastern_producer():
    made = Design()
    made.core("a", tile=(1, 3))
    made.core("b", tile=(0, 3))
    made.fifo("f", "a", "b")
    assert place(made.mapped(), npu("npu1")).memory_of == {"f": (0, 3)}


def test_a_broadcast_shares_a_stream():
    made = Design()
    cores = [made.core(f"c{row}", tile=(0, row)) for row in range(2, 6)]
    made.fifo("all", made.shim("source"), cores)
    placement = place(made.mapped(), npu("npu1_1col"))
    longest = max((route.tiles for route in placement.routes), key=len)
    assert all(route.tiles == longest[: len(route.tiles)] for route in placement.routes)


def test_a_node_that_does_not_fit_beside_another_moves():
    made = Design()
    for name in ("a", "b"):
        made.memory(name)
        parts = [made.fifo(f"{name}{i}", made.core(f"{name}.core{i}"), name) for i in range(4)]
        whole = made.fifo(name + ".out", name, made.shim(name + ".shim"), (256,))
        made.link(name, parts, [whole], (0, 64, 128, 192))
    placement = place(made.mapped(), npu("npu1"))
    assert placement.tiles["a"] != placement.tiles["b"]
    assert {placement.tiles[name][1] for name in "ab"} == {1}
    assert placement.proven


def test_streams_down_that_no_columns_share_are_told():
    made = Design()
    for name in "abcde":
        made.memory(name)
        parts = [made.fifo(f"{name}{i}", made.core(f"{name}.core{i}"), name) for i in range(3)]
        whole = made.fifo(name + ".out", name, made.shim(name + ".shim"), (192,))
        made.link(name, parts, [whole], (0, 64, 128))
    with pytest.raises(ProgramError) as caught:
        place(made.mapped(), npu("npu1"))
    (problem,) = caught.value.problems
    assert problem.report().code == "aie/fit"
    streams = "each of the 4 columns has 4 streams from cores south to a memory tile"
    assert f"{streams}, and nodes need: `a` 3, `b` 3, `c` 3, `d` 3, `e` 3" in problem.report().notes
