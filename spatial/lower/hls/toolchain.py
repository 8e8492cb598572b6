"""The C++ compiler of this machine and what it compiled before."""

import hashlib
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from spatial.source.errors import ToolError

__all__ = ["HEADERS", "cache_folder", "compiled", "compiler", "run_tool"]

HEADERS = Path(__file__).parent / "include"
"""The folder with our own `ap_int.h`, `ap_fixed.h`, `hls_stream.h` and the rest of what HLS code includes."""


def compiler(use: str, instead: str = "") -> list[str]:
    """The command of a C++ compiler: what the environment variable CXX says, else `g++`, `c++` or `clang++`.

    Raises `ToolError` where there is none; `use` says what it is for, `instead` what else the user can do.
    """
    asked = shlex.split(os.environ.get("CXX", ""))
    for words in [asked] if asked else [["g++"], ["c++"], ["clang++"]]:
        if (found := shutil.which(words[0])) is not None:
            return [found, *words[1:]]
    told = f"`{asked[0]}`, which the environment variable CXX names, is not there" if asked else "none was found"
    ways = ["install one (on Debian `apt-get install g++`)", "set CXX", *([instead] if instead else [])]
    raise ToolError(f"{use} with a C++ compiler, but {told}\n{', '.join(ways[:-1])}, or {ways[-1]}")


def compiled(source: Path, command: Sequence[str], link: Sequence[str], suffix: str) -> Path:
    """What `command` with the options `link` makes of a C++ file, unless it made it of the same text before.

    It is kept in the cache under a name made of the text with all headers and the command.
    Raises `ToolError` with what the compiler says.
    """
    subject = f"{source} does not compile"
    text = run_tool([*command, "-E", str(source)], subject)
    key = hashlib.sha256("\0".join([*command, *link, text]).encode()).hexdigest()[:32]
    made = cache_folder() / f"{source.stem}-{key}{suffix}"
    if not made.exists():
        handle, partial = tempfile.mkstemp(suffix=suffix, dir=made.parent)
        os.close(handle)
        try:
            run_tool([*command, *link, "-o", partial, str(source)], subject)
            os.replace(partial, made)
        finally:
            Path(partial).unlink(missing_ok=True)
    return made


def run_tool(command: Sequence[str], failure: str) -> str:
    """What a command prints; where it fails a `ToolError` that shows `failure`, the command and its errors."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, errors="replace")
    if done.returncode:
        raise ToolError(f"{failure}:\n$ {shlex.join(command)}\n{done.stderr.rstrip()}")
    return done.stdout


def cache_folder() -> Path:
    """The folder that keeps what was compiled; a new one where the user's cannot be written."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "spatial"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path(tempfile.mkdtemp(prefix="spatial-"))
    return folder if os.access(folder, os.W_OK) else Path(tempfile.mkdtemp(prefix="spatial-"))
