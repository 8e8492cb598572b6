"""The run time's language: functions give the same results as machine code as in Python."""

import ctypes
import random

import numpy as np
import pytest

from spatial.ir.dialect import context
from spatial.ir.mlir import ExecutionEngine, ir
from spatial.lower.llvm.alias import ALIASES
from spatial.lower.llvm.layout import ChannelField
from spatial.lower.llvm.plain import translate
from spatial.lower.llvm.pointer import Pointer, inlined, likely, unlikely

LEAST = 3
CAREFUL = True


@inlined
def smaller(a: int, b: int) -> bool:
    return a < b and not (a == LEAST or b == -LEAST)


def collatz(p: Pointer) -> int:
    """Steps from p[0] to 1, at most p[1]; the way is written behind."""
    n, steps = p[0], 0
    while n != 1:
        if unlikely(steps == p[1]):
            break
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
        p.at(2)[steps & 7] = n
        if n == 2:
            continue
        p[ChannelField.PUTS] += 1
    return steps


def sums(p: Pointer) -> int:
    total = 0
    for k in range(2, p[0] & 31):
        if smaller(k, p[1]) or likely(k & 1 == 1):
            total += min(k, p[2]) - max(-k, ~p[3])
        elif CAREFUL:
            total ^= (k << 3) | (p[4] >> 2)
    return total if p.at(1) != p else -1


FUNCTIONS = [collatz, sums]


def machine_code(modes: dict[str, bool | int] | None = None) -> ExecutionEngine:
    with context():
        text = translate([smaller, *FUNCTIONS], public=[function.__name__ for function in FUNCTIONS], modes=modes)
        engine = ExecutionEngine(ir.Module.parse(ALIASES + text), opt_level=2)
        engine.initialize()
    return engine


def run(engine: ExecutionEngine, name: str, address: int) -> int:
    argument, result = ctypes.c_int64(address), ctypes.c_int64(0)
    both = (ctypes.c_void_p * 2)(ctypes.addressof(argument), ctypes.addressof(result))
    ctypes.CFUNCTYPE(None, ctypes.c_void_p)(engine.raw_lookup(f"df_{name}"))(ctypes.addressof(both))
    return result.value


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_a_function_does_the_same_as_machine_code_as_in_python(function) -> None:
    engine, source = machine_code(), random.Random(0)
    for _ in range(50):
        ours = np.array([source.randrange(1, 1000), *(source.randrange(-50, 50) for _ in range(11))], np.int64)
        theirs = ours.copy()
        assert function(Pointer(ours.ctypes.data)) == run(engine, function.__name__, theirs.ctypes.data)
        assert ours.tolist() == theirs.tolist()


def test_a_mode_replaces_a_constant_of_the_module() -> None:
    words = np.array([20, -5, 7, 9, 100], np.int64)
    careful, careless = (run(machine_code({"CAREFUL": mode}), "sums", words.ctypes.data) for mode in (True, False))
    assert careful != careless


def wrong_statement(p: Pointer) -> int:
    with p:
        return 1


def wrong_types(p: Pointer) -> int:
    return p + 1


def unknown_function(p: Pointer) -> int:
    return sum(p)


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (wrong_statement, "this statement is not of the run time's language"),
        (wrong_types, "these cannot be computed with"),
        (unknown_function, "there is no such function"),
    ],
)
def test_what_the_language_does_not_have_is_refused_with_its_line(function, message: str) -> None:
    with pytest.raises(TypeError, match=f"{function.__name__}, line 2: {message}"):
        translate([function])
