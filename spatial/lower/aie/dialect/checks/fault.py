"""What is wrong with an operation of a module."""

from collections.abc import Iterator
from dataclasses import dataclass

from spatial.ir.location import span_of
from spatial.ir.mlir import ir
from spatial.lower.aie.dialect.layouts import operation_name
from spatial.source.span import Span

__all__ = ["Fault", "Faults", "fault", "not_a_number"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """An `operation`, as the vendor calls it, `why` it is wrong, and the user's line that it was written for."""

    operation: str
    why: str
    span: Span

    def __str__(self) -> str:
        return f"{self.span}: {self.operation} {self.why}"


Faults = Iterator[Fault]


def fault(op: ir.OpView, why: str) -> Fault:
    """What is wrong with an operation."""
    symbol = op.attributes["sym_name"].value if "sym_name" in op.attributes else ""
    called = f"{operation_name(op.operation)} @{symbol}" if symbol else operation_name(op.operation)
    return Fault(operation=called, why=why, span=span_of(op.location))


def not_a_number(op: ir.OpView, name: str, bits: int, least: int, most: int) -> Faults:
    """Says where an attribute is no integer of so many bits between two numbers."""
    given = op.attributes[name]
    if given.type != ir.IntegerType.get_signless(bits):
        yield fault(op, f"has {name} of type {given.type}, which is i{bits}")
    elif not least <= given.value <= most:
        yield fault(op, f"has {name} = {given.value}, which is {least} to {most}")
