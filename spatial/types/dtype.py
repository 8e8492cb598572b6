"""The types of scalars, from which tensor types are made by indexing."""

import math
from dataclasses import dataclass
from typing import NoReturn, SupportsIndex

from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import caller_span
from spatial.types.checks import checked_fixed, checked_shape, checked_width
from spatial.types.open import OpenType, is_open
from spatial.types.qualifiers import Qualified, Qualifier, placements
from spatial.types.record import Record

__all__ = [
    "Bool",
    "DType",
    "Fixed",
    "Float",
    "Index",
    "Int",
    "Struct",
    "TensorType",
    "UFixed",
    "UInt",
    "as_dtype",
    "bfloat16",
    "bool_",
    "float8_e4m3fn",
    "float8_e5m2",
    "float16",
    "float32",
    "float64",
    "index",
    "int8",
    "int16",
    "int32",
    "int64",
    "is_float",
    "is_integer",
    "is_signed",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
]


class _Scalar:
    """What the user can write with every scalar type: `int8[4, 8]` is a tensor type, `int8(3)` an error here."""

    __slots__ = ()

    def __getitem__(self, dims: object) -> "TensorType | OpenType":
        """The tensor type of that shape; raises `ProgramError` (array/extent) unless all dims are integers >= 1.

        Type parameters may stand for dims in the signature of a generic function.
        """
        assert isinstance(self, DType), "the family is closed"
        if is_open(dims):
            return OpenType()
        return TensorType(self, checked_shape(str(self), dims))

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[type, ...]:
        """Raises `ProgramError` (type/struct): no class is made from a type of the language."""
        name = getattr(self, "name", str(self))
        title = f"a struct takes nothing over from `{name}`: it has no base class"
        hint = f"write the fields of `{name}` in it, or one field of that type"
        raise ProgramError([Misuse(title=title, span=caller_span(), hint=hint, code="type/struct")])

    def __repr__(self) -> str:
        return str(self)

    def __call__(self, *operands: object, **named: object) -> object:
        """Raises `ProgramError` (api/outside-kernel): only the text of a kernel may cast."""
        title = f"{self}(...) is a cast inside a kernel; outside it has no meaning"
        raise ProgramError(
            [Misuse(title=title, span=caller_span(), hint="move it into a kernel", code="api/outside-kernel")]
        )


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Int(_Scalar):
    """Two's complement integers of 1 to 1024 bits; another width raises `ProgramError` (api/misuse)."""

    width: int

    def __init__(self, width: SupportsIndex) -> None:
        object.__setattr__(self, "width", checked_width("Int", width))

    def __str__(self) -> str:
        return f"int{self.width}" if self.width in _NAMED_WIDTHS else f"Int({self.width})"

    @property
    def bits(self) -> int:
        return self.width


@dataclass(frozen=True, slots=True, init=False, repr=False)
class UInt(_Scalar):
    """Unsigned integers of 1 to 1024 bits; another width raises `ProgramError` (api/misuse)."""

    width: int

    def __init__(self, width: SupportsIndex) -> None:
        object.__setattr__(self, "width", checked_width("UInt", width))

    def __str__(self) -> str:
        return f"uint{self.width}" if self.width in _NAMED_WIDTHS else f"UInt({self.width})"

    @property
    def bits(self) -> int:
        return self.width


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Fixed(_Scalar):
    """Fixed point: integers of `width` bits in all, counting units of 2**-`fraction`.

    `width` is from 1 to 1024, `fraction` from -1000 to 1000; it may exceed the width or be negative. A value
    that becomes a `Fixed` is rounded to a unit by `rounding`, then brought into range by `overflow`:

    - "floor" (the default) and "zero" round toward minus infinity and toward zero; the others to the nearest, ties
      going up ("half_up"), down ("half_down"), toward zero ("half_zero"), away from it ("half_away"), or to even
      ("half_even").
    - "wrap" (the default) drops the bits above the width, "saturate" takes the nearest limit, "symmetric" does too
      but leaves out the least value of a signed type, "zero" gives 0.

    These are AP_TRN, AP_TRN_ZERO, AP_RND, AP_RND_MIN_INF, AP_RND_ZERO, AP_RND_INF, AP_RND_CONV; AP_WRAP, AP_SAT,
    AP_SAT_SYM, AP_SAT_ZERO of Vitis `ap_fixed` (UG1399). Anything else raises `ProgramError` (api/misuse).
    """

    width: int
    fraction: int
    rounding: str
    overflow: str
    signed: bool

    def __init__(
        self,
        width: SupportsIndex,
        fraction: SupportsIndex,
        *,
        rounding: str = "floor",
        overflow: str = "wrap",
        signed: bool = True,
    ) -> None:
        whole, part = checked_fixed("Fixed" if signed else "UFixed", width, fraction, rounding, overflow)
        object.__setattr__(self, "width", whole)
        object.__setattr__(self, "fraction", part)
        object.__setattr__(self, "rounding", rounding)
        object.__setattr__(self, "overflow", overflow)
        object.__setattr__(self, "signed", bool(signed))

    def __str__(self) -> str:
        modes = "" if self.rounding == "floor" else f', rounding="{self.rounding}"'
        modes += "" if self.overflow == "wrap" else f', overflow="{self.overflow}"'
        return f"{'Fixed' if self.signed else 'UFixed'}({self.width}, {self.fraction}{modes})"

    @property
    def bits(self) -> int:
        return self.width


def UFixed(width: SupportsIndex, fraction: SupportsIndex, *, rounding: str = "floor", overflow: str = "wrap") -> Fixed:
    """`Fixed` without negative values: `UFixed(8, 8)` runs from 0 up to 1 - 2**-8."""
    return Fixed(width, fraction, rounding=rounding, overflow=overflow, signed=False)


@dataclass(frozen=True, slots=True, repr=False)
class Float(_Scalar):
    """Binary floating point as in IEEE 754; `precision` counts the leading bit that is not stored.

    A `finite` type has no infinities: its greatest exponent holds numbers too, but for the one that is NaN.
    """

    name: str
    precision: int
    exponent_bits: int
    finite: bool = False

    def __str__(self) -> str:
        return self.name

    @property
    def bits(self) -> int:
        return self.precision + self.exponent_bits


@dataclass(frozen=True, slots=True, repr=False)
class Bool(_Scalar):
    """Truth values; in arithmetic they count as `UInt(1)`."""

    def __str__(self) -> str:
        return "bool"

    @property
    def bits(self) -> int:
        return 1


@dataclass(frozen=True, slots=True, repr=False)
class Index(_Scalar):
    """Loop counters and positions: 64 signed bits that wrap instead of widening."""

    def __str__(self) -> str:
        return "index"

    @property
    def bits(self) -> int:
        return 64


@dataclass(frozen=True, slots=True, repr=False)
class Struct(_Scalar):
    """Named scalars side by side in one token or element: the first field lies in the lowest bits."""

    name: str
    fields: tuple[tuple[str, "DType"], ...]

    def __str__(self) -> str:
        return f"{self.name}{{{', '.join(f'{name}: {dtype}' for name, dtype in self.fields)}}}"

    @property
    def bits(self) -> int:
        return sum(dtype.bits for _, dtype in self.fields)

    def __call__(self, *operands: object, **named: object) -> Record:
        """A value of the struct, for what begins with one and for constants; in a kernel, where it is made.

        Raises `ProgramError` (type/struct) unless each field is given once, by position or by name.
        """
        names = [name for name, _ in self.fields]
        given = {**dict(zip(names, operands, strict=False)), **named}
        if given.keys() != set(names) or len(operands) + len(named) != len(names):
            title = f"the fields of `{self.name}` are {', '.join(f'`{name}`' for name in names)}, each is given once"
            hint = f"write `{self.name}({', '.join(f'{name}=...' for name in names)})`"
            raise ProgramError([Misuse(title=title, span=caller_span(), hint=hint, code="type/struct")])
        return Record(self, names, (given[name] for name in names))

    def place(self, field: str) -> tuple[int, "DType"] | None:
        """The lowest bit of a field and its type; None where there is no such field."""
        offset = 0
        for name, dtype in self.fields:
            if name == field:
                return offset, dtype
            offset += dtype.bits
        return None


DType = Int | UInt | Fixed | Float | Bool | Index | Struct


@dataclass(frozen=True, slots=True, repr=False)
class TensorType:
    """Elements of one type in C order; `shape` has at least one dimension, each at least 1."""

    element: DType
    shape: tuple[int, ...]

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        return f"{self.element}[{', '.join(map(str, self.shape))}]"

    def __getitem__(self, dims: object) -> NoReturn:
        """Raises `ProgramError` (array/extent): the dimensions stand in one pair of brackets."""
        more = dims if isinstance(dims, tuple) else (dims,)
        title = f"`{self}` is the type of an array, it takes no second pair of brackets"
        hint = f"write `{self.element}[{', '.join(map(str, (*self.shape, *more)))}]`"
        raise ProgramError([Misuse(title=title, span=caller_span(), hint=hint, code="array/extent")])

    def __matmul__(self, cut: object) -> Qualified:
        """The type of a parameter that is cut along the axes of the mapping: `int8[M, K] @ [sp.S(1), sp.R]`."""
        if isinstance(cut, Qualifier):
            return NotImplemented
        return Qualified(type=self, placements=placements(cut))

    @property
    def size(self) -> int:
        """The number of elements."""
        return math.prod(self.shape)

    @property
    def bits(self) -> int:
        """The bits of all elements together."""
        return self.size * self.element.bits


_NAMED_WIDTHS = (8, 16, 32, 64)

int8, int16, int32, int64 = (Int(width) for width in _NAMED_WIDTHS)
uint8, uint16, uint32, uint64 = (UInt(width) for width in _NAMED_WIDTHS)
float8_e4m3fn = Float("float8_e4m3fn", precision=4, exponent_bits=4, finite=True)
float8_e5m2 = Float("float8_e5m2", precision=3, exponent_bits=5)
float16 = Float("float16", precision=11, exponent_bits=5)
float32 = Float("float32", precision=24, exponent_bits=8)
float64 = Float("float64", precision=53, exponent_bits=11)
bfloat16 = Float("bfloat16", precision=8, exponent_bits=8)
bool_ = Bool()
index = Index()


def as_dtype(annotation: object) -> DType | None:
    """The scalar type an annotation means: a `DType` itself or Python's `bool`; None for anything else."""
    if annotation is bool:
        return bool_
    return annotation if isinstance(annotation, DType) else None


def is_integer(dtype: DType) -> bool:
    """Whether values are whole numbers: true for `Int`, `UInt`, `Bool` (0 or 1) and `Index`."""
    return isinstance(dtype, Int | UInt | Bool | Index)


def is_float(dtype: DType) -> bool:
    """Whether values are Python floats."""
    return isinstance(dtype, Float)


def is_signed(dtype: DType) -> bool:
    """Whether the type holds negative values: true for `Int`, `Index`, `Float` and a signed `Fixed`."""
    return dtype.signed if isinstance(dtype, Fixed) else isinstance(dtype, Int | Index | Float)
