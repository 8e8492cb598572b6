"""Who goes on next, at run time: actors in the queue, then those that ask for the earliest cycle.

When the queue is empty, nobody can act before the least cycle that an actor asks for, since what happens in a cycle
is seen in later ones only. So all that happens before it is known. No actor is more than a window of cycles ahead.
"""

from spatial.lower.llvm.heap import take_first
from spatial.lower.llvm.layout import (
    BUDGET_SPENT,
    ENDED,
    LOOK,
    NEXT_CALL,
    WINDOW,
    ActorField,
    ActorHalf,
    AskField,
    PollField,
    RunField,
)
from spatial.lower.llvm.pointer import Pointer, call
from spatial.lower.llvm.queue import POLLED, queue
from spatial.lower.llvm.stillness import close, pass_to

__all__ = ["ADVANCE", "FRONTIER"]

GOES_ON = -1


def advance(run: Pointer) -> int:
    """Runs actors until none can go on; or until the budget is spent, actors seem to do nothing but poll, one ends."""
    while True:
        if run[RunField.REST] == 0:
            if run[RunField.WOKEN] == 0:
                found = ENDED
                if POLLED:
                    found = proceed(run)
                if found != GOES_ON:
                    return found
            begin_round(run)
        if run[RunField.BUDGET] <= 0:
            return BUDGET_SPENT
        run[RunField.BUDGET] -= 1
        rest = run[RunField.REST] - 1
        if rest >= 0:
            run[RunField.REST] = rest
            actor = run.pointer(RunField.ROUND).pointer(rest)
            actor[ActorHalf.QUEUED] = 0
            call(actor.pointer(ActorField.STEP), run, actor)


def begin_round(run: Pointer) -> None:
    """Those that were woken go on."""
    before = run.pointer(RunField.ROUND)
    run[RunField.ROUND] = run.pointer(RunField.NEXT)
    run[RunField.NEXT] = before
    run[RunField.REST] = run[RunField.WOKEN]
    run[RunField.WOKEN] = 0


def proceed(run: Pointer) -> int:
    """Lets those go on that ask for the earliest cycle; else why the run pauses."""
    polling = run.pointer(RunField.POLLING)
    if polling[PollField.COUNT] == 0:
        return ENDED
    t = polling.pointer(PollField.HEAP).pointer(0)[AskField.ASKED]
    if t > polling[PollField.FRONTIER]:
        close(polling)
        if polling[PollField.DUE] != 0:
            polling[PollField.DUE] = 0
            return LOOK
        end = min(run[RunField.UNTIL] - 1, run[RunField.FAULT_CYCLE]) + 1
        if t >= end:
            run[RunField.CUT] = 1
            return ENDED
        pass_to(polling, t)
        run[RunField.LIMIT] = min(end, t + WINDOW)
    found = GOES_ON
    while polling[PollField.COUNT] > 0 and polling.pointer(PollField.HEAP).pointer(0)[AskField.ASKED] <= t:
        actor = take_first(polling)
        if actor[ActorHalf.STATE] >= 0:
            queue(run, actor)
        elif run[RunField.CALLS] > 1:
            found = NEXT_CALL
    return found


ADVANCE = (advance, begin_round)
FRONTIER = (proceed,)
