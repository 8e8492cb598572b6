"""Compiles C++ files for the machine that simulates."""

import re
from collections.abc import Sequence
from pathlib import Path

from spatial.lower.hls.toolchain import compiled, compiler

__all__ = ["BFLOAT16", "host_command", "shared_object"]

OPTIONS = ("-O2", "-fPIC", "-ffp-contract=off")
BFLOAT16 = ("-include", str(Path(__file__).parent / "bfloat16.h"))
"""Flags that give C++ a `bfloat16`."""
USES = re.compile(r"\bbfloat16\b")
DEFINES = re.compile(r"\b(struct|class|using)\s+bfloat16\b|\btypedef\b.*\bbfloat16\s*;")


def host_command(source: Path, include: Sequence[str], flags: Sequence[str]) -> list[str]:
    """The compiler of this machine with the options for a file, which may use the `bfloat16` of cores.

    Raises `ToolError` where there is none.
    """
    command = compiler(f"a simulation compiles {source}", "give `sp.external` a `reference`")
    text = source.read_text(encoding="utf-8", errors="replace")
    more = BFLOAT16 if USES.search(text) and not DEFINES.search(text) else ()
    return [*command, *OPTIONS, *more, *(f"-I{folder}" for folder in include), *flags]


def shared_object(source: Path, include: Sequence[str], flags: Sequence[str]) -> Path:
    """The shared object of a C++ file, compiled unless the same text was compiled the same way before.

    Raises `ToolError` where there is no compiler, or with what that says.
    """
    return compiled(source, host_command(source, include, flags), ["-shared"], ".so")
