"""Blocks: what movers do becomes transfers, tokens for several cores one fifo, many results one channel of a shim."""

import numpy as np
import pytest

import spatial as sp
from spatial.device.npu import npu
from spatial.ir.graph import actor_graph
from spatial.lower.aie.design import Kind, Mapped
from spatial.lower.aie.mapping.mapping import map_program
from spatial.region.definition import Region
from tests.lower.aie.mapping.following import moved
from tests.lower.aie.mapping.programs import gemm, vector_add


def mapped(region: Region, device: str = "npu1") -> Mapped:
    module = sp.build(region)
    return map_program(module.module, actor_graph(module.module), npu(device))


def kinds(found: Mapped) -> dict[Kind, int]:
    return {kind: sum(node.kind is kind for node in found.nodes) for kind in Kind}


def test_loaders_and_storers_are_no_cores():
    found = mapped(vector_add(64, 16))
    assert kinds(found) == {Kind.CORE: 1, Kind.MEMORY: 0, Kind.SHIM: 3}
    assert [(each.array, each.offset, each.walk) for each in found.transfers] == [
        (array, 0, ((1, 0), (1, 0), (1, 0), (64, 1))) for array in "ABC"
    ]


def test_a_block_for_several_cores_is_one_fifo():
    found = mapped(gemm(2, 64, 64, 64, 32))
    fed = [fifo for fifo in found.fifos if found.node[fifo.producer.node].kind is Kind.SHIM]
    assert [[end.node for end in fifo.consumers] for fifo in fed] == [
        ["pe[0,0]", "pe[0,1]"],
        ["pe[1,0]", "pe[1,1]"],
        ["pe[0,0]", "pe[1,0]"],
        ["pe[0,1]", "pe[1,1]"],
    ]


def test_results_of_four_cores_share_a_channel_where_there_are_too_few():
    found = mapped(gemm(4, 64, 64, 32, 16))
    assert kinds(found) == {Kind.CORE: 16, Kind.MEMORY: 4, Kind.SHIM: 12}
    assert [link.offsets for link in found.links] == [(0, 256, 512, 768)] * 4


@pytest.mark.parametrize(("cores", "size"), [(2, 64), (4, 64), (4, 128)])
def test_transfers_move_what_movers_move(cores, size):
    found = mapped(gemm(cores, size, size, size, 16))
    arrays = {name: np.arange(size * size).reshape(size, size) for name in "ABC"}
    blocks = arrays["A"].reshape(-1, cores, 16, size // 16, 16)
    for i in range(cores):
        rows = blocks[:, i].transpose(0, 2, 1, 3)
        wanted = np.repeat(rows[:, None], size // (cores * 16), axis=1).reshape(-1, 256)
        np.testing.assert_array_equal(moved(found, found.fifo_of_channel[f"right[{i},0]"], arrays), wanted)
    stored = [fifo for fifo in found.fifos if found.node[fifo.consumers[0].node].kind is Kind.SHIM]
    everything = np.concatenate([moved(found, fifo, arrays).reshape(-1) for fifo in stored])
    np.testing.assert_array_equal(np.sort(everything), np.arange(size * size))


def test_a_transfer_holds_whole_objects():
    found = mapped(gemm(4, 256, 256, 64, 16))
    for transfer in found.transfers:
        assert transfer.size % np.prod(found.fifo[transfer.fifo].shape) == 0


def test_objects_are_held_once_where_a_core_has_no_room_for_two():
    found = mapped(gemm(2, 128, 128, 128, 64))
    depths = {name: found.fifo_of_channel[name] for name in ("right[0,0]", "down[0,0]", "out[0,0]")}
    assert [max(end.depth for end in fifo.consumers) for fifo in list(depths.values())[:2]] == [2, 2]
    assert depths["out[0,0]"].producer.depth == 1


def test_a_block_that_passes_once_is_held_once():
    found = mapped(vector_add(16, 16))
    assert [end.depth for fifo in found.fifos for end in fifo.ends if end.node == "core[0]"] == [1, 1, 1]
