"""How an actor goes on in a cycle, decided by what others did in earlier cycles."""

import copy
from collections import ChainMap
from collections.abc import Iterator
from dataclasses import dataclass

from tests.sim.dataflow.machine import Machine, Queue, Token
from tests.sim.dataflow.script import POLLS, Actor, Break, Chan, For, If, Net, Op, Set, Statement, While
from tests.sim.dataflow.stages import Item, Placement, Schedule, reads
from tests.sim.dataflow.values import Locals, blank, packed, unpacked, value_of

Life = Iterator[None]


@dataclass(slots=True)
class Iteration:
    """One iteration of a loop under way: its locals, and which branches are taken."""

    names: Locals
    taken: dict[int, bool]
    early: dict[int, dict[str, object]]


class Stage:
    """What happens together: how much is `done`, what of that waits for the rest, where it is `stuck`."""

    def __init__(self, player: "Player", work: list[tuple[Iteration, Item]]) -> None:
        self.player, self.work, self.done = player, work, 0
        self.pending: list[tuple[str, Token | None]] = []
        self.stuck = (-1, 0)

    def fires(self) -> bool:
        """Goes as far as it can; whether all of it has happened now."""
        while self.done < len(self.work):
            if not self.player.reach(self, *self.work[self.done]):
                if self.stuck != (self.done, len(self.pending)):
                    self.stuck = self.done, len(self.pending)
                    self.player.since = self.player.machine.now
                return False
            self.done += 1
            self.player.machine.steps += 1
        for name, token in self.pending:
            if token is None:
                self.player.machine.get(name)
            else:
                self.player.machine.put(name, token)
        if self.pending:
            self.player.idle = None
        self.player.machine.steps += 1
        self.player.ended = max(self.player.ended, self.player.machine.now)
        return True


class Player:
    """One actor: where it is, what it waits for, when it is done."""

    def __init__(self, net: Net, actor: Actor, machine: Machine, loopback: frozenset[str]) -> None:
        self.net, self.actor, self.machine, self.loopback = net, actor, machine, loopback
        self.cells: dict[str, object] = dict.fromkeys(actor.cells, 0)
        self.cells |= {name: [0] * int(kind[6:-1]) for name, kind in actor.blocks}
        self.lasting = frozenset({*actor.cells, *(name for name, _ in actor.blocks)})
        self.waits: set[tuple[str, bool]] = set()
        self.since = 0
        self.ended = 0
        self.idle: int | None = None
        self.granted: dict[str, int] = {}
        self.free_running = False
        self.left = False
        self.schedules: dict[int, Schedule] = {}
        self.done: int | None = None
        self.life = self.block(actor.body)

    def step(self) -> None:
        """One cycle."""
        self.waits = set()
        if next(self.life, self) is self:
            self.done = self.machine.now

    # Operations

    def queue(self, op: Op, names: Locals) -> tuple[str, Queue]:
        name = f"{op.chan}[{value_of(op.index, names)}]" if op.index else op.chan
        return name, self.machine.queues[name]

    def chan(self, op: Op) -> Chan:
        return self.net.chan(op.chan)

    def reach(self, stage: Stage, iteration: Iteration, item: Item) -> bool:
        """Does an item as far as it can before the others of its stage; whether what stands behind may go on."""
        if any(iteration.taken.get(number) is not way for number, way in item.branches):
            return True
        names = ChainMap(iteration.early.get(id(item), {}), iteration.names, self.cells)
        if item.keeps:
            cells = reads(item.keeps) & self.lasting
            iteration.early[id(item.keeps)] = {name: copy.copy(self.cells[name]) for name in cells}
        elif item.test:
            iteration.taken[item.number] = bool(value_of(item.test, names))
        elif item.leaves:
            self.left = True
        elif isinstance(item.does, Set):
            self.assign(item.does, names, iteration.names)
        elif isinstance(item.does, Op):
            return self.operate(item.does, names, iteration.names, stage)
        return True

    def assign(self, statement: Set, names: Locals, own: Locals) -> None:
        name, _, element = statement.name.partition("[")
        value = value_of(statement.value, names)
        if element:
            self.cells[name][int(element[:-1])] = value  # type: ignore[index]
        else:
            self.bind(name, value, own)

    def bind(self, name: str, value: object, own: Locals) -> None:
        (self.cells if name in self.lasting else own)[name] = value

    def operate(self, op: Op, names: Locals, own: Locals, stage: Stage) -> bool:
        match op.what:
            case "select":
                return self.select(op, own, stage)
            case "gather" | "scatter":
                return self.all_of(op, names, own, stage)
        name, queue = self.queue(op, names)
        now, writes = self.machine.now, op.what in ("put", "try_put", "full")
        place = int(value_of(op.place, names)) if op.place else 0  # type: ignore[call-overload]
        could = queue.room(now) if writes else queue.token(now, place)
        if op.what in POLLS:
            self.poll(op, name, could, names, own)
            return True
        if not could:
            self.waits.add((name, writes))
            return False
        if writes:
            stage.pending.append((name, packed(value_of(op.value, names))))
            return True
        if op.target:
            self.bind(op.target, unpacked(queue.first(place), self.chan(op).token), own)
        if op.what == "get":
            stage.pending.append((name, None))
        return True

    def poll(self, op: Op, name: str, could: bool, names: Locals, own: Locals) -> None:
        """Answers at once; what succeeds happens now."""
        self.machine.polls += 1
        if not could and self.idle is None:
            self.idle = self.machine.now
        if op.what in ("empty", "full"):
            self.bind(op.target, not could, own)
            return
        if op.what == "try_put":
            if could:
                self.machine.put(name, packed(value_of(op.value, names)))
            self.bind(op.target, could, own)
        else:
            kind = self.chan(op).token
            token = self.machine.queues[name].first() if could else blank(kind)
            self.bind(f"{op.target}_ok", could, own)
            self.bind(op.target, unpacked(token, kind), own)
            if could:
                self.machine.get(name)
        if could:
            self.idle = None

    def select(self, op: Op, own: Locals, stage: Stage) -> bool:
        """The token put first; of those put together the next in turn."""
        chan, now = self.chan(op), self.machine.now
        queues = [self.machine.queues[name] for name in chan.names]
        last = self.granted.get(chan.name, -1)
        order = [(last + 1 + n) % len(queues) for n in range(len(queues))]
        seen = [n for n in order if queues[n].token(now)]
        if not seen:
            self.waits |= {(name, False) for name in chan.names}
            return False
        chosen = min(seen, key=lambda n: queues[n].age)
        self.granted[chan.name] = chosen
        self.bind(f"{op.target}_at", chosen, own)
        self.bind(op.target, unpacked(queues[chosen].first(), chan.token), own)
        stage.pending.append((chan.names[chosen], None))
        return True

    def all_of(self, op: Op, names: Locals, own: Locals, stage: Stage) -> bool:
        """A token of each channel, or into each: one after the other is reached."""
        every, now, writes = self.chan(op).names, self.machine.now, op.what == "scatter"
        block = value_of(op.value, names) if writes else []
        done = [name for name, _ in stage.pending]
        for number, name in enumerate(every):
            if name in done:
                continue
            queue = self.machine.queues[name]
            if not (queue.room(now) if writes else queue.token(now)):
                self.waits.add((name, writes))
                return False
            stage.pending.append((name, block[number] if writes else None))  # type: ignore[index]
        if not writes:
            self.bind(op.target, [self.machine.queues[name].first() for name in every], own)
        return True

    # Statements

    def block(self, body: tuple[Statement, ...]) -> Life:
        """Statements outside of pipelines: a channel operation takes a cycle, nothing else takes time."""
        for statement in body:
            match statement:
                case Op():
                    yield from self.alone(statement)
                case Set():
                    self.assign(statement, self.cells, self.cells)
                case Break():
                    self.left = True
                case If(test=test, body=inner, orelse=orelse):
                    yield from self.block(inner if value_of(test, self.cells) else orelse)
                case For() | While():
                    yield from self.loop(statement)
            if self.left:
                return

    def alone(self, op: Op) -> Life:
        """An operation; on an array of channels one channel after the other."""
        if op.what in ("gather", "scatter"):
            block = list(value_of(op.value, self.cells)) if op.value else []  # type: ignore[call-overload]
            for number in range(self.chan(op).extent):
                what, value = ("put", str(block[number])) if op.value else ("get", "")
                yield from self.alone(
                    Op(what=what, chan=op.chan, index=str(number), value=value, target="" if op.value else "one")
                )
                block += [] if op.value else [self.cells["one"]]
            if op.target:
                self.bind(op.target, block, self.cells)
            return
        stage = Stage(self, [(Iteration(self.cells, {}, {}), Item(does=op))])
        while not stage.fires():
            yield
        yield

    def loop(self, loop: For | While) -> Life:
        self.free_running |= isinstance(loop, While) and loop.test == "True"
        flat, trips = loop, loop.trips if isinstance(loop, For) else 0
        while isinstance(flat, For) and len(flat.body) == 1 and isinstance(inner := flat.body[0], For):
            if flat.plain or inner.plain or inner.pipe.ii or any(isinstance(s, Break) for s in inner.body):
                break
            flat, trips = inner, trips * inner.trips
        holds = any(isinstance(s, For | While) for s in flat.body)
        if holds or (isinstance(flat, For) and flat.plain):
            yield from self.unpipelined(loop)
        else:
            yield from self.pipelined(loop, flat, trips)
        self.left = False

    def unpipelined(self, loop: For | While) -> Life:
        """Iteration after iteration; one without anything that takes time takes a cycle."""
        trip = 0
        while True:
            begun = self.machine.now
            if isinstance(loop, For):
                if trip == loop.trips:
                    return
                self.cells[loop.var] = trip
                trip += 1
            else:
                if loop.head:
                    yield from self.alone(loop.head)
                if not value_of(loop.test.format(loop.head.target if loop.head else ""), self.cells):
                    return
            yield from self.block(loop.body)
            if self.machine.now == begun:
                yield
            if self.left:
                return

    def indices(self, loop: For | While, flat: For | While, number: int) -> dict[str, object]:
        """The loop variables of an iteration."""
        nest = []
        while isinstance(loop, For):
            nest.append(loop)
            if loop is flat:
                break
            loop = loop.body[0]  # type: ignore[assignment]
        found: dict[str, object] = {}
        for each in reversed(nest):
            number, found[each.var] = divmod(number, each.trips)
        return found

    def pipelined(self, loop: For | While, flat: For | While, trips: int) -> Life:
        if id(flat) not in self.schedules:
            self.schedules[id(flat)] = Placement(self.net, flat, self.lasting, self.loopback).place()
        schedule = self.schedules[id(flat)]
        repeats = isinstance(flat, While) or any(item.leaves for item in schedule.items)
        if repeats:
            yield from self.in_turn(schedule, flat)
        else:
            kind = Rigid if schedule.style == "rigid" else Elastic
            made = [Iteration(self.indices(loop, flat, n), {}, {}) for n in range(trips)]
            yield from kind(self, schedule, made).run()

    def in_turn(self, schedule: Schedule, loop: For | While) -> Life:
        """Iterations that do not overlap; what ends the loop takes a cycle if it used a channel."""
        number = 0
        while isinstance(loop, While) or number < loop.trips:
            iteration = Iteration({loop.var: number} if isinstance(loop, For) else {}, {}, {})
            number += 1
            for items in schedule.by_stage:
                stage = Stage(self, [(iteration, item) for item in items])
                while not stage.fires():
                    yield
                if iteration.taken.get(0) is False:
                    if any(isinstance(item.does, Op) for item in items[:1]):
                        yield
                    return
                yield
            for _ in range(schedule.ii - schedule.latency):
                yield
            if self.left:
                return


class Rigid:
    """All iterations in flight do their stages together."""

    def __init__(self, player: Player, schedule: Schedule, iterations: list[Iteration]) -> None:
        self.player, self.schedule, self.iterations = player, schedule, iterations

    def run(self) -> Life:
        ii, latency = self.schedule.ii, self.schedule.latency
        for cycle in range(ii * (len(self.iterations) - 1) + latency if self.iterations else 0):
            flight = [(self.iterations[n], cycle - n * ii) for n in range(len(self.iterations))]
            stages = [(it, self.schedule.by_stage[at]) for it, at in flight if 0 <= at < latency]
            stage = Stage(self.player, [(it, item) for it, items in stages for item in items])
            while not stage.fires():
                yield
            yield


class Elastic:
    """Each iteration does its stages by itself, behind the one ahead."""

    def __init__(self, player: Player, schedule: Schedule, iterations: list[Iteration]) -> None:
        self.player, self.schedule, self.iterations = player, schedule, iterations
        self.fired: list[list[int]] = [[] for _ in iterations]
        self.stages: dict[int, Stage] = {}

    def run(self) -> Life:
        first = 0
        while first < len(self.iterations):
            for number in range(first, len(self.iterations)):
                self.advance(number)
                if not self.fired[number]:
                    break
            yield
            while first < len(self.iterations) and len(self.fired[first]) == self.schedule.latency:
                first += 1

    def passed(self, number: int, stage: int) -> bool:
        """Whether an iteration has done a stage, real or virtual, by now."""
        if number < 0:
            return True
        real, fired = min(stage, self.schedule.latency - 1), self.fired[number]
        return real < len(fired) and fired[real] + stage - real <= self.player.machine.now

    def advance(self, number: int) -> None:
        fired, now = self.fired[number], self.player.machine.now
        if len(fired) == self.schedule.latency or (fired and fired[-1] == now):
            return
        if number not in self.stages:
            if not self.passed(number - 1, len(fired) + self.schedule.ii):
                return
            iteration = self.iterations[number]
            self.stages[number] = Stage(self.player, [(iteration, i) for i in self.schedule.by_stage[len(fired)]])
        if self.stages[number].fires():
            fired.append(now)
            del self.stages[number]
            if len(fired) < self.schedule.latency:
                self.player.ended = max(self.player.ended, now + 1)  # it has come to its next stage
