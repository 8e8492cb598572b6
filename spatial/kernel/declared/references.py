"""What the body of a region holds in place of memory."""

import itertools
import operator
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Never, SupportsIndex

from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import Span, caller_span
from spatial.types.dtype import DType
from spatial.types.tensor import TensorType, shape_of

__all__ = ["ArrayRef", "Handed", "Kept", "ScalarRef", "Start", "arrays_in"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Where a window begins in a dimension of an array: `cut` unless it is all of it, not `kept` if it is one index."""

    at: int = 0
    cut: bool = False
    kept: bool = True


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ArrayRef:
    """An array as a region's body holds it, to be given to kernels.

    It is a parameter of the region, or, where it is `owned`, memory of the module: `initial` are then
    its first values in C order, one for all elements, none for zeros, which every run begins with, or, where it is
    `stateful`, only the first. `storage` is what it is bound to. Arrays are numbered in the order they are made.
    """

    name: str
    type: TensorType | DType
    span: Span
    owned: bool = False
    initial: tuple[int | float | bool, ...] = ()
    stateful: bool = False
    storage: str = ""
    number: int = field(default_factory=itertools.count().__next__)
    whole: "ArrayRef | None" = field(default=None, repr=False)
    window: tuple[Start, ...] = ()

    __iter__: ClassVar[None] = None

    @property
    def root(self) -> "ArrayRef":
        """The array that a window is part of; otherwise the array itself."""
        return self.whole or self

    @property
    def starts(self) -> tuple[Start, ...]:
        """Where it begins in each dimension of its root."""
        return self.window or tuple(Start() for _ in shape_of(self.type))

    def __getitem__(self, indices: object) -> "ArrayRef":
        """A window of the array: `A[0:4, :]` keeps both dimensions, `A[2]` drops the first.

        Slices have the step 1 and end inside. Raises `ProgramError` for anything else, or where no dimension is left.
        """
        given = list(indices) if isinstance(indices, tuple) else [indices]
        spelled = f"{self.name}[{', '.join(map(_spell, given))}]"
        extents = shape_of(self.type)
        if len(given) > len(extents):
            raise _no_window(
                spelled, f"`{self.name}` has {len(extents)} dimension{'s' * (len(extents) > 1)}, {len(given)} are given"
            )
        given += [slice(None)] * (len(extents) - len(given))
        parts = [_part(spelled, part, extent) for part, extent in zip(given, extents, strict=True)]
        left = tuple(len(part) for part in parts if isinstance(part, range))
        if not left:
            raise _no_window(spelled, "no dimension is left", "take a slice of one element: `A[0:1]`")
        assert isinstance(self.type, TensorType), "a scalar has no windows"
        remaining = iter(zip(parts, extents, strict=True))
        window = tuple(_moved(start, *next(remaining)) if start.kept else start for start in self.starts)
        return ArrayRef(
            name=spelled,
            type=TensorType(self.type.element, left),
            span=self.span,
            storage=self.storage,
            whole=self.root,
            window=window,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Memory of each PE's own that keeps its values, a `Stateful` local; `initial` has the first values for each PE."""

    name: str
    type: TensorType | DType
    span: Span
    initial: tuple[tuple[int | float | bool, ...], ...]
    storage: str = ""

    def of(self, actor: str, position: int) -> ArrayRef:
        """The memory of the actor that is the PE at a position of its specialization."""
        return ArrayRef(
            name=f"{actor}.{self.name}",
            type=self.type,
            span=self.span,
            owned=True,
            initial=self.initial[position],
            stateful=True,
            storage=self.storage,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A local array that each PE hands to the regions it calls: memory of the module, in `arrays` for each PE."""

    name: str
    type: TensorType | DType
    span: Span
    arrays: tuple[ArrayRef, ...]

    def of(self, actor: str, position: int) -> ArrayRef:
        """The memory of the actor that is the PE at a position of its specialization."""
        return self.arrays[position]


class ScalarRef(ArrayRef):
    """A scalar parameter of a region as its body holds it: its value is only known while the program runs."""

    __slots__ = ()

    def _unknown(self, *others: object) -> Never:
        title = f"the body of a region cannot use the value of `{self.name}`: it is given when the program runs"
        hint = "use it in a kernel, or make the region in a function that takes the number: `def make(n): ...`"
        raise ProgramError([Misuse(title=title, span=caller_span(), hint=hint, code="meta/running-value")])

    __index__ = __int__ = __float__ = __bool__ = __round__ = __abs__ = __neg__ = __pos__ = __invert__ = _unknown
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _unknown
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __pow__ = __rpow__ = __divmod__ = _unknown
    __and__ = __rand__ = __or__ = __ror__ = __xor__ = __rxor__ = __lshift__ = __rshift__ = _unknown
    __lt__ = __le__ = __gt__ = __ge__ = __getitem__ = _unknown

    def __eq__(self, other: object) -> bool:
        return other is self or (not isinstance(other, ArrayRef) and self._unknown())

    __hash__ = ArrayRef.__hash__


def arrays_in(objects: Mapping[str, object]) -> dict[str, ArrayRef]:
    """The arrays and scalars among named objects."""
    return {name: value for name, value in objects.items() if isinstance(value, ArrayRef)}


def _part(window: str, given: object, extent: int) -> range | int:
    """The positions that an index or a slice takes of a dimension."""
    if isinstance(given, slice):
        try:
            bounds = [None if part is None else operator.index(part) for part in (given.start, given.stop, given.step)]
        except TypeError:
            raise _no_window(window, "the bounds of a slice are integers") from None
        first, last, step = bounds
        first = 0 if first is None else first + (extent if first < 0 else 0)
        last = extent if last is None else last + (extent if last < 0 else 0)
        if step not in (None, 1):
            raise _no_window(window, f"the step is {step}", "take neighbouring elements: a window has the step 1")
        if not 0 <= first < last <= extent:
            raise _no_window(window, f"{first} up to {last} does not lie within {extent} elements")
        return range(first, last)
    if isinstance(given, bool) or not isinstance(given, SupportsIndex):
        raise _no_window(window, f"`{_spell(given)}` is no index")
    position = operator.index(given)
    if not -extent <= position < extent:
        raise _no_window(window, f"index {position} is outside of {extent} elements")
    return position % extent


def _moved(start: Start, part: range | int, extent: int) -> Start:
    """Where a window of a window begins in the array."""
    if isinstance(part, int):
        return Start(at=start.at + part, cut=True, kept=False)
    return Start(at=start.at + part.start, cut=start.cut or len(part) < extent)


def _spell(part: object) -> str:
    if not isinstance(part, slice):
        return str(part)
    bounds = ["" if bound is None else str(bound) for bound in (part.start, part.stop)]
    return ":".join(bounds if part.step is None else [*bounds, str(part.step)])


def _no_window(window: str, why: str, hint: str = "") -> ProgramError:
    title = f"`{window}` is no window of an array: {why}"
    return ProgramError([Misuse(title=title, span=caller_span(), hint=hint, code="array/window")])
