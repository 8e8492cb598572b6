"""The vendor's tools at work on a project."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

import spatial as sp
from spatial.build.vendor.running import run_tool
from spatial.device.parts import parts

HOME = Path(__file__).parents[3]


def calls(project):
    return (project.path / "calls.txt").read_text(encoding="utf-8").splitlines()


def difference(result, name):
    return next(figure.difference for figure in result.figures if figure.name == name)


def test_synthesis_is_told_beside_the_prediction(project, tools):
    tools("v++", "vitis-run")
    result = project.csyn(shown=False)
    assert calls(project) == ["v++ -c --mode hls --config hls_config.cfg --work_dir work"]
    assert difference(result, "LUT") == pytest.approx(10)
    assert difference(result, "cycles of a call") == pytest.approx(100 * 5 / 90)
    assert "+10.0 %" in str(result)
    assert "C synthesis with version 2024.1" in str(result)


def test_loops_are_told_beside_ours(project, tools):
    tools("v++", "vitis-run")
    result = project.csyn(shown=False)
    (loop,) = result.loops
    assert (loop.module, loop.loop.name, loop.predicted.interval, loop.predicted.latency) == ("load", "k", 1, 5)
    assert "1 / 1" in str(result)
    assert "5 / 5" in str(result)


def test_cosimulation_synthesizes_first_and_only_once(project, tools):
    tools("v++", "vitis-run")
    result = project.cosim(shown=False)
    assert difference(result, "cycles of a call") == pytest.approx(-5)
    assert "-5.0 %" in str(result)
    project.cosim(shown=False)
    synthesis, *simulations = calls(project)
    assert synthesis.startswith("v++ -c")
    assert simulations == ["vitis-run --mode hls --cosim --config hls_config.cfg --work_dir work"] * 2


def test_sources_that_changed_are_synthesized_again(project, tools):
    tools("v++", "vitis-run")
    project.csyn(shown=False)
    (project.path / "kernel.cpp").write_text("void scale() { }\n", encoding="utf-8")
    project.cosim(shown=False)
    assert [call.split()[0] for call in calls(project)] == ["v++", "v++", "vitis-run"]


def test_older_tools_run_the_script(project, tools):
    tools("vitis_hls")
    project.cosim(shown=False)
    assert calls(project) == ["csyn vitis_hls -f run.tcl", "cosim vitis_hls -f run.tcl"]


def test_a_linked_design_tells_its_clock_and_resources(project, tools):
    tools("v++", "vitis-run")
    result = project.hw(shown=False)
    link = calls(project)[-1]
    assert link.startswith("v++ -l -t hw --platform xilinx_u280_gen3x16_xdma_1_202211_1 --config link.cfg")
    assert link.endswith("-o build/hw/scale.xclbin work/scale.xo")
    assert result.megahertz == pytest.approx(250, rel=1e-3)
    assert difference(result, "FF") == 0
    assert "misses its timing by 0.667 ns" in str(result)
    assert result.binary.read_text(encoding="utf-8") == "bits"


def test_hardware_emulation_runs_the_host_program(project, tools, tmp_path, monkeypatch):
    tools("v++", "vitis-run", "emconfigutil", "g++")
    (tmp_path / "xrt" / "include").mkdir(parents=True)
    monkeypatch.setenv("XILINX_XRT", str(tmp_path / "xrt"))
    result = project.hw_emu(shown=False)
    assert result.output == "emulated hw_emu build/hw_emu/scale.xclbin\n"
    assert (project.path / "build" / "emconfig.json").exists()


def test_output_is_shown_while_it_comes_and_kept(project, tools, capfd):
    tools("v++", "vitis-run")
    project.csyn()
    assert capfd.readouterr().err == "v++ is at work\n"
    assert (project.path / "build" / "csyn.log").read_text(encoding="utf-8") == "v++ is at work\n"


def test_a_tool_that_fails_is_told_with_its_command_and_the_end_of_its_output(project, tools, monkeypatch):
    tools("v++", "vitis-run")
    monkeypatch.setenv("FAIL", "csyn")
    with pytest.raises(sp.ToolError) as caught:
        project.csyn(shown=False)
    told = str(caught.value)
    assert "`v++ -c --mode hls --config hls_config.cfg --work_dir work` ended with status 3" in told
    assert "ERROR: [HLS 200-970] a stream has two readers" in told
    assert "csyn.log" in told


def test_a_report_of_an_earlier_run_is_not_taken_for_one_of_this(project, tools):
    tools("v++", "vitis-run")
    project.csyn(shown=False)
    tools("v++", text="#!/bin/sh\n")
    with pytest.raises(sp.ToolError, match="there is no report of the C synthesis"):
        project.csyn(shown=False)


@pytest.mark.parametrize("step", ["csyn", "cosim"])
def test_without_tools_it_is_told_what_to_install(project, tools, step):
    with pytest.raises(sp.ToolError, match=r"not on the PATH: install AMD Vitis .* `source .*settings64.sh`"):
        getattr(project, step)(shown=False)


def test_without_the_linker_it_is_told_what_to_install(project, tools):
    tools("vitis_hls")
    with pytest.raises(sp.ToolError, match="linking for hardware needs `v\\+\\+`, which is not on the PATH"):
        project.hw(shown=False)


def test_without_the_runtime_it_is_told_what_to_source(project, tools):
    tools("v++", "vitis-run", "emconfigutil", "g++")
    with pytest.raises(sp.ToolError, match=r"source /opt/xilinx/xrt/setup\.sh"):
        project.hw_emu(shown=False)


def test_an_embedded_board_is_not_emulated_from_here(project, tools):
    embedded = replace(project, part=parts()["xczu7ev"])
    with pytest.raises(sp.ProgramError, match="`hw_emu` is for cards in a host"):
        embedded.hw_emu(shown=False)


def test_what_the_linker_cannot_connect_is_refused(project, tools):
    fed = replace(project, unlinkable="another kernel feeds the stream `X`")
    with pytest.raises(sp.ProgramError, match="another kernel feeds the stream `X`"):
        fed.hw(shown=False)


def test_a_failed_cosimulation_is_an_error(project, tools):
    tools("v++", "vitis-run")
    project.csyn(shown=False)
    reports = project.path / "work" / "hls" / "sim" / "report"
    failed = "|   Verilog|      Fail|  NA|  NA|  NA|  NA|  NA|  NA|  NA|"
    line = f'#!/bin/sh\n/bin/mkdir -p "{reports}"\necho "{failed}" > "{reports}/scale_cosim.rpt"\n'
    tools("vitis-run", text=line)
    with pytest.raises(sp.ToolError, match="its results are not those of the test bench"):
        project.cosim(shown=False)


def test_an_interrupt_ends_the_tool_with_all_it_has_started(tmp_path):
    """Ctrl-C in a process that runs a tool, which has a child that sleeps."""
    tool = tmp_path / "tool"
    tool.write_text(f"#!/bin/sh\nsleep 60 &\necho $! > {tmp_path}/child\necho started\nwait\n", encoding="utf-8")
    tool.chmod(0o755)
    program = (
        "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"  # behind a shell it is ignored
        "from pathlib import Path\nfrom spatial.build.vendor.running import run_tool\n"
        f"run_tool([{str(tool)!r}], Path({str(tmp_path)!r}), Path({str(tmp_path / 'log')!r}), shown=True)\n"
    )
    paths = {**os.environ, "PYTHONPATH": str(HOME)}
    running = subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE, env=paths, text=True)
    assert running.stderr is not None
    assert running.stderr.readline() == "started\n"
    running.send_signal(signal.SIGINT)
    assert "KeyboardInterrupt" in running.communicate(timeout=20)[1]
    assert _ended(int((tmp_path / "child").read_text(encoding="utf-8")))


def _ended(process: int) -> bool:
    """Whether a process is gone, or only waits to be noticed, soon."""
    for _ in range(100):
        stat = Path(f"/proc/{process}/stat")
        if not stat.exists() or stat.read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] == "Z":
            return True
        time.sleep(0.02)
    return False


def test_a_tool_that_does_not_start_is_told(tmp_path):
    with pytest.raises(sp.ToolError, match="cannot be started"):
        run_tool(["./nothing"], tmp_path, tmp_path / "log", shown=False)
