"""What Python sees around a function: its module's names and the closure, as they are now."""

import types
from collections.abc import Mapping

__all__ = ["environment_of"]


def environment_of(function: types.FunctionType) -> Mapping[str, object]:
    """Every name the function's text can mean; a closure variable without a value yet is left out."""
    names = dict(function.__globals__)
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        try:
            names[name] = cell.cell_contents
        except ValueError:
            names.pop(name, None)
    return names
