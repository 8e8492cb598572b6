"""How a value of each type is held: in registers, in memory, in the word of a token.

In registers an integer has its own width, an `index` 64 bits, and a float of less than 32 bits is a 32-bit one that
its type holds exactly. In memory an integer takes the next machine word that is wide enough, two's complement, or as
many words as it needs; a float its own bits.
"""

from collections.abc import Mapping

from spatial.ir.mlir import ir
from spatial.lower.llvm.floats import packed, unpacked
from spatial.lower.llvm.machine import POINTER, Machine
from spatial.types.dtype import Float, bfloat16, float8_e4m3fn, float8_e5m2, float16

__all__ = [
    "NARROW",
    "WORD",
    "bytes_of_value",
    "element_text",
    "from_word",
    "is_word",
    "load_value",
    "store_value",
    "to_word",
    "to_words",
    "type_text",
    "width_of",
]

WORD = 64
NARROW: Mapping[str, Float] = {
    "f8E4M3FN": float8_e4m3fn,
    "f8E5M2": float8_e5m2,
    "f16": float16,
    "bf16": bfloat16,
}


def type_text(kind: ir.Type) -> str:
    """The type of a scalar in a register."""
    if isinstance(kind, ir.IndexType):
        return "i64"
    return "f32" if str(kind) in NARROW else str(kind)


def width_of(kind: ir.Type) -> int:
    """The bits of a scalar."""
    return WORD if isinstance(kind, ir.IndexType) else int(kind.width)


def memory_text(kind: ir.Type) -> str:
    """The type that holds a scalar in memory."""
    width = width_of(kind)
    if isinstance(kind, ir.FloatType):
        return f"i{width}" if str(kind) in NARROW else str(kind)
    return next((f"i{bits}" for bits in (8, 16, 32, WORD) if bits >= width), f"i{-(-width // WORD) * WORD}")


def bytes_of_value(kind: ir.Type) -> int:
    """The bytes that a scalar takes in memory."""
    return int(memory_text(kind)[1:]) // 8


def is_word(kind: ir.Type) -> bool:
    """Whether a token of this type is one word."""
    return not isinstance(kind, ir.MemRefType) and bytes_of_value(kind) <= WORD // 8


def element_text(kind: ir.Type) -> str:
    """A type of as many bytes as a scalar takes in memory, for counting elements."""
    words = bytes_of_value(kind) // 8
    return memory_text(kind) if words <= 1 else f"!llvm.array<{words} x i64>"


def load_value(machine: Machine, at: str, kind: ir.Type) -> str:
    """The scalar in memory at an address."""
    held = memory_text(kind)
    aligned = " {alignment = 8 : i64}" if bytes_of_value(kind) > 8 else ""
    return _out_of(machine, machine.op(f"llvm.load {at}{aligned} : {POINTER} -> {held}"), held, kind)


def store_value(machine: Machine, value: str, at: str, kind: ir.Type) -> None:
    """Puts a scalar into memory at an address."""
    held = memory_text(kind)
    aligned = " {alignment = 8 : i64}" if bytes_of_value(kind) > 8 else ""
    machine.do(f"llvm.store {_into(machine, value, held, kind)}, {at}{aligned} : {held}, {POINTER}")


def to_word(machine: Machine, value: str, kind: ir.Type) -> str:
    """The 64 bits of a token that fits into them."""
    held = memory_text(kind)
    value = _into(machine, value, held, kind)
    if isinstance(kind, ir.FloatType):
        held, value = f"i{held[1:]}", machine.cast("llvm.bitcast", value, held, f"i{held[1:]}")
    return machine.cast("llvm.sext", value, held, "i64")


def to_words(machine: Machine, value: str, kind: ir.Type) -> list[str]:
    """A scalar as words of 64 bits, the lowest first."""
    if is_word(kind):
        return [to_word(machine, value, kind)]
    held = memory_text(kind)
    whole = machine.cast("llvm.sext", value, type_text(kind), held)
    shifts = (machine.constant(str(shift), held) for shift in range(0, int(held[1:]), WORD))
    parts = [machine.binary("llvm.lshr", whole, shift, held) for shift in shifts]
    return [machine.cast("llvm.trunc", part, held, "i64") for part in parts]


def from_word(machine: Machine, word: str, kind: ir.Type) -> str:
    """The scalar that the 64 bits of a token hold."""
    held = memory_text(kind)
    bits = f"i{held[1:]}"
    value = machine.cast("llvm.trunc", word, "i64", bits)
    return _out_of(machine, machine.cast("llvm.bitcast", value, bits, held), held, kind)


def _into(machine: Machine, value: str, held: str, kind: ir.Type) -> str:
    """A scalar as memory holds it."""
    if str(kind) in NARROW:
        return packed(machine, value, NARROW[str(kind)])
    extend = "llvm.zext" if type_text(kind) == "i1" else "llvm.sext"
    return machine.cast(extend, value, type_text(kind), held)


def _out_of(machine: Machine, value: str, held: str, kind: ir.Type) -> str:
    """A scalar that memory holds."""
    if str(kind) in NARROW:
        return unpacked(machine, value, NARROW[str(kind)])
    return machine.cast("llvm.trunc", value, held, type_text(kind))
