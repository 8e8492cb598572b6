"""Puts the parts of a loop's body into loops of their own."""

from collections.abc import Sequence

from spatial.analysis.dependence.dependences import Dependences
from spatial.ir.mlir import func, ir, scf
from spatial.schedule.building import OF_BAND, keep_attributes, new_loop
from spatial.schedule.copying import (
    Values,
    clone,
    is_inside,
    is_pure,
    move,
    replace,
    settle,
    slice_of,
    statements,
    used_in,
)
from spatial.schedule.legality import check_order
from spatial.schedule.loops.nests import bounds_in
from spatial.schedule.loops.requests import for_loop, refused
from spatial.schedule.naming import fresh_name, loop_name
from spatial.schedule.orders import parted

__all__ = ["distribute"]


def distribute(
    function: func.FuncOp, loop: ir.OpView, at: ir.OpView, *, after: bool = False
) -> tuple[scf.ForOp, scf.ForOp]:
    """Cuts the body of a loop before the loop `at` in it, or after that, into two loops one behind the other.

    The first one keeps its name. All iterations of the first part run before all of the second; that order must
    keep every dependence, but for those of a reduction on itself. A value that both parts use is made in both.
    """
    counting = for_loop(loop, "distribute")
    ahead, behind = _parts(counting, at, after=after)
    made = _remade(counting, ahead, behind)
    check_order(Dependences.of(function), parted(counting, behind), "distribute", (counting,))
    name = fresh_name(function, loop_name(counting))
    with ir.InsertionPoint.after(counting), counting.location:
        low, high, step = bounds_in(counting, counting, {})
        second = new_loop(name, low, high, step, counting)
    keep_attributes(second, of=counting, without=OF_BAND)
    copies: Values = {counting.induction_variable: second.induction_variable}
    with ir.InsertionPoint.at_block_terminator(second.body):
        clone(made, copies)
    move(behind, second.body)
    replace(behind, copies)
    settle(statements(counting.body))
    settle(statements(second.body))
    return counting, second


def _parts(loop: scf.ForOp, at: ir.OpView, *, after: bool) -> tuple[list[ir.OpView], list[ir.OpView]]:
    """The operations of a body before the cut and behind it."""
    if not is_inside(at.operation, loop.operation):
        title = f"`distribute` cuts a loop at one inside it, `{loop_name(at)}` is not in `{loop_name(loop)}`"
        raise refused(title, (loop, "the loop"), (at, "where to cut"))
    child = at.operation
    while child.parent != loop.operation:
        child = child.parent
    body = [op.operation for op in statements(loop.body)]
    place = body.index(child) + after
    ahead, behind = ([op.opview for op in part] for part in (body[:place], body[place:]))
    for part, word in ((ahead, "before"), (behind, "behind")):
        if all(map(is_pure, part)):
            title = f"`distribute` makes two loops of one, nothing of `{loop_name(loop)}` stands {word} the cut"
            raise refused(title, (at, "cut here"), hint="leave out `after=True`" if after else "add `after=True`")
    return ahead, behind


def _remade(loop: scf.ForOp, ahead: Sequence[ir.OpView], behind: Sequence[ir.OpView]) -> list[ir.OpView]:
    """The operations before the cut that make what is used behind it; refused where one is more than arithmetic."""
    made = {op.operation for op in ahead}
    found: dict[ir.Operation, ir.OpView] = {}
    for user in behind:
        for operand in used_in(user.operation):
            owner = operand.owner
            if isinstance(owner, ir.Block) or owner.operation not in made:
                continue
            needed = slice_of(operand, loop.operation)
            if needed is None:
                title = f"`distribute` cannot cut `{loop_name(loop)}` between a value and its use"
                hint = "keep the value in an array, with an element for each iteration"
                raise refused(title, (owner.opview, "the value"), (user, "its use"), hint=hint)
            found.update((op.operation, op) for op in needed)
    return [op for op in ahead if op.operation in found]
