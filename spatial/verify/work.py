"""One of the two programs of a verification, ready to be run on tokens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from spatial.device.model import Device
from spatial.types.tensor import element_of, size_of
from spatial.verify.domain import Domain, Words
from spatial.verify.explain.recorded import Wanted, room
from spatial.verify.flow import Flow
from spatial.verify.graph import known_number
from spatial.verify.rewrite import Symbolic, symbolic
from spatial.verify.running import Memory, Ran, run_symbolic
from spatial.verify.side import Side

__all__ = ["Known", "Work"]

Known = Mapping[str, Sequence[int | float]]
"""The elements that parameters begin with, as the engine has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A program, the domain of its tokens, and what its parameters begin with.

    `label` tells the two programs apart, `names` has what the first one calls each parameter, `known` those whose
    elements are numbers. It is its so many-th `call`, with what the one before `kept` in stateful memory.
    """

    label: str
    side: Side
    domain: Domain
    names: Mapping[str, str]
    known: Known
    device: Device
    call: int = 1
    kept: Mapping[str, Sequence[object]] = field(default_factory=dict)

    def run(self, wanted: Wanted | None = None) -> tuple[Symbolic, Ran]:
        """The program on tokens, and what it leaves; where a token is `wanted` actors write down what they compute."""
        side = self.side
        program = symbolic(side.module, side.graph, self.domain, self.label, frozenset(self.known), wanted)
        memory = dict(self.memory(program.flow))
        if wanted is not None:
            written = (array.name for array in program.graph.arrays if array.name not in memory)
            memory |= {name: np.zeros(room(wanted), np.int64) for name in written}
        return program, run_symbolic(program, memory, side.depths, self.device)

    def memory(self, flow: Flow) -> Memory:
        """What the parameters begin with, tokens that both programs are given or numbers, and what was kept."""
        kept = {name: self.tokens_in(name, flow) for name in self.kept}
        return {name: self.elements(name, flow) for name in self.side.types} | kept

    def tokens_in(self, name: str, flow: Flow) -> Sequence[object] | Words:
        """What stateful memory begins with."""
        values = self.kept[name]
        return self.domain.words_of([int(str(each)) for each in values]) if flow.names(name) else values

    def elements(self, name: str, flow: Flow) -> Sequence[int | float] | Words:
        """What a parameter begins with."""
        type_, domain = self.side.types[name], self.domain
        known = self.known.get(name)
        if known is not None and not flow.names(name):
            return known
        if known is not None:
            return domain.words_of([known_number(each, element_of(type_), domain) for each in known])
        if name in self.side.graph.made:
            return np.tile(domain.poison(self.label), size_of(type_))
        of_call = f" of call {self.call}" if self.call > 1 else ""
        return domain.fresh(f"parameter {self.names[name]}{of_call}", size_of(type_))
