"""Our value types as MLIR types, and back from the spelling that declarations keep."""

import functools
import re

from spatial.ir.mlir import ir
from spatial.types.dtype import (
    Bool,
    DType,
    Fixed,
    Float,
    Index,
    Int,
    Struct,
    UInt,
    bfloat16,
    bool_,
    float8_e4m3fn,
    float8_e5m2,
    float16,
    float32,
    float64,
    index,
)
from spatial.types.tensor import TensorType, element_of, shape_of

__all__ = ["array_type", "memory_type", "parse_dtype", "parse_type", "scalar_type", "token_type"]

FLOATS = (float8_e4m3fn, float8_e5m2, float16, bfloat16, float32, float64)
NAMED: dict[str, DType] = {str(dtype): dtype for dtype in (*FLOATS, bool_, index)}
INTEGER = re.compile(r"(u?)int(\d+)|(U?)Int\((\d+)\)")
FIXED = re.compile(r'(U?)Fixed\((\d+), (-?\d+)(?:, rounding="(\w+)")?(?:, overflow="(\w+)")?\)')
COMMA = re.compile(r"[{(]|[})]|, ")


def scalar_type(dtype: DType) -> ir.Type:
    """The MLIR type of one value; integers are signless, their operations know the sign."""
    match dtype:
        case Int(width) | UInt(width) | Fixed(width):
            return ir.IntegerType.get_signless(width)
        case Struct():
            return ir.IntegerType.get_signless(dtype.bits)
        case Bool():
            return ir.IntegerType.get_signless(1)
        case Index():
            return ir.IndexType.get()
        case Float():
            return _float_type(dtype)


def array_type(tensor: TensorType) -> ir.Type:
    """The MLIR type of an array in memory."""
    return ir.MemRefType.get(list(tensor.shape), scalar_type(tensor.element))


def memory_type(type_: TensorType | DType) -> ir.Type:
    """The MLIR type of memory; a scalar's has no dimensions."""
    return ir.MemRefType.get(list(shape_of(type_)), scalar_type(element_of(type_)))


def token_type(type_: TensorType | DType) -> ir.Type:
    """The MLIR type of a token: a value, or the memory of a block."""
    return array_type(type_) if isinstance(type_, TensorType) else scalar_type(type_)


@functools.lru_cache(maxsize=1024)
def parse_type(text: str) -> DType | TensorType:
    """The type that `str()` spelled."""
    element, bracket, shape = text.partition("[")
    dtype = parse_dtype(element)
    return TensorType(dtype, tuple(int(n) for n in shape.rstrip("]").split(","))) if bracket else dtype


def parse_dtype(text: str) -> DType:
    """The value type that `str()` spelled."""
    if text in NAMED:
        return NAMED[text]
    if text.endswith("}"):
        name, _, fields = text[:-1].partition("{")
        parts = (part.partition(": ") for part in _split(fields))
        return Struct(name, tuple((field, parse_dtype(dtype)) for field, _, dtype in parts))
    if fixed := FIXED.fullmatch(text):
        rounding, overflow = fixed[4] or "floor", fixed[5] or "wrap"
        return Fixed(int(fixed[2]), int(fixed[3]), rounding=rounding, overflow=overflow, signed=not fixed[1])
    found = INTEGER.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} names no value type")
    width = int(found[2] or found[4])
    return UInt(width) if found[1] or found[3] else Int(width)


def _split(text: str) -> list[str]:
    """The parts between commas, but for those in braces and parentheses."""
    parts, depth, start = [], 0, 0
    for found in COMMA.finditer(text):
        if found[0] != ", ":
            depth += 1 if found[0] in "{(" else -1
        elif depth == 0:
            parts.append(text[start : found.start()])
            start = found.end()
    return [*parts, text[start:]]


def _float_type(dtype: Float) -> ir.Type:
    types = {
        float8_e4m3fn: ir.Float8E4M3FNType,
        float8_e5m2: ir.Float8E5M2Type,
        float16: ir.F16Type,
        bfloat16: ir.BF16Type,
        float32: ir.F32Type,
        float64: ir.F64Type,
    }
    return types[dtype].get()
