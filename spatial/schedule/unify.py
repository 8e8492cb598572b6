"""Makes one function of two, which does what the one or the other does, as an array of modes says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spatial.analysis.loops import is_loop
from spatial.ir.arithmetic import constant
from spatial.ir.dialect import ActorOp
from spatial.ir.dtypes import memory_type
from spatial.ir.function import kernels, parameters, region_function, results_of, stores
from spatial.ir.layouts import give_layout, layout_of
from spatial.ir.location import span_of
from spatial.ir.mlir import arith, func, ir, memref, scf
from spatial.schedule.building import OF_ITERATIONS, bounds_of, keep_attributes, new_loop
from spatial.schedule.copying import Values, clone, is_inside, settle, statements
from spatial.schedule.errors import NotPossible
from spatial.schedule.indices import known
from spatial.schedule.naming import fresh_name, loop_name
from spatial.schedule.unique import make_unique
from spatial.source.errors import ProgramError
from spatial.source.span import caller_span
from spatial.types.dtype import index, int8
from spatial.types.tensor import TensorType

__all__ = ["unify"]

ROUND = "round"
HOISTED = (
    arith.ConstantOp,
    arith.AddIOp,
    arith.SubIOp,
    arith.MulIOp,
    arith.ExtSIOp,
    arith.ExtUIOp,
    arith.TruncIOp,
    arith.IndexCastOp,
    memref.GetGlobalOp,
)
"""What may be done in either mode, since nobody can tell."""


def unify(module: ir.Module, other: ir.Module, name: str, rounds: int) -> None:
    """Makes the function of one module do what that of another does too, and gives it and the program another name.

    Both are one actor with the same parameters. The result has one parameter more, an array of so many modes, of which
    it does one after the other: 0 is what the function did, any other number what the other does. Loops that stand in
    the same places and count alike are one.
    """
    first, second = _function(module), _function(other)
    _check(module, other)
    _add_modes(module, first, rounds)
    _rename(module, first, name)
    modes = list(first.arguments)[-1]
    before = statements(first.entry_block)
    values = dict(zip(second.arguments, first.arguments, strict=False))
    for theirs, ours in values.items():
        if theirs.type.shape and (layout := layout_of(theirs)) is not None:
            given = layout_of(ours)
            give_layout(ours, given.join(layout) if given else layout)
    with ir.InsertionPoint.at_block_terminator(first.entry_block), first.location:
        mine: Values = {}
        ours_left = _memory_first(before, mine)
        theirs_left = _memory_first(statements(second.entry_block), values)
        turn = _loop(ROUND, rounds, first)
        with ir.InsertionPoint.at_block_terminator(turn.body):
            mode = memref.load(modes, [turn.induction_variable])
            is_first = arith.cmpi(arith.CmpIPredicate.eq, mode, constant(int8, 0))
            Merge(is_first, mine, values).blocks(ours_left, theirs_left)
    for op in reversed(before):
        op.operation.erase()
    settle([turn])
    make_unique(module)


def _function(module: ir.Module) -> func.FuncOp:
    """The function of a program of one actor."""
    (function,) = kernels(module)
    return function


def _memory_first(ops: Sequence[ir.OpView], values: Values) -> list[ir.OpView]:
    """Copies local memory to the insertion point; what is left of the operations."""
    memory = [op for op in ops if isinstance(op, memref.AllocaOp)]
    clone(memory, values)
    return [op for op in ops if not isinstance(op, memref.AllocaOp)]


def _loop(name: str, count: int, like: func.FuncOp) -> scf.ForOp:
    loop = scf.ForOp(constant(index, 0), constant(index, count), constant(index, 1))
    with ir.InsertionPoint(loop.body):
        scf.yield_([])
    loop.attributes["df.name"] = ir.StringAttr.get(name)
    loop.induction_variable.set_location(ir.Location.name(name, like.location))
    return loop


def _rename(module: ir.Module, function: func.FuncOp, name: str) -> None:
    """Calls the program and its only kernel otherwise."""
    region = region_function(module)
    (actor,) = (op for op in region.entry_block.operations if isinstance(op, ActorOp))
    region.attributes["sym_name"] = ir.StringAttr.get(name)
    function.attributes["sym_name"] = ir.StringAttr.get(f"{name}_0")
    function.attributes["df.kernel"] = actor.operation.attributes["kernel"] = ir.StringAttr.get(name)
    actor.operation.attributes["callee"] = ir.FlatSymbolRefAttr.get(f"{name}_0")


def _add_modes(module: ir.Module, function: func.FuncOp, rounds: int) -> None:
    """Gives the program, its actor and the function one array more, of modes."""
    name = fresh_name(function, "mode")
    type_ = TensorType(int8, (rounds,))
    region = region_function(module)
    for each in (region, function):
        given = [*each.arguments.types, memory_type(type_)]
        each.attributes["function_type"] = ir.TypeAttr.get(ir.FunctionType.get(given, []))
        each.entry_block.add_argument(memory_type(type_), ir.Location.name(name, each.location))
        told = ir.ArrayAttr.get([ir.StringAttr.get(text) for text in (name, "array", str(type_))])
        each.attributes["df.parameters"] = ir.ArrayAttr.get([*each.attributes["df.parameters"], told])
    (actor,) = (op for op in region.entry_block.operations if isinstance(op, ActorOp))
    actor.operation.attributes["arrays"] = ir.ArrayAttr.get([*actor.arrays, ir.StringAttr.get(name)])


@dataclass(frozen=True, slots=True)
class Merge:
    """Writes what two blocks do in one; `first` says which is meant, `mine` and `theirs` what stands for values."""

    first: ir.Value
    mine: Values
    theirs: Values

    def blocks(self, ours: Sequence[ir.OpView], theirs: Sequence[ir.OpView]) -> None:
        """What one block does, or the other; with loops in common if they stand alike, else in two branches."""
        if not _match(ours, theirs):
            self.pieces(ours, theirs)
            return
        for (before, loop), (others, other) in zip(_parts(ours), _parts(theirs), strict=True):
            self.pieces(before, others)
            if loop is not None and other is not None:
                self.loop(loop, other)

    def loop(self, ours: scf.ForOp, theirs: scf.ForOp) -> None:
        """One loop for two that count alike."""
        bounds = bounds_of(ours)
        assert bounds is not None, "loops match if their bounds are known"
        made = new_loop(loop_name(ours), bounds.low, bounds.high, bounds.step, ours)
        both = "df.reduction" in ours.attributes and "df.reduction" in theirs.attributes
        keep_attributes(made, of=ours, without=() if both else ("df.reduction",))
        self.mine[ours.induction_variable] = made.induction_variable
        self.theirs[theirs.induction_variable] = made.induction_variable
        with ir.InsertionPoint.at_block_terminator(made.body):
            self.blocks(statements(ours.body), statements(theirs.body))

    def pieces(self, ours: Sequence[ir.OpView], theirs: Sequence[ir.OpView]) -> None:
        """What nobody can tell is done in any case, the rest in a branch of its own."""
        chosen: list[list[ir.OpView]] = []
        for ops, values in ((ours, self.mine), (theirs, self.theirs)):
            left = _bound(ops)
            clone([op for op in ops if op not in left], values)
            chosen.append(left)
        if not any(chosen):
            return
        branch = scf.IfOp(self.first, [], has_else=bool(chosen[1]))
        blocks = [branch.then_block, branch.else_block] if chosen[1] else [branch.then_block]
        for block, ops, values in zip(blocks, chosen, (self.mine, self.theirs), strict=False):
            with ir.InsertionPoint(block):
                clone(ops, values)
                scf.yield_([])


def _bound(ops: Sequence[ir.OpView]) -> list[ir.OpView]:
    """The operations that only one mode may do, and what comes of them."""
    left: list[ir.OpView] = []
    made: set[ir.Value] = set()
    for op in ops:
        free = isinstance(op, HOISTED) or _is_given(op)
        if not free or any(operand in made for operand in op.operands):
            left.append(op)
            made.update(op.results)
    return left


def _is_given(op: ir.OpView) -> bool:
    """Whether an operation reads a number that the program is given, and nobody changes."""
    if not isinstance(op, memref.LoadOp) or len(op.indices) or not isinstance(op.memref.owner, ir.Block):
        return False
    return not any(stores(use.owner) for use in op.memref.uses)


def _parts(ops: Sequence[ir.OpView]) -> Iterator[tuple[list[ir.OpView], scf.ForOp | None]]:
    """The operations before each loop, and the loop; last those behind all loops."""
    before: list[ir.OpView] = []
    for op in ops:
        if is_loop(op):
            yield before, op
            before = []
        else:
            before.append(op)
    yield before, None


def _match(ours: Sequence[ir.OpView], theirs: Sequence[ir.OpView]) -> bool:
    """Whether two blocks have loops that can be one each: they count alike, and nothing else links what is around."""
    mine, others = [op for op in ours if is_loop(op)], [op for op in theirs if is_loop(op)]
    if not mine or len(mine) != len(others) or not all(map(_alike, mine, others)):
        return False
    return all(_stays(before) for ops in (ours, theirs) for before, _ in _parts(ops))


def _alike(one: ir.OpView, other: ir.OpView) -> bool:
    """Whether two loops count through the same numbers, and their iterations are asked to run alike."""
    if not isinstance(one, scf.ForOp) or not isinstance(other, scf.ForOp):
        return False
    asked = [{key: each.attributes[key] for key in OF_ITERATIONS if key in each.attributes} for each in (one, other)]
    numbers = [[known(operand) for operand in list(each.operands)[:3]] for each in (one, other)]
    return asked[0] == asked[1] and numbers[0] == numbers[1] and None not in numbers[0]


def _stays(ops: Sequence[ir.OpView]) -> bool:
    """Whether what only one mode makes is used nowhere but among these operations."""
    inside = {op.operation for op in _bound(ops)}
    users = (use.owner.operation for op in _bound(ops) for result in op.results for use in result.uses)
    return all(user in inside or any(is_inside(user, op) for op in inside) for user in users)


def _check(module: ir.Module, other: ir.Module) -> None:
    """Refuses functions that do not take and give back the same."""
    first, second = _function(module), _function(other)
    mine, theirs = parameters(first), parameters(second)
    places = ((span_of(first.location), "the one"), (span_of(second.location), "the other"))
    hint = "give both the same parameters, in the same order, with the same names and types"
    for one, two in zip(mine, theirs, strict=False):
        if (one.name, one.kind, one.type) != (two.name, two.kind, two.type):
            title = f"one takes `{one.name}: {one.type}` where the other takes `{two.name}: {two.type}`"
            raise ProgramError([NotPossible(title=title, span=caller_span(), places=places, hint=hint)])
    results = [_results(each) for each in (module, other)]
    if len(mine) != len(theirs) or results[0] != results[1]:
        title = f"one takes {len(mine)} arrays and numbers, the other {len(theirs)}"
        if len(mine) == len(theirs):
            title = "the two do not give back the same"
        raise ProgramError([NotPossible(title=title, span=caller_span(), places=places, hint=hint)])


def _results(module: ir.Module) -> list[tuple[str, bool, bool]]:
    """What a call of a program gives back."""
    return [(each.name, each.number, each.given) for each in results_of(region_function(module))]
