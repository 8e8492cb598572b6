"""The state of lowering one specialization, and the services every part of it uses."""

import ast
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields

from spatial.ir.arithmetic import constant, convert
from spatial.ir.dtypes import memory_type
from spatial.ir.location import Call, location
from spatial.ir.mlir import ir, memref
from spatial.kernel.declared.references import ArrayRef, Handed, Kept
from spatial.kernel.errors import LiteralDoesNotFit, NotSupported, TypeMismatch, WrongUse
from spatial.kernel.lower.affine import Affine, PeNumber, fixed, variable
from spatial.kernel.lower.fitting import hint_against, hint_for
from spatial.kernel.lower.phrases import phrase_of
from spatial.kernel.lower.returning import Results, Returning
from spatial.kernel.lower.values import (
    Array,
    ArrayValue,
    Cell,
    ChannelEnd,
    Folded,
    Literal,
    Number,
    Scalar,
    Tensor,
    Tuple,
    Value,
    Varying,
    View,
    number_type,
)
from spatial.kernel.specialized.serving import CallEnds
from spatial.meta.callee import Callee
from spatial.meta.errors import UndefinedName
from spatial.meta.names import suggestion
from spatial.meta.scope import Scope
from spatial.source.report import Problem
from spatial.source.span import Span
from spatial.types.conversion import convert as cast_value
from spatial.types.conversion import fits
from spatial.types.dtype import DType, Int, bool_, float32, float64, int32, is_integer
from spatial.types.tensor import TensorType

__all__ = ["Lowering", "Naming", "Rejected"]

LOOPS = (ast.For, ast.While, ast.If)


class Rejected(Exception):
    """The statement at hand is wrong; the problem has been noted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """What the names of a text mean while it is lowered: the kernel's own text, or that of a function it calls.

    `once` are the names that need no memory, `assigned` the places where each is first assigned. `callee` is
    the call that is being written out, None for the kernel, `inside_of` has its place and those of the calls around
    it; statements outside of its loops stand in `top`.
    """

    spans: Callable[[ast.AST], Span]
    names: dict[str, Value | Cell | None]
    parameters: frozenset[str]
    scope: Scope
    around: Mapping[str, object]
    once: frozenset[str]
    assigned: Mapping[str, Span]
    top: ir.Block
    callee: Callee | None = None
    inside_of: tuple[Call, ...] = ()
    definite: set[str] = field(default_factory=set)
    bare: set[str] = field(default_factory=set)
    loops: dict[str, Span] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Lowering:
    """One function while it is built.

    `names` binds what the user's names mean now; a name bound to None was part of a rejected statement,
    so that one mistake is told once. `destinations` are the types that expressions are computed for.
    Of the locals in memory, `definite` have a value wherever control comes from, and `bare` were declared
    without one; memory is allocated in the block `entry`, statements outside of loops stand in `top`.
    `loops` are the places of loop variables, `labels` the PEs of the specialization, `calls` the ports that
    are calls of regions, `handed` the local arrays that those are given, `guards` counts the blocks around
    this that need not run, `callers` are the texts that called the one at hand; `given` is the memory that
    the function takes besides its parameters,
    `kept` that of it which a statement declares. `flags` tell which exits were taken, `returning` is what the
    function at hand returns from within loops. Where it `keeps_calls`, what a called function does is held together.
    """

    entry: ir.Block
    top: ir.Block
    spans: Callable[[ast.AST], Span]
    expressions: Mapping[type[ast.expr], Callable[["Lowering", ast.expr], Value]]
    statements: Mapping[type[ast.stmt], Callable[["Lowering", ast.stmt], None]]
    names: dict[str, Value | Cell | None]
    parameters: frozenset[str]
    ports: list[ChannelEnd]
    calls: Mapping[int, CallEnds]
    handed: Mapping[tuple[int, str], Handed]
    arguments: list[ir.Value]
    columns: list[tuple[int | float | bool, ...]]
    labels: tuple[str, ...]
    scope: Scope
    around: Mapping[str, object]
    once: frozenset[str]
    assigned: Mapping[str, Span]
    tables: dict[object, str]
    problems: list[Problem] = field(default_factory=list)
    definite: set[str] = field(default_factory=set)
    conditions: set[ast.expr] = field(default_factory=set)
    destinations: dict[ast.AST, DType] = field(default_factory=dict)
    bare: set[str] = field(default_factory=set)
    loops: dict[str, Span] = field(default_factory=dict)
    callee: Callee | None = None
    inside_of: tuple[Call, ...] = ()
    callers: list[Naming] = field(default_factory=list)
    flags: dict[object, ir.Value] = field(default_factory=dict)
    returning: Returning | Results | None = None
    guards: int = 0
    allocated: ir.Operation | None = None
    given: list[ArrayRef | Handed | Kept] = field(default_factory=list)
    kept: dict[ast.AST, ir.Value] = field(default_factory=dict)
    keeps_calls: bool = False

    def rejected(self, problem: Problem) -> Rejected:
        """Notes a problem; raising the result gives the statement up."""
        self.problems.append(problem)
        return Rejected()

    def unsupported(self, what: str, node: ast.AST, hint: str = "") -> Rejected:
        """Notes a piece of Python that is not in the language; raising the result gives the statement up."""
        return self.rejected(NotSupported(what=what, span=self.spans(node), hint=hint))

    def undefined(self, node: ast.Name) -> Rejected:
        """Notes a name that means nothing where it is used."""
        name, span = node.id, self.spans(node)
        if name in self.around and not self.scope.is_local(name):
            what = "function" if self.callee else "kernel"
            title = f"`{name}` is an array of the region, not of this {what}"
            hint = f"give the {what} a parameter `{name}`" + ("" if self.callee else ", typed as in the region")
            return self.rejected(WrongUse(title=title, span=span, hint=hint))
        if self.scope.is_chosen(name):
            title, hint = f"`{name}` is a channel that the run chooses", f"use its operations: `{name}.get()`"
            return self.rejected(WrongUse(title=title, span=span, hint=hint))
        if name in self.loops and self.loops[name] < span:
            why, told = "has no value behind its loop", "it counts this loop"
            hint = "keep it in a local of its own, assigned in the loop"
            return self.rejected(
                UndefinedName(name=name, span=span, why=why, place=self.loops[name], told=told, hint=hint)
            )
        if (place := self.assigned.get(name)) is not None:
            return self.rejected(UndefinedName(name=name, span=span, why="is used before it has a value", place=place))
        if name not in self.scope.stores:
            hint = suggestion(name, self.scope.local, self.scope.environment)
            return self.rejected(UndefinedName(name=name, span=span, hint=hint))
        elsewhere = self.spans(self.scope.stores[name][0])
        why, told = f"has no value at `{self.labels[0]}`", "given one only by other PEs, here"
        return self.rejected(UndefinedName(name=name, span=span, why=why, place=elsewhere, told=told))

    def naming(self) -> Naming:
        """What names mean at this moment."""
        return Naming(**{each.name: getattr(self, each.name) for each in fields(Naming)})

    @contextmanager
    def named(self, naming: Naming) -> Iterator[None]:
        """While the text of a called function is lowered, its names are the ones that count."""
        before = self.naming()
        self.callers.append(before)
        self._take(naming)
        try:
            yield
        finally:
            self._take(self.callers.pop())

    def _take(self, naming: Naming) -> None:
        for each in fields(Naming):
            setattr(self, each.name, getattr(naming, each.name))

    @contextmanager
    def at(self, node: ast.AST, name: str | None = None) -> Iterator[None]:
        """Operations built inside stand where `node` stands; their values are called `name`."""
        with location(self.spans(node), name, self.inside_of):
            yield

    @contextmanager
    def guarded(self, block: ir.Block) -> Iterator[None]:
        """Operations built inside go to `block`, which does not always run."""
        self.guards += 1
        try:
            with ir.InsertionPoint(block):
                yield
        finally:
            self.guards -= 1

    def body(self, statements: list[ast.stmt]) -> None:
        """Lowers statements; one that is rejected does not stop the next."""
        for statement in statements:
            try:
                self.statement(statement)
            except Rejected:
                self._recover(statement)

    def statement(self, node: ast.stmt) -> None:
        """Lowers one statement."""
        lower = self.statements.get(type(node))
        if lower is None:
            phrase = phrase_of(node)
            head = node.items[0].context_expr if isinstance(node, ast.With) else node
            raise self.unsupported(phrase.what, head, phrase.hint)
        with self.at(node):
            lower(self, node)

    def expression(self, node: ast.expr, name: str | None = None) -> Value:
        """Lowers an expression; the value it makes is called `name`."""
        lower = self.expressions.get(type(node))
        if lower is None:
            phrase = phrase_of(node)
            raise self.unsupported(phrase.what, node, phrase.hint)
        with self.at(node, name):
            return lower(self, node)

    def operand(self, node: ast.expr, name: str | None = None) -> Number | ArrayValue:
        """Lowers an expression that must be one number or one array."""
        value = self.expression(node, name)
        if isinstance(value, Tuple):
            title, hint = "several values are used as one number", "give each a name: `a, b = ...`"
            raise self.rejected(WrongUse(title=title, span=self.spans(node), hint=hint))
        return value

    def scalar(self, node: ast.expr, name: str | None = None) -> Number:
        """Lowers an expression that must be one number."""
        value = self.operand(node, name)
        if isinstance(value, ArrayValue):
            title = f"{_describe(value)} is used as one number"
            raise self.rejected(WrongUse(title=title, span=self.spans(node), hint="index it down to one element"))
        return value

    def typed(self, value: Number, dtype: DType, node: ast.AST, *, cast: bool = False, hint: str = "") -> Scalar:
        """The value as a `dtype`: literals take it, integers wrap, floats round; losing a fraction needs a cast.

        The `hint` is for a literal that does not fit.
        """
        match value:
            case Literal(value=number):
                if not cast:
                    self._check_literal(number, dtype, node, hint=hint)
                wrapped = _wrapped(number, dtype)
                affine = fixed(wrapped) if isinstance(wrapped, int) and is_integer(dtype) else None
                return Scalar(constant(dtype, wrapped), dtype, affine)
            case Varying(values=numbers):
                for number in dict.fromkeys(numbers) if not cast else ():
                    label = self.labels[numbers.index(number)]
                    self._check_literal(number, dtype, node, f"`{value.text}` is {number} at `{label}`, and ", hint)
                converted = convert(self.arguments[value.column], number_type(numbers[0]), dtype)
                return Scalar(converted, dtype, self._kept(_affine(numbers), dtype))
            case Scalar(dtype=source):
                if (against := hint_against(source, dtype, cast=cast)) is not None:
                    mismatch = TypeMismatch(given=str(source), wanted=str(dtype), span=self.spans(node), hint=against)
                    raise self.rejected(mismatch)
                return Scalar(convert(value.value, source, dtype), dtype, self._kept(value.affine, dtype))

    def settled(self, value: Number, node: ast.AST) -> Scalar:
        """The value with a type of its own: a lone literal is int32, float32 or bool, a PE's number index."""
        match value:
            case Scalar():
                return value
            case Literal(value=number):
                return self.typed(value, _default_type(number), node)
            case Varying(values=numbers):
                kind = number_type(numbers[0])
                return self.typed(value, float32 if kind == float64 else kind, node)

    def truth(self, node: ast.expr) -> Scalar:
        """Lowers a condition: what is not zero is true, also in the parts of `and`, `or` and `not`."""
        self.conditions.add(node)
        value = self.scalar(node)
        if isinstance(value, Literal):
            return Scalar(constant(bool_, bool(value.value)), bool_)
        return self.typed(self.settled(value, node), bool_, node, cast=True)

    def flag(self, key: object) -> ir.Value:
        """The memory of a flag, which no user sees."""
        if key not in self.flags:
            self.flags[key] = self.allocate(bool_, "exit", shown=False)
        return self.flags[key]

    def allocate(self, type_: DType | TensorType, name: str, storage: str = "", *, shown: bool = True) -> ir.Value:
        """Memory for a local at the top of the function, bound to `storage` if that is given.

        What is not `shown` is none of the user's.
        """
        last = self.allocated
        point = ir.InsertionPoint.after(last) if last else ir.InsertionPoint.at_block_begin(self.entry)
        where = ir.Location.name(name, ir.Location.current) if shown else ir.Location.current
        with point, where:
            memory = memref.alloca(memory_type(type_), [], [])
        memory.owner.attributes["df.name"] = ir.StringAttr.get(name)
        memory.owner.attributes["df.type"] = ir.StringAttr.get(str(type_))
        if storage:
            memory.owner.attributes["df.storage"] = ir.StringAttr.get(storage)
        self.allocated = memory.owner
        return memory

    def take(self, source: ArrayRef | Handed | Kept, type_: DType | TensorType) -> ir.Value:
        """Memory that the function is given besides its parameters, as one more of them."""
        self.given.append(source)
        return self.entry.add_argument(memory_type(type_), location(source.span, source.name))

    def release(self, memory: ir.Value) -> None:
        """Takes back memory that nothing uses."""
        if self.allocated == memory.owner:
            operations = list(self.entry.operations)
            position = operations.index(memory.owner.opview)
            self.allocated = operations[position - 1].operation if position else None
        memory.owner.erase()

    def _check_literal(self, number: float, dtype: DType, node: ast.AST, where: str = "", hint: str = "") -> None:
        if fits(number, dtype):
            return
        hint = hint or hint_for(number, dtype)
        raise self.rejected(
            LiteralDoesNotFit(value=_spelled(number), type=str(dtype), where=where, span=self.spans(node), hint=hint)
        )

    def _kept(self, affine: Affine | None, dtype: DType) -> Affine | None:
        """What is known of a value after a cast: nothing where it may have wrapped."""
        if affine is None or not is_integer(dtype):
            return None
        lows, highs = zip(*affine.bounds_everywhere(len(self.labels)), strict=True)
        return affine if fits(min(lows), dtype) and fits(max(highs), dtype) else None

    def _recover(self, statement: ast.stmt) -> None:
        """After a rejected statement: what it binds is taken as fine, and what is nested in it is still checked."""
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                self.names.setdefault(node.id, None)
                self.definite.add(node.id)
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                self.names.setdefault(node.name, None)
            elif isinstance(node, ast.Global | ast.Nonlocal):
                self.names.update(dict.fromkeys(node.names))
        if isinstance(statement, LOOPS):
            self.guards += 1
            self.body([*statement.body, *statement.orelse])
            self.guards -= 1


def _describe(value: ArrayValue) -> str:
    match value:
        case Array(name=name):
            return f"`{name}`, an array,"
        case View(array=array):
            return f"a slice of `{array.name}`"
        case Tensor(shape=shape) | Folded(shape=shape):
            return f"an array of shape {list(shape)}"


def _default_type(number: float) -> DType:
    return bool_ if isinstance(number, bool) else int32 if isinstance(number, int) else float32


def _wrapped(number: float, dtype: DType) -> int | float:
    return cast_value(number, float64 if isinstance(number, float) else Int(1024), dtype)


def _spelled(number: float) -> str:
    """A number as text, a very long one cut."""
    if isinstance(number, int) and number.bit_length() > 1100:
        return f"an integer of {number.bit_length()} bits"
    return repr(number)


def _affine(numbers: tuple[int | float | bool, ...]) -> Affine | None:
    whole = tuple(number for number in numbers if isinstance(number, int))
    return variable(PeNumber(whole)) if len(whole) == len(numbers) else None
