"""Where two programs begin not to be the same, or one to depend on what nobody wrote."""

from dataclasses import dataclass

from spatial.ir.graph import element_name
from spatial.source.report import Label, Report
from spatial.source.span import Span

__all__ = ["Counterexample", "Divergence", "Unwritten"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Divergence:
    """The first operation of a program that the other one does not have: who does it, in which iteration, and what."""

    program: str
    actor: str
    iteration: tuple[tuple[str, int], ...]
    expression: str
    span: Span

    def __str__(self) -> str:
        loops = "".join(f", {name} = {count}" for name, count in self.iteration)
        return f"`{self.program}`, `{self.actor}`{loops}: {self.expression}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterexample:
    """An element of an array that is not the same in the end, and where each program begins to compute another one.

    Where a program has no `first` or `second` operation of its own, it does not do something that the other one does.
    Where neither has, nobody has looked for it: then `span` is where the second program stands.
    """

    array: str
    indices: tuple[int, ...]
    span: Span
    first: Divergence | None = None
    second: Divergence | None = None

    def report(self) -> Report:
        found = [each for each in (self.first, self.second) if each is not None]
        labels = [Label(each.span, str(each)) for each in found] or [Label(self.span, "compared with this")]
        alone = f"only `{found[0].program}` does this" if len(found) == 1 else ""
        return Report(
            code="verify/different",
            title=f"`{element_name(self.array, self.indices)}` is not the same",
            primary=labels[0],
            related=tuple(labels[1:]),
            notes=(alone,) if alone else (),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Unwritten:
    """Memory of a function's own that begins undefined: what it is called, and where it is declared."""

    name: str
    span: Span
    scalar: bool
