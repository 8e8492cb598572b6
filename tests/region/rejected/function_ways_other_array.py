from spatial import int32


def program(A: int32[4], n: int32):
    B: int32[4] = 0
    if n > 0:
        return B
    return A
