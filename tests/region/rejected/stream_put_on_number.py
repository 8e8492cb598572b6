import spatial as sp

fifo = 4


@sp.region()
def program():
    @sp.kernel(mapping=[1])
    def source():
        fifo.put(1)
