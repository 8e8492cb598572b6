"""Lowers what joins values to one word, and what reads a word as other values."""

import ast
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence

from spatial.ir.arithmetic import constant
from spatial.ir.mlir import ir
from spatial.ir.packing import as_bits, extract, joined, of_bits
from spatial.kernel.arrays.tensor import shape_of, tensor_of
from spatial.kernel.arrays.views import store, view_of
from spatial.kernel.errors import BitsMismatch, WrongArguments, WrongUse
from spatial.kernel.lower.arguments import arguments_of
from spatial.kernel.lower.lowering import Lowering, Rejected
from spatial.kernel.lower.values import Array, ArrayValue, Scalar, Tuple, Value
from spatial.kernel.words.markers import bitcast, pack, unpack
from spatial.meta.plain import Known
from spatial.meta.scope import MISSING
from spatial.meta.trace import FAILED
from spatial.types.checks import MAX_WIDTH
from spatial.types.dtype import DType, UInt, as_dtype, index
from spatial.types.tensor import TensorType

__all__ = ["BIT_CALLS"]


def _bitcast(lowering: Lowering, node: ast.Call) -> Value:
    given, wanted = arguments_of(lowering, node, "bitcast", 2, "write `sp.bitcast(x, UInt(32))`")
    value, dtype = _word(lowering, given), _type_of(lowering, wanted)
    if value.dtype.bits != dtype.bits:
        told = f"`{value.dtype}` has {value.dtype.bits} bits, `{dtype}` has {dtype.bits}"
        hint = f"take as many bits: `sp.bitcast(x, UInt({value.dtype.bits}))`"
        raise lowering.rejected(
            BitsMismatch(title="`bitcast` keeps the bits", told=told, span=lowering.spans(node), hint=hint)
        )
    return Scalar(of_bits(as_bits(value.value, value.dtype), dtype), dtype)


def _pack(lowering: Lowering, node: ast.Call) -> Value:
    """One `UInt` of all the values and elements, the first in the lowest bits."""
    if not node.args or node.keywords or any(isinstance(argument, ast.Starred) for argument in node.args):
        title, hint = "`pack` takes one or more values", "write `sp.pack(a, b)`"
        raise lowering.rejected(WrongArguments(title=title, span=lowering.spans(node), hint=hint))
    total, parts = 0, []
    for argument in node.args:
        for value in _values(lowering, argument):
            total += value.dtype.bits
            if total > MAX_WIDTH:
                title, hint = f"a word has at most {MAX_WIDTH} bits", "pack fewer values, or use a block token"
                raise lowering.rejected(BitsMismatch(title=title, told="", span=lowering.spans(node), hint=hint))
            parts.append(as_bits(value.value, value.dtype))
    return Scalar(joined(parts), UInt(total))


def _values(lowering: Lowering, node: ast.expr) -> Iterator[Scalar]:
    """The elements of an array in C order, or the one number."""
    value = lowering.expression(node)
    if not isinstance(value, ArrayValue):
        yield _typed(lowering, value, node)
        return
    tensor = tensor_of(lowering, value, node)
    for at in itertools.product(*map(range, shape_of(value))):
        yield tensor.element([constant(index, place) for place in at])


def _unpack(lowering: Lowering, node: ast.Call) -> Value:
    """The parts of a word, the lowest bits first: of each type one, or of a single scalar type as many as there are.

    A part of an array type is a local array.
    """
    if len(node.args) < 2 or node.keywords:
        title, hint = "`unpack` takes a word and the types of its parts", "write `sp.unpack(w, int8)`"
        raise lowering.rejected(WrongArguments(title=title, span=lowering.spans(node), hint=hint))
    word = _word(lowering, node.args[0])
    types = [_part_type(lowering, argument) for argument in node.args[1:]]
    single = types[0] if len(types) == 1 else None
    if isinstance(single, DType) and single.bits <= word.dtype.bits:
        types *= word.dtype.bits // single.bits
    total = sum(part.bits for part in types)
    if total != word.dtype.bits:
        told = f"`{word.dtype}` has {word.dtype.bits} bits, the parts have {total}"
        title, hint = "`unpack` takes all bits of a word", "give types that have as many bits"
        raise lowering.rejected(BitsMismatch(title=title, told=told, span=lowering.spans(node), hint=hint))
    parts = tuple(_parts(lowering, as_bits(word.value, word.dtype), types, node))
    return parts[0] if isinstance(single, TensorType) else Tuple(parts)


def _parts(
    lowering: Lowering, word: ir.Value, types: Sequence[DType | TensorType], node: ast.Call
) -> Iterator[Scalar | Array]:
    offset = 0
    for part in types:
        yield _array(lowering, word, offset, part, node) if isinstance(part, TensorType) else _part(word, offset, part)
        offset += part.bits


def _part(word: ir.Value, offset: int, dtype: DType) -> Scalar:
    return Scalar(of_bits(extract(word, offset, dtype.bits), dtype), dtype)


def _array(lowering: Lowering, word: ir.Value, offset: int, type_: TensorType, node: ast.Call) -> Array:
    """A local array of parts in C order; what is assigned it becomes it, without a copy."""
    array = Array("unpacked", lowering.allocate(type_, "unpacked"), type_, lowering.spans(node), taken=True)
    for number, at in enumerate(itertools.product(*map(range, type_.shape))):
        part = _part(word, offset + number * type_.element.bits, type_.element)
        store(view_of(array), [constant(index, place) for place in at], part)
    return array


def _word(lowering: Lowering, node: ast.expr) -> Scalar:
    return _typed(lowering, lowering.scalar(node), node)


def _typed(lowering: Lowering, value: Value, node: ast.expr) -> Scalar:
    """A number that has a type, so that it is known how many bits it has."""
    if isinstance(value, Scalar):
        return value
    title, hint = "a number without a type has no bits", f"give it one: `int8({ast.unparse(_written(node))})`"
    raise lowering.rejected(WrongUse(title=title, span=lowering.spans(node), hint=hint))


def _type_of(lowering: Lowering, node: ast.expr) -> DType:
    value = node.value if isinstance(node, Known) else lowering.scope.resolve(node)
    if value is FAILED:
        raise Rejected
    dtype = as_dtype(value)
    if value is MISSING and isinstance(node, ast.Name):
        raise lowering.undefined(node)
    if dtype is None:
        title = f"`{ast.unparse(_written(node))}` is no type of a number or a struct"
        raise lowering.rejected(WrongUse(title=title, span=lowering.spans(node), hint="write a type such as `int8`"))
    return dtype


def _part_type(lowering: Lowering, node: ast.expr) -> DType | TensorType:
    """The type of a part of a word; an array type too."""
    if isinstance(node, Known) and isinstance(node.value, TensorType):
        return node.value
    return _type_of(lowering, node)


def _written(node: ast.expr) -> ast.AST:
    return node.written if isinstance(node, Known) else node


BIT_CALLS: Mapping[object, Callable[[Lowering, ast.Call], Value]] = {bitcast: _bitcast, pack: _pack, unpack: _unpack}
