"""One function becomes one C++ function."""

from tests.lower.hls.emit.programs import systolic
from tests.lower.hls.emit.texts import processes


def test_specializations_become_functions_of_their_own() -> None:
    emitted = processes(systolic)
    assert [each.name for each in emitted] == ["load_A_0", "load_B_0", "pe_0", "pe_1", "pe_2", "pe_3"]


def test_widening_and_cutting_cost_no_cast() -> None:
    inner = processes(systolic)[2]
    assert "        acc += a * b;" in inner.body
    assert "    ap_int<32> acc = 0;" in inner.body


def test_streams_of_one_name_tell_their_direction() -> None:
    inner = processes(systolic)[2]
    names = [parameter.name for parameter in inner.parameters]
    assert names == ["i", "j", "fifo_A_in", "fifo_B_in", "fifo_A_out", "fifo_B_out", "C"]
