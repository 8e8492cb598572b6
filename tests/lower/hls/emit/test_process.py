"""One function becomes one C++ function."""

import pytest

import spatial as sp
from spatial.lower.hls.emit.helpers import helper_text
from tests.lower.hls.emit.programs import largest, softplus, systolic
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


def test_unused_parameters_are_left_out() -> None:
    @sp.region()
    def program(A: sp.int32[4]):
        @sp.kernel(mapping=[2], args=[A])
        def pe(A: sp.int32[4]):
            i = sp.get_pid()
            with sp.meta_if(i == 0):
                A[1] = 2

    used = [each for each in processes(program) if each.parameters]
    assert [parameter.name for parameter in used[0].parameters] == ["A"]


@pytest.mark.parametrize("region", [systolic, softplus, largest], ids=lambda region: region.name)
def test_text(region, golden) -> None:
    emitted = processes(region)
    helpers = {helper for each in emitted for helper in each.helpers}
    golden("\n".join([helper_text(helpers), *(each.definition for each in emitted)]), f"{region.name}.h")


def test_a_function_of_types_that_cpp_lacks_is_refused_without_a_reference(tmp_path) -> None:
    (tmp_path / "mm.cc").write_text('extern "C" void twice(void *x) {}')
    twice = sp.external("twice", args=[sp.InOut(sp.Int(70)[1])], source=tmp_path / "mm.cc")

    @sp.region()
    def program(A: sp.Int(70)[1]):
        @sp.kernel(args=[A])
        def only(A: sp.Int(70)[1]):
            twice(A)

    with pytest.raises(sp.ProgramError, match="`twice` has no `reference`"):
        processes(program)
