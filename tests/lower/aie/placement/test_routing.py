"""Streams are routed where ports allow it, and those that exclude each other are named where they do not."""

from spatial.device.npu import npu
from spatial.lower.aie.placement.routing import route
from tests.lower.aie.designs import Design


def from_cores(count, device):
    """Streams from the cores of column 0 to its shim, two from each core."""
    made = Design()
    for i in range(count):
        if i % 2 == 0:
            made.core(f"c{i // 2}")
        made.fifo(f"f{i}", f"c{i // 2}", made.shim(f"drain{i}"))
    mapped = made.mapped()
    tiles = {node.name: (0, 0) for node in mapped.nodes} | {f"c{i}": (0, 2 + i) for i in range((count + 1) // 2)}
    return route(mapped.fifos, npu(device), tiles, 1.0)


def test_four_streams_run_south_through_a_column():
    assert len(from_cores(4, "npu1_1col").routes) == 4


def test_a_fifth_stream_south_is_a_conflict():
    routing = from_cores(5, "npu1_1col")
    assert not routing.routes
    assert len(routing.conflict) == 5


def test_a_stream_goes_round_where_its_column_is_full():
    routing = from_cores(5, "npu1_2col")
    assert any(column == 1 for each in routing.routes for column, _ in each.tiles)


def test_nothing_crosses_between_memory_tiles():
    routing = from_cores(8, "npu1")
    steps = {step for each in routing.routes for step in zip(each.tiles, each.tiles[1:], strict=False)}
    assert not [step for step in steps if step[0][1] == step[1][1] == 1]
