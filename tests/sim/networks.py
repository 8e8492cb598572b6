"""Random networks of pipelined loops: their text, and when everything in them happens by the rules of the timing.

The oracle shares nothing with the engine. It solves the recurrences of the specification: `F[i][s]`, the
cycle in which iteration `i` does stage `s`, is the least number that respects

- elastic: `F[i][s] >= F[i][s-1] + 1` and `F[i][s] >= F[i-1][s+ii]`, where an iteration behind its last
  stage goes on by one virtual stage each cycle;
- rigid: own cycle `c` happens after own cycle `c-1`, and does stage `c - i*ii` of every iteration `i` in flight;
- `get[n] >= put[n] + RAW`, `put[n] >= get[n-depth] + WAR` for all operations of a stage (rigid: of an own
  cycle), which happen together.
"""

import random
from collections.abc import Generator
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Link:
    """A channel; its tokens are integers of `width` bits."""

    name: str
    depth: int
    width: int

    def read_after_write(self, device: str) -> int:
        return 2 if device == "hls" and self.depth > 2 and self.depth * self.width > 1024 else 1


@dataclass(frozen=True)
class Use:
    """A put or get in a stage, in the iterations that `every` divides."""

    puts: bool
    link: Link
    stage: int
    every: int = 1

    @property
    def key(self) -> tuple[bool, str]:
        return self.puts, self.link.name


@dataclass(frozen=True)
class Loop:
    trips: int
    ii: int
    latency: int
    style: str
    gets_first: bool
    uses: tuple[Use, ...]


@dataclass(frozen=True)
class Net:
    device: str
    links: tuple[Link, ...]
    actors: tuple[tuple[Loop, ...], ...]


Times = dict[tuple[bool, str], list[int]]
Life = Generator[bool, None, int]


@dataclass(frozen=True)
class Prediction:
    """Cycles of every put and get by (puts, channel), and for each actor when it is done, if ever."""

    times: Times
    done: dict[str, int | None]


def predict(net: Net) -> Prediction:
    """Solves the recurrences: each actor is advanced as far as what it needs is known, until nothing changes."""
    times: Times = {(puts, link.name): [] for link in net.links for puts in (True, False)}
    lives = {f"actor{n}[0]": life(loops, net.device, times) for n, loops in enumerate(net.actors)}
    done: dict[str, int | None] = dict.fromkeys(lives)
    moved = True
    while moved:
        moved = False
        for name in [name for name, end in done.items() if end is None]:
            try:
                while next(lives[name]):
                    moved = True
            except StopIteration as stop:
                done[name], moved = stop.value, True
    return Prediction(times, done)


def life(loops: tuple[Loop, ...], device: str, times: Times) -> Life:
    """Loop after loop; yields whether it could go on, returns the count of cycles at the end."""
    start = 0
    for loop in loops:
        start = yield from (rigid if loop.style == "rigid" else elastic)(loop, start, device, times)
    return start


def ready(uses: list[Use], device: str, times: Times) -> int | None:
    """The first cycle in which all the operations can happen together, as far as channels decide."""
    earliest = 0
    for use in uses:
        number = len(times[use.key])
        if use.puts:
            needed, delay = number - use.link.depth, 1
        else:
            needed, delay = number, use.link.read_after_write(device)
        other = times[not use.puts, use.link.name]
        if needed >= len(other):
            return None
        if needed >= 0:
            earliest = max(earliest, other[needed] + delay)
    return earliest


def active(loop: Loop, iteration: int, stage: int) -> list[Use]:
    return [use for use in loop.uses if use.stage == stage and iteration % use.every == 0]


def rigid(loop: Loop, start: int, device: str, times: Times) -> Life:
    now = start - 1
    for cycle in range(loop.ii * (loop.trips - 1) + loop.latency if loop.trips else 0):
        flight = [(i, cycle - i * loop.ii) for i in range(loop.trips) if 0 <= cycle - i * loop.ii < loop.latency]
        uses = [use for i, stage in flight for use in active(loop, i, stage)]
        while (earliest := ready(uses, device, times)) is None:
            yield False
        now = max(now + 1, earliest)
        for use in uses:
            times[use.key].append(now)
        yield True
    return now + 1


def elastic(loop: Loop, start: int, device: str, times: Times) -> Life:
    fired: list[list[int]] = [[] for _ in range(loop.trips)]

    def left(iteration: int, stage: int) -> int | None:
        """When an iteration did a stage, real or virtual."""
        if iteration < 0:
            return start
        real = min(stage, loop.latency - 1)
        return fired[iteration][real] + stage - real if real < len(fired[iteration]) else None

    while any(len(stages) < loop.latency for stages in fired):
        moved = False
        for iteration, stages in enumerate(fired):
            stage = len(stages)
            ahead = left(iteration - 1, stage + loop.ii) if stage < loop.latency else None
            uses = active(loop, iteration, stage)
            earliest = ready(uses, device, times)
            if ahead is None or earliest is None:
                continue
            now = max(ahead, earliest, stages[-1] + 1 if stages else start)
            for use in uses:
                times[use.key].append(now)
            stages.append(now)
            moved = True
        yield moved
    return fired[-1][-1] + 1 if fired else start


def source(net: Net) -> str:
    """The region's text."""
    lines = ["@sp.region()", "def net():"]
    lines += [f"    {link.name}: Stream[Int({link.width}), {link.depth}]" for link in net.links]
    for number, loops in enumerate(net.actors):
        lines += ["    @sp.kernel()", f"    def actor{number}():"]
        for loop in loops:
            stages = {use.link.name: use.stage for use in loop.uses}
            asked = f"ii={loop.ii}, latency={loop.latency}, style={loop.style!r}, stages={stages}"
            lines.append(f"        for k in range({loop.trips}, pipeline=sp.Pipeline({asked})):")
            for use in sorted(loop.uses, key=lambda use: use.puts == loop.gets_first):
                indent = " " * 12
                if use.every > 1:
                    lines.append(f"{indent}if k % {use.every} == 0:")
                    indent += "    "
                lines.append(f"{indent}{use.link.name}.put(k)" if use.puts else f"{indent}{use.link.name}.get()")
            if not loop.uses:
                lines.append("            pass")
    return "\n".join(lines) + "\n"


def with_depths(net: Net, depths: dict[str, int]) -> Net:
    """The same network with other depths."""

    def deepened(use: Use) -> Use:
        return replace(use, link=replace(use.link, depth=depths[use.link.name]))

    actors = tuple(tuple(replace(loop, uses=tuple(map(deepened, loop.uses))) for loop in loops) for loops in net.actors)
    return replace(net, links=tuple(replace(link, depth=depths[link.name]) for link in net.links), actors=actors)


def random_depths(net: Net, seed: int) -> dict[str, int]:
    draw = random.Random(seed)
    return {link.name: draw.choice([1, 1, 2, 2, 3, 4, 7]) for link in net.links}


def random_net(seed: int) -> Net:
    """A network of two to five actors with one or two loops each, with or without cycles."""
    draw = random.Random(seed)
    device, cyclic = draw.choice(["ideal", "hls"]), draw.random() < 0.4
    count, trips = draw.randint(2, 5), draw.choice([1, 2, 5, 9])
    loops = [[random_shape(draw, cyclic=cyclic) for _ in range(draw.choice([1, 1, 2]))] for _ in range(count)]
    uses: list[list[list[Use]]] = [[[] for _ in actor] for actor in loops]
    links = []
    for number in range(draw.randint(count - 1, count + 3)):
        ends = random_ends(draw, count, number, cyclic=cyclic)
        link = Link(f"c{number}", 2, draw.choice([32, 600]))
        links.append(link)
        every = draw.choice([1, 1, 1, 2])
        for actor, puts in zip(ends, (True, False), strict=True):
            place = draw.randrange(len(loops[actor]))
            stage = random_stage(draw, loops[actor][place], puts=puts, cyclic=cyclic)
            uses[actor][place].append(Use(puts, link, stage, every))
    actors = [
        tuple(
            Loop(trips if draw.random() < 0.97 else draw.randint(0, 6), *shape, tuple(used))
            for shape, used in zip(*both, strict=True)
        )
        for both in zip(loops, uses, strict=True)
    ]
    return Net(device, tuple(links), tuple(actors))


Shape = tuple[int, int, str, bool]


def random_shape(draw: random.Random, *, cyclic: bool) -> Shape:
    """Interval, latency, style, and whether gets stand before puts in the text."""
    latency = draw.randint(2, 4) if cyclic else draw.randint(1, 4)
    return draw.randint(1, 3), latency, draw.choice(["elastic", "rigid"]), draw.random() < (0.1 if cyclic else 0.5)


def random_ends(draw: random.Random, count: int, number: int, *, cyclic: bool) -> tuple[int, int]:
    """The writer and the reader; the first channels make a chain of all actors."""
    if number < count - 1:
        return number, number + 1
    first, second = draw.sample(range(count), 2)
    return (first, second) if cyclic else (min(first, second), max(first, second))


def random_stage(draw: random.Random, shape: Shape, *, puts: bool, cyclic: bool) -> int:
    """On a cycle a get that may answer a put, which stands before it, happens in a later stage."""
    _, latency, _, gets_first = shape
    if gets_first or not cyclic:
        return draw.randrange(latency)
    return draw.randint(0, latency // 2 - 1) if puts else draw.randint(latency // 2, latency - 1)
