"""Fills a buffer beside the use of what was filled before: a process for each, and two halves."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from spatial.analysis.dependence.dependences import Dependences
from spatial.ir.arithmetic import constant
from spatial.ir.dialect import ActorOp, GetOp, PutOp, declare_channel, declare_memory
from spatial.ir.dtypes import scalar_type
from spatial.ir.function import region_function, storage_in, stores
from spatial.ir.layouts import give_layout, layout_of
from spatial.ir.mlir import arith, func, ir, memref, scf
from spatial.ir.retyping import Added, bound_to, declare, first_array, with_parameters
from spatial.schedule.copying import is_inside, statements
from spatial.schedule.indices import Index, divided, minus, plus, remainder, times, value_of
from spatial.schedule.loops.requests import counted_trips, refused
from spatial.schedule.memory.requests import buffer_name
from spatial.schedule.memory.staging import type_of
from spatial.schedule.naming import buffers_of, loop_name, loops_of
from spatial.schedule.space.functions import copied, only_actor, symbol, unused
from spatial.schedule.space.processes import Part, handed_on, is_free, makers_of
from spatial.types.dtype import Bool
from spatial.types.layout import Cut, Layout
from spatial.types.tensor import TensorType, element_of, shape_of

__all__ = ["check_own", "double_buffer"]

STEP = "double_buffer"
SLT, SGE = arith.CmpIPredicate.slt, arith.CmpIPredicate.sge


@dataclass(frozen=True, slots=True, kw_only=True)
class Halves:
    """A buffer of two halves between two processes: its memory, and the channels that say what is ready and free."""

    name: str
    memory: str
    type: TensorType
    ready: str
    free: str
    trips: int


def double_buffer(module: ir.Module, function: func.FuncOp, buffer: ir.Value) -> str:
    """Fills a buffer in a process of its own, while another one uses what was filled an iteration before.

    The kernel that fills it is returned; the other one keeps its function. What the loop's body does before the buffer
    is first read fills it, and nothing else passes between the two. Each iteration writes what it reads.
    """
    name = buffer_name(buffer)
    actor = only_actor(module, function)
    nest = _nest(function, _loop(buffer, name))
    trips = math.prod(counted_trips(each, STEP)[1] for each in nest)
    parts = _parts(nest[-1], buffer, name)
    _check(function, parts, buffer, name, nest)
    halves = _declared(module, actor, function, buffer, trips)
    kernel = str(function.attributes["df.kernel"].value)
    filling, bound = symbol(module, f"fill_{name}"), bound_to(actor)
    filler = copied(function, symbol(module, f"{filling}_0"))
    pieces = ((filler, filling, parts[0], True), (function, kernel, parts[1], False))
    for each, called, part, fills in pieces:
        process, given = _process(each, nest[-1], part, halves, fills=fills)
        process.attributes["df.kernel"] = ir.StringAttr.get(called)
        told = [bound[given_] if isinstance(given_, int) else given_ for given_ in given]
        with ir.InsertionPoint(actor), actor.location:
            declare(process, called, [axis.value for axis in actor.pid], told)
    actor.operation.erase()
    return filling


def check_own(function: func.FuncOp, buffer: ir.Value) -> None:
    """Refuses arrays that a function is given."""
    if isinstance(buffer.owner, ir.Block):
        name = buffer_name(buffer)
        title = f"`{STEP}` takes arrays of the function's own, `{name}` is given to it"
        raise refused(title, (function, "given here"), hint=f'`s.buffer_at(s.{name}, "i")` makes a buffer of a part')


def _loop(buffer: ir.Value, name: str) -> scf.ForOp:
    """The innermost loop around all uses of a buffer."""
    users = [use.owner for use in buffer.uses]
    around = [_loops_around(op) for op in users]
    shared = [loop for loop in around[0] if all(loop in others for others in around)] if around else []
    if not shared:
        title = f"`{STEP}` takes an array that a loop fills and uses again and again, `{name}` is in none"
        raise refused(title, (buffer.owner.opview, "declared here"))
    return shared[-1]


def _loops_around(op: ir.OpView) -> list[scf.ForOp]:
    """The loops around an operation, the outermost first."""
    found: list[scf.ForOp] = []
    parent = op.operation.parent
    while not isinstance(parent.opview, func.FuncOp):
        if isinstance(parent.opview, scf.ForOp):
            found.insert(0, parent.opview)
        parent = parent.parent
    return found


def _nest(function: func.FuncOp, loop: scf.ForOp) -> list[scf.ForOp]:
    """The loops from the function's body to a loop; refused where anything else is done beside them."""
    nest = [*_loops_around(loop), loop]
    blocks = [function.entry_block, *(each.body for each in nest[:-1])]
    for each, block in zip(nest, blocks, strict=True):
        for op in statements(block):
            if op.operation != each.operation and not is_free(op):
                title = f"`{STEP}` makes two processes of `{loop_name(each)}`, beside which nothing is done"
                raise refused(
                    title, (op, "this stands beside it"), (each, "the loop"), hint="`s.dataflow()` parts them first"
                )
    return nest


def _parts(loop: scf.ForOp, buffer: ir.Value, name: str) -> tuple[Part, Part]:
    """What fills a buffer in a loop's body, and what follows, which reads it."""
    body = [op for op in statements(loop.body) if not is_free(op)]
    uses = [use.owner for use in buffer.uses]
    writing = [place for place, op in enumerate(body) if _uses(op, [each for each in uses if stores(each)])]
    cut = writing[-1] + 1 if writing else 0
    if not cut or not any(_uses(op, uses) for op in body[cut:]):
        title = f"`{STEP}` takes a buffer that a loop's body fills first, and reads then: `{name}` is not"
        why = "nothing behind this reads it" if cut else "nothing in here fills it"
        raise refused(title, (body[cut - 1] if cut else loop, why))
    return Part(ops=tuple(body[:cut]), head=body[0]), Part(ops=tuple(body[cut:]), head=body[cut])


def _uses(op: ir.OpView, users: Sequence[ir.OpView]) -> bool:
    return any(op == user or is_inside(user.operation, op.operation) for user in users)


def _check(
    function: func.FuncOp, parts: tuple[Part, Part], buffer: ir.Value, name: str, nest: Sequence[scf.ForOp]
) -> None:
    """Nothing but the buffer passes between the parts, and from none of them to a later iteration."""
    for each in handed_on(function, parts, STEP):
        if each.memory != buffer:
            title = f"`{STEP}` of `{name}` would have to hand on `{each.name}` too"
            raise refused(title, (parts[0].head, "filled from here on"), (parts[1].head, f"`{each.name}` is read here"))
    dependences = Dependences.of(function)
    users = {use.owner.operation for use in buffer.uses}
    for access in dependences.accesses:
        scope = dependences.scopes.get(access)
        if access.op.operation in users and access.resource.name == name and (not scope or scope.depth < len(nest)):
            title = f"`{STEP}` takes a buffer that each iteration of `{loop_name(nest[-1])}` fills anew"
            raise refused(title, (access.op, f"what `{name}` holds here may come from an iteration before"))


def _declared(module: ir.Module, actor: ActorOp, function: func.FuncOp, buffer: ir.Value, trips: int) -> Halves:
    """Declares the memory and the channels."""
    name, type_ = buffer_name(buffer), type_of(function, buffer)
    memory = unused(module, name)
    halves = Halves(
        name=name,
        memory=memory,
        type=TensorType(element_of(type_), (2, *shape_of(type_))),
        ready=unused(module, f"ready_{memory}"),
        free=unused(module, f"free_{memory}"),
        trips=trips,
    )
    with ir.InsertionPoint.at_block_begin(region_function(module).entry_block), buffer.location:
        declare_channel(halves.ready, (), 2, str(Bool()))
        declare_channel(halves.free, (), 2, str(Bool()))
    with ir.InsertionPoint(actor), buffer.location:
        declare_memory(memory, str(halves.type), [], storage=storage_in(buffer))
    return halves


def _process(
    function: func.FuncOp, loop: scf.ForOp, part: Part, halves: Halves, *, fills: bool
) -> tuple[func.FuncOp, list[int | str]]:
    """What is left of a function that does one part of a loop's body, and what it is given."""
    own = next(each for each in loops_of(function) if loop_name(each) == loop_name(loop))
    _keep(function, own, loop, part)
    count, total = first_array(function), len(function.arguments)
    ends = [Added(name=name, kind="stream", type=Bool(), location=own.location) for name in (halves.ready, halves.free)]
    memory = Added(name=halves.name, kind="array", type=halves.type, location=own.location)
    local = buffers_of(function)[halves.name]
    local.owner.attributes["df.name"] = ir.StringAttr.get("")
    function = with_parameters(function, [*range(count), *ends, *range(count, total), memory])
    given: list[int | str] = [*range(count), halves.ready, halves.free, *range(count, total), halves.memory]
    ready, free, *_ = list(function.arguments)[count:]
    number = _number(own)
    _redirect(local, function.arguments[-1], number[1])
    _tell(own, ready, free, number[0], halves.trips, fills=fills)
    used = [n for n, argument in enumerate(function.arguments) if any(True for _ in argument.uses)]
    return with_parameters(function, used), [given[n] for n in used]


def _keep(function: func.FuncOp, own: scf.ForOp, loop: scf.ForOp, part: Part) -> None:
    """Erases what a loop, or its copy, does beside one part and what that needs."""
    pairs = dict(zip(loop.body.operations, own.body.operations, strict=True))
    ops = [pairs[op] for op in part.ops]
    kept = {each.operation for op in ops for each in (op, *makers_of(op))}
    for op in reversed(statements(own.body)):
        if op.operation not in kept:
            op.operation.erase()
    for op in statements(function.entry_block):
        if isinstance(op, memref.AllocaOp) and not any(True for _ in op.result.uses):
            op.operation.erase()


def _number(loop: scf.ForOp) -> tuple[Index, Index]:
    """Which iteration it is, of all, and which half of a buffer that means; made where a body begins."""
    number: Index = 0
    with ir.InsertionPoint.at_block_begin(loop.body), loop.location:
        for each in [*_loops_around(loop), loop]:
            bounds, trips = counted_trips(each, STEP)
            here = divided(minus(each.induction_variable, bounds.low), bounds.step)
            number = plus(times(number, trips), here)
        return number, remainder(number, 2)


def _redirect(local: ir.Value, memory: ir.Value, half: Index) -> None:
    """Uses a half of memory in place of a local."""
    for use in list(local.uses):
        op = use.owner
        with ir.InsertionPoint(op), op.location:
            at = [value_of(half), *op.indices]
            if isinstance(op, memref.LoadOp):
                op.result.replace_all_uses_with(memref.load(memory, at))
            else:
                memref.store(op.operands[0], memory, at)
        op.operation.erase()
    if layout := layout_of(local):
        give_layout(memory, Layout(cuts=(Cut(extent=2), *layout.cuts)))
    local.owner.erase()


def _tell(loop: scf.ForOp, ready: ir.Value, free: ir.Value, number: Index, trips: int, *, fills: bool) -> None:
    """Waits for the half before a body, and hands it on behind it: what is filled, or what is free for others."""
    first = next(op for op in loop.body.operations if not is_free(op))
    if fills:
        _guarded(first, SGE, number, 2, lambda: GetOp(free, scalar_type(Bool())))
    else:
        with ir.InsertionPoint(first), loop.location:
            GetOp(ready, scalar_type(Bool()))
    last = list(loop.body.operations)[-1]
    if fills:
        with ir.InsertionPoint(last), loop.location:
            PutOp(ready, constant(Bool(), True))
    else:
        _guarded(last, SLT, number, trips - 2, lambda: PutOp(free, constant(Bool(), True)))


def _guarded(op: ir.OpView, order: arith.CmpIPredicate, number: Index, limit: int, build: Callable[[], object]) -> None:
    """Builds something before an operation, which is done in the iterations on one side of a limit."""
    with ir.InsertionPoint(op), op.location:
        branch = scf.IfOp(arith.cmpi(order, value_of(number), value_of(limit)), [], has_else=False)
        with ir.InsertionPoint(branch.then_block):
            build()
            scf.yield_([])
