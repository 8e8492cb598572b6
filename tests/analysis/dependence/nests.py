"""Small loop nests as text of MLIR, and their instances one by one: what the analysis is held to."""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from spatial.analysis.dependence.dependences import Dependences
from spatial.ir.dialect import context
from spatial.ir.mlir import ir

EXTENT = 12  # of every array: more than any index below reaches
OFFSET = 3  # added to every index, so that none is negative
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
    lines = [f"%{array} = memref.alloca() : {kind[array]}" for array in sorted(used) if array.startswith("t")]
    lines.append(f"%value = arith.constant {'1.0' if element.startswith('f') else '1'} : {element}")
    fresh = itertools.count()
    lines += body_text(items, 0, kind, fresh, element)
    text = f"module {{ func.func @f({ends}) {{\n" + "\n".join(lines) + "\nreturn\n} }"
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


def evaluated(expression: int | str, point: Sequence[int]) -> int:
    """A number, or an expression in `i0`, `i1`, … with `floor((a)/b)` and `mod`, at a point."""
    if isinstance(expression, int):
        return expression
    text = re.sub(r"floor\(\((.*?)\)/(\d+)\)", r"((\1)//\2)", expression).replace(" mod ", " % ")
    return int(eval(text, {f"i{depth}": value for depth, value in enumerate(point)}))


def points(loops: Sequence[For]) -> Iterator[tuple[int, ...]]:
    """The iterations of nested loops, in order."""

    def visit(rest: Sequence[For], point: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        if not rest:
            yield point
            return
        for value in range(evaluated(rest[0].low, point), evaluated(rest[0].high, point)):
            yield from visit(rest[1:], (*point, value))

    return visit(loops, ())


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


def keeps_order(program: Sequence[Touch], times: Sequence[Time], *, free_updates: bool = True) -> bool:
    """Whether every two instances that touch one element, one of them writing, stay in their order.

    Two updates may change places as a whole.
    """
    by_element: dict[tuple[object, ...], list[Instance]] = {}
    for each in instances(program, times):
        by_element.setdefault(each.element, []).append(each)
    for touching in by_element.values():
        for first, second in itertools.combinations(touching, 2):
            if first.touch.role == second.touch.role == "load":
                continue
            same = (first.touch.statement, first.point) == (second.touch.statement, second.point)
            if free_updates and first.touch.update and second.touch.update and not same:
                continue
            if not first.new < second.new:
                return False
    return not free_updates or all(map(updates_apart, by_element.values()))


def updates_apart(touching: Sequence[Instance]) -> bool:
    """Whether every update of an element ends before the next one begins."""
    spans: dict[object, list[tuple[int, ...]]] = {}
    for each in touching:
        if each.touch.update:
            spans.setdefault((each.touch.statement, each.point), []).append(each.new)
    pairs = itertools.combinations([(min(times), max(times)) for times in spans.values()], 2)
    return all(one[1] < other[0] or other[1] < one[0] for one, other in pairs)


def says_legal(dependences: Dependences, program: Sequence[Touch], times: Sequence[Time]) -> bool:
    """What the analysis says of the same times."""
    accesses = dependences.accesses
    assert len(accesses) == len(program)
    given = {access.op.operation: time for access, time in zip(accesses, times, strict=True)}
    return dependences.violated(given) is None
