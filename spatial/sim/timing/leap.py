"""Holds the reference agent at its iterations, and leaps over those that repeat what has happened."""

from spatial.lower.llvm.pointer import Pointer
from spatial.sim.timing.agents import advance
from spatial.sim.timing.channels import queue
from spatial.sim.timing.layout import (
    ENDLESS,
    LOG_ENTRIES,
    LONG_AGO,
    SLOT_WORDS,
    AgentField,
    BookField,
    ChannelField,
    LevelField,
    LogField,
    RunField,
    SlotField,
)
from spatial.sim.timing.periods import repetitions

__all__ = ["LEAP", "drive"]

PORTION = 20_000_000  # iterations of agents until Python looks for Ctrl-C
FREE_SAVES = 12


def drive(run: Pointer) -> int:
    """Runs until nobody can go on, 0, or Python is to be asked, 1."""
    worked = 0
    while worked < PORTION:
        run[RunField.BUDGET] = run[RunField.SPELL]
        spent = advance(run)
        worked += run[RunField.SPELL] - run[RunField.BUDGET]
        run[RunField.WORK] += run[RunField.SPELL] - run[RunField.BUDGET]
        reference = run.pointer(RunField.REFERENCE)
        if spent:
            run[RunField.SINCE] += 1
            if run[RunField.SEEKS] != 0 and run[RunField.SINCE] > 1:
                follow(run, run.pointer(RunField.CURRENT))
        elif run[RunField.SEEKS] == 0 or run[RunField.REFERENCE] == 0 or reference[AgentField.PAUSED] == 0:
            return 0
        else:
            cut(run, reference)
            if run[RunField.NEVER_ENDS] != 0:
                return 0
            run[RunField.SINCE] = 0
            worked += 1
            release(run, reference)
            reference[AgentField.HOLD] = 1
    return 1


def release(run: Pointer, agent: Pointer) -> None:
    """An agent that is held goes on."""
    agent[AgentField.HOLD] = 0
    if agent[AgentField.PAUSED] != 0:
        agent[AgentField.PAUSED] = 0
        queue(run, agent)


def follow(run: Pointer, agent: Pointer) -> None:
    """Takes another agent as the reference: the present one is held too rarely."""
    if run[RunField.REFERENCE] != 0:
        release(run, run.pointer(RunField.REFERENCE))
    run[RunField.SINCE] = 0
    run[RunField.REFERENCE] = 0
    forget(run, 0)
    if agent[AgentField.DONE] == 0:
        run[RunField.REFERENCE] = agent
        agent[AgentField.HOLD] = 1


def forget(run: Pointer, first: int) -> None:
    """States saved at loops of a depth, and at those within, are of no use any more."""
    levels = run.pointer(RunField.LEVELS)
    for k in range(first, run[RunField.LEVEL_COUNT]):
        level = levels.at(k * (LevelField.COUNT + 1))
        level[LevelField.VALID] = 0
        level[LevelField.POWER] = 1


def cut(run: Pointer, reference: Pointer) -> None:
    """Compares the state with one saved at an earlier iteration of the same loop; the distance to that doubles."""
    number = reference[AgentField.PAUSED] - AgentField.FIRST
    forget(run, number + 1)
    level = run.pointer(RunField.LEVELS).at(number * (LevelField.COUNT + 1))
    if level[LevelField.VALID] != 0:
        saved = level.pointer(LevelField.SAVED)
        shift = reference[AgentField.CLOCK] - saved[reference[AgentField.OFFSET] + AgentField.CLOCK]
        periods = repetitions(run, saved, shift) if shift > 0 else 0
        if periods > 0:
            leap(run, saved, reference, shift, min(periods, ENDLESS // shift))
            forget(run, number)
            return
        level[LevelField.COUNT] += 1
        if level[LevelField.COUNT] < level[LevelField.POWER]:
            return
    words = run[RunField.STATE_WORDS] + run[RunField.RING_WORDS]
    affordable = run[RunField.SAVES] < FREE_SAVES or run[RunField.SAVES] * words < 8 * run[RunField.WORK]
    if affordable and reference[reference[AgentField.PAUSED]] > 2:
        save(run, level.pointer(LevelField.SAVED))
        run[RunField.SAVES] += 1
        level[LevelField.VALID] = 1
        level[LevelField.COUNT] = 0
        level[LevelField.POWER] *= 2


def save(run: Pointer, saved: Pointer) -> None:
    """Copies all that changes."""
    words = run[RunField.STATE_WORDS]
    copy(run.pointer(RunField.STATE), saved, words)
    copy(run.pointer(RunField.RINGS), saved.at(words), run[RunField.RING_WORDS])


def copy(source: Pointer, target: Pointer, words: int) -> None:
    """Copies words."""
    for k in range(words):
        target[k] = source[k]


def leap(run: Pointer, saved: Pointer, reference: Pointer, shift: int, periods: int) -> None:
    """Everything is so many periods further; what a period adds to a figure is added as often."""
    note_leap(run, reference[AgentField.CLOCK], shift, periods)
    state = run.pointer(RunField.STATE)
    agents = run.pointer(RunField.AGENTS)
    for k in range(run[RunField.AGENT_COUNT]):
        leap_agent(state.at(agents[k]), saved.at(agents[k]), shift, periods)
    channels = run.pointer(RunField.CHANNELS)
    for k in range(run[RunField.CHANNEL_COUNT]):
        c = state.at(channels[k])
        leap_channel(
            c, saved.at(channels[k]), saved.at(run[RunField.STATE_WORDS] + c[ChannelField.RING_AT]), shift, periods
        )
    books = run.pointer(RunField.BOOKS)
    for k in range(run[RunField.BOOK_COUNT]):
        leap_book(state.at(books[k]), saved.at(books[k]), shift, periods)


def note_leap(run: Pointer, cycle: int, shift: int, periods: int) -> None:
    """Notes which cycles are not run through."""
    logged = run[RunField.LOGGED]
    if logged < LOG_ENTRIES:
        entry = run.pointer(RunField.LOG).at(logged * (LogField.PERIODS + 1))
        entry[LogField.BEGIN] = cycle
        entry[LogField.PERIOD] = shift
        entry[LogField.PERIODS] = periods
    run[RunField.LOGGED] = logged + 1
    run[RunField.SKIPPED] += shift * periods
    if cycle + shift * periods >= ENDLESS // 2:
        run[RunField.NEVER_ENDS] = 1


def leap_agent(agent: Pointer, old: Pointer, shift: int, periods: int) -> None:
    """An agent that has moved in the last period."""
    moved = False
    for k in range(AgentField.FIRST, AgentField.FIRST + agent[AgentField.COUNTERS]):
        done = old[k] - agent[k]
        if done != 0:
            moved = True
            agent[k] -= periods * done
    if moved:
        agent[AgentField.CLOCK] += periods * shift
        agent[AgentField.AT] += periods * shift
        if agent[AgentField.BEGAN] != old[AgentField.BEGAN]:
            agent[AgentField.BEGAN] += periods * shift
        agent[AgentField.STALLED_INPUT] += periods * (agent[AgentField.STALLED_INPUT] - old[AgentField.STALLED_INPUT])
        agent[AgentField.STALLED_OUTPUT] += periods * (
            agent[AgentField.STALLED_OUTPUT] - old[AgentField.STALLED_OUTPUT]
        )


def leap_channel(c: Pointer, old: Pointer, spare: Pointer, shift: int, periods: int) -> None:
    """A channel whose tokens have moved on: each has the place of the one that comes so much later."""
    moved = c[ChannelField.PUTS] - old[ChannelField.PUTS]
    if moved == 0:
        return
    ring = c.pointer(ChannelField.RING)
    mask = c[ChannelField.MASK]
    far = periods * moved
    copy(ring, spare, (mask + 1) * SLOT_WORDS)
    for k in range(mask + 1):
        place = ((k + far) & mask) * SLOT_WORDS
        ring[place] = spare[k * SLOT_WORDS] + periods * shift
        ring[place + 1] = spare[k * SLOT_WORDS + 1] + periods * shift
    first = max(c[ChannelField.PUTS] - c[ChannelField.DEPTH], c[ChannelField.PUTS] - mask - 1)
    for n in range(first, min(c[ChannelField.GETS], 0)):
        ring[((n + far) & mask) * SLOT_WORDS + SlotField.GET] = LONG_AGO
    c[ChannelField.PUTS] += far
    c[ChannelField.GETS] += far
    c[ChannelField.FULL] += periods * (c[ChannelField.FULL] - old[ChannelField.FULL])
    c[ChannelField.EMPTY] += periods * (c[ChannelField.EMPTY] - old[ChannelField.EMPTY])


def leap_book(book: Pointer, old: Pointer, shift: int, periods: int) -> None:
    """Waits of stages that have changed."""
    count = book[BookField.ANY_COUNT]
    behind = BookField.FIRST + 2 * book[BookField.ROOM]
    if book[BookField.ANY] == old[BookField.ANY] and (count == 0 or book[behind] == old[behind]):
        return
    book[BookField.OUTPUT] += periods * (book[BookField.OUTPUT] - old[BookField.OUTPUT])
    book[BookField.ANY] += periods * (book[BookField.ANY] - old[BookField.ANY])
    later(book.at(BookField.FIRST), book[BookField.OUTPUT_COUNT], periods * shift)
    later(book.at(behind), count, periods * shift)


def later(intervals: Pointer, count: int, by: int) -> None:
    """Moves intervals."""
    for k in range(2 * count):
        intervals[k] += by


LEAP = (drive, release, follow, forget, cut, save, copy, leap, note_leap, leap_agent, leap_channel, leap_book, later)
