"""Steps that are refused, each with a program: their messages are in `golden/refused`."""

from spatial.analysis.loops import inner, is_loop
from spatial.schedule.memory.buffers import buffer_at, cache_read, cache_write
from spatial.schedule.memory.operators import bind_operators
from spatial.schedule.memory.pack import pack
from spatial.schedule.memory.partition import partition
from spatial.schedule.memory.reshape import reshape
from spatial.schedule.memory.reuse import reuse_at
from spatial.schedule.memory.storage import bind
from tests.schedule.memory.nests import (
    convolution,
    crossed,
    guarded,
    local,
    looked_up,
    matmul,
    ordered,
    rows,
    searched,
    shared,
    wide,
)

__all__ = ["CASES"]


def partition_of_no_kind(s):
    s.step(partition, "A", kind="diagonal")


def partition_of_no_dimension(s):
    s.step(partition, "A", dim=2)


def partition_that_does_not_divide(s):
    s.step(partition, "A", kind="cyclic", dim=1, factor=3)


def partition_without_a_factor(s):
    s.step(partition, "A", kind="block", dim=1)


def partition_complete_by_a_factor(s):
    s.step(partition, "A", factor=2)


def partition_of_a_single_value(s):
    s.step(partition, "total")


def partition_in_too_many_banks(s):
    s.step(partition, "A", kind="cyclic", factor=64)
    s.step(partition, "A", kind="block", dim=0, factor=2)


def bind_to_nothing_known(s):
    s.step(bind, "buf", impl="tape")


def bind_of_a_single_value(s):
    s.step(bind, "total", impl="bram")


def bind_of_no_operator(s):
    s.step(bind_operators, "C", impl="dsp", op="div")


def bind_of_an_operator_that_is_not_there(s):
    s.step(bind_operators, "C", impl="dsp", op="sub")


def buffer_at_of_what_data_choose(s):
    s.step(buffer_at, "A", "i")


def buffer_at_of_no_box(s):
    s.step(buffer_at, "A", "j")


def buffer_at_beyond_the_array(s):
    s.step(buffer_at, "A", "i")


def buffer_at_of_what_others_write(s):
    s.step(buffer_at, "C", "i")


def buffer_at_past_a_token(s):
    s.step(buffer_at, "A", "i")


def buffer_at_without_a_use(s):
    s.step(buffer_at, "C", "r")


def buffer_at_a_while(s):
    buffer_at(s.function, s.buffer("A"), next(op for op in inner(s.function) if is_loop(op)))


def cache_read_of_what_is_stored(s):
    s.step(cache_read, "C", "j")


def cache_read_of_a_local(s):
    s.step(cache_read, "buf")


def cache_write_of_what_is_read(s):
    s.step(cache_write, "A", "j")


def cache_write_of_a_single_value(s):
    s.step(cache_write, "total", "y")


def reuse_at_of_what_is_stored(s):
    s.step(reuse_at, "C", "i")


def reuse_at_without_overlap(s):
    s.step(reuse_at, "A", "i")


def reuse_at_that_does_not_move(s):
    s.step(reuse_at, "B", "i")


def reuse_at_along_two_dimensions(s):
    s.step(reuse_at, "A", "i")


def reshape_of_a_parameter(s):
    s.step(reshape, "A", shape=[32])


def reshape_to_other_elements(s):
    s.step(reshape, "buf", shape=[5, 6])


def reshape_of_banks(s):
    s.step(partition, "buf", dim=0)
    s.step(reshape, "buf", shape=[32])


def reshape_to_no_shape(s):
    s.step(reshape, "buf", shape=32)


def pack_of_one(s):
    s.step(pack, "buf", factor=1)


def pack_of_a_parameter(s):
    s.step(pack, "A", factor=2)


def pack_that_does_not_divide(s):
    s.step(pack, "buf", factor=3)


def pack_of_banks(s):
    s.step(partition, "buf", dim=0)
    s.step(pack, "buf", factor=2)


CASES = {
    partition_of_no_kind: matmul,
    partition_of_no_dimension: matmul,
    partition_that_does_not_divide: matmul,
    partition_without_a_factor: matmul,
    partition_complete_by_a_factor: matmul,
    partition_of_a_single_value: convolution,
    partition_in_too_many_banks: wide,
    bind_to_nothing_known: local,
    bind_of_a_single_value: convolution,
    bind_of_no_operator: matmul,
    bind_of_an_operator_that_is_not_there: matmul,
    buffer_at_of_what_data_choose: looked_up,
    buffer_at_of_no_box: crossed,
    buffer_at_beyond_the_array: guarded,
    buffer_at_of_what_others_write: shared,
    buffer_at_past_a_token: ordered,
    buffer_at_without_a_use: convolution,
    buffer_at_a_while: searched,
    cache_read_of_what_is_stored: matmul,
    cache_read_of_a_local: local,
    cache_write_of_what_is_read: matmul,
    cache_write_of_a_single_value: convolution,
    reuse_at_of_what_is_stored: rows,
    reuse_at_without_overlap: matmul,
    reuse_at_that_does_not_move: matmul,
    reuse_at_along_two_dimensions: crossed,
    pack_of_one: local,
    pack_of_a_parameter: matmul,
    pack_that_does_not_divide: local,
    pack_of_banks: local,
    reshape_of_a_parameter: matmul,
    reshape_to_other_elements: local,
    reshape_of_banks: local,
    reshape_to_no_shape: local,
}
