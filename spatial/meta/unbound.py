"""Tells why a compile-time name has no value yet."""

from collections.abc import Sequence

from spatial.meta.errors import UndefinedName
from spatial.source.span import Span

__all__ = ["unbound"]


def unbound(name: str, span: Span, stores: Sequence[Span], label: str) -> UndefinedName:
    """A compile-time name that the PE called `label` has not bound yet; `stores` are the places that bind it."""
    if not stores:
        return UndefinedName(name=name, span=span)
    place = stores[0]
    if place > span:
        return UndefinedName(name=name, span=span, why="is used before it has a value", place=place)
    why, told = f"has no value at `{label}`", "given one only by other PEs, here"
    return UndefinedName(name=name, span=span, why=why, place=place, told=told)
