"""A function while it is changed, and how it is finished."""

from dataclasses import dataclass, field

from spatial.ir.arithmetic import constant
from spatial.ir.dialect import WithinOp
from spatial.ir.dtypes import scalar_type
from spatial.ir.function import operations, parameter_attribute, parameters
from spatial.ir.mlir import arith, func, ir, memref
from spatial.lower.hls.legalize.build import channel_type
from spatial.types.dtype import DType, index
from spatial.types.tensor import TensorType

__all__ = ["Argument", "Rewritten", "Work", "finished", "sweep"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """A new parameter for the array at a position: a channel for its `role` ("in", "out", "written").

    Or a value, the first index of its box in the dimension `axis`.
    """

    position: int
    role: str = ""
    axis: int = 0
    name: str
    kind: str
    type: DType | TensorType


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewritten:
    """A function's parameters now, in order: positions of the old one's, and new ones."""

    name: str
    parameters: tuple[int | Argument, ...]


@dataclass(slots=True)
class Work:
    """A function while it is changed; `added` are its new arguments, `dropped` positions of arrays it has no more.

    Behind what is done first stands the `prologue`, a number that nobody needs.
    """

    function: func.FuncOp
    added: list[tuple[Argument, ir.Value]] = field(default_factory=list)
    dropped: set[int] = field(default_factory=set)
    prologue: ir.OpView | None = None

    @property
    def entry(self) -> ir.Block:
        return self.function.entry_block

    def argument(self, argument: Argument) -> ir.Value:
        """A new argument."""
        kind = channel_type(argument.type) if argument.kind == "stream" else scalar_type(index)
        value: ir.Value = self.entry.add_argument(kind, ir.Location.name(argument.name))
        self.added.append((argument, value))
        return value

    def front(self) -> ir.InsertionPoint:
        """Behind what is done first so far."""
        if self.prologue is None:
            first = next(op for op in self.entry.operations if not isinstance(op, memref.AllocaOp))
            with ir.InsertionPoint(first), first.location:
                self.prologue = constant(index, 0).owner.opview
        return ir.InsertionPoint(self.prologue)

    def top(self) -> ir.InsertionPoint:
        """Before everything."""
        return ir.InsertionPoint.at_block_begin(self.entry)

    def end(self) -> ir.InsertionPoint:
        """Behind everything."""
        return ir.InsertionPoint(list(self.entry.operations)[-1])


def sweep(function: func.FuncOp) -> None:
    """Removes what is computed for nobody."""
    found = list(operations(function.entry_block))
    for op in reversed(found):
        pure = type(op).__module__ == arith.AddIOp.__module__ or isinstance(op, WithinOp)
        if pure and not any(True for result in op.results for _ in result.uses):
            op.operation.erase()


def finished(original: func.FuncOp, copy: func.FuncOp, name: str, work: Work) -> Rewritten:
    """The function with its parameters in order: values, channels, arrays; values that nobody needs left out."""
    old = list(parameters(original))
    given = list(copy.entry_block.arguments)
    olds: list[tuple[int | Argument, ir.Value]] = list(enumerate(given[: len(old)]))
    unused = {n for n, each in enumerate(original.arguments) if not list(each.uses)}
    kept = [
        (which, value)
        for which, value in (*olds, *work.added)
        if which not in work.dropped and (which in unused or not is_index(value) or list(value.uses))
    ]
    ordered = sorted(kept, key=lambda each: order(each[1].type))
    names, kinds = [], []
    for which, _ in ordered:
        parameter = old[which] if isinstance(which, int) else which
        names.append(parameter.name)
        kinds.append((parameter.kind, str(parameter.type)))
    with original.location:
        made = func.FuncOp(name, ([value.type for _, value in ordered], []), visibility="private")
    for each in copy.attributes:
        if each.startswith("df."):
            made.attributes[each] = copy.attributes[each]
    made.attributes["df.parameters"] = parameter_attribute(names, kinds)
    entry = made.add_entry_block([location_of(original, which) for which, _ in ordered])
    for (_, value), argument in zip(ordered, entry.arguments, strict=True):
        value.replace_all_uses_with(argument)
    for op in list(copy.entry_block.operations):
        entry.append(op)
    copy.operation.erase()
    return Rewritten(name=name, parameters=tuple(which for which, _ in ordered))


def location_of(original: func.FuncOp, which: int | Argument) -> ir.Location:
    if isinstance(which, int):
        found: ir.Location = original.arguments[which].location
        return found
    return ir.Location.name(which.name, original.location)


def is_index(value: ir.Value) -> bool:
    """Whether an argument is a number that is given to each actor."""
    return order(value.type) == 0


def order(kind: ir.Type) -> int:
    """Where parameters of a type stand: values, then channels, then arrays."""
    if isinstance(kind, ir.MemRefType):
        return 2
    return 1 if str(kind).startswith("!df.stream") else 0
