"""Which parts of a function can be processes beside each other, and what they hand on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from spatial.analysis.dependence.accesses import Access, Resource
from spatial.analysis.dependence.dependences import Dependences
from spatial.analysis.loops import inner, is_loop
from spatial.ir.channels import CHANNEL_OPERATIONS
from spatial.ir.function import loads, stores
from spatial.ir.mlir import func, ir, memref
from spatial.schedule.copying import statements, used_in
from spatial.schedule.loops.requests import called, refused

__all__ = ["Handed", "Part", "handed_on", "is_free", "makers_of", "parts_of"]

FREE = ("arith.", "math.", "memref.alloca", "memref.get_global")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Operations of a function's body that become one process, in order; the `head` is what it is shown as.

    Where they are a call, it has the function's name as its `label`; else that of the nest, if it has one.
    """

    ops: tuple[ir.OpView, ...]
    head: ir.OpView
    label: str = ""

    @property
    def name(self) -> str:
        """What it is called in a message."""
        if self.label:
            return f"`{self.label}`"
        return called(self.head) if is_loop(self.head) else "a statement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """Memory that the part `writer` writes and later ones read, by their numbers; `memory` is the function's."""

    memory: ir.Value
    name: str
    writer: int
    readers: tuple[int, ...]


def is_free(op: ir.OpView) -> bool:
    """Whether every process may do an operation for itself."""
    return str(op.operation.name).startswith(FREE)


def parts_of(function: func.FuncOp, calls: Mapping[ir.Operation, str]) -> list[Part]:
    """The nests of a function, with the statements before each; what stands behind the last one belongs to it.

    The operations that a call became are one part; `calls` has their callee's name. A nest that only sets memory,
    whatever anything holds, belongs to the next one that uses that memory if it writes it too.
    """
    parts: list[Part] = []
    waiting: list[ir.OpView] = []
    for op in statements(function.entry_block):
        if is_free(op):
            continue
        callee = calls.get(op.operation, "")
        if callee and parts and parts[-1].label == callee:
            parts[-1] = replace(parts[-1], ops=(*parts[-1].ops, op))
            continue
        waiting.append(op)
        if len(op.regions) or callee:
            parts.append(Part(ops=tuple(waiting), head=op, label=callee or _label(op)))
            waiting = []
    if waiting and parts:
        parts[-1] = replace(parts[-1], ops=(*parts[-1].ops, *waiting))
    for number in reversed(range(len(parts))):
        following = _continued(parts, number)
        if following is not None:
            parts[following] = replace(parts[following], ops=(*parts[number].ops, *parts[following].ops))
            del parts[number]
    return parts


def _label(op: ir.OpView) -> str:
    """What the user called a nest."""
    return str(op.attributes["df.label"].value) if "df.label" in op.attributes else ""


def _continued(parts: Sequence[Part], number: int) -> int | None:
    """The part that goes on with what one only begins: it is the next one to use the memory, and writes it."""
    ops = [each for op in parts[number].ops for each in _all(op)]
    if any(loads(op) or isinstance(op, CHANNEL_OPERATIONS) for op in ops):
        return None
    memories = _memories(ops)
    for later in range(number + 1, len(parts)):
        others = [each for op in parts[later].ops for each in _all(op)]
        if memories & _memories(others):
            return later if memories <= _memories(each for each in others if stores(each)) else None
    return None


def _all(op: ir.OpView) -> Iterator[ir.OpView]:
    yield op
    yield from inner(op)


def _memories(ops: "Sequence[ir.OpView] | Iterator[ir.OpView]") -> set[ir.Value]:
    return {value for op in ops for value in op.operands if isinstance(value.type, ir.MemRefType)}


def handed_on(function: func.FuncOp, parts: Sequence[Part], step: str) -> list[Handed]:
    """What passes from part to part; refused where two write one array, or one is written after it was read.

    A local that parts use one after the other for things of their own passes nothing.
    """
    dependences = Dependences.of(function)
    place = {op.operation: number for number, part in enumerate(parts) for op in part.ops}
    _check_values(parts, place, step)
    found: list[Handed] = []
    for resource, accesses in _by_resource(dependences).items():
        if resource.kind != "array":
            _check_alone(resource, accesses, parts, place, step)
        else:
            found += _handed(function, accesses, dependences, parts, place, step)
    return found


def _by_resource(dependences: Dependences) -> dict[Resource, list[Access]]:
    found: dict[Resource, list[Access]] = {}
    for access in dependences.accesses:
        found.setdefault(access.resource, []).append(access)
    return found


def _part(access: Access, place: Mapping[ir.Operation, int]) -> int:
    """The number of the part that an access is in."""
    op = access.op.operation
    while op not in place:
        op = op.parent
    return place[op]


def _check_alone(
    resource: Resource, accesses: Sequence[Access], parts: Sequence[Part], place: Mapping[ir.Operation, int], step: str
) -> None:
    """A channel end, and the messages to the user, belong to one part: who else comes first would be left to time."""
    first = accesses[0]
    other = next((each for each in accesses if _part(each, place) != _part(first, place)), None)
    if other is not None:
        what = "what is printed" if resource.kind == "messages" else f"what is done to `{resource.name}`"
        names = parts[_part(first, place)].name, parts[_part(other, place)].name
        title = f"`{step}` would leave the order of {what} to time: {names[0]} and {names[1]} both take part"
        raise refused(title, (first.op, f"by {names[0]}"), (other.op, f"by {names[1]}"))


def _handed(
    function: func.FuncOp,
    accesses: Sequence[Access],
    dependences: Dependences,
    parts: Sequence[Part],
    place: Mapping[ir.Operation, int],
    step: str,
) -> Iterator[Handed]:
    """What of an array passes from part to part."""
    groups: dict[object, list[Access]] = {}
    for access in accesses:
        groups.setdefault(dependences.scopes.get(access), []).append(access)
    shared = [group for group in groups.values() if len({_part(each, place) for each in group}) > 1]
    for group in shared:
        writers = {_part(each, place): each for each in reversed(group) if each.writes}
        if writers:
            _check_order(group, writers, parts, place, step)
            (writer,) = writers
            users = {_part(each, place) for each in accesses}
            if len(shared) > 1 or users != {_part(each, place) for each in group}:
                name = group[0].resource.name
                title = f"`{step}` hands an array on once, `{name}` is used for several things"
                raise refused(title, (group[0].op, "once here"), (_other(accesses, group).op, "and again here"))
            readers = sorted(users - {writer})
            memory = _memory(function, group[0].resource, group[0])
            yield Handed(memory=memory, name=group[0].resource.name, writer=writer, readers=tuple(readers))


def _other(accesses: Sequence[Access], group: Sequence[Access]) -> Access:
    return next(each for each in accesses if each not in group)


def _memory(function: func.FuncOp, resource: Resource, access: Access) -> ir.Value:
    """The local, or the parameter, that is accessed."""
    if resource.local is not None:
        return resource.local
    arguments = list(function.arguments)
    return next(value for value in access.op.operands if value in arguments and isinstance(value.type, ir.MemRefType))


def _check_order(
    group: Sequence[Access],
    writers: Mapping[int, Access],
    parts: Sequence[Part],
    place: Mapping[ir.Operation, int],
    step: str,
) -> None:
    """One part writes an array, and those that read it stand behind."""
    name = group[0].resource.name
    if len(writers) > 1:
        (one, first), (two, second) = sorted(writers.items())[:2]
        title = f"`{step}` takes arrays that one nest writes, {parts[one].name} and {parts[two].name} write `{name}`"
        raise refused(title, (first.op, f"by {parts[one].name}"), (second.op, f"and by {parts[two].name}"))
    ((writer, written),) = writers.items()
    early = next((each for each in group if _part(each, place) < writer), None)
    if early is not None:
        reader = parts[_part(early, place)].name
        title = f"`{step}` would let {parts[writer].name} write `{name}` while {reader}, which comes first, reads it"
        raise refused(title, (early.op, f"read by {reader}"), (written.op, f"written by {parts[writer].name}"))


def _check_values(parts: Sequence[Part], place: Mapping[ir.Operation, int], step: str) -> None:
    """No value passes from part to part but what is read of memory that nobody writes."""
    for number, part in enumerate(parts):
        for op in part.ops:
            for maker in makers_of(op):
                if place.get(maker.operation, number) != number and not _is_constant(maker):
                    title = f"`{step}` cannot hand a value from {parts[place[maker.operation]].name} to {part.name}"
                    hint = "keep it in an array of one element"
                    raise refused(title, (maker, "made here"), (op, "used in here"), hint=hint)


def makers_of(op: ir.OpView) -> Iterator[ir.OpView]:
    """What makes the values that an operation uses."""
    seen: set[ir.Operation] = set()
    waiting = [op.operation]
    while waiting:
        for value in used_in(waiting.pop()):
            if not isinstance(value.owner, ir.Block) and value.owner.operation not in seen:
                seen.add(value.owner.operation)
                waiting.append(value.owner.operation)
                yield value.owner.opview


def _is_constant(op: ir.OpView) -> bool:
    """Whether an operation reads memory that nobody writes in the function."""
    return isinstance(op, memref.LoadOp) and not any(stores(use.owner) for use in op.memref.uses)
