"""Examples for NPUs compute what NumPy does, on both generations."""

import re

import numpy as np
import pytest

import spatial as sp
from examples.npu import gemm
from examples.npu.attention import attention
from examples.npu.elementwise import add_relu
from examples.npu.gemv import gemv
from examples.npu.residual import residual

DEVICES = ("npu1", "npu2")


def small(*shape):
    return np.random.default_rng(0).integers(-16, 16, shape).astype(np.int8)


@pytest.mark.parametrize("device", DEVICES)
def test_elementwise(device):
    random = np.random.default_rng(0)
    a, b = (random.integers(-1000, 1000, 4096).astype(np.int16) for _ in range(2))
    c = np.zeros_like(a)
    module = sp.build(add_relu(4096), target="aie", device=device)
    module(a, b, c)
    assert np.array_equal(c, np.maximum(a + b, 0))
    assert module.report.cores == 4
    assert "vector<16xi32>" in module.code or "vector<32xi16>" in module.code


@pytest.mark.parametrize("device", DEVICES)
def test_gemv(device):
    a, x, y = small(256, 64), small(64), np.zeros(256, np.int32)
    sp.build(gemv(256, 64), target="aie", device=device)(a, x, y)
    assert np.array_equal(y, a.astype(np.int32) @ x)


def residual_of(x, first, second, third, height, width):
    """The layer in NumPy: a pixel beyond the edge is 0, sums are shifted by 6."""
    x, first, second, third = (each.astype(np.int32) for each in (x, first, second, third))
    narrow = np.clip((x @ first) >> 6, 0, 127).reshape(height, width, -1)
    padded = np.pad(narrow, ((1, 1), (1, 1), (0, 0)))
    sums = sum(padded[i : i + height, j : j + width] @ second[i, j] for i in range(3) for j in range(3))
    seen = np.clip(sums >> 6, 0, 127).reshape(height * width, -1)
    return np.clip(x + ((seen @ third) >> 6), 0, 127).astype(np.int8)


@pytest.mark.parametrize(
    ("device", "tile", "lanes", "windows", "bands", "vectors"),
    [
        ("npu1", (8, 4), 1, 1, 1, ""),
        ("npu1", (8, 4), 4, 1, 1, "vector<4xi32>"),
        ("npu2", (8, 4), 8, 2, 1, "vector<8xi32>"),
        ("npu1", (16, 4), 8, 2, 1, "vector<8xi32>"),
        ("npu1", (16, 8), 8, 2, 1, "vector<8xi32>"),
        ("npu1", (16, 16), 8, 2, 2, "vector<8xi32>"),
        ("npu2_3col", (16, 16), 8, 2, 2, "vector<8xi32>"),
    ],
)
def test_residual_layer(device, tile, lanes, windows, bands, vectors):
    shape = (8, 8, 32, 32)
    height, width, wide, narrow = shape
    x, first, third = small(height * width, wide), small(wide, narrow), small(narrow, wide)
    second, y = small(3, 3, narrow, narrow), np.zeros_like(x)
    layer = residual(*shape, tile=tile, lanes=lanes, pipelined=lanes > 1, windows=windows, bands=bands)
    module = sp.build(layer, target="aie", device=device)
    module(x, first, second, third, y)
    assert np.array_equal(y, residual_of(x, first, second, third, height, width))
    assert module.report.cores == bands * (2 + windows)
    assert vectors in module.code
    if not vectors:
        assert not re.search(r"arith.addi .* : vector<", module.code)


@pytest.mark.parametrize("device", DEVICES)
def test_attention(device):
    random = np.random.default_rng(0)
    q, k, v = (random.standard_normal(shape).astype(np.float32) for shape in ((32, 16), (16, 16), (16, 16)))
    o = np.zeros((32, 16), np.float32)
    sp.build(attention(32, 16, 16), target="aie", device=device)(q, k, v, o)
    scores = q @ k.T
    weights = np.exp(scores - scores.max(1, keepdims=True))
    assert np.allclose(o, weights / weights.sum(1, keepdims=True) @ v, atol=1e-5)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("kind", gemm.TYPES)
def test_product(kind, device):
    module = gemm.run(kind, cores=(2, 2), device=device, sizes=(64, 64, 32))
    assert module.report.cores == 4
    assert module.placement.proven


def test_product_tells_what_it_takes(capsys):
    gemm.main(["--type", "bf16", "--cores", "1x1", "--size", "32x32x32"])
    told = capsys.readouterr().out
    assert "gemm on 1 core of" in told
    assert "the best there is" in told
    assert "bottleneck: launch" in told
