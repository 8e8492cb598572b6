"""What happens to channels at run time: when a token can move, and what is counted as it does."""

from spatial.lower.llvm.layout import NEVER, SLOT_FIELDS, ChannelField, Note, SlotField
from spatial.lower.llvm.notes import log
from spatial.lower.llvm.pointer import Pointer, inlined, inlined_if_rare, unlikely
from spatial.lower.llvm.queue import POLLED, queue
from spatial.lower.llvm.stillness import mark_cycle

__all__ = ["CHANNELS"]

LOGGING = False  # a mode: whether tokens of channels are noted


@inlined
def slot(c: Pointer, n: int) -> Pointer:
    """The place of token `n`."""
    return c.pointer(ChannelField.RING).at((n & c[ChannelField.MASK]) * SLOT_FIELDS)


@inlined
def visible(c: Pointer) -> int:
    """From when the oldest token can be taken."""
    gets = c[ChannelField.GETS]
    when = slot(c, gets)[SlotField.VISIBLE]
    return when if c[ChannelField.PUTS] > gets else NEVER


@inlined
def free(c: Pointer) -> int:
    """From when the next token can be put."""
    before = c[ChannelField.PUTS] - c[ChannelField.DEPTH]
    again = slot(c, before)[SlotField.GET] + c[ChannelField.WRITE_AFTER_READ]
    room = 0 if before < 0 else again
    return room if before < c[ChannelField.GETS] else NEVER


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
    return max(when - c[ChannelField.READ_AFTER_WRITE], -1)


@inlined
def next_payload(c: Pointer) -> Pointer:
    """Where the next token is put that is no number of a word."""
    return c.pointer(ChannelField.PAYLOAD).at((c[ChannelField.PUTS] & c[ChannelField.MASK]) * c[ChannelField.WORDS])


@inlined
def payload(c: Pointer, position: int) -> Pointer:
    """The token behind so many oldest ones, where tokens are no numbers of a word."""
    n = c[ChannelField.GETS] + position
    return c.pointer(ChannelField.PAYLOAD).at((n & c[ChannelField.MASK]) * c[ChannelField.WORDS])


# Every count of a pair of a put and a get is made by the one that is executed last: the channel is full from put
# n + depth - 1 to get n, empty from get n to put n + 1, and holds k tokens if put n + k - 1 comes before get n.


@inlined_if_rare
def take(run: Pointer, c: Pointer, t: int) -> None:
    """The oldest token leaves at cycle `t`."""
    puts = c[ChannelField.PUTS]
    n = c[ChannelField.GETS]
    slot(c, n)[SlotField.GET] = t
    c[ChannelField.GETS] = n + 1
    if puts > n + 1:
        c[ChannelField.CYCLES_EMPTY] += max(slot(c, n + 1)[SlotField.PUT] - t, 0)
    if puts == n + c[ChannelField.DEPTH]:
        c[ChannelField.CYCLES_FULL] += max(t - slot(c, puts - 1)[SlotField.PUT], 0)
    m = n + c[ChannelField.MOST]
    while unlikely(m < puts and slot(c, m)[SlotField.PUT] < t):
        c[ChannelField.MOST] += 1
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
    payload = c.pointer(ChannelField.PAYLOAD).at((n & c[ChannelField.MASK]) * words)
    for k in range(words):
        log(run, what, payload[k], t, k)


@inlined_if_rare
def give(run: Pointer, c: Pointer, value: int, t: int) -> None:
    """A token enters at cycle `t`."""
    m = c[ChannelField.PUTS]
    gets = c[ChannelField.GETS]
    place = slot(c, m)
    place[SlotField.VALUE] = value
    place[SlotField.PUT] = t
    place[SlotField.VISIBLE] = t + c[ChannelField.READ_AFTER_WRITE]
    c[ChannelField.PUTS] = m + 1
    if gets == m:
        c[ChannelField.CYCLES_EMPTY] += max(t - slot(c, m - 1)[SlotField.GET], 0)
    out = m + 1 - c[ChannelField.DEPTH]
    if gets > out:
        c[ChannelField.CYCLES_FULL] += max(slot(c, out)[SlotField.GET] - t, 0)
    n = min(gets - 1, m - c[ChannelField.MOST])
    while unlikely(slot(c, n)[SlotField.GET] > t):
        c[ChannelField.MOST] = m + 1 - n
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
