"""Gives functions other parameters, and the actors of a program that run them."""

from collections.abc import Sequence
from dataclasses import dataclass

from spatial.ir.dialect import ActorOp, StreamType, declare_actor
from spatial.ir.dtypes import memory_type, scalar_type
from spatial.ir.function import parameters
from spatial.ir.mlir import func, ir
from spatial.ir.pins import keep_pin
from spatial.types.dtype import DType
from spatial.types.tensor import TensorType, element_of

__all__ = ["Added", "Bound", "bound_to", "declare", "first_array", "replace_actor", "with_parameters"]

OWN = ("sym_name", "function_type", "sym_visibility", "df.parameters")


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A parameter that a function did not have: a "value", a "stream" of single numbers, an "array" or a "scalar"."""

    name: str
    kind: str
    type: DType | TensorType
    location: ir.Location

    @property
    def ir_type(self) -> ir.Type:
        """Its type in the module."""
        if self.kind in ("array", "scalar"):
            return memory_type(self.type)
        kind = scalar_type(element_of(self.type))
        return StreamType.get(ir.TypeAttr.get(kind)) if self.kind == "stream" else kind

    @property
    def attribute(self) -> ir.Attribute:
        """What the function keeps of it."""
        return ir.ArrayAttr.get([ir.StringAttr.get(text) for text in (self.name, self.kind, str(self.type))])


def with_parameters(function: func.FuncOp, given: Sequence[int | Added], name: str = "") -> func.FuncOp:
    """The function with these parameters, those it had by their positions; it stands in place of the old one.

    Parameters that it loses have no uses.
    """
    before, known = list(function.arguments), list(function.attributes["df.parameters"])
    types = [each.ir_type if isinstance(each, Added) else before[each].type for each in given]
    places = [each.location if isinstance(each, Added) else before[each].location for each in given]
    with ir.InsertionPoint(function), function.location:
        made = func.FuncOp(name or function.name.value, (types, []), visibility="private")
    for key in function.attributes:
        if key not in OWN:
            made.attributes[key] = function.attributes[key]
    kept = [each.attribute if isinstance(each, Added) else known[each] for each in given]
    made.attributes["df.parameters"] = ir.ArrayAttr.get(kept)
    _forget(made, {each[0].value for each in known} - {each[0].value for each in kept})
    entry = made.add_entry_block(places)
    for op in list(function.entry_block.operations):
        entry.append(op)
    for each, argument in zip(given, entry.arguments, strict=True):
        if not isinstance(each, Added):
            before[each].replace_all_uses_with(argument)
    function.operation.erase()
    return made


def _forget(function: func.FuncOp, lost: set[str]) -> None:
    """Drops what a function keeps of parameters that it lost."""
    for key in ("df.layouts", "df.storage"):
        if key in function.attributes:
            left = {each.name: each.attr for each in function.attributes[key] if each.name not in lost}
            if left:
                function.attributes[key] = ir.DictAttr.get(left)
            else:
                del function.attributes[key]


def first_array(function: func.FuncOp) -> int:
    """How many parameters stand before the arrays: values and streams."""
    return sum(parameter.kind in ("value", "stream") for parameter in parameters(function))


Bound = Sequence[ir.Attribute | str]
"""What an actor gives for each parameter: the value of one, else the name of a channel or of an array."""


def bound_to(actor: ActorOp) -> list[ir.Attribute | str]:
    """What an actor gives its function."""
    names = [each.value for given in (actor.channels, actor.arrays) for each in given]
    return [*actor.values, *names]


def declare(callee: func.FuncOp, kernel: str, pid: Sequence[int], given: Bound) -> ir.Operation:
    """Declares a PE of a kernel at the insertion point."""
    kinds = [parameter.kind for parameter in parameters(callee)]
    parts = list(zip(kinds, given, strict=True))
    values = [each for kind, each in parts if kind == "value"]
    channels = [each for kind, each in parts if kind == "stream"]
    arrays = [each for kind, each in parts if kind not in ("value", "stream")]
    return declare_actor(callee.name.value, kernel, pid, values, channels, arrays)


def replace_actor(actor: ActorOp, callee: func.FuncOp, given: Bound) -> None:
    """Puts an actor in place of another one: the same PE, with another function and other things given."""
    with ir.InsertionPoint(actor), actor.location:
        made = declare(callee, actor.kernel.value, [axis.value for axis in actor.pid], given)
    keep_pin(actor.operation, made)
    actor.operation.erase()
