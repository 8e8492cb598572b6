"""Whether actors only poll, at run time: polls since a token last moved, and actors that come back to a state.

The rules are those of the reference engine, cycle for cycle. All polls are noted in the order of cycles.
"""

from spatial.lower.llvm.heap import asker
from spatial.lower.llvm.layout import NOWHERE, WINDOW, AskField, PollField, RunField
from spatial.lower.llvm.pointer import Pointer, inlined

__all__ = ["LIMIT", "PATIENCE", "STILLNESS", "close", "mark_cycle", "pass_to"]

PATIENCE = 1000  # polls without a token before states are compared
LIMIT = 1_000_000  # polls without a token after which the run is given up


@inlined
def mark_cycle(run: Pointer, t: int) -> None:
    """A token moves in a cycle of the window."""
    run.pointer(RunField.POLLING).pointer(PollField.MARKS)[t & (WINDOW - 1)] = t


@inlined
def is_marked(polling: Pointer, t: int) -> bool:
    """Whether a token moves in a cycle of the window."""
    return polling.pointer(PollField.MARKS)[t & (WINDOW - 1)] == t


def moved(polling: Pointer, t: int) -> None:
    """A token has moved in a cycle that is over."""
    polling[PollField.LAST] = t
    polling[PollField.POLLS] = 0
    polling[PollField.EPOCH] += 1
    polling[PollField.DUE] = 0
    polling[PollField.NEXT_LOOK] = PATIENCE


def close(polling: Pointer) -> None:
    """The present cycle is over: its polls count, if no token has moved in it."""
    if polling[PollField.CLOSED] == 0:
        polling[PollField.CLOSED] = 1
        if is_marked(polling, polling[PollField.FRONTIER]):
            moved(polling, polling[PollField.FRONTIER])
        else:
            polling[PollField.POLLS] += polling[PollField.NOW]
            if polling[PollField.POLLS] >= LIMIT:
                polling[PollField.DUE] = 1
        polling[PollField.NOW] = 0


def pass_to(polling: Pointer, t: int) -> None:
    """The present cycle, which is closed, is followed by cycle `t`."""
    begin = polling[PollField.FRONTIER] + 1
    for cycle in range(begin, min(t, begin + WINDOW)):
        if is_marked(polling, cycle):
            moved(polling, cycle)
    polling[PollField.FRONTIER] = t
    polling[PollField.CLOSED] = 0


@inlined
def is_known(run: Pointer, t: int) -> bool:
    """Whether all that happens before a cycle is known."""
    return run.pointer(RunField.POLLING)[PollField.FRONTIER] >= t


def polled(run: Pointer, actor: Pointer, site: int, t: int, vain: bool) -> None:
    """An actor asks in the present cycle, and moves no token."""
    polling = run.pointer(RunField.POLLING)
    if polling[PollField.POLLS] + polling[PollField.NOW] == 0:
        polling[PollField.SINCE] = t
    polling[PollField.NOW] += 1
    own = asker(run, actor)
    own.pointer(AskField.SITES)[site] = t
    if vain and own[AskField.IDLE] == NOWHERE and own[AskField.MOVED] <= t:
        own[AskField.IDLE] = t


def acted(run: Pointer, actor: Pointer, t: int) -> None:
    """An actor that polls moves a token."""
    own = asker(run, actor)
    own[AskField.MOVED] = max(own[AskField.MOVED], t)
    if own[AskField.IDLE] <= t:
        own[AskField.IDLE] = NOWHERE


def resumed(run: Pointer, actor: Pointer, t: int) -> None:
    """An actor that polls has waited to a cycle."""
    own = asker(run, actor)
    own[AskField.RESUMED] = max(own[AskField.RESUMED], t)


@inlined
def may_last(run: Pointer, t: int) -> bool:
    """Whether nothing may have moved for so long that states are compared."""
    polling = run.pointer(RunField.POLLING)
    return t - 1 - polling[PollField.LAST] > polling[PollField.REACH]


def lasts(run: Pointer, t: int) -> bool:
    """Whether nothing has moved for so long that states are compared, asked in the present cycle."""
    polling = run.pointer(RunField.POLLING)
    long = t - polling[PollField.SINCE] > polling[PollField.SETTLING]
    return polling[PollField.POLLS] >= PATIENCE and long


def turn(run: Pointer, actor: Pointer, site: int, state: Pointer, words: int) -> None:
    """An actor begins an iteration in a state of so many words, behind which one is kept."""
    polling = run.pointer(RunField.POLLING)
    own = asker(run, actor)
    if own[AskField.SPINS] != polling[PollField.EPOCH]:
        if not repeats(own, polling[PollField.EPOCH], site, state, words):
            return
        own[AskField.SPINS] = polling[PollField.EPOCH]
    elif polling[PollField.POLLS] < polling[PollField.NEXT_LOOK]:
        return
    polling[PollField.NEXT_LOOK] = polling[PollField.POLLS] + PATIENCE
    polling[PollField.DUE] = 1


def repeats(own: Pointer, epoch: int, site: int, state: Pointer, words: int) -> bool:
    """Whether the actor has been in a state since a token moved."""
    if own[AskField.EPOCH] != epoch:
        own[AskField.EPOCH] = epoch
        own[AskField.POWER] = 1
        keep(own, site, state, words)
        return False
    if own[AskField.SITE] == site and is_same(state, words):
        return True
    own[AskField.STEPS] += 1
    if own[AskField.STEPS] == own[AskField.POWER]:
        own[AskField.POWER] *= 2
        keep(own, site, state, words)
    return False


def keep(own: Pointer, site: int, state: Pointer, words: int) -> None:
    """Later states are compared with this one."""
    own[AskField.STEPS] = 0
    own[AskField.SITE] = site
    for word in range(words):
        state[words + word] = state[word]


def is_same(state: Pointer, words: int) -> bool:
    """Whether a state is the one kept behind it."""
    word = 0
    while word < words and state[word] == state[words + word]:
        word += 1
    return word == words


STILLNESS = (
    mark_cycle, is_marked, moved, close, pass_to, is_known, polled, acted, resumed, may_last, lasts, turn, repeats,
    keep, is_same,
)  # fmt: skip
