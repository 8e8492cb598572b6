"""Exported folders hold what compilers and `make` take, and say what a second call needs."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import spatial as sp
from examples.npu.elementwise import add_relu
from spatial import int8, int32
from spatial.build.aie.hardware import Hardware
from spatial.nn.npu import gemm
from tests.build.aie.projects import called, passed, running_sum, scaled
from tests.lower.aie.test_initial import ring

HEADERS = ("xrt_bo.h", "xrt_device.h", "xrt_hw_context.h", "xrt_kernel.h")


@pytest.fixture
def xrt(tmp_path):
    """A folder with headers of the names that XRT has."""
    folder = tmp_path / "include" / "xrt"
    folder.mkdir(parents=True)
    for name in HEADERS:
        shutil.copy(Path(__file__).parent / "xrt.hpp", folder / name)
    return folder.parent


def exported(name: str, tmp_path) -> Path:
    source = tmp_path / "twice.cc"
    source.write_text(
        "#include <cstdint>\n"
        'extern "C" void twice(const int32_t *a, int32_t *b) { for (int i = 0; i < 16; i++) b[i] = 2 * a[i]; }\n'
    )
    programs = {
        "product": lambda: gemm(64, 64, 64, int8, out=int32, cores=(2, 2)),
        "elements": lambda: add_relu(1024),
        "numbers": lambda: scaled,
        "streams": lambda: passed,
        "tokens": lambda: ring(1, 2),
        "endless": running_sum,
        "lasting": lambda: running_sum(lasts=True, taken=3),
        "function": lambda: called(source),
    }
    return sp.build(programs[name](), target="aie", mode="project", path=tmp_path / name).project.path


NAMES = ("product", "elements", "numbers", "streams", "tokens", "endless", "lasting", "function")


@pytest.mark.parametrize("name", NAMES)
def test_host_programs_compile(name, tmp_path, xrt):
    folder = exported(name, tmp_path)
    compile(folder.joinpath("run.py").read_text(), "run.py", "exec")
    if compiler := shutil.which("g++"):
        flags = ["-std=c++17", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", f"-I{xrt}"]
        subprocess.run([compiler, *flags, str(folder / "host.cpp")], check=True)


@pytest.mark.skipif(shutil.which("make") is None, reason="no make")
@pytest.mark.parametrize("name", ["elements", "function"])
def test_make_knows_every_step(name, tmp_path):
    told = subprocess.run(
        ["make", "-n", "-C", str(exported(name, tmp_path)), "all", "host", "check", "clean"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    steps = ["aiecc.py --aie-generate-xclbin", "-o host", "python3 run.py", "rm -rf build host"]
    compiled = ["-c kernels/twice/twice.cc -o build/twice.o"] if name == "function" else []
    places = [told.find(step) for step in (*compiled, *steps)]
    assert places == sorted(places)
    assert places[0] >= 0


def kept(program) -> tuple[str, ...]:
    return sp.build(program, target="aie").placed.kept


def test_what_a_call_leaves_on_the_array_is_told(tmp_path):
    assert kept(add_relu(1024)) == ()
    assert kept(running_sum(lasts=True)) == ()
    assert kept(ring(1, 2)) == ("`there` begins with tokens", "`back` begins with tokens")
    assert kept(running_sum()) == ("`add` never ends, and keeps values from one iteration to the next",)
    assert kept(running_sum(lasts=True, taken=3)) == ("a token is left over in `given`",)
    folder = exported("tokens", tmp_path)
    assert json.loads((folder / "description.json").read_text())["loaded_anew_because"] == list(kept(ring(1, 2)))
    assert "REPEATS = 1;" in (folder / "host.cpp").read_text()
    assert "`there` begins with tokens" in (folder / "README.md").read_text()


RUNTIME = """
import types
loads = []
class bo:
    cacheable = host_only = 0
    def __init__(self, *given): pass
    def write(self, *given): pass
    def sync(self, *given): pass
    def read(self, size, at): return bytes(size)
class xclBOSyncDirection:
    XCL_BO_SYNC_BO_TO_DEVICE = XCL_BO_SYNC_BO_FROM_DEVICE = 0
class device:
    def __init__(self, number): pass
    def register_xclbin(self, xclbin): pass
class xclbin:
    def __init__(self, path): pass
    def get_uuid(self): return 0
def hw_context(device, uuid): loads.append(uuid)
class kernel:
    def __init__(self, *given): pass
    def group_id(self, number): return number
    def __call__(self, *given): return self
    def wait(self): pass
"""


def loaded(name, tmp_path, monkeypatch):
    """The host program of a project on a runtime that does nothing, and arrays for it."""
    folder = exported(name, tmp_path)
    (folder / "build").mkdir()
    np.zeros(2, np.uint32).tofile(folder / "build" / "insts.bin")
    (tmp_path / "pyxrt.py").write_text(RUNTIME)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "pyxrt", raising=False)
    run = {"__name__": "host", "__file__": str(folder / "run.py")}
    exec((folder / "run.py").read_text(), run)
    design = run["Design"]()
    return design, [np.zeros(each["shape"], f"i{each['size']}") for each in run["ARRAYS"]]


def test_memory_that_lasts_is_not_begun_anew_by_the_host_program(tmp_path, monkeypatch):
    design, arrays = loaded("lasting", tmp_path, monkeypatch)
    design(*arrays)
    told = "cannot be called again: `add[0].total` lasts from call to call, but a token is left over in `given`"
    with pytest.raises(RuntimeError, match=re.escape(told)):
        design(*arrays)
    design.load()
    design(*arrays)


@pytest.mark.parametrize(("name", "loads"), [("elements", 1), ("tokens", 3)])
def test_an_array_that_a_call_changes_is_loaded_anew(name, loads, tmp_path, monkeypatch):
    design, arrays = loaded(name, tmp_path, monkeypatch)
    for _ in range(3):
        design(*arrays)
    assert len(sys.modules.pop("pyxrt").loads) == loads


def on_hardware(program):
    module = sp.build(program, target="aie")
    module.hardware = Hardware(module.placed, lambda: lambda *arrays: None)
    return module


def test_memory_that_lasts_is_not_lost_silently():
    module = on_hardware(running_sum(lasts=True, taken=3))
    a, b = np.zeros(64, np.int32), np.zeros(64, np.int32)
    module(a, b)
    told = "cannot be called again on an NPU: `add[0].total` lasts from call to call, but a token is left over in"
    with pytest.raises(sp.ProgramError, match=re.escape(told)):
        module(a, b)
    module.reset()
    module(a, b)


def test_a_call_on_an_npu_hands_over_arrays():
    with pytest.raises(sp.ProgramError, match="`a` of `passed` is a stream, and a call on an NPU hands over arrays"):
        on_hardware(passed)(np.zeros((4, 16), np.int32))
