"""What a function under way calls its values, and how it ends at a fault."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from spatial.analysis.pipeline import LoopTiming, Timings
from spatial.analysis.ranges import index_ranges
from spatial.ir.location import calls_of, span_of
from spatial.ir.mlir import func, ir, memref
from spatial.lower.llvm.code import Place
from spatial.lower.llvm.kinds import type_text
from spatial.lower.llvm.layout import FAULTED
from spatial.lower.llvm.machine import POINTER, Machine, Variable

__all__ = ["UNWATCHED", "Values", "Watched"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """The positions of arrays that several actors touch: `marked` where it is watched whether any touches an element
    of another, `recorded` where it is watched whether tokens order them. Tokens carry `clocks` in a run with any.
    """

    marked: Sequence[int] = ()
    recorded: Sequence[int] = ()
    clocks: bool = False


UNWATCHED = Watched()


class Values(ABC):
    """The state of a function that is being written.

    `clock` is the actor's own time. `names` has each value that never changes, `variables` each other one.
    """

    def __init__(self, function: func.FuncOp, timings: Timings, watched: Watched) -> None:
        arguments = list(function.arguments)
        self.function = function
        self.timings = timings
        self.ranges = index_ranges(function)
        self.tables = tuple(dict.fromkeys(op.attributes["name"].value for op in self.found(memref.GetGlobalOp)))
        self.watched = watched
        self.unused = frozenset(position for position, each in enumerate(arguments) if not list(each.uses))
        used = [each for position, each in enumerate(arguments) if position not in self.unused]
        kinds = [self.argument_type(argument) for argument in used]
        self.machine = Machine(f"step_{_ascii(function.name.value)}", [*kinds, *(POINTER for _ in self.extra())])
        self.names: dict[ir.Value, str] = dict(zip(used, self.machine.arguments, strict=False))
        extra = dict(zip(self.extra(), self.machine.arguments[len(used) :], strict=True))
        self.table = {symbol: extra[symbol] for symbol in self.tables}
        self.shadow = {arguments[position]: extra[position] for position in (*watched.marked, *watched.recorded)}
        self.variables: dict[ir.Value, Variable] = {}
        self.places: list[Place] = []
        self.clock = self.machine.variable("i64")
        self.fault_cycle, self.fault_site, self.fault_value = (self.machine.variable("i64") for _ in range(3))
        self.fault_label = self.machine.label()
        self.stage: int | None = None
        self.branches = 0
        self.timing: LoopTiming | None = None

    def extra(self) -> list[str | int]:
        """What an actor is given behind its own arguments."""
        return [*self.tables, *self.watched.marked, *self.watched.recorded]

    def found(self, kind: type) -> list[ir.OpView]:
        from_function: list[ir.OpView] = []
        self.function.operation.walk(lambda op: _collect(from_function, op, kind))
        return from_function

    def argument_type(self, argument: ir.Value) -> str:
        kind = argument.type
        return type_text(kind) if isinstance(kind, ir.IntegerType | ir.IndexType | ir.FloatType) else POINTER

    def value(self, value: ir.Value) -> str:
        """The machine's name of a value, here."""
        return self.machine.read(self.variables[value]) if value in self.variables else self.names[value]

    def bind(self, value: ir.Value, name: str) -> None:
        """Gives a value its result; it may be asked for wherever the value is in scope."""
        if value not in self.variables:
            self.variables[value] = self.machine.variable(type_text(value.type))
        self.machine.assign(self.variables[value], name)

    def now(self) -> str:
        """The actor's own time."""
        return self.machine.read(self.clock)

    # Faults

    def place(self, op: ir.OpView, what: str = "", parameter: int | None = None) -> int:
        """The number of a place."""
        span, calls = span_of(op.location), calls_of(op.location)
        self.places.append(Place(operation=op.operation.name, span=span, what=what, parameter=parameter, calls=calls))
        return len(self.places) - 1

    def demand(self, condition: str, op: ir.OpView, what: str, value: str | None = None) -> None:
        """Goes on if a condition holds; else the actor ends with a fault."""
        machine, fine, wrong = self.machine, self.machine.label(), self.machine.label()
        machine.branch(condition, fine, wrong, " weights([1000, 1])")
        machine.begin(wrong)
        machine.assign(self.fault_cycle, self.now())
        place = self.place(op, what)
        machine.assign(self.fault_site, machine.integer(place))
        machine.assign(self.fault_value, machine.integer(0) if value is None else value)
        self.failing(op, place)
        machine.jump(self.fault_label)
        machine.begin(fine)

    @abstractmethod
    def failing(self, op: ir.OpView, place: int) -> None:
        """What is told where an operation fails."""

    @abstractmethod
    def failed(self) -> None:
        """What is told when something has failed."""

    def faults(self) -> None:
        """Where all faults end."""
        machine = self.machine
        machine.begin(self.fault_label)
        cycle, site, value = (machine.read(v) for v in (self.fault_cycle, self.fault_site, self.fault_value))
        self.failed()
        given = [("%run", POINTER), ("%actor", POINTER), (cycle, "i64"), (site, "i64"), (value, "i64")]
        machine.call("df_fault", given)
        machine.leave(FAULTED)


def _collect(found: list[ir.OpView], op: ir.Operation, kind: type) -> ir.WalkResult:
    if isinstance(op.opview, kind):
        found.append(op.opview)
    return ir.WalkResult.ADVANCE


def _ascii(name: str) -> str:
    """A name whose letters beyond ASCII are numbers."""
    return "".join(char if char.isascii() else f"_{ord(char):x}" for char in name)
