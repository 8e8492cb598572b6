"""Refuses steps that leave a loop in one that is pipelined."""

from spatial.analysis.loops import inner, is_loop
from spatial.ir.calls import STARTS, callee_of
from spatial.ir.function import operations
from spatial.ir.location import span_of
from spatial.ir.mlir import func, ir
from spatial.schedule.errors import NotPossible
from spatial.schedule.naming import loop_name, loops_of
from spatial.source.errors import ProgramError
from spatial.source.span import Span

__all__ = ["check_pipelined"]


def check_pipelined(function: func.FuncOp, step: str, span: Span) -> None:
    """Refuses a function with a pipelined loop that is not an innermost one, which `step` made of it at `span`.

    A call of what has loops, or starts kernels, is as good as a loop.
    """
    for loop in loops_of(function):
        found = next(filter(None, map(_nested, inner(loop))), None) if _is_pipelined(loop) else None
        if found is not None:
            op, name, why = found
            title = f"`{step}` would put a loop into `{loop_name(loop)}`, which is pipelined"
            places = ((span_of(loop.location), "only an innermost loop is pipelined"), (span_of(op.location), why))
            hint = f"take this step first, then pipeline `{name}`" if is_loop(op) else f"pipeline what `{name}` does"
            raise ProgramError([NotPossible(title=title, span=span, places=places, notes=(), hint=hint)])


def _nested(op: ir.OpView) -> tuple[ir.OpView, str, str] | None:
    """A loop, or a call that is as good as one, what it is called, and why it is none of a pipeline."""
    if is_loop(op):
        return op, loop_name(op), f"`{loop_name(op)}` comes from here"
    if not isinstance(op, func.CallOp):
        return None
    callee = callee_of(op)
    if STARTS in callee.attributes:
        name = str(callee.attributes[STARTS].value)
        return op, name, f"this starts the kernels of `{name}`, and waits for them"
    if not callee.is_external and any(map(_nested, operations(callee.entry_block))):
        return op, str(callee.name.value), f"`{callee.name.value}`, which is called here, has loops"
    return None


def _is_pipelined(loop: ir.OpView) -> bool:
    """Whether somebody asked for a pipeline."""
    return "df.pipeline" in loop.attributes or (
        "df.pipelined" in loop.attributes and bool(loop.attributes["df.pipelined"].value)
    )
