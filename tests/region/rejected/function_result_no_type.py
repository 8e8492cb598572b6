from spatial import int32


def program(A: int32[4]) -> list:
    return A
