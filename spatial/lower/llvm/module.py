"""Puts the functions of a program and the runtime together, and turns them into machine code."""

import ctypes
import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from spatial.ir.dialect import context
from spatial.ir.mlir import ExecutionEngine, ir
from spatial.lower.llvm.alias import ALIASES
from spatial.lower.llvm.channels import CHANNELS
from spatial.lower.llvm.code import Code
from spatial.lower.llvm.frontier import ADVANCE, FRONTIER
from spatial.lower.llvm.heap import HEAP
from spatial.lower.llvm.machine import POINTER
from spatial.lower.llvm.notes import NOTES
from spatial.lower.llvm.order import ORDER
from spatial.lower.llvm.plain import translate
from spatial.lower.llvm.queue import QUEUE
from spatial.lower.llvm.sharing import SHARING
from spatial.lower.llvm.stillness import STILLNESS
from spatial.lower.llvm.untimed import UNTIMED
from spatial.source.errors import InternalError

__all__ = ["MachineCode", "compiled", "generate", "module_text"]

OPTIMIZATION = 2
MANY = 64  # places where actors may wait, above which the code of channel operations is not written at each of them
KEPT = 8  # texts whose machine code is kept in case that they are compiled again
RUNTIME = (*CHANNELS, *QUEUE, *ADVANCE, *NOTES, *SHARING, *ORDER)
IN_TIME = (*HEAP, *STILLNESS, *FRONTIER)  # where answers depend on time


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineCode:
    """Code in memory: `run` goes on with the run at an address, `steps` are the addresses of the functions by name.

    `engine` owns the code. It has clocks if it is `timed`, and notes tokens if it is `logging`; a run's memory must
    have room for what either needs.
    """

    engine: object
    run: Callable[[int], int]
    steps: Mapping[str, int]
    timed: bool
    logging: bool


def module_text(codes: Sequence[Code], *, timed: bool = True, logging: bool = False) -> str:
    """The whole program in the LLVM dialect."""
    clocked = any(code.clocked for code in codes)
    rare = sum(len(code.stops) for code in codes) <= MANY
    runtime = _runtime(clocked=clocked, timed=timed, logging=logging, rare=rare)
    return "\n".join([ALIASES, runtime, *(code.text for code in codes), _table(codes)])


@functools.cache
def _runtime(*, clocked: bool, timed: bool, logging: bool, rare: bool) -> str:
    """The run time; where nothing is `clocked`, answers do not depend on time; `rare` operations are inlined."""
    functions = (*RUNTIME, *(IN_TIME if clocked else ()), *(() if timed else UNTIMED))
    chosen = {function.__name__: function for function in functions}
    modes = {"LOGGING": logging, "POLLED": clocked}
    return translate(list(chosen.values()), public=["advance"], modes=modes, rare=rare)


def generate(codes: Mapping[str, Code], *, timed: bool = True, logging: bool = False) -> MachineCode:
    """Machine code of functions, by the names of what they were lowered from, `timed` as they were lowered."""
    engine = compiled(module_text(list(codes.values()), timed=timed, logging=logging), OPTIMIZATION)
    table = (ctypes.c_int64 * max(1, len(codes)))()
    _function(engine, "df_steps")(ctypes.addressof(table))
    return MachineCode(
        engine=engine,
        run=_function(engine, "df_advance"),
        steps=dict(zip(codes, table, strict=False)),
        timed=timed,
        logging=logging,
    )


@functools.lru_cache(maxsize=KEPT)
def compiled(text: str, optimization: int) -> ExecutionEngine:
    """The code of a module's text; a program that is compiled again, with other depths for instance, shares it."""
    with context():
        engine = ExecutionEngine(ir.Module.parse(text), opt_level=optimization)
        engine.initialize()
    return engine


def _table(codes: Sequence[Code]) -> str:
    """A function that stores the addresses of all others."""
    lines = [f"llvm.func @df_steps(%table: {POINTER}) -> i64 {{"]
    for position, code in enumerate(codes):
        lines.append(f"  %f{position} = llvm.mlir.addressof @{code.name} : {POINTER}")
        lines.append(f"  %at{position} = llvm.getelementptr %table[{8 * position}] : ({POINTER}) -> {POINTER}, i8")
        lines.append(f"  llvm.store %f{position}, %at{position} : {POINTER}, {POINTER}")
    return "\n".join([*lines, "  %zero = llvm.mlir.constant(0 : i64) : i64", "  llvm.return %zero : i64", "}", ""])


def _function(engine: ExecutionEngine, name: str) -> Callable[[int], int]:
    """A function from an address to a number; the engine's wrappers take addresses of arguments and result."""
    code = engine.raw_lookup(name)
    if not code:
        raise InternalError(f"no machine code for `{name}`: it needs a symbol that is not there")
    packed = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(code)

    def call(address: int) -> int:
        argument, result = ctypes.c_int64(address), ctypes.c_int64(0)
        both = (ctypes.c_void_p * 2)(ctypes.addressof(argument), ctypes.addressof(result))
        packed(ctypes.addressof(both))
        return result.value

    return call
