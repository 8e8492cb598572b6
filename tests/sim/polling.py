"""Random networks whose loops poll: their text, and a cycle-by-cycle simulator of their timing.

It shares nothing with the engine: cycle after cycle each actor does what it can, decided by the puts and
gets of earlier cycles alone. An operation of a stage is reached when those before it in the text could
happen; a poll is answered then, and what succeeds happens then. All other operations of the stage happen
together once all of them can.
"""

import random
from collections import defaultdict
from dataclasses import dataclass

POLLS = ("try_get", "try_put", "empty", "full")
WRITES = ("put", "try_put", "full")


@dataclass(frozen=True)
class Link:
    """A channel; its tokens are integers of `width` bits, the first `initial` are there from the start."""

    name: str
    depth: int
    width: int
    initial: int

    def read_after_write(self, device: str) -> int:
        return 2 if device == "hls" and self.depth > 2 and self.depth * self.width > 1024 else 1


@dataclass(frozen=True)
class Use:
    """An operation in a stage, in the iterations that `every` divides; a `peek` looks at `place`."""

    what: str
    link: Link
    stage: int
    every: int
    place: int = 0


@dataclass(frozen=True)
class Loop:
    trips: int
    ii: int
    latency: int
    style: str
    uses: tuple[Use, ...]

    def at(self, iteration: int, stage: int) -> list[tuple[int, Use]]:
        return [(iteration, use) for use in self.uses if use.stage == stage and iteration % use.every == 0]


@dataclass(frozen=True)
class Net:
    device: str
    links: tuple[Link, ...]
    loops: tuple[Loop, ...]


class Machine:
    """The channels while the network runs: the cycles of puts and gets, and what polls answered."""

    def __init__(self, net: Net) -> None:
        self.device = net.device
        self.puts = {link.name: [-10] * link.initial for link in net.links}
        self.gets: dict[str, list[int]] = {link.name: [] for link in net.links}
        self.answers: dict[str, dict[int, int]] = defaultdict(dict)

    def token(self, link: Link, place: int, now: int) -> bool:
        number = len(self.gets[link.name]) + place
        puts = self.puts[link.name]
        return number < len(puts) and puts[number] + link.read_after_write(self.device) <= now

    def room(self, link: Link, now: int) -> bool:
        number = len(self.puts[link.name]) - link.depth
        gets = self.gets[link.name]
        return number < 0 or (number < len(gets) and gets[number] + 1 <= now)

    def could(self, use: Use, now: int) -> bool:
        return self.room(use.link, now) if use.what in WRITES else self.token(use.link, use.place, now)

    def reach(self, actor: int, iteration: int, use: Use, now: int) -> bool:
        """Whether what stands behind may go on; a poll acts."""
        could = self.could(use, now)
        if use.what not in POLLS:
            return could
        holds = not could if use.what in ("empty", "full") else could
        self.answers[f"{actor}_{use.link.name}_{use.what}"][iteration] = int(holds)
        if could and use.what.startswith("try"):
            self.move(use, now)
        return True

    def move(self, use: Use, now: int) -> None:
        if use.what in ("put", "try_put"):
            self.puts[use.link.name].append(now)
        elif use.what in ("get", "try_get"):
            self.gets[use.link.name].append(now)


class Stage:
    """Operations that happen together: how many of them could, and which wait for the others."""

    def __init__(self, actor: int, uses: list[tuple[int, Use]]) -> None:
        self.actor, self.uses, self.done = actor, uses, 0

    def fires(self, machine: Machine, now: int) -> bool:
        while self.done < len(self.uses):
            if not machine.reach(self.actor, *self.uses[self.done], now):
                return False
            self.done += 1
        for _, use in self.uses:
            if use.what in ("put", "get"):
                machine.move(use, now)
        return True


class Rigid:
    """All iterations in flight do their stages together."""

    def __init__(self, actor: int, loop: Loop) -> None:
        self.actor, self.loop, self.cycle, self.stage = actor, loop, 0, None

    def step(self, machine: Machine, now: int) -> None:
        loop = self.loop
        if self.cycle == loop.ii * (loop.trips - 1) + loop.latency:
            return
        if self.stage is None:
            flight = [(i, self.cycle - i * loop.ii) for i in range(loop.trips)]
            uses = [use for i, stage in flight if 0 <= stage < loop.latency for use in loop.at(i, stage)]
            self.stage = Stage(self.actor, uses)
        if self.stage.fires(machine, now):
            self.cycle, self.stage = self.cycle + 1, None


class Elastic:
    """Each iteration does its stages by itself, behind the one ahead."""

    def __init__(self, actor: int, loop: Loop) -> None:
        self.actor, self.loop = actor, loop
        self.fired: list[list[int]] = [[] for _ in range(loop.trips)]
        self.stages: dict[int, Stage] = {}

    def left(self, iteration: int, stage: int, now: int) -> bool:
        if iteration < 0:
            return True
        real = min(stage, self.loop.latency - 1)
        fired = self.fired[iteration]
        return real < len(fired) and fired[real] + stage - real <= now

    def step(self, machine: Machine, now: int) -> None:
        for iteration, fired in enumerate(self.fired):
            stage = len(fired)
            if stage == self.loop.latency or (fired and fired[-1] == now):
                continue
            if iteration not in self.stages:
                if not self.left(iteration - 1, stage + self.loop.ii, now):
                    continue
                self.stages[iteration] = Stage(self.actor, self.loop.at(iteration, stage))
            if self.stages[iteration].fires(machine, now):
                fired.append(now)
                del self.stages[iteration]


def play(net: Net, cycles: int) -> Machine:
    """What happens in so many cycles."""
    machine = Machine(net)
    kinds = {"rigid": Rigid, "elastic": Elastic}
    actors = [kinds[loop.style](number, loop) for number, loop in enumerate(net.loops)]
    for now in range(cycles):
        for actor in actors:
            actor.step(machine, now)
    return machine


def answer_arrays(net: Net) -> list[tuple[str, int]]:
    """The arrays that keep what polls answered, and their lengths."""
    return [
        (f"{number}_{use.link.name}_{use.what}", loop.trips)
        for number, loop in enumerate(net.loops)
        for use in loop.uses
        if use.what in POLLS
    ]


def source(net: Net, order: list[int]) -> str:
    """The region's text, its actors declared in the given order."""
    parameters = ", ".join(f"R{name}: int32[{length}]" for name, length in answer_arrays(net))
    lines = ["@sp.region()", f"def net({parameters}):"]
    for link in net.links:
        initial = list(range(100, 100 + link.initial))
        lines.append(f"    {link.name} = sp.pipe(dtype=Int({link.width}), depth={link.depth}, initial={initial})")
    for number in order:
        loop = net.loops[number]
        own = [(name, length) for name, length in answer_arrays(net) if name.split("_")[0] == str(number)]
        lines += ["    @sp.kernel()"]
        lines += [f"    def actor{number}({', '.join(f'R{name}: int32[{length}]' for name, length in own)}):"]
        stages = {use.link.name: use.stage for use in loop.uses}
        asked = f"ii={loop.ii}, latency={loop.latency}, style={loop.style!r}, stages={stages}"
        lines.append(f"        for k in range({loop.trips}, pipeline=sp.Pipeline({asked})):")
        lines += [] if loop.uses else ["            pass"]
        for use in loop.uses:
            lines.append(f"            if k % {use.every} == 0:")
            lines += [f"                {line}" for line in statements(number, use)]
    return "\n".join(lines) + "\n"


def statements(number: int, use: Use) -> list[str]:
    kept = f"R{number}_{use.link.name}_{use.what}[k]"
    match use.what:
        case "put":
            return [f"{use.link.name}.put(k)"]
        case "get":
            return [f"{use.link.name}.get()"]
        case "peek":
            return [f"{use.link.name}.peek({use.place})"]
        case "try_put":
            return [f"{kept} = 1 + {use.link.name}.try_put(k)"]
        case "try_get":
            return [f"ok, v = {use.link.name}.try_get()", f"{kept} = 1 + ok"]
    return [f"{kept} = 1 + {use.link.name}.{use.what}()"]


def random_net(seed: int) -> Net:
    """Two to four actors with a loop each, joined at random."""
    draw = random.Random(seed)
    count = draw.randint(2, 4)
    shapes = [(draw.randint(1, 3), draw.randint(1, 4), draw.choice(["elastic", "rigid"])) for _ in range(count)]
    uses: list[list[Use]] = [[] for _ in range(count)]
    links = []
    for number in range(draw.randint(count - 1, count + 2)):
        ends = draw.sample(range(count), 2)
        depth = draw.choice([1, 2, 2, 3, 5])
        links.append(Link(f"c{number}", depth, draw.choice([32, 600]), draw.choice([0, 0, 0, draw.randint(0, depth)])))
        puts, gets = ["put", "put", "try_put", "full"], ["get", "get", "try_get", "empty", "peek"]
        words = draw.choice(puts), draw.choice(gets)
        for actor, what in zip(ends, words, strict=True):
            stage, every = draw.randrange(shapes[actor][1]), draw.choice([1, 1, 2])
            uses[actor].append(Use(what, links[-1], stage, every, draw.randrange(depth) if what == "peek" else 0))
    loops = tuple(
        Loop(draw.randint(4, 10), *shape, tuple(sorted(own, key=lambda use: (use.stage, use.what in WRITES))))
        for shape, own in zip(shapes, uses, strict=True)
    )
    return Net(draw.choice(["ideal", "hls"]), tuple(links), loops)
