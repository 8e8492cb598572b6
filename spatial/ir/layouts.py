"""The layout of memory, kept as an attribute: of an array's allocation, or of the function it is a parameter of."""

from spatial.ir.function import parameters
from spatial.ir.mlir import func, ir
from spatial.types.layout import Layout, parse_layout

__all__ = ["give_layout", "layout_of", "layouts_in"]

LAYOUT = "df.layout"  # of an allocation: `"[complete, cyclic(4)]"`
LAYOUTS = "df.layouts"  # of a function: the same for its parameters, by their names


def layout_of(memory: ir.Value) -> Layout | None:
    """How memory is cut into banks; None where nobody said."""
    owner = memory.owner
    if isinstance(owner, ir.Block):
        text = layouts_in(owner.owner).get(_parameter(memory), "") if LAYOUTS in owner.owner.attributes else ""
    else:
        text = owner.attributes[LAYOUT].value if LAYOUT in owner.attributes else ""
    return parse_layout(text, tuple(memory.type.shape)) if text else None


def layouts_in(function: func.FuncOp) -> dict[str, str]:
    """For each parameter that is cut into banks, by its name, how."""
    attributes = function.attributes
    return {each.name: each.attr.value for each in attributes[LAYOUTS]} if LAYOUTS in attributes else {}


def give_layout(memory: ir.Value, layout: Layout) -> None:
    """Keeps how memory is cut into banks, instead of what was said before; of what is in one bank nothing is kept."""
    owner = memory.owner
    if isinstance(owner, ir.Block):
        text = str(layout) if layout.banks > 1 else ""
        _keep(owner.owner, {**layouts_in(owner.owner), _parameter(memory): text})
    elif layout.banks > 1:
        owner.attributes[LAYOUT] = ir.StringAttr.get(str(layout))
    elif LAYOUT in owner.attributes:
        del owner.attributes[LAYOUT]


def _keep(function: func.FuncOp, texts: dict[str, str]) -> None:
    if LAYOUTS in function.attributes:
        del function.attributes[LAYOUTS]
    if kept := {name: ir.StringAttr.get(text) for name, text in texts.items() if text}:
        function.attributes[LAYOUTS] = ir.DictAttr.get(kept)


def _parameter(argument: ir.Value) -> str:
    function: func.FuncOp = argument.owner.owner
    position: int = ir.BlockArgument(argument).arg_number
    return parameters(function)[position].name
