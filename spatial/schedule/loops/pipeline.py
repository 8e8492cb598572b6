"""Says how the iterations of a loop overlap."""

from spatial.analysis.loops import inner, is_loop
from spatial.ir.mlir import func, ir, scf
from spatial.schedule.loops.requests import called, check_size, counted_trips, for_loop, refused, wrong
from spatial.schedule.loops.unroll import unroll_whole
from spatial.schedule.naming import loop_name

__all__ = ["pipeline"]

STYLES = ("elastic", "rigid")


def pipeline(function: func.FuncOp, loop: ir.OpView, ii: int | None = None, style: str = "elastic") -> scf.ForOp:
    """An iteration of a loop begins every `ii` cycles, by default as often as can be; the loop.

    `style` says whether the stages of a pipeline that waits for a token go on ("elastic") or stop ("rigid"). Loops
    inside are written out, so their numbers of iterations are known. The order of iterations stays; an interval
    that the body cannot keep is refused when the program is timed.
    """
    counting = for_loop(loop, "pipeline")
    if ii is not None and (not isinstance(ii, int) or isinstance(ii, bool) or not 1 <= ii < 2**31):
        said = f"`ii` of `pipeline` is a number of at least 1, less than 2**31, this is {ii!r}"
        raise wrong(said, "write `ii=1`")
    if style not in STYLES:
        raise wrong(f"there is no style {style!r} of `pipeline`", 'write `style="elastic"` or `style="rigid"`')
    check_size(counting, _copies(counting, counting), "pipeline")
    for op in [each for each in inner(counting) if is_loop(each)][::-1]:
        unroll_whole(function, for_loop(op, "pipeline"), "pipeline")
    if "df.pipelined" in counting.attributes:
        del counting.attributes["df.pipelined"]
    with counting.location:
        counting.attributes["df.pipeline"] = _request(ii, style)
    return counting


def _copies(loop: ir.OpView, pipelined: scf.ForOp) -> int:
    """How often the loops inside a loop write out the operations of the innermost of them."""
    most = 1
    for op in inner(loop):
        if is_loop(op):
            trips = _trips(op, pipelined)
            most = max(most, trips * _copies(op, pipelined))
    return most


def _trips(loop: ir.OpView, pipelined: scf.ForOp) -> int:
    if isinstance(loop, scf.ForOp):
        return counted_trips(loop, "pipeline", f"pipeline `{loop_name(loop)}` itself")[1]
    title = f"`pipeline` writes out the loops in `{loop_name(pipelined)}`, {called(loop)} does not count"
    raise refused(title, (loop, "it may end at any iteration"))


def _request(ii: int | None, style: str) -> ir.Attribute:
    i64 = ir.IntegerType.get_signless(64)
    said: dict[str, ir.Attribute] = {"stages": ir.DictAttr.get({}), "style": ir.StringAttr.get(style)}
    if ii is not None:
        said["ii"] = ir.IntegerAttr.get(i64, ii)
    return ir.DictAttr.get(said)
