"""The types of scalars and tensors."""

import copy
import pickle

import numpy as np
import pytest

from spatial.source.errors import ProgramError
from spatial.types.dtype import (
    Bool,
    Float,
    Index,
    Int,
    Struct,
    UInt,
    as_dtype,
    bfloat16,
    bool_,
    float16,
    float32,
    float64,
    index,
    int8,
    int64,
    is_float,
    is_integer,
    is_signed,
    uint16,
)
from spatial.types.tensor import TensorType
from spatial.types.values import numpy_dtype

ALL = [int8, int64, uint16, Int(13), UInt(3), float16, float32, float64, bfloat16, bool_, index]


def refusal(make):
    """The one report of the error that `make` raises, which must stand in this file."""
    with pytest.raises(ProgramError) as caught:
        make()
    (problem,) = caught.value.problems
    report = problem.report()
    assert report.primary.span.file == __file__
    assert report.primary.span.line == make.__code__.co_firstlineno
    assert report.title in str(caught.value)
    return report


@pytest.mark.parametrize(
    ("dtype", "text"),
    [
        (int8, "int8"),
        (uint16, "uint16"),
        (Int(64), "int64"),
        (Int(13), "Int(13)"),
        (UInt(3), "UInt(3)"),
        (Int(128), "Int(128)"),
        (float32, "float32"),
        (bfloat16, "bfloat16"),
        (bool_, "bool"),
        (index, "index"),
        (int8[4, 8], "int8[4, 8]"),
        (Int(13)[4], "Int(13)[4]"),
    ],
)
def test_str_is_what_the_user_writes(dtype, text):
    assert str(dtype) == text


def test_bits_count_the_stored_bits():
    assert [dtype.bits for dtype in ALL] == [8, 64, 16, 13, 3, 16, 32, 64, 16, 1, 64]


def test_types_are_equal_by_value():
    assert Int(8) == int8 != UInt(8)
    assert (Bool(), Index()) == (bool_, index)
    assert Float("float32", precision=24, exponent_bits=8) == float32
    assert len({Int(8), int8, UInt(8), bool_, Bool()}) == 3
    assert int8[2, 3] == TensorType(int8, (2, 3)) != int8[3, 2]


@pytest.mark.parametrize("dtype", ALL, ids=str)
def test_types_survive_copy_and_pickle(dtype):
    assert copy.deepcopy(dtype) == pickle.loads(pickle.dumps(dtype)) == dtype


def test_widths_end_at_1024():
    assert Int(1).bits == UInt(1).bits == 1
    assert Int(1024).bits == UInt(np.int64(1024)).bits == 1024


@pytest.mark.parametrize("width", [0, -1, 1025, 2.0, "8", None, True, np.True_], ids=repr)
@pytest.mark.parametrize("make", [Int, UInt])
def test_other_widths_are_refused(make, width):
    report = refusal(lambda: make(width))
    assert report.code == "api/misuse"
    assert report.title == f"{make.__name__}({width!r}) is no type: the width is an integer from 1 to 1024"


@pytest.mark.parametrize("dtype", ALL, ids=str)
def test_indexing_makes_a_tensor_type(dtype):
    assert dtype[4] == TensorType(dtype, (4,))
    assert dtype[4, np.uint8(8)] == TensorType(dtype, (4, 8))
    assert all(type(dim) is int for dim in dtype[np.int64(4)].shape)
    assert dtype[4, 8, 2].size == 64


@pytest.mark.parametrize(
    ("dims", "title"),
    [
        (0, "a dimension of `int8[...]` is at least 1, not 0"),
        ((4, -2), "a dimension of `int8[...]` is at least 1, not -2"),
        (2.0, "a dimension of `int8[...]` is an integer, not 2.0"),
        ((4, True), "a dimension of `int8[...]` is an integer, not True"),
        (slice(2), "a dimension of `int8[...]` is an integer, not slice(None, 2, None)"),
        (np.arange(3), "a dimension of `int8[...]` is an integer, not array([0, 1, 2])"),
        ((), "`int8[()]` has no dimension"),
    ],
    ids=repr,
)
def test_other_shapes_are_refused(dims, title):
    report = refusal(lambda: int8[dims])
    assert (report.code, report.title) == ("array/extent", title)


@pytest.mark.parametrize("dtype", ALL, ids=str)
def test_calling_a_type_outside_a_kernel_is_refused(dtype):
    report = refusal(lambda: dtype(3))
    assert report.code == "api/outside-kernel"
    assert report.title == f"{dtype}(...) is a cast inside a kernel; outside it has no meaning"


def test_annotations_name_scalar_types():
    assert all(as_dtype(dtype) is dtype for dtype in ALL)
    assert as_dtype(bool) is bool_
    assert [as_dtype(other) for other in (int, float, None, "int8", int8[4], Int, np.int8)] == [None] * 7


def test_the_predicates_part_the_types():
    assert [dtype for dtype in ALL if is_float(dtype)] == [float16, float32, float64, bfloat16]
    assert all(is_integer(dtype) != is_float(dtype) for dtype in ALL)
    assert [dtype for dtype in ALL if not is_signed(dtype)] == [uint16, UInt(3), bool_]


def test_misused_types_are_told():
    assert "`numpy_dtype` takes a type of one element, not `5`" in refusal(lambda: numpy_dtype(5)).title
    again = refusal(lambda: TensorType(int8, (2,))[3])
    assert (again.code, again.hint) == ("array/extent", "write `int8[2, 3]`")


def test_a_struct_has_no_base():
    def declare():
        class Derived(Struct("Base", (("a", int8),))):
            b: int8

    with pytest.raises(ProgramError) as caught:
        declare()
    told = caught.value.problems[0].report()
    assert (told.code, told.title) == ("type/struct", "a struct takes nothing over from `Base`: it has no base class")
