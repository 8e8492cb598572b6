"""Finds kernels that surely run for ever: an endless loop in which nothing is heard of the others."""

from spatial.analysis.errors import EndlessLoop
from spatial.analysis.loops import has_channel_operation, inner, is_endless
from spatial.ir.dialect import AssertOp, ExternalOp, PrintOp
from spatial.ir.function import kernels
from spatial.ir.location import span_of
from spatial.ir.mlir import ir
from spatial.source.report import Problem

__all__ = ["check_endless"]


def check_endless(module: ir.Module) -> list[Problem]:
    """A problem for each `while True` of a kernel without channels that shows nothing and ends in no other way."""
    return [
        EndlessLoop(span=span_of(op.location))
        for function in kernels(module)
        if not has_channel_operation(function)
        for op in inner(function)
        if is_endless(op) and not any(isinstance(each, AssertOp | ExternalOp | PrintOp) for each in inner(op))
    ]
