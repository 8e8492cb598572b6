"""Rewrites `break`, `continue`, `return` and `else` behind loops as branches and loops that stop."""

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from spatial.meta.plain import Copies, Known

__all__ = [
    "Exit",
    "Flag",
    "Reset",
    "StoppedFor",
    "Unless",
    "Unset",
    "ends",
    "leaves",
    "returns_in_loops",
    "structured",
    "without_jumps",
]

LOOPS = (ast.For, ast.While, Copies)
EXITS = (ast.Break, ast.Continue, ast.Return)
Returned = Callable[[ast.Return], list[ast.stmt]]


class Flag:
    """A bit that says whether an exit was taken; the lowering gives it memory."""


class Reset(ast.stmt):
    """No exit has been taken yet."""

    _fields = ()

    def __init__(self, flag: Flag, node: ast.AST) -> None:
        super().__init__()
        self.flag = flag
        ast.copy_location(self, node)


class Exit(ast.stmt):
    """An exit is taken: nothing behind it runs, up to where its flags are asked."""

    _fields = ()

    def __init__(self, flags: Sequence[Flag], node: ast.AST) -> None:
        super().__init__()
        self.flags = flags
        ast.copy_location(self, node)


class Unset(ast.expr):
    """Whether an exit has not been taken."""

    _fields = ()

    def __init__(self, flag: Flag, node: ast.AST) -> None:
        super().__init__()
        self.flag = flag
        ast.copy_location(self, node)


class Unless(ast.If):
    """Runs its body unless an exit was taken; `test` asks the flag."""


class StoppedFor(ast.For):
    """A `for` that ends as soon as its flag is set."""

    def __init__(self, flag: Flag, node: ast.For, body: list[ast.stmt]) -> None:
        super().__init__(target=node.target, iter=node.iter, body=body, orelse=[])
        self.flag = flag
        ast.copy_location(self, node)


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A loop, or the whole body: `stop` says that it is left, `skip` that this iteration of it is."""

    stop: Flag
    skip: Flag


def structured(body: list[ast.stmt], returned: Returned | None = None) -> list[ast.stmt]:
    """The same program without exits.

    What stands behind an exit moves into the branch that is taken otherwise, or is guarded by a flag;
    a loop that can be left becomes one whose condition asks a flag. `returned` gives the statements that
    stand for a `return` itself, such as storing its value; by default a `return` with a value stays as it is.
    What can never run is dropped.
    """
    if not any(_has_exits(statement) for statement in body):
        return body
    return Rewriting(returned or _kept).whole(body)


def without_jumps(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    """The same statements with the exits of loops rewritten; a `return` outside of loops stays where it is."""
    found: list[ast.stmt] = []
    for statement in body:
        match statement:
            case ast.If(test=test, body=inner, orelse=orelse):
                made = ast.If(test, without_jumps(inner), without_jumps(orelse))
                found.append(ast.copy_location(made, statement))
            case _:
                found += structured([statement]) if isinstance(statement, LOOPS) else [statement]
    return found


def returns_in_loops(body: Sequence[ast.stmt]) -> bool:
    """Whether a `return` stands in a loop or behind one that it depends on."""
    loops = (node for statement in body for node in ast.walk(statement) if isinstance(node, LOOPS))
    return any(ast.Return in leaves([loop]) for loop in loops)


def ends(body: Sequence[ast.stmt]) -> bool:
    """Whether control never gets behind the statements."""
    return any(_ends(statement) for statement in body)


def leaves(body: Sequence[ast.stmt]) -> frozenset[type[ast.stmt]]:
    """The kinds of exits that control can take out of the statements."""
    found: frozenset[type[ast.stmt]] = frozenset()
    for statement in body:
        match statement:
            case ast.Break() | ast.Continue() | ast.Return():
                found |= {type(statement)}
            case ast.If(body=inner, orelse=orelse):
                found |= leaves(inner) | leaves(orelse)
            case ast.For(body=inner, orelse=orelse) | ast.While(body=inner, orelse=orelse):
                found |= (leaves(inner) & {ast.Return}) | leaves(orelse)
            case Copies(copies=copies):
                found |= leaves([nested for copy in copies for nested in copy.body]) & {ast.Return}
    return found


def _has_exits(statement: ast.stmt) -> bool:
    """Whether there is anything to rewrite."""
    return any(
        isinstance(node, (*EXITS, Copies)) or (isinstance(node, ast.For | ast.While) and node.orelse)
        for node in ast.walk(statement)
    )


def _ends(statement: ast.stmt) -> bool:
    match statement:
        case ast.Break() | ast.Continue() | ast.Return():
            return True
        case ast.If(body=body, orelse=orelse):
            return ends(body) and ends(orelse)
        case ast.For(body=body, orelse=orelse):
            return ast.Break not in leaves(body) and ends(orelse)
        case ast.While(test=test, body=body, orelse=orelse):
            return ast.Break not in leaves(body) and (_always(test) or ends(orelse))
    return False


def _always(test: ast.expr) -> bool:
    """Whether a condition is written as one that holds."""
    return isinstance(test, ast.Constant | Known) and isinstance(test.value, int) and bool(test.value)


def _kept(statement: ast.Return) -> list[ast.stmt]:
    return [] if statement.value is None else [statement]


class Rewriting:
    """The walk through one body; `asked` are the flags that something depends on."""

    def __init__(self, returned: Returned) -> None:
        self.returned = returned
        self.asked: set[Flag] = set()

    def whole(self, body: list[ast.stmt]) -> list[ast.stmt]:
        frame = Frame(Flag(), Flag())
        rewritten = self.block(body, [frame])
        if frame.stop in self.asked:
            rewritten.insert(0, Reset(frame.stop, body[0]))
        for node in (node for statement in rewritten for node in ast.walk(statement)):
            if isinstance(node, Exit):
                node.flags = [flag for flag in node.flags if flag in self.asked]
        return rewritten

    def block(self, body: Sequence[ast.stmt], frames: list[Frame]) -> list[ast.stmt]:
        """Statements in a row; `frames` are the loops around them, the whole body first."""
        done: list[ast.stmt] = []
        for position, statement in enumerate(body):
            rest = body[position + 1 :]
            kinds = leaves([statement])
            if isinstance(statement, EXITS):
                return [*done, *self.exit(statement, frames)]
            if isinstance(statement, ast.If):
                done += self.branch(statement, rest, frames)
                if kinds:
                    return done
                continue
            done += self.loop(statement, frames)
            if _ends(statement):
                return done
            if kinds:
                return [*done, *self.guarded(kinds, rest, frames)]
        return done

    def exit(self, statement: ast.stmt, frames: list[Frame]) -> Iterator[ast.stmt]:
        """An exit itself: what it does, and the flags of all it leaves."""
        left = frames if isinstance(statement, ast.Return) else frames[-1:]
        if isinstance(statement, ast.Return):
            yield from self.returned(statement)
        flags = [frames[-1].skip, *(() if isinstance(statement, ast.Continue) else (frame.stop for frame in left))]
        outer = [frame.skip for frame in left[:-1]]
        yield Exit([*flags, *outer], statement)

    def branch(self, statement: ast.If, rest: Sequence[ast.stmt], frames: list[Frame]) -> list[ast.stmt]:
        """An `if`; where it can be left, with all that stands behind it."""
        body, orelse, behind = statement.body, statement.orelse, list(rest)
        guarded: list[ast.stmt] = []
        if kinds := leaves([statement]):
            if ends(body):
                orelse = [*orelse, *behind]
            elif ends(orelse):
                body = [*body, *behind]
            else:
                guarded = self.guarded(kinds, behind, frames)
        made = ast.If(statement.test, self.block(body, frames), self.block(orelse, frames))
        return [ast.copy_location(made, statement), *guarded]

    def guarded(
        self, kinds: frozenset[type[ast.stmt]], rest: Sequence[ast.stmt], frames: list[Frame]
    ) -> list[ast.stmt]:
        """What runs unless one of these exits was taken."""
        if not rest:
            return []
        flag = frames[-1].skip if ast.Continue in kinds else frames[-1].stop
        return [self.unless(flag, self.block(rest, frames), rest[0])]

    def unless(self, flag: Flag, body: list[ast.stmt], node: ast.AST) -> Unless:
        self.asked.add(flag)
        return ast.copy_location(Unless(Unset(flag, node), body, []), node)

    def loop(self, statement: ast.stmt, frames: list[Frame]) -> Iterator[ast.stmt]:
        """A loop with the `else` behind it; anything else stays as it is."""
        match statement:
            case ast.For(body=body, orelse=orelse) | ast.While(body=body, orelse=orelse):
                frame = Frame(Flag(), Flag())
                inner = self.iteration(body, [*frames, frame])
                stops = leaves(body) & {ast.Break, ast.Return}
                if stops:
                    self.asked.add(frame.stop)
                    yield Reset(frame.stop, statement)
                yield _loop(statement, inner, frame.stop if stops else None)
                if orelse and stops:
                    yield self.unless(frame.stop, self.block(orelse, frames), orelse[0])
                else:
                    yield from self.block(orelse, frames)
            case Copies(copies=copies):
                frame = Frame(Flag(), Flag())
                kinds = leaves([nested for copy in copies for nested in copy.body])
                yield from self.copies([copy.body for copy in copies], kinds, [*frames, frame])
            case _:
                yield statement

    def iteration(self, body: Sequence[ast.stmt], frames: list[Frame]) -> list[ast.stmt]:
        """The body of a loop, or of one repetition."""
        inner, skip = self.block(body, frames), frames[-1].skip
        return [Reset(skip, body[0]), *inner] if skip in self.asked else inner

    def copies(
        self, bodies: list[list[ast.stmt]], kinds: frozenset[type[ast.stmt]], frames: list[Frame]
    ) -> Iterator[ast.stmt]:
        """The repetitions of a `meta_for`, each guarded by the exits of those in front."""
        stop, stops = frames[-1].stop, kinds & {ast.Break, ast.Return}
        bodies = [body for body in bodies if body]
        if stops and bodies:
            self.asked.add(stop)
            yield Reset(stop, bodies[0][0])
        for position, body in enumerate(bodies):
            inner = self.iteration(body, frames)
            if stops and position:
                yield self.unless(stop, inner, body[0])
            else:
                yield from inner


def _loop(statement: ast.For | ast.While, body: list[ast.stmt], stop: Flag | None) -> ast.stmt:
    """The loop around a rewritten body; with a flag one that stops."""
    made: ast.stmt
    match statement:
        case ast.For() if stop is not None:
            return StoppedFor(stop, statement, body)
        case ast.For(target=target, iter=head):
            made = ast.For(target=target, iter=head, body=body, orelse=[])
        case ast.While(test=test):
            running: ast.expr = test
            if stop is not None:
                going = Unset(stop, test)
                running = going if _always(test) else ast.copy_location(ast.BoolOp(ast.And(), [going, test]), test)
            made = ast.While(test=running, body=body, orelse=[])
    return ast.copy_location(made, statement)
