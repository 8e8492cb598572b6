"""What a function gives back that is a program by itself."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from spatial.kernel.declared.references import ArrayRef
from spatial.kernel.declared.signature import UntypedParameter, evaluated
from spatial.meta.errors import UndefinedName
from spatial.source.report import Label, Problem, Report
from spatial.source.span import Span
from spatial.source.text import FunctionText
from spatial.types.dtype import DType, as_dtype
from spatial.types.tensor import TensorType

__all__ = ["Result", "Types", "UntypedResult", "result_types"]

Types = tuple[TensorType | DType, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One value that a function returns, in the array `name`; a `number` is its only element.

    The array is memory that no run is given; None where it is one of the function's parameters.
    """

    name: str
    array: ArrayRef | None = None
    number: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UntypedResult:
    """A function is declared to return what is no type of a value."""

    function: str
    found: str
    span: Span

    def report(self) -> Report:
        return Report(
            code="parameter/type",
            title=f"`{self.function}` is not declared to return arrays or scalars",
            primary=Label(self.span, self.found),
            hint="write `-> int32[M, N]`, or leave it out",
        )


def result_types(
    text: FunctionText, annotations: Mapping[str, object], environment: Mapping[str, object]
) -> Types | Problem | None:
    """The types that a function's head declares for what it returns, None if it says nothing."""
    written = text.node.returns
    if written is None:
        return None
    said = evaluated(annotations.get("return"), ast.arg("return", written), text, environment)
    if said is None:
        return ()
    if isinstance(said, UntypedParameter):
        return UntypedResult(function=text.node.name, found=said.found, span=said.span)
    if isinstance(said, UndefinedName):
        return said
    parts = getattr(said, "__args__", said)
    types = [as_dtype(part) or part for part in (parts if isinstance(parts, tuple | list) else (parts,))]
    for part in types:
        if not isinstance(part, TensorType | DType):
            spelled = getattr(part, "__name__", part)
            return UntypedResult(
                function=text.node.name, found=f"`{spelled}` is no type of a value", span=text.span(written)
            )
    return tuple(part for part in types if isinstance(part, TensorType | DType))
