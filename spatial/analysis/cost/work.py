"""How much a program computes: its arithmetic operations, and the cycles that these keep DSPs busy for."""

from collections.abc import Mapping
from dataclasses import dataclass

from spatial.analysis.cost.units import operators_in
from spatial.analysis.static import Arguments, evaluate
from spatial.device.operators import Operators
from spatial.ir.mlir import func, ir, memref, scf

__all__ = ["Work", "work_of"]

Known = Mapping[ir.Value, int]
ARITHMETIC = ("add", "multiply", "divide", "sqrt")
MOST = 4096  # iterations of a loop that are looked at one by one


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """The arithmetic `operations` of a run, and the cycles that they would keep one DSP busy for."""

    operations: int = 0
    dsp_cycles: int = 0

    def __add__(self, other: "Work") -> "Work":
        return Work(operations=self.operations + other.operations, dsp_cycles=self.dsp_cycles + other.dsp_cycles)

    def times(self, count: int) -> "Work":
        """That of so many alike."""
        return Work(operations=self.operations * count, dsp_cycles=self.dsp_cycles * count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A block of a program: the work of its `plain` operations, and those that have blocks of their own."""

    plain: Work
    nested: tuple[tuple[ir.OpView, tuple["Part", ...]], ...]


def work_of(function: func.FuncOp, values: Known, operators: Operators) -> Work | None:
    """What one run of a function computes, its number parameters known; None where only a run can tell.

    That is where a loop with arithmetic is a `while` or runs to a bound that is computed, or where branches differ.
    """
    return _part(_read(function.entry_block, operators), dict(values))


def _read(block: ir.Block, operators: Operators) -> Part:
    plain, nested = Work(), []
    for op in block.operations:
        parts = tuple(_read(inner, operators) for region in op.regions for inner in region.blocks)
        if parts:
            nested.append((op, parts))
        else:
            plain += _own(op, operators)
    return Part(plain=plain, nested=tuple(nested))


def _part(part: Part, known: Known) -> Work | None:
    total = part.plain
    for op, parts in part.nested:
        found = _nested(op, parts, known)
        if found is None:
            return None
        total += found
    return total


def _nested(op: ir.OpView, parts: tuple[Part, ...], known: Known) -> Work | None:
    if isinstance(op, scf.ForOp):
        return _loop(op, parts[0], known)
    inside = [_part(part, known) for part in parts]
    found = [work for work in inside if work is not None]
    if len(found) < len(inside):
        return None
    if all(work == Work() for work in found):
        return Work()
    return _branch(op, found, known) if isinstance(op, scf.IfOp) else None


def _loop(op: scf.ForOp, body: Part, known: Known) -> Work | None:
    """The work of all iterations: of one if they are alike, else of each, if they are not too many."""
    one = _part(body, known)
    if one == Work():
        return one
    values = _values(op, known)
    if values is None:
        return None
    if one is not None:
        return one.times(len(values))
    total = Work()
    for value in values if len(values) <= MOST else ():
        found = _part(body, {**known, op.induction_variable: value})
        if found is None:
            return None
        total += found
    return total if len(values) <= MOST else None


def _branch(op: scf.IfOp, found: list[Work], known: Known) -> Work | None:
    """The work of the branch that is taken, where that is known or makes no difference."""
    branches = [*found, Work()][:2]
    taken = evaluate(op.condition, Arguments(known))
    if taken is not None:
        return branches[0 if taken else 1]
    return branches[0] if branches[0] == branches[1] else None


def _values(loop: scf.ForOp, known: Known) -> range | None:
    """The values of a loop's variable."""
    bounds = [evaluate(bound, Arguments(known)) for bound in list(loop.operands)[:3]]
    found = [bound for bound in bounds if bound is not None]
    return range(*found) if len(found) == len(bounds) else None


def _own(op: ir.OpView, operators: Operators) -> Work:
    """One operation on numbers; what only computes indices and addresses does not count."""
    if not op.results or any(isinstance(result.type, ir.IndexType) for result in op.results):
        return Work()
    if isinstance(op, memref.LoadOp):
        return Work()
    total = Work()
    for kind, widths in operators_in(op):
        plain = kind.partition(":")[0]
        if plain in ARITHMETIC or plain.partition("_")[2] in ARITHMETIC:
            total += Work(operations=1, dsp_cycles=operators.resources(kind, *widths).dsp)
    return total
