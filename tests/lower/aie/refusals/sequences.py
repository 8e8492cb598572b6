"""Orders of transfers that the host must not ask for."""

from spatial.device.npu import npu
from spatial.lower.aie.emit.sequence import Step
from spatial.lower.aie.emit.tasks import Task
from spatial.lower.aie.rules.judge import broken_in_sequence
from tests.lower.aie.refusals.registry import fed, refused


def task(number=0, fifo="a", token=False, inward=True, piece=(0, ((1, 0), (1, 0), (1, 0), (256, 1)))):
    return Task(
        fifo=fifo, array="A", piece=piece, tile=(0, 0), inward=inward, begins=0, ends=1, number=number, token=token
    )


def sequence(*steps):
    """What is said of queued tasks, and of waits, which are the names of fifos."""
    made = fed(256, 1024)
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
