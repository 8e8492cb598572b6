"""Functions whose text is found, and those whose text Python did not keep."""

import linecache

import pytest

import spatial as sp
from spatial.region.program import compile_region
from spatial.source.errors import ProgramError
from spatial.source.text import function_text

PROGRAM = """
import spatial as sp
from spatial import int32

@sp.region()
def program(C: int32[4]):
    @sp.kernel(args=[C])
    def pe(C: int32[4]):
        C[0] = {value}
"""


def executed(text, name):
    names = {"__name__": "notebook"}
    exec(compile(text, name, "exec"), names)
    return names["program"]


def test_a_notebook_cell_has_its_text_in_the_line_cache():
    name, text = "<cell 1>", PROGRAM.format(value=1)
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    try:
        assert len(compile_region(executed(text, name)).graph.actors) == 1
    finally:
        del linecache.cache[name]


def test_a_problem_in_a_notebook_cell_shows_its_line():
    name, text = "<cell 2>", PROGRAM.format(value="missing")
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    try:
        with pytest.raises(ProgramError, match=r"<cell 2>:9:16\n.*\n9 \|         C\[0\] = missing"):
            compile_region(executed(text, name))
    finally:
        del linecache.cache[name]


def test_text_given_to_exec_is_gone():
    program = executed(PROGRAM.format(value=1), "<string>")
    with pytest.raises(ProgramError) as refused:
        compile_region(program)
    assert str(refused.value) == (
        "error[source/unavailable]: the source text of `program` is not available\n"
        " --> <string>:5:1\n"
        "  | defined here\n"
        "  = note: `spatial` compiles the text of a function, which Python does not keep for `exec` and at its prompt\n"
        "  = hint: put the function into a file or a notebook cell"
    )


def test_a_lambda_is_no_region():
    with pytest.raises(ProgramError, match="a region is a function with a name"):
        sp.region()(lambda: None)


def test_columns_count_characters_not_bytes():
    def größe(A):
        return "äöü", A.größe

    text = function_text(größe)
    attribute = text.node.body[0].value.elts[1]
    span = text.span(attribute)
    assert text.lines[span.line - 1][span.column - 1 : span.end_column - 1] == "A.größe"
    name = text.name_span()
    assert text.lines[name.line - 1][name.column - 1 : name.end_column - 1] == "größe"


def test_functions_of_one_name_are_told_apart_by_their_lines():
    def first():
        def same():
            return 1

        return same

    def second():
        def same():
            return 2

        return same

    assert [function_text(f()).node.body[0].value.value for f in (first, second)] == [1, 2]
