"""Functions of several nests that hand arrays on."""

from spatial import int16, int32

__all__ = ["copies", "crossed", "layers", "overwritten", "pieces", "smooth", "turned"]


def layers(X: int16[8, 6], W: int16[6, 5], V: int16[5, 4], Y: int32[8, 4]):
    H: int32[8, 5] = 0
    for i in range(8, name="first"):
        for j in range(5):
            for k in range(6):
                H[i, j] += X[i, k] * W[k, j]
    R: int32[8, 5]
    for i in range(8, name="relu"):
        for j in range(5):
            R[i, j] = max(H[i, j], 0)
    for i in range(8, name="second"):
        for j in range(4):
            total: int32 = 0
            for k in range(5):
                total += R[i, k] * V[k, j]
            Y[i, j] = total


def smooth(A: int16[12], B: int16[10]) -> int16[10]:
    part: int16[12]
    for i in range(12):
        part[i] = 3 * A[i]
    total: int16[10]
    for j in range(10):
        total[j] = part[j] + part[j + 1] + part[j + 2]
    for k in range(10):
        B[k] = total[k] + B[k]
    Z: int16[10]
    for n in range(10):
        Z[n] = B[n] - total[9 - n]
    return Z


def copies(A: int16[6, 4], B: int16[6, 4], C: int16[6, 4]):
    T: int16[6, 4]
    for i in range(6, name="make"):
        for j in range(4):
            T[i, j] = A[i, j] + 1
    for i in range(6, name="same"):
        for j in range(4):
            B[i, j] = T[i, j]
    for n in range(6, name="other"):
        for m in range(4):
            C[n, m] = 2 * T[n, m]


def turned(A: int16[6, 4], B: int16[4, 6]):
    T: int16[6, 4]
    for i in range(6, name="rows"):
        for j in range(4):
            T[i, j] = A[i, j] + 1
    for j in range(4, name="columns"):
        for i in range(6):
            B[j, i] = T[i, j]


def pieces(A: int16[8], B: int16[8], C: int16[1], n: int16):
    T: int16[8]
    for i in range(8, name="all"):
        T[i] = A[i]
    for j in range(7, name="most"):
        B[j] = T[j]
    U: int16[8]
    for i in range(8, name="more"):
        U[i] = A[i] + n
    for j in range(4, name="twice"):
        C[0] += U[j] + U[j + 4]


def crossed(A: int16[8], B: int16[8]):
    for i in range(8):
        B[i] = A[i]
    for j in range(8):
        A[j] = B[7 - j]
    x: int16 = B[3]
    for k in range(8):
        B[k] = A[k] + x


def overwritten(A: int16[8], B: int16[8]):
    for i in range(8):
        B[i] = A[i]
    for j in range(4):
        B[j] = A[j] + B[j + 4]
