"""Functions written in C++, as a kernel's text names them."""

import types
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from spatial.source.errors import Misuse, ProgramError, outside_kernel
from spatial.source.span import Span, caller_span
from spatial.types.dtype import DType, as_dtype
from spatial.types.tensor import TensorType

__all__ = ["External", "In", "InOut", "Out", "Parameter"]


@dataclass(frozen=True, slots=True)
class In:
    """`sp.In(T)`: a parameter of an external function that it only reads, an array or a number passed by value."""

    type: DType | TensorType
    direction: ClassVar[str] = "in"

    def __post_init__(self) -> None:
        object.__setattr__(self, "type", _parameter_type(self.type, "In", scalars=True))


@dataclass(frozen=True, slots=True)
class Out:
    """`sp.Out(T[M, N])`: an array that an external function writes, all of it, and does not read."""

    type: TensorType
    direction: ClassVar[str] = "out"

    def __post_init__(self) -> None:
        _parameter_type(self.type, "Out", scalars=False)


@dataclass(frozen=True, slots=True)
class InOut:
    """`sp.InOut(T[M, N])`: an array that an external function reads and writes."""

    type: TensorType
    direction: ClassVar[str] = "inout"

    def __post_init__(self) -> None:
        _parameter_type(self.type, "InOut", scalars=False)


Parameter = In | Out | InOut


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class External:
    """The function `symbol` of a C++ file or of an object file, and what does the same in the language, if anything.

    `cycles` is how long a call takes, 0 where the reference says; files and folders are absolute paths.
    """

    symbol: str
    parameters: tuple[Parameter, ...]
    source: Path | None
    object_file: Path | None
    reference: types.FunctionType | None
    cycles: int
    include: tuple[Path, ...]
    flags: tuple[str, ...]
    span: Span

    def __call__(self, *arguments: object) -> None:
        """Kernels call it; Python cannot."""
        raise outside_kernel(self.symbol)


def _parameter_type(given: object, word: str, *, scalars: bool) -> DType | TensorType:
    dtype = as_dtype(given)
    if isinstance(given, TensorType):
        return given
    if dtype is not None and scalars:
        return dtype
    span, example = caller_span(), f"write `sp.{word}(int32[4, 4])`"
    title = f"`sp.{word}` takes the type of an array" + (" or of a number" if scalars else "") + f", not `{given}`"
    hint = f"{example} or `sp.{word}(int32)`" if scalars else f"{example}; a number is an array of one element"
    raise ProgramError([Misuse(title=title, span=span, hint=hint, code="external/definition")])
