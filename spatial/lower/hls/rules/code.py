"""Checks of the C++ that we write, as Vitis HLS checks it: each gives sentences about what is wrong."""

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import product

import networkx

from spatial.lower.hls.rules.written import NAME, Call, Code, Declaration, Element, Loop, Made, Other, Pragma

__all__ = [
    "addresses_of_scalars",
    "arguments_used_twice",
    "carried_values",
    "conditional_processes",
    "disorder",
    "endless_processes",
    "foreign_statements",
    "foreign_variables",
    "initialised_channels",
    "misplaced_dataflow",
    "pointers_in_structs",
    "returning_processes",
    "several_ends",
    "several_exits",
    "unknown_depths",
]

ASSIGNMENT = re.compile(r"(?<![=!<>])=(?!=)|\+\+|--")
DEPTH = re.compile(rf"stream variable ?= ?({NAME})\b.*\bdepth ?= ?(\d+)")
CONDITIONAL = ("if", "else", "switch")
LEAVING = re.compile(r"\b(?:while|do|break|return|continue|goto)\b")


def several_ends(code: Code) -> list[str]:
    """Local streams that not exactly one process reads, and one writes."""
    readers, writers = code.ends
    found = []
    for name in _elements(code):
        counts = (("read", len(readers.get(name, ()))), ("written", len(writers.get(name, ()))))
        found += [f"`{_told(name)}` is {how} by {count} processes" for how, count in counts if count != 1]
    return found


def arguments_used_twice(code: Code) -> list[str]:
    """Arrays and streams of the top function that several processes are given."""
    ports = {parameter.name for parameter in code.parameters if parameter.kind != "value"}
    users: dict[Element, list[str]] = defaultdict(list)
    for made in code.made:
        for argument in dict.fromkeys(made.arguments):
            if argument[0] in ports:
                users[argument].append(made.call.function)
    return [f"`{_told(port)}` is used by {len(names)} processes" for port, names in users.items() if len(names) > 1]


def foreign_statements(code: Code) -> list[str]:
    """What is neither a declaration nor a call nor a loop of calls that is unrolled."""
    found = [f"line {each.line}: `{each.text}`" for each in code.statements() if isinstance(each, Other)]
    for loop in code.statements():
        if isinstance(loop, Loop) and not _is_unrolled(loop):
            found.append(f"line {loop.line}: the loop over `{loop.variable}` is not unrolled")
    known = code.processes.keys()
    strangers = (call for call in _calls(code) if call.function not in known)
    return found + [f"line {call.line}: `{call.function}` is no process" for call in strangers]


def foreign_variables(code: Code) -> list[str]:
    """Loop variables declared outside of their loops, and names that the top function does not declare."""
    outside = [
        f"line {loop.line}: the variable of `{loop.variable}` is declared outside of the loop"
        for loop in code.statements()
        if isinstance(loop, Loop) and not loop.declared
    ]
    statements = list(code.statements())
    known = {each.name for each in statements if isinstance(each, Declaration)}
    known |= {each.variable for each in statements if isinstance(each, Loop)}
    known |= {parameter.name for parameter in code.parameters} | {"true", "false"}
    unknown = {
        f"line {call.line}: `{name}` is declared outside of the top function"
        for call in _calls(code)
        for name in (text.partition("[")[0] for text in call.arguments)
        if re.fullmatch(NAME, name) and name not in known
    }
    return outside + sorted(unknown)


def misplaced_dataflow(code: Code) -> list[str]:
    """A dataflow pragma that stands elsewhere than first in a function, or is missing."""
    pragmas = [each for each in code.body if isinstance(each, Pragma) and each.text == "dataflow"]
    inside = [each for each in code.statements() if isinstance(each, Pragma) and each.text == "dataflow"]
    if len(inside) > len(pragmas):
        return [f"line {each.line}: `dataflow` stands inside of a block" for each in inside if each not in pragmas]
    return [] if len(pragmas) == 1 or len(code.made) < 2 else [f"`{code.top}` has {len(pragmas)} pragmas `dataflow`"]


def several_exits(code: Code) -> list[str]:
    """Loops of the top function that end elsewhere than where their variable has passed its bound."""
    left = [
        f"line {each.line}: `{each.text}` leaves a loop"
        for each in code.statements()
        if isinstance(each, Other) and LEAVING.search(each.text)
    ]
    return left + [
        f"line {loop.line}: the bounds of `{loop.variable}` are not constant"
        for loop in code.statements()
        if isinstance(loop, Loop) and loop.values is None
    ]


def carried_values(code: Code) -> list[str]:
    """Assignments in the top function, which the next iteration or process would see."""
    return [
        f"line {each.line}: `{each.text}` assigns a value"
        for each in code.statements()
        if isinstance(each, Other) and not each.keyword and ASSIGNMENT.search(each.text)
    ]


def conditional_processes(code: Code) -> list[str]:
    """Branches in the top function."""
    return [
        f"line {each.line}: `{each.text}` decides whether a process runs"
        for each in code.statements()
        if isinstance(each, Other) and (each.keyword in CONDITIONAL or "?" in each.text)
    ]


def returning_processes(code: Code) -> list[str]:
    """Processes that return something."""
    called = dict.fromkeys(call.function for call in _calls(code))
    functions = (code.processes[name] for name in called if name in code.processes)
    return [f"`{each.name}` returns `{each.returns}`" for each in functions if each.returns != "void"]


def endless_processes(code: Code) -> list[str]:
    """Processes that never end and are no tasks."""
    called = dict.fromkeys(call.function for call in _calls(code) if not call.task)
    return [f"`{name}` never ends" for name in called if name in code.processes and code.processes[name].endless]


def initialised_channels(code: Code) -> list[str]:
    """Streams that are declared with tokens in them, or are static."""
    return [
        f"line {each.line}: the stream `{each.name}` begins with {each.value or 'what the last call left in it'}"
        for each in code.statements()
        if isinstance(each, Declaration) and each.stream and ("=" in each.value or "static" in each.type.split())
    ]


def unknown_depths(code: Code) -> list[str]:
    """Local streams without a depth."""
    pragmas = [match for each in code.statements() if isinstance(each, Pragma) and (match := DEPTH.match(each.text))]
    given = {match[1] for match in pragmas if int(match[2])}
    return [f"the stream `{name}` has no depth" for name in sorted(_streams(code) - given)]


def addresses_of_scalars(code: Code) -> list[str]:
    """Scalars of the top function whose address or element a call uses."""
    scalars = {parameter.name for parameter in code.parameters if parameter.kind == "value"}
    return [
        f"line {call.line}: `{text}` is an address in a scalar"
        for call in _calls(code)
        for text in call.arguments
        if any(re.search(rf"&\s*{name}\b|\b{name}\s*\[|\*\s*{name}\b", text) for name in scalars)
    ]


def pointers_in_structs(code: Code) -> list[str]:
    """Structs with pointers in them."""
    return [
        f"`{struct.name}` has the member `{member.strip()}`"
        for struct in code.structs
        for member in struct.members
        if "*" in member or "&" in member
    ]


def disorder(code: Code) -> list[str]:
    """Processes that run before one whose tokens they take, unless these feed each other or are tasks."""
    readers, writers = code.ends
    edges = [
        (writer, reader, name)
        for name, found in writers.items()
        for writer in found
        for reader in readers.get(name, ())
        if not (code.made[writer].call.task or code.made[reader].call.task)
    ]
    if all(writer <= reader for writer, reader, _ in edges):
        return []
    graph: networkx.DiGraph[int] = networkx.DiGraph((writer, reader) for writer, reader, _ in edges)
    component = {
        node: number for number, nodes in enumerate(networkx.strongly_connected_components(graph)) for node in nodes
    }
    return [
        f"`{_called(code.made[reader])}` reads `{_told(name)}` before `{_called(code.made[writer])}` writes it"
        for writer, reader, name in edges
        if writer > reader and component[writer] != component[reader]
    ]


def _elements(code: Code) -> Iterator[Element]:
    """Every local stream, those of arrays one by one."""
    for each in code.statements():
        if isinstance(each, Declaration) and each.stream:
            yield from ((each.name, indices) for indices in product(*map(range, each.shape)))


def _streams(code: Code) -> set[str]:
    return {each.name for each in code.statements() if isinstance(each, Declaration) and each.stream}


def _calls(code: Code) -> list[Call]:
    """The calls as they are written, those in loops once."""
    return [each for each in code.statements() if isinstance(each, Call)]


def _is_unrolled(loop: Loop) -> bool:
    return any(isinstance(each, Pragma) and each.text == "unroll" for each in loop.body)


def _told(element: Element) -> str:
    return element[0] + "".join(f"[{index}]" for index in element[1])


def _called(made: Made) -> str:
    return f"{made.call.function}(...)"
