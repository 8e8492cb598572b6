"""What is proved to be best is: no placement that trying all of them finds costs less."""

import itertools
import random

import pytest

from spatial.device.npu import Kind, npu
from spatial.lower.aie.placement.cost import cost_of
from spatial.lower.aie.placement.loads import overloads
from spatial.lower.aie.placement.model import tiles_of
from spatial.lower.aie.placement.place import place
from spatial.source.errors import ProgramError
from tests.lower.aie.designs import Design


def some(seed):
    """Three cores, a memory tile's node, and fifos between them and the host."""
    draw = random.Random(seed)
    made = Design("some")
    cores = [made.core(f"c{i}") for i in range(3)]
    for i in range(draw.randint(1, 4)):
        here, there = draw.sample(cores, 2)
        made.fifo(f"f{i}", here, there, objects=draw.randint(1, 9))
    hub = made.memory("hub", tile=(draw.randint(0, 1), 1))
    made.fifo("in", made.shim("source", tile=(draw.randint(0, 1), 0)), hub, objects=draw.randint(1, 9))
    made.fifo("all", hub, draw.sample(cores, draw.randint(1, 3)), objects=draw.randint(1, 9))
    made.link(hub, ["in"], ["all"])
    made.fifo("out", draw.choice(cores), made.shim("drain"), objects=draw.randint(1, 9))
    return made.mapped()


def best(mapped, device):
    """The least cost of all placements that keep the limits of tiles; None where there is none."""
    found = []
    cores, others = ([n.name for n in mapped.nodes if (n.kind is Kind.CORE) == yes] for yes in (True, False))
    for tiles in itertools.permutations(device.cores, len(cores)):
        for elsewhere in itertools.product(*(tiles_of(mapped.node[name], device) for name in others)):
            at = dict(zip((*cores, *others), (*tiles, *elsewhere), strict=True))
            if not overloads(mapped, device, at):
                found.append(cost_of(mapped, device, at))
    return min(found, default=None)


@pytest.mark.parametrize("seed", range(6))
def test_no_placement_costs_less_than_a_proved_one(seed):
    mapped, device = some(seed), npu("npu1_2col")
    least = best(mapped, device)
    try:
        placement = place(mapped, device)
    except ProgramError:
        assert least is None
        return
    assert placement.proven
    assert placement.cost == least
