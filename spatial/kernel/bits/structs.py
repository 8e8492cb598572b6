"""Lowers structs: making one, reading a field."""

import ast
import difflib
from collections.abc import Iterator

from spatial.ir.arithmetic import constant
from spatial.ir.packing import as_bits, extract, joined, of_bits
from spatial.kernel.errors import NoSuchField, WrongArguments, WrongUse
from spatial.kernel.lower.lowering import Lowering
from spatial.kernel.lower.values import Scalar
from spatial.types.dtype import DType, Struct
from spatial.types.given import struct_of, value_of
from spatial.types.record import Record

__all__ = ["constant_struct", "construct", "field_place", "fields_of", "read_field"]


def construct(lowering: Lowering, node: ast.Call, struct: Struct) -> Scalar:
    """`Packet(1, last=True)`."""
    given, types = fields_of(lowering, node, struct), dict(struct.fields)
    parts = {name: lowering.typed(lowering.scalar(value), types[name], value) for name, value in given.items()}
    return Scalar(joined([as_bits(parts[name].value, dtype) for name, dtype in struct.fields]), struct)


def fields_of(lowering: Lowering, node: ast.Call, struct: Struct) -> dict[str, ast.expr]:
    """What a call gives for each field, by position or by name."""
    given: dict[str, ast.expr] = {}
    for name, argument in _arguments(lowering, node, struct):
        if name in given:
            raise _wrong(lowering, argument, f"the field `{name}` of `{struct.name}` is given twice", struct)
        given[name] = argument
    missing = [name for name, _ in struct.fields if name not in given]
    if missing:
        raise _wrong(lowering, node, f"`{struct.name}` is not given its field `{missing[0]}`", struct)
    return given


def constant_struct(lowering: Lowering, value: Record, node: ast.expr) -> Scalar:
    """A struct that is made outside of the kernel."""
    struct = struct_of(value)
    assert struct is not None, "a record is the value of a struct"
    try:
        return Scalar(constant(struct, value_of(value, struct)), struct)
    except ValueError as error:
        title = f"this is no value of `{struct.name}`: {error}"
        raise lowering.rejected(WrongUse(title=title, span=lowering.spans(node))) from None


def read_field(lowering: Lowering, value: Scalar, node: ast.Attribute) -> Scalar:
    """`p.x`."""
    offset, dtype = field_place(lowering, value.dtype, node)
    return Scalar(of_bits(extract(value.value, offset, dtype.bits), dtype), dtype)


def field_place(lowering: Lowering, dtype: DType, node: ast.Attribute) -> tuple[int, DType]:
    """The lowest bit of a field, and its type."""
    if not isinstance(dtype, Struct):
        hint = "only structs have fields; bits are taken as in `x[0:8]`"
        raise lowering.rejected(NoSuchField(field=node.attr, type=str(dtype), span=lowering.spans(node), hint=hint))
    place = dtype.place(node.attr)
    if place is None:
        raise _unknown(lowering, node, node.attr, dtype)
    return place


def _arguments(lowering: Lowering, node: ast.Call, struct: Struct) -> Iterator[tuple[str, ast.expr]]:
    names = [name for name, _ in struct.fields]
    for position, argument in enumerate(node.args):
        if isinstance(argument, ast.Starred):
            raise _wrong(lowering, argument, "the fields of a struct are written out", struct)
        if position >= len(names):
            title = f"`{struct.name}` has {len(names)} field{'s' if len(names) > 1 else ''}"
            raise _wrong(lowering, argument, title, struct)
        yield names[position], argument
    for keyword in node.keywords:
        if keyword.arg is None:
            raise _wrong(lowering, keyword.value, "the fields of a struct are written out", struct)
        if keyword.arg not in names:
            raise _unknown(lowering, keyword, keyword.arg, struct)
        yield keyword.arg, keyword.value


def _wrong(lowering: Lowering, node: ast.AST, title: str, struct: Struct) -> Exception:
    hint = f"write `{struct.name}({', '.join(f'{name}=...' for name, _ in struct.fields)})`"
    return lowering.rejected(WrongArguments(title=title, span=lowering.spans(node), hint=hint))


def _unknown(lowering: Lowering, node: ast.AST, field: str, struct: Struct) -> Exception:
    names = [name for name, _ in struct.fields]
    close = difflib.get_close_matches(field, names, n=1)
    hint = f"did you mean `{close[0]}`?" if close else f"it has {', '.join(f'`{name}`' for name in names)}"
    return lowering.rejected(NoSuchField(field=field, type=struct.name, span=lowering.spans(node), hint=hint))
