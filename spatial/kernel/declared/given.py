"""Checks what a call gives for a parameter of a kernel or a region."""

import ast
from dataclasses import dataclass, replace

from spatial.kernel.declared.references import ArrayRef
from spatial.source.report import Label, Problem, Report
from spatial.source.span import Span
from spatial.stream.stream import ChannelArray, ChannelRef, Channels, Stream, StreamType
from spatial.types.dtype import as_dtype
from spatial.types.qualifiers import Qualified
from spatial.types.tensor import TensorType

__all__ = ["GivenMismatch", "NoStream", "Parameter", "check_given", "every_parameter"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter of a kernel or a region: its declared type, if any, or what is wrong with that."""

    name: str
    type: object
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenMismatch:
    """A call gives something for a parameter that its declaration excludes."""

    parameter: str
    what: str
    wanted: str
    found: str
    span: Span
    declared: Span
    hint: str = ""

    def report(self) -> Report:
        return Report(
            code="parameter/mismatch",
            title=f"the parameter `{self.parameter}` is given {self.what}",
            primary=Label(self.span, f"gives {self.found}"),
            related=(Label(self.declared, f"declared as `{self.wanted}`"),),
            hint=self.hint,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NoStream:
    """A kernel's parameter is a stream, and nothing says which."""

    parameter: str
    span: Span

    def report(self) -> Report:
        return Report(
            code="kernel/args",
            title=f"no stream is given for the parameter `{self.parameter}`",
            primary=Label(self.span),
            hint=f"declare a stream `{self.parameter}` in the region, or list the objects for all in `args=[...]`",
        )


def every_parameter(given: ast.arguments) -> list[ast.arg]:
    """The parameters of a signature in the order in which Python lists them."""
    starred = [given.vararg] if given.vararg else []
    keywords = [given.kwarg] if given.kwarg else []
    return [*given.posonlyargs, *given.args, *starred, *given.kwonlyargs, *keywords]


def check_given(parameter: Parameter, value: object, span: Span) -> Problem | None:
    """What is wrong with giving `value` at `span`; parameters without a type take anything."""
    match parameter.type:
        case None:
            return None
        case Qualified(type=bare):
            return check_given(replace(parameter, type=bare), value, span)
        case TensorType() as wanted:
            fits, what = isinstance(value, ArrayRef) and value.type == wanted, "an array of another type"
            if not isinstance(value, ArrayRef):
                what = "no array"
        case wanted if (dtype := as_dtype(wanted)) is not None:
            fits, what = not isinstance(value, ArrayRef) or value.type == dtype, "no scalar of this type"
        case StreamType() as wanted:
            fits, what = _is_stream(value, wanted), "a stream of another type"
            if not isinstance(value, Channels | list | tuple):
                what = "no stream"
        case _ if hasattr(parameter.type, "report"):
            return parameter.type
        case wanted:
            fits, what = not isinstance(value, ArrayRef | Channels), "no compile-time value"
    if fits:
        return None
    found, spelled = describe(value), getattr(wanted, "__name__", str(wanted))
    return GivenMismatch(
        parameter=parameter.name,
        what=what,
        wanted=spelled,
        found=found,
        span=span,
        declared=parameter.span,
        hint=_streamed(value) if isinstance(wanted, StreamType) else "",
    )


def _streamed(value: object) -> str:
    """How an array comes to where a stream is taken."""
    if not isinstance(value, ArrayRef) or not isinstance(value.type, TensorType):
        return ""
    name, index = value.name, ", ".join("k" for _ in value.type.shape)
    puts = f"put its elements into a stream, `fifo.put({name}[{index}])`"
    return f"{puts}, or take the array, and let `to` of a schedule make a channel of it"


def _is_stream(value: object, wanted: StreamType) -> bool:
    """Whether channels have the element type and the shape wanted; their depth is said where they are declared."""
    match value:
        case ChannelRef(stream=stream):
            return not wanted.shape and stream.type.element == wanted.element
        case Stream(type=type_, shape=shape) | ChannelArray(stream=Stream(type=type_), shape=shape):
            return (type_.element, shape) == (wanted.element, wanted.shape)
        case list() | tuple() if len(wanted.shape) == 1 and len(value) == wanted.shape[0]:
            return all(_is_stream(channel, StreamType(element=wanted.element, depth=1)) for channel in value)
    return False


def describe(value: object) -> str:
    """What a value is, for a message."""
    match value:
        case ArrayRef(name=name, type=type_) | Stream(name=name, type=type_):
            return f"`{name}`, which is `{type_}`"
        case ChannelRef(stream=stream):
            return f"`{value}`, a channel of `{stream.type.element}`"
        case ChannelArray(stream=stream, shape=shape):
            return f"`{value}`, channels of `{stream.type.element}` of the shape {list(shape)}"
        case list() | tuple() if value and all(isinstance(item, Channels) for item in value):
            return f"{len(value)} channels"
    return f"`{value!r}`, a value of type `{type(value).__name__}`"
