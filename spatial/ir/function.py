"""Reads a function of a module: its parameters, its loops, and which way each channel end runs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from spatial.ir.calls import users
from spatial.ir.channels import CHANNEL_OPERATIONS, CLOCK_DEPENDENT, PEEKS, fills, writes_channel
from spatial.ir.dialect import ByReferenceOp, PutOp, TryPutOp
from spatial.ir.dtypes import parse_type
from spatial.ir.location import span_of
from spatial.ir.mlir import arith, func, ir, memref
from spatial.source.span import Span
from spatial.types.dtype import DType
from spatial.types.tensor import TensorType

__all__ = [
    "End",
    "Parameter",
    "Result",
    "arrays_of",
    "bind_storage",
    "ends_of",
    "keep_results",
    "kernels",
    "loads",
    "memory_kind",
    "memory_of",
    "operations",
    "parameter_attribute",
    "parameters",
    "region_function",
    "results_of",
    "storage_in",
    "storage_of",
    "stores",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter as the user knows it; its `kind` is "value", "stream", "array" or "scalar".

    A stream is one of tokens of `type`; where a region takes several in one, `shape` are their extents.
    """

    name: str
    kind: str
    type: DType | TensorType
    shape: tuple[int, ...] = ()

    @property
    def stream(self) -> bool:
        """Whether it is a channel end."""
        return self.kind == "stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a call of a program gives back: the array parameter `name`, which a run is not given unless it is `given`.

    A `number` is its only element.
    """

    name: str
    number: bool = False
    given: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How a function uses one of its channel parameters: as its writer at `puts`, as its reader at `gets`.

    Of these `timed` are the places where time decides; `peeks` are reads of tokens so many places
    behind the oldest, as far as that is constant.
    """

    puts: tuple[Span, ...]
    gets: tuple[Span, ...]
    timed: tuple[Span, ...] = ()
    peeks: tuple[tuple[int, Span], ...] = ()


def region_function(module: ir.Module) -> func.FuncOp:
    """The function that declares the module's channels and actors."""
    return next(op for op in module.body.operations if "df.region" in op.attributes)


def kernels(module: ir.Module) -> list[func.FuncOp]:
    """The functions that are bodies of actors, in the order of the module."""
    return [op for op in module.body.operations if "df.kernel" in op.attributes]


def parameters(function: func.FuncOp) -> tuple[Parameter, ...]:
    """The parameters of one of our functions, in order."""
    found = []
    for attribute in function.attributes["df.parameters"]:
        name, kind, text, *shape = (part.value for part in attribute)
        found.append(Parameter(name=name, kind=kind, type=parse_type(text), shape=tuple(map(int, shape))))
    return tuple(found)


def storage_of(function: func.FuncOp) -> dict[str, str]:
    """For each array parameter that is bound to storage, by its name, what that is."""
    attributes = function.attributes
    return {each.name: each.attr.value for each in attributes["df.storage"]} if "df.storage" in attributes else {}


def storage_in(memory: ir.Value) -> str:
    """What a local array is bound to, empty where nothing is said."""
    owner = memory.owner
    return (
        ""
        if isinstance(owner, ir.Block) or "df.storage" not in owner.attributes
        else str(owner.attributes["df.storage"].value)
    )


def bind_storage(function: func.FuncOp, storage: Mapping[str, str]) -> None:
    """Keeps on a function what its array parameters are bound to."""
    if bound := {name: ir.StringAttr.get(text) for name, text in storage.items() if text}:
        function.attributes["df.storage"] = ir.DictAttr.get(bound)


def keep_results(region: func.FuncOp, results: Sequence[tuple[str, str]]) -> None:
    """Keeps on the function of a region what a call gives back: names and kinds, "made", "number" or "given"."""
    if results:
        pairs = [ir.ArrayAttr.get([ir.StringAttr.get(part) for part in pair]) for pair in results]
        region.attributes["df.results"] = ir.ArrayAttr.get(pairs)


def results_of(region: func.FuncOp) -> tuple[Result, ...]:
    """What a call of a program gives back, in order."""
    if "df.results" not in region.attributes:
        return ()
    pairs = [(pair[0].value, pair[1].value) for pair in region.attributes["df.results"]]
    return tuple(Result(name=name, number=kind == "number", given=kind == "given") for name, kind in pairs)


def memory_kind(type_: TensorType | DType) -> tuple[str, str]:
    """The kind and the type of a parameter that is memory."""
    return ("array" if isinstance(type_, TensorType) else "scalar"), str(type_)


def parameter_attribute(names: Sequence[str], kinds: Sequence[Sequence[str]]) -> ir.Attribute:
    """Names, kinds, value types of parameters, and the extents of several streams, as they are kept on a function."""
    text = ir.StringAttr.get
    return ir.ArrayAttr.get(
        [ir.ArrayAttr.get([text(part) for part in (name, *kind)]) for name, kind in zip(names, kinds, strict=True)]
    )


def operations(block: ir.Block) -> Iterator[ir.OpView]:
    """Every operation of a block and of the blocks inside it, outer before inner."""
    for op in block.operations:
        yield op
        for region in op.regions:
            for inner in region.blocks:
                yield from operations(inner)


def ends_of(function: func.FuncOp) -> dict[int, End]:
    """For each channel parameter, by its position, how the function uses it."""
    ends = {}
    for position, argument in enumerate(function.arguments):
        using = [op for op in users(argument) if isinstance(op, CHANNEL_OPERATIONS)]
        if using:
            ends[position] = End(
                puts=_places(op for op in using if writes_channel(op)),
                gets=_places(op for op in using if not writes_channel(op)),
                timed=_places(op for op in using if isinstance(op, CLOCK_DEPENDENT)),
                peeks=tuple((place, span_of(op.location)) for op in using for place in _constant_position(op)),
            )
    return ends


def _places(users: Iterable[ir.OpView]) -> tuple[Span, ...]:
    return tuple(sorted(span_of(op.location) for op in users))


def _constant_position(op: ir.OpView) -> Iterator[int]:
    """Which token a `peek` reads, where that is known."""
    owner = op.position.owner if isinstance(op, PEEKS) else None
    if owner is not None and not isinstance(owner, ir.Block) and isinstance(owner.opview, arith.ConstantOp):
        yield owner.opview.attributes["value"].value


def arrays_of(function: func.FuncOp) -> dict[int, tuple[bool, bool]]:
    """For each array parameter, by its position, whether the function reads it and whether it writes it."""
    found = {}
    for position, argument in enumerate(function.arguments):
        if isinstance(argument.type, ir.MemRefType):
            using = list(users(argument))
            found[position] = (any(map(loads, using)), any(map(stores, using)))
    return found


def memory_of(op: ir.OpView) -> ir.Value | None:
    """The memory an operation touches: an element of it, or all where it is a block token."""
    if isinstance(op, memref.LoadOp | memref.StoreOp):
        return op.memref
    if fills(op):
        return op.block
    is_block = isinstance(op, PutOp | TryPutOp) and isinstance(op.value.type, ir.MemRefType)
    return op.value if is_block else None


def loads(op: ir.OpView) -> bool:
    """Whether an operation on memory reads it, or may, as a call of a kept function."""
    return isinstance(op, memref.LoadOp | PutOp | TryPutOp | func.CallOp) or _passes(op, "in", "inout")


def stores(op: ir.OpView) -> bool:
    """Whether an operation on memory writes it, or may, as a call of a kept function."""
    return isinstance(op, memref.StoreOp | func.CallOp) or fills(op) or _passes(op, "out", "inout")


def _passes(op: ir.OpView, *directions: str) -> bool:
    """Whether an operation hands memory to a function in C++ that uses it so."""
    return isinstance(op, ByReferenceOp) and op.direction.value in directions
