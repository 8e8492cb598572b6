"""Builds the loop that a level stands for: one that counts up, one that counts down, one that can be left."""

from collections.abc import Callable

from spatial.ir.arithmetic import constant, unary
from spatial.ir.mlir import arith, ir, memref, scf
from spatial.kernel.loops.exits import Flag
from spatial.kernel.loops.heads import Level
from spatial.kernel.lower.affine import Affine, LoopVariable, variable
from spatial.kernel.lower.lowering import Lowering
from spatial.kernel.lower.values import Scalar
from spatial.types.arithmetic import UnaryOperator
from spatial.types.dtype import bool_, index

__all__ = ["EXACT", "Iteration", "count", "trips", "unset"]

EXACT = arith.IntegerOverflowFlags.nsw
Iteration = Callable[[Scalar], None]


def count(lowering: Lowering, level: Level, flag: Flag | None, iteration: Iteration) -> None:
    """The loop of a level; `iteration` builds its body for a value of the loop variable.

    With a flag it ends as soon as that is set: its iterations are then no longer certain to run.
    """
    ranges = _ranges(lowering, level)
    same = ranges[0] if ranges and len(set(ranges)) == 1 else None
    known = variable(LoopVariable(min(same[0], same[-1]), max(same[0], same[-1]))) if same else None
    certain = bool(ranges) and flag is None
    lowering.guards += not certain
    if flag is not None:
        _stopping(lowering, level, flag, known, iteration)
    elif level.step < 0:
        _descending(lowering, level, known, iteration)
    else:
        _ascending(lowering, level, known, iteration)
    lowering.guards -= not certain


def trips(level: Level) -> ir.Value:
    """How many iterations a level has; below 1 there are none."""
    span = arith.subi(level.stop.value, level.start.value, overflow_flags=EXACT)
    rounded = constant(index, level.step - (1 if level.step > 0 else -1))
    return arith.floordivsi(arith.addi(span, rounded, overflow_flags=EXACT), constant(index, level.step))


def unset(lowering: Lowering, flag: Flag) -> ir.Value:
    """Whether a flag is not set."""
    made = unary(UnaryOperator.NOT, memref.load(lowering.flag(flag), []), bool_)
    assert made is not None, "a bool can be inverted"
    return made[0]


def _ascending(lowering: Lowering, level: Level, known: Affine | None, iteration: Iteration) -> None:
    loop = scf.ForOp(level.start.value, level.stop.value, constant(index, level.step))
    _describe(loop, level)
    loop.induction_variable.set_location(_named(level))
    with ir.InsertionPoint(loop.body):
        iteration(Scalar(loop.induction_variable, index, known))
        scf.yield_([])


def _descending(lowering: Lowering, level: Level, known: Affine | None, iteration: Iteration) -> None:
    """Counts the iterations, and the variable down from its start."""
    loop = scf.ForOp(constant(index, 0), trips(level), constant(index, 1))
    _describe(loop, level)
    with ir.InsertionPoint(loop.body):
        moved = arith.muli(loop.induction_variable, constant(index, -level.step), overflow_flags=EXACT)
        with _named(level):
            value = arith.subi(level.start.value, moved, overflow_flags=EXACT)
        iteration(_bounded(value, known))
        scf.yield_([])


def _stopping(lowering: Lowering, level: Level, flag: Flag, known: Affine | None, iteration: Iteration) -> None:
    """Asks the flag before each iteration, and keeps the variable in memory."""
    counter = lowering.allocate(index, level.target.id, shown=False)
    memref.store(level.start.value, counter, [])
    loop = scf.WhileOp([], [])
    _describe(loop, level)
    decides, repeats = loop.regions[0].blocks.append(), loop.regions[1].blocks.append()
    with ir.InsertionPoint(decides):
        order = arith.CmpIPredicate.slt if level.step > 0 else arith.CmpIPredicate.sgt
        more = arith.cmpi(order, memref.load(counter, []), level.stop.value)
        scf.condition(arith.andi(more, unset(lowering, flag)), [])
    with ir.InsertionPoint(repeats):
        with _named(level):
            value = memref.load(counter, [])
        memref.store(arith.addi(value, constant(index, level.step), overflow_flags=EXACT), counter, [])
        iteration(_bounded(value, known))
        scf.yield_([])


def _describe(loop: ir.OpView, level: Level) -> None:
    loop.attributes["df.name"] = ir.StringAttr.get(level.target.id)
    for key, attribute in level.attributes.items():
        loop.attributes[key] = attribute


def _named(level: Level) -> ir.Location:
    """The location of a value that the user knows as the loop variable."""
    return ir.Location.name(level.target.id, ir.Location.current)


def _bounded(value: ir.Value, known: Affine | None) -> Scalar:
    """A loop variable that an operation makes; what it ranges over is kept on that."""
    if known is not None:
        i64 = ir.IntegerType.get_signless(64)
        bounds = [ir.IntegerAttr.get(i64, bound) for bound in known.bounds(0)]
        value.owner.attributes["df.range"] = ir.ArrayAttr.get(bounds)
    return Scalar(value, index, known)


def _ranges(lowering: Lowering, level: Level) -> list[range]:
    """What the loop runs through in each PE (once, if all do the same); empty where it is unknown or may not run."""
    start, stop = level.start.affine, level.stop.affine
    if start is None or stop is None or start.loops or stop.loops:
        return []
    pes = len(lowering.labels) if start.differs or stop.differs else 1
    ranges = [range(start.bounds(pe)[0], stop.bounds(pe)[0], level.step) for pe in range(pes)]
    return ranges if all(ranges) else []
