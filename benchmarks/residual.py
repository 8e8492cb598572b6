"""A residual layer on an NPU, step by step as it was tuned: published times, and a model of its slowest core."""

from dataclasses import dataclass

__all__ = ["FITTED", "STEPS", "Fitted", "Step", "predicted_step"]

PIXELS, WIDE, NARROW, WINDOW = 32 * 32, 256, 64, 9
POINTWISE = PIXELS * WIDE * NARROW  # products of a 1 x 1 convolution
WINDOWED = PIXELS * NARROW * NARROW * WINDOW  # products of the 3 x 3 convolution
ROWS = 3  # a window's rows are loaded one by one, what is beside each other in a row once


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of tuning: products in an operation, tiles, cores of a convolution, and what was measured."""

    name: str
    lanes: int
    pipelined: bool
    tile: tuple[int, int]
    pointwise_cores: int
    windowed_cores: int
    milliseconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """The four fitted parameters.

    An operation takes `operation` cycles until the loop is pipelined, then one. An element that is loaded again for
    each tile takes `first` cycles where the tile's first size saves that, `second` where its second size does. What is
    not on the slowest core takes `outside` milliseconds.
    """

    operation: float
    first: float
    second: float
    outside: float


FITTED = Fitted(operation=1.3, first=4.8, second=0.1, outside=0.6)


def _step(
    name: str, lanes: int, tile: tuple[int, int], cores: tuple[int, int], milliseconds: float, *, piped: bool
) -> Step:
    one, three = cores
    return Step(
        name=name,
        lanes=lanes,
        pipelined=piped,
        tile=tile,
        pointwise_cores=one,
        windowed_cores=three,
        milliseconds=milliseconds,
    )


STEPS = (
    _step("scalar, tiles 16 x 16, 3 cores", 1, (16, 16), (1, 1), 57.40, piped=False),
    _step("vectors of 4", 4, (16, 16), (1, 1), 16.63, piped=False),
    _step("vectors of 8", 8, (16, 16), (1, 1), 9.82, piped=False),
    _step("3 x 3 convolution on 2 cores", 8, (16, 16), (1, 2), 9.18, piped=False),
    _step("instructions pipelined", 8, (16, 16), (1, 2), 8.44, piped=True),
    _step("tiles 32 x 16", 8, (32, 16), (1, 2), 5.72, piped=True),
    _step("tiles 32 x 32", 8, (32, 32), (1, 2), 5.21, piped=True),
    _step("tiles 32 x 64", 8, (32, 64), (1, 2), 4.99, piped=True),
    _step("8 cores", 8, (32, 64), (2, 4), 3.16, piped=True),
)


def predicted_step(step: Step, fitted: Fitted = FITTED) -> float:
    """The milliseconds of a step at 1 GHz: the convolutions run at once, so the slowest of their cores decides."""
    cycles = 1.0 if step.pipelined else fitted.operation
    again = fitted.first / step.tile[0] + fitted.second / step.tile[1]
    pointwise = POINTWISE * (cycles / step.lanes + again) / step.pointwise_cores
    windowed = (WINDOWED * cycles / step.lanes + WINDOWED / ROWS * again) / step.windowed_cores
    return fitted.outside + max(pointwise, windowed) / 1e6
