"""What a native run keeps in memory where answers depend on time: who asks for which cycle, and polls since a token."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from spatial.lower.llvm.layout import ASK_FIELDS, NEVER, NOWHERE, WINDOW, AskField, PollField
from spatial.lower.llvm.stillness import LIMIT, PATIENCE
from spatial.sim.native.compiled import NativeProgram
from spatial.sim.reference.engine import settling_of

__all__ = ["Polling", "polling_of"]

Words = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Polling:
    """The memory, in words of 64 bits; `sites` has for each place of each actor, from `site_at` on, when it asked."""

    fields: Words
    records: Words
    heap: Words
    marks: Words
    sites: Words
    site_at: Sequence[int]

    def field(self, field: PollField) -> int:
        return int(self.fields[field])

    def of(self, actor: int, field: AskField) -> int:
        """A field of an actor, by its number."""
        return int(self.records[actor * ASK_FIELDS + field])

    def spins(self, actor: int) -> bool:
        """Whether an actor has come back to a state since a token moved."""
        return self.of(actor, AskField.SPINS) == self.field(PollField.EPOCH)

    def exhausted(self) -> bool:
        """Whether so many polls have moved no token that the run is given up."""
        return self.field(PollField.POLLS) >= LIMIT

    def asked(self, actor: int, polls: Mapping[int, int]) -> list[int]:
        """The places at which an actor has asked since a token moved."""
        last, begin = self.field(PollField.LAST), self.site_at[actor]
        return [place for place in polls if self.sites[begin + place] > last]


def polling_of(program: NativeProgram, addresses: Sequence[int]) -> Polling:
    """The memory of a run that has not begun; `addresses` are where its actors lie."""
    codes = [program.codes[actor.function] for actor in program.network.graph.actors]
    starts = np.cumsum([0, *(len(code.places) if code.polls else 0 for code in codes)]).tolist()
    polling = Polling(
        fields=np.zeros(len(PollField), np.int64),
        records=np.zeros(len(codes) * ASK_FIELDS, np.int64),
        heap=np.zeros(len(codes), np.int64),
        marks=np.full(WINDOW, NOWHERE, np.int64),
        sites=np.full(starts[-1], NOWHERE, np.int64),
        site_at=starts,
    )
    settling, most = settling_of(program.network), sum(len(code.polls) for code in codes)
    for field, value in (
        (PollField.RECORDS, polling.records.ctypes.data),
        (PollField.HEAP, polling.heap.ctypes.data),
        (PollField.MARKS, polling.marks.ctypes.data),
        (PollField.LAST, NOWHERE),
        (PollField.EPOCH, 1),
        (PollField.NEXT_LOOK, PATIENCE),
        (PollField.SETTLING, settling),
        (PollField.REACH, max(settling, math.ceil(PATIENCE / max(1, most)) - 1)),
    ):
        polling.fields[field] = value
    fields = polling.records.reshape(-1, ASK_FIELDS)
    fields[:, AskField.ASKED] = NEVER
    fields[:, AskField.IDLE] = fields[:, AskField.MOVED] = NOWHERE
    fields[:, AskField.ACTOR] = addresses
    fields[:, AskField.SITES] = [polling.sites.ctypes.data + 8 * start for start in starts[:-1]]
    return polling
