"""Run-time parameters in the memory of a core: words that the host writes, and how numbers are read off them."""

from collections.abc import Iterator

from spatial.ir.mlir import arith, ir, memref
from spatial.lower.aie.design import Mapped, Parameter
from spatial.lower.aie.emit.body import Body, Memory, from_bits
from spatial.lower.aie.emit.numbers.held import constant, integer
from spatial.lower.aie.emit.storage import WORD, bytes_of
from spatial.types.dtype import DType

__all__ = ["load_number", "parameters_of", "word_count"]


def word_count(dtype: DType) -> int:
    """The words that a run-time parameter takes: two where it has more than 32 bits."""
    return max(1, bytes_of(dtype) // WORD)


def parameters_of(mapped: Mapped, node: str) -> Iterator[tuple[Parameter, int]]:
    """The parameters that a core reads, each with the first of its words."""
    first = 0
    for each in mapped.parameters:
        if each.node == node:
            yield each, first
            first += word_count(each.type)


def load_number(body: Body, memory: Memory) -> ir.Value:
    """What lies in memory for a number without axes: one element, or two words of a parameter, the lower half first."""
    low = memref.load(memory.value, [body.index(memory.at)])
    if low.type == memory.storage.element:
        return low
    wide = integer(8 * memory.storage.bytes)
    high = memref.load(memory.value, [body.index(memory.at + 1)])
    above = arith.shli(arith.extui(wide, high), constant(8 * WORD, 8 * memory.storage.bytes))
    return from_bits(arith.ori(above, arith.extui(wide, low)), memory.storage.element)
