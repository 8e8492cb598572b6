"""Compiles and runs C++ programs with our HLS headers, or with the genuine ones."""

import importlib.util
import shutil
import subprocess
from pathlib import Path

import pytest

from spatial.lower.hls.toolchain import HEADERS, compiled, compiler

STRICT = ("-std=c++14", "-O1", "-ffp-contract=off", "-Wall", "-Wextra", "-Werror")

needs_compiler = pytest.mark.skipif(shutil.which("g++") is None, reason="no C++ compiler")


def genuine() -> Path | None:
    """The folder with the genuine simulation headers, which the wheel of hls4ml carries."""
    spec = importlib.util.find_spec("hls4ml")
    return Path(spec.origin).parent / "templates/vivado/ap_types" if spec and spec.origin else None


needs_genuine = pytest.mark.skipif(genuine() is None, reason="hls4ml is not installed")


def program(
    folder: Path,
    text: str,
    *,
    headers: Path | None = HEADERS,
    options: tuple[str, ...] = STRICT,
    include: Path | None = None,
) -> Path:
    """The executable of a C++ text, compiled once as long as neither the text nor the headers change."""
    source = folder / "program.cpp"
    source.write_text(text, encoding="utf-8")
    folders = [f"-I{path}" for path in (headers, include) if path]
    return compiled(source, [*compiler("a test compiles"), *options, *folders], [], "")


def run(binary: Path, *arguments: str, limit: float = 60) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(binary), *arguments], capture_output=True, text=True, timeout=limit, check=False)


def printed(folder: Path, text: str, *, include: Path | None = None) -> str:
    """What a C++ program prints; it must end well."""
    done = run(program(folder, text, include=include))
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return done.stdout
