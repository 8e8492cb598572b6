import spatial as sp


@sp.region()
class program:
    pass
