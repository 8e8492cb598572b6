"""Both engines agree on random networks: tokens, every cycle, waits, and what is told of them."""

from unittest import mock

import pytest

from tests.sim.soak.check import check

NETWORKS, VECTORS, BATCH = 500, 10, 10


@pytest.mark.parametrize("first", range(0, NETWORKS, BATCH))
def test_random_networks_run_alike_with_all_depths_and_latencies(first):
    """One batch in five is made by the compiler at its best, which takes longer than everything else."""
    with mock.patch("spatial.lower.llvm.module.OPTIMIZATION", 0 if first // BATCH % 5 else 2):
        found = check(range(first, first + BATCH), VECTORS)
    assert not found.wrong, "\n".join(found.wrong)
    assert found.runs == found.networks * VECTORS > 0
