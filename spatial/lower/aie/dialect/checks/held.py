"""Checks how many objects of an objectFIFO a core holds at each operation of its program."""

from collections.abc import Mapping

from spatial.ir.mlir import ir, scf
from spatial.lower.aie.dialect.checks.fault import Fault, Faults, fault
from spatial.lower.aie.dialect.checks.scope import Scope, symbol
from spatial.lower.aie.dialect.ops import AcquireOp, CoreOp, ReleaseOp

__all__ = ["objects_held"]

End = tuple[str, int]
Held = Mapping[End, int]


def objects_held(scope: Scope, core: CoreOp) -> Faults:
    """A core gives back no more than it holds, holds as much behind a loop as before it, and at its end nothing."""
    faults: list[Fault] = []
    left = _behind(core.body.blocks[0], {}, faults)
    yield from faults
    for (name, _), count in left.items():
        if count:
            yield fault(core, f"ends with {count} objects of @{name} that it does not give back")


def _behind(block: ir.Block, held: Held, faults: list[Fault]) -> Held:
    """What is held behind a block."""
    now = dict(held)
    for op in block.operations:
        match op:
            case AcquireOp():
                now[_end(op)] = max(now.get(_end(op), 0), int(op.size.value))
            case ReleaseOp():
                left = now.get(_end(op), 0) - int(op.size.value)
                if left < 0:
                    faults.append(fault(op, f"gives back {op.size.value} objects of @{_end(op)[0]}, {-left} too many"))
                now[_end(op)] = max(left, 0)
            case _:
                now = dict(_inside(op, now, faults))
    return now


def _inside(op: ir.OpView, held: Held, faults: list[Fault]) -> Held:
    """What is held behind an operation that may have blocks."""
    blocks = [block for region in op.regions for block in region.blocks]
    if not blocks:
        return held
    if isinstance(op, scf.WhileOp):
        _behind_loop(op, held, _behind(blocks[1], _behind(blocks[0], held, faults), faults), faults)
        return held
    sides = [_behind(block, held, faults) for block in blocks]
    if isinstance(op, scf.IfOp) and len(sides) == 2 and _counts(sides[0]) == _counts(sides[1]):
        return sides[0]
    for side in sides:
        _behind_loop(op, held, side, faults)
    return held


def _behind_loop(op: ir.OpView, before: Held, behind: Held, faults: list[Fault]) -> None:
    for end in behind:
        first, last = before.get(end, 0), behind[end]
        if first != last:
            faults.append(fault(op, f"begins with {first} objects of @{end[0]}, and ends with {last}"))


def _counts(held: Held) -> Held:
    return {end: count for end, count in held.items() if count}


def _end(op: AcquireOp | ReleaseOp) -> End:
    return symbol(op.objFifo_name), int(op.port.value)
