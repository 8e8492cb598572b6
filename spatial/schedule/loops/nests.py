"""Perfect nests: loops with nothing but arithmetic and guards between them."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from spatial.ir.mlir import ir, scf
from spatial.schedule.copying import Values, clone, is_inside, is_pure, move, slice_of, statements
from spatial.schedule.indices import Index, known
from spatial.schedule.loops.requests import refused
from spatial.schedule.naming import loop_name

__all__ = ["Nest", "bound_in", "bounds_in", "depends_on", "perfect_nest", "sink"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nest:
    """A perfect nest, outermost first: its `loops`, and the `path` to the innermost, with the guards between them."""

    loops: tuple[scf.ForOp, ...]
    path: tuple[ir.OpView, ...]

    @property
    def variables(self) -> tuple[ir.Value, ...]:
        """The variables of its loops."""
        return tuple(loop.induction_variable for loop in self.loops)


def perfect_nest(outer: scf.ForOp, inner: scf.ForOp, step: str) -> Nest:
    """The nest from one loop to another inside it; refused where more than arithmetic and guards is between them."""
    path = _path(outer, inner, step)
    for op, following in itertools.pairwise(path):
        _check_between(op, following, step)
    return Nest(loops=tuple(op for op in path if isinstance(op, scf.ForOp)), path=path)


def _path(outer: scf.ForOp, inner: scf.ForOp, step: str) -> tuple[ir.OpView, ...]:
    if outer.operation != inner.operation and not is_inside(inner.operation, outer.operation):
        names = loop_name(outer), loop_name(inner)
        title = f"`{step}` takes loops of one nest, `{names[0]}` and `{names[1]}` are beside each other"
        raise refused(title, (outer, "one loop"), (inner, "the other"))
    found, op = [inner], inner.operation
    while op != outer.operation:
        op = op.parent
        found.insert(0, op.opview)
    return tuple(found)


def _check_between(op: ir.OpView, following: ir.OpView, step: str) -> None:
    """Nothing stands beside the next loop of a nest; a branch around it has no other side."""
    hint = "put apart what stands between them: `distribute` makes a loop of each"
    title = f"`{step}` takes loops with nothing between them"
    if isinstance(op, scf.IfOp):
        if len(list(op.regions[1].blocks)) or len(op.results):
            raise refused(title, (op, "this branch has another side"))
        blocks = [op.then_block]
    elif isinstance(op, scf.ForOp):
        blocks = [op.body]
    else:
        raise refused(title, (op, "this may end at any iteration"))
    for other in statements(blocks[0]):
        if other.operation != following.operation and not is_pure(other):
            place = (
                f"this stands in `{loop_name(op)}` only" if isinstance(op, scf.ForOp) else "this stands between them"
            )
            raise refused(title, (other, place), (following, "the next loop"), hint=hint)


def depends_on(value: ir.Value, variables: Sequence[ir.Value], outer: scf.ForOp) -> list[ir.Value]:
    """Those of the variables from which a value inside a loop is made."""
    made = slice_of(value, outer.operation)
    used = {value, *(operand for op in made or () for operand in op.operands)}
    return [variable for variable in variables if variable in used]


def bounds_in(loop: scf.ForOp, outer: scf.ForOp, values: Values) -> tuple[Index, Index, Index]:
    """Copies of the bounds and the step of a loop of a nest at the insertion point, in terms of other variables."""
    low, high, step = (bound_in(operand, outer, values) for operand in list(loop.operands)[:3])
    return low, high, step


def bound_in(operand: ir.Value, outer: scf.ForOp, values: Values) -> Index:
    """A copy of an index of a nest at the insertion point, in terms of other variables."""
    number = known(operand)
    if number is not None:
        return number
    clone([op for op in slice_of(operand, outer.operation) or () if op.results[0] not in values], values)
    return values.get(operand, operand)


def sink(nest: Nest, block: ir.Block) -> None:
    """Moves all that a nest does to the end of a block: the arithmetic between its loops, its guards, its body."""
    for op, following in itertools.pairwise(nest.path):
        block = _guard(op, block) if isinstance(op, scf.IfOp) else block
        within = op.then_block if isinstance(op, scf.IfOp) else op.body
        ahead = []
        for other in statements(within):
            if other.operation == following.operation:
                break
            ahead.append(other)
        move(ahead, block)
    move(statements(nest.loops[-1].body), block)


def _guard(branch: scf.IfOp, block: ir.Block) -> ir.Block:
    """A branch like another one at the end of a block; its own block."""
    with ir.InsertionPoint.at_block_terminator(block), branch.location:
        copy = scf.IfOp(branch.operands[0], [], has_else=False)
        with ir.InsertionPoint(copy.then_block):
            scf.yield_([])
    inside: ir.Block = copy.then_block
    return inside
