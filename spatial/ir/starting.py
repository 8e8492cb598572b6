"""Builds what a call of actors is on both sides, as engines know it: tokens that start them, and tell their ends."""

from collections.abc import Sequence

from spatial.ir.arithmetic import constant
from spatial.ir.dialect import GetOp, PutOp
from spatial.ir.dtypes import scalar_type
from spatial.ir.mlir import func, ir, memref, scf
from spatial.ir.retyping import Added, first_array, with_parameters
from spatial.types.dtype import bool_, index

__all__ = ["call_loops", "served", "with_streams"]


def call_loops(starts: Sequence[ir.Value], ends: Sequence[ir.Value]) -> None:
    """Builds a call at the insertion point: puts into all channels to start, then gets from all, in a cycle each."""
    with ir.InsertionPoint(_once()):
        for start in starts:
            PutOp(start, constant(bool_, True))
        scf.yield_([])
    with ir.InsertionPoint(_once()):
        for end in ends:
            GetOp(end, scalar_type(bool_))
        scf.yield_([])


def _once() -> ir.Block:
    """The body of a loop of one iteration: what it does happens in one cycle."""
    body: ir.Block = scf.ForOp(constant(index, 0), constant(index, 1), constant(index, 1)).body
    return body


def served(function: func.FuncOp) -> func.FuncOp:
    """The function that does its work each time that it is started."""
    first = first_array(function)
    function = with_streams(function, ["start", "end"])
    start, end = list(function.arguments)[first : first + 2]
    *work, last = function.entry_block.operations
    work = [op for op in work if not isinstance(op, memref.AllocaOp)]
    with ir.InsertionPoint(last), function.location:
        loop = scf.WhileOp([], [])
        loop.attributes["df.pipelined"] = ir.BoolAttr.get(False)  # one call ends before the next begins
        before, after = loop.regions[0].blocks.append(), loop.regions[1].blocks.append()
        with ir.InsertionPoint(before):
            scf.condition(constant(bool_, True), [])
        with ir.InsertionPoint(after):
            GetOp(start, scalar_type(bool_))
            for op in work:
                after.append(op.operation)
            PutOp(end, constant(bool_, True))
            scf.yield_([])
    return function


def with_streams(function: func.FuncOp, names: Sequence[str]) -> func.FuncOp:
    """The function with streams of such tokens behind those that it has."""
    first, count = first_array(function), len(function.arguments)
    added = [Added(name=name, kind="stream", type=bool_, location=function.location) for name in names]
    return with_parameters(function, [*range(first), *added, *range(first, count)])
