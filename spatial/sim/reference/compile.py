"""Compiles a kernel's function to the Python generator that the reference engine runs.

The generator yields the engine's events. `lane` collects the channel operations of one pipeline
stage: `lane.get` and `lane.put` wait until they can happen, `lane.step` makes all of them happen in
one cycle and lets it pass.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from spatial.analysis.endless import UNENDING, is_unending
from spatial.analysis.loops import body_of, halves_of, has_channel_operation, inner, is_endless, is_loop, polls
from spatial.analysis.pipeline import LoopTiming, Timings
from spatial.ir.dialect import ExternalOp, PrintOp
from spatial.ir.external import has_reference, is_timed
from spatial.ir.function import parameters
from spatial.ir.location import name_of
from spatial.ir.mlir import arith, func, ir, scf
from spatial.sim.reference.external import HostFunction, Passed, host_function, passed_to
from spatial.sim.reference.lane import Steps
from spatial.sim.reference.ports import BLOCKS
from spatial.sim.reference.scalars import HELPERS
from spatial.sim.reference.statements import Statements
from spatial.sim.reference.writer import Site
from spatial.types.dtype import DType
from spatial.types.tensor import TensorType

__all__ = ["Compiled", "compile_function"]

Process = Callable[..., Steps]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A function as Python: `process(lane, *arguments)` is a generator.

    `sites` are the operations its numbers mean, `locals` gives for names of the text the user's names,
    `types` for those of declared locals their types; `hosts` are the functions in C++ that it calls.
    """

    name: str
    source: str
    process: Process
    sites: tuple[Site, ...]
    locals: Mapping[str, str]
    types: Mapping[str, DType | TensorType]
    hosts: tuple[HostFunction, ...]


def compile_function(
    function: func.FuncOp,
    timings: Timings,
    shared: frozenset[int],
    tables: Mapping[str, list[object]],
    *,
    traced: bool = False,
) -> Compiled:
    """Compiles a function; `shared` are the positions of array parameters whose accesses are to be watched.

    If it is `traced`, iterations tell when they begin and end.
    """
    compiler = Compiler(timings, {function.arguments[position] for position in shared})
    compiler.traced = traced
    name, source = compiler.function_text(function)
    namespace: dict[str, object] = {
        **HELPERS,
        **BLOCKS,
        **compiler.forms,
        **{text: tables[symbol] for text, symbol in compiler.tables.items()},
    }
    exec(compile(source, f"<{function.name.value}>", "exec"), namespace)
    process = namespace[name]
    assert callable(process)
    return Compiled(
        name=function.name.value,
        source=source,
        process=process,
        sites=tuple(compiler.sites),
        locals=compiler.locals,
        types=compiler.types,
        hosts=tuple(form for form in compiler.forms.values() if isinstance(form, HostFunction)),
    )


class Compiler(Statements):
    """Writes the text of one generator: the function, its loops, its pipelines.

    Inside of a call whose cycles are given, everything is `timeless`.
    """

    timeless = False
    traced = False

    def function_text(self, function: func.FuncOp) -> tuple[str, str]:
        """The generator's name and its text."""
        name = self.fresh(function.name.value)
        known = parameters(function)
        arguments = [self.bind(value, p.name) for value, p in zip(function.arguments, known, strict=True)]
        self.write(f"def {name}({', '.join(['lane', *arguments])}):")
        with self.indented():
            self.block(function.entry_block)
            self.write("return")
            self.write("yield")
        return name, "\n".join(self.lines) + "\n"

    # Loops

    def loop(self, op: ir.OpView) -> None:
        if is_endless(op):
            self.write("lane.actor.free_running = True")
        timing = next((t for t in self.timings.values() if t.nest[0] == op), None)
        if timing is not None:
            self.pipeline(timing)
        elif isinstance(op, scf.ForOp):
            self.for_header(op)
            with self.indented(), self.taking_time(may_be_free=any(is_loop(inner) for inner in op.body.operations)):
                self.block(op.body)
        else:
            self.while_loop(op)

    @contextmanager
    def taking_time(self, *, may_be_free: bool = False) -> Iterator[None]:
        """An unpipelined iteration; one that would take no time takes a cycle: no loop runs for ever in none."""
        if may_be_free or self.timeless:
            yield
            return
        begun = self.fresh("begun")
        self.write(f"{begun} = lane.moment()")
        yield
        self.write(f"if lane.moment() == {begun}: yield lane.idle(1)")

    def for_header(self, op: scf.ForOp) -> None:
        low, high, step = (self.names[operand] for operand in list(op.operands)[:3])
        user = name_of(op.induction_variable.location)
        name = self.bind(op.induction_variable, user or "n")
        if user:
            self.locals[name] = user
        self.note_counter(op)
        bounds = high if low == "0" else f"{low}, {high}"
        self.write(f"for {name} in range({bounds}):" if step == "1" else f"for {name} in range({low}, {high}, {step}):")

    def note_counter(self, op: scf.ForOp) -> None:
        """Remembers what the loop variable ranges over, where the bounds are known and there are iterations."""
        known = [self.ranges[operand][0] for operand in list(op.operands)[:3] if operand in self.ranges]
        if len(known) == 3 and (values := range(*known)):
            self.ranges[op.induction_variable] = (values[0], values[-1])

    def while_loop(self, op: scf.WhileOp) -> None:
        self.write("while True:")
        with self.indented(), self.taking_time():
            self.turn(op)
            condition, body = halves_of(op)
            self.block(condition)
            self.leave_unless(op)
            self.block(body)

    def turn(self, op: scf.WhileOp) -> None:
        """Shows the state of an actor that may go round in a circle."""
        if polls(op):
            self.write(f"lane.turn({self.site(op)}, locals())")

    def leave_unless(self, op: scf.WhileOp) -> None:
        """Ends a `while` whose condition has just been computed and does not hold."""
        (condition, *_) = list(halves_of(op)[0].operations)[-1].operands
        self.write(f"if not {self.names[condition]}: break")
        if is_unending(op):
            self.write(f"fail({self.site(op)}, {UNENDING!r})")

    # Calls of functions in C++

    def external(self, op: ExternalOp) -> None:
        if not is_timed(op):
            self.block(op.body.blocks[0])
            return
        if has_reference(op):
            self.timeless = True
            self.block(op.body.blocks[0])
            self.timeless = False
        else:
            self.host_call(op)
        self.write(f"yield lane.idle({op.cycles.value})")

    def host_call(self, op: ExternalOp) -> None:
        name = self.fresh(op.symbol.value)
        self.forms[name] = host_function(op)
        arguments = ", ".join(self.passed(each) for each in passed_to(op))
        self.write(f"{name}(lane.actor, {self.site(op)}, {arguments})")

    def passed(self, argument: Passed) -> str:
        """An argument: a number, or memory with the position of its first element."""
        names = [self.names[value] for value in argument.operands]
        return names[0] if not argument.direction else f"({', '.join(names)})"

    # Pipelines

    def pipeline(self, timing: LoopTiming) -> None:
        loop = timing.nest[-1]
        self.timing = timing
        if isinstance(loop, scf.WhileOp):
            self.pipelined_while(timing)
        elif timing.overlaps:
            self.overlapped(timing)
        elif has_channel_operation(loop) or any(isinstance(op, PrintOp) for op in inner(loop)):
            self.in_turn(timing)
        else:
            self.compute_only(timing)
        self.timing = None

    def headers(self, timing: LoopTiming) -> Iterator[None]:
        """Opens the loops of the nest, the constants between them first."""
        for position, loop in enumerate(timing.nest):
            self.for_header(loop)
            self.indent += 1
            if position < len(timing.nest) - 1:
                for op in loop.body.operations:
                    if isinstance(op, arith.ConstantOp):
                        self.simple(op)
        yield
        self.indent -= len(timing.nest)

    def in_turn(self, timing: LoopTiming) -> None:
        """Iterations that do not overlap: stage after stage, a step each, then the rest of the interval."""
        gap = timing.ii - timing.latency
        if gap:
            first = self.fresh("first")
            self.write(f"{first} = True")
        for _ in self.headers(timing):
            if gap:
                self.write(f"if not {first}: yield lane.idle({gap})")
                self.write(f"{first} = False")
            self.marked_stages(timing, lambda: self.write("yield lane.step()"))

    def mark(self, text: str) -> None:
        """Tells a timeline, if there is one."""
        if self.traced:
            self.write(text)

    def begin(self, timing: LoopTiming) -> None:
        self.mark(f"lane.begin({self.site(timing.nest[-1])}, {timing.rows})")

    def marked_stages(self, timing: LoopTiming, between: Callable[[], None]) -> None:
        """The stages of an iteration that a timeline shows; those of rigid pipelines end with the cycle of all."""
        self.begin(timing)
        self.stages(timing, between, "" if timing.overlaps and timing.style == "rigid" else "lane.end(1)")

    def stages(self, timing: LoopTiming, between: Callable[[], None], end: str = "") -> None:
        """The operations of an iteration in stage order, each stage ended by `between`, the last one told by `end`."""
        used = set(timing.stages.values())
        for stage in range(timing.latency):
            self.stage = stage
            for block in body_of(timing.nest[-1]) if stage in used else ():
                self.block(block)
                last = list(block.operations)[-1]
                if isinstance(last, scf.ConditionOp) and self.here(last):
                    self.leave_unless(timing.nest[-1])
            self.stage = None
            if end and stage == timing.latency - 1:
                self.mark(end)
            between()

    def compute_only(self, timing: LoopTiming) -> None:
        """A loop without channel operations: its work, then its time, in portions so that a long one can be stopped."""
        count, portion = self.fresh("count"), self.fresh("portion")
        self.begin(timing)
        begin = f"{count}, {portion} = 0, lane.portion({timing.ii})"
        self.write(begin)
        for _ in self.headers(timing):
            self.write(f"if {count} == {portion}: yield lane.idle({timing.ii} * {portion}); {begin}")
            self.stages(timing, lambda: None)
            self.write(f"{count} += 1")
        self.write(f"if {count}: yield lane.idle({timing.ii} * ({count} - 1) + {timing.latency})")
        self.mark("lane.end(0)")

    def pipelined_while(self, timing: LoopTiming) -> None:
        """Iterations in turn; the condition that ends the loop may have taken tokens, in a last cycle."""
        self.write("while True:")
        with self.indented():
            self.turn(timing.nest[-1])
            self.marked_stages(timing, lambda: self.write("yield lane.step()"))
            if timing.ii > timing.latency:
                self.write(f"yield lane.idle({timing.ii - timing.latency})")
        self.write("if lane.under_way(): yield lane.step()")
        self.mark("lane.end(0)")

    def overlapped(self, timing: LoopTiming) -> None:
        """Iterations in flight together: each is a generator of its own, run by the lane's pipeline."""
        names: list[str] = []
        for loop in timing.nest:
            for op in loop.body.operations:
                if isinstance(op, arith.ConstantOp):
                    self.simple(op)
        iteration, space = self.fresh("iteration"), self.fresh("space")
        self.write(f"def {space}():")
        with self.indented():
            for _ in self.headers(timing):
                names = [self.names[loop.induction_variable] for loop in timing.nest]
                self.write(f"yield ({', '.join(names)},)")
        self.write(f"def {iteration}(lane, {', '.join(names)}):")
        with self.indented():
            own = {self.names[memory] for memory in timing.private}
            if shared := [cell for cell in self.cells if cell not in own]:
                self.write(f"nonlocal {', '.join(shared)}")
            self.marked_stages(timing, lambda: self.write("yield from lane.end_stage()"))
        self.write(f"yield from lane.{timing.style}({space}(), {iteration}, {timing.ii}, {timing.latency})")
