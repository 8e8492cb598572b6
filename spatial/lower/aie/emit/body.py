"""What is known while the program of a core is written."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from spatial.analysis.ranges import index_ranges
from spatial.ir.location import span_of
from spatial.ir.mlir import arith, func, ir
from spatial.lower.aie.emit.called import Called, Declared
from spatial.lower.aie.emit.errors import NotOnNpu
from spatial.lower.aie.emit.numbers.demand import demands
from spatial.lower.aie.emit.numbers.held import Held, as_low, integer
from spatial.lower.aie.emit.numbers.integers import Integers
from spatial.lower.aie.emit.objects.tokens import Plan
from spatial.lower.aie.emit.storage import Storage, native
from spatial.source.errors import ProgramError

__all__ = ["Body", "FifoEnd", "Memory", "Owner", "Window", "from_bits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Tokens that were looked at and not yet taken, in a ring of `size`: its memory, and how many from where on."""

    ring: ir.Value
    state: ir.Value
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FifoEnd:
    """A core's end of an objectFIFO. Of several channels that one fifo carries from a core, only one is `first`.

    Where the kernel peeks, `window` is what it has looked at.
    """

    name: str
    port: int
    kind: ir.Type
    storage: Storage
    first: bool = True
    window: Window | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """An array of the program: the memory that it is, and how its elements lie there.

    A scalar lies `at` a place, a token of a ring behind the `first` indices.
    """

    value: ir.Value
    storage: Storage
    at: int = 0
    first: tuple[ir.Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Owner:
    """What the program of a core may ask of its device: memory of its tile, and functions of object files.

    `other` is a function that one cannot stand beside.
    """

    buffer: Callable[[str, ir.Type, ir.Attribute | None], ir.Value]
    declare: Callable[[Called, Sequence[ir.Type]], Declared]
    other: Callable[[Called], Called | None]


class Body:
    """The program of one core under way: every value of the function, and what stands for it."""

    def __init__(
        self, function: func.FuncOp, plan: Plan, ends: Mapping[ir.Value, FifoEnd], owner: Owner, label: str
    ) -> None:
        self.function = function
        self.plan = plan
        self.ends = ends
        self.owner = owner
        self.label = label
        self.ints = Integers(demand=demands(function))
        self.ranges = index_ranges(function)
        self.values: dict[ir.Value, ir.Value] = {}
        self.memories: dict[ir.Value, Memory] = {}
        self.objects: dict[ir.Operation, Memory] = {}

    def value(self, value: ir.Value, kind: ir.Type | None = None) -> ir.Value:
        """What stands for a value that is passed on as it is; integers in a register of a kind, else of their type."""
        if isinstance(value.type, ir.IntegerType):
            return self.ints.low(value, int((kind or self.kind(value)).width))
        return self.values[value]

    def kind(self, value: ir.Value) -> ir.Type:
        """The type of what stands for a value that is passed on as it is."""
        if isinstance(value.type, ir.IntegerType):
            bits = int(value.type.width)
            return integer(1 if bits == 1 else native(bits))
        return value.type

    def asked(self, value: ir.Value) -> ir.Type:
        """Its kind, or where that is more than a register has, of the low bits that are asked for."""
        wide = isinstance(value.type, ir.IntegerType) and not native(int(value.type.width))
        return integer(self.ints.width_for(value)) if wide else self.kind(value)

    def define(self, value: ir.Value, made: ir.Value) -> None:
        """Says what stands for a value."""
        if isinstance(value.type, ir.IntegerType):
            self.ints.hold(value, made)
        else:
            self.values[value] = made

    def index(self, number: int) -> ir.Value:
        """A constant index."""
        return arith.constant(ir.IndexType.get(), number)

    def loaded(self, value: ir.Value, register: ir.Value, storage: Storage) -> None:
        """Takes over an element of memory as a value of the program."""
        if isinstance(value.type, ir.IndexType):
            self.values[value] = arith.index_cast(ir.IndexType.get(), register)
        elif not isinstance(value.type, ir.IntegerType):
            self.values[value] = from_bits(register, value.type)
        else:
            bits = int(value.type.width)
            if bits == 1:
                register = arith.trunci(integer(1), register)
                self.ints.hold(value, register)
                return
            low = -(1 << (bits - 1)) if storage.signed else 0
            exact = bits < int(register.type.width)
            self.ints.hold(value, register, (low, low + (1 << bits) - 1) if exact else None)

    def stored(self, value: ir.Value, storage: Storage) -> ir.Value:
        """A value as it lies in memory: integers of other widths with their sign or zeros above them."""
        kind = storage.element
        if isinstance(value.type, ir.IndexType):
            return arith.index_cast(kind, self.values[value])
        if not isinstance(value.type, ir.IntegerType):
            return to_bits(self.values[value], kind)
        bits, width = int(value.type.width), int(kind.width)
        if bits == width:
            return self.ints.low(value, width)
        held = self.ints.signed(value) if storage.signed else self.ints.unsigned(value)
        return as_low(held, width)

    def refuse(self, op: ir.OpView, what: str, why: str, hint: str = "") -> ProgramError:
        """The error that something of the function cannot be written."""
        return ProgramError([NotOnNpu(what=what, why=why, span=span_of(op.location), hint=hint)])

    def held(self, value: ir.Value) -> Held:
        """The register of an integer."""
        return self.ints.of(value)

    def walk(self, block: ir.Block) -> Iterator[ir.OpView]:
        """The operations of a block."""
        yield from list(block.operations)


def from_bits(register: ir.Value, kind: ir.Type) -> ir.Value:
    """A float from what lies in memory for it."""
    if register.type == kind:
        return register
    bits = int(kind.width)
    narrow = arith.trunci(integer(bits), register) if int(register.type.width) > bits else register
    return arith.bitcast(kind, narrow)


def to_bits(value: ir.Value, kind: ir.Type) -> ir.Value:
    """What lies in memory for a float."""
    if value.type == kind:
        return value
    bits = arith.bitcast(integer(int(value.type.width)), value)
    return arith.extui(kind, bits) if int(kind.width) > int(value.type.width) else bits
