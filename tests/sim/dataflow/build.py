"""Builds the actors of a random network from slots for channel operations."""

import random
from dataclasses import dataclass, field, replace

from tests.sim.dataflow.script import WRITES, Actor, Chan, For, If, Net, Op, Pipe, Set, Statement, While, ops_of
from tests.sim.dataflow.stages import Placement, feedback

TOKENS = ("int32", "int32", "int32", "Int(600)", "int32[2]", "int32[9]", "Pair")


@dataclass(frozen=True, slots=True, kw_only=False)
class Slot:
    """A channel operation to be, in the iterations that `every` divides, wished into a `stage`."""

    what: str
    chan: Chan
    every: int = 1
    stage: int = 0


@dataclass(slots=True, eq=False)
class Draft:
    """An actor to be; `known` are expressions for the values at hand."""

    name: str
    body: list[Statement] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    blocks: list[tuple[str, str]] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    library: str = ""
    endless: bool = False
    pipes: list[tuple[For, str]] = field(default_factory=list)


class Builder:
    """A network under construction."""

    def __init__(self, draw: random.Random, actors: int, device: str) -> None:
        self.draw, self.device = draw, device
        self.actors = [Draft(f"a{n}") for n in range(actors)]
        self.library: list[Draft] = []
        self.chans: list[Chan] = []
        self.numbers = 0

    def fresh(self, letter: str) -> str:
        self.numbers += 1
        return f"{letter}{self.numbers}"

    def chan(self, *, peeks: int = 1, extent: int = 0, token: str = "", initial: bool = True) -> Chan:
        draw = self.draw
        depth = max(peeks, draw.choice([1, 2, 2, 2, 3, 4, 40]))
        held = draw.randint(1, min(depth, 3)) if initial and draw.random() < 0.2 else 0
        first = draw.randrange(100)
        made = Chan(
            name=self.fresh("f" if extent else "c"),
            token=token or draw.choice(TOKENS),
            depth=depth,
            initial=tuple(range(first, first + held)),
            extent=extent,
        )
        self.chans.append(made)
        return made

    def actor(self) -> Draft:
        """A new one, or one that has a body and goes on."""
        free = [actor for actor in self.actors if not actor.endless]
        if free and self.draw.random() < 0.6:
            return self.draw.choice(free)
        self.actors.append(Draft(f"a{len(self.actors)}"))
        return self.actors[-1]

    def actor_but(self, other: Draft) -> Draft:
        while (found := self.actor()) is other:
            pass
        return found

    # Expressions and statements

    def number(self, actor: Draft) -> str:
        """An expression of what the actor knows."""
        draw = self.draw
        terms = draw.sample(actor.known, min(len(actor.known), draw.randint(0, 2)))
        text = " + ".join([*terms, str(draw.randrange(100))])
        return f"int32({draw.choice(['', '3 * ', '-'])}({text}))"

    def token(self, actor: Draft, chan: Chan, before: list[Statement]) -> str:
        """An expression for a token; the elements of a block are assigned before."""
        if chan.token == "Pair":
            return f"Pair({self.number(actor)}, {self.number(actor)})"
        if not chan.token.startswith("int32["):
            return self.number(actor)
        held = [name for name, kind in actor.blocks if kind == chan.token and f"{name}[0]" in actor.known]
        name = self.draw.choice(held) if held else self.fresh("b")
        if not held:
            actor.blocks.append((name, chan.token))
        for element in (0, 1) if held else range(int(chan.token[6:-1])):
            value = self.number(actor) if element < 2 else str(element)
            before.append(Set(name=f"{name}[{element}]", value=value))
        return name

    def operation(self, actor: Draft, what: str, chan: Chan, index: str = "") -> list[Statement]:
        """A channel operation; what it answers goes into a sum and can be used behind it."""
        before: list[Statement] = []
        if what in ("put", "try_put"):
            value = self.token(actor, chan, before)
            if what == "put":
                return [*before, Op(what=what, chan=chan.name, index=index, value=value)]
            target = self.fresh("x")
            return [
                *before,
                Op(what=what, chan=chan.name, index=index, value=value, target=target),
                self.counted(actor, target, bit=True),
            ]
        block = chan.token.startswith("int32[") and what not in ("empty", "full")
        target = self.fresh("b" if block else "x")
        if block:
            actor.blocks.append((target, chan.token))
        place = str(self.draw.randrange(min(chan.depth, 2))) if what == "peek" else ""
        made: list[Statement] = [Op(what=what, chan=chan.name, index=index, target=target, place=place)]
        bit = what in ("empty", "full")
        if block:
            seen = [f"{target}[0]", f"{target}[1]"]
        elif chan.token == "Pair" and not bit:
            seen = [f"{target}.a", f"{target}.b"]
        else:
            seen = [f"int32({target})" if chan.token == "Int(600)" or bit else target]
        made += [self.counted(actor, seen[-1], bit=bit)]
        if what == "try_get":
            made += [self.counted(actor, f"{target}_ok", bit=True)]
        if what == "select":
            made += [self.counted(actor, f"int32({target}_at)", bit=False)]
        if not bit:
            actor.known += seen
        return made

    def counted(self, actor: Draft, value: str, *, bit: bool) -> Set:
        """A sum of its own for each value, read and assigned together."""
        cell = self.fresh("h")
        actor.cells.append(cell)
        value = f"int32({value})" if bit and not value.startswith("int32") else value
        return Set(name=cell, value=f"int32({cell} * 3 + {value})")

    def slots(self, actor: Draft, slots: list[Slot], index: str) -> list[Statement]:
        """Statements for slots, some of them in some iterations only."""
        made: list[Statement] = []
        for slot in slots:
            known = list(actor.known)
            what = {"some": "put", "maybe": "try_get"}.get(slot.what, slot.what)
            statements = self.operation(actor, what, slot.chan)
            test = f"{index} % {slot.every} == 0"
            if slot.what == "some" and known:
                test = f"{self.draw.choice(known)} % 3 != 1"
            if test.endswith("% 1 == 0"):
                made += statements
            else:
                made.append(If(test=test, body=tuple(statements)))
                actor.known = known
        return made

    def phase(self, actor: Draft, kind: str, trips: int, slots: list[Slot]) -> None:
        """A loop of some kind around slots, in random order."""
        draw = self.draw
        order = list(dict.fromkeys(slot.chan.name for slot in slots))
        draw.shuffle(order)
        if draw.random() < 0.6:
            order.sort(
                key=lambda name: any(s.what in ("put", "try_put", "full", "some") for s in slots if s.chan.name == name)
            )
        wishes = {name: draw.choice([0, 0, 1, 2, 3]) for name in order}
        if kind == "asked":
            order.sort(key=lambda name: wishes[name])
        slots = sorted(slots, key=lambda slot: order.index(slot.chan.name))
        known, var = list(actor.known), self.fresh("k")
        match kind:
            case "straight":
                for number in range(min(trips, 3)):
                    actor.body += self.slots(actor, slots, str(number))
            case "count":
                cell = self.fresh("n")
                actor.cells.append(cell)
                body = self.slots(actor, slots, cell)
                actor.body.append(Set(name=cell, value=f"int32({trips})"))
                down = Set(name=cell, value=f"int32({cell} - 1)")
                actor.body.append(While(test=f"{cell} > 0", body=(*body, down)))
            case "nest" | "outer":
                self.nested(actor, kind, trips, slots, var)
            case _:
                actor.known.append(f"int32({var})")
                body = tuple(self.slots(actor, slots, var))
                loop = For(var=var, trips=trips, body=body, plain=kind == "plain")
                actor.body.append(replace(loop, pipe=self.pipe(kind, slots, wishes)))
        actor.known = known

    def nested(self, actor: Draft, kind: str, trips: int, slots: list[Slot], var: str) -> None:
        """A loop in a loop: a perfect nest, or one with an operation of the outer one alone."""
        inner = self.fresh("k")
        slots = [replace(slot, every=1) for slot in slots]
        outer: list[Statement] = []
        actor.known.append(f"int32({var})")
        if kind == "outer" and trips > 1:
            outer += self.slots(actor, slots, var)
            actor.body.append(
                For(
                    var=var,
                    trips=1,
                    body=(*outer, For(var=inner, trips=trips - 1, body=tuple(self.slots(actor, slots, inner)))),
                )
            )
            return
        least = 2 if trips % 2 == 0 else 1
        actor.known.append(f"int32({inner})")
        body = tuple(self.slots(actor, slots, inner))
        actor.body.append(For(var=var, trips=least, body=(For(var=inner, trips=trips // least, body=body),)))

    def pipe(self, kind: str, slots: list[Slot], wishes: dict[str, int]) -> Pipe:
        """What is asked for; what cannot be is mended when the network is known."""
        draw, style = self.draw, self.draw.choice(["elastic", "rigid"])
        simple = all(slot.what in ("put", "get") for slot in slots) and len({s.chan.name for s in slots}) == len(slots)
        if kind == "asked":
            return Pipe(ii=draw.randint(1, 3), latency=draw.randint(0, 2), style=style, stages=tuple(wishes.items()))
        if kind == "latency" and simple:
            return Pipe(latency=draw.randint(1, 4), style=style)
        return Pipe(style=style) if kind == "loop" and draw.random() < 0.4 else Pipe()

    # The end

    def net(self) -> Net:
        """The network, its pipelines as asked for as they can be."""
        drafts = [*self.actors, *self.library]
        actors = tuple(
            Actor(name=a.name, body=tuple(a.body), cells=tuple(a.cells), blocks=tuple(a.blocks), library=a.library)
            for a in drafts
            if a.body
        )
        used = {op.chan for actor in actors for op in ops_of(actor.body)}
        net = Net(device=self.device, chans=tuple(c for c in self.chans if c.name in used), actors=actors)
        loopback = feedback(net)
        return replace(net, actors=tuple(mended(net, actor, loopback[actor.name]) for actor in actors))


def mended(net: Net, actor: Actor, loopback: frozenset[str]) -> Actor:
    """The actor with stages and intervals that its pipelines can have."""

    def of(statement: Statement) -> Statement:
        match statement:
            case For(pipe=Pipe(stages=stages)) if stages:
                return possible(net, statement, cells, loopback)
            case For(pipe=Pipe(latency=latency)) if latency:
                cut = replace(statement, pipe=replace(statement.pipe, latency=None))
                least = Placement(net, cut, cells, loopback).place().latency
                made = replace(statement, pipe=replace(statement.pipe, latency=max(latency, least)))
                placed = Placement(net, made, cells, loopback).place()
                return cut if placed.unreachable else made
        return statement

    cells = frozenset({*actor.cells, *(name for name, _ in actor.blocks)})
    return replace(actor, body=tuple(map(of, actor.body)))


def possible(net: Net, loop: For, cells: frozenset[str], loopback: frozenset[str]) -> For:
    """A loop whose every stream is asked into a stage in which it can be, its latency with so many stages to spare."""
    wanted = loop.pipe
    ends = {(op.chan, op.what in WRITES) for op in ops_of(loop.body)}
    if len(ends) > len({chan for chan, _ in ends}):
        return replace(loop, pipe=Pipe(style=wanted.style))
    for _ in range(20):
        asked = replace(loop, pipe=replace(wanted, ii=None, latency=None))
        placed = Placement(net, asked, cells, loopback).place()
        first: dict[str, int] = {}
        for item in placed.items:
            if isinstance(item.does, Op):
                first.setdefault(item.does.chan, item.stage)
        if first == dict(wanted.stages):
            break
        wanted = replace(wanted, stages=tuple(first.items()))
    else:
        return replace(loop, pipe=Pipe())
    spare = wanted.latency or 0
    return replace(loop, pipe=replace(wanted, ii=max(wanted.ii or 1, placed.ii), latency=placed.latency + spare))
