import spatial as sp
from spatial import Stream, int32


def first(row):
    return row[0].get()


@sp.region()
def program(B: int32[4]):
    net: Stream[int32, 2][2, 4]

    @sp.kernel(mapping=[2])
    def pe(B: int32[4]):
        i = sp.get_pid()
        B[i] = net[i, :].get()
        B[i] = net[i, 1:].get()
        B[i] = first(net[i, 4:])
        B[i] = first(net[:, 3 + i])
        B[i] = net[i, :] + 1
        for token in net[i, :]:
            B[i] = token
        for k in range(4):
            B[i] = first(net[i, k:])
        net[i, :].push(3)
