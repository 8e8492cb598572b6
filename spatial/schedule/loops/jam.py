"""Runs iterations of a loop side by side in the loops that they share."""

from collections.abc import Sequence

from spatial.analysis.dependence.dependences import Dependences
from spatial.analysis.loops import inner, is_loop
from spatial.ir.arithmetic import constant
from spatial.ir.mlir import arith, func, ir, scf
from spatial.schedule.bands import lose_one
from spatial.schedule.building import erase_loop, keep_attributes, named, new_loop
from spatial.schedule.copying import Values, clone, is_inside, settle, sink_arithmetic, slice_of, statements
from spatial.schedule.indices import EXACT, Index, known
from spatial.schedule.legality import check_order
from spatial.schedule.loops.requests import called, check_size, counted, counted_trips, cut, for_loop, refused
from spatial.schedule.loops.unroll import middle, rest_of
from spatial.schedule.naming import fresh_name, loop_name
from spatial.schedule.orders import depth_of, jammed
from spatial.types.dtype import index

__all__ = ["check_shared", "jam_whole", "own_locals", "unroll_and_jam"]


def unroll_and_jam(function: func.FuncOp, loop: ir.OpView, factor: int) -> tuple[scf.ForOp, ...]:
    """Writes out `factor` iterations in each of a loop, side by side in the loops inside it; the loops that are left.

    A loop inside has as many copies of its body in an iteration. What stands between loops is written out as a
    whole for one iteration, then for the next. What the factor does not fill is left to a loop `i.rest`.
    The new order must keep every dependence, but for those of a reduction on itself. A local that every iteration
    writes before it reads is one for each of the iterations side by side.
    """
    step = "unroll_and_jam"
    counting = for_loop(loop, step)
    number = cut(counting, step, "factor", factor)
    bounds = counted(counting, step)
    check_shared(counting, step)
    check_size(counting, number, step)
    if not isinstance(bounds.low, int):
        raise refused(f"`{step}` needs to know where `{loop_name(counting)}` begins", (counting, "its bounds"))
    dependences = Dependences.of(function)
    own = own_locals(dependences, counting)
    order = jammed(counting, bounds.low, bounds.step, bounds.trips, number)
    check_order(dependences, order, step, (counting,), own)
    if bounds.trips == number:
        jam_whole(function, counting, own, step)
        return ()
    with ir.InsertionPoint(counting), counting.location:
        end = middle(bounds, number)
        main = new_loop(loop_name(counting), bounds.low, end, bounds.step * number, counting)
    keep_attributes(main, of=counting)
    with ir.InsertionPoint.at_block_terminator(main.body), counting.location:
        variables = _variables(counting, main.induction_variable, number, bounds.step)
        _jam(statements(counting.body), counting, _copies(function, counting, variables, own))
    settle(statements(main.body))
    sink_arithmetic(main)
    rest = rest_of(function, counting, bounds, end, number)
    erase_loop(counting)
    return (main, *rest)


def own_locals(dependences: Dependences, loop: scf.ForOp) -> list[ir.Value]:
    """The locals that every iteration of a loop writes before it reads them, so that each may have its own."""
    depth = depth_of(loop)
    found: dict[ir.Value, bool] = {}
    for access in dependences.accesses:
        local = access.resource.local
        if local is None or is_inside(local.owner, loop.operation):
            continue
        if is_inside(access.op.operation, loop.operation):
            scope = dependences.scopes.get(access)
            found[local] = found.get(local, True) and scope is not None and scope.depth > depth
    return [local for local, private in found.items() if private]


def jam_whole(function: func.FuncOp, loop: scf.ForOp, own: Sequence[ir.Value], step: str) -> None:
    """Writes out all iterations of a loop side by side, in its place, with locals `own` for each."""
    bounds, trips = counted_trips(loop, step)
    check_size(loop, trips, step)
    assert isinstance(bounds.low, int), "a loop whose iterations are known has bounds that are numbers"
    lose_one(loop)
    with ir.InsertionPoint(loop), named(loop):
        variables = [constant(index, bounds.low + place * bounds.step) for place in range(trips)]
        made = _jam(statements(loop.body), loop, _copies(function, loop, variables, own))
    erase_loop(loop)
    settle([*(value.owner.opview for value in variables), *made])


def _copies(
    function: func.FuncOp, loop: scf.ForOp, variables: Sequence[ir.Value], own: Sequence[ir.Value]
) -> list[Values]:
    """What stands for the variable of a loop, and for locals, in each of the iterations side by side."""
    copies: list[Values] = [{loop.induction_variable: variable} for variable in variables]
    for local in own:
        last = local
        for values in copies[1:]:
            values[local] = last = _alike(function, local, last)
    return copies


def _alike(function: func.FuncOp, local: ir.Value, last: ir.Value) -> ir.Value:
    """A local like another one, behind the last one in the text."""
    copy = local.owner.clone(ip=ir.InsertionPoint.after(last.owner)).opview
    name = local.owner.attributes["df.name"].value
    copy.attributes["df.name"] = ir.StringAttr.get(fresh_name(function, name))
    made: ir.Value = copy.result
    return made


def check_shared(loop: scf.ForOp, step: str) -> None:
    """All iterations of a loop run the loops inside it equally often, under the same conditions."""
    for op in inner(loop):
        if not is_loop(op) and not (isinstance(op, scf.IfOp) and any(map(is_loop, inner(op)))):
            continue
        what = "the branch around a loop" if isinstance(op, scf.IfOp) else called(op)
        title = f"`{step}` takes loops whose iterations run the loops inside alike"
        if not isinstance(op, scf.ForOp | scf.IfOp):
            raise refused(title, (op, f"{what} may end at any iteration"), (loop, "the loop"))
        operands = list(op.operands)[: 1 if isinstance(op, scf.IfOp) else 3]
        if any(not is_same(operand, loop) for operand in operands):
            raise refused(title, (op, f"{what} depends on `{loop_name(loop)}`"), (loop, "the loop"))


def is_same(value: ir.Value, loop: scf.ForOp) -> bool:
    """Whether a value inside a loop is made without its variable, by arithmetic alone."""
    made = slice_of(value, loop.operation)
    used = [value, *(operand for op in made or () for operand in op.operands)]
    return made is not None and loop.induction_variable not in used


def _variables(loop: scf.ForOp, first: ir.Value, number: int, step: int) -> list[ir.Value]:
    """What stands for a loop's variable in each of the iterations side by side."""
    later = []
    for place in range(1, number):
        behind = constant(index, place * step)
        with named(loop):
            later.append(arith.addi(first, behind, overflow_flags=EXACT))
    return [first, *later]


def _jam(ops: Sequence[ir.OpView], loop: scf.ForOp, copies: Sequence[Values]) -> list[ir.OpView]:
    """Copies of operations at the insertion point, loops with a copy of their body for each of the `copies`."""
    made: list[ir.OpView] = []
    run: list[ir.OpView] = []

    def end_run() -> None:
        for values in copies:
            made.extend(clone(run, values))
        run.clear()

    for op in ops:
        if not is_loop(op) and not any(map(is_loop, inner(op))):
            run.append(op)
            continue
        end_run()
        made.append(_shared_loop(op, loop, copies) if isinstance(op, scf.ForOp) else _shared_branch(op, loop, copies))
    end_run()
    return made


def _shared_loop(op: scf.ForOp, loop: scf.ForOp, copies: Sequence[Values]) -> scf.ForOp:
    low, high, step = (_common(operand, copies) for operand in list(op.operands)[:3])
    with op.location:
        made = new_loop(loop_name(op), low, high, step, op)
    keep_attributes(made, of=op)
    for values in copies:
        values[op.induction_variable] = made.induction_variable
    with ir.InsertionPoint.at_block_terminator(made.body):
        _jam(statements(op.body), loop, copies)
    return made


def _shared_branch(op: scf.IfOp, loop: scf.ForOp, copies: Sequence[Values]) -> scf.IfOp:
    other = bool(list(op.regions[1].blocks))
    with op.location:
        condition = copies[0].get(op.operands[0], op.operands[0])
        made = scf.IfOp(condition, [], has_else=other)
    for region, copied in zip(op.regions, made.regions, strict=True):
        for block, inside in zip(region.blocks, copied.blocks, strict=True):
            with ir.InsertionPoint(inside), op.location:
                _jam(statements(block), loop, copies)
                scf.yield_([])
    return made


def _common(value: ir.Value, copies: Sequence[Values]) -> Index:
    """What a value is in all copies, made for the first of them."""
    number = known(value)
    return copies[0].get(value, value) if number is None else number
