"""A design in which what a program writes is lost is not handed out."""

from dataclasses import replace

from spatial.build.aie.placed import placed
from spatial.build.aie.written import unwritten
from tests.lower.aie.emit.programs import vector_program


def test_an_array_that_no_transfer_writes_is_told():
    made = placed(vector_program(64, 16))
    assert not list(unwritten(made.program, made.mapped))
    kept = tuple(each for each in made.mapped.transfers if each.fifo != "fc")
    assert len(kept) < len(made.mapped.transfers)
    (problem,) = unwritten(made.program, replace(made.mapped, transfers=kept))
    report = problem.report()
    assert report.code == "aie/rule"
    assert report.title == "no transfer of the design writes `C`, and `store[0]` does"
