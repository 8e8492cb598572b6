import spatial as sp
from spatial import Stream, int32


def uses_stream(fifo):
    def reference(A):
        fifo.put(A[0])

    return sp.external("send", args=[sp.In(int32[4])], reference=reference)


def value(A):
    return A[0]


first = sp.external("first", args=[sp.In(int32[4])], reference=value)


def typed(A: int32[5]):
    A[0] = 1


wrong = sp.external("wrong", args=[sp.InOut(int32[4])], reference=typed)


@sp.region()
def program(A: int32[4]):
    fifo: Stream[int32, 4]
    send = uses_stream(fifo)

    @sp.kernel()
    def pe(A: int32[4]):
        send(A)
        first(A)
        wrong(A)

    @sp.kernel()
    def sink(A: int32[4]):
        A[1] = fifo.get()
