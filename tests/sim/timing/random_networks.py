"""Random process networks: circles, self-loops, initial tokens, mixed rates, several stages, nested loops."""

import random

from spatial.analysis.processes import Body, Delay, Link, Operation, Pipeline, Process, ProcessNetwork, Repeat
from spatial.analysis.series import Series
from spatial.device.model import HLS, IDEAL

__all__ = ["balanced_network", "random_network"]


class Draw:
    """A network under way; `longest` bounds the iterations of a pipeline."""

    def __init__(self, seed: int, longest: int) -> None:
        self.random = random.Random(seed)
        self.longest = longest
        self.ports: list[tuple[int, bool]] = []

    def series(self, count: int) -> tuple[Series, ...] | None:
        """Some of so many iterations, or all."""
        draw = self.random
        kind = draw.randrange(6)
        if kind > 2 or count < 2:
            return None
        first = draw.randrange(count)
        if kind == 0:
            return (Series(first=first),)
        inner = draw.randint(1, 3)
        stride = draw.randint(inner, 6)
        outer = (count - 1 - first - (inner - 1)) // stride + 1
        if outer < 1:
            return (Series(first=first),)
        if kind == 1:
            return (Series(first=first, strides=((stride, outer), (1, inner))),)
        part = Series(first=first, strides=((stride, draw.randint(1, outer)),))
        rest = range(part.last + 1, count)
        return (part, Series(first=draw.choice(rest))) if rest else (part,)

    def pipeline(self) -> Pipeline:
        draw = self.random
        latency = draw.choice((1, 1, 2, 3, 4, 6))
        ii = draw.randint(1, 4)
        chosen = draw.sample(range(len(self.ports)), draw.randint(0, min(4, len(self.ports))))
        count = draw.choice((0, 1, 2, draw.randint(1, self.longest), draw.randint(1, self.longest)))
        operations = []
        for port in chosen:
            puts = self.ports[port][1]
            stage = draw.randrange(latency)
            operations.append(Operation(port=port, puts=puts, stage=stage, iterations=self.series(count)))
            if draw.random() < 0.2 and stage + 1 < latency and ii > 1:
                later = min(latency - 1, stage + ii - 1)
                operations.append(Operation(port=port, puts=puts, stage=draw.randint(stage + 1, later)))
        style = draw.choice(("elastic", "elastic", "rigid"))
        return Pipeline(count=count, ii=ii, latency=latency, style=style, operations=tuple(operations))

    def body(self, depth: int = 0) -> Body:
        draw = self.random
        steps: list[Pipeline | Delay | Repeat] = []
        for _ in range(draw.randint(1, 3)):
            kind = draw.random()
            if kind < 0.15:
                steps.append(Delay(cycles=draw.randint(0, 5)))
            elif kind < 0.4 and depth < 2:
                steps.append(Repeat(count=draw.randint(0, 4), body=self.body(depth + 1)))
            else:
                steps.append(self.pipeline())
        return tuple(steps)

    def network(self) -> ProcessNetwork:
        draw = self.random
        names = [f"p{n}" for n in range(draw.randint(1, 5))]
        links, ends = [], {name: [] for name in names}
        for n in range(draw.randint(1, 8)):
            writer, reader = draw.choice(names), draw.choice(names)
            depth = draw.choice((1, 1, 2, 2, 3, 5, 9, 40))
            initial = draw.choice((0, 0, 0, 1, depth)) if depth < 9 else 0
            link = Link(
                name=f"c{n}", writer=writer, reader=reader, depth=depth, bits=draw.choice((8, 64)), initial=initial
            )
            links.append(link)
            ends[writer].append((link.name, True))
            ends[reader].append((link.name, False))
        processes = []
        ending: set[str] = set()
        writers = {link.name: link.writer for link in links}
        for number, name in enumerate(names):
            self.ports = [(position, puts) for position, (_, puts) in enumerate(ends[name])]
            after = tuple(draw.sample(names[:number], 1)) if number and draw.random() < 0.15 else ()
            body = self.body()
            fed = [n for n, (link, puts) in enumerate(ends[name]) if not puts and writers[link] in ending - {name}]
            if fed and draw.random() < 0.2:
                get = Pipeline(count=1, operations=(Operation(port=draw.choice(fed), puts=False),))
                body = (*body, Repeat(count=None, body=(get, *self.body(1))))
            else:
                ending.add(name)
            bound = tuple(link for link, _ in ends[name])
            processes.append(Process(name=name, body=body, links=bound, after=after, handoff=draw.choice((0, 1, 3))))
        device = draw.choice((IDEAL, HLS))
        return ProcessNetwork(name="random", processes=tuple(processes), links=tuple(links), device=device)


def random_network(seed: int, longest: int = 12) -> ProcessNetwork:
    """A network; many of them deadlock."""
    return Draw(seed, longest).network()


def balanced_network(seed: int, rounds: int) -> ProcessNetwork:
    """A network whose processes do `rounds` rounds, in each of which as many tokens are put into a link as got out."""
    draw = random.Random(seed)
    count = draw.randint(2, 6)
    names = [f"p{n}" for n in range(count)]
    links, rates = [], {}
    for n in range(draw.randint(count - 1, 2 * count)):
        writer = n if n < count - 1 else draw.randrange(count)
        reader = n + 1 if n < count - 1 else draw.randrange(count)
        rate = draw.choice((1, 1, 2, 3))
        initial = rate if reader <= writer else draw.choice((0, 0, 1))
        depth = initial + draw.choice((1, 2, 3, 8))
        rates[f"c{n}"] = rate
        ends = {"writer": names[writer], "reader": names[reader]}
        links.append(Link(name=f"c{n}", **ends, depth=depth, bits=32, initial=initial))
    processes = []
    for name in names:
        ends = [(link.name, puts) for link in links for puts in (False, True) if name in _end(link, puts=puts)]
        body = _rounds(draw, [(rates[link], puts) for link, puts in ends], rounds)
        processes.append(Process(name=name, body=body, links=tuple(link for link, _ in ends)))
    device = draw.choice((IDEAL, HLS))
    return ProcessNetwork(name="balanced", processes=tuple(processes), links=tuple(links), device=device)


def _end(link: Link, *, puts: bool) -> tuple[str]:
    return (link.writer if puts else link.reader,)


def _rounds(draw: random.Random, ends: list[tuple[int, bool]], rounds: int) -> Body:
    """Rounds of a process, as one pipeline or as loops of several."""
    latency, ii = draw.choice((1, 1, 3, 5)), draw.randint(1, 3)
    style = draw.choice(("elastic", "elastic", "rigid"))
    stages = [draw.randrange(latency) for _ in ends]
    if draw.random() < 0.5:
        most = max(rate for rate, _ in ends)
        operations = [
            Operation(port=n, puts=puts, stage=stages[n], iterations=_each(most, rounds, rate))
            for n, (rate, puts) in enumerate(ends)
        ]
        return (Pipeline(count=rounds * most, ii=ii, latency=latency, style=style, operations=tuple(operations)),)
    steps: list[Pipeline | Delay | Repeat] = [Delay(cycles=draw.randint(1, 3))]
    for rate in sorted({rate for rate, _ in ends}, key=lambda _: draw.random()):
        operations = [
            Operation(port=n, puts=puts, stage=stages[n]) for n, (each, puts) in enumerate(ends) if each == rate
        ]
        steps.append(Pipeline(count=rate, ii=ii, latency=latency, style=style, operations=tuple(operations)))
    outer = draw.choice([n for n in range(1, 8) if rounds % n == 0])
    return (Repeat(count=outer, body=(Repeat(count=rounds // outer, body=tuple(steps)),)),)


def _each(most: int, rounds: int, rate: int) -> tuple[Series, ...] | None:
    return None if rate == most else (Series(first=0, strides=((most, rounds), (1, rate))),)
