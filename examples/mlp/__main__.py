"""Prints what the three forms of the network take on a U280 at 300 MHz, after checking that all compute the same.

Run it: `python -m examples.mlp`
"""

import itertools
from dataclasses import dataclass

import numpy as np

import spatial as sp
from examples.mlp import dataflow
from examples.mlp.layers import mixed, mlp, temporal
from examples.mlp.network import BATCH, WIDTHS, draw, run

__all__ = ["FORMS", "Measured", "main", "measure", "values"]

DEVICE = "xcu280@300"
PRODUCTS = BATCH * sum(width * units for width, units in itertools.pairwise(WIDTHS))
FORMS = {"plain": lambda: mlp, "temporal": temporal, "spatial": lambda: dataflow.mlp, "mixed": mixed}
"""What makes each form; "plain" is the temporal one without a schedule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The predicted cycles of a form, and an estimate of what it takes of the part."""

    cycles: int
    dsp: int
    lut: int
    ff: int
    bram18: int


def values(program, seed=0):
    """What a form computes, and what NumPy does."""
    given = draw(seed)
    found = np.zeros((BATCH, WIDTHS[-1]), np.int8)
    sp.build(program)(*given, found)
    return found, run(*given)


def measure(program):
    """Times a form, without values, and estimates its resources."""
    cycles = sp.simulate(program, device=DEVICE, values=False, engine="simpy").cycles
    total = sp.report(program, device=DEVICE).resources.total
    return Measured(cycles=cycles, dsp=total.dsp, lut=total.lut, ff=total.ff, bram18=total.bram18)


def main():
    print(f"{PRODUCTS} products of int8 for {BATCH} samples, on {DEVICE}")
    print(f"{'form':10} {'cycles':>7} {'products a cycle':>17} {'DSP':>5} {'LUT':>7} {'FF':>7} {'BRAM18':>7}")
    for name, make in FORMS.items():
        program = make()
        found, expected = values(program)
        assert np.array_equal(found, expected), f"{name} computes something else"
        m = measure(program)
        rate = PRODUCTS / m.cycles
        print(f"{name:10} {m.cycles:7} {rate:17.1f} {m.dsp:5} {m.lut:7} {m.ff:7} {m.bram18:7}")


if __name__ == "__main__":
    main()
