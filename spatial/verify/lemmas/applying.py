"""Finds the functions of proven lemmas in a program, and makes one operation of each."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from spatial.ir.dialect import context
from spatial.ir.function import kernels, operations
from spatial.ir.graph import ActorGraph, actor_graph
from spatial.ir.mlir import arith, func, ir, memref
from spatial.ir.text import copy_of
from spatial.verify.flow import flow_of
from spatial.verify.lemmas.lemma import Lemma

__all__ = ["NAMES", "Pattern", "applied", "patterns_of"]

NAMES = "lemma."
UNTOLD = {"df.name", "sym_name", "name"}
Tables = Mapping[str, memref.GlobalOp]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """What a function does with numbers: its operations, the loads that give its parameters, and its results.

    `inputs` and `outputs` are in the order of the lemma, so that they mean the same in both of its functions; `locals`
    is memory of its own.
    """

    name: str
    operations: tuple[ir.OpView, ...]
    inputs: tuple[frozenset[ir.Value], ...]
    outputs: tuple[ir.Value, ...]
    locals: frozenset[ir.Value]
    tables: Tables


@dataclass(slots=True)
class Match:
    """A place where a program does what a pattern does: which of its values is which of the pattern's."""

    pattern: Pattern
    values: dict[ir.Value, ir.Value] = field(default_factory=dict)
    given: dict[int, ir.Value] = field(default_factory=dict)
    inside: list[ir.OpView] = field(default_factory=list)


def patterns_of(lemma: Lemma, number: int) -> list[Pattern]:
    """Both functions of a lemma, where they take and give numbers only; else none."""
    assert lemma.modules is not None
    found = (
        _pattern(module, inputs, outputs, f"{NAMES}{number}")
        for module, inputs, outputs in zip(lemma.modules, lemma.inputs, lemma.outputs, strict=True)
    )
    return [each for each in found if each is not None]


def _pattern(module: ir.Module, inputs: Sequence[str], outputs: Sequence[str], name: str) -> Pattern | None:
    (function,) = kernels(module)
    (actor,) = actor_graph(module).actors
    parameters = dict(zip(actor.arrays, list(function.arguments)[len(actor.values) :], strict=True))
    loads: dict[str, set[ir.Value]] = {each: set() for each in inputs}
    results: dict[str, ir.Value] = {}
    body = []
    for op in _working(function.entry_block)[:-1]:
        called = ""
        if isinstance(op, memref.LoadOp | memref.StoreOp):
            called = next((each for each, value in parameters.items() if value == op.memref), "")
        if isinstance(op, memref.LoadOp) and called in loads and not op.memref.type.shape:
            loads[called].add(op.result)
        elif isinstance(op, memref.StoreOp) and called in outputs:
            results[called] = op.value
        else:
            body.append(op)
    used = {op for op in body if not _only_places(op, outputs, parameters)}
    kept = tuple(op for op in body if op in used)
    touched = [value for op in kept for inner in (op, *_inner(op)) for value in inner.operands]
    if results.keys() != set(outputs) or any(value in parameters.values() for value in touched) or not kept:
        return None
    memory_ = [op.result for op in function.entry_block.operations if isinstance(op, memref.AllocaOp)]
    if not all(_is_written_first(each, kept) for each in memory_):
        return None
    return Pattern(
        name=name,
        operations=kept,
        inputs=tuple(frozenset(loads[each]) for each in inputs),
        outputs=tuple(results[each] for each in outputs),
        locals=frozenset(memory_),
        tables=_tables(module),
    )


def _is_written_first(memory: ir.Value, body: Sequence[ir.OpView]) -> bool:
    """Whether a function's memory is one number that it sets before all else, so that nothing of before is left."""
    using = (op for op in body if any(memory in list(each.operands) for each in (op, *_inner(op))))
    return not memory.type.shape and isinstance(next(using, None), memref.StoreOp)


def _only_places(op: ir.OpView, outputs: Sequence[str], parameters: Mapping[str, ir.Value]) -> bool:
    """Whether an operation only says where a result is stored."""
    memory = [parameters[each] for each in outputs]
    uses = [use.owner for result in op.results for use in result.uses]
    return (
        bool(uses)
        and all(isinstance(use, memref.StoreOp) and use.memref in memory for use in uses)
        and all(use.value not in list(op.results) for use in uses)
    )


def _inner(op: ir.OpView) -> Iterator[ir.OpView]:
    for region in op.regions:
        for block in region.blocks:
            yield from operations(block)


def _tables(module: ir.Module) -> Tables:
    return {op.sym_name.value: op for op in module.body.operations if isinstance(op, memref.GlobalOp)}


def applied(
    module: ir.Module, graph: ActorGraph, known: Collection[str], patterns: Sequence[Pattern]
) -> tuple[ir.Module, int]:
    """A copy of a program in which each place that does what a pattern does is a call of it; and how many there are.

    A place counts where the same operations stand one after the other, on values of the same types, and nothing that
    they make is used elsewhere but the results. Where all it is given is known it stays.
    """
    copy, count = copy_of(module), 0
    with context():
        data = flow_of(copy, graph, known).values
        tables = _tables(copy)
        for function in kernels(copy):
            for block in _blocks(function.entry_block):
                for pattern in patterns:
                    while (match := _found(block, pattern, tables)) is not None:
                        if not any(value in data for value in match.given.values()):
                            break
                        data = data | _called(copy, match)
                        count += 1
    return copy, count


def _blocks(block: ir.Block) -> list[ir.Block]:
    """A block and all inside of it, the innermost first."""
    inner = [
        each for op in block.operations for region in op.regions for inside in region.blocks for each in _blocks(inside)
    ]
    return [*inner, block]


def _found(block: ir.Block, pattern: Pattern, tables: Tables) -> Match | None:
    """The first place of a block that does what a pattern does."""
    ops = _working(block)
    for start in range(len(ops) - len(pattern.operations) + 1):
        match = Match(pattern)
        here = ops[start : start + len(pattern.operations)]
        if all(_same(match, one, other, tables) for one, other in zip(pattern.operations, here, strict=True)):
            match.inside = here
            if len(match.given) == len(pattern.inputs) and _is_closed(match):
                return match
    return None


def _working(block: ir.Block) -> list[ir.OpView]:
    """What a block does: where its memory is declared, and constants that nobody uses, may be anywhere."""
    return [op for op in block.operations if not isinstance(op, memref.AllocaOp) and not _is_idle(op)]


def _is_idle(op: ir.OpView) -> bool:
    return isinstance(op, arith.ConstantOp) and not list(op.result.uses)


def _same(match: Match, one: ir.OpView, other: ir.OpView, tables: Tables) -> bool:
    """Whether an operation of a pattern is one of the program's; what they make is then the same."""
    if type(one) is not type(other) or len(one.operands) != len(other.operands):
        return False
    if not all(_is(match, a, b) for a, b in zip(one.operands, other.operands, strict=True)):
        return False
    if isinstance(one, memref.GetGlobalOp):
        mine, yours = match.pattern.tables[one.attributes["name"].value], tables[other.attributes["name"].value]
        if str(mine.attributes["initial_value"]) != str(yours.attributes["initial_value"]):
            return False
    if _told(one) != _told(other) or [each.type for each in one.results] != [each.type for each in other.results]:
        return False
    match.values.update(zip(one.results, other.results, strict=True))
    return all(_same_region(match, a, b, tables) for a, b in zip(one.regions, other.regions, strict=True))


def _same_region(match: Match, one: ir.Region, other: ir.Region, tables: Tables) -> bool:
    if len(one.blocks) != len(other.blocks):
        return False
    for mine, yours in zip(one.blocks, other.blocks, strict=True):
        a, b = _working(mine), _working(yours)
        if len(a) != len(b) or [each.type for each in mine.arguments] != [each.type for each in yours.arguments]:
            return False
        match.values.update(zip(mine.arguments, yours.arguments, strict=True))
        if not all(_same(match, left, right, tables) for left, right in zip(a, b, strict=True)):
            return False
    return True


def _is(match: Match, one: ir.Value, other: ir.Value) -> bool:
    """Whether a value of the pattern may be one of the program's; a parameter is whatever it is given first."""
    for number, loads in enumerate(match.pattern.inputs):
        if one in loads:
            return bool(one.type == other.type and match.given.setdefault(number, other) == other)
    if one in match.pattern.locals and one not in match.values and _is_local(other) and one.type == other.type:
        if any(match.values.get(each) == other for each in match.pattern.locals if each in match.values):
            return False
        match.values[one] = other
    return one in match.values and bool(match.values[one] == other)


def _is_local(value: ir.Value) -> bool:
    return not isinstance(value.owner, ir.Block) and isinstance(value.owner.opview, memref.AllocaOp)


def _told(op: ir.OpView) -> dict[str, str]:
    """What an operation says of itself, but for names."""
    return {name: str(op.attributes[name]) for name in op.attributes if name not in UNTOLD}


def _is_closed(match: Match) -> bool:
    """Whether nothing that stands at a place is used elsewhere but its results."""
    outputs = {match.values.get(each) for each in match.pattern.outputs}
    inside = {op.operation for op in match.inside} | {each.operation for op in match.inside for each in _inner(op)}
    made = [result for op in match.inside for result in op.results if result not in outputs]
    made += [match.values[each] for each in match.pattern.locals if each in match.values]
    return all(use.owner.operation in inside for result in made for use in result.uses)


def _called(module: ir.Module, match: Match) -> frozenset[ir.Value]:
    """Puts a call for each result in the place of what makes it; the values of the calls."""
    given = [match.given[number] for number in range(len(match.pattern.inputs))]
    last = match.inside[-1]
    made = []
    with last.location, ir.InsertionPoint(last):
        for number, output in enumerate(match.pattern.outputs):
            own = match.values.get(output)
            if own is None:
                continue
            name = f"{match.pattern.name}.{number}"
            _declare(module, name, [each.type for each in given], own.type)
            call = func.CallOp([own.type], ir.FlatSymbolRefAttr.get(name), given)
            own.replace_all_uses_with(call.results[0])
            made.append(call.results[0])
    for op in reversed(match.inside):
        op.operation.erase()
    return frozenset(made)


def _declare(module: ir.Module, name: str, inputs: Sequence[ir.Type], output: ir.Type) -> None:
    """Declares the function of a call once."""
    if any(isinstance(op, func.FuncOp) and op.name.value == name for op in module.body.operations):
        return
    with ir.InsertionPoint(module.body):
        func.FuncOp(name, ir.FunctionType.get(list(inputs), [output]), visibility="private")
