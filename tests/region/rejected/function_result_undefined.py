from __future__ import annotations

from spatial import int32


def program(A: int32[4]) -> int32[M]:
    return A
