"""Random networks with all channel operations: the engine against an oracle that knows nothing of it."""

import random
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.sim.dataflow.compare import compiled, depths_of, differences, explained, observed
from tests.sim.dataflow.draw import random_net
from tests.sim.dataflow.play import play
from tests.sim.dataflow.script import POLLS, If, Net, ops_of, walk
from tests.sim.dataflow.shrink import shrunk

SHAPES, DEPTHS, BATCHES = 384, 4, 16


def variants(net: Net, seed: int) -> Iterator[dict[str, int]]:
    """The depths declared, and some others."""
    draw = random.Random(seed)
    yield depths_of(net)
    for _ in range(DEPTHS - 1):
        yield {name: max(least, draw.choice([1, 1, 2, 3, 4, 7, 40])) for name, least in least_depths(net).items()}


def least_depths(net: Net) -> dict[str, int]:
    """The least depths that hold the initial tokens, and those that are peeked at."""
    peeked = {op.chan: 2 for actor in net.actors for op in ops_of(actor.body) if op.place == "1"}
    return {name: max(1, len(c.initial), peeked.get(c.name, 1)) for c in net.chans for name in c.names}


def depends_on_time(net: Net) -> bool:
    return any(op.what in (*POLLS, "select") for actor in net.actors for op in ops_of(actor.body))


@pytest.mark.parametrize("batch", range(BATCHES))
def test_values_and_cycles_are_those_of_the_oracle(batch):
    for seed in range(batch, SHAPES, BATCHES):
        net = random_net(seed)
        simulator = compiled(net)
        for depths in variants(net, seed):
            expected, found = play(net, depths), observed(simulator, net, depths)
            told = list(differences(expected, found))
            assert not told, "\n".join([f"seed {seed}, depths {depths}", *told, explained(net, depths)])
            shuffled = observed(simulator, net, depths, seed)
            told = list(differences(found, shuffled))
            assert not told, "\n".join([f"seed {seed}, depths {depths}, other order of actors", *told])


def test_more_depth_never_makes_a_blocking_network_deadlock():
    checked = Counter()
    for seed in range(1000, 1060):
        net, draw = random_net(seed), random.Random(seed)
        if depends_on_time(net):
            continue
        simulator, depths = compiled(net), least_depths(net)
        before = observed(simulator, net, depths)
        for _ in range(6):
            depths = {name: depth + draw.choice([0, 0, 1, 2]) for name, depth in depths.items()}
            after = observed(simulator, net, depths)
            for name, (values, _, _) in before.channels.items():
                assert after.channels[name][0][: len(values)] == values, f"seed {seed}, {depths}"
            assert (before.ending, after.ending) != ("finished", "deadlock"), f"seed {seed}, {depths}"
            checked[before.ending, after.ending] += 1
            before = after
    assert min(checked["finished", "finished"], checked["deadlock", "finished"]) > 5, checked


def test_the_networks_are_of_all_kinds():
    """Every operation and every ending is met often."""
    used: Counter[str] = Counter()
    for seed in range(SHAPES):
        net = random_net(seed)
        used.update({op.what for actor in net.actors for op in ops_of(actor.body)})
        used.update({play(net, depths_of(net)).ending, net.device})
        used.update({actor.library.split(" = sp.")[1].split("(")[0] for actor in net.actors if actor.library})
    rare = {kind: count for kind, count in used.items() if count < 5}
    assert not rare
    assert {"select", "gather", "scatter", "fork", "merge", "peek", *POLLS, "livelock"} <= set(used)


def test_a_failing_network_is_shrunk():
    net = next(net for seed in range(100) if has_branch_and_select(net := random_net(seed)))
    small = shrunk(net, has_branch_and_select)
    assert sum(len(ops_of(actor.body)) for actor in small.actors) <= 2


def has_branch_and_select(net: Net) -> bool:
    """Stands for a fault that an `if` and a `select` make together."""
    branches = [each for actor in net.actors for each in walk(actor.body) if isinstance(each, If) and ops_of(each.body)]
    return bool(branches) and any(op.what == "select" for actor in net.actors for op in ops_of(actor.body))
