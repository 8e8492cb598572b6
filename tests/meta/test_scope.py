"""Which names of a kernel are known before it runs."""

import ast

import pytest

from spatial.meta.analysis import analyse
from spatial.meta.markers import get_pid, meta_else, meta_for, meta_if

AROUND = {"get_pid": get_pid, "meta_if": meta_if, "meta_else": meta_else, "meta_for": meta_for, "N": 4}


def scope_of(text):
    (function,) = ast.parse("def pe(A):\n" + "\n".join(f"    {line}" for line in text.splitlines())).body
    return analyse(function, AROUND)


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("n = N + 1\nm = n * 2", {"n", "m"}),
        ("n = N\nn = 3", set()),
        ("n = N\nn += 1", set()),
        ("n: int = N", set()),
        ("n = A[0]", set()),
        ("i, j = get_pid()\nk = i + j", {"i", "j", "k"}),
        ("for n in meta_for(4):\n    m = n", {"n", "m"}),
        ("for n in meta_for(4):\n    pass\nfor n in meta_for(2):\n    pass", {"n"}),
        ("for n in meta_for(4):\n    pass\nn = 1", set()),
        ("for n in range(4):\n    m = 1", {"m"}),
        ("with meta_if(N):\n    n = 1\nwith meta_else():\n    n = 2", {"n"}),
        ("if A[0]:\n    n = 1\n    m = n\nx = A[0]", {"n", "m"}),
        ("if A[0]:\n    n = 1\nx = n", set()),
        ("A = 3", set()),
    ],
)
def test_a_name_bound_once_from_known_values_is_known(text, known):
    assert scope_of(text).known == known


def test_what_comes_from_the_position_varies():
    scope = scope_of("i = get_pid()\nn = N\nm = n + i\nfor k in meta_for(i):\n    x = k")
    assert scope.varying == {"i", "m", "k", "x"}


def test_names_inside_a_comprehension_are_its_own():
    scope = scope_of("n = [q * N for q in range(3)]\nm = [A[q] for q in range(3)]")
    assert scope.known == {"n"}
