"""The functions at the ends of chains of PEs: one that loads an array into a channel, one that drops what leaves it."""

from collections.abc import Iterable
from dataclasses import dataclass

from spatial.ir.dialect import GetOp, PutOp
from spatial.ir.mlir import func, ir
from spatial.ir.retyping import Added, Bound, first_array, with_parameters
from spatial.schedule.copying import erase_unused
from spatial.schedule.naming import buffers_of
from spatial.schedule.space.filling import filling_of
from spatial.schedule.space.functions import copied, symbol

__all__ = ["End", "drain_of", "loader_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """A function at an end of a chain of PEs.

    Its parameters are those at the positions `taken` of the PEs' function, arrays counted from the end, since PEs may
    differ in their channels; None stands for the channel it has.
    """

    function: func.FuncOp
    taken: tuple[int | None, ...]

    @property
    def kernel(self) -> str:
        """What its kernel is called."""
        return str(self.function.attributes["df.kernel"].value)

    def given(self, bound: Bound, channel: str) -> Bound:
        """What it is given at a channel of PEs that are given this."""
        return [channel if each is None else bound[each] for each in self.taken]


def loader_of(module: ir.Module, function: func.FuncOp, buffer: str, array: str, stream: Added) -> End:
    """Appends a function that puts what fills a buffer of another one into a channel, as often and in its order."""
    count = first_array(function)
    made = _named(module, copied(function, symbol(module, "copy")), f"load_{array}")
    made = with_parameters(made, [*range(count), stream, *range(count, len(made.arguments))])
    store = filling_of(made, buffers_of(made)[buffer], buffer).store
    with ir.InsertionPoint(store), store.location:
        put = PutOp(made.arguments[count], store.value)
    _erase_all_but(made.entry_block, _needed(put))
    positions = [
        n if n < count else None if n == count else n - len(made.arguments) for n in range(len(made.arguments))
    ]
    return _used(made, positions)


def drain_of(module: ir.Module, loader: End, array: str) -> End:
    """Appends a function that takes as many elements from a channel as a loader puts."""
    made = _named(module, copied(loader.function, symbol(module, "copy")), f"drain_{array}")
    put = next(use.owner for argument in made.arguments for use in argument.uses if isinstance(use.owner, PutOp))
    value = put.value
    with ir.InsertionPoint(put), put.location:
        GetOp(put.stream, value.type)
    put.operation.erase()
    load = value.owner
    indices = list(load.operands)[1:]
    load.erase()
    erase_unused(indices)
    return _used(made, loader.taken)


def _named(module: ir.Module, function: func.FuncOp, wanted: str) -> func.FuncOp:
    kernel = symbol(module, wanted)
    function.attributes["df.kernel"] = ir.StringAttr.get(kernel)
    function.attributes["sym_name"] = ir.StringAttr.get(symbol(module, f"{kernel}_0"))
    return function


def _used(function: func.FuncOp, positions: Iterable[int | None]) -> End:
    """The function without the parameters that it has no use for."""
    used = [n for n, argument in enumerate(function.arguments) if any(True for _ in argument.uses)]
    taken = list(positions)
    return End(function=with_parameters(function, used), taken=tuple(taken[n] for n in used))


def _needed(op: ir.OpView) -> set[ir.Operation]:
    """An operation, what is around it, and what makes what these use."""
    found: set[ir.Operation] = set()
    waiting = [op.operation]
    while waiting:
        each = waiting.pop()
        if each not in found and not isinstance(each.opview, func.FuncOp):
            found.add(each)
            waiting.append(each.parent)
            waiting += [value.owner.operation for value in each.operands if not isinstance(value.owner, ir.Block)]
    return found


def _erase_all_but(block: ir.Block, needed: set[ir.Operation]) -> None:
    *others, _ = list(block.operations)
    for op in reversed(others):
        if op.operation not in needed:
            op.operation.erase()
            continue
        for region in op.regions:
            for inner in region.blocks:
                _erase_all_but(inner, needed)
