"""Names in the top function of a design."""

from collections.abc import Iterable

from spatial.ir.graph import ActorGraph
from spatial.lower.hls.emit.names import LIBRARY, Names, identifier

__all__ = ["Scope", "scope_of"]


class Scope(Names):
    """The names of a top function, which is called `top`.

    `parameters` are those of the region's parameters, by what the user calls them.
    """

    def __init__(self, functions: Iterable[str], region: str, parameters: Iterable[str]) -> None:
        super().__init__()
        for name in functions:
            self.fresh(name)
        self.top = self.fresh(f"{region}_top" if identifier(region) in LIBRARY else region)
        self.parameters = {name: self.fresh(name) for name in parameters}

    @property
    def taken(self) -> frozenset[str]:
        """All names so far."""
        return frozenset(self._scopes[-1])


def scope_of(graph: ActorGraph, functions: Iterable[str]) -> Scope:
    """The names of a region's parameters, which keep clear of those of functions."""
    return Scope(functions, graph.name, (parameter.name for parameter in graph.parameters))
