"""What a test of two programs found."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from spatial.verify.testing.cases import Array

__all__ = ["Difference", "Tested"]

SHOWN = 64  # elements of an input that are shown in full


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Difference:
    """Where the programs part: at the element `place` of the output `output`, or in how they `end`.

    `values` are those of the first and of the second program, `count` how many elements differ in all outputs. `ends`
    are empty for a program that finished, else say why it did not. `inputs` are the smallest ones found that show it.
    """

    inputs: Mapping[str, Array]
    output: str = ""
    place: tuple[int, ...] = ()
    values: tuple[object, object] | None = None
    count: int = 0
    ends: tuple[str, str] = ("", "")

    def __str__(self) -> str:
        return self.told("the first", "the second")

    def told(self, first: str, second: str) -> str:
        """The difference, for programs of these names."""
        lines = [self._what(first, second), "with"]
        for name, array in self.inputs.items():
            text = _shown(array).replace("\n", "\n      ")
            lines.append(f"  {name} = {text}")
        return "\n".join(lines)

    def _what(self, first: str, second: str) -> str:
        if self.values is None:
            said = [
                f"`{name}` {f'fails: {end}' if end else 'finishes'}"
                for name, end in zip((first, second), self.ends, strict=True)
            ]
            return ", ".join(said)
        place = f"[{', '.join(map(str, self.place))}]" if self.place else ""
        more = f"; {self.count} elements differ" if self.count > 1 else ""
        one, other = self.values
        return f"`{self.output}{place}` is {one} in `{first}` and {other} in `{second}`{more}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tested:
    """The result of differential testing: true where no input was found that tells two programs apart.

    That is no proof. Of `asked` inputs `samples` were given to both, as many as there was time for; of these `skipped`
    made both fail, or took too long, and say nothing. With the same `seed` the same inputs are tried again.
    `shrinking` counts the runs that made the inputs of the `difference` small.
    """

    first: str
    second: str
    asked: int
    samples: int
    skipped: int
    seed: int
    difference: Difference | None = None
    shrinking: int = 0

    def __bool__(self) -> bool:
        return self.difference is None

    @property
    def compared(self) -> int:
        """How many inputs gave results to compare."""
        return self.samples - self.skipped

    def __str__(self) -> str:
        if self.difference is None:
            aside = f", {self.skipped} more say nothing: both fail or take too long" if self.skipped else ""
            aside += f", {self.asked - self.samples} there was no time for" if self.samples < self.asked else ""
            told = f"agree in {_counted(self.compared)}: that is testing, no proof{aside}"
            return f"`{self.first}` and `{self.second}` {told} (test, seed {self.seed})"
        found = f"found by test {self.samples}, made small in {self.shrinking} runs (test, seed {self.seed})"
        return f"`{self.first}` and `{self.second}` differ, {found}\n{self.difference.told(self.first, self.second)}"

    __repr__ = __str__


def _counted(inputs: int) -> str:
    return f"{inputs} test{'s' if inputs != 1 else ''}"


def _shown(array: Array) -> str:
    """The elements, or of a large array those that are not zero."""
    if array.size <= SHOWN or array.dtype.names:
        return np.array2string(array, threshold=SHOWN, separator=", ", floatmode="unique")
    nonzero = np.argwhere(array)
    if len(nonzero) > SHOWN:
        return f"{np.array2string(array, threshold=SHOWN, separator=', ', floatmode='unique')} of shape {array.shape}"
    told = ", ".join(f"[{', '.join(map(str, at))}]: {array[tuple(at)]}" for at in nonzero.tolist())
    return f"zeros of shape {array.shape}" + (f" but for {told}" if told else "")
