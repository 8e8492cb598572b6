"""Random networks that poll, against a simulator of their own."""

import numpy as np
import pytest

import spatial as sp
from tests.sim.polling import answer_arrays, play, random_net, source
from tests.sim.programs import region_of

CYCLES = 120
SEEDS = 300


def observed(net, order):
    """The cycles of puts and gets, and the answers, of a run."""
    answers = {name: np.zeros(length, dtype=np.int32) for name, length in answer_arrays(net)}
    run = sp.simulate(
        region_of(source(net, order)),
        *answers.values(),
        device=net.device,
        engine="simpy",
        record=[link.name for link in net.links],
        until=CYCLES,
        on_deadlock="return",
    )
    times = {name: (trace.puts, trace.gets) for name, trace in run.trace.items()}
    kept = {name: {k: int(n) - 1 for k, n in enumerate(run.arrays[f"R{name}"]) if n} for name in answers}
    return times, kept


@pytest.mark.parametrize("block", range(10))
def test_networks_that_poll_keep_the_times_of_a_direct_simulator(block):
    for seed in range(block * SEEDS // 10, (block + 1) * SEEDS // 10):
        net = random_net(seed)
        machine = play(net, CYCLES)
        times, kept = observed(net, list(range(len(net.loops))))
        expected = {
            link.name: (
                tuple(max(put, -1) for put in machine.puts[link.name]),
                tuple(machine.gets[link.name]),
            )
            for link in net.links
        }
        assert times == expected, f"seed {seed}"
        assert kept == {name: machine.answers[name] for name in kept}, f"seed {seed}"


def test_the_order_of_actors_within_a_cycle_does_not_matter():
    for seed in range(40):
        net = random_net(seed)
        order = list(range(len(net.loops)))
        assert observed(net, order) == observed(net, order[::-1]), f"seed {seed}"
