"""Turns calls of functions in C++ into operations of which nothing is known, or into what their references do."""

import hashlib
import itertools
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from spatial.ir.arithmetic import constant
from spatial.ir.dialect import AssertOp, ByReferenceOp, ByValueOp, ExternalOp, context
from spatial.ir.dtypes import parse_type
from spatial.ir.external import has_reference, is_dataflow, overlap_fault
from spatial.ir.function import kernels, operations
from spatial.ir.graph import ActorGraph
from spatial.ir.mlir import arith, func, ir, memref, scf
from spatial.ir.text import copy_of
from spatial.types.dtype import index
from spatial.types.tensor import size_of

__all__ = ["InCpp", "functions_in_cpp", "without_externals"]

UNKNOWN = "external."


@dataclass(frozen=True, slots=True, kw_only=True)
class InCpp:
    """A function in C++ that the user calls `symbol`: in a file of its own, or with a `reference` in the language."""

    symbol: str
    file: bool
    reference: bool


def functions_in_cpp(module: ir.Module) -> Mapping[str, InCpp]:
    """The functions in C++ that a program calls and that give something back, by what tells each from all others."""
    with context():
        return {
            _identity(op): InCpp(
                symbol=op.symbol.value,
                file=bool(op.attributes["source"].value or op.attributes["object"].value),
                reference=has_reference(op),
            )
            for op in _calls(module)
            if _gives(op)
        }


def without_externals(module: ir.Module, graph: ActorGraph, unknown: Collection[str]) -> ir.Module:
    """The program with references in place of calls in C++; what is `unknown` gives unknown values of its arguments.

    A call stays that gives nothing back, and one of a function that has no reference and is not unknown.
    """
    with context():
        if not list(_calls(module)):
            return module
        made = copy_of(module)
        for function in kernels(made):
            for op in [op for op in operations(function.entry_block) if isinstance(op, ExternalOp)]:
                with op.location, ir.InsertionPoint(op):
                    if _identity(op) in unknown and _gives(op):
                        _Unknown(made, function, graph, op).replace()
                    elif has_reference(op) and not is_dataflow(op):
                        _inline(op)
        return made


def _calls(module: ir.Module) -> Iterator[ExternalOp]:
    found = (op for function in kernels(module) for op in operations(function.entry_block))
    return (op for op in found if isinstance(op, ExternalOp))


def _arguments(op: ExternalOp) -> list[ByValueOp | ByReferenceOp]:
    return [value.owner.opview for value in op.operands]


def _gives(op: ExternalOp) -> bool:
    """Whether a call is of a function in C++ that writes something."""
    return not is_dataflow(op) and any(
        isinstance(each, ByReferenceOp) and each.direction.value != "in" for each in _arguments(op)
    )


def _identity(op: ExternalOp) -> str:
    """The name of a function, which no other one has: of another file, with other flags, with other parameters."""
    told = [str(op.attributes[name]) for name in ("symbol", "source", "object", "include", "flags")]
    told += [
        f"{each.dtype.value} {each.direction.value if isinstance(each, ByReferenceOp) else ''}"
        for each in _arguments(op)
    ]
    file = Path(op.attributes["source"].value or op.attributes["object"].value).name
    flags = " ".join(each.value for each in op.attributes["flags"])
    called = f"{op.symbol.value} of {file}" if file else op.symbol.value
    called = f"{called} with {flags}" if flags else called
    called = called.replace(".", "_")
    return f"{called}.{hashlib.blake2b(repr(told).encode(), digest_size=6).hexdigest()}"


def _inline(op: ExternalOp) -> None:
    """Lets a reference stand where its function is called."""
    for each in list(op.body.blocks[0].operations):
        each.operation.move_before(op)
    _erase(op)


def _erase(op: ExternalOp) -> None:
    arguments = _arguments(op)
    op.operation.erase()
    for each in arguments:
        if not list(each.passed.uses):
            each.operation.erase()


class _Unknown:
    """One call of a function of which nothing is known but what it is given: what it writes are functions of that."""

    def __init__(self, module: ir.Module, function: func.FuncOp, graph: ActorGraph, op: ExternalOp) -> None:
        self.module = module
        self.function = function
        self.graph = graph
        self.op = op
        self.name = UNKNOWN + _identity(op)
        self.word = ir.IntegerType.get_signless(64)

    def replace(self) -> None:
        arguments = _arguments(self.op)
        arrays = [each for each in arguments if isinstance(each, ByReferenceOp)]
        self.check_overlaps(arrays)
        all_given = memref.alloca(ir.MemRefType.get([], self.word), [], [])
        all_given.owner.attributes["df.name"] = ir.StringAttr.get(self.op.symbol.value)
        all_given.owner.attributes["df.type"] = ir.StringAttr.get("int64")
        memref.StoreOp(self.unknown("given", [arith.constant(self.word, len(arguments))], self.word), all_given, [])
        for each in arguments:
            if isinstance(each, ByValueOp):
                self.give(all_given, each.operand)
            elif each.direction.value != "out":
                self.of_all(each, partial(self.give_element, all_given, each))
        for at, each in enumerate(arguments):
            if isinstance(each, ByReferenceOp) and each.direction.value != "in":
                self.of_all(each, partial(self.take, all_given, each, at))
        _erase(self.op)

    def give(self, all_given: ir.Value, value: ir.Value) -> None:
        """Adds a number to what is given."""
        before = memref.load(all_given, [])
        memref.StoreOp(self.unknown("given", [before, value], self.word), all_given, [])

    def give_element(
        self, all_given: ir.Value, array: ByReferenceOp, element: ir.Value, place: Sequence[ir.Value]
    ) -> None:
        """Adds an element that the function reads."""
        self.give(all_given, memref.load(array.memory, place))

    def take(
        self, all_given: ir.Value, array: ByReferenceOp, argument: int, element: ir.Value, place: Sequence[ir.Value]
    ) -> None:
        """Stores an element that the function writes."""
        kind = array.memory.type.element_type
        numbers = [arith.constant(self.word, argument), arith.index_cast(self.word, element)]
        memref.StoreOp(self.unknown("made", [memref.load(all_given, []), *numbers], kind), array.memory, place)

    def unknown(self, what: str, operands: Sequence[ir.Value], kind: ir.Type) -> ir.Value:
        """A function of the operands, of its own for each of their types."""
        kinds = [each.type for each in operands]
        name = ".".join([self.name, what, *map(str, kinds)])
        if all(not isinstance(op, func.FuncOp) or op.name.value != name for op in self.module.body.operations):
            with ir.InsertionPoint(self.module.body):
                func.FuncOp(name, ir.FunctionType.get(kinds, [kind]), visibility="private")
        return func.CallOp([kind], ir.FlatSymbolRefAttr.get(name), list(operands)).results[0]

    def of_all(self, array: ByReferenceOp, each: Callable[[ir.Value, Sequence[ir.Value]], None]) -> None:
        """Does something for each element that is passed, in C order, with its number and its place in the memory."""
        count = size_of(parse_type(array.dtype.value))
        loop = scf.ForOp(constant(index, 0), constant(index, count), constant(index, 1))
        with ir.InsertionPoint(loop.body):
            each(loop.induction_variable, self.place(array, loop.induction_variable))
            scf.yield_([])

    def place(self, array: ByReferenceOp, number: ir.Value) -> list[ir.Value]:
        """The indices of an element that is passed."""
        rest, places = arith.addi(array.first, number), []
        shape = list(array.memory.type.shape)
        for axis in reversed(range(len(shape))):
            if axis == 0:
                places.append(rest)
                break
            extent = constant(index, shape[axis])
            places.append(arith.remui(rest, extent))
            rest = arith.divui(rest, extent)
        return places[::-1]

    def check_overlaps(self, arrays: Sequence[ByReferenceOp]) -> None:
        """What is written is given once."""
        for one, other in itertools.combinations(arrays, 2):
            if {one.direction.value, other.direction.value} != {"in"} and self.may_be_one(one.memory, other.memory):
                sizes = [constant(index, size_of(parse_type(each.dtype.value))) for each in (one, other)]
                before = arith.cmpi(arith.CmpIPredicate.ule, arith.addi(one.first, sizes[0]), other.first)
                behind = arith.cmpi(arith.CmpIPredicate.ule, arith.addi(other.first, sizes[1]), one.first)
                told = ir.ArrayAttr.get([ir.StringAttr.get(overlap_fault(self.op.symbol.value))])
                AssertOp(arith.ori(before, behind), [], told)

    def may_be_one(self, one: ir.Value, other: ir.Value) -> bool:
        """Whether two memories are the same one, in some actor."""
        if one == other:
            return True
        places = [
            list(self.function.arguments).index(each) for each in (one, other) if isinstance(each.owner, ir.Block)
        ]
        actors = [actor for actor in self.graph.actors if actor.function == self.function.name.value]
        names = [[*actor.values, *actor.channels, *actor.arrays] for actor in actors]
        return len(places) == 2 and any(given[places[0]] == given[places[1]] for given in names)
