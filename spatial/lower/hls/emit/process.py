"""One function of the program as one C++ function."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from spatial.analysis.pipelining.timing import Timings
from spatial.device.operators import Operators
from spatial.ir.dialect import ActorOp, ByReferenceOp, ByValueOp, ExternalOp, TextOp
from spatial.ir.external import is_dataflow
from spatial.ir.function import Parameter, parameters, stores
from spatial.ir.location import span_of
from spatial.ir.mlir import func, ir, memref, scf
from spatial.lower.hls.emit.body import Body, Place
from spatial.lower.hls.emit.bound import bound
from spatial.lower.hls.emit.branches import conditional
from spatial.lower.hls.emit.channels import CHANNELS, windows
from spatial.lower.hls.emit.external import call_text, dataflow_text, is_callable
from spatial.lower.hls.emit.kinds import INT, LONG, limits_of
from spatial.lower.hls.emit.lines import wrapped
from spatial.lower.hls.emit.loops import counted, free_running, repeated
from spatial.lower.hls.emit.memory import allocate, load, store
from spatial.lower.hls.emit.messages import MESSAGES
from spatial.lower.hls.emit.names import identifier
from spatial.lower.hls.emit.outlines import OUTLINES, find_outlines
from spatial.lower.hls.emit.packing import PACKED, find_packing
from spatial.lower.hls.emit.partition import refuse_banks
from spatial.lower.hls.emit.rolled import StreamArray, stream_arrays
from spatial.lower.hls.emit.rounding import ROUNDED, find_rounding
from spatial.lower.hls.emit.scalars import IDIOMS, SCALARS
from spatial.lower.hls.emit.sources import Source, symbols_of
from spatial.lower.hls.emit.spread import write_rolled
from spatial.lower.hls.emit.tables import table
from spatial.lower.hls.emit.terms import named
from spatial.lower.hls.emit.tidy import without_unused
from spatial.lower.hls.emit.types import array_text, cpp_type, kind_of, token_type
from spatial.lower.hls.emit.usage import lasting_locals
from spatial.lower.hls.errors import NotInHls
from spatial.source.errors import InternalError, ProgramError
from spatial.types.dtype import Index, Struct
from spatial.types.tensor import TensorType, element_of

__all__ = ["CppParameter", "ProcessText", "Wanted", "emit_process"]

Block = Callable[[Body, ir.Block], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class CppParameter:
    """A parameter of the C++ function: `position` is that of the program's function, `text` declares it.

    `kind` is "value", "stream", "streams" (an array of them, of these `extents`), "array" or "scalar". Parameters that
    the function does not use are left out.
    """

    name: str
    kind: str
    position: int
    text: str
    extents: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessText:
    """A C++ function, and what it takes to compile it: headers, helpers, structs of block tokens, the user's files."""

    name: str
    parameters: tuple[CppParameter, ...]
    body: tuple[str, ...]
    remark: str = ""
    headers: tuple[str, ...] = ()
    helpers: tuple[str, ...] = ()
    tokens: tuple[TensorType, ...] = ()
    sources: tuple[Source, ...] = ()

    @property
    def signature(self) -> str:
        """What stands before the body."""
        return "\n".join(wrapped(f"static void {self.name}(", [each.text for each in self.parameters], ")"))

    @property
    def definition(self) -> str:
        """The whole function."""
        lines = [*([self.remark] if self.remark else []), f"{self.signature} {{", *self.body, "}"]
        return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How a function is written: with its `name`, or its own, and for some parameters, by position, with `names`.

    `values` are what actors are given for its values, by position; they are looked up where they are not known. Arrays
    at the positions `shaped` are declared with all their dimensions.
    """

    name: str = ""
    values: Mapping[int, Sequence[int]] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)
    shaped: frozenset[int] = frozenset()


PLAIN = Wanted()


def emit_process(
    function: func.FuncOp, timings: Timings, wanted: Wanted = PLAIN, operators: Operators | None = None
) -> ProcessText:
    """Writes a verified function of a module; `timings` and `operators` are those of the device it is built for."""
    body = Body(function, timings, operators=operators)
    name = wanted.name or identifier(function.name.value)
    body.names.fresh(name)
    for symbol in symbols_of(function):
        body.names.fresh(symbol)
    body.values, body.shaped = wanted.values, wanted.shaped
    arrays = stream_arrays(function)
    members = {n for array in arrays for n in array.others}
    own = [(n, each) for n, each in enumerate(parameters(function)) if n not in members]
    given = [_parameter(body, n, each, arrays, wanted.names.get(n, "")) for n, each in own]
    find_packing(body.idioms)
    find_rounding(function, body.idioms)
    find_outlines(function, body.idioms)
    body.uses = body.idioms.uses()
    windows(body)
    if body.endless is not None:
        body.kept |= lasting_locals(function, body.endless)
    _statements(body, function)
    lines = without_unused(body.lines)
    words = set(re.findall(r"\w+", "\n".join(lines)))
    span = span_of(function.location)
    place = [f"// {span.file.rpartition('/')[2]}:{span.line}"] if span.line else []
    return ProcessText(
        name=name,
        parameters=tuple(parameter for parameter in given if parameter.name in words),
        body=tuple(lines),
        remark="\n".join([*place, *_layouts([each for _, each in own], given)]),
        headers=tuple(sorted(body.headers)),
        helpers=tuple(sorted(body.helpers)),
        tokens=tuple(body.tokens),
        sources=tuple(body.sources),
    )


def _layouts(known: Sequence[Parameter], given: Sequence[CppParameter]) -> Iterator[str]:
    """Which bits of a word are which field, for each struct that the function has to do with."""
    told = set()
    for parameter, each in zip(known, given, strict=True):
        dtype = element_of(parameter.type)
        if isinstance(dtype, Struct) and dtype not in told:
            told.add(dtype)
            at, fields = 0, []
            for name, field in dtype.fields:
                fields.append(f"{name} {at + field.bits - 1}:{at}" if field.bits > 1 else f"{name} {at}")
                at += field.bits
            yield f"// {each.name}: {dtype.name} {{{', '.join(fields)}}}"


def _statements(body: Body, function: func.FuncOp) -> None:
    """The lines of the function, what is declared early in front."""
    for op in function.entry_block.operations:
        if body.endless is not None and op == body.endless:
            free_running(body, op, block)
        else:
            operation(body, op)
    early = [f"{body.indent()}{line}" for line in body.early]
    body.lines = [*body.pragmas, *early, *body.lines]


def _parameter(
    body: Body, position: int, parameter: Parameter, arrays: Sequence[StreamArray], wanted: str
) -> CppParameter:
    argument = body.function.arguments[position]
    if array := next((each for each in arrays if each.first == position), None):
        name = body.names.fresh(array.name)
        text = _stream(body, argument, name, parameter).replace(f"&{name}", name) + array.extents
        return CppParameter(name=name, kind="streams", position=position, text=text, extents=array.shape)
    name = body.names.fresh(wanted or _suffixed(body, position, parameter))
    text = PARAMETERS[parameter.kind](body, argument, name, parameter)
    return CppParameter(name=name, kind=parameter.kind, position=position, text=text)


def _suffixed(body: Body, position: int, parameter: Parameter) -> str:
    """A stream's name tells which way it runs where the function has several of that name."""
    alike = [each for each in parameters(body.function) if each.name == parameter.name]
    if not parameter.stream or len(alike) == 1:
        return parameter.name
    writes = any(not use.owner.operation.name.startswith("df.get") for use in body.function.arguments[position].uses)
    return f"{parameter.name}_{'out' if writes else 'in'}"


def _value(body: Body, argument: ir.Value, name: str, parameter: Parameter) -> str:
    if isinstance(parameter.type, Index):
        values = body.values.get(argument.arg_number) or _given(body.function, argument.arg_number)
        kind = INT if limits_of(INT)[0] <= min(values) and max(values) <= limits_of(INT)[1] else LONG
        body.terms[argument] = named(name, kind, min(values), max(values))
        return f"{kind} {name}"
    assert not isinstance(parameter.type, TensorType)
    body.terms[argument] = named(name, kind_of(parameter.type))
    return f"{kind_of(parameter.type)} {name}"


def _given(function: func.FuncOp, position: int) -> list[int]:
    """What the actors of a function are given for one of its values."""
    module = function.operation.parent
    region = next(op for op in module.regions[0].blocks[0].operations if "df.region" in op.attributes)
    actors = [op for op in region.entry_block.operations if isinstance(op, ActorOp)]
    values = [op.values[position].value for op in actors if op.callee.value == function.name.value]
    return values or list(limits_of(LONG))


def _stream(body: Body, argument: ir.Value, name: str, parameter: Parameter) -> str:
    body.streams[argument] = name
    body.token_types[argument] = parameter.type
    if isinstance(parameter.type, TensorType):
        body.tokens[parameter.type] = None
    else:
        body.token_kinds[argument] = kind_of(parameter.type)
    return f"hls::stream<{token_type(parameter.type)}> &{name}"


def _array(body: Body, argument: ir.Value, name: str, parameter: Parameter) -> str:
    assert isinstance(parameter.type, TensorType)
    shaped = argument.arg_number in body.shaped
    if not shaped:
        refuse_banks(argument, parameter.name)
    body.places[argument] = Place(name=name, type=parameter.type, flat=not shaped)
    written = any(stores(use.owner) for use in argument.uses)
    return f"{'' if written else 'const '}{array_text(parameter.type, name, flat=not shaped)}"


def _scalar(body: Body, argument: ir.Value, name: str, parameter: Parameter) -> str:
    assert not isinstance(parameter.type, TensorType)
    written = any(stores(use.owner) for use in argument.uses)
    body.places[argument] = Place(name=name, type=parameter.type, lasting=not written, given=True)
    return f"{cpp_type(parameter.type)} {'&' if written else ''}{name}"


PARAMETERS: Mapping[str, Callable[[Body, ir.Value, str, Parameter], str]] = {
    "value": _value,
    "stream": _stream,
    "array": _array,
    "scalar": _scalar,
}


def block(body: Body, operations: ir.Block) -> None:
    """The operations of a block, in order."""
    for op in operations.operations:
        operation(body, op)


def operation(body: Body, op: ir.OpView) -> None:
    """One operation with all that is inside."""
    kind = type(op)
    if op.operation not in body.idioms.skipped:
        if rolled := body.idioms.rolled.get(op.operation):
            write_rolled(body, op, rolled)
        elif idiom := body.idioms.made.get(op.operation):
            body.define(op.results[0], WRITTEN[idiom.name](body, op, idiom.operands))
        elif kind in SCALARS:
            term = SCALARS[kind](body, op)
            body.define(op.results[0], bound(body, op, term) if op.operation in body.idioms.bound else term)
        elif kind in STATEMENTS:
            STATEMENTS[kind](body, op)
        elif kind in NESTED:
            NESTED[kind](body, op, block)
        elif kind not in SILENT:
            raise InternalError(f"nobody writes `{op.operation.name}` as C++")


STATEMENTS: Mapping[type, Callable[[Body, ir.OpView], None]] = {
    memref.AllocaOp: allocate,
    memref.LoadOp: load,
    memref.StoreOp: store,
    memref.GetGlobalOp: table,
    **MESSAGES,
    **CHANNELS,
}
WRITTEN = {**IDIOMS, **OUTLINES, **PACKED, **ROUNDED}


def external(body: Body, op: ExternalOp, inner: Block) -> None:
    """A call of a function in C++; its reference, written out, where the text of the user's will not do."""
    if is_dataflow(op):
        dataflow_text(body, op)
        return
    if is_callable(op):
        call_text(body, op)
        return
    if not op.regions[0].blocks:
        title = f"`{op.symbol.value}` has no `reference` that could become hardware"
        hint = "give `sp.external` its `source`, which takes integers of up to 64 bits and floats, or a `reference`"
        raise ProgramError([NotInHls(title=title, span=span_of(op.location), hint=hint)])
    inner(body, op.regions[0].blocks[0])


NESTED = {ExternalOp: external, scf.ForOp: counted, scf.WhileOp: repeated, scf.IfOp: conditional}
SILENT = {ByReferenceOp, ByValueOp, TextOp, scf.YieldOp, scf.ConditionOp, func.ReturnOp}
