"""What `sp.external` is given wrongly is told at its call, on the argument itself."""

import linecache

import pytest

import spatial as sp
from spatial import int32

ARGS = [sp.In(int32[4])]


def two(A, B):
    pass


def anything(*arrays):
    pass


@sp.kernel()
def kernel(A: int32[4]):
    A[0] = 1


def told_of(call):
    """The title and the text that it stands under."""
    with pytest.raises(sp.ProgramError) as caught:
        call()
    (problem,) = caught.value.problems
    report = problem.report()
    assert report.code == "external/definition"
    span = report.primary.span
    return report.title, linecache.getline(span.file, span.line)[span.column - 1 : span.end_column - 1]


@pytest.mark.parametrize(
    ("call", "title", "text"),
    [
        (lambda: sp.external("m m", args=ARGS, reference=two), "`m m` is no name of a function in C++", None),
        (lambda: sp.external("mm", args=ARGS), "nothing says what `mm` does", None),
        (lambda: sp.external("mm", args=ARGS, source="no.cc"), "there is no file `no.cc`", '"no.cc"'),
        (lambda: sp.external("mm", args=ARGS, object=3), "`object` is the name of a file, not `3`", "3"),
        (lambda: sp.external("mm", args=ARGS, source="a", object="b"), "`mm` has a `source` and an `object`", '"b"'),
        (
            lambda: sp.external("mm", args=ARGS[0], reference=two),
            "`args` of `mm` is a list of its parameters",
            "ARGS[0]",
        ),
        (
            lambda: sp.external("mm", args=[int32[4]], reference=two),
            "`args` of `mm` does not say whether `int32[4]` is read or written",
            "[int32[4]]",
        ),
        (
            lambda: sp.external("mm", args=ARGS, reference=kernel),
            "the reference of `mm` is no plain Python function",
            "kernel",
        ),
        (
            lambda: sp.external("mm", args=ARGS, reference=two),
            "`mm` has 1 parameter, its reference `two` has 2",
            "two",
        ),
        (
            lambda: sp.external("mm", args=ARGS, reference=anything),
            "the reference `anything` of `mm` takes any number of arguments",
            "anything",
        ),
        (
            lambda: sp.external("mm", args=ARGS * 2, reference=two, cycles=0),
            "`cycles` of `mm` is an integer of at least 1, not `0`",
            "0",
        ),
        (
            lambda: sp.external("mm", args=ARGS * 2, reference=two, cycles=lambda A: A[0]),
            "`cycles` of `mm` fails: TypeError",
            "lambda A: A[0]",
        ),
        (lambda: sp.external("mm", args=ARGS * 2, reference=two, include="no"), "there is no folder `no`", '"no"'),
        (lambda: sp.external("mm", args=ARGS * 2, reference=two, flags=[2]), "`flags` are texts, not `2`", "[2]"),
        (lambda: sp.In("int32"), "`sp.In` takes the type of an array or of a number, not `int32`", 'sp.In("int32")'),
        (lambda: sp.Out(int32), "`sp.Out` takes the type of an array, not `int32`", "sp.Out(int32)"),
    ],
)
def test_what_cannot_be_meant_is_told(call, title, text):
    told, where = told_of(call)
    assert told.startswith(title)
    assert text is None or where == text


def test_python_cannot_call_it():
    with pytest.raises(sp.ProgramError, match="`mm` has a meaning only inside a kernel"):
        sp.external("mm", args=ARGS * 2, reference=two)(1, 2)
