"""What host programs are told of run-time parameters: their types, and the numbers that stand for their words."""

from spatial.lower.aie.design import Mapped
from spatial.lower.aie.emit.design import Design
from spatial.lower.aie.emit.storage import WORD, Storage
from spatial.types.bits import to_bits
from spatial.types.dtype import Bool, DType, Fixed, Float, Struct

__all__ = ["FLOATS", "Values", "scalars_of"]

FLOATS = {"float32": "float", "float64": "double", "bfloat16": "bfloat16"}
"""What C++ calls floats; others are given by their bits."""

Values = dict[str, object]


def scalars_of(design: Design, mapped: Mapped) -> list[Values]:
    """What the templates say of each run-time parameter."""
    types = {scalar.name: scalar.type for scalar in mapped.graph.scalars}
    return [_scalar(name, types[name], words) for name, words in design.scalars.items()]


def _scalar(name: str, dtype: DType, words: tuple[int, ...]) -> Values:
    storage = Storage(dtype=dtype, widened=len(words) == 1)
    whole = f"{'' if storage.signed and not isinstance(dtype, Float) else 'u'}int{8 * WORD * len(words)}_t"
    example = -1 if storage.signed and dtype.bits == 1 else 1
    by_bits = isinstance(dtype, Float) and str(dtype) not in FLOATS
    return {
        "name": name,
        "type": str(dtype),
        "bits": dtype.bits,
        "signed": storage.signed,
        "float": isinstance(dtype, Float),
        "words": [f"0x{word:X}" for word in words],
        "given": _given(dtype),
        "example": "True" if isinstance(dtype, Bool) else str(example),
        "element": FLOATS.get(str(dtype), whole),
        "by_bits": by_bits,
        "literal": f"0x{to_bits(1.0, dtype):X}" if by_bits else str(example),
    }


def _given(dtype: DType) -> str:
    """How a number is given whose type is none of C++; nothing where it is as usual."""
    match dtype:
        case Fixed():
            return f"in units of 2**{-dtype.fraction}"
        case Struct():
            return "its fields side by side, the first one lowest"
    return ""
