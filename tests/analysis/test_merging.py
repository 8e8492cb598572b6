"""Links that do the same are one link, with the same figures."""

import random

import pytest

from spatial.analysis.merging import merged
from spatial.analysis.processes import Delay, Link, Operation, Pipeline, Process, ProcessNetwork, Repeat
from spatial.analysis.series import Series
from spatial.device.model import HLS
from tests.analysis.evaluator import evaluated

HALF = (Series(first=0, strides=((2, 4),)),)


def operations(ports, *, puts, stage=0, iterations=None):
    return tuple(Operation(port=port, puts=puts, stage=stage, iterations=iterations) for port in ports)


def pair(depths, *, reader_order=None, iterations=None):
    """A writer and a reader with a link of each depth; every other link is used in half of the iterations."""
    ports = range(len(depths))
    links = tuple(
        Link(name=f"c{port}", writer="w", reader="r", depth=depth, bits=64)
        for port, depth in zip(ports, depths, strict=True)
    )
    put = Pipeline(count=8, latency=3, style="rigid", operations=operations(ports, puts=True, stage=2))
    get = Pipeline(count=8, ii=2, operations=operations(reader_order or ports, puts=False, iterations=iterations))
    return ProcessNetwork(
        name="pair",
        processes=(
            Process(name="w", body=(put,), links=tuple(link.name for link in links)),
            Process(name="r", body=(Delay(cycles=5), get), links=tuple(link.name for link in links)),
        ),
        links=links,
        device=HLS,
    )


def groups(network):
    return sorted(merged(network).members.values())


def test_links_that_do_the_same_are_one():
    assert groups(pair([2, 2, 2])) == [("c0", "c1", "c2")]


def test_links_of_other_depths_stay_apart():
    assert groups(pair([2, 4, 2])) == [("c0", "c2"), ("c1",)]


def test_links_with_other_operations_stay_apart():
    network = pair([2, 2])
    writer, reader = network.processes
    (delay, get) = reader.body
    first, _ = get.operations
    late = Pipeline(count=8, ii=2, latency=2, operations=(first, Operation(port=1, puts=False, stage=1)))
    other = Process(name="r", body=(delay, late), links=reader.links)
    changed = ProcessNetwork(name="n", processes=(writer, other), links=network.links, device=HLS)
    assert groups(changed) == [("c0",), ("c1",)]


@pytest.mark.parametrize("iterations", [None, HALF])
def test_the_figures_are_those_of_all_links(iterations):
    network = pair([2, 2, 3, 2], reader_order=[3, 1, 2, 0], iterations=iterations)
    smaller = merged(network)
    assert len(smaller.network.links) == 2
    assert smaller.expanded(evaluated(smaller.network)) == evaluated(network)


def drawn(seed):
    """A random network with many links that are alike."""
    draw = random.Random(seed)
    kinds = [(draw.randint(1, 3), draw.choice([32, 600]), draw.choice([None, HALF]), draw.randint(0, 2)) for _ in "ab"]
    chosen = [draw.choice(kinds) for _ in range(draw.randint(2, 6))]
    links = tuple(
        Link(name=f"c{port}", writer="w", reader="r", depth=depth, bits=bits)
        for port, (depth, bits, _, _) in enumerate(chosen)
    )

    def pipeline(puts):
        ports = draw.sample(range(len(chosen)), len(chosen))
        uses = tuple(Operation(port=p, puts=puts, stage=chosen[p][3], iterations=chosen[p][2]) for p in ports)
        return Pipeline(
            count=8, ii=draw.randint(1, 2), latency=3, style=draw.choice(["rigid", "elastic"]), operations=uses
        )

    names = tuple(link.name for link in links)
    writer = Process(name="w", links=names, body=(Repeat(count=2, body=(pipeline(True),)), Delay(cycles=3)))
    reader = Process(name="r", links=names, body=(Delay(cycles=draw.randint(0, 9)), pipeline(False), pipeline(False)))
    if draw.random() < 0.3:
        reader = Process(name="r", links=names, body=reader.body[:2])
    return ProcessNetwork(name="drawn", processes=(writer, reader), links=links, device=HLS)


@pytest.mark.parametrize("seed", range(80))
def test_random_networks_keep_their_figures(seed):
    network = drawn(seed)
    smaller = merged(network)
    assert smaller.expanded(evaluated(smaller.network)) == evaluated(network)
