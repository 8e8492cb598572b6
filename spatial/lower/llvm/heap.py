"""The actors that go on at a known cycle, at run time: a heap with the earliest first."""

from spatial.lower.llvm.layout import ASK_FIELDS, NEVER, ActorHalf, AskField, PollField, RunField
from spatial.lower.llvm.pointer import Pointer, inlined

__all__ = ["HEAP", "ask", "asker", "take_first"]


@inlined
def asker(run: Pointer, actor: Pointer) -> Pointer:
    """What is known of an actor."""
    records = run.pointer(RunField.POLLING).pointer(PollField.RECORDS)
    return records.at(actor[ActorHalf.NUMBER] * ASK_FIELDS)


def ask(run: Pointer, actor: Pointer, t: int) -> None:
    """An actor goes on at cycle `t`, or at an earlier one that it has asked for."""
    own = asker(run, actor)
    if t < own[AskField.ASKED]:
        polling = run.pointer(RunField.POLLING)
        if own[AskField.ASKED] == NEVER:
            own[AskField.PLACE] = polling[PollField.COUNT]
            polling[PollField.COUNT] += 1
        own[AskField.ASKED] = t
        rise(polling.pointer(PollField.HEAP), own, own[AskField.PLACE])


def rise(heap: Pointer, own: Pointer, place: int) -> None:
    """Moves what belongs at a place or before it to where it belongs."""
    t = own[AskField.ASKED]
    while place > 0 and heap.pointer((place - 1) // 2)[AskField.ASKED] > t:
        above = heap.pointer((place - 1) // 2)
        put(heap, above, place)
        place = (place - 1) // 2
    put(heap, own, place)


@inlined
def put(heap: Pointer, own: Pointer, place: int) -> None:
    """Puts an actor at a place."""
    heap[place] = own
    own[AskField.PLACE] = place


def take_first(polling: Pointer) -> Pointer:
    """Takes the actor that asks for the earliest cycle; there is one."""
    heap = polling.pointer(PollField.HEAP)
    first = heap.pointer(0)
    first[AskField.ASKED] = NEVER
    polling[PollField.COUNT] -= 1
    count = polling[PollField.COUNT]
    if count > 0:
        sink(heap, heap.pointer(count), count)
    return first.pointer(AskField.ACTOR)


def sink(heap: Pointer, own: Pointer, count: int) -> None:
    """Moves what belongs at the first place or behind it to where it belongs."""
    t = own[AskField.ASKED]
    place = 0
    child = 1
    while child < count:
        if child + 1 < count and heap.pointer(child + 1)[AskField.ASKED] < heap.pointer(child)[AskField.ASKED]:
            child += 1
        below = heap.pointer(child)
        if below[AskField.ASKED] >= t:
            break
        put(heap, below, place)
        place = child
        child = 2 * place + 1
    put(heap, own, place)


HEAP = (asker, ask, rise, put, take_first, sink)
