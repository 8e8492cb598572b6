"""Programs for the command line, and a way to call it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from spatial.cli.main import main

Spatial = Callable[..., Result]

GOOD = """
import spatial as sp
from spatial import Stream, int8, int32

@sp.region()
def scale(A: int8[4], B: int32[4]):
    fifo: Stream[int8, 2][2]

    @sp.kernel(args=[A])
    def load(A: int8[4]):
        for k in range(4):
            fifo[0].put(A[k])
            fifo[1].put(A[k])

    @sp.kernel(args=[B])
    def store(B: int32[4]):
        for k in range(4):
            B[k] = fifo[0].get() + fifo[1].get()

FACTOR = 3

def make(factor=FACTOR):
    @sp.region()
    def made(A: int8[4], B: int32[4]):
        @sp.kernel(args=[A, B])
        def only(A: int8[4], B: int32[4]):
            for k in range(4):
                B[k] = A[k] * factor
    return made

def needs(factor):
    return make(factor)

def nothing():
    pass
"""
SHALLOW = """
import spatial as sp
from spatial import Stream, int32

@sp.region()
def shallow(B: int32[4]):
    first: Stream[int32, 1]
    second: Stream[int32, 1]

    @sp.kernel()
    def load():
        for k in range(4):
            first.put(k)
        for k in range(4):
            second.put(k)

    @sp.kernel(args=[B])
    def store(B: int32[4]):
        for k in range(4):
            B[k] = second.get() + first.get()
"""
WRONG = """
import spatial as sp
from spatial import int32

@sp.region()
def wrong(A: int32[4]):
    @sp.kernel(args=[A])
    def only(A: int32[4]):
        A[0] = missing
        A[1] = A[7]
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The working folder, with a few programs in it."""
    for name, text in (("good", GOOD), ("shallow", SHALLOW), ("wrong", WRONG)):
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def spatial(folder: Path) -> Spatial:
    """Calls `spatial`; with `--json` the result has `data`."""
    del folder

    def call(*arguments: object) -> Result:
        result = CliRunner().invoke(main, [str(argument) for argument in arguments], prog_name="spatial")
        if "--json" in arguments and result.exit_code != 2:
            result.data = json.loads(result.stdout)
        assert "Traceback" not in result.output
        return result

    return call
