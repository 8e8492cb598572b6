"""Prints what the kernels take on a U280 at 3.33 ns beside the RTL cycles of other frameworks' designs.

The published figures (`published.csv`) are those of the artifact of Basalama and Cong, Stream-HLS, FPGA 2025: RTL
co-simulation of designs in float32 for xcu280 at 3.33 ns, and DSPs as synthesis reports them. All of them, and ours,
have their arrays on the chip, in as many banks as their lanes need, and are counted without the time to fill them.

Run it: `python -m examples.polybench [KERNEL ...]`
"""

import csv
import sys
from dataclasses import dataclass
from pathlib import Path

import spatial as sp
from examples.polybench.designs import DESIGNS, FABRIC, region_of, with_adders_of_tables

__all__ = ["Measured", "Published", "main", "measure", "published", "rival"]

MHZ = 1000 / 3.33
WITHIN = 1.1  # as many DSPs count as equal


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A design of another framework."""

    framework: str
    kernel: str
    cycles: int
    dsp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A design of ours: the predicted cycles, its DSPs, and the part of their peak that it reaches.

    With adders made of look-up tables, in `fabric`, DSPs have no peak to compare with.
    """

    choice: tuple[object, ...]
    cycles: int
    dsp: int
    peak: float
    fabric: bool = False

    @property
    def told(self):
        """Its peak and its name."""
        return f"{'':6}  {self.choice} fabric" if self.fabric else f"{self.peak:6.1%}  {self.choice}"


def published(kernel):
    """The designs of a kernel whose RTL simulation passed, the fastest first."""
    with (Path(__file__).parent / "published.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["kernel"] == kernel]
    found = [
        Published(framework=row["framework"], kernel=kernel, cycles=int(row["cycles"]), dsp=int(row["dsp"]))
        for row in rows
    ]
    return sorted(found, key=lambda design: design.cycles)


def measure(kernel, choice, *, fabric=False):
    """Times a design, without values, and counts its DSPs."""
    device = sp.fpga("xcu280", mhz=MHZ)
    design = with_adders_of_tables(kernel, choice) if fabric else region_of(kernel, choice)
    run = sp.simulate(design, device=device, engine="simpy", values=False)
    found = sp.report(design, device=device, cycles=run.cycles)
    return Measured(
        choice=choice, cycles=run.cycles, dsp=found.resources.total.dsp, peak=found.peak.of_design, fabric=fabric
    )


def rival(design, ours):
    """The fastest of our designs with at most a tenth more DSPs than a published one; None if none is so small."""
    fitting = [each for each in ours if each.dsp <= WITHIN * design.dsp]
    return min(fitting, key=lambda each: each.cycles, default=None)


def main(kernels):
    head = f"{'kernel':8} {'framework':10} {'DSP':>5} {'RTL cycles':>11}"
    print(f"{head}   {'our DSP':>7} {'cycles':>9} {'peak':>6}  design, how many times as fast")
    for kernel in kernels:
        ours = [measure(kernel, choice) for choice in DESIGNS[kernel]]
        ours += [measure(kernel, choice, fabric=True) for choice in FABRIC.get(kernel, ())]
        for design in published(kernel):
            told = f"{kernel:8} {design.framework:10} {design.dsp:5} {design.cycles:11}"
            best = rival(design, ours)
            if best is None:
                print(f"{told}   none as small")
                continue
            ratio = design.cycles / best.cycles
            print(f"{told}   {best.dsp:7} {best.cycles:9} {best.told} x{ratio:.2f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:] or DESIGNS)
