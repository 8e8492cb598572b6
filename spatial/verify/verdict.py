"""What a verification found."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from spatial.source.render import render
from spatial.source.report import Problem
from spatial.verify.counterexample import Counterexample
from spatial.verify.kinds import Kind
from spatial.verify.testing.tested import Difference, Tested

__all__ = ["Verdict"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether two programs compute the same; true if they do, and prints why or why not.

    `kind` says how it ended and `mode` how they were compared. Of `cells` elements of arrays that come out, `different`
    are not the same; `differing` counts them for each array. `seed` replays it: `sp.verify(a, b, seed=verdict.seed)`.
    `problems` are what kept a run from its end, or what cannot be decided, with lines; `counterexample` is the first
    difference, and `example` has inputs that show one, if any were found. `tested` says what testing has found.
    `seconds` are those of the processor, for compiling and running each of the two programs.
    """

    kind: Kind
    mode: str
    first: str
    second: str
    seed: int
    cells: int = 0
    different: int = 0
    differing: Mapping[str, int] = field(default_factory=dict)
    counterexample: Counterexample | None = None
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    example: Difference | None = field(default=None, compare=False)
    tested: Tested | None = None
    seconds: Mapping[str, float] = field(default_factory=dict, compare=False)

    def __bool__(self) -> bool:
        return self.kind in (Kind.EQUAL, Kind.AGREE)

    def __str__(self) -> str:
        if self.tested is not None:
            return str(self.tested)
        lines = [self._title()]
        if self.counterexample is not None:
            lines.append(render(self.counterexample.report()))
        if self.example is not None:
            lines.append(self.example.told(self.first, self.second))
        lines += [render(problem.report()) for problem in self.problems]
        lines += [f"note: {note}" for note in self.notes]
        return "\n".join(lines)

    def _title(self) -> str:
        pair, how = f"`{self.first}` and `{self.second}`", f"({self.mode}, seed {self.seed})"
        match self.kind:
            case Kind.EQUAL:
                return f"{pair} are equal{_all_cells(self.cells)} {how}"
            case Kind.AGREE:
                return f"{pair} agree in all tests: that is testing, no proof {how}"
            case Kind.DIFFERENT if not self.cells:
                return f"{pair} differ {how}"
            case Kind.DIFFERENT:
                arrays = ", ".join(f"{count} of `{name}`" for name, count in self.differing.items() if count)
                return f"{pair} differ in {self.different} of {_cells(self.cells)} ({arrays}) {how}"
        return f"{pair} are not proved equal: {self.kind.value} {how}"


def _all_cells(count: int) -> str:
    return {0: ": nothing comes out", 1: " in the only cell"}.get(count, f" in all {count} cells")


def _cells(count: int) -> str:
    return f"{count} cell{'' if count == 1 else 's'}"
