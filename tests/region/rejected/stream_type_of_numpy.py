import numpy as np

import spatial as sp


@sp.region()
def program():
    f = sp.pipe(dtype=np.int32, depth=4)

    @sp.kernel()
    def source():
        f.put(1)

    @sp.kernel()
    def sink():
        f.get()
