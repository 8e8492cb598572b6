"""Who shares memory with whom: arrays given by reference have one layout, the least that serves all who use it."""

import functools
import itertools
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import networkx
from networkx.utils import UnionFind

from spatial.source.span import Span
from spatial.types.layout import Layout

__all__ = ["Asked", "Classes", "Given"]

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given(Generic[K]):
    """An array is given by reference, at a place: `inner` is another name of the memory `outer`."""

    outer: K
    inner: K
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Generic[K]):
    """A user of memory asks for a layout, at a place, and why; nothing is told where the layout was given there."""

    memory: K
    layout: Layout
    span: Span
    why: str = ""


@dataclass(slots=True)
class Classes(Generic[K]):
    """Names of memory in classes, each of which is one piece of memory, and what is asked of each class.

    All takes time in proportion to the names, the gifts and the demands: a class has one layout, which only goes up,
    and each demand is joined into it once.
    """

    given: Sequence[Given[K]]
    asked: Sequence[Asked[K]]
    homes: "UnionFind[K]" = field(init=False, repr=False)
    wanted: dict[K, list[Asked[K]]] = field(init=False, repr=False)
    layouts: dict[K, Layout] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.homes = UnionFind()
        for each in self.given:
            self.homes.union(each.outer, each.inner)
        self.wanted = {}
        for asked in self.asked:
            self.wanted.setdefault(self.homes[asked.memory], []).append(asked)
        self.layouts = {home: _joined(wanted) for home, wanted in self.wanted.items()}

    def home(self, memory: K) -> K:
        """The name that stands for all names of some memory."""
        return self.homes[memory]

    def layout(self, memory: K) -> Layout | None:
        """The least layout that serves all who use some memory; None where nobody asks for one."""
        return self.layouts.get(self.home(memory))

    def demands(self, memory: K) -> list[Asked[K]]:
        """What is asked of some memory, by whatever name."""
        return self.wanted.get(self.home(memory), [])

    def way(self, start: K, end: K) -> list[Given[K]]:
        """The gifts, one after the other, by which one name of some memory comes to another."""
        graph: networkx.Graph[K] = networkx.Graph()
        graph.add_nodes_from((start, end))
        for each in self.given:
            if self.home(each.outer) == self.home(start):
                graph.add_edge(each.outer, each.inner, given=each)
        path = networkx.shortest_path(graph, start, end)
        return [graph.edges[pair]["given"] for pair in itertools.pairwise(path)]


def _joined(wanted: Sequence[Asked[K]]) -> Layout:
    """The least layout that serves all; each that is asked for several times is joined once."""
    different = set({id(asked.layout): asked.layout for asked in wanted}.values())
    return functools.reduce(Layout.join, different)
