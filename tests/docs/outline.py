"""Writes what a function does as loops and assignments, for pages: types and conversions are left out."""

from spatial.ir.function import operations, parameters
from spatial.ir.location import name_of
from spatial.ir.mlir import arith, memref, scf
from spatial.schedule.naming import loop_name

__all__ = ["outline"]

SYMBOLS = {
    arith.AddIOp: "+",
    arith.AddFOp: "+",
    arith.SubIOp: "-",
    arith.MulIOp: "*",
    arith.MulFOp: "*",
    arith.FloorDivSIOp: "//",
    arith.RemSIOp: "%",
}
COMPARED = ("==", "!=", "<", "<=", ">", ">=")


def outline(function):
    """The text of a function's body."""
    names = {value: each.name for value, each in zip(function.arguments, parameters(function), strict=True)}
    for op in operations(function.entry_block):
        if isinstance(op, memref.AllocaOp):
            names[op.result] = op.attributes["df.name"].value
    return "\n".join(_block(function.entry_block, names)) + "\n"


def _block(block, names):
    for op in block.operations:
        match op:
            case scf.ForOp():
                low, high, step = (_value(operand, names) for operand in op.operands)
                bounds = (
                    high if (low, step) == ("0", "1") else f"{low}, {high}" if step == "1" else f"{low}, {high}, {step}"
                )
                names[op.induction_variable] = loop_name(op)
                yield f"for {loop_name(op)} in range({bounds}):{_marks(op)}"
                yield from _indented(op.body, names)
            case scf.IfOp():
                yield f"if {_value(op.operands[0], names)}:"
                yield from _indented(op.then_block, names)
            case memref.StoreOp():
                yield f"{_element(op, names)} = {_value(op.operands[0], names)}"
            case _ if op.results and name_of(op.location) and type(op) in SYMBOLS and list(op.result.uses):
                text = _value(op.result, names)
                names[op.result] = _fresh(name_of(op.location), names)
                yield f"{names[op.result]} = {text}"


def _indented(block, names):
    return (f"    {line}" for line in _block(block, dict(names)))


def _fresh(name, names):
    taken = set(names.values())
    return next(other for n in range(99) if (other := f"{name}{chr(39) * n}") not in taken)


def _marks(loop):
    if "df.pipeline" not in loop.attributes:
        return ""
    asked = loop.attributes["df.pipeline"]
    interval = f", an iteration every {asked['ii'].value} cycles" if "ii" in asked else ""
    return f"  # pipelined{interval}"


def _element(op, names):
    indices = ", ".join(_value(index, names) for index in op.indices)
    return f"{names[op.memref]}[{indices}]" if indices else names[op.memref]


def _value(value, names, inside=False):
    if value in names:
        return names[value]
    op = value.owner.opview
    match op:
        case arith.ConstantOp():
            return str(op.attributes["value"].value)
        case memref.LoadOp():
            return _element(op, names)
        case arith.CmpIOp():
            left, right = (_value(operand, names) for operand in op.operands)
            return f"{left} {COMPARED[op.attributes['predicate'].value]} {right}"
        case _ if type(op) in SYMBOLS:
            left, right = (_value(operand, names, True) for operand in op.operands)
            text = f"{left} {SYMBOLS[type(op)]} {right}"
            return f"({text})" if inside and SYMBOLS[type(op)] in "+-" else text
    return _value(op.operands[0], names, inside)
