"""Agents of the timing engine's machine: each runs its program as far as its channels let it."""

from spatial.lower.llvm.pointer import Pointer, inlined, likely, unlikely
from spatial.sim.timing.book import close, note
from spatial.sim.timing.channels import give, pass_on, queue, ready, slot, take
from spatial.sim.timing.layout import NEVER, AgentField, ChannelField, Code, RunField, SlotField, StepField

__all__ = ["AGENTS", "advance"]


def go(run: Pointer, agent: Pointer) -> None:
    """Runs an agent until it must wait, is held, has ended, or the budget is spent."""
    code = agent.pointer(AgentField.CODE)
    pc = agent[AgentField.PC]
    clock = agent[AgentField.CLOCK]
    budget = run[RunField.BUDGET]
    going = True
    while going:
        here = code.at(pc)
        kind = here[StepField.KIND]
        counter = 0
        if likely(kind == Code.STEP):
            count = here[StepField.COUNT]
            now = clock
            input_ = 0
            output = 0
            k = 0
            while k < count:
                word = here[StepField.OPERATIONS + k]
                when = ready(agent.pointer(word >> 1), word & 1)
                if when > now:
                    if when == NEVER:
                        break
                    if word & 1:
                        output += when - now
                    else:
                        input_ += when - now
                    now = when
                k += 1
            if k < count:
                stop(agent, here, pc, k, now)
                going = False
            else:
                if input_:
                    agent[AgentField.STALLED_INPUT] += input_
                if output:
                    agent[AgentField.STALLED_OUTPUT] += output
                k = 0
                while k < count:
                    word = here[StepField.OPERATIONS + k]
                    if word & 1:
                        give(run, agent.pointer(word >> 1), now)
                    else:
                        take(run, agent.pointer(word >> 1), now)
                    k += 1
                clock = now + here[StepField.CYCLES]
                pc += StepField.OPERATIONS + count
                counter = here[StepField.COUNTER]
        elif kind == Code.STAGE:
            now = stage_time(agent, here, pc, clock)
            if now == NEVER:
                going = False
            else:
                stage(run, agent, here, clock, now)
                clock = now + here[StepField.CYCLES]
                pc += StepField.OPERATIONS + here[StepField.COUNT]
                counter = here[StepField.COUNTER]
        elif kind == Code.DELAY:
            clock += here[StepField.CYCLES]
            pc += StepField.OPERATIONS
        elif kind == Code.LOOP:
            agent[here[StepField.COUNTER]] = here[StepField.COUNT]
            pc += StepField.OPERATIONS
        elif kind == Code.AGAIN:
            counter = here[StepField.COUNTER]
            pc += StepField.OPERATIONS
        elif kind == Code.MARK:
            agent[AgentField.BEGAN] = clock
            pc += StepField.OPERATIONS
        else:
            agent[AgentField.DONE] = 1
            going = False
            if run.pointer(RunField.REFERENCE) == agent:
                run[RunField.REFERENCE] = 0
        if counter:
            left = agent[counter] - 1
            agent[counter] = left
            if left > 0:
                pc = here[StepField.BACK]
                budget -= 1
                if unlikely(budget <= 0):
                    queue(run, agent)
                    going = False
                elif unlikely(agent[AgentField.HOLD] > 0):
                    going = not held(agent, counter, kind)
    agent[AgentField.PC] = pc
    agent[AgentField.CLOCK] = clock
    run[RunField.BUDGET] = budget


def held(agent: Pointer, counter: int, kind: int) -> bool:
    """Whether the agent that others follow is to be held at the begin of an iteration: at any, of outer loops."""
    agent[AgentField.HOLD] -= 1
    if agent[AgentField.HOLD] > 0 and kind != Code.AGAIN:
        return False
    agent[AgentField.HOLD] = 0
    agent[AgentField.PAUSED] = counter
    return True


@inlined
def stop(agent: Pointer, here: Pointer, pc: int, number: int, now: int) -> None:
    """An agent waits with an operation of a step at an end of a channel."""
    word = here[StepField.OPERATIONS + number]
    agent.pointer(word >> 1)[ChannelField.READER + (word & 1)] = agent
    agent[AgentField.AT] = now
    agent[AgentField.BLOCKED] = pc + StepField.OPERATIONS + number + 1


def stage_time(agent: Pointer, here: Pointer, pc: int, clock: int) -> int:
    """When a stage of overlapping iterations happens; `NEVER` if it must wait, and is noted to."""
    now = clock
    for k in range(here[StepField.COUNT]):
        word = here[StepField.OPERATIONS + k]
        when = ready(agent.pointer(word >> 1), word & 1)
        if when == NEVER:
            stop(agent, here, pc, k, now)
            return NEVER
        now = max(now, when)
    return now


def stage(run: Pointer, agent: Pointer, here: Pointer, clock: int, now: int) -> None:
    """The operations of a stage happen; how long it waited for other processes is noted."""
    begin = clock
    internal = here[StepField.INTERNAL]
    book = agent.pointer(AgentField.BOOK)
    for k in range(here[StepField.COUNT]):
        word = here[StepField.OPERATIONS + k]
        when = ready(agent.pointer(word >> 1), word & 1)
        if k >= internal and when > begin:
            note(book, word & 1, begin, when)
        begin = max(begin, when)
    first = here[StepField.FIRST]
    if first:
        c = agent.pointer(first)
        close(book, slot(c, c[ChannelField.GETS])[SlotField.PUT])
    for k in range(internal):
        word = here[StepField.OPERATIONS + k]
        pass_on(run, agent.pointer(word >> 1), word & 1, now)
    for k in range(internal, here[StepField.COUNT]):
        word = here[StepField.OPERATIONS + k]
        if word & 1:
            give(run, agent.pointer(word >> 1), now)
        else:
            take(run, agent.pointer(word >> 1), now)


def choose(run: Pointer) -> None:
    """Takes the next agent that has not ended as the one that is held at its iterations."""
    agents = run.pointer(RunField.AGENTS)
    while run[RunField.NEXT] < run[RunField.AGENT_COUNT]:
        agent = run.pointer(RunField.STATE).at(agents[run[RunField.NEXT]])
        run[RunField.NEXT] += 1
        if agent[AgentField.DONE] == 0:
            run[RunField.REFERENCE] = agent
            agent[AgentField.HOLD] = 1
            return
    run[RunField.SEEKS] = 0


def advance(run: Pointer) -> int:
    """Runs agents from the queue until it is empty, 0, or the budget is spent, 1."""
    ring = run.pointer(RunField.QUEUE)
    while run[RunField.HEAD] != run[RunField.TAIL]:
        if run[RunField.BUDGET] <= 0:
            return 1
        if unlikely(run[RunField.SEEKS] != 0 and run[RunField.REFERENCE] == 0):
            choose(run)
        head = run[RunField.HEAD]
        run[RunField.HEAD] = head + 1
        agent = ring.pointer(head & run[RunField.MASK])
        agent[AgentField.BLOCKED] = 0
        run[RunField.CURRENT] = agent
        go(run, agent)
    return 0


AGENTS = (go, held, stop, stage_time, stage, choose, advance)
