"""Points of a grid become few boxes, whatever the size of the grid, and calls of them run producers first."""

from spatial.lower.hls.emit.boxes import Box, boxes_of, full_boxes
from spatial.lower.hls.emit.order import Calls, ordered


def grid(rows, columns, key=lambda i, j: "pe", numbers=lambda i, j: (i, j)):
    return {(i, j): (key(i, j), numbers(i, j)) for i in range(rows) for j in range(columns)}


def calls(name, points):
    (box,) = boxes_of(dict.fromkeys(points, (name, ())))
    return Calls(function=name, actors=tuple(f"{name}{point}" for point in box.points()), box=box, nest=box.axes)


def single(name):
    box = Box(origin=(0,), steps=(1,), counts=(1,), numbers=(), slopes=((),))
    return Calls(function=name, actors=(name,), box=box, nest=())


def test_a_grid_is_one_box_whatever_its_size():
    for size in (2, 5, 40):
        (box,) = boxes_of(grid(size, size, numbers=lambda i, j: (i, j + 1)))
        assert (box.counts, box.numbers, box.slopes) == ((size, size), (0, 1), ((1, 0), (0, 1)))


def test_a_torus_is_nine_boxes_whatever_its_size():
    for size in (6, 9):
        found = boxes_of(
            grid(size, size, numbers=lambda i, j: ((i + 1) % size, (i - 1) % size, (j + 1) % size, (j - 1) % size))
        )
        assert len(found) == 9
        assert sorted(point for box in found for point in box.points()) == sorted(grid(size, size))


def test_points_two_apart_are_a_box_with_steps():
    found = boxes_of(grid(1, 8, key=lambda i, j: j % 2))
    assert [(box.origin, box.steps, box.counts) for box in found] == [
        ((0, 0), (1, 2), (1, 4)),
        ((0, 1), (1, 2), (1, 4)),
    ]


def test_indices_that_are_no_full_box_are_split():
    found = full_boxes([(0, 0), (0, 1), (1, 0), (1, 1), (2, 0)])
    assert [(box.origin, box.counts) for box in found] == [((0, 0), (2, 2)), ((2, 0), (1, 1))]


def test_a_line_that_flows_backward_is_looped_from_its_end():
    line = calls("pe", [(i,) for i in range(4)])
    edges = [(f"pe{(i + 1,)}", f"pe{(i,)}") for i in range(3)]
    found = ordered([line], edges, single)
    assert (found.calls[0].down, found.feedback) == (frozenset({0}), False)


def test_producers_come_first_and_a_circle_is_told():
    first, second = calls("a", [(0,)]), calls("b", [(0,)])
    found = ordered([second, first], [("a(0,)", "b(0,)")], single)
    assert [each.function for each in found.calls] == ["a", "b"]
    assert ordered([first, second], [("a(0,)", "b(0,)"), ("b(0,)", "a(0,)")], single).feedback
