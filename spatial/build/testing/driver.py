"""Tests two programs against each other."""

from collections.abc import Mapping

from spatial.build.collector import collector_paused
from spatial.build.proofs.given import Tokens, offered_of
from spatial.build.simulate import Simulator
from spatial.build.testing.lengths import with_lengths
from spatial.build.testing.pairs import Pairs, paired
from spatial.build.testing.runner import Runner
from spatial.build.testing.slots import filled, slots_of
from spatial.device.fpga import device_of
from spatial.ir.function import Parameter
from spatial.region.program import Program
from spatial.sim.native.untimed import compile_untimed
from spatial.sim.reference.network import compile_network
from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import caller_span
from spatial.source.told import told
from spatial.types.bits import from_bits
from spatial.types.tensor import element_of
from spatial.verify.errors import NothingGiven
from spatial.verify.flow import may_go_round
from spatial.verify.kinds import Kind
from spatial.verify.side import Side
from spatial.verify.testing.cases import Array, in_calls
from spatial.verify.testing.run import differential
from spatial.verify.verdict import Verdict

__all__ = ["SAMPLES", "check_count", "try_both"]

SAMPLES = 100
SECONDS = 60.0
SHARE = 1 / 20  # of the time, that one run takes at most
GARBAGE = int.from_bytes(bytes([0x5A]) * 128, "little")


def try_both(
    first: Side,
    second: Side,
    *,
    inputs: Mapping[str, object],
    tokens: Tokens,
    calls: int | None,
    samples: int,
    seed: int,
    seconds: float = SECONDS,
) -> Verdict:
    """Runs two programs on the same inputs, on the native engine, and compares what they give to the bit.

    Inputs are zeros, ones, then edge values of each type, small and any ones, NaN and infinities among them: so many
    `samples`, or as many as there is time for in so many `seconds`, of which a run takes a twentieth at most. `inputs`
    says what parameters are given instead: a number for every element, an array, or a function of a
    `numpy.random.Generator` that draws one. With each of them they are called so many times, else twice if memory is
    stateful, with other inputs in each call. An input that makes both programs fail tells nothing; one that makes one
    fail tells them apart.

    Raises `ProgramError` for a wrong option, and where no input was found on which both finish.
    """
    check_count("samples", samples)
    check_count("seed", seed, least=0)
    try:
        pairs = paired(first.graph, second.graph)
    except ProgramError as error:
        return _verdict(first, second, Kind.INTERFACE, seed, problems=error.problems)
    if not pairs.outputs:
        problem = NothingGiven(programs=(first.name, second.name), span=second.span)
        return _verdict(first, second, Kind.REFUSED, seed, problems=(problem,))
    slots = slots_of(pairs, inputs, first.name)
    asked = offered_of(first, {}, tokens)
    calls = calls or (2 if first.kept or second.kept else 1)
    runs = (_runner(first, pairs, 0, calls, seconds * SHARE), _runner(second, pairs, 1, calls, seconds * SHARE))
    with collector_paused():
        slots = in_calls(with_lengths(slots, asked, runs[0], seed), calls)
        found = differential((first.name, second.name), runs, slots, samples=samples, seed=seed, seconds=seconds)
    if found and not found.compared:
        title = f"on each of {found.samples} inputs both `{first.name}` and `{second.name}` fail, or take too long"
        hint = 'say what they are meant for: `inputs={"X": lambda generator: generator.integers(0, 10, 16)}`'
        raise ProgramError([Misuse(title=title, span=caller_span(), hint=hint, code="verify/untested")])
    return _verdict(first, second, Kind.AGREE if found else Kind.DIFFERENT, seed, tested=found)


def _verdict(first: Side, second: Side, kind: Kind, seed: int, **found: object) -> Verdict:
    return Verdict(kind=kind, mode="test", first=first.name, second=second.name, seed=seed, **found)  # type: ignore[arg-type]


def check_count(name: str, count: object, least: int = 1) -> None:
    """Raises `ProgramError` unless an option is an integer of at least so much."""
    if isinstance(count, bool) or not isinstance(count, int) or count < least:
        title = f"`{name}` is an integer of at least {least}, not `{told(count)}`"
        raise ProgramError([Misuse(title=title, span=caller_span(name))])


def _runner(side: Side, pairs: Pairs, which: int, calls: int, seconds: float) -> Runner:
    network = compile_network(side.module, side.graph, device_of("ideal"))
    program = Program(name=side.name, module=side.module, graph=side.graph)
    names = {pair[which].name: pair[0].name for pair in pairs.inputs}
    outputs = {other if which else one: one for one, other in pairs.outputs.items()}
    spare = {name: _garbage(parameter) for name, parameter in pairs.alone[which].items()}
    return Runner(
        simulator=Simulator(program, network, "native", side.depths),
        untimed=None if may_go_round(side.module) else compile_untimed(network),
        inputs=names,
        outputs=outputs,
        spare=spare,
        calls=calls,
        seconds=seconds,
    )


def _garbage(parameter: Parameter) -> Array:
    """What stands in an array before it is written: nothing that a program would leave there by chance."""
    dtype = element_of(parameter.type)
    word = GARBAGE & ((1 << dtype.bits) - 1)
    return filled(from_bits(word, dtype), parameter.type)
