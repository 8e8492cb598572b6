"""The state of lowering one specialization, and the services every part of it uses."""

import ast
import difflib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NoReturn

from spatial.ir.arithmetic import constant, convert
from spatial.ir.dtypes import array_type, scalar_type
from spatial.ir.location import location
from spatial.ir.mlir import ir, memref
from spatial.kernel.errors import LiteralDoesNotFit, NotSupported, TypeMismatch, WrongUse
from spatial.kernel.values import Array, Cell, ChannelEnd, Literal, Scalar, Value, Varying, View
from spatial.source.report import Problem
from spatial.source.span import Span
from spatial.types.conversion import convert as cast_value
from spatial.types.conversion import fits
from spatial.types.dtype import Bool, DType, Int, bool_, float32, float64, index, int32, is_float, is_integer
from spatial.types.tensor import TensorType

__all__ = ["Lowering", "Rejected"]


class Rejected(Exception):
    """The statement at hand is wrong; the problem has been noted."""


@dataclass(slots=True, kw_only=True)
class Lowering:
    """One function while it is built.

    `names` binds what the user's names mean now; a name bound to None was part of a rejected statement,
    so that one mistake is told once. `pid_label` names a PE of the specialization in problems.
    """

    entry: ir.Block
    spans: Callable[[ast.AST], Span]
    expressions: Mapping[type[ast.expr], Callable[["Lowering", ast.expr], Value]]
    statements: Mapping[type[ast.stmt], Callable[["Lowering", ast.stmt], None]]
    names: dict[str, Scalar | Cell | Array | None]
    ports: list[ChannelEnd]
    arguments: list[ir.Value]
    columns: list[tuple[int | float | bool, ...]]
    labels: tuple[str, ...]
    environment: Mapping[str, object]
    once: frozenset[str]
    assigned: Mapping[str, Span]
    tables: dict[object, str]
    problems: list[Problem] = field(default_factory=list)
    guards: int = 0
    allocations: ir.InsertionPoint | None = None

    def reject(self, problem: Problem) -> NoReturn:
        """Notes a problem and gives the statement up."""
        self.problems.append(problem)
        raise Rejected

    def give_up(self) -> NoReturn:
        """Gives the statement up because of a problem already noted."""
        raise Rejected

    def unsupported(self, what: str, node: ast.AST, hint: str = "") -> NoReturn:
        """Gives the statement up because of a piece of Python that is not in the language."""
        self.reject(NotSupported(what=what, span=self.spans(node), hint=hint))

    @contextmanager
    def at(self, node: ast.AST, name: str | None = None) -> Iterator[None]:
        """Operations built inside stand where `node` stands; their values are called `name`."""
        with location(self.spans(node), name):
            yield

    @contextmanager
    def guarded(self, block: ir.Block) -> Iterator[None]:
        """Operations built inside go to `block`, which does not always run."""
        self.guards += 1
        with ir.InsertionPoint(block):
            try:
                yield
            finally:
                self.guards -= 1

    def body(self, statements: list[ast.stmt]) -> None:
        """Lowers statements; one that is rejected does not stop the next."""
        for statement in statements:
            try:
                self.statement(statement)
            except Rejected:
                for node in ast.walk(statement):
                    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                        self.names.setdefault(node.id, None)

    def statement(self, node: ast.stmt) -> None:
        """Lowers one statement."""
        lower = self.statements.get(type(node))
        if lower is None:
            self.unsupported(f"`{_word(node)}`", node)
        with self.at(node):
            lower(self, node)

    def expression(self, node: ast.expr, name: str | None = None) -> Value:
        """Lowers an expression; the value it makes is called `name`."""
        lower = self.expressions.get(type(node))
        if lower is None:
            self.unsupported(_phrase(node), node)
        with self.at(node, name):
            return lower(self, node)

    def scalar(self, node: ast.expr, name: str | None = None) -> Scalar | Literal | Varying:
        """Lowers an expression that must be one number."""
        value = self.expression(node, name)
        if isinstance(value, Array | View):
            self.reject(
                WrongUse(
                    title=f"{_describe(value)} is used as one number",
                    span=self.spans(node),
                    hint="index it down to one element",
                )
            )
        return value

    def typed(self, value: Scalar | Literal | Varying, dtype: DType, node: ast.AST, *, cast: bool = False) -> Scalar:
        """The value as a `dtype`: literals take the type, integers wrap, floats round; losing a fraction needs a cast."""
        match value:
            case Literal(value=number):
                self.check_literal((number,), dtype, node, cast=cast)
                return Scalar(constant(dtype, _wrapped(number, dtype)), dtype, _interval((number,)))
            case Varying(values=numbers):
                self.check_literal(numbers, dtype, node, cast=cast)
                source = float64 if isinstance(numbers[0], float) else index
                return Scalar(convert(self.arguments[value.column], source, dtype), dtype, _interval(numbers))
            case Scalar(dtype=source):
                loses = (is_float(source) and is_integer(dtype)) or (isinstance(dtype, Bool) and source != bool_)
                if loses and not cast:
                    hint = f"write `{dtype}(...)` to convert it" if is_float(source) else "compare it, as in `x != 0`"
                    self.reject(TypeMismatch(given=str(source), wanted=str(dtype), span=self.spans(node), hint=hint))
                return Scalar(convert(value.value, source, dtype), dtype, value.interval)

    def check_literal(self, numbers: tuple[float, ...], dtype: DType, node: ast.AST, *, cast: bool) -> None:
        for number in numbers:
            if not cast and not fits(number, dtype):
                hint = "write a cast, or use a wider type" if is_integer(dtype) else ""
                if isinstance(number, float) and is_integer(dtype):
                    hint = "use a float type for the other operand, as in `float32(x)`"
                self.reject(LiteralDoesNotFit(value=repr(number), type=str(dtype), span=self.spans(node), hint=hint))

    def settled(self, value: Scalar | Literal | Varying, node: ast.AST) -> Scalar:
        """The value with a type of its own: a literal without a partner is int32, float32 or bool, a PE's number index."""
        match value:
            case Scalar():
                return value
            case Literal(value=number):
                return self.typed(value, _default_type(number), node)
            case Varying(values=numbers):
                return self.typed(value, index if isinstance(numbers[0], int) else float32, node)

    def truth(self, node: ast.expr) -> Scalar:
        """Lowers a condition."""
        value = self.settled(self.scalar(node), node)
        return Scalar(convert(value.value, value.dtype, bool_), bool_)

    def allocate(self, type_: DType | TensorType, name: str) -> ir.Value:
        """Memory for a local at the top of the function."""
        point = self.allocations or ir.InsertionPoint.at_block_begin(self.entry)
        kind = array_type(type_) if isinstance(type_, TensorType) else ir.MemRefType.get([], scalar_type(type_))
        with point, ir.Location.name(name, ir.Location.current):
            memory = memref.alloca(kind, [], [])
        memory.owner.attributes["df.name"] = ir.StringAttr.get(name)
        memory.owner.attributes["df.type"] = ir.StringAttr.get(str(type_))
        self.allocations = ir.InsertionPoint.after(memory.owner)
        return memory

    def similar(self, name: str) -> str:
        """The defined name closest to a mistyped one."""
        known = [*self.names, *self.environment]
        return next(iter(difflib.get_close_matches(name, known, n=1)), "")


def _describe(value: Array | View) -> str:
    return f"`{value.name}`, an array," if isinstance(value, Array) else f"a slice of `{value.array.name}`"


def _default_type(number: float) -> DType:
    return bool_ if isinstance(number, bool) else int32 if isinstance(number, int) else float32


def _wrapped(number: float, dtype: DType) -> float:
    return cast_value(number, float64 if isinstance(number, float) else Int(1024), dtype)


def _interval(numbers: tuple[float, ...]) -> tuple[int, int] | None:
    whole = [number for number in numbers if isinstance(number, int)]
    return (min(whole), max(whole)) if len(whole) == len(numbers) else None


def _word(node: ast.stmt) -> str:
    words = {ast.With: "with", ast.Try: "try", ast.Return: "return", ast.Break: "break", ast.Continue: "continue"}
    return words.get(type(node), type(node).__name__.lower())


def _phrase(node: ast.expr) -> str:
    phrases: dict[type[ast.expr], str] = {
        ast.ListComp: "a list comprehension over running values",
        ast.JoinedStr: "a formatted string",
        ast.Lambda: "`lambda`",
        ast.NamedExpr: "`:=`",
        ast.List: "a list",
        ast.Tuple: "a tuple",
        ast.Dict: "a dictionary",
        ast.Attribute: "this attribute",
        ast.Slice: "a slice whose bounds are only known at run time",
    }
    return phrases.get(type(node), f"this expression ({type(node).__name__})")
