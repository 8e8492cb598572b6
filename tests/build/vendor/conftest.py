"""A project folder, and tools that only pretend."""

import stat
import sys
from pathlib import Path

import pytest

from spatial.build.vendor.project import Project
from spatial.device.operators import Resources
from spatial.device.parts import parts
from spatial.lower.hls.project.prediction import LoopPrediction, Prediction, ProcessPrediction

REPORTS = Path(__file__).parent / "reports"
PRETEND = """#!{python}
import os, shutil, sys
from pathlib import Path
name, words = Path(sys.argv[0]).name, sys.argv[1:]
with open("calls.txt", "a") as calls:
    calls.write(" ".join([os.environ.get("STEP", ""), name, *words]).strip() + "\\n")
print(f"{{name}} is at work", flush=True)
step = os.environ.get("STEP") or ("cosim" if "--cosim" in words else "xo" if "--package" in words else "csyn")
if os.environ.get("FAIL") == step:
    print("ERROR: [HLS 200-970] a stream has two readers")
    sys.exit(3)
def copy(report, folder):
    Path(folder).mkdir(parents=True, exist_ok=True)
    shutil.copy(Path({reports!r}) / report, folder)
if "-l" in words:
    built = Path(words[words.index("-o") + 1]).parent
    copy("xclbin_timing_summary_routed.rpt", built / "reports")
    copy("impl_1_kernel_util_routed.rpt", built / "reports")
    Path(words[words.index("-o") + 1]).write_text("bits")
elif name == "g++":
    host = Path("build/host")
    host.write_text("#!/bin/sh\\necho emulated $XCL_EMULATION_MODE $1\\n")
    host.chmod(0o755)
elif name == "emconfigutil":
    Path("build/emconfig.json").write_text("{{}}")
elif step == "csyn":
    copy("csynth.xml", "work/hls/syn/report")
elif step == "cosim":
    copy("scale_cosim.rpt", "work/hls/sim/report")
elif step == "xo":
    Path("work/scale.xo").write_text("object")
"""


@pytest.fixture
def tools(tmp_path, monkeypatch):
    """Puts tools that pretend onto the PATH, and nothing else."""

    def put(*names: str, text: str = PRETEND) -> None:
        folder = tmp_path / "bin"
        folder.mkdir(exist_ok=True)
        for name in names:
            tool = folder / name
            tool.write_text(text.format(python=sys.executable, reports=str(REPORTS)), encoding="utf-8")
            tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin" if "g++" in names else str(folder))

    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("PLATFORM", raising=False)
    monkeypatch.setenv("XILINX_XRT", str(tmp_path / "no_runtime"))
    return put


@pytest.fixture
def prediction():
    """Figures near those of the reports."""
    return Prediction(
        region="scale",
        part="xcu280",
        megahertz=300.0,
        cycles=95,
        processes={"load": ProcessPrediction(busy=40, stalled_input=0, stalled_output=2, done=50)},
        channels={"fifo": (4, 3)},
        loops=(LoopPrediction(kernel="load", loop="k", line=3, interval=1, latency=5, trips=4, cycles=8),),
        resources=Resources(dsp=4, lut=1650, ff=1800, bram18=6),
        budget=parts()["xcu280"].budget,
    )


@pytest.fixture
def project(tmp_path, prediction):
    """An exported folder with a kernel."""
    path = tmp_path / "exported"
    path.mkdir()
    (path / "kernel.cpp").write_text("void scale() {}\n", encoding="utf-8")
    return Project(path=path, top="scale", part=parts()["xcu280"], prediction=prediction)
