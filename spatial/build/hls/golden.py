"""The data of a test bench: what a design is given, and what the simulator leaves."""

import contextlib
import io
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from spatial.analysis.sharing import array_uses
from spatial.build.arguments import BadArgument
from spatial.build.asked import Asked
from spatial.build.hls.data import to_file
from spatial.build.hls.exchange import COUNT
from spatial.build.samples import initial_array
from spatial.build.simulate import Simulator
from spatial.ir.closing import tokens_name
from spatial.ir.function import Parameter
from spatial.ir.graph import ActorGraph
from spatial.lower.hls.project.bench import given_file, golden_file
from spatial.sim.result import Run
from spatial.sim.values import encoded
from spatial.source.errors import InternalError, ProgramError
from spatial.source.span import caller_span
from spatial.types.tensor import TensorType, element_of, size_of

__all__ = ["Array", "copied", "data_files", "golden_runs", "inputs_for"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.generic]]


def inputs_for(graph: ActorGraph, given: Mapping[str, object], seed: int) -> dict[str, object]:
    """What each parameter that a run asks for is given, by name: arrays that are not `given` are random.

    Raises `ProgramError` where a number or the tokens of a stream are missing: there is no telling what fits.
    """
    if not isinstance(given, Mapping):
        title = f"`inputs` maps names of parameters to what they are given, it is a `{type(given).__name__}`"
        hint = f'write `inputs={{"{graph.asked[0].name}": ...}}`' if graph.asked else "leave it out"
        raise ProgramError([BadArgument(title=title, span=caller_span("inputs"), hint=hint)])
    uses, found = array_uses(graph), dict(given)
    for parameter in graph.asked:
        if parameter.name in found:
            continue
        if not isinstance(parameter.type, TensorType) or parameter.kind != "array":
            what = "the tokens of the stream" if parameter.stream else "a value for"
            title = f"the test bench of `{graph.name}` needs {what} `{parameter.name}`"
            hint = f'write `inputs={{"{parameter.name}": ...}}`'
            raise ProgramError([BadArgument(title=title, span=caller_span("inputs"), hint=hint)])
        found[parameter.name] = initial_array(parameter.name, parameter.type, uses[parameter.name], seed)
    return found


def golden_runs(
    program: Simulator, legal: Simulator, inputs: Mapping[str, object], *, progress: bool = False
) -> tuple[Run, Run]:
    """A run of the user's program, and one of that which became C++, on copies of the inputs.

    Their results are the same, unless they depend on time. Stateful memory has its first values before and after.
    Raises as `simulate` does; kernels' prints are left out.
    """
    for each in (program, legal):
        each.reset()
    with contextlib.redirect_stdout(io.StringIO()):
        asked = program.perform((), copied(inputs), Asked(progress=progress))
        made = legal.perform((), copied(inputs), Asked(progress=progress)) if legal is not program else asked
    for each in (program, legal):
        each.reset()
    if not program.program.graph.is_timed:
        for name, array in (*asked.arrays.items(), *asked.outputs.items()):
            other = made.arrays[name] if name in made.arrays else made.outputs[name]
            if not np.array_equal(array, other) and array.tobytes() != other.tobytes():
                raise InternalError(f"the design leaves other values in `{name}` than the program it is made of")
    return asked, made


def copied(inputs: Mapping[str, object]) -> dict[str, object]:
    """The inputs with arrays of their own, for a run that writes into them."""
    return {name: np.array(value) if isinstance(value, np.ndarray) else value for name, value in inputs.items()}


def data_files(simulator: Simulator, inputs: Mapping[str, object], run: Run) -> dict[str, bytes]:
    """The files of the folder `data` by name: all that a design begins with, and what a run of it left."""
    graph = simulator.program.graph
    _, _, memory = simulator.prepared((), inputs)
    files = {}
    for parameter in graph.parameters:
        if file := given_file(graph, parameter):
            files[file] = b"".join(_given(parameter, graph, memory))
        if file := golden_file(graph, parameter):
            files[file] = b"".join(_golden(parameter, run))
    return files


def _given(parameter: Parameter, graph: ActorGraph, memory: Mapping[str, Sequence[object]]) -> Iterator[bytes]:
    element = element_of(parameter.type)
    if not parameter.stream:
        yield to_file(memory[parameter.name], element)
        return
    for channel in graph.channels:
        if channel.stream == parameter.name:
            tokens = memory[tokens_name(channel)]
            yield COUNT.pack(len(tokens) // size_of(parameter.type))
            yield to_file(tokens, element)


def _golden(parameter: Parameter, run: Run) -> Iterator[bytes]:
    element = element_of(parameter.type)
    if not parameter.stream:
        yield to_file(encoded(run.arrays[parameter.name], element), element)
        return
    for indices in np.ndindex(parameter.shape):
        tokens = run.outputs[parameter.name][indices]
        yield COUNT.pack(len(tokens))
        yield to_file(encoded(tokens, element), element)
