"""What a loop sums up from iteration to iteration, where the order of the iterations does not matter."""

from collections.abc import Mapping
from dataclasses import dataclass

from spatial.ir.mlir import arith, ir, scf, vector
from spatial.lower.aie.emit.vector.taken import REGISTERS

__all__ = ["Reduction", "reductions_of"]

KINDS: Mapping[type[ir.OpView], tuple[str, bool]] = {
    arith.AddIOp: ("add", False),
    arith.XOrIOp: ("xor", False),
    arith.OrIOp: ("or", True),
    arith.AndIOp: ("and", True),
    arith.MinSIOp: ("minsi", True),
    arith.MaxSIOp: ("maxsi", True),
    arith.MinUIOp: ("minui", True),
    arith.MaxUIOp: ("maxui", True),
}
"""What `vector.reduction` calls operations that may be done in any order, and whether one more changes nothing."""


REDUCED = (arith.MinSIOp, arith.MaxSIOp)
"""Those by which the vendor's tools reduce a register."""

DYNAMIC = -(1 << 63)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reduction:
    """A number that a loop carries, into which each iteration puts some more by one `operation`."""

    operation: type[ir.OpView]

    @property
    def repeats(self) -> bool:
        """Whether the number may go in more than once."""
        return KINDS[self.operation][1]

    def begin(self, first: ir.Value, kind: ir.Type) -> ir.Value:
        """What all lanes begin with, built at the insertion point."""
        if self.repeats:
            return vector.broadcast(kind, first)
        zero = ir.IntegerAttr.get(first.type, 0)
        return arith.constant(kind, ir.DenseElementsAttr.get_splat(kind, zero))

    def end(self, first: ir.Value, lanes: ir.Value) -> ir.Value:
        """One number of all lanes and what there was first; lane after lane where the tools reduce no such vector."""
        kind = lanes.type
        if self.operation in REDUCED and (kind.shape[0], kind.element_type.width) in REGISTERS:
            name, _ = KINDS[self.operation]
            made: ir.Value = vector.reduction(first.type, ir.Attribute.parse(f"#vector.kind<{name}>"), lanes)
            return made
        low, high, step = (arith.constant(ir.IndexType.get(), number) for number in (0, kind.shape[0], 1))
        loop = scf.ForOp(low, high, step, [first])
        with ir.InsertionPoint(loop.body):
            lane = vector.extract(lanes, [loop.induction_variable], [DYNAMIC])
            scf.YieldOp([self.operation(loop.inner_iter_args[0], lane).result])
        return loop.results[0]


def reductions_of(loop: scf.ForOp) -> list[Reduction] | None:
    """What becomes of each number that a loop carries; None where one is no reduction of integers."""
    given = list(loop.body.operations)[-1].operands
    pairs = zip(loop.inner_iter_args, given, strict=True)
    found = [_reduction(loop, argument, value) for argument, value in pairs]
    known = [each for each in found if each is not None]
    return known if len(known) == len(found) else None


def _reduction(loop: scf.ForOp, argument: ir.Value, value: ir.Value) -> Reduction | None:
    """The chain of one operation from what an iteration is given to what it leaves, of which nothing else is used."""
    kind: type[ir.OpView] | None = None
    while value != argument:
        owner = value.owner
        if isinstance(owner, ir.Block) or owner.operation.block != loop.body or type(owner.opview) not in KINDS:
            return None
        if kind not in (None, type(owner.opview)) or not _once(value):
            return None
        kind = type(owner.opview)
        carried = [each for each in owner.operands if _comes_from(each, argument)]
        if len(carried) != 1:
            return None
        (value,) = carried
    return Reduction(operation=kind) if kind is not None and _once(argument) else None


def _once(value: ir.Value) -> bool:
    return len(list(value.uses)) == 1


def _comes_from(value: ir.Value, argument: ir.Value) -> bool:
    """Whether a value is what an iteration is given, or what operations of reductions make of it."""
    if value == argument or isinstance(value.owner, ir.Block):
        return bool(value == argument)
    return type(value.owner.opview) in KINDS and any(_comes_from(each, argument) for each in value.owner.operands)
