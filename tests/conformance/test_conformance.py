"""Every program computes what its reference does, in every column that claims it."""

import pytest

import spatial as sp
from tests.conformance.cell import blank, calls_of, difference, drawn, run
from tests.conformance.engines import COLUMNS
from tests.conformance.registry import FILES, PROGRAMS

IDEAL = COLUMNS[0]
CASES = [
    pytest.param(program, column, size, id=f"{program.name}-{column.name}-{'x'.join(map(str, size))}")
    for program in PROGRAMS
    for column in COLUMNS
    for size in column.sizes_of(program)
]
ROUNDED = [program for program in PROGRAMS if program.ulps]
TIMELESS = [program for program in PROGRAMS if not program.clock_dependent]
DEEP = [program for program in PROGRAMS if any(program.least_depth(*size) > 1 for size in program.sizes)]


def named(value):
    return value.name


def tokens(program, size, depth, device):
    """All tokens of a simulation, by channels."""
    module = sp.build(program.make(*size, depth=depth), target="simulator", device=device)
    arguments = calls_of(program, (*drawn(program, size), *blank(program, size)))[0]
    run = module.run(*arguments, record=[channel.name for channel in module.program.graph.channels if not channel.role])
    return {name: [str(value) for value in trace.values] for name, trace in run.trace.items()}


@pytest.mark.parametrize(("program", "column", "size"), CASES)
def test_values_are_those_of_the_reference_and_cycles_those_of_the_closed_form(program, column, size):
    if program.name in column.excluded:
        pytest.skip(column.excluded[program.name])
    for depth in column.depths_of(program, size):
        made = run(program, column, size, depth)
        wrong = difference(program, size, made.outputs)
        assert not wrong, f"with depth {depth}, {wrong}"
        if column.structural and program.cycles and depth >= program.full_speed:
            assert made.cycles == program.cycles(*size), f"with depth {depth}"


@pytest.mark.parametrize("program", ROUNDED, ids=named)
def test_rounded_values_are_the_same_bits_at_every_depth_in_every_column(program):
    size = program.sizes[1]
    made = {
        tuple(output.tobytes() for output in run(program, column, size, depth).outputs)
        for column in COLUMNS
        if program.name not in column.excluded
        for depth in column.depths_of(program, size)
    }
    assert len(made) == 1


@pytest.mark.parametrize("program", TIMELESS, ids=named)
def test_what_passes_through_channels_depends_on_neither_depths_nor_device(program):
    size = program.sizes[1]
    depths = program.depths_of(size)
    shallow, deep = tokens(program, size, depths[0], "ideal"), tokens(program, size, depths[-1], "hls")
    assert shallow == deep


@pytest.mark.parametrize("program", DEEP, ids=named)
def test_a_program_deadlocks_or_is_refused_below_its_least_depth(program):
    for size in program.sizes:
        if (least := program.least_depth(*size)) > 1:
            with pytest.raises(sp.ProgramError):
                run(program, IDEAL, size, least - 1)


@pytest.mark.parametrize("program", PROGRAMS, ids=named)
def test_a_program_is_tried_at_three_sizes_or_more_and_as_many_depths(program):
    assert len(program.sizes) >= 3
    assert all(len(program.depths_of(size)) >= 3 for size in program.sizes)


def test_programs_are_named_as_their_files():
    assert [program.name for program in PROGRAMS] == [file.stem for file in FILES]


def test_only_programs_of_the_table_are_excluded():
    assert {name for column in COLUMNS for name in column.excluded} <= {program.name for program in PROGRAMS}
