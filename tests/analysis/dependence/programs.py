"""Small programs, each with what makes it worth asking about."""

import itertools
import random
from collections.abc import Iterator

from tests.analysis.dependence.nests import For, Item, Put, Set

INDICES = ("i0", "i1", "i0+1", "i0-1", "i0+i1", "2*i0", "i1-1", "1", "0", "i2", "i1+i2")


def simple() -> Iterator[tuple[Item, ...]]:
    """One statement in two loops, for every two indices; then the same as an update."""
    for target, source in itertools.product(INDICES[:9], repeat=2):
        yield (For(2, (For(3, (Set(("A", target), (("A", source),)),)),)),)
        yield (For(3, (For(2, (Set(("A", target), (("B", source),), adds=True),)),)),)


def written() -> Iterator[tuple[Item, ...]]:
    """Programs as users write them."""
    product = Set(("C", "i0", "i1"), (("A", "i0", "i2"), ("B", "i2", "i1")), adds=True)
    yield (For(2, (For(3, (For(2, (product,)),)),)),)
    yield (For(2, (For(3, (Set(("C", "i0", "i1")), For(2, (product,)))),)),)
    yield (For(2, (For(2, (Set(("C", "i0", "i1")),)),)), For(2, (For(2, (For(2, (product,)),)),)))
    stencil = Set(("A", "i1"), (("A", "i1-1"), ("A", "i1"), ("A", "i1+1")))
    yield (For(3, (For(3, (stencil,)),)),)
    yield (
        For(
            2,
            (For(3, (Set(("B", "i1"), (("A", "i1-1"), ("A", "i1+1"))),)), For(3, (Set(("A", "i1"), (("B", "i1"),)),))),
        ),
    )
    yield (For(3, (Set(("A", "i0"), (("B", "i0"),)),)), For(3, (Set(("D", "i0"), (("A", "i0-1"),)),)))
    yield (For(3, (Set(("A", "i0"), (("B", "i0"),)),)), For(3, (Set(("D", "i0"), (("A", "i0+1"),)),)))
    yield (For(3, (For("i0", (Set(("A", "i0"), (("A", "i1"), ("B", "i0", "i1"))),)),)),)
    yield (For(3, (For(3, (Set(("A", "i0", "i1"), (("A", "i1", "i0"),)),), low="i0"),)),)
    yield (For(3, (Put(), For(2, (Set(("A", "i1"), (("A", "i0"),)),)))),)
    yield (For(3, (For(2, (Put(),)),)),)
    yield (For(3, (Set(("A", "i0"), (), adds=True), Put(), Set(("A", "i0"), (("B", "0"),), adds=True))),)
    yield (For(3, (Set(("A", "0"), (("B", "i0"),), adds=True), Set(("A", "0"), (("B", "i0+1"),), adds=True))),)
    yield (For(3, (Set(("A", "0"), (("B", "i0"),), adds=True), Set(("D", "i0"), (("A", "0"),)))),)
    yield (For(3, (Set(("A", "i0"), (("A", "i0"),), adds=True),)),)
    yield (For(2, (For(2, (Set(("A", "i0"), (("A", "i1"),), adds=True),)),)),)


def with_locals() -> Iterator[tuple[tuple[Item, ...], dict[str, int]]]:
    """Programs with locals, and for how many loops' iterations each of these is new."""
    sums = (Set(("t",)), For(2, (Set(("t",), (("B", "i0", "i1"),), adds=True),)), Set(("C", "i0"), (("t",),)))
    filled = (
        For(2, (Set(("t", "i1"), (("B", "i0", "i1"),)),)),
        For(2, (Set(("D", "i0", "i1"), (("t", "i1"), ("t", "1"))),)),
    )
    yield (For(2, (For(3, (Set(("t",), (("B", "i0", "i1"),)), Set(("C", "i0", "i1"), (("t",),)))),)),), {"t": 2}
    yield (For(3, sums),), {"t": 1}
    yield (For(3, sums), For(2, sums)), {"t": 1}
    yield (For(3, filled),), {"t": 1}
    yield (For(3, (Set(("t", "i0")), Set(("C", "i0"), (("t", "i0"),)))),), {"t": 1}
    yield (Set(("t",)), For(3, (Set(("t",), (("B", "i0"),), adds=True),)), Set(("C", "0"), (("t",),))), {}
    yield (For(3, (Set(("C", "i0"), (("t",),)), Set(("t",), (("B", "i0"),)))),), {}
    yield (For(2, (For(3, (Set(("t", "i1"), (("t", "i1-1"),)),)), Set(("C", "i0"), (("t", "2"),)))),), {}


def at_random(count: int) -> Iterator[tuple[Item, ...]]:
    """Nests of one to three loops, perfect or not, with one to three statements anywhere."""
    for seed in range(count):
        dice = random.Random(seed)
        left = [dice.randint(1, 3)]
        items: list[Item] = []
        while left[0] > 0:
            items.append(_loop(dice, 0, left))
        yield tuple(items)


def _loop(dice: random.Random, depth: int, left: list[int]) -> For:
    body: list[Item] = []
    while not body or (left[0] > 0 and dice.random() < 0.5):
        if depth < 2 and dice.random() < 0.6:
            body.append(_loop(dice, depth + 1, left))
        else:
            left[0] -= 1
            body.append(_statement(dice, depth + 1))
    low = f"i{depth - 1}" if depth and dice.random() < 0.15 else 0
    return For(dice.randint(2, 3), tuple(body), low)


def _statement(dice: random.Random, depth: int) -> Item:
    if dice.random() < 0.1:
        return Put()
    known = [index for index in INDICES if all(f"i{outer}" not in index for outer in range(depth, 3))]

    def element() -> tuple[str, ...]:
        array = dice.choice("AAB")
        return (array, dice.choice(known)) if array == "A" else (array, dice.choice(known), dice.choice(known))

    sources = tuple(element() for _ in range(dice.randint(0, 2)))
    return Set(element(), sources, adds=dice.random() < 0.4)
