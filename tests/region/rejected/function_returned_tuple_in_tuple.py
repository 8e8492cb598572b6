from spatial import int32


def pair(x: int32):
    return x, x


def program(n: int32):
    return pair(n), n
