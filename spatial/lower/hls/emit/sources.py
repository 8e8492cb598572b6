"""The files in C++ that a program brings along."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from spatial.ir.dialect import ExternalOp
from spatial.ir.function import operations
from spatial.ir.mlir import func

__all__ = ["Source", "own_files", "source_files", "symbols_of"]

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)"', re.M)
FOLDER = "external"


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """A file in C++, the folders of its headers, and the macros that its flags define."""

    path: str
    include: tuple[str, ...]
    defined: tuple[str, ...]

    @property
    def text(self) -> str:
        """What makes its functions known."""
        pairs = [word.partition("=") for word in self.defined]
        defined = [f"#define {name} {value or 1}" for name, _, value in pairs]
        undefined = [f"#undef {name}" for name, _, _ in pairs]
        return "\n".join([*defined, f'#include "{FOLDER}/{Path(self.path).name}"', *undefined, ""])


def source_files(source: Source) -> Iterator[tuple[str, str]]:
    """Its text and those of the headers that are its own, by the names that they get in a project."""
    found = own_files(Path(source.path), [Path(each) for each in source.include])
    yield from ((f"{FOLDER}/{name}", path.read_text(encoding="utf-8")) for name, path in sorted(found.items()))


def own_files(source: Path, include: Sequence[Path]) -> dict[str, Path]:
    """A file in C++ and the headers that it includes from its folder and others, by the names they have there."""
    folders = [source.parent, *include]
    found: dict[str, Path] = {}
    waiting = [source.name]
    while waiting:
        name = waiting.pop()
        path = next((folder / name for folder in folders if (folder / name).is_file()), None)
        if name not in found and path is not None:
            found[name] = path
            waiting += INCLUDE.findall(path.read_text(encoding="utf-8"))
    return found


def symbols_of(function: func.FuncOp) -> list[str]:
    """What the functions in C++ are called that a function of the program calls."""
    found = (op.symbol.value for op in operations(function.entry_block) if isinstance(op, ExternalOp))
    return list(dict.fromkeys(found))
