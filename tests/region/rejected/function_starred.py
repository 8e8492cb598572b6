from spatial import int32


def program(A: int32[4], *rest, **others):
    A[0] = 1
