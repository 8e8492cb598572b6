"""The timing engine gives the figures of the slow evaluation."""

import numpy as np
import pytest

from spatial.sim.timing.code import interpreted
from spatial.sim.timing.engine import TimingEngine
from spatial.sim.timing.figures import figures_of
from tests.analysis.evaluator import evaluated
from tests.sim.timing.random_networks import balanced_network, random_network


@pytest.mark.parametrize("extrapolate", [False, True])
@pytest.mark.parametrize("part", range(4))
def test_figures_and_blocked_positions_are_those_of_the_evaluation(part, extrapolate):
    for seed in range(60 * part, 60 * part + 60):
        network = random_network(seed)
        engine = TimingEngine(network, extrapolate=extrapolate)
        assert figures_of(network, engine.run()) == evaluated(network), seed


def test_networks_that_run_to_the_end_are_timed_as_by_the_evaluation():
    ended = 0
    for seed in range(60):
        network = balanced_network(seed, rounds=12)
        found = TimingEngine(network).run()
        assert figures_of(network, found) == evaluated(network), seed
        ended += not found.deadlock
    assert ended > 20


def test_the_machine_does_as_python_what_it_does_as_machine_code():
    for seed in range(1000, 1040):
        network = random_network(seed, longest=30)
        found, slow = TimingEngine(network).run(), TimingEngine(network, drive=interpreted).run()
        assert figures_of(network, found) == figures_of(network, slow), seed
        assert found.leaps == slow.leaps


def test_an_engine_runs_again_with_other_depths_as_if_made_anew():
    for seed in range(2000, 2040):
        network = random_network(seed)
        engine = TimingEngine(network)
        for depth in (40, 1, 3, 0, 2000):
            depths = {link.name: depth and max(depth, link.initial) for link in network.links}
            anew = TimingEngine(network.with_depths(depths)).run()
            assert figures_of(network, engine.run(depths)) == figures_of(network, anew), seed


def test_many_depths_at_once_give_the_cycles_of_each():
    for seed in range(3000, 3030):
        network = random_network(seed)
        engine, draw = TimingEngine(network), np.random.default_rng(seed)
        initial = [link.initial for link in network.links]
        depths = np.maximum(draw.integers(1, 9, (4, len(network.links))), initial)
        runs = [engine.run(row) for row in depths]
        assert engine.cycles_of(depths).tolist() == [-1 if run.deadlock else run.cycles for run in runs]
