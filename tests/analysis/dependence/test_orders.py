"""An order is called legal exactly when every two conflicting instances keep theirs, one by one."""

import pytest

from spatial.analysis.dependence.dependences import Dependences
from tests.analysis.dependence.nests import keeps_order, module_of, says_legal, touches
from tests.analysis.dependence.orders import orders
from tests.analysis.dependence.programs import at_random, simple, written

GROUPS = {"written": list(written()), "simple": list(simple())[::9], "random": list(at_random(25))}


@pytest.mark.parametrize("name", GROUPS)
def test_legal_is_what_keeps_every_pair_of_instances(name):
    legal, total = 0, 0
    for seed, items in enumerate(GROUPS[name]):
        program = touches(items)
        module = module_of(items)
        dependences = Dependences.of(module.body.operations[0])
        for order, times in orders(program, seed):
            expected = keeps_order(program, times)
            assert says_legal(dependences, program, times) == expected, (items, order, times)
            legal, total = legal + expected, total + 1
    assert total // 10 < legal < total - total // 10, f"{legal} of {total}: too much of a kind"
