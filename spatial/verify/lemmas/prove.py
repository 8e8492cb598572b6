"""Asks the solver whether two functions are equal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spatial.ir.function import kernels
from spatial.ir.graph import ActorGraph
from spatial.ir.mlir import ir, memref
from spatial.source.errors import ProgramError
from spatial.source.span import Span
from spatial.types.bits import from_bits
from spatial.types.conversion import Value
from spatial.types.dtype import DType, is_float
from spatial.types.tensor import TensorType, element_of, size_of
from spatial.verify.lemmas.errors import NotBits
from spatial.verify.lemmas.forms import Bits, Forms
from spatial.verify.lemmas.machine import Fault, Machine
from spatial.verify.lemmas.solver import solver

__all__ = ["Answer", "Function", "answer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A compiled function, and what its memory is called in a lemma; all else that it has is its own."""

    module: ir.Module
    graph: ActorGraph
    names: Mapping[str, str]
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the solver found: inputs that tell the functions apart, or why it does not know; neither if it is proven.

    Of an input the values are those of its elements.
    """

    inputs: Mapping[str, Sequence[Value]] | None = None
    fails: str = ""
    unknown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a function leaves: the bits of each cell by the names of the lemma, and how it may fail."""

    memory: Mapping[str, Sequence[Bits]]
    faults: Sequence[Fault]


def answer(
    first: Function,
    second: Function,
    premise: Function | None,
    *,
    inputs: Mapping[str, DType | TensorType],
    outputs: Sequence[str],
    seconds: float,
) -> Answer:
    """Whether two functions that are given the same `inputs` leave the same `outputs`, wherever the premise holds.

    The premise leaves a truth in an output of its own. Raises `ProgramError` where a function does what is no operation
    on bits, and `ToolError` without a solver.
    """
    z3 = solver()
    forms = Forms(z3)
    bits = {name: _unknown(forms, name, type_) for name, type_ in inputs.items()}
    one, other = (_run(forms, each, bits) for each in (first, second))
    search = z3.Solver()
    search.set("timeout", max(1, int(seconds * 1000)))
    if premise is not None:
        held = _run(forms, premise, bits)
        (truth,) = (cell for name in premise.names.values() if name not in inputs for cell in held.memory[name])
        search.add(truth.term == 1, *(z3.Not(fault.when) for fault in held.faults))
        if (nothing := search.check()) == z3.unsat:
            return Answer(unknown="no input meets the condition, so it says nothing")
        if nothing == z3.unknown:
            return Answer(unknown=_why(search, seconds))
    faults = [*one.faults, *other.faults]
    differ = [a.term != b.term for name in outputs for a, b in zip(one.memory[name], other.memory[name], strict=True)]
    search.add(z3.Or(*differ, *(fault.when for fault in faults)))
    found = search.check()
    if found == z3.unsat:
        return Answer()
    if found == z3.unknown:
        return Answer(unknown=_why(search, seconds))
    model = search.model()
    failing = next((fault for fault in faults if z3.is_true(model.eval(fault.when, model_completion=True))), None)
    return Answer(
        inputs={name: _read(model, cells, element_of(inputs[name])) for name, cells in bits.items()},
        fails=f"{failing.what} at {failing.span}" if failing else "",
    )


def _unknown(forms: Forms, name: str, type_: DType | TensorType) -> list[Bits]:
    """Any bits for each element."""
    width = element_of(type_).bits
    return [Bits(forms, width, made=forms.z3.BitVec(f"{name}[{number}]", width)) for number in range(size_of(type_))]


def _why(search: Any, seconds: float) -> str:
    reason = search.reason_unknown()
    return f"the solver did not come to an end in {seconds:g} s" if reason in ("timeout", "canceled") else reason


def _read(model: Any, cells: Sequence[Bits], dtype: DType) -> list[Value]:
    return [from_bits(model.eval(cell.term, model_completion=True).as_long(), dtype) for cell in cells]


def _run(forms: Forms, function: Function, bits: Mapping[str, Sequence[Bits]]) -> Ran:
    """Runs a function on the bits of the inputs; what else it is given starts as zeros, or as it is declared."""
    graph = function.graph
    (actor,), (body,) = graph.actors, kernels(function.module)
    given: dict[str, list[Bits]] = {}
    for name, type_ in graph.memory_types.items():
        if is_float(element_of(type_)):
            raise ProgramError([NotBits(what="floating point", span=function.span)])
        given[name] = list(bits.get(function.names.get(name, ""), ())) or _first(forms, graph, name)
    memory = dict(zip(list(body.arguments)[len(actor.values) :], (given[name] for name in actor.arrays), strict=True))
    tables = {op.sym_name.value: op for op in function.module.body.operations if isinstance(op, memref.GlobalOp)}
    machine = Machine(forms=forms, values={}, memory=memory, path=forms.z3.BoolVal(True), tables=tables)
    machine.block(body.entry_block)
    left = dict(
        zip(actor.arrays, (machine.memory[each] for each in list(body.arguments)[len(actor.values) :]), strict=True)
    )
    return Ran(
        memory={function.names[name]: left[name] for name in left if name in function.names}, faults=machine.faults
    )


def _first(forms: Forms, graph: ActorGraph, name: str) -> list[Bits]:
    """What memory of the function's own begins with."""
    type_ = graph.memory_types[name]
    width, initial = element_of(type_).bits, {each.name: each.values for each in graph.memories}.get(name)
    values = initial if initial is not None else [0] * size_of(type_)
    return [forms.number(int(value), width) for value in values]
