"""`sp.customize`: a program that is rewritten step by step, and the record of the steps."""

import difflib
import types
from collections.abc import Sequence
from typing import SupportsIndex

from spatial.customize.addresses import Scope, Selected, scope_of, sliced
from spatial.customize.calls import CallSteps
from spatial.customize.composing import Instance, Other, Replayed, correspondence, differences, flat, instances
from spatial.customize.layouts import LayoutSteps
from spatial.customize.loops import LoopSteps
from spatial.customize.memory import MemorySteps
from spatial.customize.placing import PlaceSteps
from spatial.customize.program import program_after
from spatial.customize.references import Grid, Reference, place
from spatial.customize.space import SpaceSteps
from spatial.customize.state import State, state_of
from spatial.customize.steps import Step, plain
from spatial.ir.dialect import context
from spatial.ir.location import span_of
from spatial.ir.text import Readable
from spatial.kernel.declared.definition import Kernel
from spatial.region.alone import Compilable, compile_program
from spatial.region.definition import Region
from spatial.region.program import Program
from spatial.schedule.calls.keeping import keep_calls
from spatial.schedule.unique import make_unique, separate
from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import caller_span

__all__ = ["Part", "Schedule", "customize"]


class Part(Selected):
    """A kernel of a schedule, or some of its PEs: the names in it are its items and attributes."""

    __slots__ = ("_schedule",)

    def __init__(self, schedule: "Schedule", scope: Scope) -> None:
        super().__init__(scope)
        self._schedule = schedule

    def __getitem__(self, key: object) -> "Reference | Part":
        """What is called so, `s["pe"]["k"]`; or the function of a PE, `s["pe"][1, 1]`; or some PEs, `s["pe"][:, 1]`."""
        if isinstance(key, str):
            return self._schedule._lookup().thing(key, self._scope)
        pid = key if isinstance(key, tuple) else (key,)
        some = any(isinstance(part, slice) for part in pid)
        address = f"{self._scope.name}[{','.join(map(str, pid))}]"
        state = self._schedule._state
        scope = sliced(state, self._scope, pid) if some else scope_of(state, address)
        if scope is None:
            title = f"`{self._scope.name}` has no PE {'in this slice' if some else list(pid)}"
            last = [actor.name for actor in state.graph.actors if actor.name in self._scope.actors][-1:]
            hint = "".join(f"the last one is `{name}`; write a number or a slice for each axis" for name in last)
            raise ProgramError([Misuse(title=title, span=caller_span(), hint=hint, code="schedule/unknown")])
        return Part(self._schedule, scope)

    def __getattr__(self, name: str) -> Reference:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._schedule._lookup().thing(name, self._scope)

    def __repr__(self) -> str:
        if self._scope.name in self._schedule._state.called:
            return f"<function {self._scope.name}, {self._called()}>"
        count = len(self._scope.functions)
        return f"<kernel {self._scope.name}, {count} function{'s' if count != 1 else ''}>"

    def _called(self) -> str:
        """Where the function is called, in short."""
        calls = self._schedule._state.calls(self._scope.name)
        return ", ".join(f"called in {place(span_of(op.location))}" for _, op in calls)


class Schedule(LayoutSteps, LoopSteps, MemorySteps, SpaceSteps, PlaceSteps, CallSteps):
    """A program that steps rewrite, each of which keeps its meaning; `print(s)` lists them.

    Names mean loops, arrays and kernels: `s.A`, `s["i"]`, `s["pe"]`, `s["pe"][1, 1].k`, `"pe_1_1:k"`; what they give
    survives later steps. A step that is refused changes nothing. It is simulated, built and reported like a region.
    """

    def __init__(self, name: str, state: State) -> None:
        super().__init__(state)
        self._name = name

    @property
    def name(self) -> str:
        """The program's name."""
        return self._name

    @property
    def module(self) -> Readable:
        """The MLIR module after all steps so far, which verifies; loops have their names in `df.name`."""
        return Readable(self._state.module)

    @property
    def program(self) -> Program:
        """The program after all steps so far, in a module of its own, with calls written out."""
        return program_after(self._state, self._name)

    @property
    def history(self) -> tuple[Step, ...]:
        """The steps that were taken, in order; `sp.verify` compares the programs after two of them."""
        return tuple(self._steps)

    def compose(self, *schedules: "Schedule | Sequence[Schedule]", id: int | str | None = None) -> None:
        """Takes the steps of schedules of kernels again where the program has these kernels, in one step.

        Each is a schedule of a kernel that stands alone, or of a function. Its steps are taken in every instance of the
        same types, or in the one that `id` says: its name, `"gemm_1"`, or its number from 0 on. Raises `ProgramError`,
        and changes nothing, where the program has no such kernel and calls no such function, where two of the schedules
        are of one, or where a step is refused.
        """
        if not schedules:
            title = "`compose` takes at least one schedule"
            raise ProgramError([Misuse(title=title, span=caller_span(), hint="give what `sp.customize` gave")])
        given = [each for one in schedules for each in (one if isinstance(one, list | tuple) else (one,))]
        meant = [(schedule, self._instances(schedule, id)) for schedule in given]
        _check_one_each(meant)
        done = len(self._steps)
        span = caller_span()
        try:
            for schedule, labels in meant:
                for label in labels:
                    self._replay(schedule, label)
        except BaseException:
            del self._steps[done:], self._states[done + 1 :]
            raise
        parts = tuple(self._steps[done:])
        del self._steps[done:], self._states[done + 1 : -1]
        if not parts:
            del self._states[done + 1 :]
            return
        names = tuple(each.name for each in given if isinstance(each, Schedule))
        self._steps.append(
            Step(
                name="compose",
                arguments=names,
                keywords={} if id is None else {"id": id},
                span=span,
                made=tuple(name for part in parts for name in part.made),
                gone=tuple(gone for part in reversed(parts) for gone in part.gone),
                parts=parts,
                after=self._state,
            )
        )

    def _instances(self, schedule: object, id: int | str | None) -> list[str]:
        """What the kernels are called that a schedule is composed with."""
        if not isinstance(schedule, Schedule):
            title = f"`compose` takes schedules, not `{schedule!r}`"
            raise ProgramError([Misuse(title=title, span=caller_span(), hint="give what `sp.customize` gave")])
        found = instances(self._state, schedule.name)
        if not found:
            title = f"`{self._name}` has no kernel `{schedule.name}`, whose schedule is composed"
            known = dict.fromkeys([*(actor.kernel for actor in self._state.graph.actors), *self._state.called])
            if known and self._state.called:
                title = f"`{self._name}` calls no `{schedule.name}`, whose schedule is composed"
            hint = f"its kernels are {', '.join(known)}"
            raise ProgramError([Misuse(title=title, span=caller_span(), hint=hint, code="schedule/unknown")])
        return self._same(schedule, self._chosen(schedule.name, found, id))

    def _chosen(self, name: str, found: list[str], id: int | str | None) -> list[str]:
        """The instances of a kernel that `id` means."""
        if id is None:
            return found
        if isinstance(id, SupportsIndex) and 0 <= id.__index__() < len(found):
            return [found[id.__index__()]]
        if id in found:
            return [str(id)]
        title = f"`{name}` has no instance {id!r}"
        hint = f"its instances are {', '.join(found)}"
        raise ProgramError([Misuse(title=title, span=caller_span("id"), hint=hint, code="schedule/unknown")])

    def _same(self, schedule: "Schedule", found: list[str]) -> list[str]:
        """Those of some instances that are what a schedule is of."""
        whys = {label: differences(schedule._states[0], self._state, label) for label in found}
        if same := [label for label in found if not whys[label]]:
            return same
        told = tuple(dict.fromkeys(why for label in found for why in whys[label]))
        places = ((self._state.place(found[0]), "this is called"),)
        raise ProgramError([Other(name=schedule.name, why=told, places=places, span=caller_span())])

    def _replay(self, schedule: "Schedule", label: str) -> None:
        """Takes the steps of another schedule in the kernel called so."""
        known = schedule._states[0]
        called = correspondence(known, self._state, label)
        for step in flat(schedule.history):
            instance = Instance(label=label, known=known, here=self._state, called=called)
            arguments = [instance.translated(each, step) for each in step.arguments]
            given = {key: instance.translated(each, step) for key, each in step.keywords.items()}
            if "" in step.named and label in self._state.called:
                given["kernel"] = label
            try:
                result = getattr(self, step.name)(*arguments, **given)
            except ProgramError as error:
                told = [
                    Replayed(problem=problem, schedule=schedule.name, step=str(step), at=step.span)
                    for problem in error.problems
                ]
                raise ProgramError(told) from None
            called |= _grids(step.result, result)
            known = step.after or known

    def undo(self, n: int = 1) -> None:
        """Takes back the last `n` steps."""
        count = plain(n)
        if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= len(self._steps):
            done = len(self._steps)
            told = f"{done} step{'s were' if done != 1 else ' was'} taken" if done else "none was taken"
            title = f"`undo` takes back 1 step or several, not `{n}`: {told}"
            raise ProgramError([Misuse(title=title, span=caller_span())])
        del self._steps[-count:], self._states[-count:]

    def reset(self) -> None:
        """Takes back all steps."""
        del self._steps[:], self._states[1:]

    def __getitem__(self, address: str) -> "Reference | Part":
        """What is called so: a kernel, a PE, a loop, an array, or `"kernel:name"`.

        Raises `ProgramError` where nothing is, or several things are, with their places.
        """
        if not isinstance(address, str):
            title = f"a schedule is asked for names, not for `{address!r}`"
            raise ProgramError([Misuse(title=title, span=caller_span(), hint='write `s["i"]`, or `s["pe"][1, 1]`')])
        if (part := scope_of(self._state, address)) is not None:
            return Part(self, part)
        lookup = self._lookup()
        return lookup.thing(*lookup.split(address))

    def __getattr__(self, name: str) -> "Reference | Part":
        if name.startswith("_"):
            raise AttributeError(name)
        if (step := self._meant(name)) is not None:
            title = f"a schedule has no step `{name}`, and `{self._name}` nothing of this name"
            problem = Misuse(title=title, span=caller_span(), hint=f"did you mean `{step}`?", code="schedule/unknown")
            raise ProgramError([problem])
        return self[name]

    def _meant(self, name: str) -> str | None:
        """The step that a name which means nothing is nearly that of."""
        lookup = self._lookup()
        if scope_of(self._state, name) is not None or name in lookup.names(lookup.everything()):
            return None
        known = [each for each in dir(type(self)) if not each.startswith("_")]
        return next(iter(difflib.get_close_matches(name, known, n=1)), None)

    def __str__(self) -> str:
        count = len(self._steps)
        called = ", ".join(self._state.called)
        calls = f", which calls {called}" if called else ""
        lines = [f"schedule of {self._name}{calls}: {count} step{'s' if count != 1 else ''}"]
        for number, step in enumerate(self._steps, start=1):
            made = f" -> {', '.join(step.made)}" if step.made else ""
            lines.append(f"{number:>3}. {step}{made}  ({place(step.span)})")
        return "\n".join(lines)

    __repr__ = __str__


def _grids(before: object, now: object) -> dict[str, str]:
    """What grids are called that a step makes again."""
    pairs = zip(before, now, strict=True) if isinstance(before, tuple) and isinstance(now, tuple) else [(before, now)]
    return {one.name: str(other) for one, other in pairs if isinstance(one, Grid)}


def _check_one_each(meant: Sequence[tuple[Schedule, Sequence[str]]]) -> None:
    """Refuses two schedules of one instance, of which the second would look for names that the first took away."""
    taken: set[str] = set()
    for schedule, labels in meant:
        if several := next((label for label in labels if label in taken), ""):
            name = schedule.name
            title = f"two schedules of `{name}` are composed at once"
            if several != name:
                title = f"two schedules of `{name}` are composed at once, with `{several}`"
            hint = f'say where each belongs: `s.compose(..., id="{name}")` and `s.compose(..., id="{name}_1")`'
            raise ProgramError([Misuse(title=title, span=caller_span(), hint=hint, code="schedule/other")])
        taken.update(labels)


def customize(program: Compilable) -> Schedule:
    """Begins a schedule of a function with types, of a kernel, or of a region, compiled with its closure as it is now.

    Names of loops and of local arrays are made unique in each function: the second `k` is `k_1`. Functions that it
    calls are kept: `s["gemm"]`, and `s["gemm_1"]` where it is called again. Raises `ProgramError` with every problem
    found.
    """
    if not isinstance(program, Region | Kernel | types.FunctionType):
        name = getattr(program, "__name__", repr(program))
        title = f"`{name}` is no region, kernel or function"
        hint = "give what is to be scheduled: `sp.customize(matmul)`"
        raise ProgramError([Misuse(title=title, span=caller_span(), hint=hint)])
    compiled = compile_program(program, keeps_calls=True)
    with context():
        separate(compiled.module)
        keep_calls(compiled.module)
        make_unique(compiled.module)
    return Schedule(compiled.name, state_of(compiled.module))
