"""The engine against the recurrences of the specification, on random networks."""

from collections import Counter
from collections.abc import Iterator

import pytest

from spatial.build.simulate import Simulator, compile_simulator
from tests.sim.networks import Net, Prediction, predict, random_depths, random_net, source, with_depths
from tests.sim.programs import region_of

SHAPES, DEPTHS, BATCHES = 96, 6, 8


def variants(seed: int) -> Iterator[tuple[Net, dict[str, int]]]:
    """A random network with several random sets of depths."""
    net = random_net(seed)
    for variant in range(DEPTHS):
        depths = random_depths(net, seed * DEPTHS + variant)
        yield with_depths(net, depths), depths


def simulated(simulator: Simulator, depths: dict[str, int]) -> tuple[Prediction, str]:
    """What the engine says of a network, in the oracle's terms, and how it ended."""
    run = simulator.run(depths=depths, record=list(depths), on_deadlock="return")
    times = {(True, name): list(trace.puts) for name, trace in run.trace.items()}
    times |= {(False, name): list(trace.gets) for name, trace in run.trace.items()}
    return Prediction(times, {name: actor.done for name, actor in run.actors.items()}), run.ending


@pytest.mark.parametrize("batch", range(BATCHES))
def test_puts_gets_and_ends_happen_in_the_cycles_of_the_recurrences(batch):
    for seed in range(batch, SHAPES, BATCHES):
        net = random_net(seed)
        simulator = compile_simulator(region_of(source(net)), net.device, "simpy")
        for variant, depths in variants(seed):
            expected = predict(variant)
            found, ending = simulated(simulator, depths)
            assert found == expected, f"{depths}\n{source(net)}"
            assert (ending == "finished") == (None not in expected.done.values()), f"{depths}\n{source(net)}"


def test_the_networks_are_of_all_kinds():
    kinds = Counter(
        (net.device, None in predict(net).done.values()) for seed in range(SHAPES) for net, _ in variants(seed)
    )
    assert min(kinds[device, deadlocks] for device in ("ideal", "hls") for deadlocks in (True, False)) > 40, kinds
