"""The smallest depths against brute force on the oracle: blocks, structs, initial tokens, unpipelined code."""

import itertools
from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest

from spatial.sim.explain.deadlock import DeadlockReport, Deeper, PartnerFinished
from tests.sim.dataflow.compare import compiled
from tests.sim.dataflow.draw import random_net
from tests.sim.dataflow.play import play
from tests.sim.dataflow.script import BITS, Net
from tests.sim.test_dataflow import depends_on_time, least_depths

MOST, CHANNELS = 60, 5


def finishes(net: Net, depths: dict[str, int]) -> bool:
    return play(net, depths).ending == "finished"


def bits_of(net: Net) -> dict[str, int]:
    return {name: BITS[chan.token] for chan in net.chans for name in chan.names}


def cost(bits: dict[str, int], depths: dict[str, int]) -> int:
    return sum(bits[name] * depth for name, depth in depths.items())


def cheaper(bits: dict[str, int], least: dict[str, int], most: int) -> Iterator[dict[str, int]]:
    """The depths that cost fewer bits than `most`, and of which none can be deeper within that.

    More depth never makes a network deadlock, so these stand for all that are cheaper.
    """
    spare = most - cost(bits, least)
    ranges = [range(depth, depth + 1 + spare // bits[name]) for name, depth in least.items()]
    for chosen in itertools.product(*ranges):
        depths = dict(zip(least, chosen, strict=True))
        if cost(bits, depths) < most <= cost(bits, depths) + min(bits.values()):
            yield depths


def deadlock_at(net: Net, depths: dict[str, int]) -> DeadlockReport | None:
    """What a run says of its deadlock."""
    simulator = compiled(net)
    arrays = [np.zeros(array.type.shape, np.int32) for array in simulator.program.graph.arrays]
    return simulator.run(*arrays, depths=depths, on_deadlock="return").deadlock


@pytest.mark.parametrize("start", [3000, 3080, 3160, 3240])
def test_no_depths_of_fewer_bits_run(start):
    """Channels start as shallow as they can be, so every set of depths is a candidate."""
    seen: Counter[str] = Counter()
    for seed in range(start, start + 80):
        net = random_net(seed)
        least, bits = least_depths(net), bits_of(net)
        if depends_on_time(net) or len(least) > CHANNELS or finishes(net, least):
            continue
        deadlock = deadlock_at(net, least)
        assert deadlock is not None, f"seed {seed}"
        if not isinstance(verdict := deadlock.verdict, Deeper):
            plenty = dict.fromkeys(least, 100)
            ended = isinstance(verdict, PartnerFinished) and verdict.waits_to_put
            assert ended or not finishes(net, plenty), f"seed {seed}: {verdict}, but {plenty} run"
            seen["hopeless"] += 1
            continue
        assert verdict.smallest, f"seed {seed}"
        chosen = {**least, **verdict.depths}
        assert play(net, chosen).cycles == verdict.cycles, f"seed {seed}"
        for depths in itertools.islice(cheaper(bits, least, cost(bits, chosen)), MOST):
            assert not finishes(net, depths), f"seed {seed}: {depths} in place of {chosen}"
        seen["deeper"] += 1
        seen["initial"] += any(chan.initial for chan in net.chans)
        seen["wide"] += len(set(bits.values())) > 1
    assert min(seen["hopeless"], seen["deeper"], seen["wide"]) > 0, seen
