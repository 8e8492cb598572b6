"""Prints how long the steps of the schedules take, kernel by kernel.

Run it: `python -m examples.polybench.scheduled.steps [KERNEL ...]`
"""

import sys
import time

import spatial as sp
from examples.polybench.scheduled.kernels import KERNELS

__all__ = ["Clocked", "main"]


class Clocked:
    """A schedule that notes the name and the seconds of the processor of each step."""

    def __init__(self, schedule):
        self.schedule = schedule
        self.took = []

    def __getattr__(self, name):
        found = getattr(self.schedule, name)
        return self.clocked(name, found) if callable(found) else found

    def clocked(self, name, step):
        def taken(*given, **keywords):
            begun = time.process_time()
            result = step(*given, **keywords)
            self.took.append((time.process_time() - begun, name))
            return result

        return taken


def main(kernels):
    print("| kernel | steps | ms in all | slowest | ms |\n|---|---|---|---|---|")
    for kernel in kernels:
        found = KERNELS[kernel]
        s = Clocked(sp.customize(found.make(*found.sizes)))
        found.schedule(s)
        longest, name = max(s.took)
        total = sum(seconds for seconds, _ in s.took)
        print(f"| {kernel} | {len(s.took)} | {1e3 * total:.0f} | {name} | {1e3 * longest:.0f} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:] or KERNELS)
