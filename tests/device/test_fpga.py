"""FPGA parts at a clock: what their operators take, what they hold, and which do not exist."""

import pytest

import spatial as sp
from spatial.device.fpga import device_of
from spatial.device.operators import Resources
from spatial.device.parts import operator_table, part_named, parts

KINDS = {
    *("add", "compare", "logic", "select", "shift", "multiply", "multiply_fabric", "multiply_wide", "divide"),
    *("load", "store", "address", "channel", "float_resize"),
    *(
        f"{dtype}_{kind}"
        for dtype in ("float16", "float32", "float64")
        for kind in ("add", "multiply", "divide", "sqrt", "compare", "convert", "add_fabric", "multiply_fabric")
    ),
    "add_dsp",
}


def refused(call):
    with pytest.raises(sp.ProgramError) as caught:
        call()
    return str(caught.value)


def test_operators_are_built_from_what_they_are_bound_to():
    operators = sp.fpga("xcu280", mhz=300).operators
    assert operators.resources("multiply", 16, 16).dsp == 1
    assert operators.resources("multiply:fabric", 16, 16) == Resources(lut=256)
    assert operators.resources("multiply:dsp", 8, 8).dsp == 1
    assert operators.resources("add:dsp", 32).dsp == 1
    assert operators.resources("add:fabric", 32) == operators.resources("add", 32)
    assert operators.resources("float32_add:fabric").dsp == 0
    assert operators.speed("float32_add:fabric").latency == operators.speed("float32_add").latency
    assert operators.speed("multiply:fabric", 32, 32).latency == 1


def test_a_part_is_found_by_its_name_its_board_and_as_text():
    assert sp.fpga("xcu280", mhz=300) is sp.fpga("U280", mhz=300) is device_of("xcu280@300")
    assert device_of("zcu102@250MHz").name == "xczu9eg@250"
    assert part_named("kv260").family == "ultrascale_plus"
    assert part_named("vck190").family == "versal"


def test_a_device_holds_what_its_data_sheet_says():
    budget = sp.fpga("xcu280", mhz=300).budget
    assert (budget.lut, budget.ff, budget.dsp, budget.bram18, budget.uram) == (1303680, 2607360, 9024, 4032, 960)


def test_its_channels_are_those_of_the_device_hls():
    ours, hls = sp.fpga("xcu280", mhz=300), device_of("hls")
    assert ours.fifo(33, 32) == hls.fifo(33, 32)
    assert ours.fifo(2, 32) == hls.fifo(2, 32)


@pytest.mark.parametrize("part", parts().values(), ids=lambda part: part.name)
def test_the_vendors_tools_have_a_name_for_each_part_and_its_memory(part):
    assert part.number.startswith(f"{part.name}-")
    assert part.board in ("card", "embedded")
    assert part.platform
    assert len(set(part.banks)) == len(part.banks) > 0


def test_a_range_of_banks_is_all_of_them():
    assert part_named("u280").banks[:2] == ("HBM[0]", "HBM[1]")
    assert part_named("u280").banks[31:] == ("HBM[31]", "DDR[0]", "DDR[1]")
    assert part_named("zcu104").banks[0] == "HP0"


@pytest.mark.parametrize("family", sorted({part.family for part in parts().values()}))
def test_each_family_has_every_kind_of_operator(family):
    assert {kind for kind, entry in operator_table(family).items() if isinstance(entry, dict)} == KINDS


@pytest.mark.parametrize("part", parts())
def test_a_faster_clock_never_takes_fewer_stages(part):
    clocks = range(parts()[part].slowest, parts()[part].fastest + 1, 10)
    for kind in KINDS - {"multiply_fabric", "multiply_wide"}:
        stages = [sp.fpga(part, mhz=mhz).operators.speed(kind, 32, 32).latency for mhz in clocks]
        assert stages == sorted(stages), kind


@pytest.mark.parametrize(
    ("kind", "widths", "latency"),
    [
        ("float32_add", (), 6),
        ("float32_multiply", (), 3),
        ("float32_compare", (), 1),
        ("float64_add", (), 6),
        ("multiply", (8, 8), 0),
        ("multiply", (16, 16), 0),
        ("multiply", (32, 32), 1),
        ("divide", (32, 32), 35),
        ("load", (), 1),
    ],
)
def test_stages_on_an_alveo_at_300_mhz(kind, widths, latency):
    """The stage counts of published modules, less one: fadd 7, fmul 4, fcmp 2, dadd 7, mul_32 2, sdiv_32 36."""
    assert sp.fpga("xcu280", mhz=300).operators.speed(kind, *widths).latency == latency


@pytest.mark.parametrize(
    ("widths", "dsp"), [((8, 8), 0), ((16, 16), 1), ((27, 18), 1), ((32, 16), 2), ((32, 32), 4), ((64, 64), 12)]
)
def test_a_product_takes_dsps_by_the_widths_of_its_factors(widths, dsp):
    assert sp.fpga("xcu280", mhz=300).operators.resources("multiply", *widths).dsp == dsp


def test_floats_on_an_alveo_take_the_dsps_that_the_vendor_documents():
    operators = sp.fpga("xcu280", mhz=300).operators
    found = [
        operators.resources(f"{dtype}_{kind}").dsp for dtype in ("float32", "float64") for kind in ("add", "multiply")
    ]
    assert found == [2, 3, 3, 8]


def test_floats_on_versal_are_made_of_one_dsp_each():
    operators = sp.fpga("vck190", mhz=300).operators
    assert [operators.resources(f"float32_{kind}").dsp for kind in ("add", "multiply")] == [1, 1]
    assert operators.speed("float32_add").latency == 3


def test_an_unknown_part_is_refused_with_those_that_exist():
    told = refused(lambda: sp.fpga("xcu281", mhz=300))
    assert "there is no device model 'xcu281'" in told
    assert "xczu9eg" in told
    assert 'sp.fpga("xcu280", mhz=300)' in told


@pytest.mark.parametrize("mhz", [0, -300, 3000, 300e6, float("nan"), True, "fast"])
def test_an_absurd_clock_is_refused_with_those_that_are_known(mhz):
    told = refused(lambda: sp.fpga("xcu280", mhz=mhz))
    assert "a clock of" in told
    assert "from 50 to 500 MHz" in told


def test_a_clock_that_is_no_number_is_refused_with_its_type():
    assert "a clock of '300', a `str` and no number" in refused(lambda: sp.fpga("xcu280", mhz="300"))


@pytest.mark.parametrize("device", ["xcu280", "xcu280@", "xcu280@fast"])
def test_a_part_as_text_needs_a_clock(device):
    assert '"xcu280@300"' in refused(lambda: device_of(device))


def test_what_is_no_device_is_refused():
    assert "there is no device model 3" in refused(lambda: device_of(3))
