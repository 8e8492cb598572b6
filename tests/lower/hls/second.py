"""Runs designs with the genuine simulation headers, whose processes run one after the other, as a second opinion."""

import functools
import hashlib
import os
from pathlib import Path

from spatial.build.hls.module import HlsModule
from spatial.build.hls.server import Server
from spatial.lower.hls.design import Design
from spatial.lower.hls.toolchain import HEADERS, cache_folder, compiler, run_tool
from tests.lower.hls.cpp import genuine

SEQUENTIAL = Path(__file__).parent / "sequential"
FLAGS = ("-std=c++14", "-O0", "-ffp-contract=off", "-w")
COMMON = "".join(f"#include <{name}>\n" for name in ("cmath", "vector", "ap_int.h", "ap_fixed.h", "hls_stream.h"))


def judged(module: HlsModule) -> HlsModule:
    """The module, whose calls run with the genuine headers from now on."""
    printed: list[str] = []
    module.server = Server(program_of(module.design), printed.append)
    return module


def program_of(design: Design) -> Path:
    """The executable of a design, compiled once for each text of it."""
    texts = {**design.files, "csim/csim.cpp": design.csim}
    flags = [*command(), "-include", str(precompiled())]
    key = hashlib.sha256("\0".join([*flags, *texts, *texts.values()]).encode()).hexdigest()[:32]
    folder = cache_folder() / "second" / key
    made = folder / "program"
    if not made.exists():
        for file, text in texts.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(text, encoding="utf-8")
        partial = folder / f"program.{os.getpid()}"
        source = folder / "csim/csim.cpp"
        run_tool([*flags, "-o", str(partial), str(source)], "the genuine headers refuse the design")
        os.replace(partial, made)
    return made


@functools.cache
def command() -> list[str]:
    """Where the genuine headers have none ours are taken."""
    return [*compiler("a test compiles"), *FLAGS, *(f"-I{folder}" for folder in (SEQUENTIAL, genuine(), HEADERS))]


@functools.cache
def precompiled() -> Path:
    """A header that includes the genuine ones, with its precompiled form beside it."""
    text = run_tool([*command(), "--version"], "the compiler does not run")
    key = hashlib.sha256("\0".join([*command(), text, COMMON]).encode()).hexdigest()[:32]
    header = cache_folder() / f"genuine-{key}.h"
    made = header.with_suffix(".h.gch")
    if not made.exists():
        header.write_text(COMMON, encoding="utf-8")
        partial = made.with_suffix(f".{os.getpid()}")
        run_tool(
            [*command(), "-x", "c++-header", "-o", str(partial), str(header)], "the genuine headers do not compile"
        )
        os.replace(partial, made)
    return header
