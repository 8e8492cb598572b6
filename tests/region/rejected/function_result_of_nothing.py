from spatial import int32


def program(A: int32[4]) -> int32[4]:
    A[0] = 1
