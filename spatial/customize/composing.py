"""Takes the steps of one schedule again where its kernel or function stands in another program."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from spatial.customize.addresses import Scope, Selected, selected
from spatial.customize.references import Band, Buffer, Grid, Loop, place
from spatial.customize.state import State
from spatial.customize.steps import Step
from spatial.ir.function import parameters
from spatial.ir.graph import Actor, element_name
from spatial.ir.mlir import func
from spatial.schedule.calls.writing import calls_in
from spatial.source.report import Label, Problem, Report
from spatial.source.span import Span

__all__ = ["Instance", "Other", "Replayed", "correspondence", "differences", "flat", "instances"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A step of another schedule is refused in this program."""

    problem: Problem
    schedule: str
    step: str
    at: Span

    def report(self) -> Report:
        report = self.problem.report()
        label = Label(self.at, f"`{self.step}` of the schedule of `{self.schedule}`")
        return replace(report, related=(*report.related, label))


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """A schedule is composed where something else is called so; `why` tells what differs in the instances."""

    name: str
    why: tuple[str, ...]
    places: tuple[tuple[Span, str], ...]
    span: Span

    def report(self) -> Report:
        return Report(
            code="schedule/other",
            title=f"the schedule is of another `{self.name}` than the one that is called here",
            primary=Label(self.span, "composed here"),
            related=tuple(Label(span, text) for span, text in self.places),
            notes=self.why,
            hint=f"customize the `{self.name}` that is called, with the types that it is given",
        )


def flat(steps: Sequence[Step]) -> Iterator[Step]:
    """The steps, with those that a composed schedule had in place of its being composed."""
    for step in steps:
        yield from flat(step.parts) if step.parts else (step,)


def instances(state: State, name: str) -> list[str]:
    """What the instances of a kernel or function are called in a program, in its order."""
    return list(dict.fromkeys(state.kernel(each) for each, op in state.functions.items() if _name(op) == name))


def _name(function: func.FuncOp) -> str:
    """What the user calls the kernel or the function that it is made of."""
    attributes = function.attributes
    return str(attributes["df.kernel" if "df.kernel" in attributes else "df.callee"].value)


def differences(known: State, here: State, label: str) -> tuple[str, ...]:
    """In what the function called `label` here differs from the one of a schedule, which began as `known`."""
    if label not in here.called:
        return ()
    function = next(iter(known.functions.values()))
    wanted, given = known.place(function.name.value), here.place(label)
    if wanted != given:
        return (f"it is defined in {place(wanted)}, `{label}` in {place(given)}",)
    types = {each.name: str(each.type) for each in parameters(function)}
    found = {each.name: str(each.type) for each in parameters(here.functions[label])}
    return tuple(
        f"`{name}` is `{types[name]}` in the schedule, `{type_}` in `{label}`"
        for name, type_ in found.items()
        if types.get(name, type_) != type_
    )


def correspondence(known: State, here: State, label: str) -> dict[str, str]:
    """For each function that another schedule's program calls, what the same one is called in the instance `label`."""
    found: dict[str, str] = {}
    if label in here.called:
        own = next(iter(known.functions.values()))
        found[_name(own)] = label
        _match(known, own, here, here.functions[label], found)
    return found


def _match(known: State, function: func.FuncOp, here: State, other: func.FuncOp, found: dict[str, str]) -> None:
    for one, same in zip(calls_in(function), calls_in(other), strict=False):
        callee, name = known.functions[one.callee.value], same.callee.value
        if _name(callee) == _name(here.functions[name]):
            found[one.callee.value] = name
            _match(known, callee, here, here.functions[name], found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """A kernel or function, called `label` in the program `here`, in which the steps of a schedule are taken again.

    `known` is the schedule's program before the step at hand, `called` says what the functions that it calls, and the
    grids that it made, are called here.
    """

    label: str
    known: State
    here: State
    called: Mapping[str, str]

    def translated(self, value: object, step: Step) -> object:
        """What a step was given, as names of this program."""
        match value:
            case Loop() | Buffer():
                return self._address(value.function, self._owner(value.function), value.name)
            case Band():
                function = value.loops[0].function
                return self._address(function, self._owner(function), value.name)
            case Grid():
                return replace(value, name=self.called.get(value.name, value.name))
            case Selected():
                return self._selected(selected(value))
            case str() if value in step.named:
                owner, _, name = value.rpartition(":")
                function = step.named[value]
                return self.called[name] if name == function else self._address(function, owner, name)
            case str():
                return self.called.get(value, value)
            case list() | tuple():
                return [self.translated(each, step) for each in value]
        return value

    def _owner(self, function: str) -> str:
        return self.known.address(function) if function in self.known.functions else function

    def _address(self, function: str, owner: str, name: str) -> str:
        """A name in a function, or in the one of a kernel's PEs that the owner ends in: `pe[0]` or `pe_0`."""
        for known in (function, owner):
            if known in self.called:
                return f"{self.called[known]}:{name}"
        if not function and (array := self._array(name)):
            return array
        cut = next((at for at, letter in enumerate(owner) if letter == "["), len(owner))
        return f"{self.label}{owner[cut:]}:{name}"

    def _array(self, name: str) -> str:
        """What memory of the program is called here, by an actor that is given it; empty where no grid is."""
        actors = self.here.graph.actor
        for known in self.known.graph.actors:
            twin = actors.get(self._actor(known))
            if name in known.arrays and twin is not None and len(twin.arrays) == len(known.arrays):
                return twin.arrays[known.arrays.index(name)]
        return ""

    def _selected(self, scope: Scope) -> Selected:
        """The same PEs of a kernel here."""
        actors = tuple(self._actor(self.known.graph.actor[name]) for name in scope.actors)
        return Selected(replace(scope, name=self.called.get(scope.name, scope.name), actors=actors))

    def _actor(self, known: Actor) -> str:
        return element_name(self.called.get(known.kernel, self.label), known.pid)
