"""Depths as vectors with a number for each group of channels, their memory, and the cycles they take."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from spatial.device.model import Device
from spatial.device.storage import Memory, largest_register, memory_of
from spatial.sim.sizing.evaluator import Evaluator, Sized

__all__ = ["Group", "Search", "Target", "Vector", "replaced", "search_of"]

Vector = tuple[int, ...]
Target = int | None  # the most cycles that a run may take; None: it only has to finish


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Channels that have one depth: at least `least`, `deep` is always enough, a register up to `register`."""

    channels: tuple[Sized, ...]
    least: int
    deep: int
    register: int

    @property
    def bits(self) -> int:
        """The bits of a token."""
        return self.channels[0].bits

    @property
    def storage(self) -> str:
        """What the channels are bound to, if they are."""
        return self.channels[0].storage

    def memories(self, depth: int) -> bool:
        """Whether the channels are memories at that depth."""
        return depth > self.register


@dataclass(slots=True)
class Search:
    """A program whose depths are looked for; runs at depths that were tried before are not repeated."""

    device: Device
    groups: tuple[Group, ...]
    evaluator: Evaluator
    known: dict[Vector, int | None] = field(default_factory=dict)

    @property
    def one_latency(self) -> bool:
        """Whether a token takes as long through a memory as through a register."""
        return self.device.memory_latency == self.device.register_latency

    def depths(self, vector: Vector) -> dict[str, int]:
        """The depth of each channel."""
        return {
            channel.name: depth for group, depth in zip(self.groups, vector, strict=True) for channel in group.channels
        }

    def vector(self, depth: Callable[[Group], int]) -> Vector:
        """The vector with that depth for each group."""
        return tuple(map(depth, self.groups))

    def memory(self, vector: Vector) -> Memory:
        """What all channels take together."""
        total = Memory()
        for group, depth in zip(self.groups, vector, strict=True):
            total += self.memory_of(group, depth)
        return total

    def memory_of(self, group: Group, depth: int) -> Memory:
        """What the channels of a group take together."""
        return memory_of(self.device, depth, group.bits, group.storage).times(len(group.channels))

    def cycles(self, vectors: Sequence[Vector]) -> list[int | None]:
        """The cycles of a run at each of the depths; None where it deadlocks."""
        fresh = [vector for vector in dict.fromkeys(vectors) if vector not in self.known]
        if fresh:
            found = self.evaluator.cycles([self.depths(vector) for vector in fresh])
            self.known.update(zip(fresh, found, strict=True))
        return [self.known[vector] for vector in vectors]

    def reach(self, vectors: Sequence[Vector], target: Target) -> list[bool]:
        """Which of the vectors run to the end within the target."""
        found = self.cycles(vectors)
        return [cycles is not None and (target is None or cycles <= target) for cycles in found]

    def reaches(self, vector: Vector, target: Target) -> bool:
        """Whether a run at these depths ends within the target."""
        return self.reach([vector], target)[0]

    def needs(self, vector: Vector) -> Vector:
        """The depths at which a run uses channels in the same cycles as at `vector`, as long as latencies are alike."""
        needed = self.evaluator.needs(self.depths(vector))
        return tuple(max(group.least, *(needed[each.name] for each in group.channels)) for group in self.groups)

    def optimistic(self) -> "Search":
        """The same where memories show tokens as soon as registers do: no depths are slower there."""
        return Search(self.device, self.groups, self.evaluator.optimistic())


def search_of(evaluator: Evaluator, device: Device) -> Search:
    """The search over the groups of an evaluator."""
    channels = {channel.name: channel for channel in evaluator.channels}
    groups = tuple(_group([channels[name] for name in names], device) for names in evaluator.groups)
    return Search(device, groups, evaluator)


def _group(channels: Sequence[Sized], device: Device) -> Group:
    least = max(1, *(channel.initial for channel in channels))
    deep = max(least, *(channel.deep for channel in channels))
    bound = {"srl": max(2, deep), "bram": 0}
    register = bound.get(channels[0].storage, largest_register(device, channels[0].bits))
    return Group(channels=tuple(channels), least=least, deep=deep, register=register)


def replaced(vector: Vector, changes: Mapping[int, int]) -> Vector:
    """The vector with other depths at some positions."""
    return tuple(changes.get(position, depth) for position, depth in enumerate(vector))
