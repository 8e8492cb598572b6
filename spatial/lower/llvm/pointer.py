"""What functions of the run time are written with, beside Python's integers: addresses, calls, hints, modes."""

import ctypes
from collections.abc import Callable
from typing import TypeVar

from spatial.lower.llvm.layout import Half

__all__ = ["ALWAYS", "IF_RARE", "Pointer", "call", "inlined", "inlined_if_rare", "likely", "unlikely"]

Function = TypeVar("Function", bound=Callable[..., object])

ALWAYS, IF_RARE = "always", "if rare"


class Pointer:
    """An address, behind which words of 64 bits lie; that of nothing is 0, and false."""

    def __init__(self, address: int) -> None:
        self.address = address

    def __getitem__(self, word: int) -> int:
        return _held(self.address, word).value

    def __setitem__(self, word: int, value: "int | Pointer") -> None:
        number = value.address if isinstance(value, Pointer) else value
        _held(self.address, word).value = number

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pointer) and self.address == other.address

    def __hash__(self) -> int:
        return hash(self.address)

    def __bool__(self) -> bool:
        return self.address != 0

    def at(self, word: int) -> "Pointer":
        """The address of a word behind this one."""
        return Pointer(self.address + 8 * word)

    def pointer(self, word: int) -> "Pointer":
        """The address that a word holds."""
        return Pointer(self[word])


def _held(address: int, word: int) -> ctypes.c_int64 | ctypes.c_int32:
    """A word behind an address, or half a one."""
    if isinstance(word, Half):
        return ctypes.c_int32.from_address(address + 4 * word)
    return ctypes.c_int64.from_address(address + 8 * word)


def call(function: Pointer, *operands: Pointer) -> None:
    """Calls machine code."""
    ctypes.CFUNCTYPE(None, *(ctypes.c_void_p for _ in operands))(function.address)(*(each.address for each in operands))


def likely(condition: object) -> bool:
    """A condition that nearly always holds."""
    return bool(condition)


def unlikely(condition: object) -> bool:
    """A condition that nearly never holds."""
    return bool(condition)


def inlined(function: Function) -> Function:
    """Marks a small function, whose code is written wherever it is called."""
    function.__dict__["inlined"] = ALWAYS
    return function


def inlined_if_rare(function: Function) -> Function:
    """Marks a function whose code is written wherever it is called, unless a program calls it at very many places."""
    function.__dict__["inlined"] = IF_RARE
    return function
