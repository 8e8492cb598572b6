"""Examples for NPUs compute what NumPy does, on both generations."""

import shutil

import numpy as np
import pytest

import spatial as sp
from examples.npu import attention, cannon, convolution, elementwise, external, gemm, gemv, softmax

DEVICES = ("npu1", "npu2")


@pytest.mark.parametrize("device", DEVICES)
def test_elementwise(device):
    module = elementwise.run(4, device, 4096)
    assert module.report.cores == 4
    assert "vector<16xi32>" in module.code or "vector<32xi16>" in module.code


@pytest.mark.parametrize(("cores", "device"), [(1, "npu1"), (4, "npu2")])
def test_gemv(cores, device):
    module = gemv.run(cores, device, 256, 64)
    assert module.report.cores == cores
    assert module.placement.proven


@pytest.mark.parametrize(("heads", "device"), [(1, "npu1"), (2, "npu2")])
def test_attention(heads, device):
    module = attention.run(3 * heads, device, 32, 16, 16)
    assert module.report.cores == 3 * heads
    assert module.placement.proven


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("kind", gemm.TYPES)
def test_product(kind, device):
    module = gemm.run(kind, cores=(2, 2), device=device, sizes=(64, 64, 32))
    assert module.report.cores == 4
    assert module.placement.proven


@pytest.mark.parametrize(("kind", "cores", "device"), [("float32", 1, "npu1"), ("bf16", 4, "npu2")])
def test_softmax(kind, cores, device):
    module = softmax.run(kind, cores, device, 32, 32)
    assert module.report.cores == cores
    assert module.placement.proven


@pytest.mark.parametrize(("cores", "device"), [((1, 1), "npu1"), ((4, 1), "npu1"), ((2, 2), "npu2")])
def test_convolution(cores, device):
    module = convolution.run(cores, device, 8, 8, 16, 16)
    assert module.report.cores == cores[0] * cores[1]
    assert module.placement.proven


@pytest.mark.parametrize(("kind", "device"), [("int8", "npu1"), ("int16", "npu2"), ("bf16", "npu1_2col")])
def test_cannon_on_a_small_torus_needs_no_dma_between_cores(kind, device):
    m, k, n = cannon.TILES[kind]
    module = cannon.run(kind, 2, device, (2 * m, 4 * k, 2 * n))
    between = [name for name in module.placement.memory_of if name.startswith(("left", "up", "down"))]
    assert len(between) == 4 + 4 + 2
    assert module.placement.proven


def test_cannon_closes_a_torus_of_sixteen_cores_by_dma():
    module = sp.build(cannon.cannon(128, 128, 256), target="aie", device="npu2", seconds=1)
    A, B = gemm.draw("int8", 128, 128, 256)
    C = np.zeros((128, 256), np.int32)
    module(A, B, C)
    assert np.array_equal(C, A.astype(np.int32) @ B.astype(np.int32))
    moved = {route.fifo for route in module.placement.routes if route.fifo.startswith(("left", "up"))}
    assert module.report.cores == 16
    assert len(moved) >= 8


def test_cannon_has_sizes_for_each_torus():
    for kind, blocks in cannon.TILES.items():
        for side in (2, 3, 5):
            cannon.cannon(*cannon.usual(kind, side), kind, side)
            assert cannon.usual(kind, side) == tuple(2 * side * each for each in blocks)
    with pytest.raises(SystemExit, match="200 x 256 x 512 is no multiple of 128 x 128 x 256"):
        cannon.main(["--size", "200x256x512"])


def test_cannon_on_a_torus_larger_than_the_array_is_refused():
    with pytest.raises(sp.ProgramError, match="the program needs 9 cores, `npu1_2col` has 8"):
        cannon.run("int8", 3, "npu1_2col", (96, 96, 192))


@pytest.mark.parametrize("side", [2, 3, 4, 5])
def test_each_core_of_a_torus_keeps_its_own_block(side):
    for row in range(side):
        order = [(row - x) % side for x in range(side)]  # how far from column 0 the blocks of a row are kept
        for column in range(side):
            own = -column % side
            reaching = [distance for distance in order if distance >= own]
            assert reaching.index(own) == cannon.earlier(side, column, row)


@pytest.mark.skipif(shutil.which("g++") is None, reason="no C++ compiler")
@pytest.mark.parametrize("device", DEVICES)
def test_functions_in_cpp(device, tmp_path):
    module = external.run(2, device, 4096)
    assert module.code.count("call @gray") == 2
    project = sp.build(
        external.gray_image(4096, 2), target="aie", device=device, mode="project", path=tmp_path / "gray"
    )
    assert list(project.project.path.rglob("gray.cc"))


EXAMPLES = [
    (attention, ["--size", "16x8x8"]),
    (cannon, ["--cores", "2x2", "--size", "64x64x128"]),
    (convolution, ["--cores", "1x1", "--size", "4x4x8x8"]),
    (elementwise, ["--cores", "2", "--size", "1024"]),
    (gemm, ["--type", "bf16", "--cores", "1x1", "--size", "32x32x32"]),
    (gemv, ["--cores", "2", "--size", "64x32"]),
    (softmax, ["--cores", "1", "--size", "8x8"]),
]


@pytest.mark.parametrize(("example", "given"), EXAMPLES, ids=lambda each: getattr(each, "__name__", "").split(".")[-1])
def test_an_example_tells_what_it_takes(example, given, capsys):
    example.main(given)
    told = capsys.readouterr().out
    assert "of Ryzen AI NPU" in told
    assert "the best there is" in told
    assert "bottleneck: " in told


def test_the_command_line_asks_for_as_many_numbers_as_there_are(capsys):
    with pytest.raises(SystemExit):
        gemm.main(["--cores", "4"])
    assert "--cores has 2 numbers, as 4x4" in capsys.readouterr().err
