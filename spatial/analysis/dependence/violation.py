"""What is told of a dependence that another order would break."""

from dataclasses import dataclass

from spatial.analysis.dependence.accesses import Access
from spatial.source.span import Span

__all__ = ["Iteration", "Violation"]

Iteration = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """Two accesses, the source first today, and an iteration of each in which they conflict.

    The `reason` is "order" where the sink would no longer come behind the source, "mixed" where two updates of
    a reduction would no longer stay apart, "reused" where a local would be written anew while its value
    is still needed, "undecided" where it is too hard to tell, of which there is no example.
    `element` are its indices, if it is only one. Loops are called as the user calls them.
    """

    reason: str
    kind: str
    source: Access
    sink: Access
    source_at: Iteration | None = None
    sink_at: Iteration | None = None
    element: tuple[int, ...] | None = None

    @property
    def name(self) -> str:
        """The user's name for the array, channel or local; "messages" for what is printed."""
        return self.source.resource.name

    @property
    def spans(self) -> tuple[Span, Span]:
        """Where the source and the sink stand."""
        return self.source.span, self.sink.span

    @property
    def place(self) -> str:
        """What both touch: `C[0, 1]`, as far as it is known."""
        if self.source.resource.kind != "array":
            return self.name
        if self.element:
            return f"{self.name}[{', '.join(map(str, self.element))}]"
        return f"an element of {self.name}" if self.source.resource.shape else self.name

    @property
    def sentence(self) -> str:
        """The example, for the user."""
        first, second = _verb(self.source), _verb(self.sink)
        if self.source_at is None or self.sink_at is None:
            return f"whether {self.place} is still {first} before it is {second} is too hard to tell"
        one, other = _when(self.source_at), _when(self.sink_at)
        said = f"{self.place} is {first}{one} and {second}{other}"
        return f"{said}, {ENDINGS[self.reason]}"


ENDINGS = {
    "order": "which would then come first",
    "mixed": "and the one would then load it before the other has stored it",
    "reused": "before its value from the one is used for the last time",
}


def _verb(access: Access) -> str:
    if access.resource.kind == "channel":
        return "used"
    if access.resource.kind == "messages":
        return "written"
    return "written" if access.writes else "read"


def _when(iteration: Iteration) -> str:
    return f" at {', '.join(f'{name} = {value}' for name, value in iteration)}" if iteration else ""
