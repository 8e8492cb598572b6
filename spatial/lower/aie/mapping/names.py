"""Names of nodes and fifos that the format takes as symbols."""

import itertools
import re

__all__ = ["Symbols", "symbol"]


def symbol(name: str) -> str:
    """A name as a symbol: `fifo[1,2]` is `fifo_1_2`."""
    return re.sub(r"\W+", "_", name).strip("_") or "fifo"


class Symbols:
    """Gives symbols that differ."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def new(self, name: str) -> str:
        """The name as a symbol, numbered if it is taken."""
        wanted = symbol(name)
        numbered = (f"{wanted}_{number}" for number in itertools.count(1))
        found = next(each for each in itertools.chain([wanted], numbered) if each not in self.taken)
        self.taken.add(found)
        return found
