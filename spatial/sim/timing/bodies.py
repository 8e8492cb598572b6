"""Prepares the bodies of processes: agents for them, and the links within."""

from collections.abc import Iterator
from dataclasses import dataclass

from spatial.analysis.processes import Body, Delay, Operation, Pipeline, Repeat
from spatial.analysis.series import Series
from spatial.sim.timing.assembler import FOREVER, Assembler, Program, Use
from spatial.sim.timing.pattern import Event, arranged

__all__ = ["Inner", "Outer", "Prepared", "Within", "overlaps", "prepare", "stages_of"]

END, START = "end", "start"


@dataclass(frozen=True, slots=True)
class Outer:
    """A port of the process: one of its links, or, by role, one that tells of starts and ends of processes."""

    number: int
    role: str = ""


@dataclass(frozen=True, slots=True)
class Inner:
    """A port that stands for a link within the process."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """A link from one agent of a process to another, with a timing of its own; the last `places` tokens are kept."""

    depth: int
    places: int
    read_after_write: int
    write_after_read: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What runs a process: the first agent, and one for each further stage of pipelines that overlap.

    `room` is for how many intervals the stages' waits need.
    """

    programs: tuple[Program, ...]
    links: tuple[Within, ...]
    room: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """A pipeline whose stages are agents: which, the links between them by stages, and that of the end."""

    numbers: tuple[int, ...]
    agents: tuple[int, ...]
    links: dict[tuple[int, int], int]
    end: int


def is_staged(pipeline: Pipeline) -> bool:
    """Whether stages of different iterations wait for themselves, so that each needs a clock of its own."""
    return overlaps(pipeline) and len(stages_of(pipeline)) > 1


def overlaps(pipeline: Pipeline) -> bool:
    """Whether a pipeline has operations in iterations that overlap, each on a clock of its own."""
    several = pipeline.count > 1 and pipeline.latency > pipeline.ii
    return several and pipeline.style == "elastic" and bool(pipeline.operations)


def stages_of(pipeline: Pipeline) -> tuple[int, ...]:
    """The stages that hold operations, in order."""
    return tuple(sorted({operation.stage for operation in pipeline.operations}))


def prepare(body: Body, before: int, behind: int) -> Prepared:
    """Programs for a process that waits for `before` others to end, and `behind` others wait for."""
    return Preparation(body).prepared(before, behind)


class Preparation:
    """A body under way."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self.links: list[Within] = []
        self.owners: list[Pipeline] = []
        self.staged: dict[int, Stages] = {}
        self.room = 0
        for pipeline in _pipelines(body):
            if is_staged(pipeline) and id(pipeline) not in self.staged:
                self.staged[id(pipeline)] = self.stages(pipeline)

    def prepared(self, before: int, behind: int) -> Prepared:
        main = Assembler()
        if before:
            main.step([Use(Outer(n, START), False) for n in range(before)], staged=True, internal=before)
        self.steps(main, self.body, 0)
        if behind:
            main.step([Use(Outer(n, END), True) for n in range(behind)], staged=True, internal=behind)
        programs = [main.program()]
        for number in range(1, len(self.owners) + 1):
            helper = Assembler()
            self.steps(helper, self.body, number)
            programs.append(helper.program())
        return Prepared(programs=tuple(programs), links=tuple(self.links), room=self.room)

    def stages(self, pipeline: Pipeline) -> Stages:
        """Agents for the stages of a pipeline, and links that hold back those that come too soon."""
        numbers = stages_of(pipeline)
        agents = (0, *range(len(self.owners) + 1, len(self.owners) + len(numbers)))
        self.owners += [pipeline] * (len(numbers) - 1)
        links = {}
        for later in range(1, len(numbers)):
            for sooner in range(later):
                links[sooner, later] = len(self.links)
                apart = numbers[later] - numbers[sooner]
                depth = -(-apart // pipeline.ii)
                self.links.append(
                    Within(
                        depth=depth,
                        places=-(-(numbers[-1] - numbers[0]) // pipeline.ii) + 2,
                        read_after_write=apart,
                        write_after_read=depth * pipeline.ii - apart,
                    )
                )
        end = len(self.links)
        rest = pipeline.latency - numbers[-1]
        last = Within(depth=1, places=1, read_after_write=rest, write_after_read=0)
        self.links.append(last)
        flight = pipeline.latency // pipeline.ii + len(numbers) + 3
        self.room += flight * len(pipeline.operations) + 4
        return Stages(numbers=numbers, agents=agents, links=links, end=end)

    def steps(self, assembler: Assembler, body: Body, agent: int) -> None:
        """Writes what an agent has to do with a body."""
        for step in body:
            match step:
                case Delay(cycles=cycles):
                    assembler.delay(0 if agent else cycles)
                case Repeat(count=count, body=inner):
                    if count != 0 and (not agent or any(self.owners[agent - 1] is p for p in _pipelines(inner))):
                        counter = assembler.begin(FOREVER if count is None else count)
                        self.steps(assembler, inner, agent)
                        assembler.end(counter)
                case Pipeline() if id(step) in self.staged:
                    if not agent and step.count:
                        assembler.mark()
                    if step.count and agent in self.staged[id(step)].agents:
                        self.stage(assembler, step, agent)
                case Pipeline() if not agent and step.count:
                    _lock_step(assembler, step)

    def stage(self, assembler: Assembler, pipeline: Pipeline, agent: int) -> None:
        """Writes one stage of a pipeline whose stages have agents."""
        stages = self.staged[id(pipeline)]
        place = stages.agents.index(agent)
        stage, last = stages.numbers[place], len(stages.numbers) - 1
        every = Series(first=stage, strides=((pipeline.ii, pipeline.count),))
        inner: list[tuple[Series, Use]] = []
        inner += [
            (every, Use(Inner(link), False, pipeline)) for (_, later), link in stages.links.items() if later == place
        ]
        inner += [
            (every, Use(Inner(link), True, pipeline)) for (sooner, _), link in stages.links.items() if sooner == place
        ]
        length = pipeline.ii * (pipeline.count - 1) + pipeline.latency
        if place == last:
            inner.append((Series(first=every.last), Use(Inner(stages.end), True, pipeline)))
        if place == 0:
            inner.append((Series(first=length), Use(Inner(stages.end), False, pipeline)))
        own = [operation for operation in pipeline.operations if operation.stage == stage]
        uses = [use for _, use in inner] + [_use(operation, pipeline) for operation in own]
        events: list[Event] = [(series, number) for number, (series, _) in enumerate(inner)]
        for number, operation in enumerate(own, start=len(inner)):
            events += [(series, number) for series in _times(operation, pipeline)]
        first = Inner(stages.links[0, last]) if place == last else None

        def write(numbers: tuple[int, ...]) -> None:
            internal = sum(number < len(inner) for number in numbers)
            assembler.step([uses[number] for number in numbers], staged=True, internal=internal, first=first)

        assembler.items(arranged(events), length, write)


def _lock_step(assembler: Assembler, pipeline: Pipeline) -> None:
    """Writes a pipeline that runs on one clock; of a cycle, what belongs to older iterations comes first."""
    if overlaps(pipeline):
        assembler.mark()
    order = sorted(pipeline.operations, key=lambda operation: -operation.stage)
    events = [(series, number) for number, each in enumerate(order) for series in _times(each, pipeline)]

    def write(numbers: tuple[int, ...]) -> None:
        assembler.step([_use(order[number], pipeline) for number in numbers])

    assembler.items(arranged(events), pipeline.ii * (pipeline.count - 1) + pipeline.latency, write)


def _use(operation: Operation, pipeline: Pipeline) -> Use:
    return Use(Outer(operation.port), operation.puts, pipeline, operation)


def _times(operation: Operation, pipeline: Pipeline) -> Iterator[Series]:
    """When an operation happens, on the pipeline's own clock."""
    if operation.iterations is None:
        yield Series(first=operation.stage, strides=((pipeline.ii, pipeline.count),))
    for series in operation.iterations or ():
        strides = tuple((stride * pipeline.ii, count) for stride, count in series.strides)
        yield Series(first=series.first * pipeline.ii + operation.stage, strides=strides)


def _pipelines(body: Body) -> Iterator[Pipeline]:
    """The pipelines that run at least once."""
    for step in body:
        match step:
            case Repeat(count=count, body=inner) if count != 0:
                yield from _pipelines(inner)
            case Pipeline(count=count) if count:
                yield step
