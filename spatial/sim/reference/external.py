"""Calls functions in C++ from a simulation."""

import ctypes
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from spatial.analysis.errors import NotRunnable
from spatial.ir.dialect import ByReferenceOp, ByValueOp, ExternalOp
from spatial.ir.dtypes import parse_type
from spatial.ir.external import overlap_fault
from spatial.ir.location import span_of
from spatial.ir.mlir import ir
from spatial.sim.faults import Fault
from spatial.sim.host.shared_object import shared_object
from spatial.sim.host.signature import takes
from spatial.sim.reference.actor import ActorState
from spatial.sim.reference.memory import SharedMemory
from spatial.sim.values import decoded, encoded
from spatial.source.errors import ProgramError
from spatial.source.span import Span
from spatial.types.dtype import DType, Fixed, Struct, bfloat16, float16, float32, float64, is_float
from spatial.types.tensor import TensorType, element_of
from spatial.types.values import numpy_dtype

__all__ = ["HostFunction", "Passed", "host_function", "in_cpp", "passed_to"]

FLOATS = (float32, float64)
Buffer = npt.NDArray[np.generic]
Slice = tuple[SharedMemory | list[object], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """One argument of a call: what the IR calls its parts, its type, and how it is used ("" of a number)."""

    operands: tuple[ir.Value, ...]
    type: DType | TensorType
    direction: str = ""


@dataclass(slots=True, kw_only=True)
class HostFunction:
    """A function in C++ as actors call it; `source` is empty where only an object file of it is there.

    `loaded` is the function itself, once it was needed.
    """

    symbol: str
    source: str
    include: tuple[str, ...]
    flags: tuple[str, ...]
    parameters: tuple[tuple[DType | TensorType, str], ...]
    span: Span
    loaded: Callable[..., None] | None = None

    def load(self) -> Callable[..., None]:
        """The function itself, compiled if need be; raises `ProgramError` or `ToolError` where that cannot be."""
        if self.loaded is None:
            for problem in self.problems():
                raise ProgramError([problem])
            self.loaded = self.found()
        return self.loaded

    def found(self) -> Callable[..., None]:
        """The function in the shared object of its source."""
        path = Path(self.source)
        types = [type_ for type_, _ in self.parameters]
        library = ctypes.CDLL(str(shared_object(path, self.include, self.flags)))
        found: Any = getattr(library, self.symbol, None)
        if found is None:
            why = f"`{path.name}` has no function of this name"
            hint = f'declare it `extern "C" void {self.symbol}(...)`'
            raise ProgramError([NotRunnable(symbol=self.symbol, why=why, span=self.span, hint=hint)])
        if not takes(self.symbol, path, self.include, self.flags, types):
            why = f"in `{path.name}` it has other parameters"
            hint = f"here it is declared to take {' and '.join(f'`{each}`' for each in types)}"
            raise ProgramError([NotRunnable(symbol=self.symbol, why=why, span=self.span, hint=hint)])
        found.restype = None
        found.argtypes = [_c_type(each) for each in types]
        called: Callable[..., None] = found
        return called

    def problems(self) -> Iterator[NotRunnable]:
        """What keeps a simulation from calling it."""
        if not self.source:
            hint = 'give it a Python function, `reference=...`, or the text, `source="mm.cc"`'
            yield NotRunnable(symbol=self.symbol, why="only its object file is there", span=self.span, hint=hint)
        for type_, _ in self.parameters:
            if not _is_native(type_):
                hint = "give it a `reference`, or pass the bits as an integer: `sp.bitcast(x, UInt(16))`"
                why = f"this machine's C++ has no `{element_of(type_)}`"
                yield NotRunnable(symbol=self.symbol, why=why, span=self.span, hint=hint)

    def __call__(self, actor: ActorState, site: int, *arguments: object) -> None:
        """Runs the function on copies of what it is given, and stores what it wrote."""
        self._check_overlaps(arguments, site)
        pairs = list(zip(self.parameters, arguments, strict=True))
        given = [_encoded(type_, direction, each, actor, site) for (type_, direction), each in pairs]
        self.load()(*(each.ctypes.data if isinstance(each, np.ndarray) else each for each in given))
        for ((type_, direction), argument), value in zip(pairs, given, strict=True):
            if direction in ("out", "inout") and isinstance(argument, tuple) and isinstance(value, np.ndarray):
                self._store(argument, value, element_of(type_), actor, site)

    def _store(self, target: Slice, written: Buffer, element: DType, actor: ActorState, site: int) -> None:
        memory, first = target
        try:
            values = encoded(written, element)
        except ValueError as error:
            raise Fault(site, self.wrong_value(error)) from None
        if isinstance(memory, SharedMemory):
            for position, value in enumerate(values, start=first):
                memory.write(position, value, actor, site)
        else:
            memory[first : first + len(values)] = values

    def wrong_value(self, error: ValueError) -> str:
        """What is told where it wrote something that the type does not hold."""
        return f"`{self.symbol}` wrote a wrong value, {error}"

    def _check_overlaps(self, arguments: Sequence[object], site: int) -> None:
        """What is written is given once."""
        parts = [
            (id(argument[0]), range(argument[1], argument[1] + type_.size), direction != "in")
            for (type_, direction), argument in zip(self.parameters, arguments, strict=True)
            if isinstance(argument, tuple) and isinstance(type_, TensorType)
        ]
        for number, (memory, taken, writes) in enumerate(parts):
            for other, also, too in parts[:number]:
                overlap = memory == other and taken.start < also.stop and also.start < taken.stop
                if overlap and (writes or too):
                    raise Fault(site, overlap_fault(self.symbol))


def host_function(op: ExternalOp) -> HostFunction:
    """The function that a call names."""
    return HostFunction(
        symbol=op.symbol.value,
        source=op.source.value,
        include=tuple(folder.value for folder in op.include),
        flags=tuple(flag.value for flag in op.flags),
        parameters=tuple((each.type, each.direction) for each in passed_to(op)),
        span=span_of(op.location),
    )


def passed_to(op: ExternalOp) -> list[Passed]:
    """The arguments of a call."""
    return [_passed(value.owner.opview) for value in op.operands]


def _passed(op: ir.OpView) -> Passed:
    assert isinstance(op, ByValueOp | ByReferenceOp), "nothing else makes an argument"
    type_ = parse_type(op.dtype.value)
    direction = op.direction.value if isinstance(op, ByReferenceOp) else ""
    return Passed(operands=tuple(op.operands), type=type_, direction=direction)


def _is_native(type_: DType | TensorType) -> bool:
    """Whether C++ has the NumPy form of a type: integers of up to 64 bits, and floats of its own."""
    dtype = element_of(type_)
    if isinstance(dtype, Fixed | Struct):
        return False
    if is_float(dtype):
        return dtype in FLOATS or (dtype in (bfloat16, float16) and isinstance(type_, TensorType))
    return dtype.bits <= 64


def _c_type(type_: DType | TensorType) -> object:
    if isinstance(type_, TensorType):
        return ctypes.c_void_p
    number: Any = numpy_dtype(type_)
    return np.ctypeslib.as_ctypes_type(number)


def _encoded(type_: DType | TensorType, direction: str, given: object, actor: ActorState, site: int) -> object:
    """An argument as C++ takes it; what is not read is not looked at."""
    if not isinstance(type_, TensorType) or not isinstance(given, tuple):
        return given
    memory, first = given
    positions = range(first, first + type_.size)
    if not isinstance(memory, SharedMemory):
        values = memory[first : first + type_.size]
    elif direction == "out":
        values = [memory.values[position] for position in positions]
    else:
        values = [memory.read(position, actor, site) for position in positions]
    return in_cpp(values, type_)


def in_cpp(values: Sequence[object], type_: TensorType) -> Buffer:
    """The engine's values as C++ takes them, in memory of their own."""
    return np.ascontiguousarray(decoded({"": type_}, {"": values})[""])
