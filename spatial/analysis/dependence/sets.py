"""Sets of integers: what accesses touch, which instance comes first, and how long a question about them may take."""

import functools
import itertools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import islpy

from spatial.analysis.dependence.accesses import Access, Loop
from spatial.analysis.dependence.affine import leaves, text
from spatial.analysis.dependence.conditions import ALWAYS, met, named
from spatial.ir.mlir import ir

__all__ = [
    "IN",
    "OUT",
    "Names",
    "Time",
    "Undecided",
    "before",
    "bounded",
    "differ",
    "element",
    "first_pair",
    "iterations",
    "same",
    "touched",
    "turned",
    "values_named",
]

IN, OUT, SET = islpy.dim_type.in_, islpy.dim_type.out, islpy.dim_type.set
OPERATIONS = 200_000  # of isl for one question: some tens of milliseconds
Names = Mapping[ir.Value, str]
Time = int | str


class Undecided(Exception):
    """A question about sets that takes too long to answer."""


@functools.cache
def _context() -> islpy.Context:
    return islpy.Context()


@contextmanager
def bounded() -> Iterator[None]:
    """Raises `Undecided` where what is inside takes more than its share of operations."""
    context = _context()
    context.reset_operations()
    context.set_max_operations(OPERATIONS)
    try:
        yield
    except islpy.Error as error:
        if "maximal number of operations" not in str(error):
            raise
        raise Undecided from error
    finally:
        context.set_max_operations(0)
        context.reset_operations()


@functools.lru_cache(maxsize=4096)
def _map(description: str) -> islpy.Map:
    return islpy.Map.read_from_str(_context(), description)


@functools.lru_cache(maxsize=4096)
def _time(variables: int, parameters: str, expression: Time) -> islpy.PwAff:
    return islpy.PwAff.read_from_str(_context(), f"{parameters} -> {{ {_tuple(variables)} -> [({expression})] }}")


def _tuple(variables: int, letter: str = "i") -> str:
    return f"[{', '.join(f'{letter}{number}' for number in range(variables))}]"


def touched(access: Access, parameters: Names, *, surely: bool = False) -> islpy.Map:
    """From the iterations of an access to the elements it may touch there, or surely writes.

    Elements that do not exist are touched by nobody: such an access ends the run.
    """
    names = {**parameters, **{loop.variable: f"i{n}" for n, loop in enumerate(access.loops) if loop.variable}}
    shape = access.resource.shape
    rows = [*_iterations(access, names, surely=surely)]
    for place, (index, extent) in enumerate(zip(access.indices, shape, strict=True)):
        rows.append(f"0 <= e{place} < {extent}")
        if index is not None:
            rows.append(f"e{place} = {text(index, names)}")
        elif surely and not access.whole:
            rows.append("false")
    return _map(_described(parameters, _tuple(len(access.loops)), _tuple(len(shape), "e"), rows))


def iterations(loops: Sequence[Loop], parameters: Names) -> islpy.Set:
    """All iterations of loops of which each is in the one before."""
    names = {**parameters, **{loop.variable: f"i{n}" for n, loop in enumerate(loops) if loop.variable}}
    rows = [row for depth, loop in enumerate(loops) for row in _range(loop, f"i{depth}", names, surely=False)]
    return _map(_described(parameters, "[]", _tuple(len(loops)), rows)).range()


def _described(parameters: Names, source: str, sink: str, rows: Sequence[str]) -> str:
    where = f" : {' and '.join(f'({row})' for row in rows)}" if rows else ""
    return f"[{', '.join(parameters.values())}] -> {{ {source} -> {sink}{where} }}"


def _iterations(access: Access, names: Names, *, surely: bool) -> Iterator[str]:
    for depth, loop in enumerate(access.loops):
        yield from _range(loop, f"i{depth}", names, surely=surely)
    if access.guard != ALWAYS:
        yield met(access.guard, names, surely=surely)


def _range(loop: Loop, variable: str, names: Names, *, surely: bool) -> Iterator[str]:
    if surely and not loop.exact:
        yield "false"
    if loop.variable is None:
        yield f"{variable} >= 0"
    for bound in loop.low:
        yield f"{variable} >= {text(bound, names)}"
    for bound in loop.high:
        yield f"{variable} < {text(bound, names)}"
    if loop.step != 1:
        yield f"({variable} - ({text(loop.low[0], names)})) mod {loop.step} = 0"


def values_named(access: Access) -> set[ir.Value]:
    """The values that the set of an access is described by."""
    found = named(access.guard)
    for loop in access.loops:
        for bound in (*loop.low, *loop.high):
            found |= leaves(bound)
    for index in access.indices:
        found |= leaves(index) if index is not None else set()
    return found


@functools.lru_cache(maxsize=1024)
def before(source: int, sink: int, levels: tuple[int, ...], common: int | None = None) -> islpy.Map:
    """From iterations of `source` loops to later ones of `sink` loops: they differ first in one of the loops `levels`.

    With `common` also those that are the same in so many loops.
    """
    cases = [[*_equal(depth), f"i{depth} < j{depth}"] for depth in levels]
    if common is not None:
        cases.append(_equal(common))
    return _either(source, sink, cases)


@functools.lru_cache(maxsize=1024)
def differ(source: int, sink: int, depths: tuple[int, ...]) -> islpy.Map:
    """Pairs of iterations that differ in one of the loops `depths`."""
    cases = [[f"i{depth} {order} j{depth}"] for depth in depths for order in "<>"]
    return _either(source, sink, cases)


@functools.lru_cache(maxsize=1024)
def same(source: int, sink: int, depths: tuple[int, ...]) -> islpy.Map:
    """Pairs of iterations that are the same in all of the loops `depths`."""
    return _either(source, sink, [[f"i{depth} = j{depth}" for depth in depths]])


def _equal(depths: int) -> list[str]:
    return [f"i{depth} = j{depth}" for depth in range(depths)]


def _either(source: int, sink: int, cases: Sequence[Sequence[str]]) -> islpy.Map:
    where = " or ".join(f"({' and '.join(case) or 'true'})" for case in cases) or "false"
    return _map(f"{{ {_tuple(source)} -> {_tuple(sink, 'j')} : {where} }}")


def turned(source: Sequence[Time], sink: Sequence[Time], pairs: islpy.Map, parameters: str) -> islpy.Map:
    """The pairs of iterations of which the first does not come before the second, where they happen at these times.

    The shorter of two times is filled up with zeros.
    """
    found = pairs.subtract(pairs)
    for one, other in itertools.zip_longest(source, sink, fillvalue=0):
        if isinstance(one, int) and isinstance(other, int):
            if one != other:
                return found if one < other else found.union(pairs)
            continue
        greater, equal = _compared(pairs.dim(IN), pairs.dim(OUT), parameters, one, other)
        found = found.union(pairs.intersect(greater))
        pairs = pairs.intersect(equal)
        if pairs.is_empty():
            return found
    return found.union(pairs)


@functools.lru_cache(maxsize=4096)
def _compared(source: int, sink: int, parameters: str, one: Time, other: Time) -> tuple[islpy.Map, islpy.Map]:
    """Where the one is greater than the other, and where they are equal."""
    first, second = _time(source, parameters, one), _time(sink, parameters, other)
    return first.gt_map(second), first.eq_map(second)


def first_pair(pairs: islpy.Map) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The first pair of iterations, in the order of their variables, of pairs of which there is one."""
    split, every = pairs.dim(IN), pairs.dim(IN) + pairs.dim(OUT)
    flat = pairs.wrap().flatten()
    flat = flat.move_dims(SET, every, islpy.dim_type.param, 0, flat.dim(islpy.dim_type.param))
    try:
        flat = flat.lexmin()
    except islpy.Error:  # nothing is the first where parameters have no least value
        _context().reset_operations()
    point = flat.sample_point()
    found = tuple(int(point.get_coordinate_val(SET, place).to_python()) for place in range(every))
    return found[:split], found[split:]


def element(source: islpy.Map, sink: islpy.Map, at: tuple[int, ...], then: tuple[int, ...]) -> tuple[int, ...] | None:
    """The element that two accesses both touch in these iterations, if it is only one."""
    both = _at(source, at).intersect(_at(sink, then))
    if both.is_empty() or not both.is_singleton():
        return None
    point = both.sample_point()
    return tuple(int(point.get_coordinate_val(SET, place).to_python()) for place in range(both.dim(SET)))


def _at(elements: islpy.Map, iteration: tuple[int, ...]) -> islpy.Set:
    for place, value in enumerate(iteration):
        elements = elements.fix_val(IN, place, islpy.Val.int_from_si(_context(), value))
    return elements.range().project_out_all_params()
