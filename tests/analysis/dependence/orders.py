"""Other orders for a small program: what rewrites of its loops would give it, and some that none would."""

import itertools
import random
from collections.abc import Iterator, Sequence

from tests.analysis.dependence.nests import Time, Touch

Order = tuple[str, list[Time]]


def orders(program: Sequence[Touch], seed: int) -> Iterator[Order]:
    """Orders by name: the statements keep their operations together, unless they are jammed one by one."""
    deepest = max(len(touch.loops) for touch in program)
    yield "as it is", [touch.time for touch in program]
    yield from permutations(program, deepest)
    yield from fusions(program)
    yield from distributions(program)
    for depth, factor in itertools.product(range(deepest), (2, 3)):
        yield f"jam of i{depth} by {factor}", [jammed(touch, depth, factor) for touch in program]
        yield (
            f"jam of each operation over i{depth}",
            [(*jammed(touch, depth, factor, whole=False),) for touch in program],
        )
    for depth in range(deepest):
        yield f"i{depth} all at once", [replaced(touch.time, f"i{depth}", 0) for touch in program]
        yield f"i{depth} downward", [replaced(touch.time, f"i{depth}", f"-i{depth}") for touch in program]
    if deepest > 1:
        yield "skewed", [replaced(touch.time, "i1", "i0 + i1") for touch in program]
        yield "tiled", [tiled(touch) for touch in program]
    yield from (("any", at_random(program, random.Random(seed + number))) for number in range(4))


def replaced(time: Time, old: str, new: int | str) -> Time:
    return tuple(new if part == old else part for part in time)


def permutations(program: Sequence[Touch], deepest: int) -> Iterator[Order]:
    """Every order of the loops, of those that hold all statements in their innermost body."""
    if any(touch.loops != program[0].loops for touch in program):
        return
    for order in itertools.permutations(range(deepest)):
        names = iter(order)
        times = []
        for touch in program:
            names = iter(order)
            times.append(tuple(f"i{next(names)}" if isinstance(part, str) else part for part in touch.time))
        yield f"loops {order}", times


def fusions(program: Sequence[Touch]) -> Iterator[Order]:
    """Each pair of adjacent outer loops in one, and those inside of them too."""
    places = sorted({touch.time[0] for touch in program if touch.loops})
    for first, second in itertools.pairwise(places):
        yield f"fused {first}, {second}", [fused(touch, first, second, 1) for touch in program]
        yield f"fused {first}, {second} inside too", [fused(touch, first, second, 2) for touch in program]


def fused(touch: Touch, first: int, second: int, levels: int) -> Time:
    if touch.time[0] != second or not touch.loops:
        return touch.time
    levels = min(levels, len(touch.loops))
    behind = 2 * levels
    inner = [first if not level else 0 for level in range(levels)]
    moved = [part for level in range(levels) for part in (inner[level], touch.time[2 * level + 1])]
    return (*moved, int(touch.time[behind]) + 100, *touch.time[behind + 1 :])


def distributions(program: Sequence[Touch]) -> Iterator[Order]:
    """Each outer loop in two, cut between two statements of its body, or between two operations."""
    for place in sorted({touch.time[0] for touch in program if touch.loops}):
        for cut in sorted({touch.time[2] for touch in program if touch.loops and touch.time[0] == place})[1:]:
            yield (
                f"distributed {place} at {cut}",
                [
                    (
                        place,
                        1 if touch.loops and touch.time[0] == place and touch.time[2] >= cut else 0,
                        *touch.time[1:],
                    )
                    if touch.time[0] == place
                    else (touch.time[0], 0, *touch.time[1:])
                    for touch in program
                ],
            )


def jammed(touch: Touch, depth: int, factor: int, *, whole: bool = True) -> Time:
    """The loop unrolled, its copies side by side in the innermost bodies, statement by statement."""
    if len(touch.loops) <= depth:
        return touch.time
    name = f"i{depth}"
    time = replaced(touch.time, name, f"floor(({name})/{factor})")
    copy = f"({name}) mod {factor}"
    return (*time[:-1], touch.statement, copy, time[-1]) if whole else (*time, copy)


def tiled(touch: Touch) -> Time:
    if len(touch.loops) < 2:
        return touch.time
    place, _, second, *rest = touch.time
    return (place, "floor((i0)/2)", second, "floor((i1)/2)", "i0", *rest)


def at_random(program: Sequence[Touch], dice: random.Random) -> list[Time]:
    """The loops of each statement in any order, in bodies at any place."""
    times: dict[int, list[int | str]] = {}
    for touch in program:
        if touch.statement not in times:
            names = [f"i{depth}" for depth in range(len(touch.loops))]
            dice.shuffle(names)
            times[touch.statement] = [part for name in names for part in (dice.randrange(2), name)]
    return [
        (*times[touch.statement], dice.choice((0, touch.statement)), touch.statement, touch.time[-1])
        for touch in program
    ]
