"""What happens to channels at run time: when a token can move, and what is counted as it does."""

from spatial.lower.llvm.layout import DELAY, NEVER, SLOT_FIELDS, SLOTS, ChannelField, ChannelHalf, Note, SlotField
from spatial.lower.llvm.notes import log
from spatial.lower.llvm.pointer import Pointer, inlined, inlined_if_rare, unlikely
from spatial.lower.llvm.queue import POLLED, queue
from spatial.lower.llvm.stillness import mark_cycle

__all__ = ["CHANNELS"]

LEAST = (1 << DELAY) - 1  # the bits of the latency of a put
LOGGING = False  # a mode: whether tokens of channels are noted


@inlined
def slot(c: Pointer, n: int) -> Pointer:
    """The place of token `n`."""
    return c.at(SLOTS + (n & c[ChannelHalf.MASK]) * SLOT_FIELDS)


@inlined
def visible(c: Pointer) -> int:
    """From when the oldest token can be taken."""
    gets = c[ChannelField.GETS]
    when = slot(c, gets)[SlotField.VISIBLE]
    return when if c[ChannelField.PUTS] > gets else NEVER


@inlined
def free(c: Pointer) -> int:
    """From when the next token can be put; a place that was never used is free from the begin on."""
    before = c[ChannelField.PUTS] - c[ChannelHalf.DEPTH]
    again = slot(c, before)[SlotField.FREE]
    return again if before < c[ChannelField.GETS] else NEVER


@inlined
def seen(c: Pointer, position: int) -> int:
    """From when the token behind so many oldest ones can be seen."""
    n = c[ChannelField.GETS] + position
    when = slot(c, n)[SlotField.VISIBLE]
    return when if c[ChannelField.PUTS] > n else NEVER


@inlined
def token(c: Pointer, position: int) -> int:
    """The token behind so many oldest ones."""
    return slot(c, c[ChannelField.GETS] + position)[SlotField.VALUE]


@inlined
def age(c: Pointer, when: int) -> int:
    """When the oldest token was put, which can be taken from `when` on."""
    return max(when - (c[ChannelHalf.DELAYS] & LEAST), -1)


@inlined
def next_payload(c: Pointer) -> Pointer:
    """Where the next token is put that is no number of a word."""
    return c.pointer(ChannelField.PAYLOAD).at((c[ChannelField.PUTS] & c[ChannelHalf.MASK]) * c[ChannelField.WORDS])


@inlined
def payload(c: Pointer, position: int) -> Pointer:
    """The token behind so many oldest ones, where tokens are no numbers of a word."""
    n = c[ChannelField.GETS] + position
    return c.pointer(ChannelField.PAYLOAD).at((n & c[ChannelHalf.MASK]) * c[ChannelField.WORDS])


# The channel is empty from get n to put n + 1, which its reader counts, and full from put n + depth - 1 to get n, which
# its writer counts: each when it knows both. It holds k tokens if put n + k - 1 comes before get n; the one of the two
# that is executed last finds that out.


@inlined_if_rare
def take(run: Pointer, c: Pointer, t: int) -> None:
    """The oldest token leaves at cycle `t`."""
    puts = c[ChannelField.PUTS]
    n = c[ChannelField.GETS]
    place = slot(c, n)
    delays = c[ChannelHalf.DELAYS]
    delay = delays & LEAST
    c[ChannelField.CYCLES_EMPTY] += max(place[SlotField.VISIBLE] - delay - c[ChannelField.LAST_GET], 0)
    place[SlotField.FREE] = t + (delays >> DELAY)
    c[ChannelField.LAST_GET] = t
    c[ChannelField.GETS] = n + 1
    m = n + c[ChannelHalf.MOST]
    while unlikely(m < puts and slot(c, m)[SlotField.VISIBLE] - delay < t):
        c[ChannelHalf.MOST] += 1
        m += 1
    if LOGGING and unlikely(c[ChannelField.NOTED] != 0):
        log(run, (Note.GET << 32) + c[ChannelField.NOTED] - 1, t, 0, 0)
    if POLLED:
        mark_cycle(run, t)
    waits = c.pointer(ChannelField.WRITER)
    if unlikely(waits):
        c[ChannelField.WRITER] = 0
        queue(run, waits)


def note_put(run: Pointer, c: Pointer, n: int, value: int, t: int) -> None:
    """Notes token `n`: its value, or each word of what it has elsewhere."""
    what = (Note.PUT << 32) + c[ChannelField.NOTED] - 1
    words = c[ChannelField.WORDS]
    if words == 0:
        log(run, what, value, t, 0)
    payload = c.pointer(ChannelField.PAYLOAD).at((n & c[ChannelHalf.MASK]) * words)
    for k in range(words):
        log(run, what, payload[k], t, k)


@inlined_if_rare
def give(run: Pointer, c: Pointer, value: int, t: int) -> None:
    """A token enters at cycle `t`."""
    m = c[ChannelField.PUTS]
    place = slot(c, m)
    again = slot(c, m - c[ChannelHalf.DEPTH])[SlotField.FREE]
    delays = c[ChannelHalf.DELAYS]
    delay = delays >> DELAY
    c[ChannelField.CYCLES_FULL] += max(again - delay - c[ChannelField.LAST_PUT], 0)
    place[SlotField.VALUE] = value
    place[SlotField.VISIBLE] = t + (delays & LEAST)
    c[ChannelField.LAST_PUT] = t
    c[ChannelField.PUTS] = m + 1
    if c[ChannelField.LAST_GET] > t:
        n = min(c[ChannelField.GETS] - 1, m - c[ChannelHalf.MOST])
        while unlikely(slot(c, n)[SlotField.FREE] - delay > t):
            c[ChannelHalf.MOST] = m + 1 - n
            n -= 1
    if LOGGING and unlikely(c[ChannelField.NOTED] != 0):
        note_put(run, c, m, value, t)
    if POLLED:
        mark_cycle(run, t)
    waits = c.pointer(ChannelField.READER)
    if unlikely(waits):
        c[ChannelField.READER] = 0
        queue(run, waits)


CHANNELS = (slot, visible, free, seen, token, age, next_payload, payload, take, note_put, give)
