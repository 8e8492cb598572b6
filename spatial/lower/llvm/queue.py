"""How actors take turns at run time: the queue of those that can go on, waiting, pausing, faults."""

from spatial.lower.llvm.layout import NEVER, ActorField, RunField
from spatial.lower.llvm.pointer import Pointer, call

__all__ = ["QUEUE", "is_first", "keep_fault", "queue"]


def queue(run: Pointer, actor: Pointer) -> None:
    """Puts an actor into the queue, unless it is in it."""
    if actor[ActorField.QUEUED] == 0:
        actor[ActorField.QUEUED] = 1
        tail = run[RunField.TAIL]
        run.pointer(RunField.QUEUE)[tail & run[RunField.MASK]] = actor
        run[RunField.TAIL] = tail + 1


def wait(run: Pointer, actor: Pointer, end: Pointer, ready: int) -> None:
    """An actor waits at an end of a channel; that the run ends before what it waits for is noted."""
    end[0] = actor
    if ready < NEVER:
        run[RunField.CUT] = 1


def pause(run: Pointer, actor: Pointer, later: bool) -> None:
    """An actor stops of its own accord; it goes on later if it has time left."""
    if later:
        queue(run, actor)
    else:
        run[RunField.CUT] = 1


def fault(run: Pointer, actor: Pointer, t: int, site: int, value: int) -> None:
    """Keeps a fault if none is known of an earlier cycle; what comes later need not be run."""
    if is_first(run, t, actor[ActorField.NUMBER]):
        keep_fault(run, actor[ActorField.NUMBER], t, site)
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


def advance(run: Pointer) -> int:
    """Runs actors from the queue until it is empty, 0, or the budget is spent, 1."""
    ring = run.pointer(RunField.QUEUE)
    while run[RunField.HEAD] != run[RunField.TAIL]:
        if run[RunField.BUDGET] <= 0:
            return 1
        run[RunField.BUDGET] -= 1
        head = run[RunField.HEAD]
        run[RunField.HEAD] = head + 1
        actor = ring.pointer(head & run[RunField.MASK])
        actor[ActorField.QUEUED] = 0
        call(actor.pointer(ActorField.STEP), run, actor)
    return 0


QUEUE = (queue, wait, pause, fault, is_first, keep_fault, advance)
