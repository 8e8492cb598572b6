"""Finds what a mistyped name was meant to be."""

import builtins
import difflib
from collections.abc import Iterable

__all__ = ["suggestion"]

WORDS = ("abs", "bool", "max", "min", "range")


def suggestion(name: str, local: Iterable[str], around: Iterable[str]) -> str:
    """A hint that names what is defined and nearest to a mistyped name, or "".

    A local one if any is near, else one from around; of Python's own names those that a kernel can use.
    """
    public = [other for other in around if not other.startswith("_") and not hasattr(builtins, other)]
    for names in (local, [*public, *WORDS]):
        others = [other for other in names if other != name]
        if found := difflib.get_close_matches(name, others, n=1, cutoff=0.7):
            return f"did you mean `{found[0]}`?"
    return ""
