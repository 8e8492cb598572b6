"""Compiles a design for C-simulation, once for each text of it."""

import functools
import hashlib
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from spatial.lower.hls.design import Design
from spatial.lower.hls.toolchain import HEADERS, cache_folder, compiler, run_tool
from spatial.source.errors import ToolError

__all__ = ["compile_csim", "warnings_of"]

FLAGS = ("-std=c++14", "-O1", "-ffp-contract=off", "-Wall", "-Wextra", "-Wno-unknown-pragmas", "-Wno-unused-label")
PROGRAM = "program"
LOG = "warnings.txt"
MOST_KEPT = 256  # programs in the cache


def compile_csim(design: Design) -> Path:
    """The program that runs a design; its compiler's warnings lie beside it in `warnings.txt`.

    It is kept in the user's cache under what it is made of. Raises `ToolError` where there is no compiler, or it fails.
    """
    command = [*compiler("C-simulation compiles the design"), *FLAGS]
    texts = {**design.files, "csim/csim.cpp": design.csim}
    key = hashlib.sha256("\0".join([*command, _version(command[0]), _headers(), *texts, *texts.values()]).encode())
    kept = cache_folder() / "csim"
    folder = kept / key.hexdigest()[:32]
    if not (folder / PROGRAM).exists():
        kept.mkdir(parents=True, exist_ok=True)
        _make(folder, texts, command)
        _prune(kept)
    os.utime(folder)
    return folder / PROGRAM


def warnings_of(program: Path) -> str:
    """What the compiler warned of when it made a program."""
    return program.with_name(LOG).read_text(encoding="utf-8")


def _make(folder: Path, texts: Mapping[str, str], command: Sequence[str]) -> None:
    """Writes and compiles in a folder beside, which is moved into place when it is complete."""
    made = Path(tempfile.mkdtemp(prefix="new-", dir=folder.parent))
    try:
        for name, text in texts.items():
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            (made / name).write_text(text, encoding="utf-8")
        source = made / "csim" / "csim.cpp"
        told = _compile([*command, f"-I{HEADERS}", "-o", str(made / PROGRAM), str(source)])
        (made / LOG).write_text(told, encoding="utf-8")
        try:
            made.rename(folder)
        except OSError:
            if not (folder / PROGRAM).exists():
                raise ToolError(f"{folder} cannot be written; remove it") from None
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _compile(command: Sequence[str]) -> str:
    """Runs the compiler; its warnings."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, errors="replace")
    if done.returncode:
        raise ToolError(f"the design does not compile:\n$ {shlex.join(command)}\n{done.stderr.rstrip()}")
    return done.stderr


def _prune(kept: Path) -> None:
    """Removes what was not used for longest."""
    found = sorted((_age(each), each) for each in kept.iterdir())
    for _, folder in found[:-MOST_KEPT]:
        shutil.rmtree(folder, ignore_errors=True)


def _age(folder: Path) -> float:
    """When a folder was used last; what another process has removed meanwhile is as old as can be."""
    try:
        return folder.stat().st_mtime
    except FileNotFoundError:
        return 0.0


@functools.cache
def _version(command: str) -> str:
    """What a compiler says of itself."""
    return run_tool([command, "--version"], f"{command} does not run")


@functools.cache
def _headers() -> str:
    """What our headers say, in brief."""
    texts = (path.read_bytes() for path in sorted(HEADERS.rglob("*.h")))
    return hashlib.sha256(b"\0".join(texts)).hexdigest()
