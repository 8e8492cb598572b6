"""What a kernel tells its user: printed and asserted in C-simulation, left out of hardware."""

from collections.abc import Callable, Mapping, Sequence

from spatial.ir.dialect import AssertOp, PrintOp, TextOp
from spatial.ir.dtypes import parse_dtype
from spatial.ir.mlir import ir
from spatial.lower.hls.emit.body import Body
from spatial.lower.hls.emit.integers import signed, truth, unsigned
from spatial.lower.hls.emit.kinds import DOUBLE
from spatial.lower.hls.emit.terms import Term, cast, parenthesized
from spatial.types.dtype import Bool, DType, Fixed, Float, is_signed

__all__ = ["MESSAGES"]

WORD = 64
ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "%": "%%"})


def _print(body: Body, op: PrintOp) -> None:
    body.before_token()
    form, values = _formatted(body, op)
    body.headers.add("<cstdio>")
    text = ", ".join([f'"{form}{op.end.value.translate(ESCAPES)}"', *values])
    _aside(body, f"std::printf({text});")


def _assert(body: Body, op: AssertOp) -> None:
    body.before_token()
    condition = truth(body.use(op.operands[0]))
    for value in list(op.operands)[1:]:
        _used(body, value)
    body.headers.add("<cassert>")
    _aside(body, f"assert({condition.text});")


def _aside(body: Body, text: str) -> None:
    """A statement that hardware does without."""
    body.bare("#ifndef __SYNTHESIS__")
    body.line(text)
    body.bare("#endif")


def _formatted(body: Body, op: PrintOp) -> tuple[str, Sequence[str]]:
    """The format of `printf` that pieces make, and what it formats."""
    given, form, values = iter(op.operands), "", []
    for piece in op.pieces:
        if isinstance(piece, ir.StringAttr):
            form += piece.value.translate(ESCAPES)
            continue
        dtype, term = _used(body, next(given))
        place, value = _argument(body, dtype, term)
        form += place
        values.append(value)
    return form, values


def _used(body: Body, text: ir.Value) -> tuple[DType, Term]:
    """The value in a text."""
    found = text.owner.opview
    assert isinstance(found, TextOp)
    return parse_dtype(found.dtype.value), body.use(found.operand)


def _argument(body: Body, dtype: DType, term: Term) -> tuple[str, str]:
    """How a value is formatted, and what `printf` is given."""
    match dtype:
        case Bool():
            return "%s", f'({truth(term).text} ? "True" : "False")'
        case Float():
            return _shown(body, cast(term, DOUBLE).text)
        case Fixed():
            body.headers.add("<cmath>")
            exact = (signed if dtype.signed else unsigned)(term, dtype.bits)
            return _shown(body, f"std::ldexp({cast(exact, DOUBLE).text}, {-dtype.fraction})")
    exact = (signed if is_signed(dtype) else unsigned)(term, dtype.bits)
    if dtype.bits > WORD:
        body.headers.add("<string>")
        return "%s", f"std::string({parenthesized(exact, 16)}.to_string(10)).c_str()"
    return (
        ("%lld", f"(long long)({exact.text})") if is_signed(dtype) else ("%llu", f"(unsigned long long)({exact.text})")
    )


def _shown(body: Body, text: str) -> tuple[str, str]:
    """How a float is formatted: as Python does it."""
    body.helpers.add("shown")
    return "%s", f"shown({text}).c_str()"


MESSAGES: Mapping[type, Callable[[Body, ir.OpView], None]] = {PrintOp: _print, AssertOp: _assert}
