"""Compiles C++ files for the machine that simulates."""

import hashlib
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from spatial.source.errors import ToolError

__all__ = ["shared_object"]

OPTIONS = ("-O2", "-fPIC", "-ffp-contract=off")


def shared_object(source: Path, include: Sequence[str], flags: Sequence[str]) -> Path:
    """The shared object of a C++ file, compiled unless the same text was compiled the same way before.

    It is kept in the folder `spatial` of the user's cache, under a name made of the text with all headers, the
    compiler and its flags. Raises `ToolError` where there is no compiler, or with what that says.
    """
    command = [*_compiler(source), *OPTIONS, *(f"-I{folder}" for folder in include), *flags]
    text = _run([*command, "-E", str(source)], source)
    key = hashlib.sha256("\0".join([*command, text]).encode()).hexdigest()[:32]
    made = _cache() / f"{source.stem}-{key}.so"
    if not made.exists():
        handle, partial = tempfile.mkstemp(suffix=".so", dir=made.parent)
        os.close(handle)
        try:
            _run([*command, "-shared", "-o", partial, str(source)], source)
            os.replace(partial, made)
        finally:
            Path(partial).unlink(missing_ok=True)
    return made


def _compiler(source: Path) -> list[str]:
    asked = shlex.split(os.environ.get("CXX", ""))
    for words in [asked] if asked else [["g++"], ["c++"]]:
        if (found := shutil.which(words[0])) is not None:
            return [found, *words[1:]]
    told = f"`{asked[0]}`, which the environment variable CXX names, is not there" if asked else "none was found"
    raise ToolError(
        f"a simulation compiles {source} with a C++ compiler, but {told}\n"
        "install one (on Debian `apt-get install g++`), set CXX, or give `sp.external` a `reference`"
    )


def _run(command: Sequence[str], source: Path) -> str:
    """What the compiler prints."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, errors="replace")
    if done.returncode:
        raise ToolError(f"{source} does not compile:\n$ {shlex.join(command)}\n{done.stderr.rstrip()}")
    return done.stdout


def _cache() -> Path:
    """The folder that keeps what was compiled; a new one where the user's cannot be written."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "spatial"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path(tempfile.mkdtemp(prefix="spatial-"))
    return folder if os.access(folder, os.W_OK) else Path(tempfile.mkdtemp(prefix="spatial-"))
