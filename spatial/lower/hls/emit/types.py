"""The types of C++ that hold the program's values and tokens."""

from spatial.lower.hls.emit.kinds import (
    BFLOAT16,
    DOUBLE,
    FLOAT,
    FLOAT8_E4M3FN,
    FLOAT8_E5M2,
    HALF,
    TRUTH,
    Kind,
    Point,
    Real,
    Whole,
)
from spatial.types.dtype import (
    Bool,
    DType,
    Fixed,
    Float,
    Index,
    Int,
    Struct,
    UInt,
    bfloat16,
    float8_e4m3fn,
    float8_e5m2,
    float16,
    float32,
    float64,
)
from spatial.types.tensor import TensorType

__all__ = [
    "array_text",
    "cpp_type",
    "held_kind",
    "kind_of",
    "of_storage",
    "token_struct",
    "token_type",
    "token_type_name",
]

FLOATS = {
    float8_e4m3fn: FLOAT8_E4M3FN,
    float8_e5m2: FLOAT8_E5M2,
    bfloat16: BFLOAT16,
    float16: HALF,
    float32: FLOAT,
    float64: DOUBLE,
}


def kind_of(dtype: DType) -> Kind:
    """The kind of an expression that is a value of a type."""
    match dtype:
        case Int(width):
            return Whole(width=width, signed=True)
        case UInt(width):
            return Whole(width=width, signed=False)
        case Fixed(width):
            return Whole(width=width, signed=dtype.signed)
        case Bool():
            return TRUTH
        case Index():
            return Whole(width=64, signed=True)
        case Float():
            return FLOATS[dtype]
        case Struct():
            return Whole(width=dtype.bits, signed=False)


def of_storage(kind: Kind) -> Kind:
    """The kind of what lies in memory: a float that C++ has no type for is there as its bits."""
    if isinstance(kind, Real) and kind.format is not None and kind != HALF:
        return Whole(width=kind.bits, signed=False)
    return kind


def held_kind(dtype: DType) -> Kind:
    """The kind of a variable: numbers of fixed point lie there as such, their units are what is computed with."""
    if isinstance(dtype, Fixed):
        return Point(
            width=dtype.width,
            fraction=dtype.fraction,
            signed=dtype.signed,
            rounding=dtype.rounding,
            overflow=dtype.overflow,
        )
    return kind_of(dtype)


def cpp_type(dtype: DType) -> str:
    """The C++ type of a value in an array or a channel."""
    return str(of_storage(held_kind(dtype)))


def array_text(tensor: TensorType, name: str, *, flat: bool) -> str:
    """The declaration of an array with all its dimensions, or as a `flat` one of all its elements."""
    extents = [tensor.size] if flat else tensor.shape
    return f"{cpp_type(tensor.element)} {name}{''.join(f'[{extent}]' for extent in extents)}"


def token_type_name(tensor: TensorType) -> str:
    """The name of the struct that a block token is: `float32_4x8` for `float32[4, 8]`."""
    return f"{_plain_name(tensor.element)}_{'x'.join(map(str, tensor.shape))}"


def _plain_name(dtype: DType) -> str:
    """A type in letters and digits: `fixed_12_6_half_up` for `Fixed(12, 6, rounding="half_up")`."""
    if not isinstance(dtype, Fixed):
        return "".join(char if char.isalnum() else "_" for char in str(dtype)).strip("_")
    fraction = str(dtype.fraction).replace("-", "minus")
    modes = [each for each in (dtype.rounding, dtype.overflow) if each not in ("floor", "wrap")]
    return "_".join(["fixed" if dtype.signed else "ufixed", str(dtype.width), fraction, *modes])


def token_type(token: DType | TensorType) -> str:
    """The C++ type of a token."""
    return token_type_name(token) if isinstance(token, TensorType) else cpp_type(token)


def token_struct(tensor: TensorType) -> str:
    """The definition of the struct that a block token is."""
    extents = "".join(f"[{extent}]" for extent in tensor.shape)
    return f"struct {token_type_name(tensor)} {{\n    {cpp_type(tensor.element)} data{extents};\n}};\n"
