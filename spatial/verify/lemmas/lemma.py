"""What is known of the equality of two functions."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from spatial.ir.mlir import ir

__all__ = ["Lemma", "Refutation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refutation:
    """Inputs for which two functions differ: in the results, by output, or in that one of them `fails`."""

    inputs: Mapping[str, object]
    first: Mapping[str, object] = field(default_factory=dict)
    second: Mapping[str, object] = field(default_factory=dict)
    fails: str = ""

    def told(self, one: str, other: str) -> str:
        """The difference, for functions of these names."""
        given = ", ".join(f"{name} = {value}" for name, value in self.inputs.items())
        if self.fails:
            return f"with {given}: {self.fails}"
        return f"with {given}: `{one}` gives {_outputs(self.first)}, `{other}` gives {_outputs(self.second)}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lemma:
    """Whether two functions are equal for all inputs, or for all that `where` admits; true only where that is proven.

    `method` says how it was found out. Of a `refutation` the inputs were run on the native engine, which gave the
    results it holds. `unknown` says why nothing is known, as that time was over. The `modules` are those of the two
    functions; `inputs` and `outputs` say what each of them calls the same things.
    """

    first: str
    second: str
    method: str
    seconds: float
    where: str = ""
    refutation: Refutation | None = None
    unknown: str = ""
    modules: tuple[ir.Module, ir.Module] | None = field(default=None, repr=False)
    inputs: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    outputs: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())

    def __bool__(self) -> bool:
        return self.refutation is None and not self.unknown

    def __str__(self) -> str:
        premise = f" where `{self.where}` holds" if self.where else " for all inputs"
        claim = f"`{self.first}` = `{self.second}`{premise}"
        if self.unknown:
            return f"lemma: nothing is known of {claim}: {self.unknown}"
        if self.refutation is not None:
            told = self.refutation.told(self.first, self.second)
            return f"lemma refuted: it is not so that {claim} ({self.method}, {self.seconds:.2f} s)\n  {told}"
        return f"lemma proven: {claim} ({self.method}, {self.seconds:.2f} s)"

    __repr__ = __str__


def _outputs(values: Mapping[str, object]) -> str:
    """One value as it is, several with their names."""
    if len(values) == 1:
        return str(next(iter(values.values())))
    return ", ".join(f"{name} = {value}" for name, value in values.items())
