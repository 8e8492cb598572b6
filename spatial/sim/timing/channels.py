"""Channels of the timing engine's machine: when a token can move, and what is counted as it does."""

from spatial.lower.llvm.pointer import Pointer, inlined, unlikely
from spatial.sim.timing.layout import NEVER, SLOT_WORDS, ChannelField, RunField, SlotField

__all__ = ["CHANNELS", "give", "pass_on", "ready", "slot", "take"]


@inlined
def slot(c: Pointer, n: int) -> Pointer:
    """The place of token `n`."""
    return c.pointer(ChannelField.RING).at((n & c[ChannelField.MASK]) * SLOT_WORDS)


@inlined
def ready(c: Pointer, puts: int) -> int:
    """From when the next put, or the next get, can happen; `NEVER` while that is not known."""
    if puts:
        before = c[ChannelField.PUTS] - c[ChannelField.DEPTH]
        if before >= c[ChannelField.GETS]:
            return NEVER
        return slot(c, before)[SlotField.GET] + c[ChannelField.WRITE_AFTER_READ] if before >= 0 else 0
    gets = c[ChannelField.GETS]
    return slot(c, gets)[SlotField.PUT] + c[ChannelField.READ_AFTER_WRITE] if c[ChannelField.PUTS] > gets else NEVER


@inlined
def wake(run: Pointer, c: Pointer, end: int) -> None:
    """Whoever waits at an end of a channel goes to the end of the queue."""
    waits = c.pointer(end)
    if unlikely(waits):
        c[end] = 0
        queue(run, waits)


@inlined
def queue(run: Pointer, agent: Pointer) -> None:
    """Puts an agent into the queue; it is in it no more than once."""
    tail = run[RunField.TAIL]
    run.pointer(RunField.QUEUE)[tail & run[RunField.MASK]] = agent
    run[RunField.TAIL] = tail + 1


# Every count of a pair of a put and a get is made by the one that is executed last: the channel is full from put
# n + depth - 1 to get n, empty from get n to put n + 1, and holds k tokens if put n + k - 1 comes before get n.


@inlined
def take(run: Pointer, c: Pointer, t: int) -> None:
    """The oldest token leaves at cycle `t`."""
    puts = c[ChannelField.PUTS]
    n = c[ChannelField.GETS]
    slot(c, n)[SlotField.GET] = t
    c[ChannelField.GETS] = n + 1
    if puts > n + 1:
        c[ChannelField.EMPTY] += max(slot(c, n + 1)[SlotField.PUT] - t, 0)
    if puts == n + c[ChannelField.DEPTH]:
        c[ChannelField.FULL] += max(t - max(slot(c, puts - 1)[SlotField.PUT], 0), 0)
    m = n + c[ChannelField.MOST]
    while unlikely(m < puts and slot(c, m)[SlotField.PUT] < t):
        c[ChannelField.MOST] += 1
        m += 1
    wake(run, c, ChannelField.WRITER)


@inlined
def give(run: Pointer, c: Pointer, t: int) -> None:
    """A token enters at cycle `t`."""
    m = c[ChannelField.PUTS]
    gets = c[ChannelField.GETS]
    slot(c, m)[SlotField.PUT] = t
    c[ChannelField.PUTS] = m + 1
    if gets == m:
        c[ChannelField.EMPTY] += max(t - slot(c, m - 1)[SlotField.GET], 0)
    out = m + 1 - c[ChannelField.DEPTH]
    if gets > out and out >= 0:
        c[ChannelField.FULL] += max(slot(c, out)[SlotField.GET] - t, 0)
    n = min(gets - 1, m - c[ChannelField.MOST])
    while unlikely(n >= 0 and slot(c, n)[SlotField.GET] > t):
        c[ChannelField.MOST] = m + 1 - n
        n -= 1
    wake(run, c, ChannelField.READER)


@inlined
def pass_on(run: Pointer, c: Pointer, puts: int, t: int) -> None:
    """A token moves on a link within a process, of which nothing is counted."""
    if puts:
        n = c[ChannelField.PUTS]
        slot(c, n)[SlotField.PUT] = t
        c[ChannelField.PUTS] = n + 1
        wake(run, c, ChannelField.READER)
    else:
        n = c[ChannelField.GETS]
        slot(c, n)[SlotField.GET] = t
        c[ChannelField.GETS] = n + 1
        wake(run, c, ChannelField.WRITER)


CHANNELS = (slot, ready, wake, queue, take, give, pass_on)
