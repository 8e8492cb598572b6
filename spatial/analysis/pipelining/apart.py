"""Which indices differ whatever the iterations that they are of, by the bounds of the loops."""

from collections.abc import Collection

from spatial.analysis.pipelining.places import Place, sum_of
from spatial.ir.mlir import ir, scf

__all__ = ["always_apart", "always_inside"]

BOTH, FIRST, LATER = range(3)
Terms = dict[tuple[ir.Value, int], int]
"""How often each value is added, by whose it is: that of the first access, of the later one, or of both."""


def always_apart(first: tuple[Place, ...], later: tuple[Place, ...], own: Collection[ir.Value]) -> bool:
    """Whether two accesses never touch one element; of the variables in `own` each has its own values.

    `B[i, j]` and `B[k, j]` in an iteration of `i` are apart where k counts from i + 1.
    """
    return any(_differ(a, b, own) for a, b in zip(first, later, strict=True))


def always_inside(place: Place, extent: int) -> bool:
    """Whether an index is surely that of an element of so many."""
    terms: Terms = {}
    constant = _add(terms, place, 1, BOTH, ())
    opposite = {key: -times for key, times in terms.items()}
    return _surely_positive(terms, constant + 1, ()) and _surely_positive(opposite, extent - constant, ())


def _differ(a: Place, b: Place, own: Collection[ir.Value]) -> bool:
    """Whether two indices always differ: one is always the greater."""
    terms: Terms = {}
    constant = _add(terms, a, 1, FIRST, own) + _add(terms, b, -1, LATER, own)
    opposite = {key: -times for key, times in terms.items()}
    return _surely_positive(terms, constant, own) or _surely_positive(opposite, -constant, own)


def _add(terms: Terms, place: Place, times: int, whose: int, own: Collection[ir.Value]) -> int:
    """Adds a multiple of an index to a sum; what it adds to the constant."""
    constant = times * place.constant
    for value, count in place.terms.items():
        parts = sum_of(value)
        if parts.terms != {value: 1}:
            constant += _add(terms, parts, times * count, whose, own)
            continue
        key = (value, whose if value in own else BOTH)
        terms[key] = terms.get(key, 0) + times * count
        if not terms[key]:
            del terms[key]
    return constant


def _surely_positive(terms: Terms, constant: int, own: Collection[ir.Value]) -> bool:
    """Whether a sum is above 0 at the least values that its variables have, those of inner loops first."""
    left = dict(terms)
    while left:
        value, whose = max(left, key=lambda key: _depth(key[0]))
        times = left.pop((value, whose))
        end = _end(value, least=times > 0)
        if end is None:
            return False
        constant += _add(left, end, times, whose, own)
    return constant > 0


def _end(value: ir.Value, *, least: bool) -> Place | None:
    """The least or the greatest value of the variable of a counting loop; None of any other value."""
    owner = value.owner
    loop = owner.owner if isinstance(owner, ir.Block) else None
    if not isinstance(loop, scf.ForOp) or value != loop.induction_variable:
        return None
    if least:
        return sum_of(loop.lowerBound)
    high = sum_of(loop.upperBound)
    return Place(constant=high.constant - 1, terms=high.terms)


def _depth(value: ir.Value) -> int:
    """How many operations lie around what makes a value."""
    depth, op = 0, value.owner.owner if isinstance(value.owner, ir.Block) else value.owner
    while op is not None:
        depth, op = depth + 1, op.operation.parent
    return depth
