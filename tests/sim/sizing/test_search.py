"""The search for depths against brute force on small networks."""

import dataclasses
import itertools
import math
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pytest

from spatial.build.simulate import compile_simulator
from spatial.device.model import DEVICES
from spatial.sim.native.compiled import compile_native
from spatial.sim.sizing.engines import evaluator_of, native_engine, reference_engine
from spatial.sim.sizing.evaluator import Sized, Stamps, need_of
from spatial.sim.sizing.search import Vector
from spatial.sim.sizing.size import Sizer, sizer_of
from spatial.sim.sizing.trim import trimmed
from tests.sim.networks import Net, predict, random_net, source, with_depths
from tests.sim.programs import region_of

DEEPEST, MOST = 6, 300


@dataclass(frozen=True)
class Oracle:
    """Evaluates depths by the recurrences of `docs/timing.md`; nothing is compiled or run."""

    net: Net
    budget: int = 2000

    @cached_property
    def channels(self) -> tuple[Sized, ...]:
        times = predict(with_depths(self.net, {link.name: 1 << 20 for link in self.net.links})).times
        return tuple(
            Sized(name=link.name, bits=link.width, initial=0, declared=link.depth, deep=len(times[True, link.name]))
            for link in self.net.links
        )

    @property
    def groups(self) -> list[tuple[str, ...]]:
        return [(link.name,) for link in self.net.links]

    def cycles(self, vectors: list[dict[str, int]]) -> list[int | None]:
        ends = [predict(with_depths(self.net, depths)).done.values() for depths in vectors]
        return [None if None in done else max(done) for done in ends]

    def stamps(self, depths: dict[str, int]) -> dict[str, Stamps]:
        times = predict(with_depths(self.net, depths)).times
        puts, gets = (
            {link.name: np.array(times[end, link.name], int) for link in self.net.links} for end in (True, False)
        )
        return {name: Stamps(puts=puts[name], gets=gets[name]) for name in puts}

    def needs(self, depths: dict[str, int]) -> dict[str, int]:
        return {name: need_of(stamps, 0, 1) for name, stamps in self.stamps(depths).items()}

    def optimistic(self) -> "Oracle":
        return Oracle(dataclasses.replace(self.net, device="ideal"))


def sizer(net: Net) -> Sizer | None:
    return sizer_of(Oracle(net), DEVICES[net.device])


def every_vector(sizer: Sizer) -> list[Vector]:
    """All depths up to some; none where they are too many."""
    ranges = [range(group.least, min(group.deep, DEEPEST) + 1) for group in sizer.search.groups]
    return list(itertools.product(*ranges)) if math.prod(map(len, ranges)) <= MOST else []


def timed(sizer: Sizer) -> list[tuple[int, Vector]]:
    """All depths that run, with their cycles."""
    vectors = every_vector(sizer)
    found = zip(sizer.search.cycles(vectors), vectors, strict=True)
    return [(cycles, vector) for cycles, vector in found if cycles is not None]


def test_the_need_of_a_channel_is_what_lies_in_it_or_is_not_free_yet():
    stamps = Stamps(puts=np.array([0, 1, 2, 3]), gets=np.array([2, 3, 4, 5]))
    assert [need_of(stamps, 0, release) for release in (0, 1, 2)] == [2, 3, 4]
    assert need_of(Stamps(puts=np.array([4]), gets=np.array([2, 3, 5])), 2, 1) == 2
    assert need_of(Stamps(puts=np.array([], int), gets=np.array([], int)), 0, 1) == 1


@pytest.mark.parametrize("start", [1000, 1060])
def test_no_depths_take_fewer_cycles_or_less_memory(start):
    seen: Counter[str] = Counter()
    for seed in range(start, start + 60):
        net = random_net(seed)
        found = sizer(net)
        if found is None or not (runs := timed(found)):
            continue
        search, best = found.search, found.best
        solution = found.smallest(best.cycles)
        assert best.cycles == solution.cycles
        assert best.cycles <= min(cycles for cycles, _ in runs), f"seed {seed}"
        assert solution.least
        enough = [search.memory(vector) for cycles, vector in runs if cycles <= best.cycles]
        assert search.memory(solution.vector) <= min(enough, default=search.memory(solution.vector)), f"seed {seed}"
        seen["memory"] += any(map(lambda g, d: g.memories(d), search.groups, solution.vector))
        seen["deeper"] += max(solution.vector) > 1
    assert min(seen["memory"], seen["deeper"]) > 0, seen


@pytest.mark.parametrize("start", [1000, 1060])
def test_the_front_is_what_no_depths_improve_on(start):
    longest = 0
    for seed in range(start, start + 60):
        found = sizer(random_net(seed))
        if found is None or not (runs := timed(found)):
            continue
        points, complete = found.front()
        assert complete, f"seed {seed}"
        front: list[tuple[int, object]] = []
        for cycles, memory in sorted((cycles, found.search.memory(vector)) for cycles, vector in runs):
            if not front or memory < front[-1][1]:
                front.append((cycles, memory))
        ours = [(point.cycles, point.memory) for point in points]
        if max(max(point.vector) for point in points) <= DEEPEST:
            assert ours == front, f"seed {seed}"
        longest = max(longest, len(ours))
    assert longest > 2


def test_trimmed_depths_cannot_be_shallower_one_by_one():
    for seed in range(1000, 1040):
        found = sizer(random_net(seed))
        if found is None:
            continue
        for target in (found.best.cycles, found.best.cycles + 3, None):
            vector = trimmed(found.search, found.best.vector, target)
            assert found.search.reaches(vector, target)
            shallower = [cycles for cycles in found.shallower(vector) if cycles is not None]
            assert target is None or all(cycles > target for cycles in shallower), f"seed {seed}"
            assert target is not None or not shallower, f"seed {seed}"


def test_both_engines_evaluate_as_the_recurrences_do():
    for seed in (1007, 1009, 1029):
        net = dataclasses.replace(random_net(seed), device="ideal")
        declared = {link.name: link.depth for link in net.links}
        region = region_of(source(net).replace("Int(600)", "Int(60)"))
        simulator = compile_simulator(region, net.device)
        ours = evaluator_of(native_engine(simulator.network, compile_native(simulator.network), {}), declared)
        reference = dataclasses.replace(ours, engine=reference_engine(simulator.network, {}))
        oracle = Oracle(net)
        for depth in (1, 3, 9):
            depths = dict.fromkeys(declared, depth)
            assert ours.cycles([depths]) == reference.cycles([depths]) == oracle.cycles([depths])
            if ours.cycles([depths]) == [None]:
                continue
            for name, expected in oracle.stamps(depths).items():
                for found in (ours.stamps(depths), reference.stamps(depths)):
                    assert np.array_equal(found[name].puts, expected.puts)
                    assert np.array_equal(found[name].gets, expected.gets)
