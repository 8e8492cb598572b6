"""Where a core's memory is short, it holds once what passes least."""

from spatial.device.npu import npu
from spatial.lower.aie.mapping.memory import fitted_depths
from spatial.types.dtype import int8
from tests.lower.aie.designs import Design


def depths(*sizes_and_objects):
    """The objects at a core's ends of fifos from and to the host, with objects of so many bytes, so many times."""
    made = Design()
    made.core("pe")
    for n, (size, objects) in enumerate(sizes_and_objects):
        made.fifo(f"f{n}", made.shim(f"s{n}"), "pe", (size,), element=int8, objects=objects)
    return [fifo.consumers[0].depth for fifo in fitted_depths(made.mapped(), npu("npu1")).fifos]


def test_what_fits_is_held_twice():
    assert depths((15000, 8), (15000, 1)) == [2, 2]


def test_what_passes_least_is_held_once():
    assert depths((16384, 8), (14000, 1), (4000, 8)) == [2, 1, 2]


def test_one_that_is_enough_goes_before_several_that_pass_less():
    assert depths((20000, 4), (12000, 3), (1000, 1)) == [2, 1, 2]


def test_several_are_held_once_where_one_is_not_enough():
    assert depths((20000, 4), (16000, 1), (12000, 8)) == [1, 1, 2]
