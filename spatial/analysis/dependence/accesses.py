"""What the accesses of a function are: which operation touches what, in which loops, under which conditions."""

from dataclasses import dataclass, field

from spatial.analysis.dependence.affine import Affine
from spatial.analysis.dependence.conditions import Condition
from spatial.ir.location import span_of
from spatial.ir.mlir import ir
from spatial.source.span import Span

__all__ = ["Access", "Loop", "Resource", "common_loops"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Loop:
    """A loop of a function: its variable is at least each of `low` and below each of `high`, `step` apart.

    A `while` has no variable and no bounds; its iterations are counted from 0. Where it is not
    `exact`, iterations that are described here need not happen.
    """

    op: ir.OpView
    name: str
    low: tuple[Affine, ...]
    high: tuple[Affine, ...]
    step: int
    exact: bool
    variable: ir.Value | None = None
    shown: tuple[int, int] = (0, 1)
    """The user's variable is the first, and the second times this one."""

    @property
    def any_order(self) -> bool:
        """Whether the user allows its iterations in any order."""
        return "df.reduction" in self.op.attributes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Resource:
    """Something that operations touch in an order: an array or scalar, an end of a channel, the messages to the user.

    `kind` is "array", "channel" or "messages"; a scalar is an array of rank 0, as is one of which no
    more is known than that it is touched. `local` is where memory of the function's own is allocated, in
    the loops `owners`: each of their iterations has its own.
    """

    kind: str
    name: str
    shape: tuple[int, ...] = ()
    local: ir.Value | None = None
    owners: tuple[Loop, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Access:
    """One way in which one operation touches a resource, in every iteration of its loops in which `guard` is met.

    An index that is None may be any; where it is `whole`, all elements are touched. `place` says where
    it stands in the body of the function and of each of its loops, in the order of the text, `order` where it stands
    among all of the function.
    """

    op: ir.OpView
    resource: Resource
    reads: bool
    writes: bool
    loops: tuple[Loop, ...]
    guard: Condition
    order: int
    place: tuple[int, ...]
    indices: tuple[Affine | None, ...] = ()
    whole: bool = False
    span: Span = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "span", span_of(self.op.location))

    @property
    def times(self) -> tuple[int | str, ...]:
        """When it happens: places and the variables of its loops, in turn."""
        vector: list[int | str] = []
        for depth, place in enumerate(self.place):
            vector += [place, f"i{depth}"]
        return tuple(vector[:-1])


def common_loops(first: Access, second: Access) -> int:
    """How many loops two accesses share."""
    shared = 0
    for one, other in zip(first.loops, second.loops, strict=False):
        if one is not other:
            break
        shared += 1
    return shared
