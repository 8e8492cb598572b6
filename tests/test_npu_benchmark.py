"""The benchmark of NPUs: what it prints holds to what is published."""

import pytest

from benchmarks.npu import cross_validated, error_table, laid, published
from benchmarks.residual import FITTED, STEPS, predicted_step
from spatial.device.npu import npu


def test_measured_products_are_those_of_the_artifact():
    cases = published()
    assert len(cases) == 197
    assert {case.dtype for case in cases} == {"i8", "i16", "bf16"}


def test_steps_of_a_residual_layer_are_in_order_and_near():
    assert len(FITTED) <= 4
    found = [predicted_step(step) for step in STEPS]
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == len(found)
    for step, milliseconds in zip(STEPS, found, strict=True):
        assert milliseconds == pytest.approx(step.milliseconds, rel=0.15)


def test_some_products_are_near_and_can_be_cross_validated():
    small = [case for case in published() if case.M * case.N * case.K <= 1 << 26 and case.dtype != "i16"][:12]
    found = list(laid(small, npu("npu1")))
    for each in found:
        assert each.seconds(npu("npu1")) == pytest.approx(each.case.seconds, rel=0.15)
    seconds = cross_validated(found, 3)
    assert len(seconds) == len(small)
    assert error_table("", small, seconds).row_count >= 1
