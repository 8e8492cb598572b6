"""The function of one actor in the form that is written for its core."""

from spatial.ir.function import kernels
from spatial.ir.graph import Actor
from spatial.ir.mlir import PassManager, arith, func, ir
from spatial.lower.aie.design import Mapped

__all__ = ["prepared"]

PASSES = "builtin.module(inline,func.func(mem2reg,canonicalize,cse,canonicalize))"


def prepared(mapped: Mapped, actor: Actor) -> tuple[ir.Module, func.FuncOp]:
    """A copy of an actor's function with its values in place of their parameters, and scalars as values.

    The module owns the function and must be kept.
    """
    copied = ir.Module.parse("module {}")
    with ir.InsertionPoint(copied.body):
        for function in mapped.module.body.operations:
            if "df.region" in function.attributes:
                continue
            if "df.kernel" not in function.attributes or function.attributes["sym_name"].value == actor.function:
                function.operation.clone()
    (own,) = kernels(copied)
    own.attributes["sym_visibility"] = ir.StringAttr.get("public")  # or else the inliner drops it
    with ir.InsertionPoint.at_block_begin(own.entry_block):
        for argument, value in zip(own.arguments, actor.values, strict=False):
            argument.replace_all_uses_with(_constant(argument.type, value))
    PassManager.parse(PASSES).run(copied.operation)
    (own,) = kernels(copied)
    return copied, own


def _constant(kind: ir.Type, value: float) -> ir.Value:
    if isinstance(kind, ir.IntegerType):
        return arith.constant(kind, ir.Attribute.parse(f"{int(value)} : {kind}"))
    if isinstance(kind, ir.IndexType):
        return arith.constant(kind, int(value))
    return arith.constant(kind, ir.FloatAttr.get(kind, float(value)))
