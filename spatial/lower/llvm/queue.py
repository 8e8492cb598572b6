"""What actors do where they stop at run time: they wait, pause, or fail; the queue of those that can go on."""

from spatial.lower.llvm.heap import ask
from spatial.lower.llvm.layout import NEVER, ActorField, ActorHalf, HostField, RunField
from spatial.lower.llvm.pointer import Pointer

__all__ = ["POLLED", "QUEUE", "is_first", "keep_fault", "queue"]

POLLED = False  # a mode: whether answers depend on time


def queue(run: Pointer, actor: Pointer) -> None:
    """Lets an actor go on in the next round, unless it is to go on already."""
    if actor[ActorHalf.QUEUED] == 0:
        actor[ActorHalf.QUEUED] = 1
        woken = run[RunField.WOKEN]
        run.pointer(RunField.NEXT)[woken] = actor
        run[RunField.WOKEN] = woken + 1


def wait(run: Pointer, actor: Pointer, end: Pointer, then: int) -> None:
    """An actor waits at an end of a channel, if it is not known until when."""
    if then < NEVER:
        await_cycle(run, actor, then)
    else:
        end[0] = actor


def stand(actor: Pointer, end: Pointer, when: int) -> None:
    """An actor stands at an end of a channel, if it is not known when that changes."""
    if when == NEVER:
        end[0] = actor


def expect(run: Pointer, actor: Pointer, then: int) -> None:
    """An actor goes on at a cycle, if that is known."""
    if then < NEVER:
        await_cycle(run, actor, then)


def await_cycle(run: Pointer, actor: Pointer, t: int) -> None:
    """An actor goes on at cycle `t`; that the run ends before is noted."""
    if POLLED:
        ask(run, actor, t)
    else:
        run[RunField.CUT] = 1


def finish(run: Pointer, actor: Pointer) -> None:
    """An actor ends; another call of it may go on from there."""
    if POLLED:
        ask(run, actor, actor[ActorField.CLOCK])


def pause(run: Pointer, actor: Pointer, later: bool, t: int) -> None:
    """An actor stops of its own accord at cycle `t`; it goes on later if it has time left."""
    if later:
        queue(run, actor)
    else:
        await_cycle(run, actor, t)


def host(run: Pointer, actor: Pointer, record: Pointer) -> None:
    """An actor waits for a call of a function in C++; the run pauses for that at once, and the actor goes on then."""
    record[HostField.ACTOR] = actor[ActorHalf.NUMBER]
    run[RunField.HOST] = record
    run[RunField.LEFT] = run[RunField.BUDGET]
    run[RunField.BUDGET] = 0
    queue(run, actor)


def fault(run: Pointer, actor: Pointer, t: int, site: int, value: int) -> None:
    """Keeps a fault if none is known of an earlier cycle; what comes later need not be run."""
    if is_first(run, t, actor[ActorHalf.NUMBER]):
        keep_fault(run, actor[ActorHalf.NUMBER], t, site)
        run[RunField.FAULT_VALUE] = value
        run[RunField.RACE_ACTOR] = -1


def is_first(run: Pointer, t: int, number: int) -> bool:
    """Whether no fault is known that comes before one of an actor in a cycle."""
    known = run[RunField.FAULT_CYCLE]
    return t < known or (t == known and number < run[RunField.FAULT_ACTOR])


def keep_fault(run: Pointer, number: int, t: int, site: int) -> None:
    """Notes where the run goes wrong, which ends it there."""
    run[RunField.FAULT_ACTOR] = number
    run[RunField.FAULT_CYCLE] = t
    run[RunField.FAULT_SITE] = site
    run[RunField.LIMIT] = min(run[RunField.LIMIT], t + 1)


QUEUE = (queue, wait, stand, expect, await_cycle, finish, pause, host, fault, is_first, keep_fault)
