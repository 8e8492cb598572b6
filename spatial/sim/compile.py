"""Compiles a kernel's function to the Python generator that the reference engine runs.

The generator yields the engine's events. `lane` collects the channel operations of one pipeline
stage: `lane.get` and `lane.put` wait until they can happen, `lane.step` makes all of them happen in
one cycle and lets it pass.
"""

import keyword
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from spatial.analysis.loops import body_of, has_channel_operation, is_loop
from spatial.analysis.pipeline import LoopTiming
from spatial.ir.dialect import GetOp, PutOp
from spatial.ir.dtypes import parse_type
from spatial.ir.function import parameters
from spatial.ir.location import name_of, span_of
from spatial.ir.mlir import arith, func, ir, memref, scf
from spatial.sim.scalars import HELPERS, SCALARS, constant
from spatial.source.span import Span
from spatial.types.tensor import TensorType

__all__ = ["Compiled", "Site", "compile_function"]

Process = Callable[..., Iterator[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """An operation that can wait or fail, and where the user wrote it."""

    operation: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A function as Python: `process(lane, *arguments)` is a generator.

    `sites` are the operations its numbers mean, `locals` gives for names of the text the user's names.
    """

    name: str
    source: str
    process: Process
    sites: tuple[Site, ...]
    locals: Mapping[str, str]


def compile_function(
    function: func.FuncOp,
    timings: Mapping[ir.Operation, LoopTiming],
    shared: frozenset[int],
    tables: Mapping[str, list[object]],
) -> Compiled:
    """Compiles a function; `shared` are the positions of array parameters whose accesses are to be watched."""
    compiler = Compiler(function, timings, shared)
    source = compiler.function_text()
    namespace: dict[str, object] = {**HELPERS, **tables}
    exec(compile(source, f"<{function.name.value}>", "exec"), namespace)
    process = namespace[compiler.name]
    assert callable(process)
    return Compiled(
        name=function.name.value, source=source, process=process, sites=tuple(compiler.sites), locals=compiler.locals
    )


class Compiler:
    """Writes the text of one generator."""

    def __init__(
        self, function: func.FuncOp, timings: Mapping[ir.Operation, LoopTiming], shared: frozenset[int]
    ) -> None:
        self.function = function
        self.timings = timings
        self.watched = {function.arguments[position] for position in shared}
        self.names: dict[ir.Value, str] = {}
        self.taken = {*HELPERS, "lane", "min", "max", "abs", "range"}
        self.sites: list[Site] = []
        self.lines: list[str] = []
        self.indent = 0
        self.cells: list[str] = []
        self.locals: dict[str, str] = {}
        self.ranges: dict[ir.Value, tuple[int, int]] = {}
        self.stage: int | None = None
        self.timing: LoopTiming | None = None
        self.name = self.fresh(function.name.value)

    def function_text(self) -> str:
        known = parameters(self.function)
        arguments = [self.bind(value, p.name) for value, p in zip(self.function.arguments, known, strict=True)]
        self.write(f"def {self.name}({', '.join(['lane', *arguments])}):")
        with self.indented():
            self.block(self.function.entry_block)
            self.write("return")
            self.write("yield")
        return "\n".join(self.lines) + "\n"

    # Text

    def write(self, line: str) -> None:
        self.lines.append("    " * self.indent + line)

    @contextmanager
    def indented(self) -> Iterator[None]:
        self.indent += 1
        yield
        self.indent -= 1

    def fresh(self, wish: str) -> str:
        base = re.sub(r"\W+", "_", wish).strip("_") or "v"
        base = f"v{base}" if base[0].isdigit() or keyword.iskeyword(base) else base
        name, n = base, 1
        while name in self.taken:
            name, n = f"{base}_{n}", n + 1
        self.taken.add(name)
        return name

    def bind(self, value: ir.Value, wish: str | None = None) -> str:
        user = name_of(value.location)
        name = self.names[value] = self.fresh(wish or user or "v")
        if user and not isinstance(value.owner, ir.Block):
            self.locals[name] = user
        return name

    def site(self, op: ir.OpView) -> int:
        self.sites.append(Site(operation=op.operation.name, span=span_of(op.location)))
        return len(self.sites) - 1

    # Statements

    def block(self, block: ir.Block) -> None:
        """The operations of a block that belong to the current stage; all of them outside of a pipeline."""
        for op in block.operations:
            self.operation(op)

    def here(self, op: ir.OpView) -> bool:
        """Whether an operation belongs to what is being written."""
        return self.stage is None or self.timing is None or self.timing.stages.get(op.operation) == self.stage

    def operation(self, op: ir.OpView) -> None:
        match op:
            case scf.IfOp():
                self.conditional(op)
            case scf.ForOp() | scf.WhileOp():
                self.loop(op)
            case scf.YieldOp() | scf.ConditionOp() | func.ReturnOp():
                pass
            case _ if self.here(op):
                self.simple(op)

    def simple(self, op: ir.OpView) -> None:
        """An operation without operations inside."""
        match op:
            case GetOp():
                result = self.bind(op.value)
                self.write(f"{result} = yield from lane.get({self.names[op.stream]}, {self.site(op)})")
                self.pass_cycle()
            case PutOp():
                value = self.names[op.value]
                self.write(f"yield from lane.put({self.names[op.stream]}, {value}, {self.site(op)})")
                self.pass_cycle()
            case arith.ConstantOp():
                self.names[op.result] = constant(op)
                if op.operation.name == "arith.constant" and isinstance(op.result.type, ir.IndexType):
                    self.ranges[op.result] = (int(constant(op)),) * 2
            case memref.AllocaOp():
                self.allocate(op)
            case memref.GetGlobalOp():
                self.names[op.result] = op.attributes["name"].value
            case memref.LoadOp():
                result = self.bind(op.result)
                self.write(f"{result} = {self.element(op)}")
            case memref.StoreOp():
                self.store(op)
            case _:
                self.scalar(op)

    def pass_cycle(self) -> None:
        """Outside of a pipeline each channel operation is a step of its own."""
        if self.stage is None:
            self.write("yield lane.step()")

    def scalar(self, op: ir.OpView) -> None:
        operands = [self.names[operand] for operand in op.operands]
        text = SCALARS[type(op)](op, operands, self.site(op))
        (result,) = op.results
        uses = list(result.uses)
        if (
            len(uses) == 1
            and uses[0].owner.operation.block == op.operation.block
            and self.same_stage(op, uses[0].owner)
        ):
            self.names[result] = text
        else:
            self.write(f"{self.bind(result)} = {text}")

    def same_stage(self, op: ir.OpView, user: ir.OpView) -> bool:
        """Whether a value can be written where it is used."""
        simple = not (is_loop(user) or isinstance(user, scf.IfOp | scf.YieldOp | scf.ConditionOp))
        stages = self.timing.stages if self.timing else {}
        return simple and stages.get(op.operation) == stages.get(user.operation)

    # Memory

    def allocate(self, op: memref.AllocaOp) -> None:
        name = self.bind(op.result, op.attributes["df.name"].value)
        type_ = parse_type(op.attributes["df.type"].value)
        zero = "0.0" if isinstance(op.result.type.element_type, ir.FloatType) else "0"
        if isinstance(type_, TensorType):
            self.write(f"{name} = [{zero}] * {type_.size}")
        else:
            self.cells.append(name)
            self.write(f"{name} = {zero}")

    def element(self, op: memref.LoadOp) -> str:
        memory = self.names[op.memref]
        if not op.indices:
            return memory
        position = self.position(op)
        return (
            f"{memory}.read({position}, lane.actor, {self.site(op)})"
            if op.memref in self.watched
            else f"{memory}[{position}]"
        )

    def store(self, op: memref.StoreOp) -> None:
        memory, value = self.names[op.memref], self.names[op.value]
        if not op.indices:
            self.write(f"{memory} = {value}")
        elif op.memref in self.watched:
            self.write(f"{memory}.write({self.position(op)}, {value}, lane.actor, {self.site(op)})")
        else:
            self.write(f"{memory}[{self.position(op)}] = {value}")

    def position(self, op: memref.LoadOp | memref.StoreOp) -> str:
        """Where the element lies in C order; indices not known to be inside are checked."""
        shape = list(op.memref.type.shape)
        parts = []
        for axis, (index, extent) in enumerate(zip(op.indices, shape, strict=True)):
            low, high = self.ranges.get(index, (-1, -1))
            text = (
                self.names[index]
                if low >= 0 and high < extent
                else f"at({self.names[index]}, {extent}, {self.site(op)})"
            )
            stride = int(np.prod(shape[axis + 1 :]))
            parts.append(text if stride == 1 else f"{text} * {stride}")
        return " + ".join(parts)

    # Control flow

    def conditional(self, op: scf.IfOp) -> None:
        """An `if`; within a pipeline its parts appear in every stage they have operations in."""
        for result in op.results:
            if result not in self.names:
                self.bind(result)
        branches = [
            (region.blocks[0], bool(self.work(region.blocks[0]))) for region in op.regions if len(region.blocks)
        ]
        if not any(works for _, works in branches):
            return
        condition = self.names[op.operands[0]]
        for position, (block, _) in enumerate(branches):
            self.write(f"if {condition}:" if position == 0 else "else:")
            with self.indented():
                self.write("pass")
                self.block(block)
                self.yielded(op, block)

    def work(self, block: ir.Block) -> bool:
        """Whether a block has anything to do in what is being written."""
        return any(self.here(op) or any(self.work(b) for r in op.regions for b in r.blocks) for op in block.operations)

    def yielded(self, op: scf.IfOp, block: ir.Block) -> None:
        last = list(block.operations)[-1]
        if isinstance(last, scf.YieldOp) and self.here(last):
            for result, value in zip(op.results, last.operands, strict=True):
                self.write(f"{self.names[result]} = {self.names[value]}")

    def loop(self, op: ir.OpView) -> None:
        timing = next((t for t in self.timings.values() if t.nest[0] == op), None)
        if timing is not None:
            self.pipeline(timing)
        elif isinstance(op, scf.ForOp):
            self.for_header(op)
            with self.indented():
                self.sequential(op.body)
        else:
            self.while_loop(op, lambda: self.sequential(op.after))

    def sequential(self, body: ir.Block) -> None:
        """An unpipelined iteration; one that would take no time takes a cycle, so that no loop is free."""
        innermost = not any(is_loop(op) for op in body.operations)
        begun = self.fresh("begun") if innermost else ""
        if innermost:
            self.write(f"{begun} = lane.now()")
        self.block(body)
        if innermost:
            self.write(f"if lane.now() == {begun}: yield lane.idle(1)")

    def for_header(self, op: scf.ForOp) -> None:
        low, high, step = (self.names[operand] for operand in list(op.operands)[:3])
        known = [self.ranges.get(operand) for operand in list(op.operands)[:3]]
        user = op.attributes["df.name"].value if "df.name" in op.attributes else None
        name = self.bind(op.induction_variable, user or "n")
        if user:
            self.locals[name] = user
        if all(known):
            values = range(known[0][0], known[1][0], known[2][0])
            if values:
                self.ranges[op.induction_variable] = (values[0], values[-1])
        bounds = high if low == "0" else f"{low}, {high}"
        self.write(f"for {name} in range({bounds}):" if step == "1" else f"for {name} in range({low}, {high}, {step}):")

    def while_loop(self, op: scf.WhileOp, body: Callable[[], None]) -> None:
        self.write("while True:")
        with self.indented():
            self.block(op.before)
            (condition, *_) = list(op.before.operations)[-1].operands
            self.write(f"if not {self.names[condition]}: break")
            body()

    # Pipelines

    def pipeline(self, timing: LoopTiming) -> None:
        loop = timing.nest[-1]
        self.timing = timing
        if isinstance(loop, scf.WhileOp):
            self.pipelined_while(timing, loop)
        elif timing.overlaps:
            self.overlapped(timing)
        elif has_channel_operation(loop):
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
            self.stages(timing, lambda: self.write("yield lane.step()"))

    def stages(self, timing: LoopTiming, between: Callable[[], None]) -> None:
        """The operations of an iteration in stage order, each stage ended by `between`."""
        for stage in range(timing.latency):
            self.stage = stage
            for block in body_of(timing.nest[-1])[-1:]:
                self.block(block)
            self.stage = None
            between()

    def compute_only(self, timing: LoopTiming) -> None:
        """A loop without channel operations: all its work, then all its time."""
        count = self.fresh("count")
        self.write(f"{count} = 0")
        for _ in self.headers(timing):
            self.stages(timing, lambda: None)
            self.write(f"{count} += 1")
        self.write(f"if {count}: yield lane.idle({timing.ii} * ({count} - 1) + {timing.latency})")

    def pipelined_while(self, timing: LoopTiming, loop: scf.WhileOp) -> None:
        """Iterations in turn; the condition that ends the loop may have taken tokens, in a last cycle."""
        self.write("while True:")
        with self.indented():
            self.stage = 0
            self.block(loop.before)
            self.stage = None
            (condition, *_) = list(loop.before.operations)[-1].operands
            self.write(f"if not {self.names[condition]}: break")
            self.stages(timing, lambda: self.write("yield lane.step()"))
            if timing.ii > timing.latency:
                self.write(f"yield lane.idle({timing.ii - timing.latency})")
        self.write("if lane.pending: yield lane.step()")

    def overlapped(self, timing: LoopTiming) -> None:
        """Iterations in flight together: each is a generator of its own, run by the lane's pipeline."""
        names = []
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
            cells = self.cells
            if cells:
                self.write(f"nonlocal {', '.join(cells)}")
            self.stages(timing, lambda: self.write("yield from lane.end_stage()"))
        self.write(f"yield from lane.{timing.style}({space}(), {iteration}, {timing.ii}, {timing.latency})")
