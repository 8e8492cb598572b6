"""Writes calls of functions that the user wrote in C++."""

from collections.abc import Callable

from spatial.ir.dialect import ByReferenceOp, ByValueOp, ExternalOp
from spatial.ir.dtypes import parse_type
from spatial.ir.function import operations
from spatial.ir.mlir import arith, ir, memref
from spatial.lower.aie.dialect.functions import call
from spatial.lower.aie.emit.body import Body
from spatial.lower.aie.emit.called import Called, ObjectFile
from spatial.lower.aie.emit.numbers.held import integer
from spatial.lower.aie.emit.storage import Storage
from spatial.types.dtype import Bool, Int, UInt, bfloat16, float32, float64, is_float
from spatial.types.tensor import element_of, shape_of

__all__ = ["call_function", "called_symbols", "cpp_type"]

FLOATS = {float32: "float", float64: "double", bfloat16: "bfloat16"}
REGISTER = 32
"""Bits of a register: a narrower integer is passed as its whole register, as C++ expects."""

Argument = ByValueOp | ByReferenceOp


def cpp_type(text: str) -> str:
    """What C++ calls numbers of a type; empty where it has no name for them."""
    match element_of(parse_type(text)):
        case Bool():
            return "bool"
        case Int(width) | UInt(width) as dtype if width in (8, 16, 32, 64):
            return f"{'u' if isinstance(dtype, UInt) else ''}int{width}_t"
        case dtype:
            return next((name for each, name in FLOATS.items() if each == dtype), "")


def called_symbols(module: ir.Module) -> set[str]:
    """The names of all functions in C++ that a program calls."""
    return {op.symbol.value for op in operations(module.body) if isinstance(op, ExternalOp)}


def call_function(body: Body, op: ExternalOp, write: Callable[[ir.Block], None]) -> None:
    """The call, on the objects and arrays themselves; what its reference does where there is no file of it."""
    if not op.source.value and not op.object.value:
        write(op.body.blocks[0])
        return
    arguments: list[Argument] = [value.owner.opview for value in op.operands]
    shifted = tuple(number for number, each in enumerate(arguments) if _is_shifted(each))
    called = Called(
        symbol=op.symbol.value,
        parameters=tuple(_parameter(body, op, each) for each in arguments),
        shifted=shifted,
        file=ObjectFile(
            source=op.source.value,
            object=op.object.value,
            include=tuple(each.value for each in op.include),
            flags=tuple(each.value for each in op.flags),
        ),
    )
    _check(body, op, called)
    given = [_number(body, each) if isinstance(each, ByValueOp) else _array(body, op, each) for each in arguments]
    given += [arith.index_cast(integer(REGISTER), body.value(arguments[number].first)) for number in shifted]
    declared = body.owner.declare(called, [each.type for each in given])
    call(declared.symbol, [_as(value, kind) for value, kind in zip(given, declared.types, strict=True)])


def _parameter(body: Body, op: ExternalOp, each: Argument) -> str:
    """What the function takes here, in C++."""
    text = each.dtype.value
    name = cpp_type(text)
    if not name:
        hint = "pass what lies in integers of 8, 16, 32 or 64 bits: `sp.bitcast(x, UInt(16))`"
        raise body.refuse(op, f"`{op.symbol.value}`", f"C++ for cores has no type `{text}`", hint)
    if isinstance(each, ByReferenceOp):
        return f"{'const ' if each.direction.value == 'in' else ''}{name} *"
    if element_of(parse_type(text)) == bfloat16:
        hint = "pass it as `float32`, or in an array of one"
        raise body.refuse(op, f"`{op.symbol.value}`", "a `bfloat16` is not passed by value", hint)
    return name


def _check(body: Body, op: ExternalOp, called: Called) -> None:
    """Refuses what the linker could not bring together."""
    what = f"`{called.symbol}`"
    if (other := body.owner.other(called)) is not None and other.file != called.file:
        why = f"`{called.file.path.name}` and `{other.file.path.name}` both have a function of this name"
        raise body.refuse(op, what, why, "give one of them another name")
    if other is not None:
        why = f"it takes `{_list(called)}` here, and `{_list(other)}` elsewhere"
        raise body.refuse(op, what, why, "a function in C++ has one list of parameters: write another function")
    if called.shifted and called.file.object:
        why = "only its object file is there, and it is given a part of an array"
        raise body.refuse(op, what, why, "copy the part into a local array, and give the function that")


def _list(called: Called) -> str:
    return f"({', '.join(called.parameters)})"


def _is_shifted(each: Argument) -> bool:
    """Whether an argument begins elsewhere than its array."""
    if isinstance(each, ByValueOp):
        return False
    owner = each.first.owner
    first = None if isinstance(owner, ir.Block) else owner.opview
    return not isinstance(first, arith.ConstantOp) or first.attributes["value"].value != 0


def _number(body: Body, each: ByValueOp) -> ir.Value:
    dtype = element_of(parse_type(each.dtype.value))
    value = body.stored(each.operands[0], Storage(dtype=dtype))
    if is_float(dtype) or int(value.type.width) >= REGISTER:
        return value
    return (arith.extsi if isinstance(dtype, Int) else arith.extui)(integer(REGISTER), value)


def _array(body: Body, op: ExternalOp, each: ByReferenceOp) -> ir.Value:
    """The memory, in the shape that the function takes where that begins where the memory does."""
    memory = body.memories[each.memory]
    if memory.storage.widened:
        why = "DMA moves whole words, so each element of its array lies in a word of 4 bytes"
        hint = "make the blocks and their rows multiples of 4 bytes"
        raise body.refuse(op, f"`{op.symbol.value}`", why, hint)
    shape = shape_of(parse_type(each.dtype.value))
    if _is_shifted(each) or tuple(memory.value.type.shape) == shape:
        return memory.value
    return _as(memory.value, memory.storage.memref(shape))


def _as(value: ir.Value, kind: ir.Type) -> ir.Value:
    """Memory in another shape; it begins at the same place."""
    if value.type == kind:
        return value
    shape = list(kind.shape)
    strides = [1]
    for extent in reversed(shape[1:]):
        strides.insert(0, strides[0] * extent)
    return memref.ReinterpretCastOp(kind, value, [], [], [], [0], shape, strides).result
