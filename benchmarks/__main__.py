"""Measures everything in one run, side by side, and prints the tables: `make bench`, or `python -m benchmarks`."""

import os
import platform
from collections.abc import Callable, Mapping

from rich.console import Console
from rich.table import Table

import spatial as sp
from benchmarks.engines import (
    NoCompiler,
    seconds_by_hand,
    seconds_of_calls,
    seconds_of_reference,
    seconds_timed,
    seconds_to_compile,
    seconds_to_first_result,
    seconds_untimed,
)
from benchmarks.memory import megabytes
from benchmarks.models import seconds_tuned, seconds_with_store
from benchmarks.program import Case

RATES = (Case(size=8, steps=1024), Case(size=16, steps=1024), Case(size=32, steps=256), Case(size=64, steps=64))
MODELS = (Case(size=8, steps=64), Case(size=16, steps=64), Case(size=32, steps=32), Case(size=64, steps=64))
GROWTH_P = tuple(Case(size=size, steps=64) for size in (4, 16, 64))
GROWTH_K = tuple(Case(size=32, steps=steps) for steps in (64, 1024, 16384))
STORE, HAND, OURS = "SimPy, `Store`", "C by hand, gcc", "native: values and time"

Rates = Mapping[str, list[float | None]]


def main() -> None:
    console = Console(width=120)
    console.print(f"{processor()}, {os.cpu_count()} cores, of which one is used; Python {platform.python_version()}\n")
    found = rates()
    console.print(rate_table(found))
    console.print(ratios(found), highlight=False)
    console.print(cost_table("growth with P", GROWTH_P))
    console.print(cost_table("growth with K", GROWTH_K))


def processor() -> str:
    """The model of the processor."""
    try:
        with open("/proc/cpuinfo", encoding="ascii") as lines:
            return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def rates() -> Rates:
    """Million operations a second of each engine for each size, None where it is missing."""
    return {
        STORE: [rate(seconds_with_store, case) for case in MODELS],
        "SimPy, tuned": [rate(seconds_tuned, case) for case in MODELS],
        "reference engine (SimPy)": [rate(seconds_of_reference, case) for case in MODELS],
        OURS: [rate(seconds_timed, case) for case in RATES],
        'target "cpu": values': [rate(seconds_untimed, case) for case in RATES],
        HAND: [rate(seconds_by_hand, case) for case in RATES],
        'a whole call of target "cpu"': [rate(seconds_of_a_call, case) for case in RATES],
    }


def seconds_of_a_call(case: Case) -> float:
    return seconds_of_calls(case, lambda case: sp.build(case.region(), target="cpu"))


def rate(seconds: Callable[[Case], float], case: Case) -> float | None:
    try:
        return case.operations / seconds(case) / 1e6
    except NoCompiler:
        return None


def rate_table(found: Rates) -> Table:
    title = "million channel operations a second (a put and a get count one each)"
    table = Table(title=title, title_justify="left")
    table.add_column("engine")
    for case in RATES:
        table.add_column(f"P={case.size}", justify="right")
    for name, values in found.items():
        table.add_row(name, *("no gcc" if value is None else f"{value:.3g}" for value in values))
    return table


def ratios(found: Rates) -> str:
    """What the table says in words, for the two largest arrays."""
    told = []
    for position, case in list(enumerate(RATES))[2:]:
        ours, store, hand = (found[name][position] or 0.0 for name in (OURS, STORE, HAND))
        by_hand = f"C by hand is {hand / ours:.2f} times as fast" if hand else "C by hand is left out: there is no gcc"
        told.append(
            f"P={case.size}: values and time {ours / store:.0f} times as fast as SimPy with `Store`; {by_hand}\n"
        )
    return "".join(told)


def cost_table(title: str, cases: tuple[Case, ...]) -> Table:
    table = Table(title=title, title_justify="left")
    for heading in ("program", "machine code, s", "source to first result, s", "million operations a second", "MB"):
        table.add_column(heading, justify="left" if heading == "program" else "right")
    for case in cases:
        first, compiled = seconds_to_first_result(case), seconds_to_compile(case)
        speed = rate(seconds_timed, case)
        table.add_row(str(case), f"{compiled:.2f}", f"{first:.2f}", f"{speed:.0f}", f"{megabytes(case):.0f}")
    return table


if __name__ == "__main__":
    main()
