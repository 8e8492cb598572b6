"""Compares two programs: `sp.verify`."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace

from spatial.build.arguments import channel_depths
from spatial.build.collector import collector_paused
from spatial.build.cpu import CpuModule
from spatial.build.depths import with_depths
from spatial.build.hls.module import HlsModule
from spatial.build.lemmas.using import noted, with_lemmas
from spatial.build.proofs.given import Tokens, known_of, offered_of
from spatial.build.simulate import Simulator
from spatial.build.subject import Runnable, program_of
from spatial.build.testing.driver import SAMPLES, check_count, try_both
from spatial.customize.program import program_after
from spatial.customize.steps import Step
from spatial.device.fpga import device_of
from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import caller_span
from spatial.verify.compare import Comparison
from spatial.verify.domain import Domain
from spatial.verify.exact import Exact
from spatial.verify.kinds import Kind
from spatial.verify.lemmas.lemma import Lemma
from spatial.verify.ring import Ring
from spatial.verify.side import Side
from spatial.verify.verdict import Verdict

__all__ = ["Comparable", "verify"]

Comparable = Runnable | Simulator | CpuModule | HlsModule | Step
MODES = ("exact", "ring", "test")
IDEAL = device_of("ideal")
SHOWING = 40  # inputs that are tried to show a difference
SHORTLY = 5.0  # seconds that is given


def verify(
    a: Comparable,
    b: Comparable,
    /,
    *,
    mode: str = "exact",
    reassociate: bool = False,
    inputs: Mapping[str, object] | None = None,
    seed: int | None = None,
    tokens: Tokens = None,
    calls: int | None = None,
    samples: int = SAMPLES,
    explain: bool = True,
    lemmas: Sequence[Lemma] = (),
) -> Verdict:
    """Whether two programs compute the same for all inputs: a verdict that is true or false, and prints why.

    A program is a function, kernel, region, schedule, a step of its `history` (the program after it), or a built
    module. Both have the same parameters, by name or else in order, of the same types. They are run once, on symbols in
    place of numbers, over their channels at the declared depths; no data may decide what they do. `inputs` says what
    parameters begin with: a number for every element or an array, `inputs={"C": 0}`, by the first program's names; what
    is given may decide. Tokens of streams are compared in order; a program is given as many as it takes, or 256 where
    it takes them for ever, or so many `tokens`, a number or one for each stream by name. So many `calls` are compared,
    each with inputs of its own: two where memory is stateful, else one.

    `mode="exact"`, the default: every element that comes out is the same tree of operations, with types and casts, so
    that it has the same bits, whatever the inputs; but for collisions of a hash of 128 bits, keyed by `seed`.
    `mode="ring"`: integers are equal as polynomials, so modulo 2**w, and sums may be split and reordered; floats too
    with `reassociate=True`, as if they did not round. What wraps and is read in more bits, and all other operations,
    are functions of which nothing is known. Two that are not equal pass with a probability of at most
    degree / 2**61 for each element.
    `lemmas` say of pairs of functions that they are one operation, wherever a program does what one of the two does.
    `mode="test"` runs both on so many `samples` of inputs, which is testing and no proof.

    The verdict's `kind` tells apart programs that differ from such as deadlock, leave tokens in channels, read memory
    that nothing was written to, access arrays out of bounds, depend on time, or cannot be decided. Where they differ
    it tells the element, the operation where that begins with both lines, and inputs that show it, if any were found;
    with `explain=False` only the elements, and with lemmas no operation. Raises `ProgramError` where a program or an
    option is wrong.
    """
    given = _checked(inputs)
    drawn = secrets.randbits(32 if mode == "test" else 128) if seed is None else seed
    check_count("seed", drawn, least=0)
    if calls is not None:
        check_count("calls", calls)
    if mode == "test":
        return try_both(side_of(a), side_of(b), inputs=given, tokens=tokens, calls=calls, samples=samples, seed=drawn)
    domain = _domain(mode, reassociate, drawn)
    with collector_paused():
        first, second = side_of(a), side_of(b)
        known = known_of(first, given)
        offered = offered_of(first, known, tokens)
        one, other, counts = with_lemmas(first, second, lemmas, known)
        explained = explain and not lemmas
        comparison = Comparison(one, other, domain, known, IDEAL, explain=explained, offered=offered, calls=calls)
        verdict = noted(comparison.run(), lemmas, counts)
    if verdict.kind is Kind.DIFFERENT and explain and not verdict.problems:
        return _shown(verdict, first, second, given, tokens, calls)
    return verdict


def _shown(
    verdict: Verdict, first: Side, second: Side, inputs: Mapping[str, object], tokens: Tokens, calls: int | None
) -> Verdict:
    """A verdict with inputs that show the difference, if any are found soon."""
    seed = verdict.seed & 0xFFFFFFFF
    try:
        shown = try_both(
            first, second, inputs=inputs, tokens=tokens, calls=calls, samples=SHOWING, seed=seed, seconds=SHORTLY
        )
    except ProgramError:
        return verdict
    tried = shown.tested
    if tried is None:
        return verdict
    if tried.difference is not None:
        return replace(verdict, example=tried.difference)
    note = f"none of {tried.samples} inputs shows a difference: the two may compute the same in another way"
    return replace(verdict, notes=(*verdict.notes, note))


def side_of(given: Comparable) -> Side:
    """A program to compare; raises `ProgramError` with every problem found."""
    built: Mapping[str, int] = {}
    match given:
        case Step():
            assert given.after is not None, "a step that was taken has come to a program"
            program = with_depths(program_after(given.after, f"{given.after.graph.name} after {given}"), IDEAL)
        case CpuModule():
            program, built = given.simulator.program, given.simulator.depths
        case HlsModule():
            program, built = given.legal, given.depths
        case Simulator():
            program, built = given.program, given.depths
        case _:
            program = with_depths(program_of(given), IDEAL)
    depths = channel_depths(program.graph, None, built)
    return Side(name=program.name, module=program.module, graph=program.graph, depths=depths)


def _checked(inputs: object) -> Mapping[str, object]:
    """What parameters begin with; raises `ProgramError` where that is no dictionary."""
    if inputs is None or isinstance(inputs, Mapping):
        return inputs or {}
    title = f"`inputs` is a dictionary, not a `{type(inputs).__name__}`"
    hint = 'name the parameters: `inputs={"A": 0}`'
    raise ProgramError([Misuse(title=title, span=caller_span("inputs"), hint=hint)])


def _domain(mode: str, reassociate: bool, seed: int) -> Domain:
    """The domain of a mode; raises `ProgramError` where there is none."""
    match mode:
        case "exact" if not reassociate:
            return Exact(seed)
        case "ring":
            return Ring(seed, reassociate=reassociate)
        case "exact":
            title, hint = '`reassociate` is for the mode "ring"', 'write `mode="ring"`'
            raise ProgramError([Misuse(title=title, span=caller_span("reassociate"), hint=hint)])
    title, hint = f"`verify` has no mode {mode!r}", 'write `mode="exact"`, `mode="ring"`, or `mode="test"`'
    raise ProgramError([Misuse(title=title, span=caller_span("mode"), hint=hint)])
