"""Measures how fast programs are compared: `python -m benchmarks.verify`.

Seconds are those of the processor; one core is used. An operation is an addition or a multiplication of either program:
what moves numbers through channels is none.
"""

import resource
import time
from collections.abc import Mapping
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

import spatial as sp
from benchmarks.program import Case
from spatial import int8, int32
from spatial.verify.verdict import Verdict

__all__ = ["Comparison", "arrays", "tiles"]

LARGE = (512, 768, 768)
TILE = 32
RATES = {"exact": 50, "ring": 300}  # M operations/s that are asked for
MEMORY = 1000  # MB that are not to be passed


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two programs that are compared, each of so many additions and multiplications.

    It is to take at most so many `seconds` in each mode.
    """

    name: str
    first: object
    second: object
    operations: int
    seconds: Mapping[str, float]

    def measured(self, mode: str) -> tuple[Verdict, float]:
        """The verdict, and the seconds from the source to it."""
        begun = time.process_time()
        verdict = sp.verify(self.first, self.second, mode=mode)
        return verdict, time.process_time() - begun


def arrays(size: int, steps: int) -> Comparison:
    """A systolic array against its loop nest."""

    def matmul(A: int32[size, steps], B: int32[steps, size], C: int32[size, size]):
        for i, j in sp.grid(size, size):
            total: int32 = 0
            for k in range(steps):
                total += A[i, k] * B[k, j]
            C[i, j] = total

    name, region = f"{size}x{size} array, K = {steps}", Case(size=size, steps=steps).region()
    operations, seconds = 2 * size * size * steps, {"exact": 3.0, "ring": 3.0}
    return Comparison(name=name, first=region, second=matmul, operations=operations, seconds=seconds)


def tiles(M: int, N: int, K: int, tile: int = TILE) -> Comparison:
    """A tiled matrix product against the plain one."""

    def plain(A: int8[M, K], B: int8[K, N], C: int32[M, N]):
        for i, j in sp.grid(M, N):
            for k in range(K):
                C[i, j] += A[i, k] * B[k, j]

    def tiled(A: int8[M, K], B: int8[K, N], C: int32[M, N]):
        for i0, j0, k0 in sp.grid(M // tile, N // tile, K // tile):
            for i, k, j in sp.grid(tile, tile, tile):
                C[i0 * tile + i, j0 * tile + j] += A[i0 * tile + i, k0 * tile + k] * B[k0 * tile + k, j0 * tile + j]

    name, operations, seconds = f"{M}x{N}x{K}, tiled", 2 * M * N * K, {"exact": 30.0, "ring": 5.0}
    return Comparison(name=name, first=plain, second=tiled, operations=operations, seconds=seconds)


def main() -> None:
    table = Table(title="from source to verdict", title_justify="left")
    for heading in ("programs", "mode", "verdict", "seconds", "asked", "of these running", "M operations/s", "asked"):
        table.add_column(heading)
    for comparison in (arrays(64, 1024), arrays(64, 8192), tiles(*LARGE)):
        for mode in ("exact", "ring"):
            table.add_row(comparison.name, mode, *_row(comparison, mode))
    Console(width=120).print(table)
    print(f"at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MB, asked {MEMORY}")


def _row(comparison: Comparison, mode: str) -> tuple[str, ...]:
    verdict, seconds = comparison.measured(mode)
    running = [taken for what, taken in verdict.seconds.items() if what.endswith("running")]
    rate = 2 * comparison.operations / sum(running) / 1e6
    asked = f"{comparison.seconds[mode]:.0f}", str(RATES[mode])
    return verdict.kind.value, f"{seconds:.2f}", asked[0], f"{sum(running):.2f}", f"{rate:.0f}", asked[1]


if __name__ == "__main__":
    main()
