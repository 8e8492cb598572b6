"""What nodes take of tiles is what the vendor's compiler gives them."""

import pytest

from spatial.device.npu import npu
from spatial.lower.aie.placement.demand import RESOURCES, Carrier, Take, carrier_of, takes
from spatial.lower.aie.placement.halves import crowded_halves
from spatial.lower.aie.placement.parts import parts_of, total_of
from tests.lower.aie.designs import Design, gemm


def test_a_join_takes_locks_and_descriptors_for_each_part():
    taken = takes(gemm(4, 4), npu("npu1"))["C0.memory"]
    assert taken == Take(inputs=4, outputs=1, memory=2 * 4 * 8192, locks=8, descriptors=16)


def test_a_forward_holds_its_objects_once():
    assert takes(gemm(4, 4), npu("npu1"))["A0.memory"] == Take(
        inputs=1, outputs=1, memory=2 * 8192, locks=2, descriptors=4
    )


def test_a_core_takes_its_stack_and_both_ends():
    assert takes(gemm(4, 4), npu("npu1"))["pe[0,0]"] == Take(
        inputs=2, outputs=1, memory=1024 + 3 * 2 * 8192, locks=6, descriptors=6
    )


@pytest.mark.parametrize("resource", RESOURCES)
def test_lines_add_up_to_what_a_node_takes(resource):
    mapped, device = gemm(2, 3), npu("npu1")
    for name, taken in takes(mapped, device).items():
        assert total_of(parts_of(mapped, device, mapped.node[name], resource)) == getattr(taken, resource)


def carriers(**asked):
    made = Design()
    made.core("a"), made.core("b"), made.core("c")
    made.fifo("near", "a", "b")
    made.fifo("own", "a", "a")
    made.fifo("many", "a", ["b", "c"])
    made.fifo("walked", "a", "b", walk=((8, 8), (8, 1)))
    made.fifo("host", made.shim("shim"), "a")
    mapped = made.mapped()
    return {fifo.name: carrier_of(mapped, fifo) for fifo in mapped.fifos}


def test_dma_carries_what_shared_memory_cannot():
    assert carriers() == {
        "near": Carrier.NEAR,
        "own": Carrier.OWN,
        "many": Carrier.DMA,
        "walked": Carrier.DMA,
        "host": Carrier.DMA,
    }


def test_even_channels_of_a_memory_tile_have_half_of_its_descriptors():
    made = Design()
    hub = made.memory("hub")
    made.fifo("a", made.shim("source"), hub, depth=13)
    made.fifo("b", hub, made.core("pe"), depth=2)
    made.link(hub, ["a"], ["b"])
    tiles = {"hub": (0, 1), "source": (0, 0), "pe": (0, 2)}
    (half,) = crowded_halves(made.mapped(), npu("npu1"), tiles)
    assert (half.name, half.demand, half.limit) == ("even", 26, 24)
