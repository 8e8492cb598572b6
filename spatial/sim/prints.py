"""What actors print, in the order in which it is told: by cycles, within one by actors."""

from spatial.sim.messages import Printed

__all__ = ["Prints"]

NEVER = (1 << 63) - 1
Said = tuple[int, int, int, Printed, str]


class Prints:
    """Collects texts in any order; `told` has those of past cycles in theirs, which depends on no engine.

    Texts of one cycle stand in the order of the actors in the program, those of one actor in the order of its
    iterations. Where `silent` is a number they are shown on the screen as well, but for so many.
    """

    def __init__(self, silent: int | None) -> None:
        self.silent = silent
        self.told: list[Printed] = []
        self.waiting: list[Said] = []

    def add(self, actor: int, iteration: int, printed: Printed, end: str) -> None:
        """A text that the actor of this number printed in this iteration, and what ends it."""
        self.waiting.append((printed.cycle, actor, iteration, printed, end))

    def show(self, before: int = NEVER) -> None:
        """Tells what was printed before a cycle; nothing more comes of those."""
        due = sorted((said for said in self.waiting if said[0] < before), key=lambda said: said[:3])
        self.waiting = [said for said in self.waiting if said[0] >= before]
        for *_, printed, end in due:
            self.told.append(printed)
            if self.silent is not None and len(self.told) > self.silent:
                print(printed.text, end=end)

    def end_with(self, cycle: int, actor: int) -> None:
        """Forgets what comes after a fault: in its cycle only the actor that failed is still heard."""
        self.waiting = [said for said in self.waiting if said[0] < cycle or said[:2] == (cycle, actor)]

    def take(self, other: "Prints", cycle: int, actor: int) -> None:
        """Takes over what another run, not told yet, has of an actor in a cycle."""
        self.waiting += [said for said in other.waiting if said[:2] == (cycle, actor)]

    def kept(self) -> int:
        """How many texts have been told."""
        return len(self.told)
