"""Reports of the vendor's tools are read; what is none is refused by name."""

from pathlib import Path

import pytest

import spatial as sp
from spatial.build.vendor.cosim import Spread, read_cosimulation
from spatial.build.vendor.csynth import Bounds, read_synthesis
from spatial.build.vendor.routed import read_kernel_resources, read_timing
from spatial.device.operators import Resources

REPORTS = Path(__file__).parent / "reports"


def test_a_synthesis_is_read_with_its_clock_cycles_and_resources():
    found = read_synthesis(REPORTS / "csynth.xml")
    assert (found.top, found.part, found.version) == ("scale", "xcu280-fsvh2892-2L-e", "2024.1")
    assert (found.target_period, found.estimated_period) == (3.33, 2.433)
    assert found.latency == Bounds(least=80, greatest=90)
    assert found.resources == Resources(dsp=4, lut=1500, ff=2000, bram18=6)
    assert found.available.uram == 960


def test_what_the_synthesis_does_not_know_is_none():
    found = read_synthesis(REPORTS / "csynth.xml")
    assert found.interval == Bounds(least=60, greatest=None)
    assert str(found.interval) == "60 to ?"
    assert str(found.modules[0].latency) == "?"


def test_loops_are_read_with_those_within_them():
    (module,) = read_synthesis(REPORTS / "csynth.xml").modules
    rows, k = module.loops
    assert (rows.name, rows.interval, rows.trips) == ("rows", None, Bounds(least=1, greatest=8))
    assert (k.name, k.interval, k.depth, k.trips) == ("k", 1, 5, Bounds(least=4, greatest=4))
    assert module.resources == Resources(dsp=3, ff=700)


def test_a_cosimulation_is_read_of_the_language_that_ran():
    found = read_cosimulation(REPORTS / "scale_cosim.rpt")
    assert (found.language, found.passed, found.total) == ("Verilog", True, 190)
    assert found.latency == Spread(least=96, mean=98, greatest=100)
    assert found.interval == Spread(least=90, mean=91, greatest=92)


def test_an_older_cosimulation_without_a_total_is_read(tmp_path):
    lines = (REPORTS / "scale_cosim.rpt").read_text(encoding="utf-8").splitlines()
    older = tmp_path / "old.rpt"
    older.write_text("\n".join(line.rsplit("|", 2)[0] + "|" for line in lines), encoding="utf-8")
    assert read_cosimulation(older).latency.greatest == 100
    assert read_cosimulation(older).total is None


def test_a_failed_cosimulation_is_told_as_such(tmp_path):
    text = (REPORTS / "scale_cosim.rpt").read_text(encoding="utf-8")
    failed = tmp_path / "failed.rpt"
    failed.write_text(text.replace("      Pass|             96", "      Fail|             NA"), encoding="utf-8")
    found = read_cosimulation(failed)
    assert not found.passed
    assert found.latency.least is None


def test_timing_is_read_with_its_clocks():
    found = read_timing(REPORTS / "xclbin_timing_summary_routed.rpt")
    assert (found.setup, found.hold, found.failing, found.met) == (-0.667, 0.012, 3, False)
    assert found.periods == {"clk_kernel_00": 3.333, "clk_half": 6.667}
    assert found.megahertz(3.333) == pytest.approx(250)


def test_the_resources_of_a_kernel_are_read_after_routing():
    found = read_kernel_resources(REPORTS / "impl_1_kernel_util_routed.rpt", "scale")
    assert found == Resources(dsp=4, lut=1200, ff=1800, bram18=7)


@pytest.mark.parametrize(
    ("read", "told"),
    [
        (read_synthesis, "no report of a C synthesis"),
        (read_cosimulation, "tells of no co-simulation"),
        (read_timing, "no summary of a design's timing"),
        (lambda path: read_kernel_resources(path, "scale"), "what the kernel `scale` takes"),
    ],
)
@pytest.mark.parametrize("text", ["", "<profile/>", "<profile>", "| Design Timing Summary"])
def test_another_file_is_no_report(read, told, text, tmp_path):
    path = tmp_path / "other.rpt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(sp.ToolError, match=told):
        read(path)
    with pytest.raises(sp.ToolError, match="there is no report"):
        read(tmp_path / "missing.rpt")
