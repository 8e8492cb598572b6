"""Runs the checks of all rules."""

from collections.abc import Iterable, Mapping, Sequence

from spatial.lower.hls.errors import Named
from spatial.lower.hls.rules.cpp import read_code
from spatial.lower.hls.rules.rule import Rule, Subject
from spatial.lower.hls.rules.table import RULES
from spatial.source.errors import InternalError
from spatial.source.report import Problem

__all__ = [
    "broken_in_code",
    "broken_in_design",
    "check_code",
    "check_guarantees",
    "check_legal",
    "check_program",
    "named",
]


def check_program(subject: Subject) -> tuple[list[Problem], list[Problem]]:
    """What refuses a program as the user wrote it, and what is to be noted."""
    return _parted(problem for rule in RULES if rule.program for problem in _named(rule, rule.program(subject)))


def check_legal(subject: Subject) -> tuple[list[Problem], list[Problem]]:
    """What refuses a program for what its ports and arrays are used for, and what is to be noted.

    Of arrays that several actors touch it says nothing: they are made legal.
    """
    return _parted(problem for rule in RULES if rule.legal for problem in _named(rule, rule.legal(subject)))


def check_guarantees(subject: Subject) -> None:
    """Raises `InternalError` where a program that was made legal is not."""
    _guaranteed(broken_in_design(subject))


def check_code(files: Mapping[str, str], top: str, dataflow: Sequence[str] = ()) -> None:
    """Raises `InternalError` where Vitis HLS would refuse what we wrote, or warn of it."""
    _guaranteed(broken_in_code(files, top, dataflow))


def broken_in_design(subject: Subject) -> dict[str, list[str]]:
    """By the names of the rules, what of a design that was made legal breaks them through our fault."""
    found = {rule.name: rule.guarantee(subject) for rule in RULES if rule.guarantee}
    return {name: breaches for name, breaches in found.items() if breaches}


def broken_in_code(files: Mapping[str, str], top: str, dataflow: Sequence[str] = ()) -> dict[str, list[str]]:
    """By the names of the rules, what breaks them in C++ that we wrote; the files by their names.

    The top function is a dataflow region, or calls functions of `dataflow.h` that are.
    """
    codes = [read_code(files, name, "dataflow.h") for name in dataflow] or [read_code(files, top)]
    found = {rule.name: [breach for code in codes for breach in rule.code(code)] for rule in RULES if rule.code}
    if dataflow and "#pragma HLS dataflow" in files["kernel.cpp"]:
        found["dataflow-place"].append(f"`{top}` is sequential, and has a pragma `dataflow`")
    return {name: breaches for name, breaches in found.items() if breaches}


def named(problems: Iterable[Problem]) -> list[Problem]:
    """Problems that the language has for every target, with the codes of Vitis HLS where it has one for them."""
    codes: dict[str, tuple[str, ...]] = {}
    for rule in RULES:
        for earlier in rule.earlier:
            codes.setdefault(earlier, rule.codes)
    return [Named(problem=each, codes=found) if (found := codes.get(each.report().code)) else each for each in problems]


def _named(rule: Rule, problems: Iterable[Problem]) -> list[Problem]:
    own = {*rule.earlier}
    return [Named(problem=each, codes=rule.codes) if each.report().code in own else each for each in problems]


def _parted(problems: Iterable[Problem]) -> tuple[list[Problem], list[Problem]]:
    """Those that are errors, and the others."""
    found = list(problems)
    errors = [problem for problem in found if problem.report().severity == "error"]
    return errors, [problem for problem in found if problem not in errors]


def _guaranteed(broken: Mapping[str, Sequence[str]]) -> None:
    codes = {rule.name: rule.codes for rule in RULES}
    lines = [
        f"{name}{f' ({codes[name][0]})' if codes[name] else ''}: {breach}"
        for name, breaches in broken.items()
        for breach in breaches
    ]
    if lines:
        raise InternalError("the design for Vitis HLS breaks rules:\n" + "\n".join(lines))
