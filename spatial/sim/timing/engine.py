"""The timing engine: runs process networks with any depths, as often as one likes."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from spatial.analysis.processes import ProcessNetwork
from spatial.sim.timing.assembler import Words
from spatial.sim.timing.code import Drive, compiled
from spatial.sim.timing.flat import LINE, Flat, flatten, words
from spatial.sim.timing.layout import (
    LOG_ENTRIES,
    SLOT_WORDS,
    AgentField,
    ChannelField,
    LevelField,
    LogField,
    RunField,
    SlotField,
)
from spatial.sim.timing.readout import Readout
from spatial.sim.timing.timing import Timing

__all__ = ["MOST_TOKENS", "Depths", "NeverAtRest", "TimingEngine"]

Depths: TypeAlias = Mapping[str, int] | Sequence[int] | npt.NDArray[np.int64] | None
MOST_TOKENS = 1 << 22
SPELL, LEAST_SPELL = 64, 1 << 14  # iterations, for each agent, after which another is held if none was
LEVEL_WORDS, LOG_WORDS = len(LevelField), len(LogField)
DONE, CLOCK = int(AgentField.DONE), int(AgentField.CLOCK)
DEPTH, MASK, RING, RING_AT = (
    int(field) for field in (ChannelField.DEPTH, ChannelField.MASK, ChannelField.RING, ChannelField.RING_AT)
)
LATENCIES = slice(ChannelField.READ_AFTER_WRITE, ChannelField.WRITE_AFTER_READ + 1)
PUT = int(SlotField.PUT)


class NeverAtRest(Exception):
    """Processes that run freely keep each other busy for ever."""


class TimingEngine:
    """A network prepared to be run with any depths.

    A run costs no work in Python that grows with the network, but for what NumPy does. `extrapolate` says that what
    repeats itself is not run through; the results are the same. `drive` is for tests.
    """

    def __init__(self, network: ProcessNetwork, *, extrapolate: bool = True, drive: Drive | None = None) -> None:
        self.network = network
        self.drive = drive or compiled()
        self.flat: Flat = flatten(network)
        self.extrapolate = extrapolate
        self.state = words(len(self.flat.state))
        self.begin = self._begin()
        self.declared = np.array([link.depth for link in network.links], np.int64)
        self.number = {link.name: number for number, link in enumerate(network.links)}
        self.timed = np.full(len(network.links), -1, np.int64)
        self.latencies = np.zeros((2, len(network.links)), np.int64)
        initial = [link.initial for link in network.links]
        self.full_links = np.repeat(np.arange(len(initial)), initial)
        self.full_places = np.array([token for count in initial for token in range(count)], np.int64)
        self.rings, self.saved = words(1), words(0)
        self._describe()

    def run(self, depths: Depths = None) -> Timing:
        """Runs the network from the start to its end, or to where it stands still.

        `depths` are those of all links in order, or of some by name: the others have the declared ones; 0 means that
        a link has no bound. Raises `KeyboardInterrupt` soon after Ctrl-C, `NeverAtRest` where a run would
        not end, and `MemoryError` where it does not fit.
        """
        self._execute(self.depths(depths))
        return Readout(self.flat, self.state, self.rings).timing(self.run_words, self.log)

    def fits(self, depths: Depths = None) -> bool:
        """Whether a run fits into memory: it takes 16 bytes for each token that fits into a link, and some copies."""
        asked = self.depths(depths)
        return int(self._capacities(np.where(asked > 0, asked, self.flat.boundless)).sum()) <= MOST_TOKENS

    def cycles_of(self, depths: npt.ArrayLike) -> Words:
        """The cycles for each row of a matrix of depths, which has a column for each link; -1 where it deadlocks.

        A row costs little more than its run.
        """
        return np.array([self._cycles(row) for row in np.atleast_2d(np.asarray(depths, np.int64))], np.int64)

    def _cycles(self, depths: Words) -> int:
        self._execute(depths)
        first = self.starts[: len(self.network.processes)]
        if self.state[first + DONE].all():
            return int(self.state[first + CLOCK].max(initial=0))
        timing = Readout(self.flat, self.state, self.rings).timing(self.run_words, self.log)
        return -1 if timing.deadlock else timing.cycles

    def _execute(self, depths: Words) -> None:
        """Runs to the end; Python looks for Ctrl-C now and then."""
        if not self.fits(depths):
            raise MemoryError("the links have room for more tokens than a run may hold")
        self._reset(depths)
        while self.drive(self.run_words.ctypes.data):
            pass
        if self.run_words[RunField.NEVER_ENDS]:
            raise NeverAtRest

    def depths(self, given: Depths) -> Words:
        """A depth for each link, in order."""
        if given is None:
            return self.declared
        if not isinstance(given, Mapping):
            return np.asarray(given, np.int64)
        found = self.declared.copy()
        for name, depth in given.items():
            found[self.number[name]] = depth
        return found

    def _begin(self) -> Words:
        """The state as each run begins, its addresses those of this engine's memory."""
        begin, flat = self.flat.state.copy(), self.flat
        for place in flat.agents:
            fields = np.array([AgentField.BOOK, *place.links], np.int64) + place.offset
            begin[fields] = np.where(begin[fields] != 0, self.state.ctypes.data + 8 * begin[fields], 0)
        return begin

    def _describe(self) -> None:
        """What the run is told once."""
        flat = self.flat
        self.channels = np.arange(1, len(flat.most) + len(flat.within) + 1, dtype=np.int64) * LINE
        self.places = np.array([inner.places for inner in flat.within], np.int64)
        self.books = np.array(list(flat.books.values()), np.int64)
        self.queue = words(1 << max(1, len(flat.agents)).bit_length())
        self.levels = words(LEVEL_WORDS * max(1, flat.counters))
        self.log = words(LOG_WORDS * LOG_ENTRIES)
        self.starts = np.array([place.offset for place in flat.agents], np.int64)
        self.waiting = self.state.ctypes.data + 8 * self.starts
        self.levels_begin = self.levels.copy()
        self.size = -1
        self.run_words, self.run_begin = words(len(RunField)), words(len(RunField))
        run = self.run_begin
        for field, array in (
            (RunField.QUEUE, self.queue),
            (RunField.STATE, self.state),
            (RunField.AGENTS, flat.order),
            (RunField.CHANNELS, self.channels),
            (RunField.BOOKS, self.books),
            (RunField.LEVELS, self.levels),
            (RunField.LOG, self.log),
        ):
            run[field] = array.ctypes.data
        run[RunField.MASK] = len(self.queue) - 1
        run[RunField.TAIL] = len(flat.agents)
        run[RunField.SEEKS] = self.extrapolate
        run[RunField.STATE_WORDS] = len(self.state)
        run[RunField.AGENT_COUNT] = len(flat.agents)
        run[RunField.CHANNEL_COUNT] = len(self.channels)
        run[RunField.BOOK_COUNT] = len(self.books)
        run[RunField.LEVEL_COUNT] = flat.counters
        run[RunField.SPELL] = LEAST_SPELL + SPELL * len(flat.agents)

    def _reset(self, depths: Words) -> None:
        """Lays out the rings, and begins anew."""
        flat, count = self.flat, len(self.flat.most)
        np.copyto(self.state, self.begin)
        self._time(depths)
        channels = self.state[LINE : LINE * (len(self.channels) + 1)].reshape(-1, LINE)
        own = channels[:count]
        own[:, DEPTH] = np.where(depths > 0, depths, flat.boundless)
        own[:, LATENCIES] = self.latencies.T
        capacities = self._capacities(own[:, DEPTH])
        behind = np.cumsum(capacities) * SLOT_WORDS
        size = int(behind[-1]) if len(behind) else 0
        if size > len(self.rings):
            self.rings, self.size = words(size), -1
        self.rings[:size] = 0
        at = behind - capacities * SLOT_WORDS
        channels[:, MASK] = capacities - 1
        channels[:, RING_AT] = at
        channels[:, RING] = self.rings.ctypes.data + 8 * at
        slots = at[self.full_links] + self.full_places * SLOT_WORDS
        self.rings[slots + PUT] = -self.latencies[0][self.full_links]
        self._start(size)

    def _capacities(self, depths: Words) -> Words:
        """How many tokens the rings of all channels have room for."""
        places = np.concatenate([np.minimum(depths, self.flat.most), self.places])
        capacities: Words = 1 << np.ceil(np.log2(places)).astype(np.int64)
        return capacities

    def _time(self, depths: Words) -> None:
        """The latencies of the links whose depth has changed."""
        for number in np.flatnonzero(depths != self.timed).tolist():
            timing = self.network.timing_of(self.network.links[number], int(depths[number]))
            self.latencies[:, number] = timing.read_after_write, timing.write_after_read
        self.timed = depths.copy()

    def _start(self, size: int) -> None:
        """Everybody may go on; nothing is known of periods."""
        count = len(self.starts)
        self.queue[:count] = self.waiting
        if size != self.size:
            self._begin_run(size)
        np.copyto(self.run_words, self.run_begin)
        np.copyto(self.levels, self.levels_begin)

    def _begin_run(self, size: int) -> None:
        """What a run is told whose rings have so many words."""
        self.size = size
        length = len(self.state) + size
        levels = self.levels_begin.reshape(-1, LEVEL_WORDS)
        if self.extrapolate and length * len(levels) > len(self.saved):
            self.saved = words(length * len(levels))
        levels[:, LevelField.POWER] = 1
        levels[:, LevelField.SAVED] = self.saved.ctypes.data + 8 * length * np.arange(len(levels))
        self.run_begin[RunField.RINGS] = self.rings.ctypes.data
        self.run_begin[RunField.RING_WORDS] = size
