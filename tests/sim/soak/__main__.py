"""Compares the engines on many random networks: `python -m tests.sim.soak --networks 10000 --vectors 100`.

What has been checked is kept in a file, from which a later run goes on; Ctrl-C ends a run at any time.
"""

import argparse
import itertools
import json
import sys
import time
from pathlib import Path

from tests.sim.soak.check import Checked, check

BATCH = 20


def main() -> int:
    options = argparse.ArgumentParser(prog="soak", description="Compares the engines on random networks.")
    options.add_argument("--networks", type=int, default=10_000, help="networks to check that both engines run")
    options.add_argument("--vectors", type=int, default=100, help="depths and latencies for each")
    options.add_argument("--first", type=int, default=0, help="the first seed, where nothing has been checked")
    options.add_argument("--state", type=Path, default=Path("build/soak.json"), help="where to keep what is checked")
    given = options.parse_args()
    seed, total = known(given.state, given.vectors, given.first)
    begun = time.monotonic()
    try:
        for number in itertools.count(seed, BATCH):
            if total.networks >= given.networks:
                break
            found = check(range(number, number + BATCH), given.vectors)
            total.add(found)
            for wrong in found.wrong:
                print(f"MISMATCH {wrong}", flush=True)
            keep(given.state, number + BATCH, given.vectors, total)
            rate = time.monotonic() - begun
            print(f"{total.networks} networks, {total.runs} runs, {len(total.wrong)} wrong, {rate:.0f} s", flush=True)
    except KeyboardInterrupt:
        print("stopped; the same command goes on from here")
    for why, count in total.refused.most_common():
        print(f"not compared, {count} networks: {why}")
    print(f"{total.networks} networks with {total.runs} depth and latency vectors: {len(total.wrong)} mismatches")
    return 1 if total.wrong else 0


def known(state: Path, vectors: int, first: int) -> tuple[int, Checked]:
    """The next seed, and what has been checked with as many vectors."""
    if state.exists() and (found := json.loads(state.read_text()))["vectors"] == vectors:
        total = Checked(networks=found["networks"], runs=found["runs"], wrong=found["wrong"])
        total.refused.update(found["refused"])
        return found["seed"], total
    return first, Checked()


def keep(state: Path, seed: int, vectors: int, total: Checked) -> None:
    state.parent.mkdir(parents=True, exist_ok=True)
    told = {"networks": total.networks, "runs": total.runs, "wrong": total.wrong, "refused": dict(total.refused)}
    state.write_text(json.dumps({"seed": seed, "vectors": vectors, **told}))


if __name__ == "__main__":
    sys.exit(main())
