"""Designs for NPUs: built, run where there is no NPU, exported."""

import json
import subprocess
import sys

import numpy as np
import pytest

import spatial as sp
from spatial import Fixed
from spatial.build.aie.hardware import Hardware
from tests.lower.aie.emit.programs import gemm_program, vector_program


def vectors(size=1024):
    return np.arange(size, dtype=np.int32), 3 * np.arange(size, dtype=np.int32), np.zeros(size, np.int32)


def test_design_computes_what_the_program_does_and_says_once_that_there_is_no_npu(capsys):
    module = sp.build(vector_program(1024, 64), target="aie", device="npu1")
    a, b, c = vectors()
    module(a, b, c)
    module(a, b, c)
    assert np.array_equal(c, a + b)
    assert capsys.readouterr().err.count("there is no NPU here") == 1
    assert module.last_run.outputs == {}


def test_a_profile_without_an_npu_says_what_was_timed():
    module = sp.build(vector_program(1024, 64), target="aie", device="npu1")
    told = str(module.profile(*vectors(), warmup=0, iterations=1))
    assert "of functional runs on this machine, not on an NPU" in told


def test_an_array_that_its_own_results_overwrite_is_to_be_two():
    @sp.region()
    def increment(A: sp.int32[64]):
        given: sp.Stream[sp.int32[64], 2]
        made: sp.Stream[sp.int32[64], 2]

        @sp.kernel(args=[A])
        def load(A: sp.int32[64]):
            given.put(A)

        @sp.kernel()
        def work():
            x = given.get()
            y: sp.int32[64] = 0
            for i in range(64):
                y[i] = x[i] + 1
            made.put(y)

        @sp.kernel(args=[A])
        def store(A: sp.int32[64]):
            A[:] = made.get()

    with pytest.raises(sp.ProgramError) as caught:
        sp.build(increment, target="aie", device="npu1")
    report = caught.value.problems[0].report()
    assert report.code == "aie/handed-array"
    assert report.hint == "use two arrays: a parameter that is read, and another one that is written in place of `A`"


def test_design_of_a_gemm_is_exact_on_both_devices():
    random = np.random.default_rng(0)
    a, b = (random.integers(-128, 128, (32, 32)).astype(np.int8) for _ in range(2))
    for device in ("npu1", "npu2"):
        c = np.zeros((32, 32), np.int32)
        sp.build(gemm_program(32, 16), target="aie", device=device)(a, b, c)
        assert np.array_equal(c, a.astype(np.int32) @ b.astype(np.int32))


def test_code_is_the_design_and_the_report_has_its_tiles():
    module = sp.build(vector_program(1024, 64), target="aie", device="npu2")
    assert str(module) == module.code
    assert "aie.device(npu2)" in module.code
    assert module.report.cores == 1
    assert "add[0]" in str(module.report)
    assert module.placement.device == "npu2"


def test_depths_reach_the_objects():
    module = sp.build(vector_program(1024, 64), target="aie", depths={"fa": 4})
    assert "@fa" in module.code
    assert "4 : i32" in module.code


def test_project_is_whole_and_can_be_replaced(tmp_path):
    module = sp.build(vector_program(1024, 64), target="aie", mode="project", path=tmp_path / "vadd")
    again = module.export(tmp_path / "vadd")
    files = {path.name for path in again.path.iterdir()}
    assert {"aie.mlir", "aie_generic.mlir", "host.cpp", "run.py", "Makefile", "README.md", "description.json"} <= files
    assert (again.path / "aie.mlir").read_text() == module.code
    tiles = json.loads((again.path / "description.json").read_text())["tiles"]
    assert any(each["actor"] == "add[0]" for each in tiles)
    subprocess.run([sys.executable, "-m", "py_compile", str(again.path / "run.py")], check=True)


@pytest.mark.parametrize(
    ("options", "title"),
    [
        ({"device": "npu9"}, "npu9"),
        ({"seconds": 0}, "`seconds` is how long a placement may take"),
        ({"mode": "csim"}, "has no mode 'csim'"),
        ({"path": "there"}, "`path` is for projects"),
        ({"engine": "simpy"}, "`engine` is not for designs for NPUs"),
    ],
)
def test_options_that_a_design_does_not_have_are_refused(options, title):
    with pytest.raises(sp.ProgramError, match=title):
        sp.build(vector_program(1024, 64), target="aie", **options)


PYXRT = """
import numpy as np


class bo:
    cacheable = host_only = 0

    def __init__(self, device, size, flags, group):
        self.data = np.zeros(size, np.uint8)

    def write(self, data, at):
        self.data[:] = data

    def read(self, size, at):
        return self.data.tobytes()

    def sync(self, *given):
        pass


class xclBOSyncDirection:
    XCL_BO_SYNC_BO_TO_DEVICE = XCL_BO_SYNC_BO_FROM_DEVICE = 0


class device:
    def __init__(self, number):
        pass

    def register_xclbin(self, xclbin):
        pass


class xclbin:
    def __init__(self, path):
        open(path).close()

    def get_uuid(self):
        return 0


class hw_context:
    def __init__(self, device, uuid):
        pass


class kernel:
    def __init__(self, context, name):
        pass

    def group_id(self, number):
        return number

    def __call__(self, opcode, sequence, words, a, b, c):
        assert (opcode, words) == (3, 2)
        c.data.view(np.int32)[:] = a.data.view(np.int32) + b.data.view(np.int32)
        return self

    def wait(self):
        pass
"""


def test_host_program_in_python_runs_a_design_through_the_runtime(tmp_path, monkeypatch):
    project = sp.build(vector_program(1024, 64), target="aie", mode="project", path=tmp_path / "vadd").project
    (tmp_path / "pyxrt.py").write_text(PYXRT)
    monkeypatch.syspath_prepend(tmp_path)
    (project.path / "build").mkdir()
    (project.path / "build" / "final.xclbin").touch()
    np.zeros(2, np.uint32).tofile(project.path / "build" / "insts.bin")
    run = {"__name__": "host", "__file__": str(project.path / "run.py")}
    exec((project.path / "run.py").read_text(), run)
    a, b, c = vectors()
    run["Design"]()(a, b, c)
    assert np.array_equal(c, a + b)


def test_call_runs_on_an_npu_that_is_there():
    module = sp.build(vector_program(1024, 64), target="aie")

    def design(a, b, c):
        c[:] = a - b

    module.hardware = Hardware(module.placed, lambda: design)
    a, b, c = vectors()
    module(a, b, c)
    assert np.array_equal(c, a - b)
    wide = np.zeros(1024, np.int64)
    module(a, b, wide)
    assert np.array_equal(wide, a - b)
    module.reset()
    assert module.hardware.loaded is None


NUMBER = Fixed(12, 4)


@sp.region()
def doubled(X: NUMBER[64], Y: NUMBER[64]):
    @sp.kernel(args=[X, Y])
    def core(X: NUMBER[64], Y: NUMBER[64]):
        for i in range(64):
            Y[i] = X[i] + X[i]


def test_fixed_point_goes_to_an_npu_as_integers():
    module = sp.build(doubled, target="aie")

    def design(x, y):
        assert x.dtype == y.dtype == np.int16
        y[:] = 2 * x

    module.hardware = Hardware(module.placed, lambda: design)
    x, y = np.arange(-32, 32) / 16, np.zeros(64)
    module(x, y)
    assert np.array_equal(y, 2 * x)


def test_what_is_no_number_of_the_type_is_told():
    module = sp.build(doubled, target="aie")
    module.hardware = Hardware(module.placed, lambda: None)
    with pytest.raises(sp.ProgramError, match="the array `X`: the element at"):
        module(np.full(64, 1 / 3), np.zeros(64))
