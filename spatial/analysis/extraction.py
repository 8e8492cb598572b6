"""Makes the process network of a program whose control follows from constants and loop variables."""

import functools
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from spatial.analysis.control.expression import Expression, Undefined, Value, evaluate
from spatial.analysis.control.iterations import Guard, TooIrregular, iterations_of
from spatial.analysis.control.periods import Counter, segments
from spatial.analysis.control.reading import read_skeleton
from spatial.analysis.control.skeleton import (
    Act,
    Bounds,
    Choice,
    Computation,
    Condition,
    Counted,
    Forever,
    Node,
    Nodes,
    Piped,
    Skeleton,
    Undecided,
    deciding,
)
from spatial.analysis.pipeline import Timings
from spatial.analysis.processes import (
    Body,
    Delay,
    Link,
    NotStatic,
    Operation,
    Pipeline,
    Process,
    ProcessNetwork,
    Repeat,
    Step,
)
from spatial.analysis.series import Series
from spatial.device.model import Device
from spatial.ir.function import kernels
from spatial.ir.graph import Actor, ActorGraph, Channel
from spatial.ir.mlir import ir
from spatial.source.span import Span

__all__ = ["FunctionBodies", "NotDecided", "processes_of"]

MOST_DIFFERENT = 1 << 12  # bodies of one loop outside of pipelines
MOST_TRIED = 1 << 20  # iterations that are looked at one by one
IRREGULAR = "this differs between iterations without a pattern"
UNDEFINED = "a division by zero or an index out of bounds decides this in some iteration"

Known = dict[int, int]


def processes_of(
    graph: ActorGraph,
    module: ir.Module,
    timings: Mapping[str, Timings],
    device: Device,
    scalars: Mapping[str, int] = MappingProxyType({}),
) -> ProcessNetwork | NotStatic:
    """The network of a program whose pipelines have these timings, by function; or why it is none.

    `scalars` are the values of scalar parameters of the region, those that are known, by name.
    Costs nothing that grows with the number of iterations where these follow a pattern, and for each function as much
    as there are different values of the arguments that decide anything.
    """
    functions = {function.name.value: function for function in kernels(module)}
    bodies: dict[str, FunctionBodies] = {}
    processes = []
    for actor in graph.actors:
        if actor.function not in bodies:
            given = _given(graph, actor.function, scalars)
            skeleton = read_skeleton(functions[actor.function], timings[actor.function], given)
            bodies[actor.function] = FunctionBodies(skeleton, len(actor.values), scalars)
        try:
            body = bodies[actor.function].of(actor)
        except NotDecided as reason:
            return NotStatic(actor=actor.name, why=reason.why, span=reason.span)
        processes.append(Process(name=actor.name, body=body, links=actor.channels))
    links = tuple(_links(graph.channels))
    return ProcessNetwork(name=graph.name, processes=tuple(processes), links=links, device=device)


def _given(graph: ActorGraph, function: str, scalars: Mapping[str, int]) -> frozenset[int]:
    """The positions of a function's scalars that are known for all its actors, and that it does not write."""
    if not scalars:
        return frozenset()
    arrays = graph.specializations[function].arrays
    actors = [actor for actor in graph.actors if actor.function == function]
    return frozenset(
        position
        for position, (_, writes) in arrays.items()
        if not writes and all(_memory(actor, position) in scalars for actor in actors)
    )


def _memory(actor: Actor, position: int) -> str:
    """What an actor is given in the place of a parameter that is memory."""
    return actor.arrays[position - len(actor.values) - len(actor.channels)]


def _links(channels: Sequence[Channel]) -> Iterator[Link]:
    for channel in channels:
        if channel.writer and channel.reader:
            yield Link(
                name=channel.name,
                writer=channel.writer.actor,
                reader=channel.reader.actor,
                depth=channel.depth,
                bits=channel.element.bits,
                initial=len(channel.initial_tokens),
                role=channel.role,
                storage=channel.storage,
                span=channel.span,
            )


class NotDecided(Exception):
    """Something is only known in a run."""

    def __init__(self, why: str, span: Span) -> None:
        super().__init__(why)
        self.why = why
        self.span = span


class FunctionBodies:
    """The bodies of the actors of one function: one for each choice of the arguments that matter."""

    def __init__(self, skeleton: Skeleton, values: int, scalars: Mapping[str, int]) -> None:
        self.skeleton = skeleton
        self.scalars = scalars
        self.matters = skeleton.matters()
        self.unrolling = Unrolling(values)
        self.found: dict[tuple[int, ...], Body] = {}

    def of(self, actor: Actor) -> Body:
        known = {position: self.number(actor, position) for position in self.matters}
        key = tuple(known.values())
        if key not in self.found:
            self.found[key] = self.unrolling.steps(self.skeleton.nodes, known)
        return self.found[key]

    def number(self, actor: Actor, position: int) -> int:
        """The integer at the position of a parameter."""
        if position < len(actor.values):
            return int(actor.values[position])
        return self.scalars[_memory(actor, position)]


class Unrolling:
    """Evaluates a skeleton for values of its arguments; of these there are `values`, the channels come next.

    A pipeline is made once for each choice of the numbers that decide anything in it.
    """

    def __init__(self, values: int) -> None:
        self.values = values
        self.decide: dict[Piped, tuple[Expression, ...]] = {}
        self.pipelines: dict[tuple[Piped, tuple[int, ...]], Body] = {}

    def steps(self, nodes: Nodes, known: Known) -> Body:
        """What some nodes do, one after the other; nothing comes behind what never ends."""
        found: list[Step] = []
        for node in nodes:
            for step in self.step(node, known):
                _append(found, step)
        return tuple(found)

    def step(self, node: Node, known: Known) -> Body:
        match node:
            case Act():
                return (Pipeline(count=1, operations=(self.operation(node, None),), span=node.span),)
            case Choice():
                return self.choice(node, known)
            case Counted():
                return self.counted(node, known)
            case Forever():
                body = self.steps(node.body, known)
                return (Repeat(count=None, body=_taking_time(body, 1), span=node.span),)
            case Piped():
                return self.piped(node, known)
            case Computation():
                if node.unfit:
                    raise NotDecided(node.unfit, node.span)
                return (Delay(cycles=node.cycles, span=node.span),)

    def operation(self, act: Act, iterations: tuple[Series, ...] | None) -> Operation:
        if act.unfit:
            raise NotDecided(act.unfit, act.span)
        return Operation(
            port=act.position - self.values,
            puts=act.puts,
            stage=act.stage,
            iterations=iterations,
            span=act.span,
            calls=act.calls,
        )

    def choice(self, node: Choice, known: Known) -> Body:
        """The branch that is taken; either where both do the same."""
        if isinstance(node.condition, Undecided):
            then, other = self.steps(node.then, known), self.steps(node.other, known)
            if then != other:
                raise NotDecided(f"whether this happens depends on {node.condition.why}", node.span)
            return then
        taken = _decided(node.condition, known, node.span)
        return self.steps(node.then if taken else node.other, known)

    # Loops outside of pipelines

    def counted(self, node: Counted, known: Known) -> Body:
        counter = _counter(node.bounds, known, node.span)
        if counter.count == 0:
            return ()
        expressions = [each for each in deciding(node.body) if counter.variable in each.variables]
        if not expressions:
            return (_repeated(counter.count, self.iteration(node, known), node.span),)
        try:
            pieces = segments(expressions, counter, known, MOST_TRIED)
            if pieces is None:
                raise TooIrregular
            found: list[Step] = []
            for piece in pieces:
                periods, rest = divmod(piece.length, piece.period)
                if periods:
                    period = self.iterations(node, expressions, counter, known, piece.sample)
                    _append(found, _repeated(periods, period, node.span))
                for step in self.iterations(node, expressions, counter, known, piece.sample[:rest]):
                    _append(found, step)
        except TooIrregular:
            raise NotDecided(IRREGULAR, node.span) from None
        except Undefined:
            raise NotDecided(UNDEFINED, node.span) from None
        return tuple(found)

    def iterations(
        self, node: Counted, expressions: Sequence[Expression], counter: Counter, known: Known, sample: np.ndarray
    ) -> Body:
        """What some iterations do, alike ones that follow each other as one step."""
        if not len(sample):
            return ()
        values = counter.at(sample)
        inside: dict[int, Value] = {**known, counter.variable: values}
        keys = np.stack([np.broadcast_to(np.asarray(evaluate(e, inside), np.int64), values.shape) for e in expressions])
        starts = np.flatnonzero(np.append(True, np.any(keys[:, 1:] != keys[:, :-1], axis=0)))
        lengths = np.diff(np.append(starts, len(values))).tolist()
        if len(starts) > MOST_DIFFERENT:
            raise TooIrregular
        bodies: dict[tuple[int, ...], Body] = {}
        found: list[Step] = []
        for start, length in zip(starts.tolist(), lengths, strict=True):
            key = tuple(keys[:, start].tolist())
            if key not in bodies:
                bodies[key] = self.iteration(node, {**known, counter.variable: int(values[start])})
            _append(found, _repeated(length, bodies[key], node.span))
        return tuple(found)

    def iteration(self, node: Counted, known: Known) -> Body:
        return _taking_time(self.steps(node.body, known), node.least)

    # Pipelines

    def piped(self, node: Piped, known: Known) -> Body:
        if node not in self.decide:
            self.decide[node] = tuple(deciding((node,)))
        try:
            key = node, tuple(int(evaluate(expression, known)) for expression in self.decide[node])
        except Undefined:
            raise NotDecided(UNDEFINED, node.span) from None
        if key not in self.pipelines:
            self.pipelines[key] = self.pipeline(node, known)
        return self.pipelines[key]

    def pipeline(self, node: Piped, known: Known) -> Body:
        nest = [_counter(bounds, known, node.span) for bounds in node.bounds]
        try:
            operations = tuple(self.operations(node.body, (), nest, known))
        except TooIrregular:
            raise NotDecided(IRREGULAR, node.span) from None
        except Undefined:
            raise NotDecided(UNDEFINED, node.span) from None
        count = functools.reduce(lambda total, counter: total * counter.count, nest, 1)
        pipeline = Pipeline(
            count=count, ii=node.ii, latency=node.latency, style=node.style, operations=operations, span=node.span
        )
        if node.bounds:
            return (pipeline,) if count else ()
        if not operations:
            raise NotDecided("this never ends, and uses no channel", node.span)
        gap = node.ii - node.latency
        return (Repeat(count=None, body=(pipeline, Delay(cycles=gap)) if gap else (pipeline,), span=node.span),)

    def operations(
        self, nodes: Nodes, guards: tuple[Guard, ...], nest: Sequence[Counter], known: Known
    ) -> Iterator[Operation]:
        """The operations of a pipeline's body in the order of the text."""
        for node in nodes:
            match node:
                case Act():
                    for part in iterations_of(guards, nest, known):
                        yield self.operation(node, part)
                case Choice(condition=Undecided(why=why)):
                    then = tuple(self.operations(node.then, guards, nest, known))
                    if then != tuple(self.operations(node.other, guards, nest, known)):
                        raise NotDecided(f"whether this happens depends on {why}", node.span)
                    yield from then
                case Choice(condition=Expression() as condition):
                    yield from self.operations(node.then, (*guards, (condition, True)), nest, known)
                    yield from self.operations(node.other, (*guards, (condition, False)), nest, known)


def _decided(condition: Condition, known: Known, span: Span) -> int:
    """The number that decides how often something is done."""
    if isinstance(condition, Undecided):
        raise NotDecided(f"how often this repeats depends on {condition.why}", span)
    try:
        return int(evaluate(condition, known))
    except Undefined:
        raise NotDecided(UNDEFINED, span) from None


def _counter(bounds: Bounds, known: Known, span: Span) -> Counter:
    low, high, step = (_decided(bound, known, span) for bound in (bounds.low, bounds.high, bounds.step))
    return Counter(variable=bounds.variable, first=low, step=step, count=len(range(low, high, step)))


def _append(steps: list[Step], step: Step) -> None:
    """Adds a step, but behind what never ends; delays that follow each other are one, and an empty loop is none."""
    last = steps[-1] if steps else None
    if last is not None and _never_ends(last):
        return
    match step:
        case Repeat(count=1, body=body):
            for each in body:
                _append(steps, each)
        case Repeat(count=0) | Repeat(body=()) | Delay(cycles=0):
            return
        case Delay() if isinstance(last, Delay):
            steps[-1] = Delay(cycles=last.cycles + step.cycles, span=last.span)
        case _:
            steps.append(step)


def _repeated(count: int, body: Body, span: Span) -> Step:
    match body:
        case (Delay(cycles=cycles, span=place),):
            return Delay(cycles=cycles * count, span=place)
    if body and _never_ends(body[-1]):
        return Repeat(count=1, body=body, span=span)
    return Repeat(count=count, body=body, span=span)


def _taking_time(body: Body, least: int) -> Body:
    """An iteration; one that would take no time takes the `least` number of cycles."""
    return body if body or not least else (Delay(cycles=least),)


def _never_ends(step: Step) -> bool:
    return isinstance(step, Repeat) and step.count is None
