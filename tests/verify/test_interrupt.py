"""Ctrl-C ends a verification and leaves nothing behind."""

import gc

import pytest

import spatial as sp
from spatial import int32
from spatial.sim.native.engine import NativeRun
from spatial.sim.reference.engine import Ending
from spatial.verify.kinds import Kind

N = 4


def plain(X: int32[N], Y: int32[N]):
    for i in range(N):
        Y[i] = X[i] + 1


@pytest.mark.parametrize("mode", ["exact", "ring", "test"])
def test_ctrl_c_is_handed_on_and_the_next_verdict_is_right(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(NativeRun, "advance", lambda *_, **__: Ending.INTERRUPTED)
        with pytest.raises(KeyboardInterrupt):
            sp.verify(plain, plain, mode=mode)
    assert gc.isenabled()
    verdict = sp.verify(plain, plain, mode=mode, samples=5)
    assert verdict.kind is (Kind.AGREE if mode == "test" else Kind.EQUAL)
