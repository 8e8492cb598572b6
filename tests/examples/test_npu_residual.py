"""The residual layer for NPUs computes what NumPy does, in all steps of its tuning."""

import re
from dataclasses import replace

import pytest

import spatial as sp
from benchmarks.residual import STEPS
from examples.npu.residual import main, run

SIZE = (4, 16, 64, 32)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_residual_layer(step):
    """The steps of the benchmark with fewer rows, half of the pixels in a row, and fewer channels."""
    pixels, channels = step.tile
    tile = (max(pixels // 2, step.lanes), channels // 2)
    module = run("npu1", SIZE, **replace(step, tile=tile).how)
    assert module.report.cores == step.bands * (2 + step.windows)
    products = re.findall(r"arith.muli .* : (vector<\d+xi16>|i16)", module.code)
    assert set(products) == {f"vector<{step.lanes}xi16>" if step.lanes > 1 else "i16"}


@pytest.mark.parametrize("step", [STEPS[3], STEPS[-1]], ids=lambda step: step.name)
def test_residual_layer_on_the_second_generation(step):
    module = run("npu2_3col", SIZE, **replace(step, tile=(16, 16)).how)
    assert module.report.cores == step.bands * (2 + step.windows)


@pytest.mark.parametrize("step", STEPS[::4], ids=lambda step: step.name)
def test_residual_layer_of_full_size_is_placed(step):
    module = sp.build(step.design(), target="aie", device="npu1")
    assert module.placement.proven
    assert module.report.cores == step.bands * (2 + step.windows)


def test_residual_layer_tells_what_it_takes(capsys):
    main(["--cores", "4", "--size", "4x16x32x32"])
    assert "residual on 4 cores" in capsys.readouterr().out


def test_residual_layer_is_on_3_4_or_8_cores():
    with pytest.raises(SystemExit, match="3, 4 or 8"):
        main(["--cores", "5"])
