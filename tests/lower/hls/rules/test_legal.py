"""Checks of programs that were made legal find those that are not."""

import pytest

import spatial as sp
from spatial import Stream, int32
from spatial.device.fpga import device_of
from spatial.ir.dialect import context
from spatial.ir.graph import actor_graph
from spatial.ir.text import parse, print_module
from spatial.lower.hls.interfaces import interfaces_of
from spatial.lower.hls.rules.judge import broken_in_design, check_guarantees
from spatial.lower.hls.rules.rule import Subject
from spatial.lower.hls.rules.table import RULES
from spatial.region.program import compile_region
from spatial.source.errors import InternalError


@sp.region()
def legal(A: int32[4], B: int32[4]):
    fifo: Stream[int32, 2]

    @sp.kernel(args=[A])
    def load(A: int32[4]):
        for k in range(4):
            fifo.put(A[k])

    @sp.kernel(args=[B])
    def store(B: int32[4]):
        for k in range(4):
            B[k] = fifo.get()


@sp.region()
def shared(A: int32[4], B: int32[4]):
    @sp.kernel(mapping=[2], args=[A, B])
    def copy(A: int32[4], B: int32[4]):
        i = sp.get_pid()
        B[i] = A[i]


@sp.region()
def own(A: int32[4], B: int32[8]):
    table: int32[4]
    ready: Stream[bool, 1]
    again: Stream[bool, 1]

    @sp.kernel(args=[A, table])
    def fill(A: int32[4], table: int32[4]):
        for k in range(4):
            table[k] = A[k]
        ready.put(True)
        again.put(True)

    @sp.kernel(mapping=[2], args=[B, table])
    def look(B: int32[8], table: int32[4]):
        i = sp.get_pid()
        with sp.meta_if(i == 0):
            start: bool = ready.get()
        with sp.meta_else():
            start: bool = again.get()
        for k in range(4):
            B[4 * i + k] = table[k]


@sp.region()
def begun(B: int32[4]):
    fifo = sp.pipe(dtype=int32, depth=2, initial=[7])

    @sp.kernel()
    def load():
        for k in range(3):
            fifo.put(k)

    @sp.kernel(args=[B])
    def store(B: int32[4]):
        for k in range(4):
            B[k] = fifo.get()


def design(region, change=lambda text: text):
    """A region as a design, its module's text changed."""
    with context():
        module = parse(change(print_module(compile_region(region).module)))
    graph = actor_graph(module)
    return Subject(module=module, graph=graph, interfaces=interfaces_of(graph), device=device_of("hls"))


def second_reader(text):
    """Another actor of the reading function."""
    (line,) = (line for line in text.splitlines() if "@store" in line and "df.actor" in line)
    return text.replace(line, f"{line}\n{line.replace('pid = [0]', 'pid = [1]')}")


BROKEN = {
    "stream-ends": design(legal, second_reader),
    "array-ends": design(own),
    "argument-process": design(shared),
    "empty-start": design(begun),
}


def test_nothing_is_wrong_with_what_is_legal():
    assert broken_in_design(design(legal)) == {}


@pytest.mark.parametrize("rule", BROKEN)
def test_a_design_that_breaks_a_rule_is_found(rule):
    assert rule in broken_in_design(BROKEN[rule])


def test_every_guarantee_is_broken_by_some_design():
    assert {rule.name for rule in RULES if rule.guarantee} == BROKEN.keys()


def test_a_broken_guarantee_is_our_mistake_and_names_the_code():
    with pytest.raises(InternalError, match=r"argument-process \(HLS 200-977\): `A` is used by 2 actors"):
        check_guarantees(BROKEN["argument-process"])
