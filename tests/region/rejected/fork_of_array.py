import spatial as sp
from spatial import int32


@sp.region()
def program():
    numbers: int32[2]
    left, right = sp.fork(numbers)

    @sp.kernel()
    def source():
        pass

    @sp.kernel()
    def sink():
        left.get()
        right.get()
