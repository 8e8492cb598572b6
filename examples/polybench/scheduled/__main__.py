"""Prints what the scheduled kernels take on a U280 at 3.33 ns, beside published designs of as many DSPs.

Run it: `python -m examples.polybench.scheduled [KERNEL ...]`
"""

import sys
from dataclasses import dataclass

import spatial as sp
from examples.polybench.__main__ import MHZ, WITHIN, published
from examples.polybench.scheduled.kernels import KERNELS, lines_of, scheduled

__all__ = ["Measured", "main", "measure", "row"]

HEAD = (
    "| kernel | lines | adders | DSP | cycles | sums / adders | peak | published: framework, DSP, RTL cycles |",
    "|---|---|---|---|---|---|---|---|",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The predicted cycles of a scheduled kernel, its DSPs, and its adders of floats, which could do it in `ideal`."""

    lines: int
    cycles: int
    dsp: int
    adders: int
    ideal: float

    @property
    def peak(self):
        """The part of what the adders could do that they do."""
        return self.ideal / self.cycles


def measure(kernel):
    """Times a kernel, without values, and counts its operators."""
    device = sp.fpga("xcu280", mhz=MHZ)
    s = scheduled(kernel)
    run = sp.simulate(s, device=device, values=False)
    found = sp.report(s, device=device, cycles=run.cycles).resources
    adders = sum(cost.units.get(("float32_add", ()), 0) for cost in found.functions)
    ideal = KERNELS[kernel].additions(*KERNELS[kernel].sizes) / adders
    return Measured(lines=lines_of(kernel), cycles=run.cycles, dsp=found.total.dsp, adders=adders, ideal=ideal)


def row(kernel, ours):
    """A row of the table, with the fastest published design that has at most a tenth more DSPs than ours."""
    fitting = [design for design in published(kernel) if design.dsp <= WITHIN * ours.dsp]
    told = f"{fitting[0].framework}, {fitting[0].dsp:,}, {fitting[0].cycles:,}" if fitting else "none"
    figures = f"{ours.lines} | {ours.adders} | {ours.dsp} | {ours.cycles:,} | {ours.ideal:,.0f} | {ours.peak:.1%}"
    return f"| {kernel} | {figures} | {told} |"


def main(kernels):
    print("\n".join(HEAD))
    for kernel in kernels:
        print(row(kernel, measure(kernel)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:] or KERNELS)
