"""Programs that compile: what they become, and that text holds all of it."""

import pytest

from spatial.ir.graph import actor_graph
from spatial.ir.text import parse, print_module
from spatial.region.definition import Region
from spatial.region.program import compile_region
from tests.region import accepted, accepted_postponed

PROGRAMS = {
    name: value
    for module in (accepted, accepted_postponed)
    for name, value in vars(module).items()
    if isinstance(value, Region)
}


@pytest.mark.parametrize("region", PROGRAMS.values(), ids=PROGRAMS)
def test_printing_and_parsing_loses_nothing(region):
    program = compile_region(region)
    text = print_module(program.module, locations=True)
    parsed = parse(text)
    assert print_module(parsed, locations=True) == text
    assert actor_graph(parsed) == program.graph


@pytest.mark.parametrize("region", PROGRAMS.values(), ids=PROGRAMS)
def test_compiling_twice_gives_the_same(region):
    assert str(compile_region(region)) == str(compile_region(region))


def test_the_systolic_array_reads_like_its_source(golden):
    golden(str(compile_region(accepted.systolic_2x2)), "systolic_2x2.mlir")


@pytest.mark.parametrize("size", [2, 3, 8])
def test_functions_do_not_grow_with_the_grid(size):
    program = compile_region(accepted.systolic(size, size, 4))
    assert len(program.graph.actors) == (size + 2) ** 2
    assert len(program.graph.specializations) == 6


def test_streams_are_called_what_the_region_calls_them():
    graph = compile_region(accepted.streams_of_pipes).graph
    assert [channel.name for channel in graph.channels] == [
        *("lanes[0]", "lanes[1]", "lanes[2]"),
        *("row[0]", "row[1]", "row[2]", "first", "last"),
    ]
    assert [channel.depth for channel in graph.channels] == [3, 3, 3, 2, 2, 2, 1, 1]


def test_kernels_of_one_name_are_told_apart():
    graph = compile_region(accepted.streams_of_pipes).graph
    assert [actor.name for actor in graph.actors if actor.kernel.startswith("source")] == [
        "source[0]",
        "source_1[0]",
        "source_2[0]",
    ]


def test_functions_may_make_streams_and_kernels():
    graph = compile_region(accepted.made_by_functions).graph
    assert [channel.name for channel in graph.channels] == ["head", "chain", "chain_1", "chain_2"]
    assert len(graph.actors) == 5


def test_rows_of_a_table_are_taken_from_one_table():
    text = str(compile_region(accepted.rows_of_a_table))
    assert text.count("memref.global") == 1
    assert text.count("func.func private") == 1
