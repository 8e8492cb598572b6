"""How far the tokens that a mover takes run ahead of those that it passes on."""

from collections.abc import Sequence
from dataclasses import dataclass

from spatial.analysis.control.reading import read_skeleton
from spatial.analysis.extraction import FunctionBodies, NotDecided
from spatial.analysis.pipeline import Timings
from spatial.analysis.processes import Operation, Pipeline, Repeat, Step
from spatial.ir.function import kernels
from spatial.ir.graph import Actor
from spatial.ir.mlir import ir

__all__ = ["held_for"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """By how much a count has grown behind some steps, and how far it had risen at most on the way."""

    growth: int = 0
    most: int = 0


def held_for(module: ir.Module, actor: Actor, channel: str) -> int | None:
    """The most tokens that an actor has taken at a time and not yet put into a channel; None where only a run tells."""
    function = next(each for each in kernels(module) if each.name.value == actor.function)
    try:
        skeleton = read_skeleton(function, Timings())
        body = FunctionBodies(skeleton, len(actor.values), {}).of(actor)
    except NotDecided:
        return None
    return _through(body, actor.channels.index(channel)).most


def _through(steps: Sequence[Step], port: int) -> Lead:
    """What steps do one after the other."""
    growth = most = 0
    for step in steps:
        found = _of(step, port)
        most = max(most, growth + found.most)
        growth += found.growth
    return Lead(growth=growth, most=most)


def _of(step: Step, port: int) -> Lead:
    match step:
        case Pipeline(operations=(operation,)):
            return _changed(operation, port)
        case Repeat(count=count, body=body):
            once = _through(body, port)
            again = max(count or 1, 1) - 1
            return Lead(growth=once.growth * (again + 1), most=once.most + max(once.growth, 0) * again)
        case _:
            return Lead()


def _changed(operation: Operation, port: int) -> Lead:
    """A token that is taken is held, and is no more once it is put into the channel of the port."""
    if not operation.puts:
        return Lead(growth=1, most=1)
    return Lead(growth=-1 if operation.port == port else 0)
