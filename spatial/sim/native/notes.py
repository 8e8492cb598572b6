"""What actors of a native run have noted, taken over from the log whenever the run pauses."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import numpy as np

from spatial.lower.llvm.code import Message, Text
from spatial.lower.llvm.layout import LOG_FIELDS, Note
from spatial.sim.messages import Form, Printed
from spatial.sim.native.compiled import NativeProgram
from spatial.sim.native.timeline import NativeTimeline
from spatial.sim.native.words import payload_words, unpacked_token
from spatial.sim.prints import Prints

__all__ = ["Notes"]

Words = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
NUMBER = (1 << 32) - 1
TEXTS = (Note.SAID, Note.VALUES, Note.SPOKEN, Note.FAILED)


class Notes:
    """Collects the tokens of the channels of a `record`, by number, and what actors print into `prints`.

    All goes to a `timeline` as well.

    `said` has for an actor and an iteration what waits for the end of its stage, `failed` for an actor the text of
    the assertion that did not hold, or of the call that went wrong.
    """

    def __init__(
        self,
        program: NativeProgram,
        prints: Prints,
        record: Collection[str] = (),
        timeline: NativeTimeline | None = None,
    ) -> None:
        self.timeline = timeline
        channels = enumerate(program.network.graph.channels)
        self.record = [number for number, channel in channels if channel.name in record]
        self.program = program
        self.prints = prints
        self.puts: dict[int, list[Words]] = {}
        self.gets: dict[int, list[Words]] = {}
        self.said: dict[tuple[int, int], list[tuple[int, str]]] = {}
        self.failed: dict[int, str] = {}

    def add(self, entries: Words) -> Words:
        """Takes over entries; those of stalls are left."""
        rows = entries.reshape(-1, LOG_FIELDS)
        kinds = rows[:, 0] >> 32
        if self.timeline is not None:
            self.timeline.add(rows.tolist())
        kept = np.isin(rows[:, 0] & NUMBER, self.record)
        for kind, found in ((Note.PUT, self.puts), (Note.GET, self.gets)):
            _sort(rows[kept & (kinds == kind)], found)
        self.tell(rows[np.isin(kinds, TEXTS)].tolist())
        stalls: Words = rows[kinds == Note.STALL]
        return stalls

    def tell(self, rows: Sequence[Sequence[int]]) -> None:
        """Texts: each is followed by its numbers."""
        position = 0
        while position < len(rows):
            what, first, second, _ = rows[position]
            kind, actor = what >> 32, what & NUMBER
            position += 1
            if kind == Note.SPOKEN:
                self.spoken(actor, first, second)
                continue
            message = self.messages(actor)[first]
            entries = -(-sum(piece.words for piece in message.pieces if isinstance(piece, Text)) // 3)
            words = [word for row in rows[position : position + entries] for word in row[1:]]
            position += entries
            if kind == Note.FAILED:
                self.failed[actor] = _joined(message, words)
            else:
                self.said.setdefault((actor, second), []).append((first, _joined(message, words)))

    def spoken(self, actor: int, iteration: int, cycle: int) -> None:
        """What an iteration has said is told in a cycle."""
        known = self.program.network.graph.actors[actor]
        for place, text in self.said.pop((actor, iteration), ()):
            site = self.program.first_place[known.function] + place
            printed = Printed(cycle=cycle, actor=known.name, text=text, site=site)
            self.prints.add(actor, iteration, printed, self.messages(actor)[place].end)

    def messages(self, actor: int) -> Mapping[int, Message]:
        return self.program.codes[self.program.network.graph.actors[actor].function].messages

    def tokens(self, channel: int) -> tuple[Words, Words, Words]:
        """The words of each token put into a channel and the cycles of the puts that were noted, those of the gets."""
        puts, gets = (_together(found.get(channel, ())) for found in (self.puts, self.gets))
        words = max(1, payload_words(self.program.network.graph.channels[channel].element))
        return puts[:, 1].reshape(-1, words), puts[::words, 2], gets[:, 1]


def _sort(rows: Words, found: dict[int, list[Words]]) -> None:
    """Files entries by their numbers, in order."""
    numbers = rows[:, 0] & NUMBER
    for number in np.unique(numbers).tolist():
        found.setdefault(number, []).append(rows[numbers == number])


def _together(parts: Iterable[Words]) -> Words:
    return np.concatenate([np.zeros((0, LOG_FIELDS), np.int64), *parts])


def _joined(message: Message, words: Sequence[int]) -> str:
    """The text of a message whose numbers are given in words of 64 bits."""
    given = iter(words)
    return "".join(piece if isinstance(piece, str) else _text(piece, given) for piece in message.pieces)


def _text(piece: Text, words: Iterator[int]) -> str:
    known = np.array([next(words) for _ in range(piece.words)], np.int64)
    return Form(dtype=piece.dtype, conversion=piece.conversion, form=piece.form)(unpacked_token(known, piece.dtype))
