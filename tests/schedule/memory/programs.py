"""Programs whose memory is rewritten, run before and after."""

from dataclasses import dataclass

import numpy as np

from spatial.build.simulate import Simulator
from spatial.device.fpga import device_of
from spatial.ir.dialect import context
from spatial.ir.function import kernels
from spatial.ir.location import location
from spatial.ir.mlir import func, ir
from spatial.ir.text import print_module
from spatial.ir.verify import verify
from spatial.region.definition import Region
from spatial.region.program import Program, compile_region
from spatial.schedule.naming import buffers_of, fresh_name, loop_name, loops_of
from spatial.sim.reference.network import compile_network
from spatial.source.span import UNKNOWN

__all__ = ["Nest", "function_text", "nest_of", "random_arrays", "same_values"]


@dataclass(frozen=True, kw_only=True)
class Nest:
    """A region compiled, of which the first function is rewritten in place."""

    program: Program

    @property
    def function(self) -> func.FuncOp:
        return kernels(self.program.module)[0]

    def buffer(self, name: str) -> ir.Value:
        return buffers_of(self.function)[name]

    def loop(self, name: str) -> ir.OpView:
        return next(loop for loop in loops_of(self.function) if loop_name(loop) == name)

    def step(self, rewrite, buffer: str, loop: str | None = None, **options: object) -> str:
        """A rewrite of a buffer, and at a loop; the name of what it made."""
        loops = () if loop is None else (self.loop(loop),)
        own = rewrite.__code__.co_varnames[0] == "function"
        with context(), location(UNKNOWN):
            given = (self.function, self.buffer(buffer)) if own else (self.buffer(buffer),)
            found = rewrite(*given, *loops, **options)
        verify(self.program.module)
        made = found if isinstance(found, ir.Value) else None
        return next((name for name, value in buffers_of(self.function).items() if made and value == made), "")

    def run(self, *arrays: np.ndarray, device: str = "xcu280@300", engine: str = "native"):
        """Copies of the arrays after a run, and the run."""
        copies = [array.copy() for array in arrays]
        network = compile_network(self.program.module, self.program.graph, device_of(device))
        return copies, Simulator(self.program, network, engine, {}).run(*copies)


def nest_of(region: Region) -> Nest:
    """A region compiled, its loops with names of their own."""
    nest = Nest(program=compile_region(region))
    seen: set[str] = set()
    with context():
        for loop in loops_of(nest.function):
            if loop_name(loop) in seen:
                loop.attributes["df.name"] = ir.StringAttr.get(fresh_name(nest.function, loop_name(loop)))
            seen.add(loop_name(loop))
    return nest


def function_text(nest: Nest) -> str:
    """The function of a program, printed."""
    text = print_module(nest.program.module)
    begin = text.index("func.func private")
    return text[begin : text.index("\n  }\n", begin) + 5].replace("\n  ", "\n")


def random_arrays(nest: Nest, seed: int) -> list[np.ndarray]:
    """Arrays of small numbers for the parameters of a region."""
    generator = np.random.default_rng(seed)
    shapes = [(p.type.shape, np.dtype(str(p.type.element))) for p in nest.program.graph.parameters]
    return [generator.integers(-8, 8, shape).astype(dtype) for shape, dtype in shapes]


def same_values(before: Nest, after: Nest, seed: int = 0, engines: tuple[str, ...] = ("native", "simpy")) -> None:
    """Holds that two programs leave the same values in their arrays, to the bit, and engines the same cycles."""
    given = random_arrays(before, seed)
    wanted, _ = before.run(*given)
    cycles = set()
    for engine in engines:
        found, run = after.run(*given, engine=engine)
        cycles.add(run.cycles)
        for one, other in zip(wanted, found, strict=True):
            np.testing.assert_array_equal(one, other)
    assert len(cycles) == 1
