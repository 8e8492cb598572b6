"""Whether elements are read in the order in which they are written."""

from dataclasses import dataclass

import islpy

from spatial.analysis.dependence.accesses import Access
from spatial.analysis.dependence.dependences import Dependences
from spatial.analysis.dependence.sets import Undecided, before, bounded, element, first_pair, touched
from spatial.ir.mlir import func, ir
from spatial.schedule.loops.requests import refused
from spatial.source.errors import ProgramError

__all__ = ["Sequence", "check_same", "sequence_of"]

Iteration = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """The elements that an access of a kernel goes through, each once, in the order of its iterations."""

    access: Access
    kernel: str
    elements: islpy.Map

    def at(self, iteration: Iteration) -> str:
        """The element of an iteration."""
        found = element(self.elements, self.elements, iteration, iteration) or ()
        return f"{self.access.resource.name}[{', '.join(map(str, found))}]"

    def when(self, iteration: Iteration) -> str:
        """An iteration as the user knows it."""
        loops = zip(self.access.loops, iteration, strict=True)
        return ", ".join(f"{loop.name} = {loop.shown[0] + loop.shown[1] * value}" for loop, value in loops)

    @property
    def order(self) -> islpy.Map:
        """Pairs of iterations of which the first comes first."""
        count = len(self.access.loops)
        domain = self.elements.domain()
        return before(count, count, tuple(range(count))).intersect_domain(domain).intersect_range(domain)


def sequence_of(function: func.FuncOp, op: ir.OpView, step: str) -> Sequence:
    """What an access goes through; refused where that depends on data, or where it meets an element twice."""
    dependences = Dependences.of(function)
    access = next(each for each in dependences.accesses if each.op == op)
    name, kernel = access.resource.name, str(function.attributes["df.kernel"].value)
    deed = "writes" if access.writes else "reads"
    try:
        with bounded():
            elements = touched(access, dependences.parameters)
            if not elements.is_subset(touched(access, dependences.parameters, surely=True)) or dependences.parameters:
                title = f"`{step}` needs to know in which order `{kernel}` {deed} `{name}`"
                raise refused(title, (op, "which elements these are depends on more than loop variables"))
            found = Sequence(access=access, kernel=kernel, elements=elements)
            if not elements.is_injective():
                _refuse_twice(found, deed, step)
    except Undecided:
        raise refused(f"the order in which `{kernel}` {deed} `{name}` is too hard to tell", (op, "here")) from None
    return found


def _refuse_twice(found: Sequence, deed: str, step: str) -> None:
    pairs = found.elements.apply_range(found.elements.reverse()).intersect(found.order)
    one, other = first_pair(pairs)
    name = found.access.resource.name
    title = f"`{step}` passes each element of `{name}` once, `{found.kernel}` {deed} `{found.at(one)}` several times"
    way = "cache_write" if found.access.writes else "buffer_at"
    hint = f"`s.{way}` keeps a part of `{name}` in `{found.kernel}`, so that it {deed} each element once"
    raise refused(title, (found.access.op, f"at {found.when(one)}, and again at {found.when(other)}"), hint=hint)


def check_same(written: Sequence, read: Sequence) -> None:
    """Refuses sequences that are not the same, with the first element out of order."""
    try:
        with bounded():
            _check_elements(written, read)
            order = read.elements.reverse().apply_range(read.order).apply_range(read.elements)
            kept = written.elements.apply_range(order).apply_range(written.elements.reverse())
            wrong = written.order.subtract(kept)
            if not wrong.is_empty():
                raise _out_of_order(written, read, *first_pair(wrong))
    except Undecided:
        name = written.access.resource.name
        title = f"whether `{name}` is read in the order in which it is written is too hard to tell"
        raise refused(title, (written.access.op, "written here"), (read.access.op, "read here")) from None


def _check_elements(written: Sequence, read: Sequence) -> None:
    """What is written is what is read."""
    for one, other, deed, lack in ((written, read, "written", "read"), (read, written, "read", "written")):
        alone = one.elements.subtract_range(other.elements.range())
        if not alone.is_empty():
            at, _ = first_pair(islpy.Map.from_domain_and_range(alone.domain(), alone.domain()))
            title = f"`to` passes what is written to who reads it: `{one.at(at)}` is {deed} and not {lack}"
            places = (one.access.op, f"{deed} at {one.when(at)}"), (other.access.op, f"not {lack} here")
            raise refused(title, *places)


def _out_of_order(written: Sequence, read: Sequence, one: Iteration, other: Iteration) -> ProgramError:
    """The first element that comes too early, or too late."""
    name = written.access.resource.name
    title = f"`{read.kernel}` reads `{name}` in another order than `{written.kernel}` writes it"
    first, second = written.at(one), written.at(other)
    places = (
        (
            written.access.op,
            f"`{first}` is written at {written.when(one)}, `{second}` behind it at {written.when(other)}",
        ),
        (read.access.op, f"`{second}` is read before `{first}`"),
    )
    return refused(title, *places, hint="`reorder` the loops of one, or let `buffer_at` copy a part in order")
