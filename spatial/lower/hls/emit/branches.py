"""Branches, and the values that they choose between."""

from collections.abc import Callable

from spatial.ir.mlir import ir, scf
from spatial.lower.hls.emit.body import Body
from spatial.lower.hls.emit.integers import chosen, negation, stored
from spatial.lower.hls.emit.kinds import INT, LONG, TRUTH, Kind, Native, Point, Truth, Whole, limits_of
from spatial.lower.hls.emit.points import joint_numbers, units_of
from spatial.lower.hls.emit.scalars import width_of
from spatial.lower.hls.emit.terms import Term, infix, named, ternary

__all__ = ["conditional"]

Block = Callable[[Body, ir.Block], None]


def conditional(body: Body, op: scf.IfOp, inner: Block) -> None:
    """An `if`; an expression where it only chooses between values."""
    condition = body.use(op.operands[0])
    body.before_nested(op)
    names = [body.names.fresh(body.hint(result)) for result in op.results]
    arms = [_arm(body, region.blocks[0] if len(region.blocks) else None, inner) for region in op.regions]
    (yes, given), (no, otherwise) = arms
    takes = any(term.effect for term in (condition, *given, *otherwise))
    if len(op.results) == 1 and not yes and not no and not takes:
        body.names.release(names[0])
        body.define(op.results[0], _choice(condition, given[0], otherwise[0], op.results[0].type))
        return
    pairs = list(zip(given, otherwise, strict=True))
    held = [_held(pair, result.type) for pair, result in zip(pairs, op.results, strict=True)]
    for name, (kind, _, _) in zip(names, held, strict=True):
        body.line(f"{kind} {name};")
    for lines, arm in ((yes, 0), (no, 1)):
        lines.extend(f"{body.indent(1)}{name} = {texts[arm]};" for name, (_, _, texts) in zip(names, held, strict=True))
    _written(body, condition, yes, no)
    for result, name, (kind, unit, _), pair in zip(op.results, names, held, pairs, strict=True):
        if isinstance(kind, Point):
            low, high = (pick(getattr(term, end) for term in pair) for pick, end in ((min, "low"), (max, "high")))
            body.define(result, units_of(named(name, kind), unit, low, high))
        else:
            body.define(result, _ranged(name, kind, pair))


def _held(pair: tuple[Term, Term], kind: ir.Type) -> tuple[Kind, int, tuple[str, str]]:
    """A kind for what either branch gives, the units that it counts, and what the branches assign to it."""
    if any(term.number for term in pair) and (found := joint_numbers(*pair)):
        return found
    joint = _joint(pair, kind)
    return joint, 0, (stored(pair[0], joint).text, stored(pair[1], joint).text)


def _ranged(name: str, kind: Kind, pair: tuple[Term, Term]) -> Term:
    """A variable that holds one of two terms."""
    low, high = min(term.low for term in pair), max(term.high for term in pair)
    least, greatest = limits_of(kind)
    return named(name, kind, low, high) if least <= low and high <= greatest else named(name, kind)


def _arm(body: Body, block: ir.Block | None, inner: Block) -> tuple[list[str], list[Term]]:
    """The lines of a branch, and what it yields."""
    if block is None:
        return [], []
    with body.apart() as lines, body.inside():
        inner(body, block)
        terms = [body.use(value) for value in list(block.operations)[-1].operands]
    return lines, terms


def _choice(condition: Term, a: Term, b: Term, kind: ir.Type) -> Term:
    if isinstance(a.kind, Truth) and isinstance(b.kind, Truth):
        if a.text in (condition.text, "true"):
            return infix("||", condition, b, TRUTH, 0, 1)
        if b.text in (condition.text, "false"):
            return infix("&&", condition, a, TRUTH, 0, 1)
    return (
        ternary(condition, a, b, a.kind) if isinstance(kind, ir.FloatType) else chosen(condition, a, b, width_of(kind))
    )


def _joint(pair: tuple[Term, Term], kind: ir.Type) -> Kind:
    """A kind for what either branch gives."""
    a, b = pair
    if a.kind == b.kind:
        return a.kind
    if all(isinstance(term.kind, Native | Truth) for term in pair):
        return LONG if LONG in (a.kind, b.kind) else INT
    return Whole(width=width_of(kind), signed=min(a.low, b.low) < 0)


def _written(body: Body, condition: Term, yes: list[str], no: list[str]) -> None:
    if not yes and not no:
        if condition.effect:
            body.line(f"(void){condition.text};")
        return
    if not yes:
        condition, yes, no = negation(condition), no, yes
    body.line(f"if ({condition.text}) {{")
    body.lines.extend(yes)
    if no:
        body.line("} else {")
        body.lines.extend(no)
    body.line("}")
