"""`sp.lemma`: proves that two functions are equal."""

import time
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spatial.build.lemmas.sweep import Swept, can_sweep, sweep
from spatial.build.simulate import Simulator, compile_simulator
from spatial.build.testing.pairs import Pairs, paired
from spatial.build.testing.runner import Runner
from spatial.ir.graph import ActorGraph
from spatial.source.errors import InternalError, Misuse, ProgramError
from spatial.source.span import Span, caller_span
from spatial.source.told import told
from spatial.types.conversion import Value
from spatial.types.dtype import Bool, DType
from spatial.types.tensor import element_of, shape_of
from spatial.types.values import from_values
from spatial.verify.lemmas.lemma import Lemma, Refutation
from spatial.verify.lemmas.prove import Answer, answer
from spatial.verify.lemmas.prove import Function as Compiled
from spatial.verify.testing.cases import Array, Case, Slot
from spatial.verify.testing.compare import compared
from spatial.verify.testing.run import MOST_SHRINKING
from spatial.verify.testing.shrink import shrunk
from spatial.verify.testing.tested import Difference

__all__ = ["lemma"]

TIMEOUT = 60.0


def lemma(
    first: types.FunctionType,
    second: types.FunctionType,
    *,
    where: types.FunctionType | None = None,
    timeout: float = TIMEOUT,
) -> Lemma:
    """Proves that two functions with types give the same, bit for bit, for all inputs that `where` admits.

    They take and give numbers, or small arrays. Where the inputs are numbers of at most 24 bits together all are
    tried, on the native engine. Else the solver z3 (`pip install 'spatial[smt]'`) decides, in `timeout` seconds, on
    the bits of the functions as they are compiled: integers, shifts, tables, loops whose numbers of rounds are known.
    `where` is a function of the same parameters that returns a truth. What fails, such as a division by zero, refutes.

    Raises `ProgramError` for functions that do not take and give the same things, or that do what is no operation on
    bits, and `ToolError` where the solver is needed and not installed.
    """
    span = caller_span()
    for given in (first, second, *([where] if where is not None else [])):
        _check_function(given, span)
    if isinstance(timeout, bool) or not isinstance(timeout, int | float) or not timeout > 0:
        raise ProgramError([Misuse(title=f"`timeout` is a number of seconds, not `{told(timeout)}`", span=span)])
    begun = time.monotonic()
    pair = _pair(first, second, where, span)
    parameters = [one for one, _ in pair.pairs.inputs]
    results = _numbers(pair.graphs[0], pair.pairs)
    if can_sweep(parameters, results):
        swept = sweep(first, second, where, parameters, [each for each in results if each is not None])
        return _of_sweep(pair, swept, begun)
    return _of_solver(pair, timeout, begun)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two compiled functions, and the premise."""

    simulators: tuple[Simulator, Simulator]
    premise: Simulator | None
    pairs: Pairs
    span: Span

    @property
    def graphs(self) -> tuple[ActorGraph, ActorGraph]:
        """What the functions take and give."""
        one, other = self.simulators
        return one.program.graph, other.program.graph

    def said(self, **found: object) -> Lemma:
        """The lemma with what was found."""
        one, other = self.simulators
        return Lemma(
            first=self.graphs[0].name,
            second=self.graphs[1].name,
            where=self.premise.name if self.premise else "",
            modules=(one.program.module, other.program.module),
            inputs=(
                tuple(each.name for each, _ in self.pairs.inputs),
                tuple(each.name for _, each in self.pairs.inputs),
            ),
            outputs=(tuple(self.pairs.outputs), tuple(self.pairs.outputs.values())),
            **found,  # type: ignore[arg-type]
        )


def _check_function(given: object, span: Span) -> None:
    if not isinstance(given, types.FunctionType):
        title = f"a lemma is about functions with types, not about `{getattr(given, '__name__', given)!s}`"
        raise ProgramError(
            [Misuse(title=title, span=span, hint="give a plain function: `def packed(a: int8, b: int8)`")]
        )


def _pair(first: types.FunctionType, second: types.FunctionType, where: types.FunctionType | None, span: Span) -> Pair:
    """Compiles all three; raises `ProgramError` where the premise takes anything else, or gives no truth."""
    one, other = compile_simulator(first), compile_simulator(second)
    premise = compile_simulator(where) if where is not None else None
    pairs = paired(one.program.graph, other.program.graph)
    if premise is not None:
        mine = [(each.kind, each.type) for each in premise.program.graph.asked]
        if mine != [(each.kind, each.type) for each, _ in pairs.inputs] or _results(premise) != [Bool()]:
            takes = ", ".join(f"{each.name}: {each.type}" for each, _ in pairs.inputs)
            title = (
                f"`{premise.name}` says which inputs are meant: it takes what `{one.name}` takes and returns a `bool`"
            )
            hint = f"write `def {premise.name}({takes}) -> bool:`"
            raise ProgramError([Misuse(title=title, span=span, hint=hint, code="verify/parameters")])
    return Pair(simulators=(one, other), premise=premise, pairs=pairs, span=span)


def _results(simulator: Simulator) -> list[DType | None]:
    graph = simulator.program.graph
    types_ = {each.name: each.type.element for each in graph.arrays}
    return [types_[each.name] if each.number else None for each in graph.results]


def _numbers(graph: ActorGraph, pairs: Pairs) -> list[DType | None]:
    """The types of the results, None for what is no number."""
    numbers = {each.name for each in graph.results if each.number}
    types_ = {each.name: each.type.element for each in graph.arrays}
    return [types_[name] if name in numbers else None for name in pairs.outputs]


def _of_sweep(pair: Pair, swept: Swept, begun: float) -> Lemma:
    method = f"all {swept.count} inputs"
    if swept.inputs is None:
        unknown = "" if swept.met else "no input meets the condition, so it says nothing"
        if pair.premise is not None:
            method = f"{swept.met} of {swept.count} inputs"
        return pair.said(method=method, unknown=unknown, seconds=time.monotonic() - begun)
    values = {name: [value] for name, value in swept.inputs.items()}
    return pair.said(method=method, refutation=_refuted(pair, values, swept.fails), seconds=time.monotonic() - begun)


def _of_solver(pair: Pair, timeout: float, begun: float) -> Lemma:
    inputs = {one.name: one.type for one, _ in pair.pairs.inputs}
    found: Answer = answer(
        _compiled(pair.simulators[0], {name: name for name in (*inputs, *pair.pairs.outputs)}, pair.span),
        _compiled(pair.simulators[1], _renamed(pair.pairs), pair.span),
        _premise(pair, list(inputs)),
        inputs=inputs,
        outputs=list(pair.pairs.outputs),
        seconds=timeout,
    )
    refutation = _refuted(pair, found.inputs, found.fails) if found.inputs is not None else None
    seconds = time.monotonic() - begun
    return pair.said(method="z3", refutation=refutation, unknown=found.unknown, seconds=seconds)


def _compiled(simulator: Simulator, names: Mapping[str, str], span: Span) -> Compiled:
    return Compiled(module=simulator.program.module, graph=simulator.program.graph, names=names, span=span)


def _renamed(pairs: Pairs) -> Mapping[str, str]:
    """By each name of the second function the one of the first."""
    return {other.name: one.name for one, other in pairs.inputs} | {other: one for one, other in pairs.outputs.items()}


def _premise(pair: Pair, inputs: Sequence[str]) -> Compiled | None:
    if pair.premise is None:
        return None
    graph = pair.premise.program.graph
    names = {each.name: name for each, name in zip(graph.asked, inputs, strict=True)}
    return _compiled(
        pair.premise, names | {each.name: f"{each.name} of {graph.name}" for each in graph.results}, pair.span
    )


def _refuted(pair: Pair, values: Mapping[str, Sequence[Value]], fails: str) -> Refutation:
    """Runs both functions on what tells them apart."""
    types_ = {one.name: one.type for one, _ in pair.pairs.inputs}
    case = {
        name: from_values(list(each), element_of(types_[name]), shape_of(types_[name])) for name, each in values.items()
    }
    shown = {name: _told(array) for name, array in case.items()}
    if fails:
        return Refutation(inputs=shown, fails=fails)
    found = _difference(pair, case)
    if found is None:
        named = ", ".join(f"{name} = {value}" for name, value in shown.items())
        raise InternalError(f"the solver says that the functions differ, the engine that they do not, with {named}")
    slots = [Slot(name=name, type=types_[name]) for name in case]
    small, _ = shrunk(found, slots, lambda each: _difference(pair, each), MOST_SHRINKING)
    one, other = (_runner(pair, which)(small.inputs) for which in (0, 1))
    return Refutation(
        inputs={name: _told(array) for name, array in small.inputs.items()},
        first={name: _told(array) for name, array in one.outputs.items()},
        second={name: _told(array) for name, array in other.outputs.items()},
    )


def _difference(pair: Pair, case: Case) -> Difference | None:
    """How two functions that both finish differ on inputs that the premise admits."""
    if pair.premise is not None:
        names = {
            each.name: one.name
            for each, (one, _) in zip(pair.premise.program.graph.asked, pair.pairs.inputs, strict=True)
        }
        outputs = {each.name: "admitted" for each in pair.premise.program.graph.results}
        admitted = Runner(simulator=pair.premise, inputs=names, outputs=outputs, spare={}, seconds=TIMEOUT)(case)
        if admitted.end or not admitted.outputs["admitted"].all():
            return None
    one, other = (_runner(pair, which)(case) for which in (0, 1))
    return None if one.end or other.end else compared(one, other, case)


def _runner(pair: Pair, which: int) -> Runner:
    names = {each[which].name: each[0].name for each in pair.pairs.inputs}
    outputs = {other if which else one: one for one, other in pair.pairs.outputs.items()}
    return Runner(simulator=pair.simulators[which], inputs=names, outputs=outputs, spare={}, seconds=TIMEOUT)


def _told(array: Array) -> object:
    return array.tolist() if array.ndim else array[()]
