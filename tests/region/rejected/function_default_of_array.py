from spatial import int32


def program(A: int32[4] = None):
    A[0] = 1
