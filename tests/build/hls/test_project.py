"""`sp.build(..., target="hls", mode="project")` writes all that the vendor's tools need."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, float32, int8, int32

HOME = Path(__file__).parents[3]
U280 = "xcu280@300"
FILES = {
    *("kernel.h", "kernel.cpp", "processes.h", "tb.cpp", "csim/csim.cpp", "csim/hls_stream.h", "csim/ap_int.h"),
    *("hls_config.cfg", "run.tcl", "Makefile", "host.cpp", "link.cfg"),
    *("predicted.json", "description.json", "data/manifest.json", "README.md"),
    *("data/A.bin", "data/B.bin", "data/C.bin", "data/C.golden.bin"),
}
M = N = K = 4


@sp.region()
def systolic(A: int8[M, K], B: int8[K, N], C: int32[M, N]):
    fifo_A: Stream[int8, 4][M, N + 1]
    fifo_B: Stream[int8, 4][M + 1, N]

    @sp.kernel(args=[A])
    def load_A(A: int8[M, K]):
        for k in range(K):
            with sp.meta_for(M) as i:
                fifo_A[i, 0].put(A[i, k])

    @sp.kernel(args=[B])
    def load_B(B: int8[K, N]):
        for k in range(K):
            with sp.meta_for(N) as j:
                fifo_B[0, j].put(B[k, j])

    @sp.kernel(mapping=[M, N], args=[C])
    def pe(C: int32[M, N]):
        i, j = sp.get_pid()
        acc: int32 = 0
        for k in range(K):
            a: int8 = fifo_A[i, j].get()
            b: int8 = fifo_B[i, j].get()
            acc += a * b
            with sp.meta_if(j + 1 < N):
                fifo_A[i, j + 1].put(a)
            with sp.meta_if(i + 1 < M):
                fifo_B[i + 1, j].put(b)
        C[i, j] = acc


@sp.region()
def scale(X: float32[8], Y: float32[8], n: int32):
    @sp.kernel(args=[X, Y, n])
    def only(X: float32[8], Y: float32[8], n: int32):
        for k in range(8):
            Y[k] = X[k] * n


@sp.region()
def named(data: int8[4], wrong: int8[4], folder: int8[4], bench: Stream[int8, 2][2], argv: int8):
    @sp.kernel(args=[data, wrong, folder, argv])
    def load(data: int8[4], wrong: int8[4], folder: int8[4], argv: int8):
        for k in range(4):
            wrong[k] = data[k] + argv
            folder[k] = bench[0].get() - bench[1].get()


@sp.region()
def doubled(x: Stream[int32, 2], y: Stream[int32, 2]):
    @sp.kernel()
    def only():
        for _ in range(6):
            y.put(x.get() * 2)


@sp.region()
def summed(X: int32[4], Y: int32[4]):
    @sp.kernel(args=[X, Y])
    def only(X: int32[4], Y: int32[4]):
        total: int32 @ sp.Stateful = 1
        for k in range(4):
            total += X[k]
            Y[k] = total


def project_of(region, path, **options):
    return sp.build(region, target="hls", mode="project", path=path, **{"device": U280, **options})


def content(path):
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in path.rglob("*") if file.is_file()}


def make(path, *words):
    alone = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    return subprocess.run(["make", *words], cwd=path, capture_output=True, text=True, check=False, env=alone)


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """The 4 × 4 array as a project; no test changes it."""
    path = tmp_path_factory.mktemp("systolic") / "made"
    return project_of(systolic, path), path


def test_everything_is_there(exported):
    _, path = exported
    assert content(path).keys() >= FILES


def test_the_test_bench_runs_without_the_vendors_tools(exported, tmp_path):
    files = content(exported[1])
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(text)
    done = make(tmp_path, "csim")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("PASS: the results of systolic are as simulated\n")
    golden = bytearray(files["data/C.golden.bin"])
    golden[4 * 9] ^= 1
    (tmp_path / "data" / "C.golden.bin").write_bytes(golden)
    done = make(tmp_path, "csim")
    assert done.returncode != 0
    assert "C[9] differs: 0x" in done.stdout
    assert "FAIL: of the results of systolic 1 differ" in done.stdout


def test_the_golden_data_are_the_programs(exported):
    path = exported[1] / "data"
    a, b = (np.fromfile(path / f"{name}.bin", np.int8).reshape(4, 4).astype(int) for name in "AB")
    assert (np.fromfile(path / "C.golden.bin", np.int32).reshape(4, 4) == a @ b).all()
    assert a.any()
    assert not np.fromfile(path / "C.bin", np.int32).any()


def test_the_prediction_is_that_of_the_simulator(exported):
    module, path = exported
    predicted = json.loads((path / "predicted.json").read_text(encoding="utf-8"))
    assert predicted["part"] == "xcu280"
    assert predicted["cycles"] == module.project.prediction.cycles
    assert predicted["channels"]["fifo_A[0,0]"]["depth"] == 4
    assert predicted["resources"]["lut"] > 0
    assert {loop["interval"] for loop in predicted["loops"]} <= {1, 2}
    module(np.ones((4, 4), np.int8), np.ones((4, 4), np.int8), np.zeros((4, 4), np.int32))
    assert module.last_run.cycles == predicted["cycles"]


def test_a_project_is_opened_again(exported, tmp_path):
    module, path = exported
    assert sp.open_project(path) == module.project
    with pytest.raises(sp.ProgramError, match="holds no exported project"):
        sp.open_project(tmp_path)


def test_stateful_memory_begins_with_its_first_values(tmp_path):
    module = project_of(summed, tmp_path / "made", inputs={"X": np.full(4, 2, np.int32)})
    module.export(tmp_path / "again", inputs={"X": np.full(4, 2, np.int32)})
    assert content(tmp_path / "made") == content(tmp_path / "again")
    assert make(tmp_path / "again", "csim").returncode == 0


def test_the_description_says_what_the_region_is(exported):
    found = json.loads((exported[1] / "description.json").read_text(encoding="utf-8"))
    assert [(each["name"], each["direction"], each["bank"]) for each in found["parameters"]] == [
        ("A", "in", "HBM[0]"),
        ("B", "in", "HBM[1]"),
        ("C", "out", "HBM[2]"),
    ]
    assert [(each["name"], each["actors"]) for each in found["kernels"]] == [("load_A", 1), ("load_B", 1), ("pe", 16)]
    assert found["sources"] == ["test_project.py"]


@pytest.mark.parametrize("name", ["hls_config.cfg", "run.tcl", "link.cfg", "Makefile", "host.cpp", "tb.cpp"])
def test_what_is_filled_in_reads_well(exported, golden, name):
    golden((exported[1] / name).read_text(encoding="utf-8"), f"systolic.{name}")


def test_a_zynq_has_its_memory_behind_ports_of_the_processor(tmp_path):
    project_of(systolic, tmp_path / "made", device="zcu104@200", interfaces={"B": sp.m_axi(bank="HPC0")})
    link = (tmp_path / "made" / "link.cfg").read_text(encoding="utf-8")
    assert "sp=systolic_1.A:HP0\nsp=systolic_1.B:HPC0\nsp=systolic_1.C:HP1\n" in link
    assert "[clock]\nfreqHz=200000000:systolic_1\n" in link
    assert "part=xczu7ev-ffvc1156-2-e\n" in (tmp_path / "made" / "hls_config.cfg").read_text(encoding="utf-8")


def test_arrays_of_one_port_are_in_one_bank(tmp_path):
    shared = {"A": sp.m_axi(bundle="g0"), "B": sp.m_axi(bundle="g1"), "C": sp.m_axi(bundle="g0")}
    project_of(systolic, tmp_path / "made", interfaces=shared)
    link = (tmp_path / "made" / "link.cfg").read_text(encoding="utf-8")
    assert "A:HBM[0]\nsp=systolic_1.B:HBM[1]\nsp=systolic_1.C:HBM[0]\n" in link


def test_two_exports_are_the_same_byte_for_byte(exported, tmp_path):
    program = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "import spatial as sp\nfrom test_project import systolic\n"
        f"sp.build(systolic, target='hls', mode='project', path={str(tmp_path / 'other')!r}, device='xcu280@300')\n"
    )
    paths = {**os.environ, "PYTHONPATH": str(HOME), "PYTHONHASHSEED": "77"}
    subprocess.run([sys.executable, "-c", program], check=True, env=paths)
    assert content(tmp_path / "other") == content(exported[1])


def test_inputs_that_are_given_are_in_the_data(tmp_path):
    x = np.arange(8, dtype=np.float32)
    project_of(scale, tmp_path / "made", inputs={"X": x, "n": 3})
    data = tmp_path / "made" / "data"
    assert (np.fromfile(data / "X.bin", np.float32) == x).all()
    assert (np.fromfile(data / "Y.golden.bin", np.float32) == 3 * x).all()
    assert (data / "n.bin").read_bytes() == b"\x03\0\0\0"
    assert (x == np.arange(8)).all()


def test_other_seeds_make_other_data(tmp_path):
    for seed in (0, 1):
        project_of(scale, tmp_path / str(seed), inputs={"n": 3}, seed=seed)
    first, second = (np.fromfile(tmp_path / str(seed) / "data" / "X.bin", np.float32) for seed in (0, 1))
    assert (first != second).any()


def test_floats_agree_within_a_tolerance_and_streams_are_compared(tmp_path):
    project_of(scale, tmp_path / "scale", inputs={"n": 3})
    golden = tmp_path / "scale" / "data" / "Y.golden.bin"
    golden.write_bytes((np.fromfile(golden, np.float32) * np.float32(1 + 1e-6)).tobytes())
    assert make(tmp_path / "scale", "csim").returncode == 0


def test_streams_are_filled_and_compared(tmp_path):
    path = tmp_path / "made"
    project_of(doubled, path, inputs={"x": np.arange(6, dtype=np.int32)})
    assert make(path, "csim").returncode == 0
    golden = bytearray((path / "data" / "y.golden.bin").read_bytes())
    golden[8 + 4 * 5] ^= 4
    (path / "data" / "y.golden.bin").write_bytes(golden)
    assert "y[5] differs: 0x0000000a, not 0x0000000e" in make(path, "csim").stdout


def test_parameters_may_be_called_what_the_test_bench_has(tmp_path):
    project_of(named, tmp_path / "made", inputs={"bench": np.arange(8, dtype=np.int8).reshape(2, 4), "argv": 3})
    done = make(tmp_path / "made", "csim")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_stream_keeps_a_kernel_from_being_linked_alone(tmp_path):
    module = project_of(doubled, tmp_path / "made", inputs={"x": np.arange(6)})
    with pytest.raises(sp.ProgramError, match="another kernel feeds, or takes from, the stream `x`, `y`"):
        module.hw()


def test_a_host_program_compiles_with_the_runtimes_names(exported, tmp_path):
    """A stand-in for the runtime's headers, with the members that the host program may use."""
    (tmp_path / "xrt").mkdir()
    (tmp_path / "xrt" / "xrt_device.h").write_text(DEVICE, encoding="utf-8")
    (tmp_path / "xrt" / "xrt_bo.h").write_text(BUFFER, encoding="utf-8")
    (tmp_path / "xrt" / "xrt_kernel.h").write_text(KERNEL, encoding="utf-8")
    words = ["g++", "-std=c++17", "-Wall", "-Wextra", "-Werror", f"-I{tmp_path}", "-fsyntax-only", "host.cpp"]
    done = subprocess.run(words, cwd=exported[1], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


DEVICE = """#pragma once
#include <string>
namespace xrt {
struct uuid {};
struct device { explicit device(unsigned); uuid load_xclbin(const std::string &); };
}
"""
BUFFER = """#pragma once
#include "xrt_device.h"
enum xclBOSyncDirection { XCL_BO_SYNC_BO_TO_DEVICE, XCL_BO_SYNC_BO_FROM_DEVICE };
namespace xrt {
struct bo {
    bo(const device &, std::size_t, int);
    void write(const void *);
    void read(void *);
    void sync(xclBOSyncDirection);
};
}
"""
KERNEL = """#pragma once
#include "xrt_bo.h"
namespace xrt {
struct kernel { kernel(const device &, const uuid &, const std::string &); int group_id(int) const; };
struct run {
    explicit run(const kernel &);
    void set_arg(int, const bo &);
    void set_arg(int, const void *, std::size_t);
    void start();
    void wait();
};
}
"""


def test_the_report_tells_ports_loops_and_cycles(exported):
    told = str(exported[0].report)
    assert "m_axi gmem_a" in told
    assert "HBM[2]" in told
    assert f"predicted: {exported[0].project.prediction.cycles} cycles" in told
    assert "of what the part's 9024 can do" in told


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"device": "hls"}, "a project is for a part at a clock, the device is hls"),
        ({"device": "xcu1@300"}, "there is no device model 'xcu1@300'"),
        ({"path": None}, "a project is written to a folder, and none is given"),
        ({"path": 3}, "`3` is no path of a folder"),
        ({"path": "missing/made"}, "there is no folder"),
        ({"seed": -1}, "`seed` is an integer of at least 0"),
        ({"mode": "bitstream"}, "a design has no mode 'bitstream'"),
        ({"inputs": {}}, "the test bench of `scale` needs a value for `n`"),
        ({"inputs": {"n": 3, "Z": 4}}, "`scale` has no parameter `Z`"),
        ({"inputs": [3]}, "`inputs` maps names of parameters to what they are given, it is a `list`"),
        ({"mode": "csim"}, "`path` is for projects"),
        ({"target": "cpu"}, "`mode` is for designs in hardware"),
    ],
)
def test_what_cannot_be_exported_is_refused(tmp_path, monkeypatch, options, told):
    monkeypatch.chdir(tmp_path)
    asked = {"target": "hls", "mode": "project", "path": "made", "device": U280, "inputs": {"n": 3}, **options}
    with pytest.raises(sp.ProgramError) as caught:
        sp.build(scale, **asked)
    assert told in str(caught.value)
    assert not any(tmp_path.iterdir())


def test_steps_need_a_project(tmp_path):
    module = sp.build(scale, target="hls")
    with pytest.raises(sp.ProgramError, match="`csyn` works on a project, and `scale` has not been exported"):
        module.csyn()


def test_a_step_without_its_tool_leaves_the_project(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(sp.ToolError, match="install AMD Vitis"):
        sp.build(scale, target="hls", mode="csyn", path=tmp_path / "made", device=U280, inputs={"n": 3})
    assert (tmp_path / "made" / "kernel.cpp").exists()
