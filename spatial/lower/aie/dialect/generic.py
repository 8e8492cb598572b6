"""The generic form of a module, as every MLIR tool reads it."""

from collections.abc import Iterator

from spatial.ir.mlir import ir
from spatial.lower.aie.dialect.functions import contained
from spatial.lower.aie.dialect.layouts import attributes_text, operation_name

__all__ = ["generic_text"]

INDENT = "  "
EMPTY_REGION = ("func.func",)


def generic_text(module: ir.Module) -> str:
    """A module of ours in the generic form, with the vendor's names and attributes."""
    state = ir.AsmState(module.operation)
    return "\n".join(_operation(module.operation, state, "")) + "\n"


def _operation(op: ir.Operation, state: ir.AsmState, indent: str) -> Iterator[str]:
    results = _results(op, state)
    operands = ", ".join(operand.get_name(state) for operand in op.operands)
    given = f"{results} = " if results else ""
    head = f'{indent}{given}"{operation_name(op)}"({operands})'
    tail = f"{attributes_text(op)} : {_types(op)}"
    if op.name in EMPTY_REGION:
        yield f"{head} ({{}}){tail}"
        return
    regions = list(op.regions)
    if not regions:
        yield f"{head}{tail}"
        return
    yield f"{head} ({{"
    for number, region in enumerate(regions):
        if number:
            yield f"{indent}}}, {{"
        for block in region.blocks:
            yield from _block(block, state, indent)
    yield f"{indent}}}){tail}"


def _results(op: ir.Operation, state: ir.AsmState) -> str:
    """What the results are called: one name for several, with their number."""
    count = len(op.results)
    first = str(op.results[0].get_name(state)).partition("#")[0] if count else ""
    return f"{first}:{count}" if count > 1 else first


def _block(block: ir.Block, state: ir.AsmState, indent: str) -> Iterator[str]:
    if len(block.arguments):
        given = ", ".join(f"{each.get_name(state)}: {each.type}" for each in block.arguments)
        yield f"{indent}^bb0({given}):"
    for op in contained(block):
        yield from _operation(op.operation, state, indent + INDENT)


def _types(op: ir.Operation) -> str:
    taken = ", ".join(str(operand.type) for operand in op.operands)
    made = [str(result.type) for result in op.results]
    return f"({taken}) -> {made[0]}" if len(made) == 1 else f"({taken}) -> ({', '.join(made)})"
