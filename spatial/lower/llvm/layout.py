"""What compiled actors, channels and runs look like in memory.

All structures are arrays of 64-bit fields; the enumerations number them. A cycle that is not known yet is
the greatest one, `NEVER`.
"""

from enum import IntEnum

__all__ = [
    "ACCESS_FIELDS",
    "ASK_FIELDS",
    "BUDGET_SPENT",
    "DELAY",
    "DONE",
    "ENDED",
    "FAULTED",
    "HEADER",
    "HOLE",
    "LOG_ENTRIES",
    "LOG_FIELDS",
    "LOOK",
    "NEVER",
    "NEXT_CALL",
    "NOWHERE",
    "SLOTS",
    "SLOT_FIELDS",
    "WINDOW",
    "AccessField",
    "ActorField",
    "ActorHalf",
    "AskField",
    "ChannelField",
    "ChannelHalf",
    "Half",
    "HostField",
    "LaneField",
    "Note",
    "PollField",
    "RunField",
    "SlotField",
]

NEVER = (1 << 63) - 1
DONE = -1
FAULTED = -2
NOWHERE = -1
ENDED = 0
BUDGET_SPENT = 1
LOOK = 2
NEXT_CALL = 3
WINDOW = 1 << 12  # cycles that actors may be ahead of the earliest one where answers depend on time


class Half(IntEnum):
    """Fields that are half a word; their numbers count halves."""


class ChannelField(IntEnum):
    """A bounded channel: counts of puts and gets so far, who waits at each end, what is counted.

    Its ring lies behind it. What only time needs lies ahead, and ahead of that what few programs need, if they do:
    `SEEN` is a ring of what the writer of each token had seen. `NOTED` is 0, or one more than the number under which
    the log has its tokens. Blocks and numbers of more than a word lie in a ring of their own, the payload, `WORDS` for
    each place.
    """

    PAYLOAD = -9
    WORDS = -8
    SEEN = -7
    NOTED = -6
    CYCLES_FULL = -4
    CYCLES_EMPTY = -3
    LAST_PUT = -2
    LAST_GET = -1
    PUTS = 0
    GETS = 1
    READER = 2
    WRITER = 3


class ChannelHalf(Half):
    """The rest of a channel; `DELAYS` is the latency of a put and, shifted by `DELAY` bits, that of a get."""

    MOST = -10
    DELAYS = -9
    DEPTH = 8
    MASK = 9


class SlotField(IntEnum):
    """A place of a channel's ring: the token, from when it can be taken, from when the place can be used again.

    These are the cycles of its put and its get, and the channel's latencies. Code without clocks has tokens only.
    """

    VALUE = 0
    VISIBLE = 1
    FREE = 2


class ActorField(IntEnum):
    """An actor: how it spent its time, its function; behind these its arguments and its frame.

    `SEEN` has for each component the puts whose effects it has seen, -1 for none; `COMPONENT` is its own, or -1.
    These lie ahead of it, where tokens must order accesses.
    """

    SEEN = -2
    COMPONENT = -1
    CLOCK = 0
    STALLED_INPUT = 1
    STALLED_OUTPUT = 2
    STEP = 3


class ActorHalf(Half):
    """The rest of an actor: whether it is in a loop that never ends (that lies ahead), where it goes on."""

    FREE_RUNNING = -6
    STATE = 8
    QUEUED = 9
    NUMBER = 10


class RunField(IntEnum):
    """A run: the actors that can go on, how long it may go on, the earliest fault.

    `REST` actors of a `ROUND` go on, the last first, so that what was touched last is touched again soon; those that
    are `WOKEN` meanwhile do so in the `NEXT` one.

    `CUT` tells that someone could go on after the end; the log has `LOGGED` entries. Of a race the fault is the later
    access, `RACE_ACTOR`, or -1, and `RACE_SITE` the earlier one, to the element at `RACE_PLACE`. `COMPONENTS` are the
    numbers of the `WIDTH` actors whose accesses must be ordered. The run ends at `UNTIL`; where answers depend on time,
    `LIMIT` is as far as actors may go now, `POLLING` what is known. There are so many `CALLS`. `ZERO` stays 0, which
    the code does not know. `HOST` is 0, or the address of a `HostField` that the run pauses for, with so much of its
    budget `LEFT`.
    """

    ROUND = 0
    REST = 1
    NEXT = 2
    WOKEN = 3
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
    RACE_ACTOR = 15
    RACE_SITE = 16
    RACE_PLACE = 17
    COMPONENTS = 18
    WIDTH = 19
    UNTIL = 20
    POLLING = 21
    CALLS = 22
    ZERO = 23
    HOST = 24
    LEFT = 25


class PollField(IntEnum):
    """What a run knows of time: all that happens before the cycle `FRONTIER` is known, and asked for are later ones.

    `RECORDS` has an `AskField` for each actor, `HEAP` those of `COUNT` actors that go on at a cycle, the earliest
    first. `MARKS` holds each cycle of the window in which a token moves. Of `POLLS` since the last such cycle,
    `LAST`, those of the present cycle are counted apart, `NOW`, until it is `CLOSED`; the first was `SINCE`. All
    actors are looked at when one more is seen to go round (`DUE`), again after `NEXT_LOOK` polls. None can be
    where no more than `REACH` cycles have passed.
    """

    FRONTIER = 0
    RECORDS = 1
    HEAP = 2
    COUNT = 3
    MARKS = 4
    LAST = 5
    POLLS = 6
    NOW = 7
    SINCE = 8
    CLOSED = 9
    EPOCH = 10
    NEXT_LOOK = 11
    DUE = 12
    SETTLING = 13
    REACH = 14


class AskField(IntEnum):
    """What is known of an actor where answers depend on time.

    It goes on at the cycle `ASKED`, and stands in the heap at `PLACE`. `SITES` has for each place of its code the
    cycle in which it last asked there. It has been `IDLE` since, moved a token last in the cycle `MOVED`, waited last
    to the cycle `RESUMED`. It `SPINS` in that epoch; what later states are compared with is of `EPOCH` and `SITE`.
    """

    ASKED = 0
    PLACE = 1
    ACTOR = 2
    SITES = 3
    IDLE = 4
    MOVED = 5
    RESUMED = 6
    SPINS = 7
    EPOCH = 8
    SITE = 9
    STEPS = 10
    POWER = 11


class Note(IntEnum):
    """An entry of the log: its first word is this, shifted by 32 bits, and the number of an actor or a channel.

    STALL: an iteration that overlaps with others has waited: whether to put, from, to. PUT: a token, the cycle; of one
    that takes several words an entry for each, with its number. GET: the cycle. SAID: the place of a text and the
    iteration that prints it; its numbers follow in VALUES, three words each. SPOKEN: what the iteration has said is
    told in a cycle. FAILED: the place of an assertion that does not hold.

    For timelines BEGUN: an iteration begins: the place of its loop, its number, the cycle. ITERATED: it ends: its
    number, the cycle. WAITED: it has waited: the place and, shifted by 32 bits, its number, from, to. ENDED: the cycle
    in which the actor ends.
    """

    STALL = 0
    PUT = 1
    GET = 2
    SAID = 3
    VALUES = 4
    SPOKEN = 5
    FAILED = 6
    BEGUN = 7
    ITERATED = 8
    WAITED = 9
    ENDED = 10


class LaneField(IntEnum):
    """An iteration of an overlapping pipeline: where it goes on, stages done, its clock, then when each was done."""

    STATE = 0
    DONE = 1
    CLOCK = 2
    FIRED = 3


class HostField(IntEnum):
    """A call of a function in C++ that an actor waits for; its arguments, a word each, lie behind.

    `NUMBER` counts such calls in the text of the actor's function. `RESULT` is 0, or 1 more than the position of the
    argument that was given a wrong value.
    """

    ACTOR = 0
    NUMBER = 1
    RESULT = 2


class AccessField(IntEnum):
    """An access to an element: who (1 more than the component, 0 for nobody), at which of its puts, when, where.

    An element's record is its last write, then the last read of each component since.
    """

    WHO = 0
    PUTS = 1
    CYCLE = 2
    SITE = 3


SLOT_FIELDS = len(SlotField)
SLOTS = 5  # where the ring of a channel begins
DELAY = 16
HOLE = 11  # the half of an actor that no field needs
HEADER = 6  # where the arguments of an actor begin
LOG_FIELDS = 4
ACCESS_FIELDS = len(AccessField)
ASK_FIELDS = len(AskField)
LOG_ENTRIES = 1 << 15  # after which the log is read; what actors note before they stop must have room behind
