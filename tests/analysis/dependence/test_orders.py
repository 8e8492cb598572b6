"""An order is called legal exactly when every two conflicting instances keep theirs, one by one."""

import pytest

from spatial.analysis.dependence.dependences import Dependences
from tests.analysis.dependence.nests import keeps_order, module_of, results, says_legal, touches
from tests.analysis.dependence.orders import orders
from tests.analysis.dependence.programs import at_random, simple, with_locals, written

GROUPS = {
    "written": [(items, {}) for items in written()],
    "simple": [(items, {}) for items in list(simple())[::5]],
    "random": [(items, {}) for items in at_random(30)],
    "locals": list(with_locals()),
}


@pytest.mark.parametrize("name", GROUPS)
def test_legal_is_what_keeps_every_pair_of_instances(name):
    legal, total = 0, 0
    for seed, (items, scopes) in enumerate(GROUPS[name]):
        program = touches(items)
        module = module_of(items)
        dependences = Dependences.of(module.body.operations[0])
        today = results(program, [touch.time for touch in program])
        for order, times in orders(program, seed):
            expected = keeps_order(program, times, scopes=scopes)
            assert says_legal(dependences, program, times) == expected, (items, order, times)
            assert not expected or results(program, times) in (today, None), (items, order, times)
            legal, total = legal + expected, total + 1
    assert total // 10 < legal < total - total // 10, f"{legal} of {total}: too much of a kind"
