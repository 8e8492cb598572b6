"""What can be told of a process network without evaluating it."""

from spatial.analysis.processes import (
    Delay,
    Link,
    Operation,
    Pipeline,
    Process,
    ProcessNetwork,
    Repeat,
    runs_freely,
    uses_of,
)
from spatial.analysis.series import Series
from spatial.device.model import HLS, Storage

EVERY_OTHER = (Series(first=0, strides=((2, 4),)),)
PUT = Operation(port=0, puts=True)
GET = Operation(port=1, puts=False, iterations=EVERY_OTHER)
ROW = Pipeline(count=8, operations=(GET, PUT))


def test_uses_are_counted_through_loops_and_conditions():
    body = (Delay(cycles=3), Repeat(count=5, body=(ROW, Pipeline(count=1, operations=(PUT,)))))
    assert uses_of(body) == {(0, True): 5 * 9, (1, False): 5 * 4}


def test_a_process_runs_freely_where_it_repeats_for_ever():
    ends = Process(name="p", links=("a", "b"), body=(Repeat(count=2, body=(ROW,)),))
    serves = Process(name="q", links=("a", "b"), body=(ROW, Repeat(count=None, body=(ROW,))))
    assert (runs_freely(ends), runs_freely(serves)) == (False, True)


def test_other_depths_change_what_a_link_is_built_from():
    link = Link(name="a", writer="p", reader="q", depth=2, bits=32)
    network = ProcessNetwork(name="n", processes=(), links=(link,), device=HLS)
    (deep,) = network.with_depths({"a": 64}).links
    assert network.timing_of(link, link.depth).storage is Storage.REGISTER
    assert network.timing_of(deep, deep.depth).storage is Storage.MEMORY
