"""Random programs of actors that share arrays compute the same when they are legal."""

import random

import numpy as np
import pytest

import spatial as sp
from tests.lower.hls.legalize.running import made_legal
from tests.sim.programs import region_of

SIZE = 24


def text_of(seed):
    """Actors that read X in any way, and write Y, or only some of it, each a part of its own."""
    draw = random.Random(seed)
    actors = draw.choice((2, 3, 4))
    count = SIZE // actors
    target = draw.choice((f"{count} * p + n", f"{actors} * n + p", f"{count} * p + {count - 1} - n"))
    terms = []
    for _ in range(draw.choice((1, 1, 2))):
        step, part = draw.choice(((1, count), (actors, 1), (0, 1), (1, 0), (2, 1)))
        last = step * (count - 1) + part * (actors - 1)
        terms.append(f"X[{step} * n + {part} * p + {draw.randrange(SIZE - last)}]")
    start = draw.choice(("0", f"Y[{target}]"))
    lines = [f"Y[{target}] = {start} + {' - '.join(terms)}"]
    if draw.random() < 0.4:
        lines = [f"if {terms[0]} % 3 != 0:", f"    {lines[0]}"]
    body = "\n".join(f"                {line}" for line in lines)
    return f"""
@sp.region()
def net(X: int32[{SIZE}], Y: int32[{SIZE}]):
    @sp.kernel(mapping=[{actors}], args=[X, Y])
    def pe(X: int32[{SIZE}], Y: int32[{SIZE}]):
        p = sp.get_pid()
        for again in range({draw.choice((1, 2))}):
            for n in range({count}):
{body}
"""


@pytest.mark.parametrize("seed", range(10))
def test_values_stay(seed):
    region = region_of(text_of(seed))
    X = np.random.default_rng(seed).integers(-99, 99, SIZE, dtype=np.int32)
    wanted, found = np.arange(SIZE, dtype=np.int32), np.arange(SIZE, dtype=np.int32)
    sp.simulate(region, X, wanted, engine="simpy")
    made_legal(region).run(X, found)
    assert (found == wanted).all()
