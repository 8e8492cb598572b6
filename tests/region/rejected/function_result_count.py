from spatial import int32


def program(A: int32[4]) -> int32:
    return A[0], A[1]
