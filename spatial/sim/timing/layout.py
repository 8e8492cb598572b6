"""What the timing engine's machine looks like in memory: words of 64 bits, numbered by these enumerations."""

from enum import IntEnum

__all__ = [
    "ENDLESS",
    "LOG_ENTRIES",
    "LONG_AGO",
    "NEVER",
    "SLOT_WORDS",
    "AgentField",
    "BookField",
    "ChannelField",
    "Code",
    "LevelField",
    "LogField",
    "RunField",
    "SlotField",
    "StepField",
]

NEVER = (1 << 62) - 1
LONG_AGO = -(1 << 61)
ENDLESS = 1 << 60  # cycles; what repeats for so long never ends
LOG_ENTRIES = 256


class Code(IntEnum):
    """The instructions: a step of operations, a pause, begin and end of a loop, the end, the begin of a pipeline."""

    STEP = 0
    STAGE = 1
    DELAY = 2
    LOOP = 3
    AGAIN = 4
    HALT = 5
    MARK = 6


class StepField(IntEnum):
    """A step: how many operations, the cycles behind it, the counter of the loop it ends (or 0) and where that begins.

    A stage of overlapping iterations begins with `INTERNAL` operations on links within its process; `FIRST` is the
    place of the link from the first stage, in the last one. The operations follow: twice the place of the
    link in the agent, and 1 for a put.
    """

    KIND = 0
    COUNT = 1
    CYCLES = 2
    COUNTER = 3
    BACK = 4
    INTERNAL = 5
    FIRST = 6
    OPERATIONS = 7


class AgentField(IntEnum):
    """An agent runs a program on a clock of its own; behind these fields its loop counters, then its channels.

    `AT` is how far it got before it stopped at the operation at the place `BLOCKED - 1` of its program. `PAUSED`
    is the counter of the loop at whose begin it is held, `HOLD` after how many iterations that is due. `BOOK` is
    where stages note how long they wait, `OFFSET` where the agent lies in the state, `BEGAN` when its last
    pipeline with overlapping iterations began.
    """

    CODE = 0
    PC = 1
    CLOCK = 2
    AT = 3
    BLOCKED = 4
    STALLED_INPUT = 5
    STALLED_OUTPUT = 6
    HOLD = 7
    PAUSED = 8
    BOOK = 9
    COUNTERS = 10
    DONE = 11
    OFFSET = 12
    BEGAN = 13
    FIRST = 14


class ChannelField(IntEnum):
    """A bounded channel; `GETTER` and `PUTTER` are the offsets of the agents at its ends, 0 where they are several.

    Of one within a process the cycles of all tokens in the ring are `KEPT`, those that have left it too.
    """

    PUTS = 0
    GETS = 1
    DEPTH = 2
    READ_AFTER_WRITE = 3
    WRITE_AFTER_READ = 4
    MASK = 5
    RING = 6
    READER = 7
    WRITER = 8
    FULL = 9
    EMPTY = 10
    MOST = 11
    GETTER = 12
    PUTTER = 13
    RING_AT = 14
    KEPT = 15
    WORDS = 16


class SlotField(IntEnum):
    """A place of a ring: the cycles of a token's put and get."""

    PUT = 0
    GET = 1


SLOT_WORDS = len(SlotField)


class BookField(IntEnum):
    """When the stages of a process wait: cycles booked, then intervals that others may still overlap, begin and end.

    The intervals of waits to put begin at `FIRST`, those of all waits `ROOM` intervals behind.
    """

    OUTPUT = 0
    ANY = 1
    OUTPUT_COUNT = 2
    ANY_COUNT = 3
    ROOM = 4
    FIRST = 5


class RunField(IntEnum):
    """A run: its queue, what may be done before Python is asked, what is known of its period.

    `STATE` and `RINGS` are two stretches of memory that hold all that changes; `AGENTS` and `CHANNELS`
    and `BOOKS` are tables of offsets in the first.
    """

    QUEUE = 0
    HEAD = 1
    TAIL = 2
    MASK = 3
    BUDGET = 4
    WORK = 5
    SEEKS = 6
    REFERENCE = 7
    NEXT = 8
    CURRENT = 9
    SINCE = 10
    STATE = 11
    STATE_WORDS = 12
    RINGS = 13
    RING_WORDS = 14
    AGENTS = 15
    AGENT_COUNT = 16
    CHANNELS = 17
    CHANNEL_COUNT = 18
    BOOKS = 19
    BOOK_COUNT = 20
    LEVELS = 21
    LEVEL_COUNT = 22
    SAVES = 23
    LOG = 24
    LOGGED = 25
    SKIPPED = 26
    SPELL = 27
    NEVER_ENDS = 28


class LevelField(IntEnum):
    """A depth of loops: the state saved at it, if valid, and after how many further cuts the next one is."""

    SAVED = 0
    VALID = 1
    POWER = 2
    COUNT = 3


class LogField(IntEnum):
    """A stretch of time that was not run through: its begin, its period and how many periods it has."""

    BEGIN = 0
    PERIOD = 1
    PERIODS = 2
