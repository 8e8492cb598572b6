import spatial as sp
from spatial import int32


@sp.region()
def program(C: int32[4]):
    @sp.kernel(args=[C])
    def pe(C: int32[4]):
        for k in range(4, unroll=0):
            C[k] = 0
        for k in range(C[0], unroll=True):
            C[k] = 0
        for k in range(5000, unroll=True):
            C[0] = k
        for k in range(4, flatten=True):
            C[k] = 0
        for k in range(4, pipeline=0):
            C[k] = 0
        for k in range(4, name=3):
            C[k] = 0
        for k in range(4, pipeline=sp.Pipeline(ii=0)):
            C[k] = 0
