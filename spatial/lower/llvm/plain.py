"""Translates functions written in a small part of Python to the LLVM dialect: the language of the run time.

Values are integers of 64 bits, which wrap, truth values and addresses (`Pointer`). There are assignments, `if`,
`while`, `for` over a `range`, calls of other such functions, `min`, `max`, and constants of the module: enumerations'
members, numbers, truth values. `//` and `%` are for numbers that are not negative. The same functions run as Python.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import get_type_hints

from spatial.lower.llvm.alias import apart, constant
from spatial.lower.llvm.layout import Half
from spatial.lower.llvm.pointer import ALWAYS, Pointer

__all__ = ["translate"]

PREFIX = "df_"
WORD, HALF, TRUTH, ADDRESS, NOTHING = "i64", "i32", "i1", "!llvm.ptr", "()"
TYPES: Mapping[object, str] = {int: WORD, bool: TRUTH, Pointer: ADDRESS, type(None): NOTHING}
BINARY: Mapping[type, str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.FloorDiv: "sdiv", ast.Mod: "srem", ast.BitAnd: "and",
    ast.BitOr: "or", ast.BitXor: "xor", ast.LShift: "shl", ast.RShift: "ashr",
}  # fmt: skip
COMPARE: Mapping[type, str] = {
    ast.Eq: "eq", ast.NotEq: "ne", ast.Lt: "slt", ast.LtE: "sle", ast.Gt: "sgt", ast.GtE: "sge",
}  # fmt: skip
WEIGHTS = {"likely": " weights([1000, 1])", "unlikely": " weights([1, 1000])"}

Typed = tuple[str, str]  # the name of a value and its type


def translate(
    functions: Sequence[Callable[..., object]],
    public: Collection[str] = (),
    modes: Mapping[str, bool | int] | None = None,
    *,
    rare: bool = True,
) -> str:
    """The text of functions, each named `df_` and its own name; those of `public` can be looked up.

    `modes` gives other values to constants of the functions' modules, by name; what stands under an `if` of one that
    does not hold is left out. Calls are `rare` if there are not very many of them.
    """
    return "\n".join(
        Translator(function, modes or {}, rare=rare).text(function.__name__ in public) for function in functions
    )


@dataclass(slots=True)
class Translator:
    """One function under way; its variables lie on the stack until LLVM puts them into registers."""

    function: Callable[..., object]
    modes: Mapping[str, bool | int]
    rare: bool
    head: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    given: dict[str, Typed] = field(default_factory=dict)
    variables: dict[str, Typed] = field(default_factory=dict)
    loops: list[tuple[str, str]] = field(default_factory=list)
    count: int = 0
    closed: bool = False
    result: str = NOTHING

    def text(self, public: bool) -> str:
        tree = ast.parse(textwrap.dedent(inspect.getsource(self.function))).body[0]
        assert isinstance(tree, ast.FunctionDef)
        *parameters, self.result = _signature(self.function)
        names = [argument.arg for argument in tree.args.args]
        assigned = {
            node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        self.given = {name: (f"%{name}", kind) for name, kind in zip(names, parameters, strict=True)}
        for name in assigned.intersection(names):
            self.assign(name, self.given.pop(name))
        self.block(tree.body)
        self.do("llvm.return" if self.result == NOTHING else "llvm.unreachable")
        given = ", ".join(f"%{name}: {kind}" for name, kind in zip(names, parameters, strict=True))
        result = "" if self.result == NOTHING else f" -> {self.result}"
        inlined = self.attributes()
        visible = "" if public else "internal "
        body = "\n  ".join([*self.head, *self.lines])
        return f"llvm.func {visible}@{PREFIX}{tree.name}({given}){result}{inlined} {{\n  {body}\n}}\n"

    def attributes(self) -> str:
        """Whether the function's code is written wherever it is called."""
        match self.function.__dict__.get("inlined"):
            case str(when) if when == ALWAYS or self.rare:
                return ' attributes {passthrough = ["alwaysinline"]}'
            case str():
                return ' attributes {passthrough = ["noinline"]}'
            case _:
                return ""

    # Text

    def fresh(self, kind: str = "%v") -> str:
        self.count += 1
        return f"{kind}{self.count}"

    def do(self, text: str) -> None:
        if not self.closed:
            self.lines.append(text)

    def op(self, text: str, kind: str) -> Typed:
        name = self.fresh()
        self.do(f"{name} = {text}")
        return name, kind

    def constant(self, value: int, kind: str = WORD) -> Typed:
        text = f"{value} : {kind}" if kind == WORD else str(bool(value)).lower()
        return self.op(f"llvm.mlir.constant({text}) : {kind}", kind)

    def jump(self, label: str) -> None:
        self.do(f"llvm.br {label}")
        self.closed = True

    def begin(self, label: str) -> None:
        """From here on a new block is written; the one before, if it is open, goes on with it."""
        self.jump(label)
        self.closed = False
        self.lines.append(f"{label}:")

    def leave(self, text: str) -> None:
        self.do(text)
        self.closed = True

    def wrong(self, node: ast.AST, what: str) -> TypeError:
        name, line = self.function.__qualname__, getattr(node, "lineno", 0)
        return TypeError(f"{name}, line {line}: {what}: {ast.unparse(node)}")

    # Statements

    def block(self, statements: Sequence[ast.stmt]) -> None:
        for statement in statements:
            self.statement(statement)

    def statement(self, node: ast.stmt) -> None:
        match node:
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
                for target, value in zip(targets, list(map(self.value, values)), strict=True):
                    self.store(target, value)
            case ast.Assign(targets=[target], value=value) | ast.AnnAssign(target=target, value=ast.expr() as value):
                self.store(target, self.value(value))
            case ast.AugAssign(target=target, op=op, value=value):
                read = ast.parse(ast.unparse(target), mode="eval").body
                self.store(target, self.binary(node, op, self.value(read), self.value(value)))
            case ast.If(test=ast.Name(id=name), body=body, orelse=orelse) if name in self.modes:
                self.block(body if self.modes[name] else orelse)
            case ast.If(test=test, body=body, orelse=orelse):
                self.conditional(test, lambda: self.block(body), lambda: self.block(orelse))
            case ast.While(test=test, body=body, orelse=[]):
                self.repeat(test, body)
            case ast.For(target=ast.Name(id=name), iter=ast.Call(func=ast.Name(id="range")) as space, body=body):
                self.count_through(name, space, body)
            case ast.Return(value=value):
                self.leave(f"llvm.return{'' if value is None else f' {self.value(value)[0]} : {self.result}'}")
            case ast.Expr(value=ast.Call() as called):
                self.called(called)
            case ast.Break():
                self.jump(self.loops[-1][1])
            case ast.Continue():
                self.jump(self.loops[-1][0])
            case ast.Pass() | ast.Expr(value=ast.Constant(value=str())):
                pass
            case _:
                raise self.wrong(node, "this statement is not of the run time's language")

    def store(self, target: ast.expr, value: Typed) -> None:
        match target:
            case ast.Name(id=name):
                self.assign(name, value)
            case ast.Subscript(value=base, slice=word):
                at, field = self.address(base, word), self.field(word)
                if isinstance(field, Half):
                    value = self.op(f"llvm.trunc {value[0]} : {WORD} to {HALF}", HALF)
                self.do(f"llvm.store {value[0]}, {at}{apart(field)} : {value[1]}, {ADDRESS}")
            case _:
                raise self.wrong(target, "nothing can be assigned to this")

    def assign(self, name: str, value: Typed) -> None:
        if name not in self.variables:
            slot, one = self.fresh(), self.fresh()
            self.head.append(f"{one} = llvm.mlir.constant(1 : i64) : i64")
            self.head.append(f"{slot} = llvm.alloca {one} x {value[1]} : (i64) -> {ADDRESS}")
            self.variables[name] = slot, value[1]
        slot, kind = self.variables[name]
        if kind != value[1]:
            raise TypeError(f"{self.function.__qualname__}: `{name}` is {kind} here and {value[1]} there")
        self.do(f"llvm.store {value[0]}, {slot} : {kind}, {ADDRESS}")

    def conditional(self, test: ast.expr, yes: Callable[[], None], no: Callable[[], None]) -> None:
        then, otherwise, behind = (self.fresh("^b") for _ in range(3))
        self.branch(test, then, otherwise)
        for label, body in ((then, yes), (otherwise, no)):
            self.begin(label)
            body()
            self.jump(behind)
        self.begin(behind)

    def repeat(self, test: ast.expr, body: Sequence[ast.stmt]) -> None:
        head, inside, behind = (self.fresh("^b") for _ in range(3))
        self.begin(head)
        self.branch(test, inside, behind)
        self.loop(inside, body, head, behind)
        self.jump(head)
        self.begin(behind)

    def count_through(self, name: str, space: ast.Call, body: Sequence[ast.stmt]) -> None:
        low, high = [self.constant(0), *map(self.value, space.args)][-2:]
        if len(space.args) > 2:
            raise self.wrong(space, "a range has no step")
        self.assign(name, low)
        head, inside, following, behind = (self.fresh("^b") for _ in range(4))
        self.begin(head)
        more, _ = self.op(f'llvm.icmp "slt" {self.read(name)[0]}, {high[0]} : i64', TRUTH)
        self.leave(f"llvm.cond_br {more}, {inside}, {behind}")
        self.loop(inside, body, following, behind)
        self.begin(following)
        self.assign(name, self.op(f"llvm.add {self.read(name)[0]}, {self.constant(1)[0]} : i64", WORD))
        self.jump(head)
        self.begin(behind)

    def loop(self, label: str, body: Sequence[ast.stmt], following: str, behind: str) -> None:
        self.begin(label)
        self.loops.append((following, behind))
        self.block(body)
        self.loops.pop()

    # Conditions

    def branch(self, test: ast.expr, yes: str, no: str, weights: str = "") -> None:
        """Ends the block: for one label where a condition holds, for the other where it does not."""
        match test:
            case ast.Call(func=ast.Name(id="likely" | "unlikely" as name), args=[inner]):
                self.branch(inner, yes, no, WEIGHTS[name])
            case ast.BoolOp(op=op, values=[*firsts, last]):
                for each in firsts:
                    following = self.fresh("^b")
                    ways = (following, no) if isinstance(op, ast.And) else (yes, following)
                    self.branch(each, *ways, weights)
                    self.begin(following)
                self.branch(last, yes, no, weights)
            case ast.UnaryOp(op=ast.Not(), operand=inner) if not weights:
                self.branch(inner, no, yes)
            case _:
                self.leave(f"llvm.cond_br {self.truth(test)}{weights}, {yes}, {no}")

    def truth(self, node: ast.expr) -> str:
        name, kind = self.value(node)
        if kind == TRUTH:
            return name
        none = self.op(f"llvm.mlir.zero : {kind}", kind) if kind == ADDRESS else self.constant(0)
        return self.op(f'llvm.icmp "ne" {name}, {none[0]} : {kind}', TRUTH)[0]

    def chosen(self, test: ast.expr, yes: Callable[[], Typed], no: Callable[[], Typed]) -> Typed:
        """A value by a condition; only the one needed is computed."""
        name = self.fresh("choice")
        self.conditional(test, lambda: self.assign(name, yes()), lambda: self.assign(name, no()))
        return self.read(name)

    # Values

    def value(self, node: ast.expr) -> Typed:
        match node:
            case ast.Constant(value=bool() as truth):
                return self.constant(truth, TRUTH)
            case ast.Constant(value=int() as number):
                return self.constant(number)
            case ast.Name(id=name) if name in self.given:
                return self.given[name]
            case ast.Name(id=name) if name in self.variables:
                return self.read(name)
            case ast.Name() | ast.Attribute():
                return self.known(node)
            case ast.BinOp(left=left, op=op, right=right):
                return self.binary(node, op, self.value(left), self.value(right))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self.op(f"llvm.sub {self.constant(0)[0]}, {self.value(operand)[0]} : i64", WORD)
            case ast.UnaryOp(op=ast.Invert(), operand=operand):
                return self.op(f"llvm.xor {self.value(operand)[0]}, {self.constant(-1)[0]} : i64", WORD)
            case ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
                return self.chosen(node, lambda: self.constant(True, TRUTH), lambda: self.constant(False, TRUTH))
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in COMPARE:
                return self.comparison(node, COMPARE[type(op)], self.value(left), self.value(right))
            case ast.IfExp(test=test, body=yes, orelse=no):
                return self.chosen(test, lambda: self.value(yes), lambda: self.value(no))
            case ast.Subscript(value=base, slice=word):
                return self.load(base, word, WORD)
            case ast.Call():
                return self.called(node)
            case _:
                raise self.wrong(node, "this expression is not of the run time's language")

    def read(self, name: str) -> Typed:
        slot, kind = self.variables[name]
        return self.op(f"llvm.load {slot} : {ADDRESS} -> {kind}", kind)

    def known(self, node: ast.expr) -> Typed:
        """A constant of the function's module, or a mode."""
        match node:
            case ast.Name(id=name) if name in self.modes:
                found: object = self.modes[name]
            case _:
                found = eval(ast.unparse(node), dict(self.function.__globals__))
        if not isinstance(found, int):
            raise self.wrong(node, "this is no number")
        return self.constant(found, TRUTH if isinstance(found, bool) else WORD)

    def binary(self, node: ast.AST, op: ast.operator, left: Typed, right: Typed) -> Typed:
        if left[1] != right[1] or left[1] == ADDRESS or type(op) not in BINARY:
            raise self.wrong(node, "these cannot be computed with")
        return self.op(f"llvm.{BINARY[type(op)]} {left[0]}, {right[0]} : {left[1]}", left[1])

    def comparison(self, node: ast.AST, predicate: str, left: Typed, right: Typed) -> Typed:
        if left[1] != right[1]:
            raise self.wrong(node, "these cannot be compared")
        return self.op(f'llvm.icmp "{predicate}" {left[0]}, {right[0]} : {left[1]}', TRUTH)

    def load(self, base: ast.expr, word: ast.expr, kind: str) -> Typed:
        at, field = self.address(base, word), self.field(word)
        held = HALF if isinstance(field, Half) else kind
        name, _ = self.op(f"llvm.load {at}{constant(field)}{apart(field)} : {ADDRESS} -> {held}", held)
        return (name, kind) if held == kind else self.op(f"llvm.sext {name} : {held} to {kind}", kind)

    def field(self, word: ast.expr) -> IntEnum | None:
        """The field that a word is, if it is written as one."""
        found = eval(ast.unparse(word), dict(self.function.__globals__)) if isinstance(word, ast.Attribute) else None
        return found if isinstance(found, IntEnum) else None

    def address(self, base: ast.expr, word: ast.expr) -> str:
        """The address of a word behind a base."""
        begin, kind = self.value(base)
        if kind != ADDRESS:
            raise self.wrong(base, "this is no address")
        unit, place = HALF if isinstance(self.field(word), Half) else WORD, self.value(word)[0]
        return self.op(f"llvm.getelementptr {begin}[{place}] : ({ADDRESS}, i64) -> {ADDRESS}, {unit}", kind)[0]

    # Calls

    def called(self, node: ast.Call) -> Typed:
        match node:
            case ast.Call(func=ast.Attribute(value=base, attr="at"), args=[word]):
                return self.address(base, word), ADDRESS
            case ast.Call(func=ast.Attribute(value=base, attr="pointer"), args=[word]):
                return self.load(base, word, ADDRESS)
            case ast.Call(func=ast.Name(id="min" | "max" as name), args=[left, right]):
                operands = f"{self.value(left)[0]}, {self.value(right)[0]}"
                return self.op(f"llvm.intr.s{name}({operands}) : (i64, i64) -> i64", WORD)
            case ast.Call(func=ast.Name(id="call"), args=arguments):
                names = [self.value(argument)[0] for argument in arguments]
                kinds = ", ".join(ADDRESS for _ in names[1:])
                self.do(f"llvm.call {names[0]}({', '.join(names[1:])}) : {ADDRESS}, ({kinds}) -> ()")
                return "", NOTHING
            case ast.Call(func=ast.Name(id=name), args=arguments) if callable(self.function.__globals__.get(name)):
                return self.call_of(node, self.function.__globals__[name], [self.value(each) for each in arguments])
            case _:
                raise self.wrong(node, "there is no such function")

    def call_of(self, node: ast.Call, function: Callable[..., object], given: Sequence[Typed]) -> Typed:
        *parameters, result = _signature(function)
        if [kind for _, kind in given] != parameters:
            raise self.wrong(node, f"takes {', '.join(parameters)}")
        operands = ", ".join(name for name, _ in given)
        text = f"llvm.call @{PREFIX}{function.__name__}({operands}) : ({', '.join(parameters)}) -> {result}"
        if result != NOTHING:
            return self.op(text, result)
        self.do(text)
        return "", NOTHING


def _signature(function: Callable[..., object]) -> Iterator[str]:
    """The types of a function's parameters, then that of its result."""
    hints = get_type_hints(function)
    result = hints.pop("return")
    yield from (TYPES[kind] for kind in hints.values())
    yield TYPES[result]
