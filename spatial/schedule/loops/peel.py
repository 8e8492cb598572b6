"""Takes the first or the last iterations of a loop out of it."""

from spatial.ir.mlir import func, ir, scf
from spatial.schedule.building import OF_BAND, copy_into, keep_attributes, new_loop
from spatial.schedule.indices import value_of
from spatial.schedule.loops.requests import counted_trips, cut, for_loop, refused, wrong
from spatial.schedule.naming import fresh_name, loop_name

__all__ = ["peel"]


def peel(
    function: func.FuncOp, loop: ir.OpView, *, first: int | None = None, last: int | None = None
) -> tuple[scf.ForOp, scf.ForOp]:
    """Takes the first or the last iterations of a loop into a loop of their own, before or behind it.

    That is called `i.first` or `i.last`. Returns the loops in the order in which they run, which is that of all
    iterations as before.
    """
    if (first is None) == (last is None):
        raise wrong("`peel` takes a number of first or of last iterations", 'write `peel("i", first=1)`')
    word, given = ("first", first) if last is None else ("last", last)
    counting = for_loop(loop, "peel")
    number = cut(counting, "peel", word, given)
    bounds, trips = counted_trips(counting, "peel")
    if number == trips:
        title = f"`peel` leaves iterations in the loop, `{loop_name(counting)}` has {trips}"
        raise refused(title, (counting, "none would be left"))
    assert isinstance(bounds.low, int), "a loop whose iterations are known has bounds that are numbers"
    border = bounds.low + (number if last is None else trips - number) * bounds.step
    name = fresh_name(function, f"{loop_name(counting)}.{word}")
    low, high = (bounds.low, border) if last is None else (border, bounds.high)
    point = ir.InsertionPoint(counting) if last is None else ir.InsertionPoint.after(counting)
    with point, counting.location:
        peeled = new_loop(name, low, high, bounds.step, counting)
    keep_attributes(peeled, of=counting, without=OF_BAND)
    copy_into(peeled, counting, function)
    with ir.InsertionPoint(counting), counting.location:
        if last is None:
            counting.operation.operands[0] = value_of(border)
        else:
            counting.operation.operands[1] = value_of(border)
    return (peeled, counting) if last is None else (counting, peeled)
