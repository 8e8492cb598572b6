from spatial import int32


def program(A: int32[4], n):
    for k in range(4):
        A[k] = n
