"""Operators that a schedule binds: each result is a variable of its own, which the pragma names."""

from spatial.analysis.pipelining.speeds import operator_of
from spatial.device.operators import Operators
from spatial.ir.mlir import arith, ir
from spatial.lower.hls.emit.body import Body
from spatial.lower.hls.emit.terms import Term

__all__ = ["bound"]

SPELLED = {
    arith.MulIOp: ("mul", "product"),
    arith.MulFOp: ("mul", "product"),
    arith.AddIOp: ("add", "sum"),
    arith.AddFOp: ("add", "sum"),
    arith.SubIOp: ("sub", "difference"),
    arith.SubFOp: ("sub", "difference"),
}
FLOATS = {"f16": "h", "f32": "f", "f64": "d"}
LONGEST = 4  # stages that an operator on integers may be given (UG1399, bind_op)


def bound(body: Body, op: ir.OpView, term: Term) -> Term:
    """The variable that holds a result, where the operator is one that the vendor's tool can bind."""
    integer = isinstance(op.result.type, ir.IntegerType)
    if term.simple or not (integer or str(op.result.type) in FLOATS):
        return term
    word, hint = SPELLED[type(op)]
    held = body.held(term, body.names.fresh(hint))
    body.line(f"{held.kind} {held.name};")
    body.bare(f"#pragma HLS bind_op variable={held.name} {_options(op, word, body.operators, integer=integer)}")
    body.line(f"{held.name} = {held.text};")
    return held.term


def _options(op: ir.OpView, word: str, operators: Operators | None, *, integer: bool) -> str:
    impl = op.attributes["df.impl"].value
    if not integer:
        word = FLOATS[str(op.result.type)] + word
        impl = impl if impl == "fabric" else "maxdsp" if word.endswith("mul") else "fulldsp"
    text = f"op={word} impl={impl}"
    operator = operator_of(op)
    if operators is None or operator is None or (word, impl) == ("sub", "dsp"):
        return text  # a difference in a DSP has no stages to choose
    stages = operators.speed(operator[0], *operator[1]).latency
    return f"{text} latency={min(stages, LONGEST) if integer else stages}"
