"""The smallest depths against brute force on the oracle."""

import itertools
from collections.abc import Iterator

import pytest

from spatial.build.simulate import compile_simulator
from spatial.sim.explain.deadlock import Deeper
from tests.sim.networks import Net, predict, random_net, source, with_depths
from tests.sim.programs import region_of

MOST = 120


def finishes(net: Net, depths: dict[str, int]) -> bool:
    return None not in predict(with_depths(net, depths)).done.values()


def bits(net: Net, depths: dict[str, int]) -> int:
    return sum(link.width * depths[link.name] for link in net.links)


def cheaper(net: Net, cost: int) -> Iterator[dict[str, int]]:
    """The depths of at least 1 that cost fewer bits than `cost`, and of which none can be deeper within that.

    More depth never makes a network deadlock, so these stand for all that are cheaper.
    """
    least = min(link.width for link in net.links)
    spare = cost - sum(link.width for link in net.links)
    ranges = [range(1, 2 + spare // link.width) for link in net.links]
    for depths in itertools.product(*ranges):
        candidate = dict(zip((link.name for link in net.links), depths, strict=True))
        if bits(net, candidate) < cost <= bits(net, candidate) + least:
            yield candidate


@pytest.mark.parametrize("start", [1000, 1050])
def test_no_depths_of_fewer_bits_run(start):
    """All channels start at depth 1, so every set of depths is a candidate."""
    checked = 0
    for seed in range(start, start + 50):
        net = random_net(seed)
        present = {link.name: 1 for link in net.links}
        if finishes(net, present):
            continue
        simulator = compile_simulator(region_of(source(net)), net.device)
        deadlock = simulator.run(depths=present, on_deadlock="return").deadlock
        assert deadlock is not None
        if not isinstance(verdict := deadlock.verdict, Deeper):
            continue
        assert verdict.smallest
        chosen = {**present, **verdict.depths}
        assert finishes(net, chosen)
        candidates = list(itertools.islice(cheaper(net, bits(net, chosen)), MOST))
        better = [depths for depths in candidates if finishes(net, depths)]
        assert not better, f"seed {seed}: {better[0]} in place of {chosen}\n{source(net)}"
        checked += 1
    assert checked >= 5


@pytest.mark.parametrize("seed", [1003, 1007, 1055])
def test_the_native_engine_tells_the_same_of_a_deadlock_from_runs_without_values(seed):
    net = random_net(seed)
    region = region_of(source(net).replace("Int(600)", "Int(60)"))
    depths = {link.name: 1 for link in net.links}
    ours, reference = (
        compile_simulator(region, net.device, engine).run(depths=depths, on_deadlock="return").deadlock
        for engine in ("native", "simpy")
    )
    assert ours == reference is not None
