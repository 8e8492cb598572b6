"""Constant arrays of a module whose elements are tokens."""

from spatial.ir.dtypes import parse_type
from spatial.ir.location import span_of
from spatial.ir.mlir import ir, memref
from spatial.ir.tables import table_values
from spatial.types.dtype import DType
from spatial.types.tensor import TensorType, element_of
from spatial.verify.counterexample import Unwritten
from spatial.verify.domain import Domain
from spatial.verify.graph import known_number

__all__ = ["Tables"]


class Tables:
    """The constant arrays of a module, and those that are added; `unwritten` has memory by what it begins with."""

    def __init__(self, module: ir.Module, domain: Domain, side: str) -> None:
        self.module = module
        self.domain = domain
        self.side = side
        self.unwritten: dict[int, Unwritten] = {}
        self.globals = {op.sym_name.value: op for op in module.body.operations if isinstance(op, memref.GlobalOp)}

    def element(self, op: memref.GetGlobalOp) -> DType:
        """The type of the elements of a constant array."""
        return element_of(self.type_of(op))

    def type_of(self, op: memref.GetGlobalOp) -> TensorType | DType:
        return parse_type(self.globals[op.attributes["name"].value].attributes["df.type"].value)

    def on_tokens(self, op: memref.GetGlobalOp) -> str:
        """The name of the same array with tokens for its numbers."""
        name = op.attributes["name"].value
        made = f"{name}.tokens"
        if made not in self.globals:
            dtype = self.element(op)
            values = [known_number(each, dtype, self.domain) for each in table_values(self.globals[name])]
            self._declare(made, list(op.result.type.shape), values)
        return made

    def spoil(self, memory: ir.Value) -> None:
        """Fills memory with a token that nothing else has, but for other copies of its function."""
        shape = list(memory.type.shape)
        where = memory.owner.location
        found = Unwritten(name=memory.owner.attributes["df.name"].value, span=span_of(where), scalar=not shape)
        poison = int(self.domain.poison(f"{self.side} {found.name} {where}")[0])
        self.unwritten[poison] = found
        if not shape:
            kind = memory.type.element_type
            from_nothing = ir.Operation.create(
                "arith.constant", results=[kind], attributes={"value": ir.Attribute.parse(f"{poison} : {kind}")}
            )
            memref.StoreOp(from_nothing.result, memory, [])
            return
        name = f"poison.{poison}.{'x'.join(map(str, shape))}"
        if name not in self.globals:
            self._declare(name, shape, [poison])
        memref.copy(memref.get_global(memory.type, name), memory)

    def _declare(self, name: str, shape: list[int], values: list[int]) -> None:
        """Adds a constant array; one value stands for all elements."""
        kind = self.domain.kind
        tensor = ir.RankedTensorType.get(shape, kind)
        attributes = [ir.Attribute.parse(f"{value} : {kind}") for value in values]
        elements = (
            ir.DenseElementsAttr.get_splat(tensor, attributes[0])
            if len(values) == 1
            else ir.DenseElementsAttr.get(attributes, tensor)
        )
        with ir.InsertionPoint.at_block_begin(self.module.body), ir.Location.unknown():
            made = memref.GlobalOp(
                name, ir.MemRefType.get(shape, kind), sym_visibility="private", initial_value=elements, constant=True
            )
            made.attributes["df.type"] = ir.StringAttr.get(str(TensorType(self.domain.dtype, tuple(shape))))
        self.globals[name] = made
