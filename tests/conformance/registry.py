"""All conformance programs: one for each file in `programs/`."""

import importlib
from pathlib import Path

from tests.conformance.program import Program

__all__ = ["PROGRAMS"]

FILES = sorted(Path(__file__).with_name("programs").glob("*.py"))
PROGRAMS: tuple[Program, ...] = tuple(
    importlib.import_module(f"tests.conformance.programs.{file.stem}").PROGRAM for file in FILES
)
