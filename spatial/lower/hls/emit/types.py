"""The types of C++ that hold the program's values and tokens."""

from spatial.lower.hls.emit.kinds import DOUBLE, FLOAT, HALF, TRUTH, Kind, Whole
from spatial.types.dtype import (
    Bool,
    DType,
    Fixed,
    Float,
    Index,
    Int,
    Struct,
    UInt,
    float16,
    float32,
    float64,
)
from spatial.types.tensor import TensorType

__all__ = ["cpp_type", "kind_of", "token_struct", "token_type", "token_type_name"]

FLOATS = {float16: HALF, float32: FLOAT, float64: DOUBLE}


def kind_of(dtype: DType) -> Kind:
    """The kind of a variable that holds a value of a type; a float of 8 bits or a `bfloat16` is kept as its bits."""
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
        case Float() if dtype in FLOATS:
            return FLOATS[dtype]
        case Float() | Struct():
            return Whole(width=dtype.bits, signed=False)


def cpp_type(dtype: DType) -> str:
    """The C++ type of a value."""
    return str(kind_of(dtype))


def token_type_name(tensor: TensorType) -> str:
    """The name of the struct that a block token is: `float32_4x8` for `float32[4, 8]`."""
    element = "".join(char if char.isalnum() else "_" for char in str(tensor.element)).strip("_")
    return f"{element}_{'x'.join(map(str, tensor.shape))}"


def token_type(token: DType | TensorType) -> str:
    """The C++ type of a token."""
    return token_type_name(token) if isinstance(token, TensorType) else cpp_type(token)


def token_struct(tensor: TensorType) -> str:
    """The definition of the struct that a block token is."""
    extents = "".join(f"[{extent}]" for extent in tensor.shape)
    return f"struct {token_type_name(tensor)} {{\n    {cpp_type(tensor.element)} data{extents};\n}};\n"
