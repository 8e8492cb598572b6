"""Prints what the block takes on a U280 at 300 MHz, operator by operator, after checking its values.

Run it: `python -m examples.transformer`
"""

import numpy as np

import spatial as sp
from examples.transformer.block import block, composed, operators
from examples.transformer.model import TOKENS, WIDTH, draw, run

__all__ = ["cycles", "main", "values"]

DEVICE = "xcu280@300"


def values(program, seed=0):
    """What a form of the block computes, and what NumPy does."""
    given = draw(seed)
    found = np.zeros((TOKENS, WIDTH), np.float32)
    sp.build(program)(*given, found)
    return found, run(*given)


def cycles(program):
    """The predicted cycles of a program."""
    return sp.simulate(program, device=DEVICE, values=False, engine="simpy").cycles


def main():
    scheduled = composed()
    for program in (block, scheduled):
        found, expected = values(program)
        assert np.array_equal(found, expected), "the block computes something else than NumPy"
    print(f"on {DEVICE}; the values of the block are those of NumPy, bit for bit")
    print(f"{'operator':12} {'function':12} {'plain':>9} {'scheduled':>10} {'lanes':>6} {'of peak':>8}")
    for name, each in operators().items():
        before, after = cycles(each.function), cycles(each.schedule)
        print(f"{name:12} {each.name:12} {before:9} {after:10} {each.lanes:6} {each.peak(after):8.1%}")
    print(f"{'block':25} {cycles(block):9} {cycles(scheduled):10}")
    total = sp.report(scheduled, device=DEVICE).resources.total
    print(f"{total.dsp} DSP, {total.lut} LUT, {total.ff} FF, {total.bram18} BRAM18")


if __name__ == "__main__":
    main()
