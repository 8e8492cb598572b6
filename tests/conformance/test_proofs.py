"""Every program is shown to be its plain loop nest, in the mode that the table names."""

import ast
import inspect
import linecache
import textwrap

import pytest

import spatial as sp
from spatial.verify.kinds import Kind
from tests.conformance.proofs import PROOFS, verdict_of
from tests.conformance.registry import PROGRAMS

BY_NAME = {program.name: program for program in PROGRAMS}
UNDECIDED = {Kind.REFUSED, Kind.NONDETERMINISTIC, Kind.TOKENS_LEFT}
TRUTH = {"exact": Kind.EQUAL, "ring": Kind.EQUAL, "test": Kind.AGREE}
RING = [program for program in PROGRAMS if PROOFS[program.name].mode == "ring"]
TESTED = [program for program in PROGRAMS if PROOFS[program.name].mode == "test"]
OTHERWISE = {"gemm_daisy_chain", "smith_waterman"}  # a proof sees other operations on the same bits


def named(value):
    return value.name


def test_every_program_has_a_nest():
    assert PROOFS.keys() == BY_NAME.keys()


@pytest.mark.parametrize("program", PROGRAMS, ids=named)
def test_a_program_is_its_plain_nest(program):
    proof = PROOFS[program.name]
    found = verdict_of(program, proof, program.sizes[0 if proof.mode == "test" else 1])
    assert found.kind is TRUTH[proof.mode], str(found)


@pytest.mark.parametrize("program", RING, ids=named)
def test_only_sums_in_another_order_need_the_ring(program):
    assert verdict_of(program, PROOFS[program.name], program.sizes[1], "exact").kind is Kind.DIFFERENT


@pytest.mark.parametrize(
    ("name", "size"), [(name, size) for name, proof in PROOFS.items() for size in proof.tested], ids=str
)
def test_at_some_sizes_a_program_is_tested_since_its_mode_rejects_it(name, size):
    program, proof = BY_NAME[name], PROOFS[name]
    assert size in program.sizes
    assert verdict_of(program, proof, size, proof.mode).kind is Kind.DIFFERENT
    assert verdict_of(program, proof, size).kind is Kind.AGREE


@pytest.mark.parametrize("program", TESTED, ids=named)
def test_only_what_no_proof_decides_is_tested(program):
    proof = PROOFS[program.name]
    assert proof.reason
    if program.name not in OTHERWISE:
        assert verdict_of(program, proof, program.sizes[1], "exact").kind in UNDECIDED


@pytest.mark.parametrize("name", ["gemm_output_stationary", "gemm_cannon", "fir", "top_k"])
def test_a_program_is_not_the_nest_of_another(name):
    program, proof = BY_NAME[name], PROOFS[name]
    size = program.sizes[1]
    region = program.make(*size)
    wrong = _changed(proof.nest(*size))
    assert sp.verify(region, wrong, mode=proof.mode, explain=False).kind is Kind.DIFFERENT


def _changed(nest):
    """The nest with one more statement: an element of its output is one more."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(nest)))
    output = list(inspect.signature(nest).parameters)[-1]
    extents = len(nest.__annotations__[output].shape)
    tree.body[0].body.append(ast.parse(f"{output}[{', '.join('0' * extents)}] += 1").body[0])
    file = f"<changed {nest.__name__}>"
    names = {**nest.__globals__, **inspect.getclosurevars(nest).nonlocals, **inspect.getclosurevars(nest).globals}
    names |= {f"T{at}": each for at, each in enumerate(nest.__annotations__.values())}
    for at, argument in enumerate(tree.body[0].args.args):
        argument.annotation = ast.Name(f"T{at}", ast.Load())
    text = ast.unparse(ast.fix_missing_locations(tree))
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    exec(compile(text, file, "exec"), names)
    return names[nest.__name__]
