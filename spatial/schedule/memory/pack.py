"""Puts several elements of a local array into one wide word, which an access moves at once."""

from spatial.analysis.pipelining.banks import span_of_place, taken_by
from spatial.analysis.pipelining.places import Place, sum_of
from spatial.ir.layouts import layout_of
from spatial.ir.mlir import arith, func, ir, memref
from spatial.ir.packing import extract, insert
from spatial.schedule.copying import erase_unused
from spatial.schedule.indices import Index, divided, known, plus, remainder, times, value_of
from spatial.schedule.memory.requests import array_shape, buffer_name, refused, wrong
from spatial.schedule.memory.staging import in_place_of, type_of
from spatial.types.checks import MAX_WIDTH
from spatial.types.dtype import DType, UInt, float16, float32, float64
from spatial.types.tensor import element_of

__all__ = ["pack"]


def pack(function: func.FuncOp, buffer: ir.Value, factor: int) -> ir.Value:
    """Puts `factor` neighbours along the last dimension of a local array into one word, the first in the lowest bits.

    A load takes its element out of a word, a store puts it into the word that is there.
    """
    shape = array_shape(buffer, "pack")
    element = _checked(function, buffer, shape, factor)
    made = in_place_of(function, buffer, (*shape[:-1], shape[-1] // factor), UInt(element.bits * factor))
    for use in list(buffer.uses):
        op = use.owner
        with ir.InsertionPoint(op), op.location:
            *outer, last = op.indices
            word, lane = parted(last, factor)
            at = [*outer, value_of(word)]
            start = value_of(times(lane, element.bits)) if not isinstance(lane, int) else lane * element.bits
            whole = memref.load(made, at)
            if isinstance(op, memref.LoadOp):
                taken = extract(whole, start, element.bits)
                op.result.replace_all_uses_with(_as(op.result.type, taken))
            else:
                bits = _as(ir.IntegerType.get_signless(element.bits), op.operands[0])
                memref.store(insert(whole, start, bits), made, at)
        indices = list(op.indices)
        op.operation.erase()
        erase_unused(indices)
    buffer.owner.erase()
    return made


def parted(index: ir.Value, factor: int) -> tuple[Index, Index]:
    """The word of an element, and its place in it, made at the insertion point; without a division where it is known.

    That is where what is no multiple of the factor stays within one word.
    """
    if (number := known(index)) is not None:
        return divmod(number, factor)
    place = sum_of(index)
    whole = {value: count for value, count in place.terms.items() if _is_multiple(value, count, factor)}
    rest = Place(constant=place.constant, terms={v: count for v, count in place.terms.items() if v not in whole})
    low, high = span_of_place(rest)
    if low is None or high is None or low // factor != high // factor:
        return divided(index, factor), remainder(index, factor)
    word: Index = low // factor
    for value, count in whole.items():
        part = divided(times(value, count), factor) if count % factor else times(value, count // factor)
        word = plus(word, part)
    lane: Index = rest.constant - low // factor * factor
    for value, count in rest.terms.items():
        lane = plus(lane, times(value, count))
    return word, lane


def _is_multiple(value: ir.Value, count: int, factor: int) -> bool:
    """Whether a part of an index is a multiple of the factor in every iteration."""
    taken = taken_by(value)
    return count % factor == 0 or (
        taken is not None and not count * taken.start % factor and not count * taken.step % factor
    )


def _checked(function: func.FuncOp, buffer: ir.Value, shape: tuple[int, ...], factor: object) -> DType:
    """The type of the elements, which can be packed so."""
    name, extent = buffer_name(buffer), shape[-1]
    if isinstance(factor, bool) or not isinstance(factor, int) or factor < 2:
        raise wrong(f"`factor` is how many elements make a word, at least 2, not {factor!r}", "write `factor=4`")
    if isinstance(buffer.owner, ir.Block):
        title = f"`pack` changes arrays of the function's own, `{name}` is given to it"
        raise refused(title, [(buffer, "given here")], f"copy it first: `s.cache_read(s.{name})`, and pack the copy")
    if extent % factor:
        title = f"words of {factor} do not divide the {extent} elements of the last dimension of `{name}` evenly"
        raise refused(title, [(buffer, "declared here")])
    if layout_of(buffer):
        title = f"`{name}` is cut into banks of elements, which `pack` would put together"
        raise refused(title, [(buffer, f"it is cut as {layout_of(buffer)}")], "pack first, then partition")
    for use in buffer.uses:
        if not isinstance(use.owner, memref.LoadOp | memref.StoreOp):
            title = f"`pack` takes arrays of which single elements are used, `{name}` is used whole"
            raise refused(title, [(use.owner, "used whole here")])
    element = element_of(type_of(function, buffer))
    plain = isinstance(buffer.type.element_type, ir.IntegerType) or element in (float16, float32, float64)
    if not plain:
        raise refused(f"elements of type `{element}` are not packed into words", [(buffer, "declared here")])
    if element.bits * factor > MAX_WIDTH:
        title = f"a word has at most {MAX_WIDTH} bits, {factor} elements of `{element}` have {element.bits * factor}"
        raise refused(title, [(buffer, "declared here")])
    return element


def _as(kind: ir.Type, value: ir.Value) -> ir.Value:
    """A value with the same bits."""
    return value if value.type == kind else arith.bitcast(kind, value)
