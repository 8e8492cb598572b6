"""Lowers loops and branches."""

import ast

from spatial.ir.mlir import scf
from spatial.kernel.errors import NotAssignable, Redeclared
from spatial.kernel.loops.exits import Flag, StoppedFor
from spatial.kernel.loops.heads import Level, levels_of
from spatial.kernel.loops.unrolling import run
from spatial.kernel.lower.locals import first_assignments
from spatial.kernel.lower.lowering import Lowering
from spatial.kernel.lower.values import Array, Cell, Scalar
from spatial.types.dtype import index

__all__ = ["branch", "check_fresh", "for_loop", "while_loop"]

ANY = "_"
"""The variable of a loop that nobody reads."""

BY_TABLE = "the table of statements says so"


def for_loop(lowering: Lowering, node: ast.stmt) -> None:
    """`for k in range(...)` or `for i, j in sp.grid(...)`; one that an exit can leave has a flag."""
    assert isinstance(node, ast.For), BY_TABLE
    levels = levels_of(lowering, node)
    before = set(lowering.definite)
    _nest(lowering, node, levels, node.flag if isinstance(node, StoppedFor) else None)
    lowering.definite = before | (lowering.definite & first_assignments(node.body).keys())


def while_loop(lowering: Lowering, node: ast.stmt) -> None:
    """`while condition:`; the condition is evaluated before each iteration.

    What the body gives a value counts as having one behind the loop: whether it runs only the run can tell.
    """
    assert isinstance(node, ast.While), BY_TABLE
    before = set(lowering.definite)
    loop = scf.WhileOp([], [])
    decides, repeats = loop.regions[0].blocks.append(), loop.regions[1].blocks.append()
    with lowering.guarded(decides):
        scf.condition(lowering.truth(node.test).value, [])
    with lowering.guarded(repeats):
        lowering.body(node.body)
        scf.yield_([])
    lowering.definite = before | (lowering.definite & first_assignments(node.body).keys())


def branch(lowering: Lowering, node: ast.stmt) -> None:
    """`if`, decided while the program runs."""
    assert isinstance(node, ast.If), BY_TABLE
    condition = lowering.truth(node.test)
    made = scf.IfOp(condition.value, [], has_else=bool(node.orelse))
    given = set(lowering.definite)
    with lowering.guarded(made.then_block):
        lowering.body(node.body)
        scf.yield_([])
    taken, lowering.definite = lowering.definite, given
    if node.orelse:
        with lowering.guarded(made.else_block):
            lowering.body(node.orelse)
            scf.yield_([])
    lowering.definite &= taken


def check_fresh(lowering: Lowering, name: str, type_: str, target: ast.expr) -> None:
    """A name means one thing in a kernel; `_` is no name, and behind a loop nothing has it."""
    bound = lowering.names.get(name)
    span = lowering.spans(target)
    match bound:
        case Cell(dtype=first, span=where):
            redeclared = Redeclared(name=name, type=type_, span=span, first_type=str(first), first=where)
            raise lowering.rejected(redeclared)
        case Array(type=first, span=where):
            redeclared = Redeclared(name=name, type=type_, span=span, first_type=str(first), first=where)
            raise lowering.rejected(redeclared)
        case Scalar() if name != ANY:
            why, hint = "this is the variable of a loop", "use another name"
            raise lowering.rejected(NotAssignable(name=name, why=why, span=span, hint=hint))


def _nest(lowering: Lowering, node: ast.For, levels: list[Level], flag: Flag | None) -> None:
    """The nest of the levels, outermost first, around the statement's body.

    As with `while`, what the body gives a value counts as having one behind the loop.
    """
    level, *inner = levels
    name = level.target.id
    check_fresh(lowering, name, str(index), level.target)
    lowering.loops[name] = lowering.spans(level.target)

    def iteration(value: Scalar) -> None:
        lowering.names[name] = value
        if inner:
            _nest(lowering, node, inner, flag)
        else:
            lowering.body(node.body)

    run(lowering, level, flag, iteration)
    lowering.names.pop(name, None)
