"""Designs that fit on no placement."""

from dataclasses import replace
from itertools import pairwise

from spatial.types.dtype import int32
from tests.lower.aie.designs import Design, gemm
from tests.lower.aie.refusals.registry import refused, unplaced


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
def join_of_five():
    made = Design()
    hub = made.memory("hub")
    parts = [made.fifo(f"c{i}", made.core(f"pe[{i}]"), hub, element=int32) for i in range(5)]
    made.link(hub, parts, [made.fifo("out", hub, made.shim("drain"), (320,), element=int32)], tuple(range(0, 320, 64)))
    return unplaced(made.mapped(), "npu2")


@refused
def joined_into_more_columns_than_there_are():
    made = Design()
    for name in "abcd":
        hub = made.memory(name)
        parts = [made.fifo(f"{name}{i}", made.core(f"{name}.pe[{i}]"), hub) for i in range(3)]
        whole = made.fifo(f"{name}.out", hub, made.shim(f"{name}.drain"), (192,))
        made.link(hub, parts, [whole], (0, 64, 128))
    return unplaced(made.mapped(), "npu1_3col")


@refused
def fat_rows_of_neighbours():
    made = Design("rows")
    cores = [made.core(f"pe[{i}]") for i in range(4)]
    for here, there in pairwise(cores):
        for n in range(2):
            made.fifo(f"{here}.out{n}", here, there, (10, 1024), depth=1)
    made.fifo("back", cores[3], cores[0], (20, 1024), depth=1)
    return unplaced(made.mapped(), "npu1_1col")


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
def shims_of_one_array_outside_the_device():
    made = Design()
    line = made.span()
    for i in range(3):
        made.fifo(f"in{i}", made.shim(f"source{i}", tile=(5, 0)), made.core(f"pe[{i}]"))
        made.nodes[-2] = replace(made.nodes[-2], span=line)
    return unplaced(made.mapped(), "npu2_4col")


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


@refused
def ring_of_three_with_full_channels():
    made = Design("ring")
    cores = [made.core(f"pe[{i}]") for i in range(3)]
    for i, core in enumerate(cores):
        for array in "AB":
            made.fifo(f"{array}{i}", made.shim(f"{array}{i}.source"), core)
        made.fifo(f"around{i}", core, cores[i - 1])
    return unplaced(made.mapped(), "npu1")


@refused
def cells_that_talk_to_eight_others():
    made = Design("cells")
    cells = [made.core(f"cell[{i}]") for i in range(9)]
    line = made.span()
    for here in cells:
        for there in cells:
            if here != there:
                made.fifo(f"{here} tells {there}", here, there)
                made.fifos[-1] = replace(made.fifos[-1], span=line)
    return unplaced(made.mapped(), "npu2")
