"""Writes every operation of a core's function: a table from its class to what is written for it."""

from collections.abc import Callable, Mapping, Sequence

from spatial.ir.dialect import (
    AssertOp,
    BitOp,
    ByReferenceOp,
    ByValueOp,
    ExternalOp,
    GetBlockOp,
    GetOp,
    PeekBlockOp,
    PeekOp,
    PrintOp,
    PutOp,
    TextOp,
    WithinOp,
)
from spatial.ir.dtypes import parse_type
from spatial.ir.mlir import arith, func, ir, memref, scf
from spatial.lower.aie.emit.body import Body, Memory
from spatial.lower.aie.emit.control import branch, endless, loop, zero
from spatial.lower.aie.emit.external import call_function
from spatial.lower.aie.emit.numbers.held import TooWide, integer, range_of
from spatial.lower.aie.emit.numbers.integers import INTEGERS
from spatial.lower.aie.emit.numbers.reals import REALS
from spatial.lower.aie.emit.objects.channels import (
    begin_puts,
    get_block,
    get_number,
    give_back,
    peek_block,
    peek_number,
    put,
)
from spatial.lower.aie.emit.objects.copying import nest
from spatial.lower.aie.emit.objects.tokens import begun_anew
from spatial.lower.aie.emit.parameters import load_number
from spatial.lower.aie.emit.storage import Storage, native
from spatial.types.tensor import element_of, shape_of

__all__ = ["write_block"]

Writer = Callable[[Body, ir.OpView], None]

MOST_BITS = 64
"""Of a register."""


def write_block(body: Body, block: ir.Block) -> None:
    """Writes the operations of a block but for its end."""
    for op in body.walk(block):
        begin_puts(body, op)
        with op.location:
            _write_narrow(body, op)
        give_back(body, op)


def _write_narrow(body: Body, op: ir.OpView) -> None:
    """Writes an operation, or refuses it where it needs more bits than a register has."""
    try:
        _write(body, op)
    except TooWide:
        raise body.refuse(op, f"a number of more than {MOST_BITS} bits", "this needs all its bits") from None


def _write(body: Body, op: ir.OpView) -> None:
    if type(op) in BLOCKS:
        BLOCKS[type(op)](body, op, lambda block: write_block(body, block))
    elif type(op) in OPERATIONS:
        OPERATIONS[type(op)](body, op)
    elif type(op) in INTEGERS and _on_integers(op):
        INTEGERS[type(op)](body.ints, op)
    elif op.operation.name == "ub.poison":
        _undefined(body, op)
    elif op.operation.name.partition(".")[0] in ("arith", "math"):
        _plain(body, op)
    else:
        name = op.operation.name.partition(".")[2].replace("_", " ")
        raise body.refuse(op, f"`{name}`", "no core does this")


def _on_integers(op: ir.OpView) -> bool:
    """Whether an operation is one on integers; a comparison by what it compares."""
    value = op.operands[1] if isinstance(op, arith.CmpIOp | arith.SelectOp) else op.results[0]
    return isinstance(value.type, ir.IntegerType)


def _plain(body: Body, op: ir.OpView) -> None:
    """An operation that is written as it is, on floats and indices mostly."""
    attributes = {name: op.attributes[name] for name in op.attributes if not name.startswith("df.")}
    made = ir.Operation.create(
        op.operation.name,
        results=[body.kind(result) for result in op.results],
        operands=[body.value(operand) for operand in op.operands],
        attributes=attributes,
    )
    for result, value in zip(op.results, made.results, strict=True):
        body.define(result, value)


def _allocate(body: Body, op: memref.AllocaOp) -> None:
    """Memory of the core's tile; none where the array is an object of an objectFIFO throughout."""
    (made,) = op.results
    if _is_object(body, made):
        return
    type_ = parse_type(op.attributes["df.type"].value) if "df.type" in op.attributes else None
    if type_ is None:
        raise body.refuse(op, "this array", "its type is not known here")
    storage = Storage(dtype=element_of(type_))
    shape = tuple(made.type.shape) or shape_of(type_) or (1,)
    name = str(op.attributes["df.name"].value) if "df.name" in op.attributes else "local"
    memory = Memory(value=body.owner.buffer(name, storage.memref(shape), None), storage=storage)
    body.memories[made] = memory
    if not begun_anew(made):
        kind = storage.element
        nest(shape, lambda places: _clear(memory, kind, places))


def _clear(memory: Memory, kind: ir.Type, places: Sequence[ir.Value]) -> None:
    """Makes one element zero, which is what an array begins with."""
    memref.store(zero(kind), memory.value, list(places))


def _is_object(body: Body, memory: ir.Value) -> bool:
    """Whether an array is always an object of an objectFIFO: all gets of it are read in place, or its put is built."""
    users = [use.owner.operation for use in memory.uses]
    gets = [each for each in users if isinstance(each.opview, GetBlockOp)]
    return any(each in body.plan.built for each in users) or (bool(gets) and body.plan.read.issuperset(gets))


def _load(body: Body, op: memref.LoadOp) -> None:
    memory = body.memories[op.memref]
    places = [body.value(each) for each in op.indices]
    register = memref.load(memory.value, places) if places else load_number(body, memory)
    body.loaded(op.result, register, memory.storage)


def _store(body: Body, op: memref.StoreOp) -> None:
    memory = body.memories[op.memref]
    places = [body.value(each) for each in op.indices] or [body.index(memory.at)]
    memref.store(body.stored(op.value, memory.storage), memory.value, places)


def _to_index(body: Body, op: arith.IndexCastOp | arith.IndexCastUIOp) -> None:
    """Between integers and indices."""
    source, result = op.operands[0], op.results[0]
    signed = isinstance(op, arith.IndexCastOp)
    if isinstance(source.type, ir.IndexType):
        bits = int(result.type.width)
        whole = range_of(MOST_BITS, signed=signed) if bits > MOST_BITS else None
        register = arith.index_cast(integer(native(min(bits, MOST_BITS))), body.value(source))
        body.ints.hold(result, register, body.ranges.get(source, whole))
        return
    held = body.ints.signed(source) if signed else body.ints.unsigned(source)
    unsigned = not signed and (held.span is None or held.span[1] >= 1 << (held.width - 1))
    cast = arith.index_castui if unsigned else arith.index_cast
    body.values[result] = cast(ir.IndexType.get(), held.value)


def _compare_indices(body: Body, op: arith.CmpIOp) -> None:
    left, right = op.operands
    predicate = arith.CmpIPredicate(op.attributes["predicate"].value)
    body.ints.hold(op.result, arith.cmpi(predicate, body.value(left), body.value(right)))


def _compare(body: Body, op: arith.CmpIOp) -> None:
    if _on_integers(op):
        INTEGERS[arith.CmpIOp](body.ints, op)
    else:
        _compare_indices(body, op)


def _select(body: Body, op: arith.SelectOp) -> None:
    if _on_integers(op):
        INTEGERS[arith.SelectOp](body.ints, op)
        return
    condition, left, right = op.operands
    made = arith.select(body.held(condition).value, body.value(left), body.value(right))
    body.define(op.results[0], made)


def _undefined(body: Body, op: ir.OpView) -> None:
    """A local before its first value."""
    kind = body.kind(op.results[0])
    body.define(op.results[0], zero(kind))


def _pass_on(body: Body, op: BitOp | WithinOp) -> None:
    """A check that a run on a machine makes; a core has no way to tell."""
    if isinstance(op.operand.type, ir.IntegerType):
        held = body.held(op.operand)
        body.ints.hold(op.value, held.value, held.span)
    else:
        body.values[op.value] = body.value(op.operand)


def _nothing(body: Body, op: ir.OpView) -> None:
    """Texts for the user, and ends of blocks, which whoever writes the block writes."""


BLOCKS: Mapping[type[ir.OpView], Callable[..., None]] = {
    scf.ForOp: loop,
    scf.IfOp: branch,
    scf.WhileOp: endless,
    ExternalOp: call_function,
}

OPERATIONS: Mapping[type[ir.OpView], Writer] = {
    memref.AllocaOp: _allocate,
    memref.LoadOp: _load,
    memref.StoreOp: _store,
    GetOp: get_number,
    GetBlockOp: get_block,
    PutOp: put,
    PeekOp: peek_number,
    PeekBlockOp: peek_block,
    arith.CmpIOp: _compare,
    arith.SelectOp: _select,
    arith.IndexCastOp: _to_index,
    arith.IndexCastUIOp: _to_index,
    BitOp: _pass_on,
    WithinOp: _pass_on,
    ByReferenceOp: _nothing,
    ByValueOp: _nothing,
    AssertOp: _nothing,
    PrintOp: _nothing,
    TextOp: _nothing,
    scf.YieldOp: _nothing,
    scf.ConditionOp: _nothing,
    func.ReturnOp: _nothing,
    **REALS,
}
