"""Nests of a function become processes, which hand arrays on by tokens, or by channels."""

import numpy as np
import pytest

import spatial as sp
from spatial import int16, int32
from tests.schedule.space.nests import copies, crossed, layers, overwritten, pieces, smooth, turned


def drawn(program, seed=1):
    random = np.random.default_rng(seed)
    given = program.__annotations__
    kinds = {name: each for name, each in given.items() if name != "return"}
    return [
        random.integers(-99, 99, each.shape).astype(sp.numpy_dtype(each.element)) if hasattr(each, "shape") else 7
        for each in kinds.values()
    ]


def same(program, schedule, *, build=False):
    """Holds a schedule to the program that it was made of; the cycles of both."""
    wanted, found = drawn(program), drawn(program)
    before = sp.simulate(program, *wanted, device="hls")
    after = sp.simulate(schedule, *found, device="hls")
    for one, other in zip((*wanted, before.result), (*found, after.result), strict=True):
        np.testing.assert_array_equal(one, other)
    if build:
        given = drawn(program)
        sp.build(schedule, target="hls")(*given)
        for one, other in zip(wanted, given, strict=True):
            np.testing.assert_array_equal(one, other)
    return before.cycles, after.cycles


@pytest.mark.parametrize("program", [layers, smooth, copies, turned, pieces], ids=lambda each: each.__name__)
def test_processes_compute_what_the_function_does(program):
    s = sp.customize(program)
    made = s.dataflow()
    before, after = same(program, s)
    assert len(made) >= 2
    assert after <= before + 2 * len(made)


def test_a_process_is_called_as_its_nest_or_by_its_number():
    assert [str(each) for each in sp.customize(layers).dataflow()] == ["first", "relu", "second"]
    assert [str(each) for each in sp.customize(smooth).dataflow("smooth")] == [f"smooth_{n}" for n in range(4)]


def test_nests_that_read_one_array_run_side_by_side():
    s = sp.customize(copies)
    s.dataflow()
    before, after = same(copies, s, build=True)
    assert after < before - 20


def test_arrays_between_processes_are_memory_that_a_token_orders(golden):
    s = sp.customize(copies)
    s.dataflow()
    golden(f"{s}\n\n{s.module}\n", "dataflow.txt")


def streamed():
    s = sp.customize(layers)
    s.compute_at("loop", "j")
    s.cache_write(s.H, "j")
    s.buffer_at(s.R, "i_2")
    s.dataflow()
    s.to(s.H, "relu", depth=2)
    s.to("R", "second", depth=5)
    return s


def test_an_array_becomes_a_channel_where_it_is_read_as_it_is_written(golden):
    s = streamed()
    before, after = same(layers, s, build=True)
    assert after < before - 150
    assert "df.memory" not in str(s.module)
    assert "ready" not in str(s.module)
    golden(f"{s}\n\n{s.module}\n", "to_fifo.txt")


def test_others_still_read_the_array_of_which_one_gets_the_elements_by_a_channel():
    s = sp.customize(copies)
    s.dataflow()
    s.to("T", "same", depth=4)
    same(copies, s, build=True)
    assert 'memory = "T"' in str(s.module)
    s.to("T", "other", depth=4)
    _, after = same(copies, s, build=True)
    assert 'memory = "T"' not in str(s.module)
    assert after < 40


def test_memory_of_the_program_is_cut_in_all_its_kernels():
    s = sp.customize(copies)
    s.dataflow()
    s.partition(s.T, dim=1)
    assert str(s.module).count('df.layouts = {T = "[whole, complete]"}') == 3
    same(copies, s)


def streams(A: int16[4]):
    for i in range(4):
        print(A[i])
    for j in range(4):
        print(A[3 - j])


def test_refusals_name_the_array_and_both_nests(golden):
    told = []

    def refused(what, step):
        with pytest.raises(sp.ProgramError) as error:
            step()
        told.append(f"# {what}\n{error.value}")

    def of(program):
        s = sp.customize(program)
        s.dataflow()
        return s

    refused("read, then written", sp.customize(crossed).dataflow)
    refused("two writers", sp.customize(overwritten).dataflow)
    refused("one array twice", sp.customize(twice).dataflow)
    refused("messages", sp.customize(streams).dataflow)
    refused("one nest", sp.customize(lone).dataflow)
    refused("no such kernel", lambda: sp.customize(copies).dataflow("pe"))
    refused("another order", lambda: of(turned).to("T", "columns"))
    refused("not all is read", lambda: of(pieces).to("T", "most"))
    refused("two places", lambda: of(pieces).to("U", "twice"))
    refused("elements read twice", lambda: of(layers).to("R", "second"))
    refused("an array of the program", lambda: of(smooth).to("B", "smooth_3"))
    refused("a kernel that does not read it", lambda: of(copies).to("T", "make"))
    golden("\n\n".join(told) + "\n", "dataflow_refused.txt")


def lone(A: int16[4]):
    for i in range(4):
        A[i] += 1


def product(A: int16[6, 4], B: int16[4, 4], C: int32[6, 4]):
    for i in range(6):
        for j in range(4):
            total: int32 = 0
            for k in range(4):
                total += A[i, k] * B[k, j]
            C[i, j] = total


def clipped(A: int32[6, 4], B: int16[6, 4]):
    for i in range(6):
        for j in range(4):
            B[i, j] = max(A[i, j], 0)


def called(A: int16[6, 4], B: int16[4, 4], D: int16[4, 4], C: int32[6, 4]):
    H: int32[6, 4]
    R: int16[6, 4]
    product(A, B, H)
    clipped(H, R)
    product(R, D, C)


def test_functions_that_are_called_become_processes(golden):
    s = sp.customize(called)
    s.buffer_at("product_1:A", "product_1:i")
    assert [str(each) for each in s.dataflow("called")] == ["product", "clipped", "product_1"]
    waiting = same(called, s)[1]
    s.to("H", "clipped", depth=2)
    s.to("R", "product_1", depth=6)
    assert same(called, s, build=True)[1] < waiting - 30
    golden(f"{s}\n\n{s.module}\n", "dataflow_calls.txt")


@sp.region()
def twice(A: int16[4]):
    @sp.kernel(args=[A, A])
    def pe(A: int16[4], B: int16[4]):
        for i in range(4):
            A[i] += 1
        for i in range(4):
            A[i] += B[i]
