"""Writes a function that can stop at many places and go on there later, as text of the LLVM dialect.

What a function computes lies in variables. While it runs they are values of the machine; where it stops,
those that are read again are stored into the actor's frame, and loaded from it where it goes on.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from spatial.lower.llvm.layout import HEADER, HOLE, ActorHalf

__all__ = ["POINTER", "Block", "Machine", "Variable", "bytes_of"]

POINTER = "!llvm.ptr"
PLAIN = ' attributes {passthrough = ["noinline", "optnone"]}'
MANY_STOPS = 128  # above so many the optimizer, whose time grows with their square, takes longer than it saves
HALF = 4  # bytes of half a word


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """Something that changes while a function runs; `slot` is its place on the machine's stack.

    One of an iteration that overlaps with others has a place in its lane instead, so many bytes from its begin.
    """

    slot: str
    type: str
    lane: int | None = None


@dataclass(slots=True)
class Block:
    """Straight code; `needs` are the variables it reads before it assigns them."""

    label: str
    lines: list[str] = field(default_factory=list)
    needs: set[Variable] = field(default_factory=set)
    assigned: set[Variable] = field(default_factory=set)
    known: dict[Variable, str] = field(default_factory=dict)
    successors: list[str] = field(default_factory=list)
    closed: bool = False


class Machine:
    """One function under way: the block being written, its variables, the places where it can stop.

    `arguments` are types of what the actor holds behind its header; all are loaded where the function begins.
    """

    def __init__(self, name: str, arguments: Sequence[str]) -> None:
        self.name = name
        self.count = 0
        self.head: list[str] = []
        self.constants: dict[tuple[str, str], str] = {}
        self.blocks: list[Block] = []
        self.stops: list[tuple[Block, Block]] = []
        self.frame: dict[Variable, int] = {}
        self.kept: dict[Variable, int] = {}
        self.areas: list[tuple[int, int]] = []
        self.saves: dict[int, Sequence[Variable]] = {}
        self.moments: set[Variable] = set()
        self.shown: list[tuple[Block, str, str, Sequence[tuple[str, int]]]] = []
        self.lane: Variable | None = None
        self.lane_top = 0
        self.top = HEADER * 8
        self.holes = [HALF * HOLE]
        self.arguments = [self.load_argument(type_) for type_ in arguments]
        self.block = self.begin(self.label())

    def load_argument(self, type_: str) -> str:
        """The next of the actor's arguments; an integer of more bits than a word takes as many words as it needs."""
        at, value, place = self.fresh(), self.fresh(), self.top
        words = words_of_register(type_)
        self.top += 8 * words
        held = type_ if words == 1 else f"i{64 * words}"
        self.head.append(f"{at} = llvm.getelementptr %actor[{place}] : ({POINTER}) -> {POINTER}, i8")
        self.head.append(f"{value} = llvm.load {at} {{alignment = 8 : i64}} : {POINTER} -> {held}")
        if held == type_:
            return value
        self.head.append(f"{(cut := self.fresh())} = llvm.trunc {value} : {held} to {type_}")
        return cut

    # Text

    def fresh(self) -> str:
        self.count += 1
        return f"%v{self.count}"

    def label(self) -> str:
        self.count += 1
        return f"^b{self.count}"

    def do(self, text: str) -> None:
        """An operation without a result."""
        self.block.lines.append(text)

    def op(self, text: str) -> str:
        """An operation with a result; its name."""
        name = self.fresh()
        self.block.lines.append(f"{name} = {text}")
        return name

    def constant(self, value: str, type_: str = "i64") -> str:
        """A constant, defined where the function begins."""
        key = (value, type_)
        if key not in self.constants:
            name = self.constants[key] = self.fresh()
            text = (
                {"0": "false", "1": "true", "-1": "true"}.get(value, value) if type_ == "i1" else f"{value} : {type_}"
            )
            self.head.append(f"{name} = llvm.mlir.constant({text}) : {type_}")
        return self.constants[key]

    def zero(self, type_: str) -> str:
        """A constant, zero."""
        return self.constant("0.0" if type_ in ("f32", "f64") else "0", type_)

    def integer(self, value: int) -> str:
        """A constant of 64 bits."""
        return self.constant(str(value))

    def binary(self, name: str, left: str, right: str, type_: str = "i64") -> str:
        """An operation on two values of one type, such as `llvm.add`."""
        return self.op(f"{name} {left}, {right} : {type_}")

    def cast(self, name: str, value: str, source: str, target: str) -> str:
        """A value as another type; itself where it has that type."""
        return value if source == target else self.op(f"{name} {value} : {source} to {target}")

    def call(self, name: str, operands: Sequence[tuple[str, str]], result: str = "()") -> str:
        """Calls a function of the runtime on values, each with its type."""
        values, types = ", ".join(v for v, _ in operands), ", ".join(t for _, t in operands)
        text = f"llvm.call @{name}({values}) : ({types}) -> {result}"
        if result != "()":
            return self.op(text)
        self.do(text)
        return ""

    def offset(self, base: str, count: int) -> str:
        """The address so many bytes behind another one."""
        return self.op(f"llvm.getelementptr {base}[{count}] : ({POINTER}) -> {POINTER}, i8")

    # Variables

    def variable(self, type_: str) -> Variable:
        return self.lane_variable(type_) if self.lane else self.stack_variable(type_)

    def lane_variable(self, type_: str) -> Variable:
        """A variable of the iteration that is being written."""
        return Variable(slot=self.fresh(), type=type_, lane=self.reserve_in_lane(bytes_of(type_)))

    def stack_variable(self, type_: str) -> Variable:
        """A variable of the function."""
        slot = self.fresh()
        self.head.append(f"{slot} = llvm.alloca {self.integer(1)} x {type_} : (i64) -> {POINTER}")
        return Variable(slot=slot, type=type_)

    def read(self, variable: Variable) -> str:
        block = self.block
        if variable.lane is not None:
            return self.op(f"llvm.load {self.in_lane(variable.lane)} : {POINTER} -> {variable.type}")
        if variable not in block.known:
            if variable not in block.assigned:
                block.needs.add(variable)
            block.known[variable] = self.op(f"llvm.load {variable.slot} : {POINTER} -> {variable.type}")
        return block.known[variable]

    def in_lane(self, place: int) -> str:
        """The address so many bytes behind the begin of an iteration."""
        assert self.lane is not None
        return self.offset(self.read(self.lane), place)

    def assign(self, variable: Variable, value: str) -> None:
        if variable.lane is not None:
            self.do(f"llvm.store {value}, {self.in_lane(variable.lane)} : {variable.type}, {POINTER}")
            return
        self.block.assigned.add(variable)
        self.block.known[variable] = value
        self.do(f"llvm.store {value}, {variable.slot} : {variable.type}, {POINTER}")

    def reserve_later(self) -> int:
        """The line of the head that will reserve memory; `reserved` completes it."""
        self.head.append("")
        return len(self.head) - 1

    def reserved(self, line: int, name: str, count: int) -> int:
        """Names so many bytes of the frame; their place."""
        place = -(-self.top // 16) * 16
        self.top = place + -(-count // 16) * 16
        self.areas.append((place, count))
        self.head[line] = f"{name} = llvm.getelementptr %actor[{place}] : ({POINTER}) -> {POINTER}, i8"
        return place

    def initial(self, variable: Variable, value: str) -> None:
        """Gives a variable its value where the function begins."""
        start = self.blocks[0]
        start.lines.insert(
            0, f"llvm.store {self.constant(value, variable.type)}, {variable.slot} : {variable.type}, {POINTER}"
        )
        start.assigned.add(variable)

    def keep(self, variable: Variable, place: int) -> None:
        """The actor holds a variable at a place of its own wherever it stops."""
        self.kept[variable] = self.frame[variable] = place

    def begin_with_kept(self, variable: Variable) -> None:
        """A variable begins with what the actor holds at the place of its own."""
        at = self.offset("%actor", self.kept[variable])
        self.assign(variable, self.op(f"llvm.load {at} : {POINTER} -> {variable.type}"))

    def store_kept(self) -> None:
        """Stores what the actor holds at places of its own."""
        self.block.lines += self.saved(list(self.kept))
        self.block.needs |= set(self.kept)

    def reserve(self, count: int) -> str:
        """The address of so many bytes of the frame."""
        at = self.fresh()
        self.reserved(self.reserve_later(), at, count)
        return at

    def reserve_in_lane(self, count: int) -> int:
        """The place of so many bytes of an iteration that overlaps with others."""
        unit = min(count, 16)
        place = -(-self.lane_top // unit) * unit
        self.lane_top = place + count
        return place

    # Control

    def begin(self, label: str) -> Block:
        """From here on a new block is written."""
        self.block = Block(label)
        self.blocks.append(self.block)
        return self.block

    def jump(self, label: str) -> None:
        if not self.block.closed:
            self.do(f"llvm.br {label}")
            self.block.successors = [label]
            self.block.closed = True

    def branch(self, condition: str, yes: str, no: str, weights: str = "") -> None:
        self.do(f"llvm.cond_br {condition}{weights}, {yes}, {no}")
        self.block.successors = [yes, no]
        self.block.closed = True

    def go(self, label: str) -> None:
        """Goes on in a new block of that label."""
        self.jump(label)
        self.begin(label)

    def stop(self, where: str) -> int:
        """Stops here, to go on at a label; the number of the state. What is assigned before is kept."""
        here = self.block
        there = self.begin(self.label())
        self.jump(where)
        here.successors = [there.label]
        here.closed = True
        self.stops.append((here, there))
        return len(self.stops)

    def leave(self, state: int) -> None:
        """Stops for good in a state."""
        self.do(f"llvm.store {self.constant(str(state), 'i32')}, %state_at : i32, {POINTER}")
        self.do("llvm.return")
        self.block.closed = True

    def show(self, site: str, label: str, memory: Sequence[tuple[str, int]]) -> None:
        """Shows the state of the function, and goes on at a label: all variables but `moments`, and memory."""
        self.shown.append((self.block, label, site, memory))
        self.block.successors = [label]
        self.block.closed = True

    # The whole

    def text(self) -> str:
        """The function; nothing may be written after this."""
        live = self.live()
        for block, label, site, memory in self.shown:
            variables = sorted(live[label] - set(self.kept) - self.moments, key=lambda variable: variable.slot)
            block.lines += [*self.copied(variables, memory, site), f"llvm.br {label}"]
        for state, (here, there) in enumerate(self.stops, 1):
            kept = self.saves[state] = sorted({*live[there.label], *self.kept}, key=lambda variable: variable.slot)
            number = self.constant(str(state), "i32")
            here.lines += [*self.saved(kept), f"llvm.store {number}, %state_at : i32, {POINTER}"]
            here.lines.append("llvm.return")
            there.lines[:0] = list(self.restored(kept))
        body = [f"{block.label}:\n  " + "\n  ".join(block.lines) for block in self.blocks]
        head = "\n  ".join([*self.entry(), *self.head, self.switch()])
        plain = PLAIN if len(self.stops) > MANY_STOPS else ""
        return (
            f"llvm.func internal @{self.name}(%run: {POINTER}, %actor: {POINTER}){plain} {{\n  {head}\n"
            + "\n".join(body)
            + "\n}\n"
        )

    def entry(self) -> Iterator[str]:
        place = 4 * ActorHalf.STATE
        yield f"%state_at = llvm.getelementptr %actor[{place}] : ({POINTER}) -> {POINTER}, i8"
        yield f"%state = llvm.load %state_at : {POINTER} -> i32"

    def switch(self) -> str:
        cases = ", ".join(f"{state}: {there.label}" for state, (_, there) in enumerate(self.stops, 1))
        start = self.blocks[0].label
        return f"llvm.switch %state : i32, {start} [{cases}]" if cases else f"llvm.br {start}"

    def live(self) -> Mapping[str, set[Variable]]:
        """For each block the variables that are read before they are assigned, in it or behind it."""
        found = {block.label: set(block.needs) for block in self.blocks}
        moved = True
        while moved:
            moved = False
            for block in reversed(self.blocks):
                later = set().union(*(found[label] for label in block.successors)) - block.assigned
                if not later <= found[block.label]:
                    found[block.label] |= later
                    moved = True
        return found

    def saved(self, kept: Sequence[Variable]) -> Iterator[str]:
        for variable in kept:
            at, value = self.fresh(), self.fresh()
            yield f"{value} = llvm.load {variable.slot} : {POINTER} -> {variable.type}"
            yield f"{at} = llvm.getelementptr %actor[{self.place(variable)}] : ({POINTER}) -> {POINTER}, i8"
            yield f"llvm.store {value}, {at} : {variable.type}, {POINTER}"

    def copied(self, variables: Sequence[Variable], memory: Sequence[tuple[str, int]], site: str) -> Iterator[str]:
        """Copies variables and memory to a place of the frame, and hands that on."""
        sizes = [*(bytes_of(variable.type) for variable in variables), *(-(-count // 16) * 16 for _, count in memory)]
        begins = [-(-self.top // 16) * 16]
        for size in sizes:
            begins.append(-(-(begins[-1] + size) // 16) * 16)
        long = begins[-1] - begins[0]
        self.top = begins[-1] + long
        names = [self.fresh() for _ in begins]
        for name, begin in zip(names, begins, strict=True):
            yield f"{name} = llvm.getelementptr %actor[{begin}] : ({POINTER}) -> {POINTER}, i8"
        for variable, name in zip(variables, names, strict=False):
            value = self.fresh()
            yield f"{value} = llvm.load {variable.slot} : {POINTER} -> {variable.type}"
            yield f"llvm.store {value}, {name} : {variable.type}, {POINTER}"
        for (address, count), name in zip(memory, names[len(variables) :], strict=False):
            length, types = self.integer(count), f"({POINTER}, {POINTER}, i64) -> ()"
            yield f'"llvm.intr.memcpy"({name}, {address}, {length}) <{{isVolatile = false}}> : {types}'
        yield f"llvm.call @df_turn(%run, %actor, {site}, {names[0]}, {self.integer(long // 8)}) : (" + (
            f"{POINTER}, {POINTER}, i64, {POINTER}, i64) -> ()"
        )

    def restored(self, kept: Sequence[Variable]) -> Iterator[str]:
        for variable in kept:
            at, value = self.fresh(), self.fresh()
            yield f"{at} = llvm.getelementptr %actor[{self.place(variable)}] : ({POINTER}) -> {POINTER}, i8"
            yield f"{value} = llvm.load {at} : {POINTER} -> {variable.type}"
            yield f"llvm.store {value}, {variable.slot} : {variable.type}, {POINTER}"

    def place(self, variable: Variable) -> int:
        """Where in the actor a variable is kept while it stops."""
        if variable not in self.frame:
            size = bytes_of(variable.type)
            aligned = -(-self.top // min(size, 16)) * min(size, 16)
            if size == HALF and self.holes:
                self.frame[variable] = self.holes.pop()
                return self.frame[variable]
            if aligned - self.top >= HALF:
                self.holes.append(self.top)
            self.frame[variable], self.top = aligned, aligned + size
        return self.frame[variable]


def words_of_register(type_: str) -> int:
    return 1 if type_ == POINTER else -(-int(type_[1:]) // 64)


def bytes_of(type_: str) -> int:
    """The bytes a variable is given: 4, 8, or as many times 16 as it needs."""
    if type_ != POINTER and int(type_[1:]) <= 8 * HALF:
        return HALF
    words = words_of_register(type_)
    return 8 if words == 1 else -(-words // 2) * 16
