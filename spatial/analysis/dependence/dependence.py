"""A dependence: iterations of one access that must stay before iterations of another."""

from dataclasses import dataclass

import islpy

from spatial.analysis.dependence.accesses import Access, common_loops
from spatial.analysis.dependence.reductions import Reduction
from spatial.analysis.dependence.scopes import Scope
from spatial.analysis.dependence.sets import IN, OUT

__all__ = ["Dependence"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dependence:
    """The pairs of iterations in `relation`, in which the source comes first and both touch one element.

    `kind` is "flow", "anti", "output", "channel" or "messages". Where it is not `exact`, the relation
    holds all pairs that may conflict, as it was too hard to tell which do. A dependence between `updates` of one
    reduction may be turned round as long as each stays in one piece; one between two `scopes` of a local
    as long as what the local holds is not needed any more, or where each has a local of its own.
    """

    kind: str
    source: Access
    sink: Access
    relation: islpy.Map
    exact: bool = True
    updates: tuple[Reduction, Reduction] | None = None
    scopes: tuple[Scope, Scope] | None = None

    @property
    def reduction(self) -> bool:
        """Whether it is one between two updates of a reduction."""
        return self.updates is not None

    @property
    def private(self) -> bool:
        """Whether only the memory is the same, not what it holds."""
        return self.scopes is not None

    @property
    def distance(self) -> tuple[int | None, ...]:
        """For each loop of both, by how much its variable is greater at the sink; None where that differs."""
        shared = common_loops(self.source, self.sink)
        pairs = self.relation.project_out(IN, shared, len(self.source.loops) - shared)
        deltas = pairs.project_out(OUT, shared, len(self.sink.loops) - shared).deltas()
        found = (deltas.plain_get_val_if_fixed(islpy.dim_type.set, place) for place in range(shared))
        return tuple(int(value.to_python()) if value.is_int() else None for value in found)
