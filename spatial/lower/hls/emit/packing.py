"""Words that are joined of parts: structs, and what `sp.pack` makes."""

from collections.abc import Callable, Mapping, Sequence

from spatial.ir.mlir import arith, ir
from spatial.lower.hls.emit.body import Body
from spatial.lower.hls.emit.idioms import Idiom, Idioms
from spatial.lower.hls.emit.kinds import Truth, Whole
from spatial.lower.hls.emit.terms import Term, named

__all__ = ["PACKED", "find_packing"]

Part = tuple[int, ir.Value]  # its lowest bit, and what lies there


def find_packing(idioms: Idioms) -> None:
    """Adds the words of a function that are joined of parts without gaps."""
    for op in idioms.ops:
        if not isinstance(op, arith.OrIOp) or op.operation in idioms.skipped:
            continue
        group: list[ir.OpView] = []
        parts = _parts(op.result, group)
        if parts and _is_whole(parts, int(op.result.type.width)) and _is_closed(group):
            values = tuple(value for _, value in parts)
            idioms.made[op.operation] = Idiom(name="joined", operands=values, group=tuple(reversed(group)))
            idioms.skipped.update(each.operation for each in group[1:])


def _parts(value: ir.Value, group: list[ir.OpView]) -> list[Part] | None:
    """The parts of a word, the lowest first; the operations that join them are added to the group."""
    op = _maker(value)
    match op:
        case arith.OrIOp():
            group.append(op)
            lower, upper = _parts(op.lhs, group), _parts(op.rhs, group)
            return None if lower is None or upper is None else [*lower, *upper]
        case arith.ShLIOp() if isinstance(amount := _maker(op.rhs), arith.ConstantOp):
            group.append(op)
            moved, by = _parts(op.lhs, group), int(amount.attributes["value"].value)
            return None if moved is None or len(moved) != 1 else [(by, moved[0][1])]
        case arith.ExtUIOp():
            group.append(op)
            return [(0, op.operands[0])]
    return None


def _is_whole(parts: Sequence[Part], width: int) -> bool:
    """Whether parts lie one behind the other and fill a word."""
    at = 0
    for lowest, value in parts:
        if lowest != at or not isinstance(value.type, ir.IntegerType):
            return False
        at += int(value.type.width)
    return at == width and len(parts) > 1


def _is_closed(group: Sequence[ir.OpView]) -> bool:
    """Whether nothing else uses what is between the parts and the word, the first of the group."""
    inside = {op.operation for op in group}
    return all(use.owner.operation in inside for op in group[1:] for use in op.results[0].uses)


def _maker(value: ir.Value) -> ir.OpView | None:
    owner = value.owner
    return None if isinstance(owner, ir.Block) else owner.opview


def _joined(body: Body, op: ir.OpView, operands: Sequence[ir.Value]) -> Term:
    """A word that is filled part by part."""
    terms = [body.use(operand) for operand in operands]
    body.before_token()
    kind = Whole(width=int(op.results[0].type.width), signed=False)
    name = body.names.fresh("word")
    body.line(f"{kind} {name} = 0;")
    lowest = 0
    for term, operand in zip(terms, operands, strict=True):
        width = int(operand.type.width)
        one = width == 1 and isinstance(term.kind, Truth)
        place = f"{name}[{lowest}]" if one else f"{name}.range({lowest + width - 1}, {lowest})"
        body.line(f"{place} = {term.text};")
        lowest += width
    return named(name, kind)


PACKED: Mapping[str, Callable[[Body, ir.OpView, Sequence[ir.Value]], Term]] = {"joined": _joined}
