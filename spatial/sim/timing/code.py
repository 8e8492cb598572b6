"""The machine code of the timing engine, made once."""

import ctypes
import functools
from collections.abc import Callable

from spatial.ir.dialect import context
from spatial.ir.mlir import ExecutionEngine, ir
from spatial.lower.llvm.alias import aliases
from spatial.lower.llvm.plain import translate
from spatial.lower.llvm.pointer import Pointer
from spatial.sim.timing.agents import AGENTS
from spatial.sim.timing.book import BOOK
from spatial.sim.timing.channels import CHANNELS
from spatial.sim.timing.layout import (
    AgentField,
    BookField,
    ChannelField,
    LevelField,
    LogField,
    RunField,
    SlotField,
    StepField,
)
from spatial.sim.timing.leap import LEAP, drive
from spatial.sim.timing.periods import PERIODS

__all__ = ["Drive", "compiled", "interpreted"]

Drive = Callable[[int], int]
OPTIMIZATION = 2
FIELDS = (AgentField, BookField, ChannelField, LevelField, LogField, RunField, SlotField, StepField)


@functools.cache
def compiled() -> Drive:
    """`drive` as machine code, from the address of a run."""
    with context():
        text = aliases(FIELDS) + translate([*CHANNELS, *BOOK, *AGENTS, *PERIODS, *LEAP], public=["drive"])
        engine = ExecutionEngine(ir.Module.parse(text), opt_level=OPTIMIZATION)
        engine.initialize()
    packed = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(engine.raw_lookup("df_drive"))

    def call(address: int, owner: object = engine) -> int:
        argument, result = ctypes.c_int64(address), ctypes.c_int64(0)
        both = (ctypes.c_void_p * 2)(ctypes.addressof(argument), ctypes.addressof(result))
        packed(ctypes.addressof(both))
        return result.value

    return call


def interpreted(address: int) -> int:
    """`drive` as Python runs it, slowly; the same in every other respect."""
    return drive(Pointer(address))
