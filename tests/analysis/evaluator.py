"""A slow and obvious evaluation of process networks, cycle by cycle: the rules of `docs/timing.md`."""

import itertools
from collections import deque

import networkx

from spatial.analysis.figures import Figures, LinkFigures, ProcessFigures, Waiting
from spatial.analysis.processes import Delay, Pipeline, ProcessNetwork, Repeat
from spatial.analysis.series import numbers_of

__all__ = ["evaluated"]


class Channel:
    """A link: the cycles from which its tokens can be taken, and those from which its slots can be filled."""

    def __init__(self, link, depth, timing):
        self.depth = depth or None
        self.timing = timing
        self.tokens = deque([0] * link.initial)
        self.slots = deque([0] * (depth - link.initial))
        self.gets = 0
        self.held = [link.initial]  # at the end of the cycle before the first, and of those in which it changed
        self.at = [-1]

    def ready(self, puts, now):
        """Whether an operation can happen; None if another one must come first."""
        if puts and not self.depth:
            return True
        queue = self.slots if puts else self.tokens
        return queue[0] <= now if queue else None

    def coming(self, puts):
        queue = self.slots if puts else self.tokens
        return queue[0] if queue else None

    def act(self, puts, now):
        if puts:
            if self.depth:
                self.slots.popleft()
            self.tokens.append(now + self.timing.read_after_write)
        else:
            self.tokens.popleft()
            self.slots.append(now + self.timing.write_after_read)
            self.gets += 1
        held = self.held[-1] + (1 if puts else -1)
        if self.at[-1] == now:
            self.held[-1] = held
        else:
            self.at.append(now)
            self.held.append(held)

    def figures(self, end):
        at = [max(0, cycle) for cycle in self.at] + [end]
        spent = [(held, b - a) for held, (a, b) in zip(self.held, itertools.pairwise(at), strict=True)]
        return LinkFigures(
            tokens=self.gets,
            left=self.held[-1],
            high_water=max(self.held),
            cycles_full=sum(cycles for held, cycles in spent if held == self.depth),
            cycles_empty=sum(cycles for held, cycles in spent if held == 0),
        )


class Stage:
    """The operations of a stage, waited for one after the other and then done together."""

    def __init__(self, operations):
        self.operations = operations
        self.reached = 0

    def wait(self, ready, now):
        """The operation that waits; None if all can happen."""
        while self.reached < len(self.operations):
            operation = self.operations[self.reached]
            if not ready(operation, now):
                return operation
            self.reached += 1
        return None


class Elastic:
    """Iterations whose stages each advance when the `ii` stages in front are free."""

    def __init__(self, pipeline, operations, start):
        self.pipeline, self.operations = pipeline, operations
        self.fired = []  # for each iteration the cycle of each stage that is over
        self.stages = []  # for each iteration the stage that it is in, with the cycle from which on it may happen
        self.begun = 0
        self.done = None
        self.latest = start
        self.start = start

    def left(self, iteration, stage):
        """When an iteration has done a stage; behind the last one it does one more each cycle."""
        fired, last = self.fired[iteration], self.pipeline.latency - 1
        real = min(stage, last)
        return fired[real] + stage - real if real < len(fired) else None

    def due(self, iteration):
        """From when on an iteration can do its next stage; None while the one ahead stands there."""
        stage = len(self.fired[iteration])
        own = self.fired[iteration][-1] + 1 if stage else self.start
        if iteration == 0:
            return own
        ahead = self.left(iteration - 1, stage + self.pipeline.ii)
        return None if ahead is None else max(own, ahead)

    def cycle(self, now, ready, act):
        """Everything that happens in a cycle; what waits, in the order of the iterations."""
        waits = []
        first = next((i for i, f in enumerate(self.fired) if len(f) < self.pipeline.latency), len(self.fired))
        for iteration in range(first, self.pipeline.count):
            if iteration == len(self.fired):
                ahead = self.left(iteration - 1, self.pipeline.ii) if iteration else self.start
                if ahead is None or ahead > now:
                    break
                self.fired.append([])
                self.stages.append(None)
            stage = len(self.fired[iteration])
            if stage == self.pipeline.latency or (due := self.due(iteration)) is None or due > now:
                continue
            if self.stages[iteration] is None:
                self.stages[iteration] = Stage(self.operations(iteration, stage))
            waiting = self.stages[iteration].wait(ready, now)
            if waiting is not None:
                waits.append((iteration, waiting))
                continue
            for operation in self.stages[iteration].operations:
                act(operation, now)
            self.stages[iteration] = None
            self.fired[iteration].append(now)
            if iteration == self.pipeline.count - 1 and stage == self.pipeline.latency - 1:
                self.done = now + 1
        return waits

    def coming(self, now):
        """Cycles after this one in which something can happen without others."""
        found = []
        for iteration, fired in enumerate(self.fired):
            if len(fired) < self.pipeline.latency and (due := self.due(iteration)) is not None:
                found.append(due)
            if fired and len(fired) < self.pipeline.latency:
                found.append(fired[-1] + 1)
        if 0 < len(self.fired) < self.pipeline.count:
            ahead = self.left(len(self.fired) - 1, self.pipeline.ii)
            found += [] if ahead is None else [ahead]
        return [cycle for cycle in found if cycle > now]


class Rigid:
    """All stages of a cycle of the pipeline's own clock happen together."""

    def __init__(self, pipeline, operations, start):
        self.pipeline, self.operations = pipeline, operations
        self.clock, self.next = 0, start
        self.stage = None
        self.done = None

    def cycle(self, now, ready, act):
        if now < self.next:
            return []
        ii, latency, count = self.pipeline.ii, self.pipeline.latency, self.pipeline.count
        if self.stage is None:
            oldest = max(0, (self.clock - latency) // ii + 1)
            flight = range(oldest, min(count, self.clock // ii + 1))
            self.stage = Stage([op for i in flight for op in self.operations(i, self.clock - i * ii)])
        waiting = self.stage.wait(ready, now)
        if waiting is not None:
            return [(self.clock, waiting)]
        for operation in self.stage.operations:
            act(operation, now)
        self.stage, self.clock, self.next = None, self.clock + 1, now + 1
        if self.clock == ii * (count - 1) + latency:
            self.done = now + 1
        return []

    def coming(self, now):
        return [self.next] if self.next > now else []


class Actor:
    """A process under way."""

    def __init__(self, process, channels, known):
        self.process, self.channels, self.known = process, channels, known
        self.steps = iter(flattened(process.body))
        self.pipe = None
        self.next = None  # the cycle from which on it goes on, while no pipeline runs
        self.done = None
        self.free = False
        self.waits = []
        self.since = 0  # when what it waits for last changed
        self.stalled = {True: 0, False: 0}
        self.acted = 0

    def ready(self, operation, now):
        return self.channels[self.process.links[operation.port]].ready(operation.puts, now)

    def act(self, operation, now):
        self.acted = now + 1
        self.channels[self.process.links[operation.port]].act(operation.puts, now)

    def operations(self, pipeline):
        """The operations of an iteration and stage."""
        if id(pipeline) not in self.known:
            sets = [
                None if o.iterations is None else set(numbers_of(o.iterations).tolist()) for o in pipeline.operations
            ]
            self.known[id(pipeline)] = list(zip(pipeline.operations, sets, strict=True))
        known = self.known[id(pipeline)]

        def of(iteration, stage):
            return [op for op, when in known if op.stage == stage and (when is None or iteration in when)]

        return of

    def cycle(self, now):
        new = self.advance(now)
        if new != self.waits:
            self.since = now
        self.waits = [wait for wait in self.waits if wait in new] + [wait for wait in new if wait not in self.waits]
        self.stall(1)

    def stall(self, cycles):
        """Books cycles in which it waits."""
        if self.waits:
            self.stalled[any(operation.puts for _, operation in self.waits)] += cycles

    def links(self):
        """The names of the links it waits at, with the operations."""
        return [(self.process.links[operation.port], operation) for _, operation in self.waits]

    def advance(self, now):
        """What happens in a cycle; what waits."""
        while self.done is None and self.next is not None and self.next <= now:
            if self.pipe is None:
                step = next(self.steps, None)
                if step is None:
                    self.done = self.next
                elif step is FOREVER:
                    self.free = True
                elif isinstance(step, Delay):
                    self.next += step.cycles
                else:
                    overlaps = step.style == "rigid" and step.latency > step.ii
                    self.pipe = (Rigid if overlaps else Elastic)(step, self.operations(step), self.next)
                continue
            waits = self.pipe.cycle(now, self.ready, self.act)
            if self.pipe.done is None:
                return waits
            self.next, self.pipe = self.pipe.done, None
        return []

    def coming(self, now):
        if self.done is not None or self.next is None:
            return []
        own = self.pipe.coming(now) if self.pipe is not None else []
        queues = [self.channels[name].coming(operation.puts) for name, operation in self.links()]
        own += [cycle for cycle in queues if cycle is not None and cycle > now]
        return [*own, self.next] if self.next > now else own


FOREVER = object()


def flattened(body):
    """The steps of a body one after the other."""
    for step in body:
        if not isinstance(step, Repeat):
            if not isinstance(step, Pipeline) or step.count:
                yield step
            continue
        if step.count is None:
            yield FOREVER
            while True:
                yield from flattened(step.body)
        for _ in range(step.count):
            yield from flattened(step.body)


def begin(actors):
    """The processes whose start is known from now on: all that they wait for has ended."""
    begun = []
    for actor in actors.values():
        before = [actors[name].done for name in actor.process.after]
        if actor.next is None and None not in before:
            actor.next = max(before) + actor.process.handoff
            begun.append(actor)
    return begun


def evaluated(network: ProcessNetwork) -> Figures:
    """The figures of a network."""
    channels = {link.name: Channel(link, link.depth, network.timing_of(link, link.depth)) for link in network.links}
    known = {}
    actors = {process.name: Actor(process, channels, known) for process in network.processes}
    for actor in actors.values():
        actor.next = None if actor.process.after else 0
    now = 0
    while True:
        for actor in actors.values():
            actor.cycle(now)
        while begun := begin(actors):
            for actor in begun:
                actor.cycle(now)
        coming = [cycle for actor in actors.values() for cycle in actor.coming(now)]
        coming += [actor.done for actor in actors.values() if actor.done is not None and actor.done > now]
        if not coming:
            break
        later = min(coming)
        for actor in actors.values():
            actor.stall(later - now - 1)
        now = later
    return figures(network, actors, channels, now)


def figures(network, actors, channels, now):
    """The cycle in which everything stands still is over when it begins: nothing of it counts."""
    links = {link.name: link for link in network.links}
    for actor in actors.values():
        actor.stall(-1)
    waiting = [actor for actor in actors.values() if actor.done is None]
    deadlock = not all(actor.free for actor in waiting) or stuck(actors, links)
    last = max((actor.since if actor.done is None else actor.done for actor in actors.values()), default=0)
    if not deadlock:
        for actor in waiting:
            asleep = [(links[name].role, channels[name].gets > 0) for name, _ in actor.links()]
            if ("start", True) in asleep:
                actor.done = actor.since
                actor.stalled[False] -= now - actor.since
                actor.waits = []
    return Figures(
        deadlock=deadlock,
        cycles=now if deadlock else last,
        processes={name: process_figures(actor, now) for name, actor in actors.items()},
        links={name: channel.figures(now) for name, channel in channels.items()},
    )


def process_figures(actor, now):
    until = now if actor.done is None else actor.done
    stalled_input, stalled_output = actor.stalled[False], actor.stalled[True]
    return ProcessFigures(
        busy=until - stalled_input - stalled_output,
        stalled_input=stalled_input,
        stalled_output=stalled_output,
        done=actor.done,
        waits=tuple(Waiting(link=name, operation=operation) for name, operation in actor.links()),
    )


def stuck(actors, links):
    """Whether free-running processes wait in a circle in which one cannot put."""
    graph = networkx.MultiDiGraph()
    for name, actor in actors.items():
        for link, operation in actor.links():
            partner = links[link].reader if operation.puts else links[link].writer
            graph.add_edge(name, partner, puts=operation.puts)
    for component in networkx.strongly_connected_components(graph):
        inside = graph.subgraph(component)
        if any(puts for _, _, puts in inside.edges(data="puts")):
            return True
    return False
