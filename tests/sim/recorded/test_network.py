"""Recorded designs become process networks; files that are wrong are told, with the place."""

import copy
import gzip
import json
from pathlib import Path

import pytest

import spatial as sp
from spatial.analysis.merging import merged
from spatial.analysis.processes import Delay, Pipeline
from spatial.analysis.series import Series
from spatial.sim.recorded.network import load_design
from tests.analysis.evaluator import evaluated

DESIGNS = sorted(Path(__file__).with_name("designs").glob("*.json.gz"))
EVERY = [[0, 0, [[1, 8]]]]
GOOD = {
    "name": "pair",
    "fifos": [{"id": 0, "name": "v1", "width_bits": 32, "depth": 2, "writer": 3, "reader": 1, "tokens": 8}],
    "processes": [
        {"id": 3, "name": "load", "ii": 1, "iteration_latency": 4, "iterations": 8, "reads": [], "writes": EVERY},
        {"id": 1, "name": "store", "ii": 2, "iteration_latency": 1, "iterations": 8, "reads": EVERY, "writes": []},
    ],
}


def written(folder, content):
    path = folder / "design.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content, indent=1))
    return path


def changed(*path_and_value):
    """The good design with another value at a place; `...` leaves it out."""
    *path, last, value = path_and_value
    design = copy.deepcopy(GOOD)
    place = design
    for key in path:
        place = place[key]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return design


def told(folder, content):
    """What is told of a file: titles, and the text of all."""
    with pytest.raises(sp.ProgramError) as caught:
        sp.load_network(written(folder, content))
    return [problem.report().title for problem in caught.value.problems], str(caught.value)


@pytest.mark.parametrize("path", DESIGNS, ids=lambda path: path.stem)
def test_published_designs_take_what_co_simulation_counted(path):
    design = load_design(path)
    smaller = merged(sp.load_network(path))
    cycles = evaluated(smaller.network).cycles
    assert design.cosim_cycles <= cycles - 1 <= design.cosim_cycles * 1.001


def test_reads_stand_in_stage_one_and_writes_in_the_last(tmp_path):
    network = sp.load_network(written(tmp_path, GOOD))
    (load,), (store,) = (process.body for process in network.processes)
    assert isinstance(load, Pipeline)
    assert isinstance(store, Pipeline)
    assert (load.ii, load.latency, load.count, load.style) == (1, 4, 8, "rigid")
    assert [(op.puts, op.stage, op.iterations) for op in load.operations] == [
        (True, 3, (Series(first=0, strides=((1, 8),)),))
    ]
    assert [(op.puts, op.stage) for op in store.operations] == [(False, 0)]


def test_ids_are_names_of_ends_not_places(tmp_path):
    (link,) = sp.load_network(written(tmp_path, GOOD)).links
    assert (link.writer, link.reader, link.depth, link.bits) == ("load", "store", 2, 32)


def test_a_process_begins_when_those_before_it_are_done(tmp_path):
    design = copy.deepcopy(GOOD)
    alone = {"id": 7, "name": "last", "ii": 1, "iteration_latency": 3, "iterations": 5, "reads": [], "writes": []}
    design["processes"].append(alone | {"after": [1], "pre_cycles": 4, "post_cycles": 2})
    network = sp.load_network(written(tmp_path, design))
    figures = evaluated(network)
    assert [type(step) for step in network.processes[2].body] == [Delay, Pipeline, Delay]
    assert figures.processes["last"].done == figures.processes["store"].done + 4 + (5 - 1 + 3) + 2


def test_names_that_several_have_are_told_apart_by_their_ids(tmp_path):
    network = sp.load_network(written(tmp_path, changed("processes", 1, "name", "load")))
    assert [process.name for process in network.processes] == ["load#3", "load#1"]


def test_a_design_is_read_as_it_is_or_compressed(tmp_path):
    path = tmp_path / "design.json.gz"
    path.write_bytes(gzip.compress(json.dumps(GOOD).encode()))
    assert sp.load_network(path) == sp.load_network(str(written(tmp_path, GOOD)))


def test_a_design_without_a_name_is_called_like_its_file(tmp_path):
    assert sp.load_network(written(tmp_path, changed("name", ...))).name == "design"


@pytest.mark.parametrize(
    ("content", "title"),
    [
        ("{", "`design.json` is not JSON: expecting property name enclosed in double quotes"),
        ("[1]", "the design is an object, not [1]"),
        (changed("fifos", ...), '"fifos" of the design is a list of objects, not null'),
        (changed("fifos", 0, "depth", 0), '"depth" of fifos[0] (`v1`) is a number of at least 1, not 0'),
        (changed("fifos", 0, "depth", True), '"depth" of fifos[0] (`v1`) is a number of at least 1, not true'),
        (changed("fifos", 0, "name", ""), '"name" of fifos[0] is a text, not ""'),
        (changed("fifos", 0, 5), "fifos[0] is an object, not 5"),
        (changed("fifos", 0, "tokens", 9), "FIFO `v1` has 9 tokens, but is written 8 times and read 8 times"),
        (changed("fifos", 0, "reader", 9), "the reader of FIFO `v1` is process 9, and there is none of that id"),
        (changed("processes", 0, "ii", ...), 'processes[0] (`load`) has no field "ii"'),
        (changed("processes", 0, "ii", "1"), '"ii" of processes[0] (`load`) is a number of at least 1, not "1"'),
        (changed("processes", 0, "writes", [[0, 0]]), '"writes[0]" of processes[0] (`load`) is no run: [0, 0]'),
        (
            changed("processes", 0, "writes", [[0, 0, [[0, 8]]]]),
            '"writes[0]" of processes[0] (`load`) is no run: [0, 0, [[0, 8]]]',
        ),
        (changed("processes", 0, "iterations", 7), "process `load` writes FIFO `v1` in iteration 7 of 7"),
        (
            changed("processes", 0, "writes", [[0, 4, [[1, 4]]], [0, 0, [[1, 4]]]]),
            "process `load` writes FIFO `v1` in iterations that do not ascend",
        ),
        (
            changed("processes", 0, "writes", [[0, 0, [[1, 2], [2, 4]]]]),
            "process `load` writes FIFO `v1` in iterations that do not ascend",
        ),
        (
            changed("processes", 0, "writes", [[5, 0, [[1, 8]]]]),
            "process `load` writes FIFO 5, and there is none of that id",
        ),
        (changed("processes", 0, "after", [4]), "process `load` comes after process 4, and there is none of that id"),
        (changed("processes", 0, "after", 4), '"after" of processes[0] (`load`) is a list of numbers, not 4'),
        (changed("processes", 0, "after", [3]), "no process can start first: `load` after `load`"),
        (changed("processes", 0, "id", 1), "there are 2 objects with the id 1: each process has its own"),
    ],
)
def test_what_is_wrong_with_a_file_is_told(tmp_path, content, title):
    titles, _ = told(tmp_path, content)
    assert title in titles


def test_a_process_that_uses_the_end_of_another_is_told(tmp_path):
    design = copy.deepcopy(GOOD)
    design["fifos"].append({"id": 1, "name": "v2", "width_bits": 8, "depth": 2, "writer": 1, "reader": 3, "tokens": 0})
    design["processes"][0]["writes"] = [[0, 0, [[1, 8]]], [1, 0, [[1, 8]]]]
    titles, _ = told(tmp_path, design)
    assert titles == ["process `load` writes FIFO `v2`, but is not its writer"]


def test_all_that_is_wrong_is_told_with_its_line(tmp_path):
    design = changed("fifos", 0, "depth", "deep")
    design["processes"][1]["ii"] = 0
    _, text = told(tmp_path, design)
    lines = (tmp_path / "design.json").read_text().splitlines()
    second = [number for number, line in enumerate(lines, 1) if line == "  {"][2]
    assert '"depth" of fifos[0] (`v1`)' in text
    assert "design.json:4:3" in text
    assert f"design.json:{second}:3" in text


def test_a_syntax_error_is_told_with_its_line_and_column(tmp_path):
    _, text = told(tmp_path, '{"fifos": [],\n "processes": [}')
    assert "design.json:2:16" in text


@pytest.mark.parametrize(
    ("data", "what"),
    [(b"\x1f\x8b\x08damaged", "it is compressed by gzip, but damaged"), (b"\xff\xfe{}", "it is no text")],
)
def test_a_file_that_cannot_be_read_is_told(tmp_path, data, what):
    path = tmp_path / "design.json.gz"
    path.write_bytes(data)
    with pytest.raises(sp.ProgramError) as caught:
        sp.load_network(path)
    assert what in str(caught.value)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(sp.ProgramError) as caught:
        sp.load_network(tmp_path / "absent.json")
    assert "no such file" in str(caught.value)
