"""Reads the C++ that we write as Vitis HLS would: what its top function declares and calls, in what order."""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from functools import cache
from typing import TypeAlias

from spatial.lower.hls.rules.written import (
    NAME,
    Call,
    Code,
    Declaration,
    Loop,
    Made,
    Other,
    Parameter,
    Pragma,
    Process,
    Statement,
    Struct,
    every,
)
from spatial.source.errors import InternalError

__all__ = ["read_code"]

COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.S)
HOST_ONLY = re.compile(r"^#ifndef __SYNTHESIS__$.*?^#endif$", re.S | re.M)
FUNCTION = re.compile(
    rf"^(?:extern \"C\" )?(?P<returns>[\w:<>, ]*?[\w>])[ \n]+(?P<name>{NAME})\((?P<parameters>[^;{{}}]*)\)\s*{{", re.M
)
STRUCT = re.compile(rf"^struct\s+({NAME})\s*{{(.*?)^}}", re.M | re.S)
HEAD = re.compile(
    rf"for \((?P<declared>int )?(?P<name>{NAME}) = (?P<first>-?\d+); (?P=name) (?P<compare><|>=|<=|>) (?P<bound>-?\d+);"
    rf" (?:(?P<step>\+\+|--)(?P=name)|(?P=name)(?P<after>\+\+|--)|(?P=name) (?P<sign>[+-])= (?P<stride>\d+))\)"
)
DECLARATION = re.compile(
    rf"(?P<type>(?:(?:static|const|hls_thread_local) )*{NAME}(?:::{NAME})*(?:<.*>)?) ?[&*]?"
    rf" ?(?P<name>{NAME})(?P<shape>(?:\[\w+\])*)(?P<value>\s*(?:=.*|\(.*\)|{{.*}}))?",
    re.S,
)
CALLED = re.compile(rf"(?P<name>{NAME})(?:\[(?P<index>.*?)\])?\((?P<arguments>.*)\)", re.S)
INDEX = re.compile(r"\[([^\]]*)\]")
TERM = re.compile(rf"\s*([+-]?)\s*(?:(\d+)(?:\s*\*\s*({NAME}))?|({NAME})(?:\s*\*\s*(\d+))?)")
ENDLESS = re.compile(r"\bwhile \((?:true|1)\)(?!.*\b(?:break|return)\b)|\bfor \(;;\)", re.S)
SPACE, BRACE = re.compile(r"\s*"), re.compile(r"[{}]")
ENDING, BRACKET = re.compile(r"[(){};]"), re.compile(r"[<>()\[\],]")
Affine: TypeAlias = tuple[int, tuple[tuple[str, int], ...]]
READS, WRITES = {"read", "read_nb", "empty", "size"}, {"write", "write_nb", "full"}


def read_code(files: Mapping[str, str], top: str, file: str = "kernel.cpp") -> Code:
    """Reads `kernel.h`, `processes.h` and the `file` with the dataflow function `top`, as we write them.

    Calls that stand in loops whose bounds are not known are left out of `made`.
    """
    kernel = _plain(files[file])
    match = next((found for found in FUNCTION.finditer(kernel) if found["name"] == top), None)
    if match is None:
        raise InternalError(f"`{file}` has no function `{top}`")
    body = tuple(_statements(_block(kernel, match.end()), kernel[: match.end()].count("\n") + 1))
    body = _with_tasks(body, {each.name for each in every(body) if isinstance(each, Declaration) and each.task})
    header = _plain(files.get("kernel.h", ""))
    structs = (Struct(name=found[1], members=tuple(found[2].split(";"))) for found in STRUCT.finditer(header))
    return Code(
        top=top,
        parameters=_parameters(match["parameters"]),
        body=body,
        processes=_processes(_plain(files.get("processes.h", ""))),
        structs=tuple(structs),
        made=tuple(_made(body, {})),
    )


def _plain(text: str) -> str:
    """The text without comments, nor what hardware leaves out; lines stay where they are."""
    blank = HOST_ONLY.sub(lambda match: "\n" * match[0].count("\n"), text)
    return COMMENT.sub(lambda match: "\n" * match[0].count("\n"), blank)


def _processes(text: str) -> dict[str, Process]:
    """The functions by their names; one that hands its streams on to an earlier one uses them as that does."""
    found: dict[str, Process] = {}
    for match in FUNCTION.finditer(text):
        body, parameters = _block(text, match.end()), _parameters(match["parameters"])
        uses = [set(re.findall(rf"\b{each.name}(?:\[[^\]]*\])*\.(\w+)\(", body)) for each in parameters]
        handed = list(_handed_on(body, parameters, found))
        found[match["name"]] = Process(
            name=match["name"],
            returns=match["returns"].split()[-1],
            parameters=parameters,
            reads=frozenset(n for n, methods in enumerate(uses) if methods & READS or (n, "reads") in handed),
            writes=frozenset(n for n, methods in enumerate(uses) if methods & WRITES or (n, "writes") in handed),
            endless=ENDLESS.search(body) is not None,
        )
    return found


def _handed_on(body: str, parameters: Sequence[Parameter], known: Mapping[str, Process]) -> Iterator[tuple[int, str]]:
    """The parameters that a function gives another one, and what that does with them."""
    positions = {parameter.name: position for position, parameter in enumerate(parameters)}
    for match in re.finditer(rf"\b({NAME})\(([^();]*)\);", body):
        if (process := known.get(match[1])) is not None:
            for at, text in enumerate(_split(match[2])):
                if text in positions:
                    yield from ((positions[text], "reads") for _ in {at} & process.reads)
                    yield from ((positions[text], "writes") for _ in {at} & process.writes)


def _parameters(text: str) -> tuple[Parameter, ...]:
    return tuple(_parameter(part) for part in _split(text))


def _parameter(text: str) -> Parameter:
    name = re.findall(NAME, INDEX.sub("", text))[-1]
    type_ = text.partition(name)[0].strip() if text.count(name) == 1 else text.rpartition(name)[0].strip()
    kind = "stream" if "hls::stream<" in text else "array" if "*" in text or text.endswith("]") else "value"
    return Parameter(name=name, type=type_, kind=kind)


def _block(text: str, start: int) -> str:
    """What stands between a brace that ends at `start` and the one that closes it."""
    depth = 1
    for match in BRACE.finditer(text, start):
        depth += 1 if match[0] == "{" else -1
        if not depth:
            return text[start : match.start()]
    return text[start:]


def _statements(text: str, line: int) -> Iterator[Statement]:
    """The statements of a block whose first character is in a line."""
    at = counted = 0
    while (match := SPACE.match(text, at)) and match.end() < len(text):
        at = match.end()
        line, counted = line + text.count("\n", counted, at), at
        if text[at] == "#":
            end = text.find("\n", at) % (len(text) + 1)
            yield Pragma(text=text[at:end].removeprefix("#pragma HLS").strip(), line=line)
            at = end
            continue
        end = _end(text, at)
        head = " ".join(text[at:end].split())
        if end < len(text) and text[end] == "{":
            body = _block(text, end + 1)
            yield _compound(head, body, line, line + text.count("\n", at, end + 1))
            at = end + 1 + len(body) + 1
        else:
            yield _simple(head, line)
            at = end + 1


def _end(text: str, start: int) -> int:
    """Where a statement ends, or the head of one with a body: at the first `;` or `{` that is in no value."""
    depth = 0
    for match in ENDING.finditer(text, start):
        at, mark = match.start(), match[0]
        given = mark == "{" and text[start:at].rstrip().endswith("=")
        if not depth and not given and mark in ";{":
            return at
        depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(mark, 0)
    return len(text)


def _compound(head: str, body: str, line: int, inner: int) -> Statement:
    match = HEAD.fullmatch(head)
    if match is None:
        is_loop = re.match(r"for\b", head)
        return (
            Loop(variable=head, values=None, declared=False, body=(), line=line)
            if is_loop
            else Other(text=head, line=line)
        )
    return Loop(
        variable=match["name"],
        values=_range(match),
        declared=match["declared"] is not None,
        body=tuple(_statements(body, inner)),
        line=line,
    )


def _range(match: re.Match[str]) -> range | None:
    """The values of a loop's variable; None where it never ends."""
    down = "-" in (match["step"] or match["after"] or match["sign"])
    stride = int(match["stride"] or 1) * (-1 if down else 1)
    bound = int(match["bound"]) + {">=": -1, "<=": 1}.get(match["compare"], 0)
    if stride == 0 or down != (match["compare"][0] == ">"):
        return None
    return range(int(match["first"]), bound, stride)


def _simple(text: str, line: int) -> Statement:
    other = Other(text=text, line=line)
    if other.keyword:
        return other
    declared = DECLARATION.fullmatch(text)
    if declared and " " in text.partition("(")[0].strip():
        shape = tuple(int(extent) for extent in INDEX.findall(declared["shape"]) if extent.isdigit())
        value = (declared["value"] or "").strip()
        return Declaration(type=declared["type"], name=declared["name"], shape=shape, value=value, line=line)
    if called := CALLED.fullmatch(text):
        return Call(function=called["name"], arguments=tuple(_split(called["arguments"])), line=line)
    return other


def _with_tasks(body: tuple[Statement, ...], tasks: Set[str]) -> tuple[Statement, ...]:
    """The same where a call of a task is the start of the function that it is given."""
    return tuple(_with_task(statement, tasks) for statement in body)


def _with_task(statement: Statement, tasks: Set[str]) -> Statement:
    match statement:
        case Loop():
            return replace(statement, body=_with_tasks(statement.body, tasks))
        case Call() if statement.function in tasks:
            function, *arguments = statement.arguments
            return replace(statement, function=function, arguments=tuple(arguments), task=True)
        case _:
            return statement


def _split(text: str) -> list[str]:
    """The parts between commas that stand outside of brackets."""
    parts, depth, begin = [], 0, 0
    for match in BRACKET.finditer(text):
        depth += {"<": 1, "(": 1, "[": 1, ">": -1, ")": -1, "]": -1}.get(match[0], 0)
        if match[0] == "," and not depth:
            parts.append(text[begin : match.start()])
            begin = match.end()
    return [" ".join(part.split()) for part in (*parts, text[begin:]) if part.strip()]


def _made(body: tuple[Statement, ...], at: Mapping[str, int]) -> Iterator[Made]:
    """The calls of a block where loops around it are at these values, in their order."""
    for statement in body:
        match statement:
            case Loop(values=range() as values):
                for value in values:
                    yield from _made(statement.body, {**at, statement.variable: value})
            case Call():
                places = (_place(text) for text in statement.arguments)
                arguments = tuple((name, tuple(_value(each, at) for each in indices)) for name, indices in places)
                yield Made(call=statement, arguments=arguments)


@cache
def _place(text: str) -> tuple[str, tuple[Affine, ...]]:
    """What an argument names, and its indices."""
    return text.partition("[")[0], tuple(_affine(part) for part in INDEX.findall(text))


def _affine(text: str) -> Affine:
    """The constant of an expression such as `2 * i + 1`, and the factors of its variables."""
    found: dict[str, int] = {"": 0}
    for sign, number, times, name, factor in TERM.findall(text):
        value = int(number or factor or 1) * (-1 if sign == "-" else 1)
        found[times or name] = found.get(times or name, 0) + value
    return found.pop(""), tuple(found.items())


def _value(index: Affine, at: Mapping[str, int]) -> int:
    total, factors = index
    for name, factor in factors:
        total += factor * at.get(name, 0)
    return total
