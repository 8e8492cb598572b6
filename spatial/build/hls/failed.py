"""Why a call in C-simulation failed, as far as the simulator can tell."""

from collections.abc import Callable

from spatial.build.hls.errors import CsimFailed
from spatial.build.hls.server import Failure
from spatial.sim.errors import Deadlock, Livelock
from spatial.sim.result import Run
from spatial.source.errors import ProgramError
from spatial.source.span import caller_span

__all__ = ["explained"]

DEADLOCK, LIVELOCK = 3, 4  # exit codes of our C-simulation
WORDS = {DEADLOCK: "deadlocks", LIVELOCK: "polls for ever"}


def explained(name: str, failure: Failure, timeout: float | None, predict: Callable[[], Run]) -> ProgramError:
    """The error of a call of a region that failed; where the program itself goes wrong it is the one that a run raises.

    `predict` runs the program in the simulator.
    """
    if failure.code is None:
        what = f"took longer than {timeout:g} seconds"
        return ProgramError([CsimFailed(region=name, what=what, told="", span=caller_span())])
    error = _error_of(predict)
    if error is not None:
        error.add_note(f"C-simulation: {failure.told.strip() or failure.cause}")
        return error
    what = WORDS.get(failure.code, failure.cause)
    return ProgramError([CsimFailed(region=name, what=what, told=failure.told, span=caller_span())])


def _error_of(predict: Callable[[], Run]) -> ProgramError | None:
    """What a run of the program raises."""
    try:
        run = predict()
    except ProgramError as error:
        return error
    if run.deadlock is not None:
        return Deadlock(run.deadlock, run)
    if run.livelock is not None:
        return Livelock(run.livelock, run)
    return None
