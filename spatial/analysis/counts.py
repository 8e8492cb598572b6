"""Counts the tokens that pass each end of a channel, where control flow tells before a run."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from spatial.analysis.errors import TokensLeft, TokensMissing
from spatial.analysis.loops import inner
from spatial.analysis.static import Arguments, evaluate
from spatial.ir.channels import CHANNEL_OPERATIONS, CLOCK_DEPENDENT, streams_of, writes_channel
from spatial.ir.dialect import GetBlockOp, GetOp, PutOp
from spatial.ir.function import kernels
from spatial.ir.graph import Actor, ActorGraph, Channel
from spatial.ir.mlir import func, ir, scf
from spatial.source.report import Problem

__all__ = ["Tokens", "check_counts", "token_counts"]

MOST_ITERATIONS = 1 << 12  # of a loop whose iterations differ
UNKNOWN = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """How many tokens a channel's writer puts and its reader gets; None where only a run can tell."""

    puts: int | None
    gets: int | None


Key = tuple[int, type]
Counts = dict[Key, int | None]
"""By the position of the parameter and the operation: how often; None where that is unknown."""


def check_counts(module: ir.Module, graph: ActorGraph) -> list[Problem]:
    """A problem for each channel that surely gets another number of tokens than are taken from it."""
    problems: dict[object, Problem] = {}
    for channel, tokens in token_counts(module, graph).items():
        begins_with = len(graph.channel[channel].initial_tokens)
        if tokens.puts is None or tokens.gets is None or tokens.puts <= tokens.gets <= tokens.puts + begins_with:
            continue
        problem = _mismatch(graph, graph.channel[channel], tokens.puts, tokens.gets)
        problems.setdefault((type(problem), problem.report().primary.span), problem)
    return list(problems.values())


def token_counts(module: ir.Module, graph: ActorGraph) -> dict[str, Tokens]:
    """The tokens of every channel that has two ends; initial tokens do not count."""
    counters = {function.name.value: FunctionCounter(function) for function in kernels(module)}
    counts = {actor.name: counters[actor.function].of(actor) for actor in graph.actors}
    return {
        channel.name: Tokens(
            puts=counts[channel.writer.actor].get((channel.writer.position, PutOp), 0),
            gets=counts[channel.reader.actor].get((channel.reader.position, GetOp), 0),
        )
        for channel in graph.channels
        if channel.writer and channel.reader
    }


def _mismatch(graph: ActorGraph, channel: Channel, puts: int, gets: int) -> Problem:
    assert channel.writer is not None, "only channels with two ends are counted"
    assert channel.reader is not None, "only channels with two ends are counted"
    writer, reader = graph.actor[channel.writer.actor], graph.actor[channel.reader.actor]
    kind = TokensMissing if puts < gets else TokensLeft
    return kind(
        channel=channel.name,
        writer=writer.name,
        reader=reader.name,
        puts=puts,
        gets=gets,
        put=graph.specializations[writer.function].ends[channel.writer.position].puts[0],
        get=graph.specializations[reader.function].ends[channel.reader.position].gets[0],
    )


@dataclass(slots=True)
class FunctionCounter:
    """Counts for the actors of one function; those that agree in the arguments that matter are counted once."""

    function: func.FuncOp
    matters: set[int] = field(default_factory=set)
    known: dict[tuple[tuple[int, object], ...], Counts] = field(default_factory=dict)

    def of(self, actor: Actor) -> Counts:
        """The counts of an actor."""
        key = self.key(actor)
        if key not in self.known:
            arguments = self.function.arguments
            values = {arguments[n]: value for n, value in enumerate(actor.values) if isinstance(value, int)}
            given = Arguments(values)
            found = count_block(self.function.entry_block, given)
            self.matters |= {value.arg_number for value in given.used if value in values}
            self.known[self.key(actor)] = found
            return found
        return self.known[key]

    def key(self, actor: Actor) -> tuple[tuple[int, object], ...]:
        return tuple((position, actor.values[position]) for position in sorted(self.matters))


def count_block(block: ir.Block, known: Arguments) -> Counts:
    """The tokens that one run through a block moves."""
    total: Counts = {}
    for op in block.operations:
        for key, count in count_operation(op, known).items():
            total[key] = add(total.get(key, 0), count)
    return total


def count_operation(op: ir.OpView, known: Arguments) -> Counts:
    match op:
        case _ if isinstance(op, CHANNEL_OPERATIONS):
            return dict(moves(op))
        case scf.IfOp():
            return count_branch(op, known)
        case scf.ForOp():
            return count_loop(op, known)
        case scf.WhileOp():
            return dict.fromkeys(keys_in(op), UNKNOWN)
    return {}


def count_branch(op: scf.IfOp, known: Arguments) -> Counts:
    """The branch that is taken; where only a run can tell which, what both agree in."""
    branches = [count_block(block, known) for region in op.regions for block in region.blocks]
    taken, other = branches[0], branches[1] if len(branches) > 1 else {}
    condition = evaluate(op.condition, known)
    if condition is not None:
        return taken if condition else other
    return {key: taken[key] if taken.get(key, 0) == other.get(key, 0) else UNKNOWN for key in {**taken, **other}}


def count_loop(op: scf.ForOp, known: Arguments) -> Counts:
    """The body as often as it runs; one iteration after the other only where they differ."""
    keys = list(keys_in(op))
    bounds = [evaluate(bound, known) for bound in list(op.operands)[:3]] if keys else []
    found = [bound for bound in bounds if bound is not None]
    if not keys or len(found) < 3:
        return dict.fromkeys(keys, UNKNOWN)
    trips = range(*found)
    once = count_block(op.body, known)
    settled = {key: multiply(count, len(trips)) for key, count in once.items()}
    if UNKNOWN in once.values() and trips and len(trips) <= MOST_ITERATIONS:
        settled |= count_each(op, trips, known, [key for key in once if once[key] is UNKNOWN])
    return settled


def count_each(op: scf.ForOp, trips: range, known: Arguments, wanted: list[Key]) -> Counts:
    """The ends whose counts differ between iterations, one iteration after the other, until none is known."""
    total: Counts = dict.fromkeys(wanted, 0)
    for trip in trips:
        inside = Arguments({**known, op.induction_variable: trip})
        counts = count_block(op.body, inside)
        known.used |= inside.used
        total = {key: add(count, counts.get(key, 0)) for key, count in total.items()}
        if all(count is UNKNOWN for count in total.values()):
            break
    return total


def keys_in(op: ir.OpView) -> Iterator[Key]:
    """The ends at which operations inside an operation move tokens."""
    for nested in inner(op):
        yield from (key for key, _ in moves(nested))


def moves(op: ir.OpView) -> Iterator[tuple[Key, int | None]]:
    """The tokens that a channel operation moves; where time decides, only a run can tell."""
    match op:
        case PutOp():
            yield (op.stream.arg_number, PutOp), 1
        case GetOp() | GetBlockOp():
            yield (op.stream.arg_number, GetOp), 1
        case _ if isinstance(op, CLOCK_DEPENDENT):
            kind = PutOp if writes_channel(op) else GetOp
            yield from (((stream.arg_number, kind), UNKNOWN) for stream in streams_of(op))


def add(a: int | None, b: int | None) -> int | None:
    return None if a is None or b is None else a + b


def multiply(a: int | None, times: int) -> int | None:
    return 0 if times == 0 else None if a is None else a * times
