"""How long the stages of a process wait together, where they overlap: intervals that are joined as they are noted."""

from spatial.lower.llvm.pointer import Pointer
from spatial.sim.timing.layout import BookField

__all__ = ["BOOK", "close", "note"]


def note(book: Pointer, puts: int, begin: int, end: int) -> None:
    """A stage waits from `begin` to `end`."""
    join(book.at(BookField.FIRST + 2 * book[BookField.ROOM]), book.at(BookField.ANY_COUNT), begin, end)
    if puts:
        join(book.at(BookField.FIRST), book.at(BookField.OUTPUT_COUNT), begin, end)


def join(intervals: Pointer, count: Pointer, begin: int, end: int) -> None:
    """Adds an interval to those in ascending order that do not touch; it joins those that it touches."""
    behind = count[0]
    while behind > 0 and intervals[2 * behind - 2] > end:
        behind -= 1
    first = behind
    while first > 0 and intervals[2 * first - 1] >= begin:
        first -= 1
        begin = min(begin, intervals[2 * first])
        end = max(end, intervals[2 * first + 1])
    move(intervals, behind, count[0], first + 1 - behind)
    intervals[2 * first] = begin
    intervals[2 * first + 1] = end
    count[0] += first + 1 - behind


def move(intervals: Pointer, first: int, behind: int, by: int) -> None:
    """Moves the intervals from `first` on by one to the right, or by any number to the left."""
    if by > 0:
        for k in range(2 * (behind - first)):
            intervals[2 * behind + 1 - k] = intervals[2 * behind - 1 - k]
    elif by < 0:
        for k in range(2 * first, 2 * behind):
            intervals[k + 2 * by] = intervals[k]


def close(book: Pointer, until: int) -> None:
    """Books what lies before a cycle, after which all further waits begin."""
    room = book[BookField.ROOM]
    if book[BookField.ANY_COUNT] > 0 and book[BookField.FIRST + 2 * room + 1] <= until:
        book[BookField.ANY] += past(book.at(BookField.FIRST + 2 * room), book.at(BookField.ANY_COUNT), until)
    if book[BookField.OUTPUT_COUNT] > 0 and book[BookField.FIRST + 1] <= until:
        book[BookField.OUTPUT] += past(book.at(BookField.FIRST), book.at(BookField.OUTPUT_COUNT), until)


def past(intervals: Pointer, count: Pointer, until: int) -> int:
    """Takes out the intervals that end by a cycle; how long they are together."""
    cycles = 0
    behind = 0
    while behind < count[0] and intervals[2 * behind + 1] <= until:
        cycles += intervals[2 * behind + 1] - intervals[2 * behind]
        behind += 1
    move(intervals, behind, count[0], -behind)
    count[0] -= behind
    return cycles


BOOK = (note, join, move, close, past)
