"""NPUs: the partitions there are, what their tiles hold and reach, and names that are none."""

import pytest

import spatial as sp
from spatial.device.fpga import device_of
from spatial.device.npu import NPUS, Kind, npu


def refused(call):
    with pytest.raises(sp.ProgramError) as caught:
        call()
    return str(caught.value)


def test_a_partition_has_so_many_columns_and_the_number_of_the_format():
    codes = {name: (each.columns, each.code) for name, each in NPUS.items()}
    assert codes == {
        **{f"npu1_{columns}col": (columns, 4 + columns) for columns in range(1, 4)},
        "npu1": (4, 4),
        **{f"npu2_{columns}col": (columns, 8 + columns) for columns in range(1, 8)},
        "npu2": (8, 8),
    }


def test_the_arrays_have_sixteen_and_thirty_two_cores():
    assert (len(npu("npu1").cores), len(npu("npu2").cores)) == (16, 32)
    assert all(npu("npu1").kind_of(tile) is Kind.CORE for tile in npu("npu1").cores)


def test_rows_from_the_south_are_shim_memory_and_cores():
    assert [npu("npu1").kind_of((0, row)) for row in range(3)] == [Kind.SHIM, Kind.MEMORY, Kind.CORE]


def test_a_core_reaches_itself_north_south_and_west_but_no_memory_tile():
    device = npu("npu1")
    assert device.neighbours((1, 3)) == ((1, 3), (1, 4), (1, 2), (0, 3))
    assert device.neighbours((0, 2)) == ((0, 2), (0, 3))
    assert device.neighbours((0, 1)) == ((0, 1),)


def test_a_kind_of_tile_has_its_limits():
    device = npu("npu2")
    assert (device.core.memory, device.memory.memory) == (64 * 1024, 512 * 1024)
    assert [device.limits(kind).inputs for kind in (Kind.CORE, Kind.MEMORY, Kind.SHIM)] == [2, 6, 2]
    assert device.shim.iteration
    assert device.memory.ports.east == 0


def test_an_npu_that_does_not_exist_is_answered_with_those_that_do():
    told = refused(lambda: npu("npu1_4col"))
    assert "device/npu" in told
    assert "npu1_3col, npu1, npu2_1col" in told
    assert 'write `device="npu1"`' in told


def test_an_npu_is_no_device_of_channels_and_operators():
    told = refused(lambda: device_of("npu2_3col"))
    assert "device/not-an-fpga" in told
    assert 'sp.report(program, device="npu2_3col")' in told
