"""Arguments of a run are checked, all at once, before anything is changed."""

import ml_dtypes
import numpy as np
import pytest

import spatial as sp
from spatial import Int, Stream, UInt, bfloat16, int32


@sp.region()
def add(A: int32[4], B: int32[4]):
    fifo: Stream[int32, 2][2]

    @sp.kernel(args=[A])
    def load(A: int32[4]):
        for k in range(4):
            with sp.meta_for(2) as i:
                fifo[i].put(A[k])

    @sp.kernel(args=[B])
    def store(B: int32[4]):
        for k in range(4):
            B[k] = fifo[0].get() + fifo[1].get()


def arrays() -> tuple[np.ndarray, np.ndarray]:
    return np.arange(4, dtype=np.int32), np.zeros(4, np.int32)


def refused(*given: object, **options: object) -> str:
    with pytest.raises(sp.ProgramError) as caught:
        sp.simulate(add, *given, **options)
    return str(caught.value)


def test_the_number_of_arrays_must_match():
    assert "`add` takes 2 arrays (A, B), 1 are given" in refused(arrays()[0])


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([0, [1], 2, 3], "`A` is given a `list`, not a NumPy array: ValueError"),
        ({0, 1, 2, 3}, "`A` is given a `set`, not a NumPy array"),
        (None, "`A` is given a `NoneType`, not a NumPy array"),
        (np.array(["1", "2", "3", "4"]), "the array given has the type `<U1`"),
        (np.array([0, 0, 2**31, 0]), "the array given has the type `int64`: the element at [2] is 2147483648"),
        (np.array([0, 0.5, 0, 0]), "the array given has the type `float64`: the element at [1] is 0.5"),
        (np.array([0, 0, 0, np.nan], np.float32), "the element at [3] is nan"),
        (np.ma.masked_equal([0, 1, 2, 3], 2), "`A` is given a masked array"),
        (np.zeros((2, 2), np.int32), "the array given has the shape [2, 2]"),
        (np.zeros(5, np.int32), "the array given has the shape [5]"),
    ],
)
def test_an_array_must_have_the_declared_type_and_shape(given, told):
    assert told in refused(given, arrays()[1])


def test_everything_wrong_is_told_at_once():
    told = refused(np.zeros(3, np.int32), [0])
    assert "`A` is declared as `int32[4]`" in told
    assert "`B` is given a `list`" in told


def test_an_output_must_be_writable_and_an_input_need_not_be():
    A, B = arrays()
    A.flags.writeable = False
    sp.simulate(add, A, B)
    assert B.tolist() == [0, 2, 4, 6]
    B.flags.writeable = False
    assert "`B` is written, the array given is read-only" in refused(A, B)


def test_an_output_must_not_share_memory_with_another_array():
    A, _ = arrays()
    assert "the same memory" in refused(A, A)
    both = np.zeros(6, np.int32)
    assert "the same memory" in refused(both[:4], both[2:])


def test_arrays_that_interleave_share_no_memory():
    both = np.arange(8, dtype=np.int32)
    sp.simulate(add, both[::2], both[1::2])
    assert both.tolist() == [0, 0, 2, 4, 4, 8, 6, 12]


def test_arrays_need_not_be_contiguous():
    A, B = np.arange(16, dtype=np.int32).reshape(4, 4), np.zeros((4, 2), np.int32)
    sp.simulate(add, A[:, 1], B[:, 1])
    assert B.tolist() == [[0, 2], [0, 10], [0, 18], [0, 26]]


def test_inputs_are_left_as_they_are():
    A, B = arrays()
    sp.simulate(add, A, B)
    assert A.tolist() == [0, 1, 2, 3]


def test_elements_outside_of_a_narrow_type_are_refused():
    @sp.region()
    def narrow(A: Int(5)[2]):
        @sp.kernel(args=[A])
        def only(A: Int(5)[2]):
            A[0] = A[1]

    with pytest.raises(sp.ProgramError, match=r"the element at \[1\] is 16, which Int\(5\) cannot hold"):
        sp.simulate(narrow, np.array([0, 16], np.int8))


def test_narrow_and_wide_types_have_their_numpy_forms():
    @sp.region()
    def forms(A: UInt(4)[2], B: UInt(70)[2], C: bfloat16[2], D: sp.bool_[2], E: sp.index[2]):
        @sp.kernel(args=[A, B, C, D, E])
        def only(A: UInt(4)[2], B: UInt(70)[2], C: bfloat16[2], D: sp.bool_[2], E: sp.index[2]):
            A[0] = A[1]
            B[0] = B[1] + 1
            C[0] = C[1] * 2.0
            D[0] = not D[1]
            E[0] = E[1] - 5

    A, B = np.array([0, 15], np.uint8), np.array([0, 2**70 - 1], object)
    C, D, E = np.array([0, 1.5], ml_dtypes.bfloat16), np.zeros(2, np.bool_), np.array([0, 3])
    sp.simulate(forms, A, B, C, D, E)
    assert (A[0], B[0], C[0], D[0], E[0]) == (15, 0, 3, True, -2)


@pytest.mark.parametrize("depth", [0, -1, True, 2.0, "4"])
def test_a_depth_is_a_positive_integer(depth):
    assert "the depth of `fifo` is an integer of at least 1" in refused(*arrays(), depths={"fifo": depth})


def test_depths_name_a_stream_or_one_of_its_channels():
    run = sp.simulate(add, *arrays(), depths={"fifo[1]": 7, "fifo": 5})
    assert {name: channel.depth for name, channel in run.channels.items()} == {"fifo[0]": 5, "fifo[1]": 7}
    assert sp.simulate(add, *arrays(), depths={"fifo[ 0 ]": 3}).channels["fifo[0]"].depth == 3


def test_a_depth_may_be_larger_than_memory():
    run = sp.simulate(add, *arrays(), depths={"fifo": 10**15})
    assert (run.cycles, run.channels["fifo[0]"].depth) == (5, 10**15)


@pytest.mark.parametrize("option", ["depths", "record"])
@pytest.mark.parametrize(("name", "close"), [("fif", "fifo"), ("fifo[2]", "fifo[0]"), ("other", "")])
def test_an_unknown_channel_is_refused_with_one_that_is_close(option, name, close):
    told = refused(*arrays(), **{option: {name: 2} if option == "depths" else [name]})
    assert f"`add` has no channel `{name}`" in told
    assert ("did you mean" in told) == bool(close)


def test_an_unknown_device_is_refused():
    assert "there is no device model 'fpga'" in refused(*arrays(), device="fpga")


@pytest.mark.parametrize("until", [0, -3, 2.5, True])
def test_until_is_a_positive_number_of_cycles(until):
    assert "`until` is a number of cycles of at least 1" in refused(*arrays(), until=until)


def test_on_deadlock_is_one_of_two_words():
    assert '"raise" or "return"' in refused(*arrays(), on_deadlock="ignore")


def test_what_is_no_program_is_refused():
    with pytest.raises(sp.ProgramError, match="is no region, kernel or function"):
        sp.simulate(arrays())


def test_a_problem_is_placed_where_the_user_called():
    with pytest.raises(sp.ProgramError) as caught:
        sp.simulate(add)
    assert caught.value.problems[0].report().primary.span.file == __file__


@pytest.mark.parametrize(
    "given",
    [
        [0, 1, 2, 3],
        (0.0, 1.0, 2.0, 3.0),
        range(4),
        np.arange(4, dtype=np.int8),
        np.arange(4, dtype=np.uint64),
        np.arange(4, dtype=">i4"),
        np.arange(4, dtype=np.float16),
        np.arange(4, dtype=object),
        np.asfortranarray(np.arange(8, dtype=np.int64).reshape(4, 2))[:, 0] // 2,
    ],
    ids=lambda given: str(getattr(given, "dtype", type(given).__name__)),
)
def test_what_is_read_is_converted_where_that_loses_nothing(given):
    before = np.array(given)
    _, B = arrays()
    sp.simulate(add, given, B)
    assert B.tolist() == [0, 2, 4, 6]
    assert np.array_equal(before, np.array(given))


@pytest.mark.parametrize("dtype", [np.int64, np.float64, ">i4", object])
def test_results_are_written_into_an_array_whose_type_holds_them(dtype):
    A, _ = arrays()
    B = np.zeros(4, dtype)
    sp.simulate(add, A, B)
    assert (B.tolist(), B.dtype) == ([0, 2, 4, 6], np.dtype(dtype))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (np.zeros(4, np.int16), "`B` is written with `int32` values, not all of which `int16` holds"),
        (np.zeros(4, np.float32), "`B` is written with `int32` values, not all of which `float32` holds"),
        ([0, 0, 0, 0], "`B` is given a `list`, not a NumPy array, and it is written: the result would be lost"),
        (
            np.lib.stride_tricks.as_strided(np.zeros(1, np.int32), (4,), (0,)),
            "elements of the array given share memory",
        ),
    ],
)
def test_what_is_written_must_keep_the_result(given, told):
    assert told in refused(arrays()[0], given)


def test_fortran_order_is_an_order_like_any_other():
    @sp.region()
    def transpose(X: int32[2, 3], Y: int32[3, 2]):
        @sp.kernel()
        def only(X: int32[2, 3], Y: int32[3, 2]):
            for i, j in sp.grid(2, 3):
                Y[j, i] = X[i, j]

    X = np.asfortranarray(np.arange(6, dtype=np.int32).reshape(2, 3))
    Y = np.asfortranarray(np.zeros((3, 2), np.int32))
    sp.simulate(transpose, X, Y)
    assert np.array_equal(Y, X.T)


def test_streams_in_a_list_are_named_by_it():
    @sp.region()
    def region(Y: int32[2]):
        lanes = [sp.pipe(dtype=int32, depth=2) for _ in range(2)]

        @sp.kernel(mapping=[2])
        def source():
            i = sp.get_pid()
            lanes[i].put(i)

        @sp.kernel(mapping=[2])
        def sink(Y: int32[2]):
            i = sp.get_pid()
            Y[i] = lanes[i].get()

    run = sp.simulate(region, np.zeros(2, np.int32), record="lanes", depths={"lanes": 3, "lanes[1]": 5})
    assert set(run.trace) == {"lanes[0]", "lanes[1]"}
    assert [run.channels[f"lanes[{n}]"].depth for n in range(2)] == [3, 5]


def test_arrays_may_be_given_by_name():
    A, B = arrays()
    sp.simulate(add, B=B, A=A)
    assert B.tolist() == [0, 2, 4, 6]
    B[:] = 0
    sp.build(add)(A, B=B)
    assert B.tolist() == [0, 2, 4, 6]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"A": 1, "B": 2}, "`A` of `add` is given twice, in order and by name"),
        ({"C": 1}, "`add` has no parameter `C`"),
        ({"unitl": 1}, "hint: did you mean `until`?"),
        ({}, "`add` takes 2 arrays (A, B), 1 are given"),
    ],
)
def test_a_name_that_is_no_free_parameter_is_told(given, told):
    with pytest.raises(sp.ProgramError) as caught:
        sp.simulate(add, arrays()[0], **given)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("option", "told"), [({"until": 3}, "an option of `run(...)`"), ({"engine": "native"}, "`sp.simulate(...)`")]
)
def test_an_option_that_a_call_does_not_take_is_told_where_it_belongs(option, told):
    with pytest.raises(sp.ProgramError, match=f"`{next(iter(option))}` is no parameter of `add`") as caught:
        sp.build(add)(*arrays(), **option)
    assert told in str(caught.value)
    assert "did you mean" not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (sp.build(add), "`add` is built already"),
        (3, "`3` is no region, kernel or function"),
    ],
    ids=["built", "number"],
)
def test_what_is_no_region_is_told_by_its_name(given, told):
    with pytest.raises(sp.ProgramError) as caught:
        sp.simulate(given)
    assert told in str(caught.value)
