"""`spatial build`."""

import json
import subprocess

import pytest

PART = ("--device", "xcu280@300")
STREAM = """
import spatial as sp
from spatial import Stream, int8

@sp.region()
def doubled(x: Stream[int8, 2], y: Stream[int8, 2], n: int8):
    @sp.kernel(args=[n])
    def only(n: int8):
        for _ in range(6):
            y.put(x.get() * n)
"""
TOOL = """#!/bin/sh
echo "$0 $@" >> calls.txt
echo at work
/bin/mkdir -p work/hls/syn/report
echo '<profile><UserAssignments><TopModelName>scale</TopModelName><TargetClockPeriod>3.33</TargetClockPeriod>
</UserAssignments><PerformanceEstimates><SummaryOfTimingAnalysis><EstimatedClockPeriod>2.4</EstimatedClockPeriod>
</SummaryOfTimingAnalysis></PerformanceEstimates><AreaEstimates><Resources><LUT>500</LUT></Resources></AreaEstimates>
</profile>' > work/hls/syn/report/csynth.xml
"""


def told(result):
    return " ".join(result.stderr.split())


def test_a_project_is_written_and_told(spatial, folder):
    result = spatial("build", "--target", "hls", "-o", "made", *PART, "good.py:scale")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "m_axi gmem_a" in result.stdout
    assert f"written to {folder / 'made'}: `make csim` there runs its test bench" in result.stdout
    assert subprocess.run(["make", "csim"], cwd=folder / "made", check=False, capture_output=True).returncode == 0


def test_the_project_as_json(spatial, folder):
    result = spatial("build", "good.py:scale", "-o", "made", *PART, "--json", "--depth", "fifo=4")
    assert result.data["problems"] == []
    assert result.data["project"]["part"] == "xcu280-fsvh2892-2L-e"
    predicted = json.loads((folder / "made" / "predicted.json").read_text(encoding="utf-8"))
    assert result.data["predicted"]["cycles"] == predicted["cycles"]
    assert predicted["channels"]["fifo[1]"]["depth"] == 4


def test_a_second_export_takes_the_place_of_the_first(spatial, folder):
    for seed in ("0", "1"):
        assert spatial("build", "good.py:scale", "-o", "made", *PART, "--seed", seed).exit_code == 0
        data = (folder / "made" / "data" / "A.bin").read_bytes()
    assert spatial("build", "good.py:scale", "-o", "other", *PART, "--seed", "0").exit_code == 0
    assert (folder / "other" / "data" / "A.bin").read_bytes() != data


def test_c_simulation_agrees_with_the_simulator(spatial, folder):
    (folder / "stream.py").write_text(STREAM, encoding="utf-8")
    result = spatial("build", "stream.py:doubled", "--mode", "csim", "x=6", "n=3")
    assert result.exit_code == 0
    assert "doubled: C-simulation gives what the simulator does" in result.stdout


def test_streams_and_scalars_are_given_on_the_command_line(spatial, folder):
    (folder / "stream.py").write_text(STREAM, encoding="utf-8")
    assert spatial("build", "stream.py:doubled", "-o", "made", *PART, "x=6", "n=3").exit_code == 0
    assert (folder / "made" / "data" / "n.bin").read_bytes() == b"\x03"
    assert len((folder / "made" / "data" / "x.bin").read_bytes()) == 8 + 6
    assert "give a value for `n`" in told(spatial("build", "stream.py:doubled", "-o", "other", *PART, "x=6"))


def test_a_step_tells_the_tools_figures_beside_ours(spatial, folder, monkeypatch):
    (folder / "bin").mkdir()
    for name in ("v++", "vitis-run"):
        (folder / "bin" / name).write_text(TOOL, encoding="utf-8")
        (folder / "bin" / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder / "bin"))
    result = spatial("build", "good.py:scale", "-o", "made", *PART, "--mode", "csyn", "--json")
    assert result.exit_code == 0
    assert result.data["csyn"]["LUT"]["reported"] == 500
    assert result.data["csyn"]["cycles of a call"]["reported"] is None
    assert "at work" in result.stderr


@pytest.mark.parametrize(
    ("options", "status", "message"),
    [
        ((), 2, "say where to write the project: -o DIR"),
        (
            ("-o", "made"),
            2,
            "a project is for a part at a clock, not for hls (FPGA channel rules): write --device xcu280@300",
        ),
        (("-o", "made", "--device", "xcu280"), 2, "no clock"),
        (("-o", "made", "--mode", "bitstream"), 2, "'bitstream' is not one of"),
        (("-o", "made", "--target", "gpu"), 2, "'gpu' is not"),
        (("-o", "taken", *PART), 2, "it is no folder"),
        (("-o", "missing/made", *PART), 2, "there is no folder"),
        (("-o", ".", *PART), 2, "it is a folder that no export has made"),
        (("-o", "made", *PART, "--depth", "nothing=2"), 2, "no channel `nothing`"),
        (("-o", "made", *PART, "--mode", "csyn"), 1, "install AMD Vitis"),
    ],
)
def test_what_cannot_be_built_is_told(spatial, monkeypatch, tmp_path, options, status, message):
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    result = spatial("build", "good.py:scale", *options)
    assert result.exit_code == status
    assert message in told(result)
    assert ".py:" not in result.stderr


def test_help_lists_the_modes(spatial):
    assert "csim|project|csyn|cosim|hw_emu|hw" in spatial("build", "--help").stdout


def test_a_wrong_program_is_reported(spatial):
    result = spatial("build", "wrong.py:wrong", "-o", "made", *PART)
    assert result.exit_code == 1
    assert "`missing`" in result.stderr


def test_a_project_for_an_npu_is_written_and_told(spatial, folder):
    result = spatial("build", "good.py:scale", "--target", "aie", "-o", "made")
    assert result.exit_code == 0
    assert "scale on Ryzen AI NPU (XDNA, Phoenix), 4 columns: 1 core" in result.stdout
    assert f"written to {folder / 'made'}: `make check` there runs it on an NPU" in result.stdout
    assert "aie.device(npu1)" in (folder / "made" / "aie.mlir").read_text(encoding="utf-8")
    assert "warning[aie/small-token]" in result.stderr


def test_the_device_says_that_a_project_is_for_an_npu(spatial, folder):
    data = spatial("build", "good.py:scale", "--device", "npu2_1col", "-o", "made", "--json").data
    assert data["project"] == {"path": str(folder / "made")}
    assert data["report"]["device"] == "Ryzen AI NPU (XDNA 2, Strix), 1 column"
    assert {problem["code"] for problem in data["problems"]} == {"aie/small-token"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--device", "npu1"), "say where to write the project: -o DIR"),
        (("--device", "npu9", "-o", "made"), "there is no NPU `npu9`; there are npu1_1col,"),
        (("--device", "npu1", "-o", "made", "--mode", "csim"), "takes no --mode csim"),
        (("--device", "npu1", "-o", "made", "n=3"), "takes no NAME=VALUE"),
        (("--device", "npu1", "-o", "made", "--target", "hls"), "not for npu1: write --target aie"),
        (("--target", "aie", "-o", "made", *PART), "not for xcu280 at 300 MHz: write --device npu1"),
        (("--device", "npu1", "-o", "missing/made"), "there is no folder"),
    ],
)
def test_what_is_no_project_for_an_npu_is_told(spatial, options, message):
    result = spatial("build", "good.py:scale", *options)
    assert result.exit_code == 2
    assert message in told(result).replace("│ ", "")
