"""Recorded designs are run again, with their own depths or others."""

import copy

import pytest

import spatial as sp
from spatial.sim.recorded.network import load_network
from spatial.sim.recorded.replay import comparison
from tests.analysis.evaluator import evaluated
from tests.sim.recorded.test_network import DESIGNS, GOOD, written

CIRCLE = copy.deepcopy(GOOD)
CIRCLE["cosim_cycles"] = 40
CIRCLE["fifos"].append({"id": 1, "name": "v2", "width_bits": 8, "depth": 8, "writer": 3, "reader": 1, "tokens": 8})
CIRCLE["processes"][0]["iterations"] = CIRCLE["processes"][1]["iterations"] = 16
CIRCLE["processes"][0]["writes"] = [[0, 0, [[1, 8]]], [1, 8, [[1, 8]]]]
CIRCLE["processes"][1]["reads"] = [[1, 0, [[1, 8]]], [0, 8, [[1, 8]]]]


@pytest.mark.parametrize("path", DESIGNS, ids=lambda path: path.stem)
def test_published_designs_come_within_a_thousandth_of_what_was_counted(path):
    replayed = sp.replay(path)
    assert not replayed.deadlock
    assert 0 <= replayed.difference == replayed.cycles - 1 - replayed.recorded
    assert 0 <= replayed.error < 0.001


@pytest.mark.parametrize("path", DESIGNS[:2], ids=lambda path: path.stem)
def test_all_figures_are_those_of_the_network_itself(path):
    assert sp.replay(path).figures == evaluated(load_network(path))


def test_where_everything_waits_it_is_told_who_waits_for_what(tmp_path):
    replayed = sp.replay(written(tmp_path, CIRCLE))
    assert (replayed.deadlock, replayed.difference, replayed.error) == (True, None, None)
    text = str(replayed)
    assert "pair: deadlock in cycle" in text
    assert "load waits to put into v1 (2/2 full), which store reads" in text
    assert "store waits to get from v2 (0/8 full), which load writes" in text


def test_other_depths_are_tried_without_another_file(tmp_path):
    path = written(tmp_path, CIRCLE)
    assert sp.replay(path, depths={"v1": 7}).deadlock
    deep = sp.replay(path, depths={"v1": 8})
    assert (deep.deadlock, deep.figures.links["v1"].high_water) == (False, 8)


def test_a_replay_tells_its_cycles_and_the_busiest_process(tmp_path):
    replayed = sp.replay(written(tmp_path, GOOD))
    assert (replayed.cycles, replayed.recorded, replayed.difference, replayed.bottleneck) == (19, None, None, "store")
    lines = str(replayed).splitlines()
    assert lines[:2] == ["pair: finished after 19 cycles", "bottleneck: store, busy 15 cycles (79 %)"]


def test_the_difference_from_co_simulation_is_told(tmp_path):
    text = str(sp.replay(written(tmp_path, GOOD | {"cosim_cycles": 20})))
    assert "co-simulation: 20, which counts the last cycle not; this is 18, -2 cycles (-10.0000 %)" in text


def test_several_designs_are_told_in_one_table(tmp_path):
    exact = sp.replay(written(tmp_path, GOOD | {"cosim_cycles": 18}))
    off = sp.replay(written(tmp_path, GOOD | {"cosim_cycles": 16}))
    stuck = sp.replay(written(tmp_path, CIRCLE))
    unknown = sp.replay(written(tmp_path, GOOD))
    text = comparison([exact, off, stuck, unknown])
    assert "1 of 2 exact; error at most 12.5000 %, median 6.2500 %" in text
    assert "deadlock" in text
    assert "+12.5000 %" in text


@pytest.mark.parametrize(
    ("depths", "title"),
    [
        ({"v3": 4}, "the design `pair` has no FIFO `v3`"),
        ({"v1": 0}, "the depth of `v1` is a number of tokens of at least 1, not `0`"),
        ({"v1": True}, "the depth of `v1` is a number of tokens of at least 1, not `True`"),
    ],
)
def test_depths_that_do_not_fit_are_told(tmp_path, depths, title):
    with pytest.raises(sp.ProgramError) as caught:
        sp.replay(written(tmp_path, GOOD), depths=depths)
    report = caught.value.problems[0].report()
    assert report.title == title
    assert report.primary.span.file == __file__


def test_a_name_that_is_nearly_right_is_offered(tmp_path):
    with pytest.raises(sp.ProgramError) as caught:
        sp.replay(written(tmp_path, GOOD), depths={"v11": 4})
    assert "did you mean `v1`?" in str(caught.value)


def test_what_names_no_file_and_maps_no_names_is_refused(tmp_path):
    with pytest.raises(sp.ProgramError, match="named by the path of its file, not by `3`"):
        sp.replay(3)
    path = written(tmp_path, GOOD)
    with pytest.raises(sp.ProgramError, match="`depths` maps names of FIFOs to depths"):
        sp.replay(path, depths=[1])
    with pytest.raises(sp.ProgramError, match="the depth of `v1` is at most 4503599627370495 tokens"):
        sp.replay(path, depths={"v1": 2**70})
