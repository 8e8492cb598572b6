"""A function in C++ that is an object file."""

import spatial as sp
from spatial import int32


scale = sp.external("scale", object="scale.o", args=[sp.In(int32[4]), sp.Out(int32[4])])


@sp.region()
def program(A: int32[4], B: int32[4]):
    @sp.kernel(args=[A, B])
    def only(A: int32[4], B: int32[4]):
        scale(A, B)
