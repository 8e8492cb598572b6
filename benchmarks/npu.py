"""Predicted times on NPUs beside published ones: `python -m benchmarks.npu [--every N] [--folds K]`."""

import argparse
import csv
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.table import Table

from benchmarks.residual import FITTED, STEPS, predicted_step
from spatial.build.subject import program_of
from spatial.device.npu import Npu, npu
from spatial.lower.aie.design import Mapped, Placement
from spatial.lower.aie.mapping.mapping import map_program
from spatial.lower.aie.placement.place import place
from spatial.nn.npu import gemm
from spatial.nn.npu.products import TILES
from spatial.sim.npu.predict import predict
from spatial.types.dtype import DType, bfloat16, int8, int16

__all__ = ["Case", "Laid", "cross_validated", "published"]

DTYPES: dict[str, DType] = {"i8": int8, "i16": int16, "bf16": bfloat16}
STEP = {"launch_us": 5.0, "issue_us": 0.3, "page_us": 0.01, "int8": 1.5, "int16": 1.5, "bfloat16": 1.5}
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A measured product: Zhuang et al., ARIES (FPGA 2025), artifact; times in seconds."""

    dtype: str
    M: int
    K: int
    N: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A case as a placed design."""

    case: Case
    mapped: Mapped
    placement: Placement

    def seconds(self, device: Npu) -> float:
        """What a call takes, as predicted."""
        return predict(self.mapped, self.placement, device=device).seconds


def published() -> list[Case]:
    """All measured products."""
    text = Path(__file__).with_name("npu_gemm.csv").read_text(encoding="utf-8")
    return [
        Case(dtype=row["dtype"], M=int(row["m"]), K=int(row["k"]), N=int(row["n"]), seconds=float(row["seconds"]))
        for row in csv.DictReader(text.splitlines())
    ]


def laid(cases: Sequence[Case], device: Npu) -> Iterator[Laid]:
    """The library's products, mapped; those of the same shape on the array are placed once."""
    placements: dict[tuple[str, ...], Placement] = {}
    for case in cases:
        dtype = DTYPES[case.dtype]
        program = program_of(gemm(case.M, case.K, case.N, dtype, sums=dtype, tile=TILES[str(dtype)]))
        mapped = map_program(program.module, program.graph, device)
        key = tuple(node.name for node in mapped.nodes)
        if key not in placements:
            placements[key] = place(mapped, device)
        yield Laid(case=case, mapped=mapped, placement=placements[key])


def cross_validated(all_: Sequence[Laid], folds: int) -> list[float]:
    """Predictions of each case with parameters that were fitted without its fold, by least absolute relative errors.

    The prediction is taken as linear in the parameters around those of the device, to fit; then it is run with what was
    found.
    """
    start = npu("npu1")
    measured = np.array([each.case.seconds for each in all_]) * 1e6
    base = np.array([each.seconds(start) for each in all_]) * 1e6
    slopes = np.zeros((len(all_), len(STEP)))
    for place_, (name, step) in enumerate(STEP.items()):
        moved = changed(start, {name: parameter(start, name) + step})
        slopes[:, place_] = (np.array([each.seconds(moved) for each in all_]) * 1e6 - base) / step
    before = np.array([parameter(start, name) for name in STEP])
    fold = np.random.default_rng(0).permutation(len(all_)) % folds
    found = np.zeros(len(all_))
    for number in range(folds):
        kept, left = fold != number, np.flatnonzero(fold == number)
        fitted = least(slopes[kept], (measured - base + slopes @ before)[kept], 1 / measured[kept], before)
        device = changed(start, dict(zip(STEP, fitted.tolist(), strict=True)))
        found[left] = [all_[each].seconds(device) for each in left]
    return found.tolist()


def parameter(device: Npu, name: str) -> float:
    """A figure of the model by its name; that of a type is the fill of its products."""
    return device.products[name].fill if name in device.products else float(getattr(device.times, name))


def changed(device: Npu, values: dict[str, float]) -> Npu:
    """The device with other figures."""
    times = {name: value for name, value in values.items() if name not in device.products}
    fills = {name: replace(device.products[name], fill=values[name]) for name in values if name in device.products}
    return replace(device, times=replace(device.times, **times), products={**device.products, **fills})


def least(slopes: Numbers, wanted: Numbers, weights: Numbers, start: Numbers) -> Numbers:
    """Parameters with the least sum of weighted absolute errors, by squares that are weighted again and again."""
    found = start
    for _ in range(100):
        again = weights**2 / np.maximum(np.abs(slopes @ found - wanted) * weights, 1e-3)
        scaled = slopes * again[:, None]
        found = np.linalg.lstsq(slopes.T @ scaled, scaled.T @ wanted, rcond=None)[0]
    return found


def error_table(title: str, cases: Sequence[Case], seconds: Sequence[float]) -> Table:
    """Errors by type, in percent."""
    table = Table(title=title, title_justify="left")
    for heading in ("type", "cases", "mean", "median", "largest"):
        table.add_column(heading, justify="right")
    for dtype in DTYPES:
        pairs = [(case.seconds, found) for case, found in zip(cases, seconds, strict=True) if case.dtype == dtype]
        errors = [100 * abs(found / measured - 1) for measured, found in pairs]
        if errors:
            shown = (statistics.mean(errors), statistics.median(errors), max(errors))
            table.add_row(dtype, str(len(errors)), *(f"{each:.2f} %" for each in shown))
    return table


def residual_table() -> Table:
    """The steps of a residual layer, and the parameters that are fitted to them."""
    fitted = ", ".join(f"{name} = {parameter(npu('npu1'), name)}" for name in FITTED)
    table = Table(title=f"residual layer, ms ({fitted})", title_justify="left")
    for heading in ("step", "published", "predicted", "error"):
        table.add_column(heading, justify="right")
    for step in STEPS:
        found = predicted_step(step)
        error = 100 * (found / step.milliseconds - 1)
        table.add_row(step.name, f"{step.milliseconds:.2f}", f"{found:.2f}", f"{error:+.1f} %")
    return table


def main() -> None:
    """Prints the tables."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--every", type=int, default=1, help="take every Nth measured product only")
    asked.add_argument("--folds", type=int, default=0, help="also cross-validate with so many folds")
    given = asked.parse_args()
    device, console = npu("npu1"), Console()
    found = list(laid(published()[:: given.every], device))
    cases = [each.case for each in found]
    console.print(error_table("products, predicted", cases, [each.seconds(device) for each in found]))
    if given.folds:
        console.print(error_table("products, cross-validated", cases, cross_validated(found, given.folds)))
    console.print(residual_table())


if __name__ == "__main__":
    main()
