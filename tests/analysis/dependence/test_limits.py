"""A question that takes too long is answered with "cannot tell", which refuses."""

import pytest

from spatial.analysis.dependence import sets
from spatial.analysis.dependence.dependences import Dependences
from tests.analysis.dependence.nests import For, Set, module_of, touches

COPY = (For(3, (For(3, (Set(("A", "i0+1", "i1"), (("A", "i0", "i1+1"),)),)),)),)


@pytest.fixture
def asked(monkeypatch):
    """Has questions end after a number of operations, from when it is called on."""
    return lambda operations: monkeypatch.setattr(sets, "OPERATIONS", operations)


def swapped(dependences):
    return {
        op: tuple({"i0": "i1", "i1": "i0"}.get(part, part) for part in time) for op, time in dependences.times.items()
    }


def test_an_order_that_is_too_hard_to_judge_is_refused(asked):
    module = module_of(COPY)
    dependences = Dependences.of(module.body.operations[0])
    assert dependences.violated(swapped(dependences)).reason == "order"
    asked(5)
    violation = dependences.violated(swapped(dependences))
    assert (violation.reason, violation.source_at) == ("undecided", None)
    assert violation.sentence == ("whether an element of A is still written before it is read is too hard to tell")


def test_accesses_that_are_too_hard_to_compare_depend_on_each_other(asked):
    module = module_of(COPY)
    exact = Dependences.of(module.body.operations[0])
    assert all(each.exact for each in exact.all)
    asked(5)
    rough = Dependences.of(module.body.operations[0])
    assert not any(each.exact for each in rough.all)
    asked(sets.OPERATIONS * 10**6)
    for each in exact.all:
        same = [
            other
            for other in rough.all
            if (other.source.order, other.sink.order) == (each.source.order, each.sink.order)
        ]
        assert each.relation.is_subset(same[0].relation)
    assert rough.violated(swapped(rough)).reason == "undecided"
    assert rough.violated({}) is None


def test_the_next_question_is_answered_again(asked):
    module = module_of(COPY)
    asked(5)
    assert Dependences.of(module.body.operations[0]).all
    asked(200_000)
    again = Dependences.of(module.body.operations[0])
    assert {each.distance for each in again.all} == {(1, -1)}
    assert len(touches(COPY)) == len(again.accesses)
