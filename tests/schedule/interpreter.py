"""Runs a function of a module as plain Python, operation by operation: a second opinion on what a program computes."""

import itertools
import struct

from spatial.ir.dialect import GetOp, PutOp
from spatial.ir.mlir import arith, func, ir, memref, scf

__all__ = ["run"]


def run(function, arrays, streams=None):
    """Runs a function on flat lists of numbers, one for each array; a stream's tokens are taken from a list, or put."""
    text = Writer(function).text
    names: dict[str, object] = {}
    exec(compile(text, "<function>", "exec"), {**HELPERS}, names)
    given = iter(arrays)
    taken = iter(streams or [])
    names["function"](
        *(next(given) if isinstance(each.type, ir.MemRefType) else next(taken) for each in function.arguments)
    )


class Writer:
    """Writes a function as Python; each value is a variable."""

    def __init__(self, function):
        self.numbers = itertools.count()
        self.names = {}
        self.lines = []
        arguments = ", ".join(self.bind(argument) for argument in function.arguments)
        self.lines.append(f"def function({arguments}):")
        self.block(function.entry_block, 1)

    @property
    def text(self):
        return "\n".join(self.lines)

    def bind(self, value):
        name = self.names[value] = f"v{next(self.numbers)}"
        return name

    def write(self, depth, line):
        self.lines.append("    " * depth + line)

    def block(self, block, depth):
        self.write(depth, "pass")
        for op in block.operations:
            self.operation(op, depth)

    def operation(self, op, depth):
        match op:
            case scf.ForOp():
                low, high, step = (self.names[operand] for operand in op.operands)
                self.write(depth, f"for {self.bind(op.induction_variable)} in range({low}, {high}, {step}):")
                self.block(op.body, depth + 1)
            case scf.IfOp():
                self.write(depth, f"if {self.names[op.operands[0]]}:")
                self.block(op.then_block, depth + 1)
                if list(op.regions[1].blocks):
                    self.write(depth, "else:")
                    self.block(op.else_block, depth + 1)
            case memref.LoadOp():
                self.write(depth, f"{self.bind(op.result)} = {self.element(op)}")
            case memref.StoreOp():
                self.write(depth, f"{self.element(op)} = {self.names[op.operands[0]]}")
            case memref.AllocaOp():
                size = 1
                for extent in op.result.type.shape:
                    size *= extent
                self.write(depth, f"{self.bind(op.result)} = [0] * {size}")
            case PutOp():
                self.write(depth, f"{self.names[op.stream]}.append({self.names[op.value]})")
            case GetOp():
                self.write(depth, f"{self.bind(op.result)} = {self.names[op.stream]}.pop(0)")
            case scf.YieldOp() | func.ReturnOp():
                pass
            case arith.ConstantOp():
                self.write(depth, f"{self.bind(op.result)} = {op.attributes['value'].value!r}")
            case _:
                text = SCALARS[type(op)](op, *(self.names[operand] for operand in op.operands))
                self.write(depth, f"{self.bind(op.result)} = {text}")

    def element(self, op):
        place = "0"
        for index, extent in zip(op.indices, op.memref.type.shape, strict=True):
            place = f"({place}) * {extent} + {self.names[index]}"
        return f"{self.names[op.memref]}[{place}]"


def wrapped(number, width):
    low = number & ((1 << width) - 1)
    return low - (1 << width) if width > 1 and low >> (width - 1) else low


def single(number):
    return struct.unpack("f", struct.pack("f", number))[0]


def truncated_remainder(a, b):
    found = abs(a) % abs(b)
    return -found if a < 0 else found


HELPERS = {"wrapped": wrapped, "single": single, "truncated_remainder": truncated_remainder}
COMPARED = ("==", "!=", "<", "<=", ">", ">=")


def integer(symbol):
    def text(op, a, b):
        kind = op.result.type
        return f"{a} {symbol} {b}" if isinstance(kind, ir.IndexType) else f"wrapped({a} {symbol} {b}, {kind.width})"

    return text


SCALARS = {
    arith.AddIOp: integer("+"),
    arith.SubIOp: integer("-"),
    arith.MulIOp: integer("*"),
    arith.AndIOp: integer("&"),
    arith.OrIOp: integer("|"),
    arith.XOrIOp: integer("^"),
    arith.FloorDivSIOp: integer("//"),
    arith.RemSIOp: lambda op, a, b: f"truncated_remainder({a}, {b})",
    arith.MinSIOp: lambda op, a, b: f"min({a}, {b})",
    arith.MaxSIOp: lambda op, a, b: f"max({a}, {b})",
    arith.CmpIOp: lambda op, a, b: f"{a} {COMPARED[op.attributes['predicate'].value]} {b}",
    arith.SelectOp: lambda op, c, a, b: f"{a} if {c} else {b}",
    arith.ExtSIOp: lambda op, a: a,
    arith.IndexCastOp: lambda op, a: a,
    arith.TruncIOp: lambda op, a: f"wrapped({a}, {op.result.type.width})",
    arith.AddFOp: lambda op, a, b: f"single({a} + {b})",
    arith.SubFOp: lambda op, a, b: f"single({a} - {b})",
    arith.MulFOp: lambda op, a, b: f"single({a} * {b})",
}
