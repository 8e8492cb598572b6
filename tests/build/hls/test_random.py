"""Random networks give the same bits in C-simulation as in the simulator."""

import os

import numpy as np
import pytest

import spatial as sp
from spatial.ir.dtypes import parse_dtype
from tests.build.hls.networks import TOKENS, network
from tests.lower.hls.cpp import needs_compiler
from tests.sim.programs import region_of

pytestmark = needs_compiler
PARTS = 12  # networks in a region, which take one compilation
SEEDS = range(int(os.environ.get("SPATIAL_CSIM_SEEDS", "3")))


def bits(values: np.ndarray) -> object:
    """What is compared; arrays of objects have the numbers themselves."""
    return values.tolist() if values.dtype == object else values.tobytes()


@pytest.mark.parametrize("seed", SEEDS)
def test_random_networks_compute_the_same_bits(seed):
    text, outputs = network(seed, PARTS)
    module = sp.build(region_of(text), target="hls", mode="csim")
    assert not module.warnings
    draw = np.random.default_rng(seed)
    given = draw.integers(-300, 300, (3, TOKENS), np.int32), draw.normal(0, 4, (3, TOKENS)).astype(np.float32)
    made, wanted = (
        [np.zeros(extents, sp.numpy_dtype(parse_dtype(dtype))) for _, dtype, *extents in outputs] for _ in range(2)
    )
    module(*given, *made, timeout=60)
    sp.simulate(region_of(text), *given, *wanted, engine="simpy")
    wrong = [name for (name, *_), a, b in zip(outputs, made, wanted, strict=True) if bits(a) != bits(b)]
    assert not wrong
