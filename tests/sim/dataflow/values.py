"""Evaluates the expressions of a network, turns values into tokens."""

import functools
from collections.abc import MutableMapping
from types import CodeType, SimpleNamespace

from tests.sim.dataflow.machine import Token, wrapped

Locals = MutableMapping[str, object]
WORDS = {"int32": wrapped, "Pair": lambda a, b: SimpleNamespace(a=wrapped(a), b=wrapped(b))}


@functools.cache
def compiled(text: str) -> CodeType:
    return compile(text, "<expression>", "eval")


def value_of(text: str, names: Locals) -> object:
    return eval(compiled(text), {"__builtins__": {}, **WORDS}, names)


def packed(value: object) -> Token:
    """A value as a token."""
    match value:
        case SimpleNamespace(a=a, b=b):
            return a, b
        case list():
            return tuple(value)
    return int(value)  # type: ignore[call-overload]


def unpacked(token: Token, kind: str) -> object:
    if kind == "Pair":
        return SimpleNamespace(a=token[0], b=token[1])  # type: ignore[index]
    return list(token) if isinstance(token, tuple) else token


def blank(kind: str) -> Token:
    """What a poll in vain gives."""
    if kind == "Pair":
        return 0, 0
    return (0,) * int(kind[6:-1]) if kind.startswith("int32[") else 0
