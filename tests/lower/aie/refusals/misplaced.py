"""Placements that somebody else made, and made wrongly."""

from dataclasses import replace

from spatial.device.npu import npu
from spatial.lower.aie.placement.place import place
from spatial.lower.aie.rules.judge import broken_when_placed
from spatial.types.dtype import int32
from tests.lower.aie.designs import Design
from tests.lower.aie.refusals.registry import fed, refused


def placed(made, device="npu1", **changed):
    """What the rules say of a placement after something in it is changed."""
    mapped = made.mapped() if isinstance(made, Design) else made
    placement = place(mapped, npu(device))
    parts = {name: change(getattr(placement, name)) for name, change in changed.items()}
    return broken_when_placed(mapped, npu(device), replace(placement, **parts))


def pair():
    made = Design()
    made.fifo("f", made.core("a"), made.core("b"), objects=1)
    return made


@refused
def memory_east_of_a_core():
    return placed(pair(), tiles=lambda _: {"a": (0, 2), "b": (0, 3)}, memory_of=lambda _: {"f": (1, 2)})


@refused
def cores_on_one_tile():
    return placed(pair(), tiles=lambda _: {"a": (0, 2), "b": (0, 2)}, memory_of=lambda _: {"f": (0, 2)})


@refused
def core_on_a_memory_tile():
    return placed(pair(), tiles=lambda tiles: {**tiles, "a": (0, 1)})[:1]


@refused
def route_that_is_missing():
    return placed(fed(256, 1024), routes=lambda _: ())


@refused
def memory_tile_that_spills():
    made = Design()
    for i in range(2):
        hub = made.memory(f"hub{i}")
        made.fifo(f"a{i}", made.shim(f"source{i}"), hub, (40960,), element=int32)
        made.fifo(f"b{i}", hub, made.core(f"pe{i}"), (40960,), element=int32, depth=0)
        made.link(hub, [f"a{i}"], [f"b{i}"])
    return [
        each
        for each in placed(made, tiles=lambda tiles: {**tiles, "hub0": (0, 1), "hub1": (0, 1)})
        if "bytes" in each.title
    ]


@refused
def five_streams_out_of_a_tile():
    made = Design()
    cores = [made.core(f"pe[{i}]", tile=(0, i + 2)) for i in range(3)]
    for i in range(5):
        made.fifo(f"out{i}", cores[i // 2], made.shim(f"drain{i}"), objects=1)

    def down(routes):
        """All of them south through column 0."""
        straight = tuple((0, row) for row in range(4, -1, -1))
        ends = {route.fifo: straight[4 - route.tiles[0][1] :] for route in routes}
        return tuple(replace(each, tiles=ends[each.fifo]) for each in routes)

    return [each for each in placed(made, routes=down) if "streams leave" in each.title][:1]


@refused
def stream_east_of_a_memory_tile():
    made = Design()
    hub = made.memory("hub", tile=(0, 1))
    made.fifo("a", made.shim("source", tile=(0, 0)), hub, objects=1)
    made.fifo("b", hub, made.core("pe", tile=(1, 2)), objects=1)
    made.link(hub, ["a"], ["b"])
    along = ((0, 1), (1, 1), (1, 2))
    return placed(
        made, routes=lambda routes: tuple(replace(each, tiles=along) if each.fifo == "b" else each for each in routes)
    )


@refused
def core_outside_the_device():
    return placed(pair(), tiles=lambda tiles: {**tiles, "a": (0, 6)}, memory_of=lambda _: {}, routes=lambda _: ())[:1]
