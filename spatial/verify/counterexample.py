"""The first place where two programs are not the same."""

from dataclasses import dataclass

from spatial.ir.graph import element_name

__all__ = ["Counterexample"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterexample:
    """An element of an array that is not the same in the end."""

    array: str
    indices: tuple[int, ...]

    def __str__(self) -> str:
        return f"first difference: `{element_name(self.array, self.indices)}`"
