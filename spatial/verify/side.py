"""One of the two programs that are compared."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from spatial.analysis.sharing import array_uses
from spatial.ir.function import Parameter, region_function
from spatial.ir.graph import ActorGraph
from spatial.ir.location import span_of
from spatial.ir.mlir import ir
from spatial.source.span import Span
from spatial.types.dtype import DType
from spatial.types.tensor import TensorType

__all__ = ["Side", "paired"]


@dataclass(frozen=True, kw_only=True)
class Side:
    """A program, what the user calls it, and how many tokens its channels hold."""

    name: str
    module: ir.Module
    graph: ActorGraph
    depths: Mapping[str, int]

    @cached_property
    def types(self) -> Mapping[str, TensorType | DType]:
        """The types of its parameters by name, what it returns among them."""
        known = self.graph.memory_types
        return {each.name: known[each.name] for each in self.graph.parameters if each.name in known}

    @cached_property
    def outputs(self) -> frozenset[str]:
        """The parameters that it writes."""
        return frozenset(name for name, use in array_uses(self.graph).items() if use.writers) & frozenset(self.types)

    @cached_property
    def forms(self) -> Mapping[str, str]:
        """What the user knows of its parameters, by name: types, and which way streams go."""
        return {each.name: self._form(each) for each in self.graph.parameters}

    def _form(self, parameter: Parameter) -> str:
        if not parameter.stream:
            return str(parameter.type)
        extents = f"[{', '.join(map(str, parameter.shape))}]" if parameter.shape else ""
        way = "put into" if parameter.name in self.graph.outputs else "taken from"
        return f"Stream[{parameter.type}]{extents}, {way}"

    @property
    def gives(self) -> bool:
        """Whether anything comes out of it."""
        return bool(self.outputs or self.graph.outputs)

    @property
    def kept(self) -> tuple[str, ...]:
        """The memory that keeps its values from one call to the next."""
        return tuple(memory.name for memory in self.graph.memories if memory.stateful)

    @property
    def is_open(self) -> bool:
        """Whether it has parameters that are streams."""
        return any(each.stream for each in self.graph.parameters)

    @property
    def span(self) -> Span:
        """Where it stands in the text."""
        return span_of(region_function(self.module).location)


def paired(first: Side, second: Side) -> dict[str, str]:
    """For each parameter of the first program that of the second: by name if they have the same, else in order."""
    if set(first.forms) == set(second.forms):
        return {name: name for name in first.forms}
    here, there = _in_order(first), _in_order(second)
    return dict(zip(here, there, strict=False)) if len(here) == len(there) else {}


def _in_order(side: Side) -> list[str]:
    """The parameters in order, what is returned behind what is given."""
    given = [name for name in side.forms if name not in side.graph.made]
    return given + [result.name for result in side.graph.results if result.name in side.graph.made]
