"""The scalar operations of MLIR as Python expressions.

An integer is a Python int read as two's complement, a value of one bit is 0 or 1, a float is a Python
float that its type holds exactly.
"""

import math
from collections.abc import Callable, Mapping

from spatial.ir.dialect import BitOp, ToIntegerOp, WithinOp
from spatial.ir.mlir import arith, ir
from spatial.ir.mlir import math as mlir_math
from spatial.sim.faults import Fault
from spatial.types.bits import from_bits, to_bits
from spatial.types.dtype import Float, bfloat16, float8_e4m3fn, float8_e5m2, float16, float32, float64
from spatial.types.ieee import divide, maximum, minimum
from spatial.types.rounding import round_integer, round_to, saturate

__all__ = ["HELPERS", "SCALARS", "constant", "float_type"]

FLOATS: Mapping[str, Float] = {
    "f8E4M3FN": float8_e4m3fn,
    "f8E5M2": float8_e5m2,
    "f16": float16,
    "bf16": bfloat16,
    "f32": float32,
    "f64": float64,
}
Emit = Callable[[ir.OpView, list[str], int], str]


def truncated_quotient(a: int, b: int, site: int) -> int:
    """`a / b` toward zero."""
    if b == 0:
        raise Fault(site, "division by zero")
    quotient = abs(a) // abs(b)
    return quotient if (a < 0) == (b < 0) else -quotient


def floored_quotient(a: int, b: int, site: int) -> int:
    """`a // b`."""
    if b == 0:
        raise Fault(site, "division by zero")
    return a // b


def truncated_remainder(a: int, b: int, site: int) -> int:
    """What `a / b` leaves; it has the sign of `a`."""
    return a - truncated_quotient(a, b, site) * b


def at(index: int, extent: int, site: int) -> int:
    """An index that must lie within an extent."""
    if 0 <= index < extent:
        return index
    raise Fault(site, f"index {index} is outside of an array dimension of {extent}")


def within(index: int, extent: int, what: str, site: int) -> int:
    """An index that must lie within something."""
    if 0 <= index < extent:
        return index
    raise Fault(site, f"index {index} is outside of {what}")


def bit_position(bit: int, limit: int, what: str, site: int) -> int:
    """A bit's number that must lie below a limit."""
    if 0 <= bit < limit:
        return bit
    raise Fault(site, f"bit {bit} is none {what}")


def fail(site: int, text: str) -> None:
    """Ends the run at an assertion."""
    raise Fault(site, text)


HELPERS: Mapping[str, object] = {
    "at": at,
    "bit_position": bit_position,
    "copysign": math.copysign,
    "divide": divide,
    "fail": fail,
    "floor": lambda x: float(math.floor(x)) if math.isfinite(x) else x,
    "floored_quotient": floored_quotient,
    "fmod": lambda a, b: math.fmod(a, b) if b and math.isfinite(a) and not math.isnan(b) else math.nan,
    "inf": math.inf,
    "maximum": maximum,
    "minimum": minimum,
    "nan": math.nan,
    "saturate": saturate,
    "sqrt": lambda x: math.sqrt(x) if x >= 0 else math.nan,
    "truncated_quotient": truncated_quotient,
    "truncated_remainder": truncated_remainder,
    "within": within,
    **{f"round_{dtype}": (lambda x, dtype=dtype: round_to(dtype, x)) for dtype in FLOATS.values()},
    **{f"bits_{dtype}": (lambda x, dtype=dtype: to_bits(x, dtype)) for dtype in FLOATS.values()},
    **{f"from_bits_{dtype}": (lambda n, dtype=dtype: from_bits(n, dtype)) for dtype in FLOATS.values()},
    **{f"from_integer_{dtype}": (lambda n, dtype=dtype: round_integer(dtype, n)) for dtype in FLOATS.values()},
}


def float_type(kind: ir.Type) -> Float:
    """The float type an MLIR type stands for."""
    return FLOATS[str(kind)]


def constant(op: arith.ConstantOp) -> str:
    """The literal of a constant."""
    value = op.attributes["value"].value
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else f"({value!r})"
    width = _width(op.result.type)
    return str(int(value)) if width == 1 else str(_signed(int(value), width))


def _signed(value: int, width: int) -> int:
    half = 1 << (width - 1)
    return ((value + half) & ((1 << width) - 1)) - half


def _width(kind: ir.Type) -> int:
    return 64 if isinstance(kind, ir.IndexType) else int(kind.width)


def _wrap(text: str, width: int) -> str:
    if width == 1:
        return f"(({text}) & 1)"
    half = 1 << (width - 1)
    return f"((({text}) + {half} & {(1 << width) - 1}) - {half})"


def _unsigned(text: str, width: int) -> str:
    return text if width == 1 else f"({text} & {(1 << width) - 1})"


def _as_signed(text: str, width: int) -> str:
    return f"(-{text})" if width == 1 else text


def _exact(op: ir.OpView) -> bool:
    """Whether signed arithmetic was promised not to overflow."""
    return "nsw" in str(op.attributes["overflowFlags"]) if "overflowFlags" in op.attributes else False


def _integer(symbol: str) -> Emit:
    def emit(op: ir.OpView, operands: list[str], site: int) -> str:
        width = _width(op.result.type)
        text = f"({operands[0]} {symbol} {operands[1]})"
        return text if _exact(op) and width > 1 else _wrap(text, width)

    return emit


def _bitwise(symbol: str) -> Emit:
    return lambda op, operands, site: f"({operands[0]} {symbol} {operands[1]})"


def _signed_helper(name: str) -> Emit:
    def emit(op: ir.OpView, operands: list[str], site: int) -> str:
        width = _width(op.result.type)
        a, b = (_as_signed(operand, width) for operand in operands)
        return _wrap(f"{name}({a}, {b}, {site})", width)

    return emit


def _unsigned_helper(name: str) -> Emit:
    def emit(op: ir.OpView, operands: list[str], site: int) -> str:
        width = _width(op.result.type)
        a, b = (_unsigned(operand, width) for operand in operands)
        return _wrap(f"{name}({a}, {b}, {site})", width)

    return emit


def _extremum(symbol: str, read: Callable[[str, int], str]) -> Emit:
    def emit(op: ir.OpView, operands: list[str], site: int) -> str:
        a, b = operands
        width = _width(op.result.type)
        return f"({a} if {read(a, width)} {symbol} {read(b, width)} else {b})"

    return emit


def _shift_left(op: ir.OpView, operands: list[str], site: int) -> str:
    width = _width(op.result.type)
    return _wrap(f"{operands[0]} << {_unsigned(operands[1], width)}", width)


def _shift_right(read: Callable[[str, int], str]) -> Emit:
    def emit(op: ir.OpView, operands: list[str], site: int) -> str:
        width = _width(op.result.type)
        return _wrap(f"{read(operands[0], width)} >> {_unsigned(operands[1], width)}", width)

    return emit


def _compare_integers(op: ir.OpView, operands: list[str], site: int) -> str:
    predicate = arith.CmpIPredicate(op.attributes["predicate"].value)
    name, width = predicate.name, _width(op.lhs.type)
    read = _unsigned if name.startswith("u") else _as_signed
    symbols = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
    a, b = (read(operand, width) for operand in operands)
    return f"({a} {symbols[name[-2:]]} {b})"


def _compare_floats(op: ir.OpView, operands: list[str], site: int) -> str:
    symbols = {"OLT": "<", "OLE": "<=", "OGT": ">", "OGE": ">=", "OEQ": "==", "UNE": "!="}
    predicate = arith.CmpFPredicate(op.attributes["predicate"].value)
    return f"({operands[0]} {symbols[predicate.name]} {operands[1]})"


def _rounded(op: ir.OpView, text: str) -> str:
    dtype = float_type(op.result.type)
    return text if dtype == float64 else f"round_{dtype}({text})"


def _float(symbol: str) -> Emit:
    return lambda op, operands, site: _rounded(op, f"({operands[0]} {symbol} {operands[1]})")


def _float_helper(name: str) -> Emit:
    return lambda op, operands, site: _rounded(op, f"{name}({', '.join(operands)})")


def _extend_signed(op: ir.OpView, operands: list[str], site: int) -> str:
    return _as_signed(operands[0], _width(op.operands[0].type))


def _extend_unsigned(op: ir.OpView, operands: list[str], site: int) -> str:
    return _unsigned(operands[0], _width(op.operands[0].type))


def _truncate(op: ir.OpView, operands: list[str], site: int) -> str:
    return _wrap(operands[0], _width(op.result.type))


def _index_cast(op: ir.OpView, operands: list[str], site: int) -> str:
    text = _as_signed(operands[0], _width(op.operands[0].type))
    return _wrap(text, _width(op.result.type))


def _index_cast_unsigned(op: ir.OpView, operands: list[str], site: int) -> str:
    text = _unsigned(operands[0], _width(op.operands[0].type))
    return _wrap(text, _width(op.result.type))


def _to_float(read: Callable[[str, int], str]) -> Emit:
    def emit(op: ir.OpView, operands: list[str], site: int) -> str:
        return f"from_integer_{float_type(op.result.type)}({read(operands[0], _width(op.operands[0].type))})"

    return emit


def _to_integer(op: ir.OpView, operands: list[str], site: int) -> str:
    width, signed = _width(op.result.type), op.attributes["sign"].value == "signed"
    return _wrap(f"saturate({width}, {signed}, {operands[0]})", width)


def _within(op: ir.OpView, operands: list[str], site: int) -> str:
    return f"within({operands[0]}, {op.extent.value}, {op.what.value!r}, {site})"


def _bitcast(op: ir.OpView, operands: list[str], site: int) -> str:
    """Between an integer and a float; the bits of every NaN are the same."""
    source, target = op.operands[0].type, op.result.type
    if isinstance(target, ir.IntegerType):
        return _wrap(f"bits_{float_type(source)}({operands[0]})", _width(target))
    return f"from_bits_{float_type(target)}({_unsigned(operands[0], _width(source))})"


def _bit(op: ir.OpView, operands: list[str], site: int) -> str:
    limit, what = op.attributes["limit"].value, op.attributes["what"].value
    return f"bit_position({operands[0]}, {limit}, {what!r}, {site})"


def _absolute(op: ir.OpView, operands: list[str], site: int) -> str:
    return _wrap(f"abs({operands[0]})", _width(op.result.type))


SCALARS: Mapping[type, Emit] = {
    arith.AddIOp: _integer("+"),
    arith.SubIOp: _integer("-"),
    arith.MulIOp: _integer("*"),
    arith.DivSIOp: _signed_helper("truncated_quotient"),
    arith.FloorDivSIOp: _signed_helper("floored_quotient"),
    arith.RemSIOp: _signed_helper("truncated_remainder"),
    arith.DivUIOp: _unsigned_helper("truncated_quotient"),
    arith.RemUIOp: _unsigned_helper("truncated_remainder"),
    arith.AndIOp: _bitwise("&"),
    arith.OrIOp: _bitwise("|"),
    arith.XOrIOp: _bitwise("^"),
    arith.ShLIOp: _shift_left,
    arith.ShRSIOp: _shift_right(_as_signed),
    arith.ShRUIOp: _shift_right(_unsigned),
    arith.MinSIOp: _extremum("<=", _as_signed),
    arith.MaxSIOp: _extremum(">=", _as_signed),
    arith.MinUIOp: _extremum("<=", _unsigned),
    arith.MaxUIOp: _extremum(">=", _unsigned),
    arith.CmpIOp: _compare_integers,
    arith.CmpFOp: _compare_floats,
    arith.SelectOp: lambda op, operands, site: f"({operands[1]} if {operands[0]} else {operands[2]})",
    arith.ExtSIOp: _extend_signed,
    arith.ExtUIOp: _extend_unsigned,
    arith.TruncIOp: _truncate,
    arith.IndexCastOp: _index_cast,
    arith.IndexCastUIOp: _index_cast_unsigned,
    arith.SIToFPOp: _to_float(_as_signed),
    arith.UIToFPOp: _to_float(_unsigned),
    ToIntegerOp: _to_integer,
    WithinOp: _within,
    BitOp: _bit,
    arith.BitcastOp: _bitcast,
    arith.ExtFOp: lambda op, operands, site: operands[0],
    arith.TruncFOp: lambda op, operands, site: _rounded(op, operands[0]),
    arith.AddFOp: _float("+"),
    arith.SubFOp: _float("-"),
    arith.MulFOp: _float("*"),
    arith.DivFOp: _float_helper("divide"),
    arith.RemFOp: _float_helper("fmod"),
    arith.MinimumFOp: _float_helper("minimum"),
    arith.MaximumFOp: _float_helper("maximum"),
    mlir_math.SqrtOp: _float_helper("sqrt"),
    arith.NegFOp: lambda op, operands, site: f"(-{operands[0]})",
    mlir_math.AbsFOp: lambda op, operands, site: f"abs({operands[0]})",
    mlir_math.AbsIOp: _absolute,
    mlir_math.FloorOp: _float_helper("floor"),
    mlir_math.CopySignOp: _float_helper("copysign"),
}
