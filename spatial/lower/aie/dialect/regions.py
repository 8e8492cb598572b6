"""Loops and branches in the form that people read, where operations of ours stand inside."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from spatial.ir.mlir import ir, scf

__all__ = ["REGIONS"]

Names = Callable[[ir.Value], str]
Lines = Callable[[ir.Block], Iterator[str]]


def _loop(op: scf.ForOp, name: Names, block: Lines) -> Iterator[str]:
    low, high, step, *initial = op.operands
    inside = op.regions[0].blocks[0]
    counter, *carried = inside.arguments
    space = f"{name(counter)} = {name(low)} to {name(high)} step {name(step)}"
    kind = "" if isinstance(counter.type, ir.IndexType) else f" : {counter.type}"
    yield f"{_results(op, name)}scf.for {space}{_carried(carried, initial, name)}{kind} {{"
    yield from _body(inside, block, keep_end=bool(carried))
    said = ", ".join(f"{key} = {op.attributes[key]}" for key in op.attributes)
    yield f"}} {{{said}}}" if said else "}"


def _branch(op: scf.IfOp, name: Names, block: Lines) -> Iterator[str]:
    then, *otherwise = (region.blocks for region in op.regions)
    types = ", ".join(str(result.type) for result in op.results)
    yield f"{_results(op, name)}scf.if {name(op.operands[0])}{f' -> ({types})' if types else ''} {{"
    yield from _body(then[0], block, keep_end=bool(types))
    if otherwise and len(otherwise[0]):
        yield "} else {"
        yield from _body(otherwise[0][0], block, keep_end=bool(types))
    yield "}"


def _while(op: scf.WhileOp, name: Names, block: Lines) -> Iterator[str]:
    before, after = (region.blocks[0] for region in op.regions)
    given = _pairs(list(before.arguments), list(op.operands), name)
    taken = ", ".join(str(each.type) for each in op.operands)
    made = ", ".join(str(each.type) for each in op.results)
    yield f"{_results(op, name)}scf.while{f' ({given})' if given else ''} : ({taken}) -> ({made}) {{"
    yield from _body(before, block, keep_end=True)
    yield "} do {"
    if len(after.arguments):
        yield f"^bb0({', '.join(f'{name(each)}: {each.type}' for each in after.arguments)}):"
    yield from _body(after, block, keep_end=True)
    yield "}"


def _results(op: ir.OpView, name: Names) -> str:
    count = len(op.results)
    if not count:
        return ""
    first = name(op.results[0]).partition("#")[0]
    return f"{first}{f':{count}' if count > 1 else ''} = "


def _carried(carried: Sequence[ir.Value], initial: Sequence[ir.Value], name: Names) -> str:
    if not carried:
        return ""
    return f" iter_args({_pairs(carried, initial, name)}) -> ({', '.join(str(each.type) for each in carried)})"


def _pairs(inner: Sequence[ir.Value], outer: Sequence[ir.Value], name: Names) -> str:
    return ", ".join(f"{name(a)} = {name(b)}" for a, b in zip(inner, outer, strict=True))


def _body(inside: ir.Block, block: Lines, *, keep_end: bool) -> Iterator[str]:
    """The lines of a block; an end that says nothing is left out."""
    lines = list(block(inside))
    yield from lines if keep_end else lines[:-1]


REGIONS: Mapping[type[ir.OpView], Callable[..., Iterator[str]]] = {
    scf.ForOp: _loop,
    scf.IfOp: _branch,
    scf.WhileOp: _while,
}
