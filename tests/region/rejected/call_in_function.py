import spatial as sp
from spatial import int32


@sp.region()
def add(A: int32[4], by: int32):
    @sp.kernel()
    def one(A: int32[4], by: int32):
        A[0] += by


def work(row, by):
    add(row, by)


def given(row):
    add(rows, 1)
    number: int32 = row[0]
    add(number, 2)
    for k in range(2):
        add(row[k:4], 1)


@sp.region()
def program(B: int32[2, 4]):
    @sp.kernel()
    def pe(B: int32[2, 4]):
        for k in range(2):
            work(B[k], 1)
        work(B[0, 0:2], 1)
        given(B[1])
