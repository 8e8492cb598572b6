"""What actors note at run time, in one log of bounded size that is read whenever the run pauses."""

from spatial.lower.llvm.layout import LOG_ENTRIES, LOG_FIELDS, ActorHalf, Note, RunField
from spatial.lower.llvm.pointer import Pointer

__all__ = ["NOTES", "log"]


def log(run: Pointer, what: int, first: int, second: int, third: int) -> None:
    """Adds an entry to the log; when it is long the actors stop, so that it is read before it overflows."""
    count = run[RunField.LOGGED]
    entry = run.pointer(RunField.LOG).at(count * LOG_FIELDS)
    entry[0] = what
    entry[1] = first
    entry[2] = second
    entry[3] = third
    run[RunField.LOGGED] = count + 1
    if count + 1 >= LOG_ENTRIES:
        run[RunField.BUDGET] = 0


def tell(run: Pointer, actor: Pointer, kind: int, first: int, second: int, third: int) -> None:
    """An actor notes something of a kind."""
    log(run, (kind << 32) + actor[ActorHalf.NUMBER], first, second, third)


def stall(run: Pointer, actor: Pointer, puts: int, begin: int, end: int) -> None:
    """Notes that an iteration has waited."""
    if begin < end:
        tell(run, actor, Note.STALL, puts, begin, end)


def waited(run: Pointer, actor: Pointer, what: int, begin: int, end: int) -> None:
    """Notes for a timeline that an iteration has waited."""
    if begin < end:
        tell(run, actor, Note.WAITED, what, begin, end)


NOTES = (log, tell, stall, waited)
