"""Tests two programs against each other."""

import secrets
from collections.abc import Mapping

from spatial.build.collector import collector_paused
from spatial.build.simulate import Simulator, compile_simulator
from spatial.build.subject import Runnable
from spatial.build.testing.pairs import Pairs, paired
from spatial.build.testing.runner import Runner
from spatial.build.testing.slots import filled, slots_of
from spatial.ir.function import Parameter
from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import caller_span
from spatial.source.told import told
from spatial.types.bits import from_bits
from spatial.types.tensor import element_of
from spatial.verify.testing.cases import Array
from spatial.verify.testing.run import differential
from spatial.verify.testing.tested import Tested

__all__ = ["SAMPLES", "try_both"]

SAMPLES = 100
SECONDS = 60.0
SHARE = 1 / 20  # of the time, that one run takes at most
GARBAGE = int.from_bytes(bytes([0x5A]) * 128, "little")


def try_both(
    first: Runnable,
    second: Runnable,
    *,
    inputs: Mapping[str, object] | None = None,
    samples: int = SAMPLES,
    seed: int | None = None,
    seconds: float = SECONDS,
) -> Tested:
    """Runs two programs on the same inputs, on the native engine, and compares what they give to the bit.

    Inputs are zeros, ones, then edge values of each type, small and any ones, NaN and infinities among them: so many
    `samples`, or as many as there is time for in so many `seconds`, of which a run takes a twentieth at most. `inputs`
    says what parameters are given instead: a number for every element, an array, or a function of a
    `numpy.random.Generator` that draws one. Without a `seed` a new one is taken, which the result tells. An input that
    makes both programs fail tells nothing; one that makes one fail tells them apart.

    Raises `ProgramError` for a wrong program, for programs that do not take and give the same things, and where
    no input was found on which both finish.
    """
    _check("samples", samples)
    if seed is not None:
        _check("seed", seed, least=0)
    simulators = tuple(compile_simulator(given) for given in (first, second))
    graphs = [simulator.program.graph for simulator in simulators]
    pairs = paired(*graphs)
    names = (graphs[0].name, graphs[1].name)
    slots = slots_of(pairs, inputs or {}, names[0])
    runners = [_runner(simulator, pairs, which, seconds * SHARE) for which, simulator in enumerate(simulators)]
    with collector_paused():
        found = differential(
            names,
            (runners[0], runners[1]),
            slots,
            samples=samples,
            seed=secrets.randbits(32) if seed is None else seed,
            seconds=seconds,
        )
    if found and not found.compared:
        title = f"on each of {found.samples} inputs both `{names[0]}` and `{names[1]}` fail, or take too long"
        hint = 'say what they are meant for: `inputs={"X": lambda generator: generator.integers(0, 10, 16)}`'
        raise ProgramError([Misuse(title=title, span=caller_span(), hint=hint, code="verify/untested")])
    return found


def _check(name: str, count: object, least: int = 1) -> None:
    if isinstance(count, bool) or not isinstance(count, int) or count < least:
        title = f"`{name}` is an integer of at least {least}, not `{told(count)}`"
        raise ProgramError([Misuse(title=title, span=caller_span(name))])


def _runner(simulator: Simulator, pairs: Pairs, which: int, seconds: float) -> Runner:
    names = {pair[which].name: pair[0].name for pair in pairs.inputs}
    outputs = {other if which else one: one for one, other in pairs.outputs.items()}
    spare = {name: _garbage(parameter) for name, parameter in pairs.alone[which].items()}
    return Runner(simulator=simulator, inputs=names, outputs=outputs, spare=spare, seconds=seconds)


def _garbage(parameter: Parameter) -> Array:
    """What stands in an array before it is written: nothing that a program would leave there by chance."""
    dtype = element_of(parameter.type)
    word = GARBAGE & ((1 << dtype.bits) - 1)
    return filled(from_bits(word, dtype), parameter)
