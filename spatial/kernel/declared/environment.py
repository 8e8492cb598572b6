"""What Python sees around a function: its module's names and the closure, as they are now."""

import contextlib
import inspect
import types
from collections.abc import Iterator, Mapping

from spatial.source.span import caller_frame

__all__ = ["captured", "closure_now", "enclosing_names", "environment_of", "names_around"]


def environment_of(function: types.FunctionType, enclosing: Mapping[str, object]) -> dict[str, object]:
    """Every name the function's text can mean; a closure variable without a value yet is left out."""
    names = {**function.__globals__, **enclosing}
    for name, cell in _cells(function):
        try:
            names[name] = cell.cell_contents
        except ValueError:
            names.pop(name, None)
    return names


def closure_now(function: types.FunctionType) -> dict[str, object]:
    """The values that closure variables have at this moment, with the other local names around the function."""
    return {**enclosing_names(), **_captured_now(function)}


def captured(function: types.FunctionType, environment: Mapping[str, object]) -> dict[str, object]:
    """The part of an environment that comes from enclosing functions."""
    free, names = set(function.__code__.co_freevars), function.__globals__
    return {
        name: value
        for name, value in environment.items()
        if name in free or name not in names or names[name] is not value
    }


def enclosing_names() -> dict[str, object]:
    """The local names of the functions around the text that called into the package, the innermost winning.

    Python captures no name that stands only in an annotation where `from __future__ import annotations`
    is in force; these are looked up here instead. Empty for a definition at module level.
    """
    return _names_from(caller_frame())


def names_around(function: types.FunctionType) -> dict[str, object]:
    """The same for a function that was defined before: the names of the functions around it, as far as they run."""
    frame: types.FrameType | None = caller_frame()
    while frame is not None and not any(const is function.__code__ for const in frame.f_code.co_consts):
        frame = frame.f_back
    return {**_names_from(frame), **_captured_now(function)}


def _captured_now(function: types.FunctionType) -> dict[str, object]:
    names = {}
    for name, cell in _cells(function):
        with contextlib.suppress(ValueError):  # a variable that gets its value later
            names[name] = cell.cell_contents
    return names


def _names_from(frame: types.FrameType | None) -> dict[str, object]:
    """The local names of a running function, and of those whose text holds its own."""
    scopes: list[dict[str, object]] = []
    while frame is not None and frame.f_code.co_flags & inspect.CO_OPTIMIZED:
        scopes.append(dict(frame.f_locals))
        frame = _lexical_parent(frame)
    return {name: value for scope in reversed(scopes) for name, value in scope.items()}


def _cells(function: types.FunctionType) -> Iterator[tuple[str, types.CellType]]:
    return zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)


def _lexical_parent(frame: types.FrameType) -> types.FrameType | None:
    """The running call of the function whose text holds that of the frame's function, if it is running."""
    code, outer = frame.f_code, frame.f_back
    while outer is not None and not any(const is code for const in outer.f_code.co_consts):
        outer = outer.f_back
    return outer
