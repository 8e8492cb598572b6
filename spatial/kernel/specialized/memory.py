"""Memory that a function takes besides its parameters: the region's scalars, locals that keep their values."""

from spatial.ir.mlir import ir, memref
from spatial.kernel.declared.references import ScalarRef
from spatial.kernel.lower.lowering import Lowering
from spatial.kernel.lower.values import Scalar
from spatial.types.tensor import element_of

__all__ = ["scalar_around"]


def scalar_around(lowering: Lowering, name: str) -> Scalar | None:
    """The value of a scalar parameter of the region that a kernel names without declaring it; None of another name."""
    around = lowering.around.get(name)
    if not isinstance(around, ScalarRef) or lowering.scope.is_local(name):
        return None
    memory = lowering.take(around, around.type)
    with ir.InsertionPoint.at_block_begin(lowering.entry):
        return Scalar(memref.load(memory, []), element_of(around.type))
