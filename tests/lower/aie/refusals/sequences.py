"""Orders of transfers that the host must not ask for."""

from spatial.device.npu import npu
from spatial.lower.aie.emit.sequence import Step
from spatial.lower.aie.emit.tasks import Task
from spatial.lower.aie.rules.judge import broken_in_sequence
from spatial.types.dtype import int8, int32
from tests.lower.aie.refusals.registry import fed, refused


def task(number=0, fifo="a", token=False, inward=True, piece=(0, ((1, 0), (1, 0), (1, 0), (256, 1)))):
    return Task(
        fifo=fifo, array="A", piece=piece, tile=(0, 0), inward=inward, begins=0, ends=1, number=number, token=token
    )


def sequence(*steps, element=int32):
    """What is said of queued tasks, and of waits, which are the names of fifos."""
    made = fed(256, 1024, element=element)
    done = [Step(fifo=each) if isinstance(each, str) else Step(fifo=each.fifo, task=each) for each in steps]
    return broken_in_sequence(made.mapped(), npu("npu1"), done)


@refused
def descriptor_16():
    return sequence(task(16))


@refused
def descriptor_used_again():
    return sequence(task(0), task(0))


@refused
def five_tasks_in_a_queue():
    return sequence(*(task(number) for number in range(5)))


@refused
def wait_without_a_token():
    return sequence(task(0), "a")


@refused
def output_that_is_not_waited_for():
    return sequence(task(0, inward=False, token=True))


@refused
def repeated_too_often():
    return sequence(task(0, piece=(0, ((65, 1024), (1, 0), (1, 0), (256, 1)))))


@refused
def rows_that_are_too_long():
    return sequence(task(0, piece=(0, ((1, 0), (1, 0), (2, 4096), (2048, 1)))))


def moved(*walk, begin=0, element=int32):
    """What is said of one transfer along these dimensions."""
    return sequence(task(0, piece=(begin, ((1, 0),) * (4 - len(walk)) + walk)), element=element)


@refused
def too_many_rows():
    return moved((1024, 32), (16, 1))


@refused
def rows_of_odd_bytes():
    return moved((4, 32), (6, 1), element=int8)


@refused
def every_second_byte():
    return moved((16, 2), element=int8)


@refused
def rows_at_odd_bytes():
    return moved((4, 30), (8, 1), element=int8)


@refused
def beginning_at_an_odd_byte():
    return moved((8, 1), begin=2, element=int8)


@refused
def rows_that_go_back():
    return moved((4, -32), (16, 1))


@refused
def element_that_is_repeated():
    return moved((4, 0), (16, 1))


@refused
def rows_too_far_apart():
    return moved((4, (1 << 20) + 1), (16, 1))


@refused
def columns_too_far_apart():
    return moved((16, (1 << 20) + 1))


@refused
def more_words_than_a_descriptor_counts():
    return moved((1 << 32, 1))
