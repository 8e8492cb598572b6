"""Checks what the steps of a schedule are given."""

from spatial.analysis.loops import inner, is_endless
from spatial.ir.location import span_of
from spatial.ir.mlir import ir, scf
from spatial.schedule.building import Bounds, bounds_of
from spatial.schedule.errors import NotPossible, WrongStep
from spatial.schedule.naming import loop_name
from spatial.source.errors import ProgramError
from spatial.source.span import caller_span

__all__ = ["called", "check_size", "counted", "counted_trips", "cut", "for_loop", "refused", "wrong"]

MOST = 1 << 16
"""Operations that a step of a schedule writes out."""


def wrong(title: str, hint: str) -> ProgramError:
    """The error of giving a step something that it cannot take."""
    return ProgramError([WrongStep(title=title, span=caller_span(), hint=hint)])


def refused(title: str, *places: tuple[ir.OpView, str], notes: tuple[str, ...] = (), hint: str = "") -> ProgramError:
    """The error of a step that loops have not the form for; `places` are operations in its way, each with why."""
    shown = tuple((span_of(op.location), text) for op, text in places)
    return ProgramError([NotPossible(title=title, span=caller_span(), places=shown, notes=notes, hint=hint)])


def called(loop: ir.OpView) -> str:
    """A loop in a sentence."""
    return f"`{loop_name(loop)}`" if "df.name" in loop.attributes else "a `while`"


def for_loop(loop: ir.OpView, step: str) -> scf.ForOp:
    """A loop that counts."""
    if isinstance(loop, scf.ForOp):
        return loop
    endless = "it runs for ever" if is_endless(loop) else "it may end at any iteration"
    raise refused(f"`{step}` takes loops that count, {called(loop)} does not", (loop, endless))


def counted(loop: ir.OpView, step: str) -> Bounds:
    """The bounds of a loop that counts."""
    found = bounds_of(for_loop(loop, step))
    if found is None:
        raise refused(f"`{step}` takes loops whose step is a number", (loop, "its step is known only in a run"))
    return found


def counted_trips(loop: ir.OpView, step: str, hint: str = "") -> tuple[Bounds, int]:
    """The bounds of a loop whose number of iterations is known, which is the second."""
    bounds = counted(loop, step)
    if bounds.trips is None:
        title = f"`{step}` needs to know how many iterations `{loop_name(loop)}` has"
        raise refused(title, (loop, "its bounds are no constants"), hint=hint)
    return bounds, bounds.trips


def cut(loop: ir.OpView, step: str, word: str, number: object) -> int:
    """How many iterations of a loop a step takes together: at least 1, at most all."""
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise wrong(f"`{word}` of `{step}` is a number of at least 1, this is {number!r}", f"write `{word}=2`")
    bounds = counted(loop, step)
    if bounds.trips is not None and number > bounds.trips:
        name, trips = loop_name(loop), _iterations(bounds.trips)
        raise refused(f"`{name}` has {trips}, fewer than {number}", (loop, f"{trips} here"))
    return number


def check_size(loop: ir.OpView, copies: int, step: str) -> None:
    """Refuses to write out more operations than anyone can use."""
    total = sum(1 for _ in inner(loop)) * copies
    if total > MOST:
        title = f"`{step}` would write {total:,} operations for `{loop_name(loop)}`, at most {MOST:,} are"
        raise refused(title, (loop, f"{_iterations(copies)} at once"), hint="give a factor, or split the loop first")


def _iterations(number: int) -> str:
    return f"{number:,} iteration{'s' if number != 1 else ''}"
