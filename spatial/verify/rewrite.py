"""Rewrites a program so that what carries data carries tokens; what it does with numbers stays as it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from spatial.ir.dialect import AssertOp, GetOp, PeekOp, PrintOp, PutOp, TextOp, context
from spatial.ir.dtypes import parse_type
from spatial.ir.function import kernels, operations, parameters
from spatial.ir.graph import ActorGraph
from spatial.ir.location import span_of
from spatial.ir.mlir import func, ir, memref, scf
from spatial.ir.text import copy_of
from spatial.source.errors import InternalError
from spatial.types.dtype import Bool, DType, Struct, is_float, is_signed
from spatial.types.tensor import element_of
from spatial.verify.counterexample import Unwritten
from spatial.verify.domain import Domain
from spatial.verify.explain.instrumented import apart, is_apart, with_arrays, with_memory
from spatial.verify.explain.recorded import Recorded, Site, Wanted
from spatial.verify.flow import Flow, Place, flow_of
from spatial.verify.graph import graph_on_tokens, type_on_tokens
from spatial.verify.operations import TOKENS
from spatial.verify.prepare.written import is_written_first
from spatial.verify.reading import Reading
from spatial.verify.tables import Tables
from spatial.verify.terms import Range, Term, fits, hull, range_of

__all__ = ["Symbolic", "symbolic"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbolic:
    """A program on tokens: its module and graph, what carries data in it, and what an actor writes down of.

    `unwritten` has its memory by the first words of the tokens that it begins with.
    """

    module: ir.Module
    graph: ActorGraph
    flow: Flow
    sites: tuple[Site, ...] = ()
    constants: Mapping[int, int | float] = field(default_factory=dict)
    unwritten: Mapping[int, Unwritten] = field(default_factory=dict)


def symbolic(
    module: ir.Module,
    graph: ActorGraph,
    domain: Domain,
    side: str,
    known: frozenset[str],
    wanted: Wanted | None = None,
) -> Symbolic:
    """A program on tokens of a domain; of the parameters the contents of those `known` may decide what it does.

    Memory that nothing was written to holds tokens that no other `side` has. Where a token is `wanted`, an actor or
    all of them write down what they compute.
    """
    read = graph
    loose: frozenset[int] = frozenset()
    while True:
        copy = copy_of(module)
        with context(), ir.Location.unknown():
            if wanted is not None and wanted.actor is not None:
                graph = apart(copy, read, wanted.actor)
            flow = flow_of(copy, graph, known)
            rewriting = Rewriting(copy, domain, flow, side, loose, wanted)
            for function in kernels(copy):
                FunctionRewriting(rewriting, function).whole()
        if rewriting.found <= loose:
            made = graph_on_tokens(graph, flow, domain)
            made = made if wanted is None else with_arrays(made, wanted)
            return Symbolic(
                module=copy,
                graph=made,
                flow=flow,
                sites=tuple(rewriting.sites),
                constants=rewriting.constants,
                unwritten=rewriting.tables.unwritten,
            )
        loose |= rewriting.found


class Rewriting:
    """One module under way.

    Memory is `loose` if it holds integers that are only equal to their values modulo a power of two; `found` is what
    has turned out to be. Its numbers are the same in every copy of a module.
    """

    def __init__(
        self,
        module: ir.Module,
        domain: Domain,
        flow: Flow,
        side: str,
        loose: frozenset[int],
        wanted: Wanted | None,
    ) -> None:
        self.domain = domain
        self.flow = flow
        self.loose = loose
        self.wanted = wanted
        self.sites: list[Site] = []
        self.constants: dict[int, int | float] = {}
        self.found: set[int] = set()
        self.tables = Tables(module, domain, side)
        self.numbers: dict[Place, int] = {}
        for function in kernels(module):
            name = function.name.value
            for place in _places(function):
                self.numbers.setdefault(flow.root(name, place), len(self.numbers))


class FunctionRewriting(Reading):
    """One function under way: the operations on numbers that are `done` stand there until all are."""

    def __init__(self, whole: Rewriting, function: func.FuncOp) -> None:
        super().__init__(whole.domain)
        self.program = whole
        self.flow = whole.flow
        self.function = function
        self.name = function.name.value
        self.types: dict[ir.Value, DType] = {}
        self.done: list[ir.OpView] = []
        self.recorded: Recorded | None = None

    def whole(self) -> None:
        with self.function.location:
            self.take_parameters()
            self.record(self.program.wanted)
        self.block(self.function.entry_block)
        for op in reversed(self.done):
            op.operation.erase()

    def take_parameters(self) -> None:
        """Gives the function parameters that hold tokens."""
        known = list(parameters(self.function))
        entries = list(self.function.attributes["df.parameters"])
        for position, (argument, parameter) in enumerate(zip(self.function.arguments, known, strict=True)):
            self.types[argument] = element_of(parameter.type)
            if self.holds(argument):
                argument.set_type(self.on_tokens(argument.type))
                told = ir.StringAttr.get(str(type_on_tokens(parameter.type, self.domain)))
                entries[position] = ir.ArrayAttr.get([*list(entries[position])[:2], told, *list(entries[position])[3:]])
        self.function.attributes["df.parameters"] = ir.ArrayAttr.get(entries)
        inputs = [argument.type for argument in self.function.arguments]
        kind = ir.FunctionType.get(inputs, list(self.function.type.results))
        self.function.attributes["function_type"] = ir.TypeAttr.get(kind)

    def record(self, wanted: Wanted | None) -> None:
        """Writes down what the function computes, if it is the one that is wanted."""
        if wanted is None or (wanted.actor is not None and not is_apart(self.name)):
            return
        memory = with_memory(self.function, wanted)
        with ir.InsertionPoint.at_block_begin(self.function.entry_block):
            self.domain = self.recorded = Recorded(
                self.domain, wanted, memory, self.program.sites, self.program.constants
            )

    def holds(self, place: ir.Value) -> bool:
        """Whether a value is memory, or a channel's end, that holds data."""
        return _is_place(place) and self.flow.holds(self.name, place)

    def on_tokens(self, kind: ir.Type) -> ir.Type:
        """The type of memory, or of a channel's end, whose elements are tokens."""
        if isinstance(kind, ir.MemRefType):
            return ir.MemRefType.get(list(kind.shape), self.domain.kind, layout=kind.layout)
        token = str(kind).removeprefix("!df.stream<").removesuffix(">")
        if not token.startswith("memref"):
            return ir.Type.parse(f"!df.stream<{self.domain.kind}>")
        return ir.Type.parse(f"!df.stream<{self.on_tokens(ir.Type.parse(token))}>")

    def block(self, block: ir.Block) -> None:
        for op in list(block.operations):
            self.operation(op)

    def operation(self, op: ir.OpView) -> None:
        with op.location, ir.InsertionPoint(op):
            match op:
                case memref.AllocaOp() | memref.SubViewOp() | memref.GetGlobalOp():
                    self.memory(op)
                case memref.LoadOp():
                    self.arrives(op.result, op.memref)
                case GetOp() | PeekOp():
                    self.arrives(op.value, op.stream)
                case memref.StoreOp():
                    self.leaves(op, 0, op.memref)
                case PutOp() if not isinstance(op.value.type, ir.MemRefType):
                    self.leaves(op, 1, op.stream)
                case scf.IfOp() | scf.ForOp() | scf.WhileOp():
                    self.nested(op)
                case scf.YieldOp() | scf.ConditionOp():
                    pass
                case PrintOp():
                    self.done.append(op)
                case TextOp():
                    if self.is_data(op.operand):
                        self.done.append(op)
                case AssertOp():
                    self.assertion(op)
                case scf.YieldOp():
                    pass
                case _:
                    self.number(op)

    # Memory

    def memory(self, op: ir.OpView) -> None:
        """Memory of the function's own; what may be read before it is written is filled with tokens of its own."""
        place = op.result
        match op:
            case memref.SubViewOp():
                self.types[place] = self.types[op.operands[0]]
            case memref.AllocaOp():
                self.types[place] = element_of(parse_type(op.attributes["df.type"].value))
            case _:
                self.types[place] = self.program.tables.element(op)
        if not self.holds(place):
            return
        kind = self.on_tokens(place.type)
        if isinstance(op, memref.GetGlobalOp):
            op.attributes["name"] = ir.FlatSymbolRefAttr.get(self.program.tables.on_tokens(op))
        place.set_type(kind)
        if isinstance(op, memref.AllocaOp):
            op.attributes["df.type"] = ir.StringAttr.get(
                str(type_on_tokens(parse_type(op.attributes["df.type"].value), self.domain))
            )
            if not is_written_first(op):
                with ir.InsertionPoint.after(op):
                    self.program.tables.spoil(place)

    def arrives(self, value: ir.Value, place: ir.Value) -> None:
        """A value that is read from memory or a channel."""
        if not self.holds(place):
            return
        kind, dtype = value.type, self.types[place]
        value.set_type(self.domain.kind)
        self.terms[value] = Term(token=value, kind=kind, range=self.held(place, dtype))

    def held(self, place: ir.Value, dtype: DType) -> Range:
        """Between which integers the tokens in memory or a channel lie."""
        if is_float(dtype) or self.place_number(place) in self.program.loose:
            return None
        return range_of(dtype.bits, _is_signed(dtype))

    def place_number(self, place: ir.Value) -> int:
        return self.program.numbers[self.flow.root(self.name, place)]

    def leaves(self, op: ir.OpView, position: int, place: ir.Value) -> None:
        """A value that is put into memory or a channel."""
        if self.holds(place):
            op.operands[position] = self.stored(op.operands[position], place)

    def stored(self, value: ir.Value, place: ir.Value) -> ir.Value:
        dtype = self.types[place]
        if is_float(dtype):
            return self.real(value)
        if self.domain.wraps:
            return self.read(value, signed=_is_signed(dtype)).token
        found = self.raw(value)
        if not fits(found.range, range_of(dtype.bits, _is_signed(dtype))):
            self.program.found.add(self.place_number(place))
        return found.token

    # Control flow

    def nested(self, op: ir.OpView) -> None:
        if isinstance(op, scf.ForOp) and self.recorded is not None:
            with ir.InsertionPoint.at_block_begin(op.body):
                self.recorded.enter(_loop_name(op), op.induction_variable, span_of(op.location))
        for region in op.regions:
            for block in region.blocks:
                self.block(block)
        if isinstance(op, scf.ForOp) and self.recorded is not None:
            self.recorded.leave()
        if not isinstance(op, scf.IfOp):
            if len(op.results):
                raise InternalError(f"nobody follows the results of `{op.operation.name}` on symbols")
            return
        for position, result in enumerate(op.results):
            if result in self.flow.values:
                self.given_on(op, position, result)

    def given_on(self, op: scf.IfOp, position: int, result: ir.Value) -> None:
        """A result of branches that are taken by what the run knows."""
        kind, ranges = result.type, []
        for region in op.regions:
            last = list(region.blocks[0].operations)[-1]
            with last.location, ir.InsertionPoint(last):
                value = last.operands[position]
                if isinstance(kind, ir.FloatType):
                    last.operands[position] = self.real(value)
                else:
                    found = self.own(value)
                    ranges.append(found.range)
                    last.operands[position] = found.token
        result.set_type(self.domain.kind)
        self.terms[result] = Term(token=result, kind=kind, range=hull(*ranges) if ranges else None)

    def assertion(self, op: AssertOp) -> None:
        """What an assertion says of data is left out."""
        if any(self.is_data(text.owner.opview.operand) for text in op.values):
            AssertOp(op.condition, [], ir.ArrayAttr.get([ir.StringAttr.get("an assertion does not hold")]))
            self.done.append(op)

    # Numbers

    def number(self, op: ir.OpView) -> None:
        """An operation on numbers, or one that moves none."""
        if not isinstance(op, func.CallOp) and not any(self.is_data(operand) for operand in op.operands):
            return
        if type(op) not in TOKENS:
            raise InternalError(f"nobody rewrites `{op.operation.name}` for symbols")
        self.terms[op.results[0]] = TOKENS[type(op)](self, op)
        self.done.append(op)


def _loop_name(op: scf.ForOp) -> str:
    return str(op.attributes["df.name"].value) if "df.name" in op.attributes else ""


def _is_signed(dtype: DType) -> bool:
    return not isinstance(dtype, Bool | Struct) and is_signed(dtype)


def _is_place(value: ir.Value) -> bool:
    return isinstance(value.type, ir.MemRefType) or str(value.type).startswith("!df.stream")


def _places(function: func.FuncOp) -> Iterator[ir.Value]:
    """Memory and channel ends of a function."""
    yield from (argument for argument in function.arguments if _is_place(argument))
    for op in operations(function.entry_block):
        yield from (result for result in op.results if _is_place(result))
