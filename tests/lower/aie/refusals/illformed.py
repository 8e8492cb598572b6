"""Designs that are wrong wherever they are placed."""

from dataclasses import replace

from spatial.device.npu import npu
from spatial.types.dtype import int8, int32
from tests.lower.aie.designs import Design
from tests.lower.aie.refusals.registry import fed, refused, unlawful, unwritten


@refused
def nothing_fills():
    made = Design()
    hub = made.memory("hub")
    made.fifo("a", hub, made.core("pe"), objects=4)
    return unlawful(made)


@refused
def nothing_empties():
    made = Design()
    made.fifo("a", made.core("pe"), made.shim("drain"), objects=4)
    return unlawful(made)


@refused
def no_producer():
    made = Design()
    made.core("pe")
    made.fifo("a", "gone", "pe", objects=4)
    return unlawful(made)


def linked(sources, targets, offsets, parts=(256, 256), whole=512, **asked):
    """A link of fifos with objects of these sizes."""
    made = Design()
    hub = made.memory("hub")
    for name in sources:
        size = whole if len(sources) == 1 else parts[sources.index(name)]
        made.fifo(name, made.core(f"{name}.pe"), hub, (size,), element=int32, **asked)
    for name in targets:
        size = whole if len(targets) == 1 else parts[targets.index(name)]
        made.fifo(name, hub, made.core(f"{name}.pe"), (size,), element=int32)
    made.link(hub, sources, targets, offsets)
    return made


@refused
def offsets_that_overlap():
    return unlawful(linked(["a"], ["b", "c"], (0, 200)))


@refused
def offsets_beyond_the_end():
    return unlawful(linked(["a"], ["b", "c"], (0, 300)))


@refused
def offsets_that_are_missing():
    return unlawful(linked(["a", "b"], ["c"], (0,)))


@refused
def parts_that_leave_a_gap():
    return unlawful(linked(["a", "b"], ["c"], (0, 256), parts=(256, 128)))


@refused
def forward_of_another_size():
    made = linked(["a"], ["b"], ())
    made.fifos[1] = replace(made.fifos[1], shape=(128,))
    return unlawful(made)


@refused
def links_of_unequal_objects():
    return unlawful(linked(["a"], ["b", "c"], (0, 256), objects=3))


@refused
def two_links_of_one_fifo():
    made = linked(["a"], ["b"], ())
    made.fifo("c", "hub", "b.pe", (512,), element=int32)
    made.link("hub", ["a"], ["c"])
    return unlawful(made)


@refused
def join_and_distribute_at_once():
    return unlawful(linked(["a", "b"], ["c", "d"], (0, 256)))


@refused
def link_on_a_core():
    made = linked(["a"], ["b"], ())
    made.nodes[0] = replace(made.nodes[0], kind=npu("npu1").kind_of((0, 2)))
    return unlawful(made)


def walking(walk, shape=(1024,), element=int32):
    """A fifo that is walked through at a core."""
    made = Design()
    made.fifo("a", made.core("pe"), made.core("other"), shape, element=element, walk=walk)
    return made


@refused
def four_dimensions_at_a_core():
    return unlawful(walking(((4, 256), (4, 64), (4, 16), (16, 1))))


@refused
def size_256_at_a_core():
    return unlawful(walking(((4, 256), (256, 1))))


@refused
def stride_of_a_core():
    return unlawful(walking(((2, 8193), (4, 1)), shape=(8,)))


def handed_on(walk, shape):
    """A fifo that is walked through at a memory tile, where it comes from."""
    made = Design()
    hub = made.memory("hub")
    made.fifo("a", made.core("pe"), hub, shape, element=int32)
    made.fifo("b", hub, made.core("other"), shape, element=int32, walk=walk)
    made.link(hub, ["a"], ["b"])
    return unlawful(made)


@refused
def five_dimensions_at_a_memory_tile():
    return handed_on(((2, 16), (2, 8), (2, 4), (2, 2), (2, 1)), (32,))


@refused
def size_513_at_a_memory_tile():
    return handed_on(((2, 513), (513, 1)), (1026,))


@refused
def stride_of_a_memory_tile():
    return handed_on(((2, (1 << 17) + 1), (4, 1)), (8,))


@refused
def dimension_that_stands_still():
    return unlawful(walking(((2, 0), (8, 1)), shape=(16,)))


@refused
def walk_out_of_its_object():
    return unlawful(walking(((4, 8), (4, 1)), shape=(16,)))


@refused
def walk_that_visits_less():
    return unlawful(walking(((2, 4), (4, 1)), shape=(16,)))


@refused
def walk_through_bytes():
    return unwritten(walking(((16, 1), (4, 4)), shape=(64,), element=int8), "walk-words")


@refused
def object_of_three_bytes():
    made = Design()
    made.fifo("a", made.core("pe"), made.core("other"), (3,), element=int8)
    return unwritten(made, "object-words")


@refused
def object_longer_than_a_counter():
    made = Design()
    made.fifo("a", made.shim("source"), made.core("pe"), (16384,), element=int32, depth=1)
    made.moves("a", "A", 16384)
    return unlawful(made)


@refused
def depth_beyond_a_lock():
    made = Design()
    made.fifo("a", made.core("pe"), made.core("other"), (4,), depth=64)
    return unlawful(made)


@refused
def no_object_at_all():
    made = Design()
    made.fifo("a", made.core("pe"), made.core("other"), (4,), depth=0)
    return unlawful(made)


@refused
def transfer_of_a_part_of_an_object():
    return unlawful(fed(256, 1000))


@refused
def transfer_of_too_few_objects():
    return unlawful(fed(256, 768))


@refused
def transfer_of_odd_bytes():
    return unwritten(fed(3, 12, element=int8, stride=4), "transfer-words")


@refused
def transfer_with_a_wide_stride():
    made = Design()
    made.fifo("a", made.shim("source"), made.core("pe"), (4,), objects=1, element=int32)
    made.transfer("a", "A", 0, ((1, 0), (1, 0), (2, 1 << 21), (2, 1)))
    return unlawful(made)


@refused
def six_arrays_of_the_host():
    made = Design("six")
    for i in range(6):
        made.fifo(f"in{i}", made.shim(f"source{i}"), made.core(f"pe[{i}]"), objects=1)
        made.moves(f"in{i}", "ABCDEF"[i], 64)
    return unlawful(made)


@refused
def stack_of_odd_bytes():
    made = Design()
    made.core("pe", stack=1000)
    return unlawful(made)


@refused
def stack_larger_than_a_core():
    made = Design()
    made.core("pe", stack=65568)
    return unlawful(made)
