"""Prints the megabytes that a native run takes beyond the user's arrays: `python -m benchmarks.memory 32x1024`."""

import resource
import subprocess
import sys

import spatial as sp
from benchmarks.program import Case, sizes_of

__all__ = ["megabytes"]


def megabytes(case: Case) -> float:
    """The growth of a fresh process by compiling and running the array, as it tells it itself."""
    words = [sys.executable, "-m", "benchmarks.memory", f"{case.size}x{case.steps}"]
    return float(subprocess.run(words, capture_output=True, text=True, check=True).stdout)


def main() -> None:
    case = sizes_of(sys.argv[1])
    small = Case(size=2, steps=2)
    sp.simulate(small.region(), *small.arrays(), engine="native")  # what every program needs once
    arrays, region = case.arrays(), case.region()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sp.simulate(region, *arrays, engine="native")
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print((after - before) / 1024)


if __name__ == "__main__":
    main()
