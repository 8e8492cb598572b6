"""Sizes that fit each other."""

__all__ = ["divisor"]


def divisor(extent: int, most: int) -> int:
    """The greatest divisor of an extent that is not above `most`."""
    return max(each for each in range(1, min(extent, most) + 1) if extent % each == 0)
