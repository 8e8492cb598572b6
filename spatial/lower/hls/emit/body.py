"""What is known while the text of a function is written: its lines, and what its values are called."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from spatial.analysis.pipelining.timing import Timings
from spatial.analysis.ranges import index_ranges
from spatial.device.operators import Operators
from spatial.ir.channels import POLLS, TAKES, streams_of
from spatial.ir.dialect import EmptyOp, FullOp
from spatial.ir.function import memory_of, operations, stores
from spatial.ir.location import name_of
from spatial.ir.mlir import func, ir, memref
from spatial.lower.hls.emit.idioms import Idioms, find_idioms
from spatial.lower.hls.emit.kinds import Kind, Point
from spatial.lower.hls.emit.names import Names, is_reserved
from spatial.lower.hls.emit.points import units_of, variable
from spatial.lower.hls.emit.sources import Source
from spatial.lower.hls.emit.terms import Term, named
from spatial.lower.hls.emit.types import held_kind
from spatial.lower.hls.emit.usage import endless_loop
from spatial.types.dtype import DType
from spatial.types.tensor import TensorType, element_of

__all__ = ["LONGEST", "NOT_INLINED", "Body", "Place"]

INDENT = "    "
LONGEST = 80  # characters of an expression that is still written as one
NOT_INLINED = "#pragma HLS inline off"
BRIEF = 12  # characters of an expression that may be written twice


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A memory: its C++ name and its type.

    An array that is `flat` is a pointer to all its elements, one that is a `member` lies in the struct of a token.
    What is `lasting` is never written. A scalar that is `given` lies there as in an array: floats that C++ has no type
    for as their bits.
    """

    name: str
    type: DType | TensorType
    flat: bool = False
    lasting: bool = False
    member: bool = False
    given: bool = False

    @property
    def as_stored(self) -> bool:
        """Whether what lies there is in the form of memory."""
        return self.given or isinstance(self.type, TensorType)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A variable, what it is given, and the term that it is from then on."""

    name: str
    kind: Kind
    text: str
    term: Term


class Body:
    """The text of a function under way.

    A value is a term until it is used; a term that depends on memory is given a name before that changes. `waiting`
    are the values whose terms are not lasting, in the order of the program.
    """

    def __init__(
        self,
        function: func.FuncOp,
        timings: Timings,
        idioms: Idioms | None = None,
        operators: Operators | None = None,
    ) -> None:
        self.function = function
        self.timings = timings
        self.operators = operators
        self.names = Names()
        self.labels: set[str] = set()
        self.values: Mapping[int, Sequence[int]] = {}
        self.shaped: frozenset[int] = frozenset()
        self.lines: list[str] = []
        self.depth = 1
        self.terms: dict[ir.Value, Term] = {}
        self.places: dict[ir.Value, Place] = {}
        self.streams: dict[ir.Value, str] = {}
        self.token_kinds: dict[ir.Value, Kind] = {}
        self.idioms = idioms or find_idioms(function)
        self.uses = self.idioms.uses()
        self.waiting: dict[ir.Value, None] = {}
        self.declared_by: dict[ir.OpView, str] = {}
        self.tokens: dict[TensorType, None] = {}
        self.token_types: dict[ir.Value, DType | TensorType] = {}
        self.windows: dict[ir.Value, str] = {}
        self.tables: dict[str, Place] = {}
        self.early: list[str] = []
        self.pragmas = [NOT_INLINED]
        self.endless = endless_loop(function)
        self.kept: set[ir.Value] = set()
        self.dead: set[ir.Value] = set()
        self.headers: set[str] = set()
        self.helpers: set[str] = set()
        self.sources: dict[Source, None] = {}

    # Text

    def line(self, text: str) -> None:
        self.lines.append(f"{self.indent()}{text}")

    def indent(self, further: int = 0) -> str:
        """What a line of the block begins with, or of a block inside."""
        return INDENT * (self.depth + further)

    def bare(self, text: str) -> None:
        """A line that begins at the margin."""
        self.lines.append(text)

    @contextmanager
    def inside(self) -> Iterator[None]:
        """The lines of a block."""
        outer = dict(self.waiting)
        self.depth += 1
        self.names.enter()
        yield
        self.before_token()
        self.waiting = {value: None for value in outer if value in self.waiting}
        self.names.leave()
        self.depth -= 1

    @contextmanager
    def apart(self) -> Iterator[list[str]]:
        """Lines that are kept apart."""
        kept, self.lines = self.lines, []
        yield self.lines
        self.lines = kept

    def label(self, text: str) -> str:
        """A label that the function does not have yet."""
        name, number = text, 1
        while name in self.labels or is_reserved(name):
            number += 1
            name = f"{text}_{number}"
        self.labels.add(name)
        return name

    # Values

    def use(self, value: ir.Value) -> Term:
        """The term of a value, for one of its uses."""
        self.uses[value] -= 1
        if self.uses[value] <= 0:
            self.waiting.pop(value, None)
        return self.terms[value]

    def use_whole(self, value: ir.Value) -> Term:
        """The term of a value that is to be computed even where C++ would skip it: a token is taken before."""
        if self.terms[value].effect:
            self.materialize(value)
        return self.use(value)

    def define(self, value: ir.Value, term: Term) -> None:
        """Gives a value its term, and a name where it is used more than once or has grown long."""
        count = self.uses.get(value, 0)
        self.terms[value] = term
        if count == 0:
            if term.effect:
                self.line(f"(void)({term.text});")
            return
        if not term.lasting:
            self.waiting[value] = None
        shown = term.number or term
        again = count > 1 and not term.simple and not (term.lasting and len(shown.text) <= BRIEF)
        assigned = all(isinstance(use.owner, memref.StoreOp) for use in value.uses)
        named_by_user = term.effect and not assigned and name_of(value.owner.location) is not None
        if again or named_by_user or len(shown.text) > LONGEST:
            self.materialize(value)

    def reach(self, peek: ir.OpView) -> int:
        """The greatest position that a `peek` looks at, as far as that is known."""
        return index_ranges(self.function).get(peek.position, (0, sys.maxsize))[1]

    def scalar(self, memory: ir.Value) -> Term:
        """A scalar variable as it is now."""
        place = self.places[memory]
        kind, reads = held_kind(element_of(place.type)), frozenset[ir.Value]() if place.lasting else frozenset({memory})
        if isinstance(kind, Point):
            return variable(place.name, kind, reads=reads)
        return replace(named(place.name, kind), reads=reads)

    def materialize(self, value: ir.Value, hint: str = "") -> None:
        """Writes a value's term into a constant of its own."""
        held = self.held(self.terms[value], self.names.fresh(hint or self.hint(value)))
        self.waiting.pop(value, None)
        self.line(f"const {held.kind} {held.name} = {held.text};")
        self.terms[value] = held.term

    @staticmethod
    def held(term: Term, name: str) -> "Held":
        """A variable of a name that holds a term: a number in fixed point as such."""
        if term.number is not None and isinstance(term.number.kind, Point):
            kind, shown = term.number.kind, term.number.source or term.number
            after = units_of(named(name, kind), term.unit, term.low, term.high)
            return Held(name=name, kind=kind, text=shown.text, term=after)
        after = named(name, term.kind, term.low, term.high)
        return Held(name=name, kind=term.kind, text=term.text, term=after)

    def hint(self, value: ir.Value) -> str:
        """What to call a value: as the user does, or by what it is."""
        owner = value.owner
        if str(value.type) == "i1" and isinstance(owner.opview, POLLS):
            return {EmptyOp: "empty", FullOp: "full"}.get(type(owner.opview), "done")
        if isinstance(owner.opview, TAKES):
            return name_of(owner.location) or f"{self.streams[streams_of(owner.opview)[0]]}_token"
        if found := name_of(owner.location):
            return found
        if isinstance(owner.opview, memref.LoadOp):
            return f"{self.places[owner.opview.memref].name}_now"
        if isinstance(value.type, ir.IndexType):
            return "at"
        return "holds" if str(value.type) == "i1" else "value"

    # What changes

    def before_token(self) -> None:
        """Writes down the token that was taken last, before something else happens."""
        for value in [each for each in self.waiting if self.terms[each].effect]:
            self.materialize(value)

    def before_store(self, *memories: ir.Value) -> None:
        """Writes down what was loaded from memories that are about to change."""
        changing = frozenset(memories)
        for value in [each for each in self.waiting if self.terms[each].effect or self.terms[each].reads & changing]:
            self.materialize(value)

    def before_nested(self, op: ir.OpView, *, repeated: bool = False) -> None:
        """Writes down what the blocks of an operation change, and what they would compute every time if `repeated`."""
        used, changed = set(), set()
        for region in op.regions:
            for block in region.blocks:
                for each in operations(block):
                    used.update(self.idioms.operands(each))
                    if stores(each):
                        changed.add(memory_of(each))
        for value in list(self.waiting):
            term = self.terms[value]
            if term.effect or term.reads & changed or (repeated and value in used and not term.simple):
                self.materialize(value)
