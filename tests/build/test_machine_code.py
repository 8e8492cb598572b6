"""When machine code is made."""

import pytest

import spatial as sp
from spatial.lower.llvm.module import compiled
from tests.sim.programs import actors

CHANNEL = "a: Stream[int32, 2]"
ENDS = {"left": "for k in range(9):\n    a.put(k)", "right": "for k in range(9):\n    x: int32 = a.get()"}


@pytest.fixture(autouse=True)
def nothing_is_known():
    compiled.cache_clear()


def made() -> int:
    """How often machine code has been made in this test."""
    return compiled.cache_info().misses


def test_a_built_module_has_it_before_it_is_called():
    module = sp.build(actors(CHANNEL, **ENDS), target="simulator")
    assert made() == 1
    module()
    module()
    assert made() == 1


@pytest.mark.parametrize("options", [{}, {"record": "a"}])
def test_a_run_makes_it_once(options):
    sp.simulate(actors(CHANNEL, **ENDS), **options)
    assert made() == 1


def test_another_device_needs_no_other():
    region = actors(CHANNEL, **ENDS)
    runs = [sp.simulate(region, device=device, depths={"a": depth}) for device in ("ideal", "hls") for depth in (1, 4)]
    assert len({run.cycles for run in runs}) > 1
    assert made() == 1


def test_what_runs_nothing_needs_none():
    sp.check(actors(CHANNEL, **ENDS))
    sp.report(actors(CHANNEL, **ENDS))
    assert made() == 0
