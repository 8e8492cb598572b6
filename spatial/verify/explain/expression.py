"""Writes what tokens are made of the way a person would."""

import re
from dataclasses import dataclass

__all__ = ["Expression", "written"]

INFIX = {
    "add": "+", "addf": "+", "sub": "-", "subf": "-", "mul": "*", "mulf": "*", "divf": "/", "quotient": "/",
    "floor quotient": "//", "rest": "rem", "and": "&", "or": "|", "xor": "^", "shift down": ">>", "eq": "==",
    "ne": "!=", "lt": "<", "le": "<=", "o real lt": "<", "o real le": "<=", "o real eq": "==", "u real ne": "!=",
}  # fmt: skip
WRAP = re.compile(r"wrap ([su])(\d+)")
MLIR_TYPE = re.compile(r" (f8E4M3FN|f8E5M2|f16|bf16|f32|f64|i\d+)$")
IN_CPP = re.compile(r"external\.([^.]+)\.\w+\.(given|made)\..*")
DEPTH = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """An operation on others, or a `name` alone."""

    name: str
    operands: tuple["Expression", ...] = ()


def written(expression: Expression, depth: int = DEPTH) -> str:
    """An expression in Python's spelling, with `...` for what lies deeper."""
    if not expression.operands:
        return expression.name
    if depth == 0:
        return "..."
    operands = [written(each, depth - 1) for each in expression.operands]
    name = MLIR_TYPE.sub("", expression.name)
    if (in_cpp := IN_CPP.fullmatch(name)) is not None:
        name = in_cpp[1] if in_cpp[2] == "made" else f"given to {in_cpp[1]}"
    if (wrap := WRAP.fullmatch(expression.name)) is not None:
        return f"{'u' if wrap[1] == 'u' else ''}int{wrap[2]}({operands[0]})"
    if name in INFIX and len(operands) == 2:
        inner = [f"({text})" if " " in text and not text.endswith(")") else text for text in operands]
        return f" {INFIX[name]} ".join(inner)
    if name == "select" and len(operands) == 3:
        return f"({operands[1]} if {operands[0]} else {operands[2]})"
    return f"{name.replace(' ', '_')}({', '.join(operands)})"
