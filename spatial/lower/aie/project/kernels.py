"""The files of functions in C++ that cores call, as they stand in an exported folder."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from spatial.lower.aie.emit.called import Called, Declared, Functions, ObjectFile
from spatial.lower.aie.project.render import render
from spatial.lower.hls.emit.sources import own_files
from spatial.source.errors import ToolError

__all__ = ["Kernel", "kernel_files", "kernels_of"]

PARTS = "parts.cc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kernel:
    """An object file of a project: what it is made from in `folder`, and the functions in it."""

    object: str
    folder: str
    file: str
    compiled: bool
    flags: tuple[str, ...]
    symbols: tuple[str, ...]


def kernels_of(functions: Functions) -> list[Kernel]:
    """The object files of a design, in the order in which they are needed first."""
    return [_kernel(functions, file, name) for file, name in functions.files.items()]


def kernel_files(functions: Functions) -> dict[str, bytes]:
    """All files of the functions, by their names in the project; raises `ToolError` where one cannot be read."""
    files: dict[str, bytes] = {}
    for file, name in functions.files.items():
        kernel = _kernel(functions, file, name)
        if not kernel.compiled:
            files[f"{kernel.folder}/{kernel.file}"] = _read(file.path)
            continue
        found = own_files(file.path, [Path(each) for each in file.include])
        files |= {f"{kernel.folder}/{own}": _read(path) for own, path in sorted(found.items())}
        if kernel.file == PARTS:
            files[f"{kernel.folder}/{PARTS}"] = _parts(file, functions.of(file)).encode()
    return files


def _kernel(functions: Functions, file: ObjectFile, name: str) -> Kernel:
    called = functions.of(file)
    shifted = any(each.shifted for each in called)
    return Kernel(
        object=name,
        folder=f"kernels/{Path(name).stem}",
        file=PARTS if shifted else file.path.name,
        compiled=bool(file.source),
        flags=file.flags,
        symbols=tuple(dict.fromkeys(each.symbol for each in called)),
    )


def _parts(file: ObjectFile, called: Mapping[Called, Declared]) -> str:
    """The functions of a file, with one beside each that is given parts of arrays."""
    shifted = [
        {"entry": declared.symbol, "symbol": each.symbol, "types": list(_types(each)), "given": list(_given(each))}
        for each, declared in called.items()
        if each.shifted
    ]
    return render(PARTS, file=file.path.name, functions=shifted)


def _types(called: Called) -> Iterator[str]:
    """The parameters with their names; pointers to what may be written: C++ takes them for those to constants too."""
    yield from (f"{each.removeprefix('const ')} a{n}" for n, each in enumerate(called.parameters))
    yield from (f"int32_t first{n}" for n in called.shifted)


def _given(called: Called) -> Iterator[str]:
    yield from (f"a{n} + first{n}" if n in called.shifted else f"a{n}" for n in range(len(called.parameters)))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ToolError(f"{path} cannot be read: {error.strerror or error}") from error
