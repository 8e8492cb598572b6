"""Checks what an operator is asked for, before its function is made."""

import functools
import inspect
import numbers
from collections.abc import Callable, Mapping
from typing import ParamSpec, TypeVar

from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import caller_span
from spatial.types.dtype import DType

__all__ = ["checked"]

P = ParamSpec("P")
R = TypeVar("R")


def checked(operator: Callable[P, R]) -> Callable[P, R]:
    """An operator that refuses arguments of the wrong kind, at the line that asks for it."""
    signature = inspect.signature(operator)

    @functools.wraps(operator)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            given = signature.bind(*args, **kwargs).arguments
        except TypeError as error:
            title = f"`{operator.__name__}` is given wrong arguments: {error}"
            raise _wrong(title, f"it takes {signature.replace(return_annotation=inspect.Signature.empty)}") from None
        for name, value in given.items():
            fits, kind = KINDS.get(signature.parameters[name].annotation, (_anything, ""))
            if not fits(value):
                raise _wrong(f"`{name}` of `{operator.__name__}` is {kind}, not `{value!r}`", "")
        return operator(*args, **kwargs)

    return asked


def _wrong(title: str, hint: str) -> ProgramError:
    return ProgramError([Misuse(title=title, span=caller_span(), hint=hint)])


def _count(given: object) -> bool:
    return isinstance(given, numbers.Integral) and not isinstance(given, bool) and int(given) >= 1


def _pair(given: object) -> bool:
    return _numbers(given, 2)


def _numbers(given: object, count: int) -> bool:
    return given is None or (isinstance(given, list | tuple) and len(given) == count and all(map(_count, given)))


def _name(given: object) -> bool:
    return isinstance(given, str) and given.isidentifier() and given.isascii()


def _anything(_: object) -> bool:
    return True


KINDS: Mapping[object, tuple[Callable[[object], bool], str]] = {
    int: (_count, "a number of at least 1"),
    int | None: (lambda given: given is None or _count(given), "a number of at least 1"),
    tuple[int, int] | None: (_pair, "two numbers of at least 1"),
    tuple[int, int]: (lambda given: given is not None and _pair(given), "two numbers of at least 1"),
    tuple[int, int, int] | None: (lambda given: _numbers(given, 3), "three numbers of at least 1"),
    DType | None: (lambda given: given is None or isinstance(given, DType), "a type, as `int8`"),
    DType: (lambda given: isinstance(given, DType), "a type, as `int8`"),
    str: (_name, "a name of letters and digits"),
}
