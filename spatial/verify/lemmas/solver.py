"""Finds the solver, which an extra of the package installs."""

import importlib
from typing import Any

from spatial.source.errors import ToolError

__all__ = ["Term", "solver"]

Term = Any
"""An expression of the solver's: bits, or a truth."""


def solver() -> Any:
    """The module `z3`; raises `ToolError` where it is not installed."""
    try:
        return importlib.import_module("z3")
    except ImportError as error:
        title = "a lemma over more inputs than can be tried one by one needs the solver z3"
        raise ToolError(f"{title}, which is not installed: pip install 'spatial[smt]'") from error
