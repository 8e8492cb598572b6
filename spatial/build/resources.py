"""Tabulates what a program takes of a part."""

from collections.abc import Sequence

from rich.table import Table

from spatial.analysis.cost.estimate import Estimate, FunctionCost, Peak
from spatial.device.operators import Resources

__all__ = ["peak_text", "resource_table"]


def resource_table(found: Estimate) -> Table:
    """A row for all actors of each function, the sum of each kernel with several, channels, memories, and the total."""
    table = Table(expand=False)
    table.add_column("takes", overflow="fold")
    for title in ("actors", "DSP", "BRAM18", "URAM", "LUT", "FF"):
        table.add_column(title, justify="right", no_wrap=True)
    for kernel, total in found.kernels.items():
        costs = [cost for cost in found.functions if cost.kernel == kernel]
        for cost in costs:
            table.add_row(_actors(cost), str(len(cost.actors)), *_counts(cost.total))
        if len(costs) > 1:
            table.add_row(f"all of {kernel}", str(sum(len(cost.actors) for cost in costs)), *_counts(total))
    if found.channel_count:
        table.add_row(_number(found.channel_count, "channel"), "", *_counts(found.channels))
    if found.memory_count:
        table.add_row(_number(found.memory_count, "memory", "memories"), "", *_counts(found.memories))
    table.add_section()
    table.add_row("total", "", *_counts(found.total))
    if found.budget is not None:
        table.add_row("the part holds", "", *_counts(found.budget))
        table.add_row("of it", "", *_shares(found.total, found.budget))
    return table


def peak_text(peak: Peak, found: Estimate) -> str:
    """How much a run does in a cycle and a second, and how much of what is possible that is."""
    rate = f"{peak.per_cycle:.4g} operations a cycle, {peak.per_second / 1e9:.4g} G a second"
    parts = []
    if peak.of_design is not None:
        parts.append(f"{peak.of_design:.1%} of what its {found.total.dsp} DSPs can do")
    if peak.of_part is not None and found.budget is not None:
        parts.append(f"{peak.of_part:.1%} of what the part's {found.budget.dsp} can do")
    return f"in {peak.cycles} cycles: {rate}" + (f"; {', '.join(parts)}" if parts else "")


def _actors(cost: FunctionCost) -> str:
    first, *rest = cost.actors
    return f"{first} and {len(rest)} alike" if rest else first


def _number(count: int, one: str, several: str = "") -> str:
    return f"{count} {one if count == 1 else several or f'{one}s'}"


def _counts(resources: Resources) -> Sequence[str]:
    return [str(count) for count in _in_order(resources)]


def _shares(used: Resources, holds: Resources) -> Sequence[str]:
    pairs = zip(_in_order(used), _in_order(holds), strict=True)
    return [f"{count / most:.1%}" if most else "" for count, most in pairs]


def _in_order(resources: Resources) -> Sequence[int]:
    return (resources.dsp, resources.bram18, resources.uram, resources.lut, resources.ff)
