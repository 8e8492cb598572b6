"""Refuses steps that leave a loop in one that is pipelined."""

from spatial.analysis.loops import inner, is_loop
from spatial.ir.location import span_of
from spatial.ir.mlir import func, ir
from spatial.schedule.errors import NotPossible
from spatial.schedule.naming import loop_name, loops_of
from spatial.source.errors import ProgramError
from spatial.source.span import Span

__all__ = ["check_pipelined"]


def check_pipelined(function: func.FuncOp, step: str, span: Span) -> None:
    """Refuses a function with a pipelined loop that is not an innermost one, which `step` made of it at `span`."""
    for loop in loops_of(function):
        if not _is_pipelined(loop):
            continue
        nested = next((op for op in inner(loop) if is_loop(op)), None)
        if nested is not None:
            outer, within = loop_name(loop), loop_name(nested)
            title = f"`{step}` would put a loop into `{outer}`, which is pipelined"
            places = (
                (span_of(loop.location), "only an innermost loop is pipelined"),
                (span_of(nested.location), f"`{within}` comes from here"),
            )
            hint = f"take this step first, then pipeline `{within}`"
            raise ProgramError([NotPossible(title=title, span=span, places=places, notes=(), hint=hint)])


def _is_pipelined(loop: ir.OpView) -> bool:
    """Whether somebody asked for a pipeline."""
    return "df.pipeline" in loop.attributes or (
        "df.pipelined" in loop.attributes and bool(loop.attributes["df.pipelined"].value)
    )
