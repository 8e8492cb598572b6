"""Builds what a call of a region in a kernel does on both sides."""

import ast
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from spatial.ir.arithmetic import constant
from spatial.ir.dialect import GetOp, PutOp
from spatial.ir.dtypes import scalar_type
from spatial.ir.mlir import ir, scf
from spatial.types.dtype import DType, bool_, index

__all__ = ["CallEnds", "Called", "call_region", "endless_loop", "serving"]


def endless_loop(body: Sequence[ast.stmt]) -> ast.While | None:
    """A loop of a kernel that nothing ends, outside of other loops and branches."""
    for statement in body:
        if isinstance(statement, ast.While) and isinstance(statement.test, ast.Constant) and statement.test.value:
            inside = (type(node) for part in statement.body for node in ast.walk(part))
            if not {ast.Break, ast.Return} & set(inside):
                return statement
    return None


@dataclass(frozen=True, slots=True)
class Called:
    """A call of a region with so many `actors`, and the `scalars` it is given while the program runs.

    Each is the position of an argument, the name of the cell that holds it, and its type.
    """

    actors: int
    scalars: tuple[tuple[int, str, DType], ...] = ()


@dataclass(frozen=True, slots=True)
class CallEnds:
    """The channel ends by which a kernel calls a region: one of each for every actor; `scalars` as in `Called`."""

    scalars: Sequence[tuple[int, str, DType]]
    starts: Sequence[ir.Value]
    ends: Sequence[ir.Value]


def call_region(call: CallEnds) -> None:
    """Starts all actors of a region at once, in one cycle; then waits until all have finished, which takes one more."""
    with _once():
        for start in call.starts:
            PutOp(start, constant(bool_, True))
    with _once():
        for end in call.ends:
            GetOp(end, scalar_type(bool_))


@contextmanager
def serving(start: ir.Value, end: ir.Value) -> Iterator[None]:
    """What is built inside runs for every token of `start`, and puts one into `end` when it has finished."""
    loop = scf.WhileOp([], [])
    loop.attributes["df.pipelined"] = ir.BoolAttr.get(False)  # one call ends before the next begins
    before, after = loop.regions[0].blocks.append(), loop.regions[1].blocks.append()
    with ir.InsertionPoint(before):
        scf.condition(constant(bool_, True), [])
    with ir.InsertionPoint(after):
        GetOp(start, scalar_type(bool_))
        yield
        PutOp(end, constant(bool_, True))
        scf.yield_([])


@contextmanager
def _once() -> Iterator[None]:
    """A loop of one iteration: what it does happens in one cycle."""
    loop = scf.ForOp(constant(index, 0), constant(index, 1), constant(index, 1))
    with ir.InsertionPoint(loop.body):
        yield
        scf.yield_([])
