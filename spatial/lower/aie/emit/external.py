"""Writes calls of functions that the user wrote in C++."""

from spatial.ir.dialect import ByReferenceOp, ByValueOp, ExternalOp
from spatial.ir.dtypes import parse_type
from spatial.ir.mlir import arith, ir, memref
from spatial.lower.aie.dialect.build import call
from spatial.lower.aie.emit.body import Body, Called, Memory
from spatial.lower.aie.emit.storage import Storage
from spatial.types.dtype import Bool, Int, UInt, bfloat16, float16, float32, float64
from spatial.types.tensor import TensorType, element_of, shape_of

__all__ = ["call_function", "cpp_type"]

FLOATS = {float32: "float", float64: "double", bfloat16: "bfloat16", float16: "half"}


def cpp_type(text: str) -> str:
    """What C++ calls numbers of a type; empty where it has no name for them."""
    match element_of(parse_type(text)):
        case Bool():
            return "bool"
        case Int(width) | UInt(width) as dtype if width in (8, 16, 32, 64):
            return f"{'u' if isinstance(dtype, UInt) else ''}int{width}_t"
        case dtype:
            return next((name for each, name in FLOATS.items() if each == dtype), "")


def call_function(body: Body, op: ExternalOp) -> None:
    """The call, on the objects and arrays themselves."""
    given, texts = [], []
    for value in op.operands:
        each = value.owner.opview
        name = cpp_type(each.dtype.value)
        if not name:
            raise body.refuse(op, f"`{op.symbol.value}`", f"C++ for cores has no type `{each.dtype.value}`")
        if isinstance(each, ByValueOp):
            given.append(_number(body, each))
            texts.append(name)
        else:
            given.append(_array(body, op, each))
            texts.append(f"{'const ' if each.direction.value == 'in' else ''}{name} *")
    called = Called(
        symbol=op.symbol.value,
        parameters=tuple(texts),
        types=tuple(each.type for each in given),
        source=op.source.value,
        object=op.object.value,
        include=tuple(each.value for each in op.include),
        flags=tuple(each.value for each in op.flags),
    )
    call(body.owner.call(called), given)


def _number(body: Body, each: ByValueOp) -> ir.Value:
    storage = Storage(dtype=element_of(parse_type(each.dtype.value)))
    return body.stored(each.operand, storage)


def _array(body: Body, op: ExternalOp, each: ByReferenceOp) -> ir.Value:
    memory = body.memories[each.memory]
    type_ = parse_type(each.dtype.value)
    if memory.storage.widened:
        raise body.refuse(op, f"`{op.symbol.value}`", "its array does not lie in whole words of 4 bytes")
    return _viewed(body, op, each, memory, type_ if isinstance(type_, TensorType) else None)


def _viewed(body: Body, op: ExternalOp, each: ByReferenceOp, memory: Memory, type_: TensorType | None) -> ir.Value:
    """The memory in the shape that the function takes; it begins where the function's array does."""
    owner = each.first.owner
    first = None if isinstance(owner, ir.Block) else owner.opview
    if not isinstance(first, arith.ConstantOp) or first.attributes["value"].value != 0:
        hint = "copy the part into a local array, and give the function that"
        raise body.refuse(op, f"`{op.symbol.value}`", "it is given a part of an array here", hint)
    shape = shape_of(type_) if type_ is not None else ()
    if tuple(memory.value.type.shape) == shape or not shape:
        return memory.value
    strides = [1]
    for extent in reversed(shape[1:]):
        strides.insert(0, strides[0] * extent)
    return memref.ReinterpretCastOp(
        memory.storage.memref(shape), memory.value, [], [], [], [0], list(shape), strides
    ).result
