from spatial import int32


def program(A: int32[4], n: int32):
    if n > 0:
        return A[0]
