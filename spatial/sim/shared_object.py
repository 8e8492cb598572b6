"""Compiles C++ files for the machine that simulates."""

from collections.abc import Sequence
from pathlib import Path

from spatial.lower.hls.toolchain import compiled, compiler

__all__ = ["shared_object"]

OPTIONS = ("-O2", "-fPIC", "-ffp-contract=off")


def shared_object(source: Path, include: Sequence[str], flags: Sequence[str]) -> Path:
    """The shared object of a C++ file, compiled unless the same text was compiled the same way before.

    Raises `ToolError` where there is no compiler, or with what that says.
    """
    command = compiler(f"a simulation compiles {source}", "give `sp.external` a `reference`")
    return compiled(source, [*command, *OPTIONS, *(f"-I{folder}" for folder in include), *flags], ["-shared"], ".so")
