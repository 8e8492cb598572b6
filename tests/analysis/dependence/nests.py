"""Small loop nests as text of MLIR, and their instances one by one: what the analysis is held to."""

import functools
import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from spatial.analysis.dependence.dependences import Dependences
from spatial.ir.dialect import context
from spatial.ir.mlir import ir

EXTENT = 12  # of every array: more than any index below reaches
OFFSET = 3  # added to every index, so that none is negative
NONE: Mapping[str, int] = {}
Time = tuple[int | str, ...]


@dataclass(frozen=True)
class For:
    """A loop from `low` up to `high`, which are numbers or variables of outer loops (`i0`)."""

    high: int | str
    body: tuple["For | Put | Set", ...]
    low: int | str = 0


@dataclass(frozen=True)
class Set:
    """`target = target + sources[0] + ...` where it `adds`, else without itself; each is an array and indices."""

    target: tuple[str, ...]
    sources: tuple[tuple[str, ...], ...] = ()
    adds: bool = False


@dataclass(frozen=True)
class Put:
    """A token put into the one channel."""


Item = For | Set | Put


@dataclass(frozen=True)
class Touch:
    """One operation: what it does in which statement, with its loops and the time it has today."""

    statement: int
    role: str
    array: str
    indices: tuple[str, ...]
    loops: tuple[For, ...]
    time: Time
    update: bool


def touches(items: Sequence[Item]) -> list[Touch]:
    """The operations of a program, in the order of its text."""
    found: list[Touch] = []
    count = itertools.count()

    def visit(body: Sequence[Item], loops: tuple[For, ...], prefix: Time) -> None:
        place = 0
        for item in body:
            if isinstance(item, For):
                visit(item.body, (*loops, item), (*prefix, place, f"i{len(loops)}"))
                place += 1
                continue
            number = next(count)
            operations = list(operations_of(item))
            loaded = [(array, *indices) for role, array, indices in operations if role == "load"]
            for role, array, indices in operations:
                update = isinstance(item, Set) and (array, *indices) == item.target and loaded.count(item.target) == 1
                found.append(Touch(number, role, array, indices, loops, (*prefix, place), update))
                place += 1

    visit(items, (), ())
    return found


def operations_of(item: Set | Put) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """What a statement does, in order."""
    if isinstance(item, Put):
        yield "put", "channel", ()
        return
    for array, *indices in ((item.target,) if item.adds else ()) + item.sources:
        yield "load", array, tuple(indices)
    yield "store", item.target[0], tuple(item.target[1:])


def module_of(items: Sequence[Item], *, element: str = "i32") -> ir.Module:
    """The program as the function of a module: arrays as parameters, those that begin with `t` as locals."""
    used = {touch.array: len(touch.indices) for touch in touches(items) if touch.role != "put"}
    kind = {array: f"memref<{'x'.join([str(EXTENT)] * rank + [element])}>" for array, rank in used.items()}
    given = ", ".join(f"%{array}: {kind[array]}" for array in sorted(used) if not array.startswith("t"))
    ends = ", ".join(filter(None, [given, f"%channel: !df.stream<{element}>"]))
    dtype = {"i32": "int32", "f32": "float32"}[element]
    arrays = [f'["{array}", "array", "{dtype}[{EXTENT}]"]' for array in sorted(used) if not array.startswith("t")]
    named = ", ".join([*arrays, f'["channel", "stream", "{dtype}"]'])
    lines = [f"%{array} = memref.alloca() : {kind[array]}" for array in sorted(used) if array.startswith("t")]
    lines.append(f"%value = arith.constant {'1.0' if element.startswith('f') else '1'} : {element}")
    fresh = itertools.count()
    lines += body_text(items, 0, kind, fresh, element)
    text = (
        f"module {{ func.func @f({ends}) attributes {{df.parameters = [{named}]}} {{\n"
        + "\n".join(lines)
        + "\nreturn\n} }"
    )
    with context(), ir.Location.unknown():
        return ir.Module.parse(text)


def body_text(
    items: Sequence[Item], depth: int, kind: Mapping[str, str], fresh: "itertools.count[int]", element: str
) -> list[str]:
    lines: list[str] = []

    def index(text: str) -> str:
        """Code for a sum of variables with factors, moved by the offset."""
        name = f"%x{next(fresh)}"
        lines.append(f"{name} = arith.constant {OFFSET} : index")
        for sign, factor, variable, number in re.findall(r"([+-]?)(?:(\d+)\*)?(?:(i\d)|(\d+))", text):
            one, by, scaled, moved = (f"%x{next(fresh)}" for _ in range(4))
            lines.append(f"{by} = arith.constant {factor or 1} : index")
            lines.append(f"{one} = arith.constant {number or 0} : index")
            lines.append(f"{scaled} = arith.muli {'%' + variable if variable else one}, {by} : index")
            lines.append(f"{moved} = arith.{'subi' if sign == '-' else 'addi'} {name}, {scaled} : index")
            name = moved
        return name

    add = "addf" if element.startswith("f") else "addi"
    for item in items:
        match item:
            case For():
                low, high, step = (f"%x{next(fresh)}" for _ in range(3))
                for name, bound in ((low, item.low), (high, item.high)):
                    if isinstance(bound, int):
                        lines.append(f"{name} = arith.constant {bound} : index")
                low, high = (
                    name if isinstance(b, int) else f"%{b}" for name, b in ((low, item.low), (high, item.high))
                )
                lines.append(f"{step} = arith.constant 1 : index")
                lines.append(f"scf.for %i{depth} = {low} to {high} step {step} {{")
                lines += body_text(item.body, depth + 1, kind, fresh, element)
                lines.append("}")
            case Put():
                lines.append(f'"df.put"(%channel, %value) : (!df.stream<{element}>, {element}) -> ()')
            case Set():
                total = "%value"
                for role, array, indices in operations_of(item):
                    where = ", ".join(index(each) for each in indices)
                    if role == "store":
                        lines.append(f"memref.store {total}, %{array}[{where}] : {kind[array]}")
                        continue
                    got, total_now = f"%x{next(fresh)}", f"%x{next(fresh)}"
                    lines.append(f"{got} = memref.load %{array}[{where}] : {kind[array]}")
                    lines.append(f"{total_now} = arith.{add} {got}, {total} : {element}")
                    total = total_now
    return lines


@functools.cache
def compiled(expression: str) -> Callable[..., int]:
    """An expression in `i0`, `i1`, … with `floor((a)/b)` and `mod`, as a function of up to four variables."""
    text = re.sub(r"floor\(\((.*?)\)/(\d+)\)", r"((\1)//\2)", expression).replace(" mod ", " % ")
    return eval(f"lambda i0=0, i1=0, i2=0, i3=0: {text}")  # type: ignore[no-any-return]


def evaluated(expression: int | str, point: Sequence[int]) -> int:
    """A number, or an expression at a point."""
    return expression if isinstance(expression, int) else compiled(expression)(*point)


@functools.cache
def points(loops: tuple[For, ...]) -> list[tuple[int, ...]]:
    """The iterations of nested loops, in order."""
    if not loops:
        return [()]
    *outer, last = loops
    return [
        (*point, value)
        for point in points(tuple(outer))
        for value in range(evaluated(last.low, point), evaluated(last.high, point))
    ]


@dataclass(frozen=True)
class Instance:
    """One operation in one iteration."""

    touch: Touch
    number: int
    point: tuple[int, ...]
    element: tuple[object, ...]
    old: tuple[int, ...]
    new: tuple[int, ...]


def instances(program: Sequence[Touch], times: Sequence[Time]) -> list[Instance]:
    """Every instance, in today's order, with the time that it is given."""
    found = []
    for number, (touch, time) in enumerate(zip(program, times, strict=True)):
        for point in points(touch.loops):
            element = (touch.array, *(evaluated(index, point) for index in touch.indices))
            old = tuple(evaluated(part, point) for part in touch.time)
            new = tuple(evaluated(part, point) for part in time)
            found.append(Instance(touch, number, point, element, old, new))
    width = max(len(each.new) for each in found)
    filled = [
        Instance(e.touch, e.number, e.point, e.element, e.old, e.new + (0,) * (width - len(e.new))) for e in found
    ]
    return sorted(filled, key=lambda each: each.old)


def keeps_order(
    program: Sequence[Touch], times: Sequence[Time], *, free_updates: bool = True, scopes: Mapping[str, int] = NONE
) -> bool:
    """Whether every two instances that touch one element, one of them writing, stay in their order.

    Two updates may change places as a whole; so may, for a local named in `scopes`, iterations of so many outer loops.
    """
    by_element: dict[tuple[object, ...], list[Instance]] = {}
    for each in instances(program, times):
        by_element.setdefault(each.element, []).append(each)
    uses: dict[object, set[int]] = {}
    for touching in by_element.values():
        for first, second in itertools.combinations(touching, 2):
            if first.touch.role == second.touch.role == "load":
                continue
            places = [place(each, scopes) for each in (first, second)]
            same = (first.touch.statement, first.point) == (second.touch.statement, second.point)
            if places[0] != places[1]:
                order = (first.new < second.new) - (second.new < first.new)
                uses.setdefault((first.touch.array, *places), set()).add(order)
            elif free_updates and first.touch.update and second.touch.update and not same:
                continue
            elif not first.new < second.new:
                return False
    one_after_another = all(found in ({1}, {-1}) for found in uses.values())
    return one_after_another and (not free_updates or all(map(updates_apart, by_element.values())))


def place(each: Instance, scopes: Mapping[str, int]) -> tuple[int, ...]:
    """Which iteration of its scope an instance is in."""
    depth = scopes.get(each.touch.array, -1)
    return () if depth < 0 else (int(each.touch.time[0]), *each.point[:depth])


def updates_apart(touching: Sequence[Instance]) -> bool:
    """Whether every update of an element ends before the next one begins."""
    spans: dict[object, list[tuple[int, ...]]] = {}
    for each in touching:
        if each.touch.update:
            spans.setdefault((each.touch.statement, each.point), []).append(each.new)
    pairs = itertools.combinations([(min(times), max(times)) for times in spans.values()], 2)
    return all(one[1] < other[0] or other[1] < one[0] for one, other in pairs)


def results(program: Sequence[Touch], times: Sequence[Time]) -> dict[object, int] | None:
    """What arrays hold after a run in the new order, from the same numbers each time; None where it cannot run so.

    A store writes 1 more than the sum of what its statement loaded; of a channel the order of tokens is kept.
    """
    memory: dict[object, int] = {}
    sums: dict[object, int] = {}
    loads = {
        touch.statement: sum(other.role == "load" and other.statement == touch.statement for other in program)
        for touch in program
    }
    missing: dict[object, int] = {}
    dice = {
        element: number * number + 7
        for number, element in enumerate(sorted({e.element for e in instances(program, times)}, key=str))
    }
    for each in sorted(instances(program, times), key=lambda each: each.new):
        statement = (each.touch.statement, each.point)
        if each.touch.role == "load":
            sums[statement] = sums.get(statement, 1) + memory.get(each.element, dice[each.element])
            missing[statement] = missing.get(statement, loads[each.touch.statement]) - 1
        elif each.touch.role == "store":
            if missing.get(statement, loads[each.touch.statement]):
                return None
            memory[each.element] = sums.get(statement, 1) % (1 << 32)
        else:
            memory["channel"] = hash((memory.get("channel", 0), each.point, each.touch.statement))
    return {element: value for element, value in memory.items() if not str(element[0]).startswith("t")}


def says_legal(dependences: Dependences, program: Sequence[Touch], times: Sequence[Time]) -> bool:
    """What the analysis says of the same times."""
    accesses = dependences.accesses
    assert len(accesses) == len(program)
    given = {access.op.operation: time for access, time in zip(accesses, times, strict=True)}
    return dependences.violated(given) is None
