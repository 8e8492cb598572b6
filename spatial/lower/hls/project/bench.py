"""The test bench of an exported design, and what runs it without the vendor's tools."""

from dataclasses import dataclass

from spatial.analysis.sharing import array_uses
from spatial.ir.function import Parameter
from spatial.ir.graph import ActorGraph
from spatial.lower.hls.emit.codec import codec_text, file_bytes
from spatial.lower.hls.emit.csim import included
from spatial.lower.hls.emit.top import Top
from spatial.lower.hls.emit.types import cpp_type, token_type
from spatial.lower.hls.project.render import render
from spatial.types.dtype import DType, float16, float32, float64
from spatial.types.tensor import TensorType, element_of, size_of

__all__ = ["bench_text", "csim_text", "given_file", "golden_file"]

TOLERANCES = {float16: "1e-3", float32: "1e-5", float64: "1e-12"}  # of the greater of 1 and the result


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A parameter as the test bench holds it: of `type` in C++, called `name` there and `told` by the user.

    An element takes `size` bytes in a file; `given` and `golden` are files, where there are such.
    """

    kind: str
    name: str
    told: str
    type: str
    size: int
    count: int
    extents: str
    given: str
    golden: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A struct that holds the elements of a token."""

    name: str
    count: int
    zeros: str


def bench_text(graph: ActorGraph, top: Top) -> str:
    """The text of `tb.cpp`."""
    held = [_held(graph, parameter, top.parameters[parameter.name]) for parameter in graph.parameters]
    types = [_type(parameter) for parameter in graph.parameters]
    ends = [each for each in held if each.kind == "stream"]
    judged = [type_ for type_, each in zip(types, held, strict=True) if each.golden]
    reals = dict.fromkeys(element_of(type_) for type_ in judged)
    blocks = dict.fromkeys(type_ for type_ in judged if isinstance(type_, TensorType))
    return render(
        "tb.cpp",
        top=top.name,
        codec=codec_text(types),
        parameters=held,
        fields=[each for each in held if each.kind != "stream"],
        streams=ends,
        inputs=[each for each in ends if each.given],
        outputs=[each for each in ends if each.golden],
        written=[each for each in held if each.kind == "array" and each.golden],
        goldens=[each for each in held if each.golden],
        reals=[(cpp_type(dtype), TOLERANCES[dtype]) for dtype in reals if dtype in TOLERANCES],
        blocks=[Block(name=token_type(block), count=block.size, zeros="[0]" * len(block.shape)) for block in blocks],
    )


def csim_text(top: Top) -> str:
    """The text of `csim/csim.cpp`."""
    return render("csim.cpp", top=top.name, included=included(top), streams=top.streams)


def given_file(graph: ActorGraph, parameter: Parameter) -> str:
    """The file in `data` with what a parameter begins with; none for an output stream."""
    return "" if parameter.name in graph.outputs else f"{parameter.name}.bin"


def golden_file(graph: ActorGraph, parameter: Parameter) -> str:
    """The file in `data` with what a parameter ends with; none for what is only read."""
    uses = array_uses(graph)
    written = parameter.name in uses and bool(uses[parameter.name].writers)
    return f"{parameter.name}.golden.bin" if written or parameter.name in graph.outputs else ""


def _held(graph: ActorGraph, parameter: Parameter, name: str) -> Held:
    type_ = _type(parameter)
    return Held(
        kind=parameter.kind,
        name=name,
        told=parameter.name,
        type=token_type(type_) if parameter.stream else cpp_type(element_of(type_)),
        size=file_bytes(type_),
        count=size_of(parameter.type),
        extents="".join(f"[{extent}]" for extent in parameter.shape) if parameter.stream else "",
        given=given_file(graph, parameter),
        golden=golden_file(graph, parameter),
    )


def _type(parameter: Parameter) -> DType | TensorType:
    """What an element of a parameter is: the token of a stream, else what an array is made of."""
    return parameter.type if parameter.stream else element_of(parameter.type)
