from spatial import int8, int32


def program(A: int32[4]) -> int8[4]:
    B: int32[4] = 0
    for k in range(4):
        B[k] = A[k]
    return B
