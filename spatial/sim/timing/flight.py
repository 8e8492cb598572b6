"""Until when iterations of an elastic pipeline still move where one of them waits for ever."""

from collections.abc import Mapping, Sequence

from spatial.analysis.processes import Pipeline
from spatial.sim.timing.assembler import Use, Words
from spatial.sim.timing.bodies import Inner, overlaps, stages_of
from spatial.sim.timing.flat import LINE, AgentPlace
from spatial.sim.timing.layout import SLOT_WORDS, AgentField, ChannelField, SlotField

__all__ = ["last_event"]


def last_event(place: AgentPlace, use: Use, state: Words, rings: Words) -> int:
    """The last cycle in which something happens in the pipeline whose operation the first agent of a process waits for.

    Iterations ahead of the one that waits go on to their ends, those behind it as far as they find free stages.
    """
    agent, pipeline = state[place.offset :], use.pipeline
    assert pipeline is not None, "what starts and ends processes is no pipeline"
    clock, began = int(agent[AgentField.CLOCK]), int(agent[AgentField.BEGAN])
    if not overlaps(pipeline):
        return clock
    stages = stages_of(pipeline)
    if len(stages) == 1:
        alone = clock == began + stages[0]
        return clock if alone else max(clock, clock - pipeline.ii + pipeline.latency - 1 - stages[0])
    found = _times(place, use, pipeline, state, rings)
    lanes = _Lanes(pipeline, began, found)
    return max(lanes.events())


def _times(
    place: AgentPlace, use: Use, pipeline: Pipeline, state: Words, rings: Words
) -> Mapping[int, Mapping[int, int]]:
    """When the last iterations did their stages, by stage and iteration."""
    program = place.program
    inner = {each.port for each in program.origins.values() if each.pipeline is pipeline and each.puts}
    ports = sorted((port for port in inner if isinstance(port, Inner)), key=lambda port: port.number)
    first = AgentField.FIRST + program.counters
    channels = [state[LINE * (place.links[first + program.ports.index(port)] + 1) :] for port in ports]
    puts = int(channels[0][ChannelField.PUTS])
    at_end = isinstance(use.port, Inner) and not use.puts
    begun = pipeline.count if at_end else puts % pipeline.count
    counts = [begun, *(int(channel[ChannelField.GETS]) - puts + begun for channel in channels)]
    oldest = max(0, counts[-1] - 1)
    found = {}
    for number, (stage, count) in enumerate(zip(stages_of(pipeline), counts, strict=True)):
        channel, field = channels[max(0, number - 1)], SlotField.GET if number else SlotField.PUT
        ring, mask = int(channel[ChannelField.RING_AT]), int(channel[ChannelField.MASK])
        found[stage] = {
            i: int(rings[ring + ((puts - begun + i) & mask) * SLOT_WORDS + field]) for i in range(oldest, count)
        }
    return found


class _Lanes:
    """Iterations in flight, and the one ahead of them; nothing ahead of that holds anybody back any more."""

    def __init__(self, pipeline: Pipeline, began: int, known: Mapping[int, Mapping[int, int]]) -> None:
        self.pipeline = pipeline
        self.began = began
        self.known = known
        first = known[min(known)]
        self.oldest = min(first, default=0)
        self.fired: dict[int, Sequence[int]] = {}

    def left(self, iteration: int, stage: int) -> int | None:
        """When an iteration has done a stage."""
        fired, real = self.fired[iteration], min(stage, self.pipeline.latency - 1)
        return fired[real] + stage - real if real < len(fired) else None

    def events(self) -> list[int]:
        """Cycles in which something happens, among them the last one."""
        found = [self.began]
        for iteration in range(self.oldest, self.pipeline.count):
            begin = self.begin(iteration)
            if begin is None:
                break
            fired = self.fired[iteration] = self.lane(iteration, begin)
            found += [begin, *fired[-1:]]
            if 0 < len(fired) < self.pipeline.latency:
                found.append(fired[-1] + 1)
                found += [ahead for ahead in [self.ahead(iteration, len(fired))] if ahead is not None]
        return found

    def begin(self, iteration: int) -> int | None:
        """When an iteration begins, if that is known."""
        if iteration == 0:
            return self.began
        if iteration > self.oldest:
            return self.left(iteration - 1, self.pipeline.ii)
        stage = min(self.known)
        return self.known[stage][iteration] - stage

    def ahead(self, iteration: int, stage: int) -> int | None:
        """From when the iteration ahead has left room for a stage."""
        if iteration == self.oldest:
            return self.began
        return self.left(iteration - 1, stage + self.pipeline.ii)

    def lane(self, iteration: int, begin: int) -> list[int]:
        """When an iteration does its stages, up to the one in which it stands."""
        fired: list[int] = []
        for stage in range(self.pipeline.latency):
            own, ahead = fired[-1] + 1 if fired else begin, self.ahead(iteration, stage)
            if stage in self.known:
                if iteration not in self.known[stage]:
                    break
                fired.append(self.known[stage][iteration])
            elif ahead is None:
                break
            else:
                fired.append(max(own, ahead))
        return fired
