"""Designs that must be refused, by name: each breaks one limit, and returns what is told of it."""

from collections.abc import Callable
from dataclasses import replace

from spatial.device.npu import npu
from spatial.lower.aie.emit.sequence import Step
from spatial.lower.aie.emit.tasks import Task
from spatial.lower.aie.placement.place import place
from spatial.lower.aie.rules.judge import broken, broken_in_sequence, broken_when_placed
from spatial.lower.aie.rules.subject import Subject
from spatial.lower.aie.rules.table import DESIGN
from spatial.source.errors import ProgramError
from spatial.types.dtype import int8, int32
from tests.lower.aie.designs import Design, gemm

REFUSED: dict[str, Callable[[], list]] = {}


def refused(function):
    """Enters a design by the name of its function."""
    REFUSED[function.__name__.replace("_", "-")] = function
    return function


def unplaced(mapped, device):
    """What a placement says."""
    try:
        placement = place(mapped, npu(device))
    except ProgramError as error:
        return list(error.problems)
    raise AssertionError(f"placed at {placement.tiles}")


def unlawful(made, device="npu1"):
    return broken(made.mapped(), npu(device))


def unwritten(made, name, device="npu1"):
    """What one rule says of elements as the user gave them, not widened to words."""
    (rule,) = (each for each in DESIGN if each.name == name)
    return list(rule.check(Subject(mapped=made.mapped(), npu=npu(device))))


# What does not fit


@refused
def more_actors_than_cores():
    made = Design("crowd")
    for i in range(17):
        made.core(f"pe[{i}]")
    return unplaced(made.mapped(), "npu1")


@refused
def product_on_one_column():
    return unplaced(gemm(4, 2), "npu1_1col")


@refused
def product_on_three_columns():
    return unplaced(gemm(4, 4), "npu1_3col")


@refused
def three_inputs_of_a_core():
    made = Design()
    core = made.core("add")
    for i in range(3):
        made.fifo(f"in{i}", made.shim(f"shim{i}"), core)
    return unplaced(made.mapped(), "npu1")


@refused
def three_outputs_of_a_core():
    made = Design()
    core = made.core("split")
    for i in range(3):
        made.fifo(f"out{i}", core, made.shim(f"shim{i}"))
    return unplaced(made.mapped(), "npu1")


@refused
def objects_larger_than_a_core():
    made = Design()
    made.fifo("in", made.shim("source"), made.core("pe"), (128, 128), element=int32)
    return unplaced(made.mapped(), "npu1")


@refused
def stack_and_objects_larger_than_a_core():
    made = Design()
    made.fifo("in", made.shim("source"), made.core("pe", stack=9216), (7168,), element=int32)
    return unplaced(made.mapped(), "npu1")


@refused
def objects_larger_than_a_memory_tile():
    made = Design()
    hub = made.memory("hub")
    made.fifo("a", made.shim("source"), hub, (65536,), element=int32, depth=3)
    made.fifo("b", hub, made.core("pe"), (65536,), element=int32, depth=3)
    made.link(hub, ["a"], ["b"])
    return unplaced(made.mapped(), "npu1")


@refused
def objects_larger_than_the_memory_tiles():
    made = Design()
    for i in range(3):
        hub = made.memory(f"hub{i}")
        made.fifo(f"a{i}", made.shim(f"source{i}"), hub, (49152,), element=int32)
        made.fifo(f"b{i}", hub, made.shim(f"drain{i}"), (49152,), element=int32)
        made.link(hub, [f"a{i}"], [f"b{i}"])
    return unplaced(made.mapped(), "npu1_2col")


@refused
def join_of_eight():
    made = Design()
    hub = made.memory("hub")
    parts = [made.fifo(f"c{i}", made.core(f"pe[{i}]"), hub, element=int32, depth=1) for i in range(8)]
    made.link(
        hub,
        parts,
        [made.fifo("out", hub, made.shim("drain"), (512,), element=int32, depth=1)],
        tuple(range(0, 512, 64)),
    )
    return unplaced(made.mapped(), "npu1")


@refused
def joins_pinned_to_one_column():
    made = Design()
    for name in "ab":
        hub = made.memory(name, tile=(2, 1))
        parts = [made.fifo(f"{name}{i}", made.core(f"{name}.pe[{i}]"), hub) for i in range(4 if name == "a" else 3)]
        whole = made.fifo(f"{name}.out", hub, made.shim(f"{name}.drain"), (64 * len(parts),))
        made.link(hub, parts, [whole], tuple(range(0, 64 * len(parts), 64)))
    return unplaced(made.mapped(), "npu1")


@refused
def five_streams_down_one_column():
    made = Design()
    hub = made.memory("hub")
    parts = [made.fifo(f"c{i}", made.core(f"pe[{i}]"), hub) for i in range(5)]
    made.link(hub, parts, [made.fifo("out", hub, made.shim("drain"), (320,))], tuple(range(0, 320, 64)))
    return unplaced(made.mapped(), "npu1_1col")


@refused
def descriptors_of_a_core():
    made = Design()
    made.fifo("in", made.shim("source"), made.core("pe"), (16,), depth=17)
    return unplaced(made.mapped(), "npu1")


@refused
def descriptors_of_even_channels():
    made = Design()
    hub = made.memory("hub")
    made.fifo("a", made.shim("source"), hub, (16,), depth=13)
    made.fifo("b", hub, made.core("pe"), (16,), depth=13)
    made.link(hub, ["a"], ["b"])
    return unplaced(made.mapped(), "npu1")


@refused
def locks_of_a_core():
    made = Design()
    made.core("pe")
    for i in range(9):
        made.fifo(f"kept{i}", "pe", "pe", (16,), depth=1)
    return unplaced(made.mapped(), "npu1")


@refused
def locks_of_neighbours():
    made = Design()
    made.core("a", tile=(0, 2))
    made.core("b", tile=(0, 3))
    for i in range(9):
        made.fifo(f"f{i}", "a", "b", (16,), depth=1)
    return unplaced(made.mapped(), "npu1")


@refused
def too_many_ends_at_the_host():
    made = Design()
    for i in range(3):
        made.fifo(f"in{i}", made.shim(f"source{i}"), made.core(f"pe[{i}]"))
    return unplaced(made.mapped(), "npu1_1col")


@refused
def too_much_from_pinned_shims():
    made = Design()
    for i in range(3):
        made.fifo(f"in{i}", made.shim(f"source{i}", tile=(1, 0)), made.core(f"pe[{i}]"))
    return unplaced(made.mapped(), "npu1")


@refused
def pin_outside_the_device():
    made = Design()
    made.core("pe[0,0]", tile=(4, 2))
    return unplaced(made.mapped(), "npu1")


@refused
def pin_to_a_memory_tile():
    made = Design()
    made.core("pe[0,0]", tile=(1, 1))
    return unplaced(made.mapped(), "npu1")


@refused
def two_pins_to_one_tile():
    made = Design()
    made.core("a", tile=(1, 3))
    made.core("b", tile=(1, 3))
    return unplaced(made.mapped(), "npu1")


@refused
def four_ways_out_of_a_core():
    made = Design()
    centre = made.core("centre")
    for i in range(7):
        made.fifo(f"f{i}", centre, made.core(f"pe[{i}]"))
    return unplaced(made.mapped(), "npu1")


@refused
def distributes_that_do_not_pair():
    made = Design()
    cores = [made.core(f"pe[{i}]") for i in range(6)]
    for n in range(3):
        hub = made.memory(f"hub{n}")
        made.fifo(f"in{n}", made.shim(f"source{n}"), hub, (256,))
        parts = [made.fifo(f"part{n}{i}", hub, cores[(4 * n + i) % 6]) for i in range(4)]
        made.link(hub, [f"in{n}"], parts, (0, 64, 128, 192))
    return unplaced(made.mapped(), "npu1_2col")


# What is ill-formed


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


def fed(size, moved, objects=4, stride=1, element=int32):
    """A core that the host feeds with one transfer."""
    made = Design()
    made.fifo("a", made.shim("source"), made.core("pe"), (size,), objects=objects, element=element)
    made.moves("a", "A", moved, stride)
    return made


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


# What is placed wrongly


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


# What the host does wrongly


def task(number=0, fifo="a", token=False, inward=True, piece=(0, ((1, 0), (1, 0), (1, 0), (256, 1)))):
    return Task(
        fifo=fifo, array="A", piece=piece, tile=(0, 0), inward=inward, begins=0, ends=1, number=number, token=token
    )


def sequence(*steps):
    """What is said of queued tasks, and of waits, which are the names of fifos."""
    made = fed(256, 1024)
    done = [Step(fifo=each) if isinstance(each, str) else Step(fifo=each.fifo, task=each) for each in steps]
    return broken_in_sequence(made.mapped(), npu("npu1"), done)


@refused
def descriptor_16():
    return sequence(task(16))


@refused
def descriptor_used_again():
    return sequence(task(0), task(0))


@refused
def five_tasks_in_a_queue():
    return sequence(*(task(number) for number in range(5)))


@refused
def wait_without_a_token():
    return sequence(task(0), "a")


@refused
def output_that_is_not_waited_for():
    return sequence(task(0, inward=False, token=True))


@refused
def repeated_too_often():
    return sequence(task(0, piece=(0, ((65, 1024), (1, 0), (1, 0), (256, 1)))))


@refused
def rows_that_are_too_long():
    return sequence(task(0, piece=(0, ((1, 0), (1, 0), (2, 4096), (2048, 1)))))
