import spatial as sp
from spatial import Fixed, UFixed, int32


@sp.region()
def program(A: int32[4], X: Fixed(16, 8)[4]):
    @sp.kernel(args=[A, X])
    def pe(A: int32[4], X: Fixed(16, 8)[4]):
        A[0] = X[0]
        X[1] = 200
        u: UFixed(8, 8) = 1
        A[1] = A[2] << X[0]
        A[X[0]] = 1
        y = X[0] / 0
        z: Fixed(8, 2000) = 0
        t: Fixed(8, 4)[3] = [1, 2]
        v: Fixed(8, 4)[3] = [1, 2, 8]
        b: sp.bool_ = X[0]
