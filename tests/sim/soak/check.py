"""Checks batches of random networks, each with many depths and latencies."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.sim.soak.cases import vectors
from tests.sim.soak.compare import differences, pairs, worse_with_depth


@dataclass(slots=True)
class Checked:
    """How much has been checked, what the native engine does not run, and what is wrong, with the seed."""

    networks: int = 0
    runs: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def add(self, other: "Checked") -> None:
        self.networks += other.networks
        self.runs += other.runs
        self.refused += other.refused
        self.wrong += other.wrong


def check(seeds: Sequence[int], count: int) -> Checked:
    """Runs the networks of seeds on both engines with so many vectors of depths and latencies each."""
    found = Checked()
    for pair in pairs(seeds):
        if isinstance(pair, str):
            found.refused[pair.partition(": ")[2]] += 1
            continue
        found.networks += 1
        for number, vector in enumerate(vectors(pair.case, list(pair.network.graph.channel), count)):
            told = differences(pair, vector) + worse_with_depth(pair, vector)
            found.runs += 1
            where = f"seed {pair.case.seed}, vector {number} of {count}: {dict(vector.depths)} on {vector.device.name}"
            found.wrong += [f"{where}, until {vector.until}: {each}" for each in told]
    return found
