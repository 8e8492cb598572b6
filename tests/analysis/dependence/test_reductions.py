"""Which updates may come in any order."""

import pytest

import spatial as sp
from spatial import Fixed, UInt, float32, int8, int16, int32, uint8
from spatial.analysis.dependence.dependences import Dependences
from spatial.ir.mlir import ir
from tests.analysis.dependence.compiled import between, dependences_of
from tests.analysis.dependence.nests import For, Set, keeps_order, module_of, says_legal, touches

ROUNDED, SATURATED = Fixed(8, 4, rounding="half_even"), Fixed(8, 4, overflow="saturate")


def operators(dependences):
    return [each.operator for each in dependences.reductions]


def test_a_product_is_summed_up_in_any_order():
    @sp.region()
    def top(A: int8[4, 4], B: int8[4, 4], C: int16[4, 4]):
        @sp.kernel()
        def f(A: int8[4, 4], B: int8[4, 4], C: int16[4, 4]):
            for i, j, k in sp.grid(4, 4, 4):
                C[i, j] += A[i, k] * B[k, j]

    dependences = dependences_of(top)
    assert operators(dependences) == ["+"]
    carried = dependences.carried(dependences.loops[2])
    assert {each.kind for each in carried} == {"flow", "anti", "output"}
    assert all(each.reduction for each in carried)
    assert not dependences.carried(dependences.loops[0])


def test_integers_whose_low_bits_are_the_same_in_any_order():
    @sp.region()
    def top(A: int32[8], s: int32, U: UInt(5)[8]):
        @sp.kernel()
        def f(A: int32[8], s: int32, U: UInt(5)[8]):
            for i in range(8):
                A[0] -= i
                A[1] *= A[i // 8 + 2]
                A[3] |= i
                A[4] &= i
                A[5] ^= i
                A[6] = 1 + (A[6] + i)
                U[0] += U[1]

    assert operators(dependences_of(top)) == ["+", "*", "|", "&", "^", "+", "+"]


def test_extremes_of_what_fits_the_element():
    @sp.region()
    def top(A: int8[8], U: uint8[8], W: int32[8]):
        @sp.kernel()
        def f(A: int8[8], U: uint8[8], W: int32[8]):
            for i in range(8):
                A[0] = max(A[0], A[i])
                U[0] = min(U[0], U[i])
                A[1] = max(A[1], i)
                A[2] = max(A[2], W[i])

    assert operators(dependences_of(top)) == ["max", "unsigned min", "max"]


def test_what_is_no_update_of_this_kind():
    @sp.region()
    def top(A: int32[8], B: int32[8], F: ROUNDED[8], G: SATURATED[8]):
        @sp.kernel()
        def f(A: int32[8], B: int32[8], F: ROUNDED[8], G: SATURATED[8]):
            for i in range(8):
                A[0] = i - A[0]
                A[1] = A[1] + A[1]
                A[2] = (A[2] + i) * 3
                A[3] = A[3] // 2
                A[4] = A[5] + i
                B[i] = A[i] + 1
                F[0] = F[0] * F[1]
                G[0] = G[0] + G[1]

    assert operators(dependences_of(top)) == []


def test_an_extreme_that_changes_its_sign_on_the_way_is_none():
    @sp.region()
    def top(A: int8[8], U: uint8[8]):
        @sp.kernel()
        def f(A: int8[8], U: uint8[8]):
            for i in range(8):
                U[0] = min(U[0], A[i])

    assert operators(dependences_of(top)) == []


def test_updates_that_overlap_today_stay_as_they_are():
    @sp.region()
    def top(A: int32[8]):
        @sp.kernel()
        def f(A: int32[8]):
            for i in range(8):
                one = A[0] + 1
                two = A[0] + 2
                A[0] = one
                A[0] = two

    dependences = dependences_of(top)
    first, second = dependences.reductions
    apart = [each for each in between(dependences, "A") if each.updates == (first, second)]
    assert not first.apart(second)
    assert not apart


def test_floats_may_be_summed_up_in_any_order_only_where_the_user_says_so():
    items = (For(2, (For(3, (Set(("C", "0"), (("A", "i0", "i1"),), adds=True),)),)),)
    module = module_of(items, element="f32")
    function = module.body.operations[0]
    program = touches(items)
    swapped = [tuple({"i0": "i1", "i1": "i0"}.get(part, part) for part in touch.time) for touch in program]
    downward = [tuple("-i1" if part == "i1" else part for part in touch.time) for touch in program]
    assert not says_legal(Dependences.of(function), program, downward)
    inner = Dependences.of(function).loops[1]
    with module.context:
        inner.op.attributes["df.reduction"] = ir.UnitAttr.get()
    marked = Dependences.of(function)
    assert says_legal(marked, program, downward)
    assert not says_legal(marked, program, swapped)
    assert [each.reduction for each in marked.carried(marked.loops[0])] == [False] * 3
    assert [each.reduction for each in marked.carried(marked.loops[1])] == [True] * 3


def test_float_updates_are_found():
    @sp.region()
    def top(A: float32[8], B: float32[8]):
        @sp.kernel()
        def f(A: float32[8], B: float32[8]):
            for i in range(8):
                A[0] += B[i]
                A[1] = max(A[1], B[i])

    dependences = dependences_of(top)
    assert operators(dependences) == ["+", "max"]
    assert not any(each.reduction for each in between(dependences, "A"))


@pytest.mark.parametrize(("first", "second"), [("0", "0"), ("0", "i0")])
def test_two_updates_of_one_reduction_change_places_in_one_piece(first, second):
    body = (Set(("A", first), (("B", "i0"),), adds=True), Set(("A", second), (("B", "i0+1"),), adds=True))
    items = (For(3, body),)
    program = touches(items)
    module = module_of(items)
    dependences = Dependences.of(module.body.operations[0])
    exchanged = [(0, "i0", -touch.statement, touch.time[-1]) for touch in program]
    mixed = [(0, "i0", touch.time[-1] - 3 * touch.statement, touch.statement) for touch in program]
    assert says_legal(dependences, program, exchanged)
    assert not says_legal(dependences, program, mixed)
    assert not keeps_order(program, mixed)
    violation = dependences.violated(
        {a.op.operation: time for a, time in zip(dependences.accesses, mixed, strict=True)}
    )
    assert violation.reason == "mixed"
    assert violation.sentence.endswith("and the one would then load it before the other has stored it")
