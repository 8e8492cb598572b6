"""Functions of object files that the cores of a design call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from spatial.ir.mlir import ir
from spatial.lower.aie.dialect.functions import declare
from spatial.lower.aie.emit.names import Names

__all__ = ["Called", "Declared", "Functions", "ObjectFile"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectFile:
    """A file of functions: the C++ `source` that it is compiled from, or the `object` file that the user has."""

    source: str
    object: str
    include: tuple[str, ...]
    flags: tuple[str, ...]

    @property
    def path(self) -> Path:
        """What the user has of it."""
        return Path(self.object or self.source)


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """A function that cores call, with its parameters in C++; arrays in `shifted` begin inside of what is passed."""

    symbol: str
    parameters: tuple[str, ...]
    shifted: tuple[int, ...]
    file: ObjectFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What the module calls a function, and the types that it is passed."""

    symbol: str
    types: tuple[ir.Type, ...]


@dataclass(slots=True)
class Functions:
    """The functions of a module under way, and what their object files are called."""

    names: Names
    files: dict[ObjectFile, str] = field(default_factory=dict)
    declared: dict[Called, Declared] = field(default_factory=dict)
    stems: Names = field(default_factory=lambda: Names(taken=set()))

    def other(self, called: Called) -> Called | None:
        """A function of the same name that takes something else, or is of another file."""
        same = (each for each in self.declared if each.symbol == called.symbol)
        return next((each for each in same if (each.parameters, each.file) != (called.parameters, called.file)), None)

    def declare(self, block: ir.Block, called: Called, types: Sequence[ir.Type]) -> Declared:
        """What a function is called with in the block of a module, where it is declared when it is met first."""
        if called not in self.declared:
            symbol = self.names.fresh(f"{called.symbol}_at") if called.shifted else called.symbol
            self.declared[called] = Declared(symbol=symbol, types=tuple(types))
            declare(block, symbol, types, self.object_of(called.file))
        return self.declared[called]

    def object_of(self, file: ObjectFile) -> str:
        """What an object file is called beside the design."""
        if file not in self.files:
            self.files[file] = f"{self.stems.fresh(file.path.stem)}.o"
        return self.files[file]

    def of(self, file: ObjectFile) -> Mapping[Called, Declared]:
        """The functions of a file that are called."""
        return {called: declared for called, declared in self.declared.items() if called.file == file}
