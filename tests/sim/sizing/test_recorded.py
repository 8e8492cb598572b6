"""The recorded designs need less memory than they were given, for fewer cycles."""

from pathlib import Path

import pytest

import spatial as sp
from spatial.sim.recorded.network import load_network
from spatial.sim.sizing.timed import TimingEvaluator
from spatial.sim.timing.engine import TimingEngine

DESIGNS = sorted((Path(__file__).parents[1] / "recorded" / "designs").glob("*.json.gz"))


@pytest.mark.parametrize("path", DESIGNS, ids=lambda path: path.name.partition(".")[0])
def test_a_design_loses_no_cycle_and_takes_no_more_memory_than_was_published(path):
    sizing = sp.size_fifos(path)
    network = load_network(path)
    assert sizing.cycles == sizing.fewest <= sizing.declared_cycles == TimingEngine(network).run().cycles
    assert sizing.memory.bits <= sizing.declared_memory.bits
    assert sizing.memory.blocks <= sizing.declared_memory.blocks
    engine = TimingEngine(network, extrapolate=False)
    assert engine.run(sizing.depths).cycles == sizing.cycles
    shallower = {channel.shallower for channel in sizing.channels.values() if channel.depth > 1}
    assert all(cycles is None or cycles > sizing.target for cycles in shallower)


@pytest.mark.parametrize("path", DESIGNS, ids=lambda path: path.name.partition(".")[0])
def test_links_that_do_the_same_may_be_sized_as_one(path):
    """Of links that are sized together one alone, a token shallower, costs what all of them cost."""
    network = load_network(path)
    sizing = sp.size_fifos(path)
    whole = TimingEngine(network)
    for names in TimingEvaluator(network).groups:
        depth = sizing.channels[names[0]].depth
        if depth > 1:
            alone = whole.run({**sizing.depths, names[-1]: depth - 1})
            assert (None if alone.deadlock else alone.cycles) == sizing.channels[names[0]].shallower
