"""What compiled actors, channels and runs look like in memory.

All structures are arrays of 64-bit fields; the enumerations number them. A cycle that is not known yet is
the greatest one, `NEVER`.
"""

from enum import IntEnum

__all__ = [
    "BUDGET_SPENT",
    "DONE",
    "FAULTED",
    "LOG_ENTRIES",
    "NEVER",
    "SLOT_FIELDS",
    "ActorField",
    "ChannelField",
    "LaneField",
    "RunField",
    "SlotField",
]

NEVER = (1 << 63) - 1
DONE = -1
FAULTED = -2
BUDGET_SPENT = 1


class ChannelField(IntEnum):
    """A bounded channel: counts of puts and gets so far, its timing, who waits at each end, and what is counted."""

    PUTS = 0
    GETS = 1
    DEPTH = 2
    READ_AFTER_WRITE = 3
    WRITE_AFTER_READ = 4
    MASK = 5
    RING = 6
    READER = 7
    WRITER = 8
    CYCLES_FULL = 9
    CYCLES_EMPTY = 10
    MOST = 11


class SlotField(IntEnum):
    """A place of a channel's ring: the token, the cycles of its put and get, and from when it can be taken."""

    VALUE = 0
    PUT = 1
    VISIBLE = 2
    GET = 3


class ActorField(IntEnum):
    """An actor: its function, where it goes on, how it spent its time; behind these its arguments and its frame."""

    STEP = 0
    STATE = 1
    QUEUED = 2
    CLOCK = 3
    STALLED_INPUT = 4
    STALLED_OUTPUT = 5
    FREE_RUNNING = 6
    NUMBER = 7


class RunField(IntEnum):
    """A run: the ring of actors that can go on, how long it may go on, the earliest fault.

    `CUT` tells that someone could go on after the end; the log has stalls of iterations that overlap.
    """

    QUEUE = 0
    HEAD = 1
    TAIL = 2
    MASK = 3
    BUDGET = 4
    LIMIT = 5
    FAULT_ACTOR = 6
    FAULT_CYCLE = 7
    FAULT_SITE = 8
    FAULT_VALUE = 9
    SHARED_SITE = 10
    SHARED_ACTOR = 11
    CUT = 12
    LOG = 13
    LOGGED = 14


class LaneField(IntEnum):
    """An iteration of an overlapping pipeline: where it goes on, stages done, its clock, then when each was done."""

    STATE = 0
    DONE = 1
    CLOCK = 2
    FIRED = 3


SLOT_FIELDS = len(SlotField)
LOG_ENTRIES = 1 << 16  # stalls; half of them may be noted before the log is read
