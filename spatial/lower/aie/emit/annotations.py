"""Tells the vendor's compiler what the user wrote of how iterations of loops run."""

from spatial.analysis.loops import PIPELINED, runs_apart
from spatial.ir.function import operations
from spatial.ir.mlir import ir

__all__ = ["ANNOTATION", "annotate"]

ANNOTATION = "llvm.loop_annotation"
APART = "#llvm.loop_annotation<pipeline = <disable = true>>"


def annotate(block: ir.Block) -> None:
    """Puts annotations of LLVM, which `convert-scf-to-cf` hands on, in place of what loops of a core say.

    A loop whose iterations run one after the other is not to be pipelined; others the compiler pipelines anyway.
    """
    for op in operations(block):
        if runs_apart(op):
            op.attributes[ANNOTATION] = ir.Attribute.parse(APART)
        if PIPELINED in op.attributes:
            del op.attributes[PIPELINED]
