"""Whether the state of a run is that of an earlier cut, but for the cycles in between.

A cut is where one agent, the reference, is held at the begin of an iteration, and all others have gone as far as
they can without it. What happens next follows from the state alone. So if the states of two cuts differ by a
number of cycles only, the same happens again and again until somebody's loop ends.
"""

from spatial.lower.llvm.pointer import Pointer, inlined
from spatial.sim.timing.layout import (
    LONG_AGO,
    NEVER,
    SLOT_WORDS,
    AgentField,
    BookField,
    ChannelField,
    RunField,
    SlotField,
)

__all__ = ["PERIODS", "repetitions"]


def repetitions(run: Pointer, saved: Pointer, shift: int) -> int:
    """How many more times all agents can do what they have done in the `shift` cycles since; 0 if they cannot."""
    state = run.pointer(RunField.STATE)
    most = NEVER
    agents = run.pointer(RunField.AGENTS)
    for k in range(run[RunField.AGENT_COUNT]):
        most = min(most, rounds(state.at(agents[k]), saved.at(agents[k]), shift))
        if most == 0:
            return 0
    channels = run.pointer(RunField.CHANNELS)
    for k in range(run[RunField.CHANNEL_COUNT]):
        if not same_channel(run, saved, channels[k], shift):
            return 0
    books = run.pointer(RunField.BOOKS)
    for k in range(run[RunField.BOOK_COUNT]):
        if not same_book(state.at(books[k]), saved.at(books[k]), shift):
            return 0
    return most


def rounds(agent: Pointer, old: Pointer, shift: int) -> int:
    """How many times an agent can do again what it has done since; `NEVER` where it has done nothing."""
    if agent[AgentField.PC] != old[AgentField.PC]:
        return 0
    most = NEVER
    for k in range(AgentField.FIRST, AgentField.FIRST + agent[AgentField.COUNTERS]):
        done = old[k] - agent[k]
        if done != 0:
            if done < 0 or most != NEVER:
                return 0
            most = (agent[k] - 1) // done
    moved = agent[AgentField.CLOCK] - old[AgentField.CLOCK]
    if most == NEVER:
        return NEVER if moved == 0 else 0
    return most if moved == shift else 0


def same_channel(run: Pointer, saved: Pointer, place: int, shift: int) -> bool:
    """Whether a channel stands as it did: as many tokens and slots, of the same ages."""
    c = run.pointer(RunField.STATE).at(place)
    old = saved.at(place)
    moved = c[ChannelField.PUTS] - old[ChannelField.PUTS]
    if moved != c[ChannelField.GETS] - old[ChannelField.GETS]:
        return False
    if moved == 0:
        return True
    old_ring = saved.at(run[RunField.STATE_WORDS] + c[ChannelField.RING_AT])
    if c[ChannelField.KEPT]:
        return same_history(c, old_ring, moved, shift)
    return same_tokens(run, saved, c, old_ring, moved, shift) and same_slots(run, saved, c, old_ring, moved, shift)


@inlined
def clock_of(state: Pointer, agent: int) -> int:
    """A cycle before which an agent does nothing more; of several, that are given as 0, none is known."""
    return state[agent + AgentField.CLOCK] if agent else LONG_AGO


def same_tokens(run: Pointer, saved: Pointer, c: Pointer, old_ring: Pointer, moved: int, shift: int) -> bool:
    """Whether the tokens were put as long ago, the last ones first, up to those that can be taken whenever asked for.

    That a full channel is full since its last put counts in any case.
    """
    ring = c.pointer(ChannelField.RING)
    mask = c[ChannelField.MASK]
    last = c[ChannelField.PUTS] - 1
    held = c[ChannelField.PUTS] - c[ChannelField.GETS]
    now = clock_of(run.pointer(RunField.STATE), c[ChannelField.GETTER]) - c[ChannelField.READ_AFTER_WRITE]
    then = clock_of(saved, c[ChannelField.GETTER]) - c[ChannelField.READ_AFTER_WRITE]
    for k in range(held):
        new = ring[((last - k) & mask) * SLOT_WORDS + SlotField.PUT]
        old = old_ring[((last - k - moved) & mask) * SLOT_WORDS + SlotField.PUT]
        free = new <= now and old <= then
        if new - old != shift and (not free or (k == 0 and held == c[ChannelField.DEPTH])):
            return False
        if free:
            return True
    return True


def same_slots(run: Pointer, saved: Pointer, c: Pointer, old_ring: Pointer, moved: int, shift: int) -> bool:
    """Whether the free slots are free as long, the last ones first, up to those that can be filled whenever asked for.

    That an empty channel is empty since its last get counts in any case.
    """
    ring = c.pointer(ChannelField.RING)
    mask = c[ChannelField.MASK]
    last = c[ChannelField.GETS] - 1
    free_slots = c[ChannelField.DEPTH] - c[ChannelField.PUTS] + c[ChannelField.GETS]
    now = clock_of(run.pointer(RunField.STATE), c[ChannelField.PUTTER]) - c[ChannelField.WRITE_AFTER_READ]
    then = clock_of(saved, c[ChannelField.PUTTER]) - c[ChannelField.WRITE_AFTER_READ]
    for k in range(free_slots):
        new = ring[((last - k) & mask) * SLOT_WORDS + SlotField.GET]
        old = old_ring[((last - k - moved) & mask) * SLOT_WORDS + SlotField.GET]
        if k == 0 and free_slots == c[ChannelField.DEPTH] and new - old != shift:
            return False
        unused = last - k - moved < 0
        free = (new <= now or last - k < 0) and (old <= then or unused)
        if free:
            return True
        if unused or new - old != shift:
            return False
    return True


def same_history(c: Pointer, old_ring: Pointer, moved: int, shift: int) -> bool:
    """Whether all tokens that the ring has kept were put and got as long ago."""
    ring = c.pointer(ChannelField.RING)
    mask = c[ChannelField.MASK]
    if c[ChannelField.GETS] - moved <= mask:
        return False
    for k in range(mask + 1):
        new = ((c[ChannelField.PUTS] - 1 - k) & mask) * SLOT_WORDS
        old = ((c[ChannelField.PUTS] - 1 - k - moved) & mask) * SLOT_WORDS
        if ring[new + SlotField.PUT] - old_ring[old + SlotField.PUT] != shift:
            return False
        new = ((c[ChannelField.GETS] - 1 - k) & mask) * SLOT_WORDS
        old = ((c[ChannelField.GETS] - 1 - k - moved) & mask) * SLOT_WORDS
        if ring[new + SlotField.GET] - old_ring[old + SlotField.GET] != shift:
            return False
    return True


def same_book(book: Pointer, old: Pointer, shift: int) -> bool:
    """Whether the stages of a process have waited as they had, or not at all since."""
    output = book[BookField.OUTPUT_COUNT]
    any_ = book[BookField.ANY_COUNT]
    if output != old[BookField.OUTPUT_COUNT] or any_ != old[BookField.ANY_COUNT]:
        return False
    behind = BookField.FIRST + 2 * book[BookField.ROOM]
    if any_ > 0 and book[behind] == old[behind] and book[BookField.ANY] == old[BookField.ANY]:
        shift = 0
    outputs = same_intervals(book.at(BookField.FIRST), old.at(BookField.FIRST), output, shift)
    return outputs and same_intervals(book.at(behind), old.at(behind), any_, shift)


def same_intervals(intervals: Pointer, old: Pointer, count: int, shift: int) -> bool:
    """Whether all intervals lie so many cycles behind others."""
    same = True
    for k in range(2 * count):
        same = same and intervals[k] - old[k] == shift
    return same


PERIODS = (
    repetitions,
    rounds,
    same_channel,
    clock_of,
    same_tokens,
    same_slots,
    same_history,
    same_book,
    same_intervals,
)
