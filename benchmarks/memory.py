"""Prints the megabytes that a native run takes beyond the user's arrays: `python -m benchmarks.memory 32x1024`."""

import re
import subprocess
import sys
from pathlib import Path

import spatial as sp
from benchmarks.program import Case, sizes_of

__all__ = ["megabytes"]


def megabytes(case: Case) -> float:
    """The growth of a fresh process by compiling and running the array, as it tells it itself; on Linux only."""
    words = [sys.executable, "-m", "benchmarks.memory", f"{case.size}x{case.steps}"]
    return float(subprocess.run(words, capture_output=True, text=True, check=True).stdout)


def main() -> None:
    case = sizes_of(sys.argv[1])
    small = Case(size=2, steps=2)
    sp.simulate(small.region(), *small.arrays(), engine="native")  # what every program needs once
    arrays, region = case.arrays(), case.region()
    before = most_used()
    sp.simulate(region, *arrays, engine="native")
    print((most_used() - before) / 1024)


def most_used() -> int:
    """The most kilobytes that this process has held at once, as Linux tells it."""
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    assert found is not None, "Linux tells it"
    return int(found[1])


if __name__ == "__main__":
    main()
