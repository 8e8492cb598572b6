"""Types that mention type parameters, before those have values."""

from typing import TypeVar

__all__ = ["OpenType", "is_open"]


class OpenType:
    """What `int8[M, N]` is where `M` is a type parameter of a function: read again once `M` has a value."""

    def __getitem__(self, shape: object) -> "OpenType":
        """An array of it is not known either."""
        return self

    def __matmul__(self, placement: object) -> "OpenType":
        """Where it is kept does not make it known."""
        return self


def is_open(*parts: object) -> bool:
    """Whether a part of a type is a type parameter."""
    found = (item for part in parts for item in (part if isinstance(part, tuple | list) else (part,)))
    return any(isinstance(item, TypeVar | OpenType) for item in found)
