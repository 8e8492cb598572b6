"""A module as text, or again."""

from spatial.ir.dialect import context
from spatial.ir.mlir import ir

__all__ = ["Readable", "copy_of", "parse", "print_module"]


class Readable:
    """A module that prints with the user's names for values; all else of it is the module's."""

    __slots__ = ("module",)

    def __init__(self, module: ir.Module) -> None:
        self.module = module

    def __str__(self) -> str:
        return print_module(self.module)

    def __getattr__(self, name: str) -> object:
        return getattr(self.module, name)


def print_module(module: ir.Module, *, locations: bool = False) -> str:
    """The module in MLIR's syntax; with `locations`, complete enough to be parsed back without loss."""
    text: str = module.operation.get_asm(enable_debug_info=locations, use_name_loc_as_prefix=not locations)
    return text


def parse(text: str) -> ir.Module:
    """The module a text describes; raises `ir.MLIRError` where it is not well-formed."""
    with context():
        return ir.Module.parse(text)


def copy_of(module: ir.Module) -> ir.Module:
    """The module once more, to be changed."""
    with context(), module.operation.location:
        made = ir.Module.create()
        for attribute in module.operation.attributes:
            made.operation.attributes[attribute.name] = attribute.attr
        with ir.InsertionPoint(made.body):
            for op in module.body.operations:
                op.operation.clone()
    return made
