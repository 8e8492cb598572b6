"""Lists the accesses of a function, in the order of its text."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from spatial.analysis.dependence.accesses import Access, Loop, Resource
from spatial.analysis.dependence.affine import Affine
from spatial.analysis.dependence.aliases import aliases
from spatial.analysis.dependence.conditions import ALWAYS, Both, Condition, Unknown, negated
from spatial.analysis.dependence.values import Values
from spatial.analysis.loops import body_of
from spatial.analysis.static import Arguments, evaluate
from spatial.ir.channels import CHANNEL_OPERATIONS, fills, streams_of
from spatial.ir.dialect import AssertOp, ByReferenceOp, ExternalOp, PrintOp, StreamType
from spatial.ir.function import memory_of, operations, parameters
from spatial.ir.location import name_of
from spatial.ir.mlir import arith, func, ir, memref, scf

__all__ = ["Walk"]

VIEWS = (memref.SubViewOp, memref.CastOp)


class Walk:
    """What a function accesses: `accesses`, `loops` in the order of the text, and the `values` of their indices."""

    def __init__(self, function: func.FuncOp) -> None:
        self.function = function
        self.values = Values()
        self.accesses: list[Access] = []
        self.loops: list[Loop] = []
        self._resources: dict[object, Resource] = {}
        self._first = aliases(function)
        self._names = [each.name for each in parameters(function)] if "df.parameters" in function.attributes else []
        self._around: tuple[Loop, ...] = ()
        self._guard: Condition = ALWAYS
        self._place: list[int] = [0]
        self._count = 0
        self._block(function.entry_block)

    def _block(self, block: ir.Block) -> None:
        for op in block.operations:
            VISITS.get(type(op), Walk._other)(self, op)

    def _for(self, op: scf.ForOp) -> None:
        low, low_known = self.values.bounds_of(op.lowerBound, arith.MaxSIOp)
        high, high_known = self.values.bounds_of(op.upperBound, arith.MinSIOp)
        step = evaluate(op.step, Arguments({}))
        strided = step == 1 or (step is not None and len(low) == 1)
        self.values.enter(op.induction_variable, low, high)
        loop = Loop(
            op=op,
            name=_loop_name(op),
            low=tuple(low),
            high=tuple(high),
            step=step if step is not None and strided else 1,
            exact=low_known and high_known and strided,
            variable=op.induction_variable,
            shown=_shown(op),
        )
        self._inside(loop)

    def _while(self, op: scf.WhileOp) -> None:
        self._inside(Loop(op=op, name="iteration", low=(), high=(), step=1, exact=False))

    def _inside(self, loop: Loop) -> None:
        self.loops.append(loop)
        self._around = (*self._around, loop)
        self._place.append(0)
        for block in body_of(loop.op):
            self._block(block)
        self._place.pop()
        self._place[-1] += 1
        self._around = self._around[:-1]

    def _if(self, op: scf.IfOp) -> None:
        condition = self.values.condition_of(op.condition)
        for region, met in zip(op.regions, (condition, negated(condition)), strict=True):
            for block in region.blocks:
                with self._under(met):
                    self._block(block)

    @contextmanager
    def _under(self, condition: Condition) -> Iterator[None]:
        outer, self._guard = self._guard, _and(self._guard, condition)
        yield
        self._guard = outer

    def _load(self, op: memref.LoadOp) -> None:
        with self._under(_used_when(op.result, self.values)):
            self._memory(op, op.memref, list(op.indices), reads=True)
        self._next()

    def _store(self, op: memref.StoreOp) -> None:
        self._memory(op, op.memref, list(op.indices), writes=True)
        self._next()

    def _copy(self, op: memref.CopyOp) -> None:
        self._memory(op, op.source, None, reads=True, whole=True)
        self._memory(op, op.target, None, writes=True, whole=True)
        self._next()

    def _channel(self, op: ir.OpView) -> None:
        memory = memory_of(op)
        if memory is not None:
            self._memory(op, memory, None, reads=not fills(op), writes=fills(op), whole=True)
        for stream in streams_of(op):
            self._add(op, self._end(stream), writes=True)
        self._next()

    def _message(self, op: ir.OpView) -> None:
        self._add(op, self._messages(), writes=True)
        self._next()

    def _external(self, op: ExternalOp) -> None:
        """What a function in C++ does to the arrays it is given; it keeps nothing from call to call."""
        for passed in op.operands:
            argument = passed.owner.opview
            if isinstance(argument, ByReferenceOp):
                way = argument.direction.value
                self._memory(op, argument.memory, None, reads=way != "out", writes=way != "in")
        self._next()

    def _call(self, op: func.CallOp) -> None:
        self._given(op)
        if _may_tell(self.function, op.callee.value):
            self._add(op, self._messages(), writes=True)
        self._next()

    def _other(self, op: ir.OpView) -> None:
        """An operation of which no more is known than what it is given, and what is in it."""
        before = len(self.accesses)
        self._given(op)
        if len(self.accesses) > before:
            self._next()
        with self._under(Unknown()):
            for region in op.regions:
                for block in region.blocks:
                    self._block(block)

    def _given(self, op: ir.OpView) -> None:
        for operand in op.operands:
            if isinstance(operand.type, ir.MemRefType):
                self._memory(op, operand, None, reads=True, writes=True)
            elif isinstance(operand.type, StreamType):
                self._add(op, self._end(operand), writes=True)

    def _nothing(self, op: ir.OpView) -> None:
        """Names memory, and touches none."""

    def _memory(
        self,
        op: ir.OpView,
        memory: ir.Value,
        indices: list[ir.Value] | None,
        *,
        reads: bool = False,
        writes: bool = False,
        whole: bool = False,
    ) -> None:
        base = _base(memory)
        resource = self._array(base)
        rank = len(resource.shape)
        exact = indices is not None and base == memory and rank == len(indices)
        found: list[Affine | None] = [self.values.sum_of(index) for index in indices or ()] if exact else [None] * rank
        whole = (whole and base == memory and rank == len(memory.type.shape)) or (exact and not rank)
        self._add(op, resource, reads=reads, writes=writes, indices=tuple(found), whole=whole)

    def _add(
        self,
        op: ir.OpView,
        resource: Resource,
        *,
        reads: bool = False,
        writes: bool = False,
        indices: tuple[Affine | None, ...] = (),
        whole: bool = False,
    ) -> None:
        access = Access(
            op=op,
            resource=resource,
            reads=reads,
            writes=writes,
            loops=self._around,
            guard=self._guard,
            order=self._count,
            place=tuple(self._place),
            indices=indices,
            whole=whole,
        )
        self.accesses.append(access)

    def _next(self) -> None:
        self._place[-1] += 1
        self._count += 1

    def _array(self, memory: ir.Value) -> Resource:
        argument = memory.arg_number if isinstance(memory.owner, ir.Block) else None
        key: object = memory if argument is None else self._first[argument]
        if key in self._resources:
            return self._resources[key]
        shapes = {tuple(memory.type.shape)}
        if argument is not None:
            same = [number for number, first in self._first.items() if first == key]
            shapes = {tuple(self.function.arguments[number].type.shape) for number in same}
        resource = Resource(
            kind="array",
            name=_name(memory) if argument is None else self._parameter(argument),
            shape=shapes.pop() if len(shapes) == 1 else (),
            local=memory if argument is None and isinstance(memory.owner.opview, memref.AllocaOp) else None,
            owners=self._around[: _loops_around(memory)],
        )
        return self._resources.setdefault(key, resource)

    def _end(self, stream: ir.Value) -> Resource:
        name = self._parameter(stream.arg_number) if isinstance(stream.owner, ir.Block) else "stream"
        return self._resources.setdefault(stream, Resource(kind="channel", name=name))

    def _messages(self) -> Resource:
        return self._resources.setdefault("messages", Resource(kind="messages", name="messages"))

    def _parameter(self, number: int) -> str:
        return self._names[number] if number < len(self._names) else f"argument {number}"


def _and(first: Condition, second: Condition) -> Condition:
    return second if first == ALWAYS else first if second == ALWAYS else Both(first=first, second=second)


def _base(memory: ir.Value) -> ir.Value:
    """The memory that a view is of."""
    while not isinstance(memory.owner, ir.Block) and isinstance(memory.owner.opview, VIEWS):
        memory = memory.owner.operands[0]
    return memory


def _loops_around(memory: ir.Value) -> int:
    """How many loops memory is allocated in."""
    depth, owner = 0, memory.owner
    if isinstance(owner, ir.Block):
        return 0
    while owner is not None and not isinstance(owner.opview, func.FuncOp):
        depth += isinstance(owner.opview, scf.ForOp | scf.WhileOp)
        owner = owner.parent
    return depth


def _name(memory: ir.Value) -> str:
    op = memory.owner
    if "df.name" in op.attributes:
        return str(op.attributes["df.name"].value)
    return name_of(memory.location) or "a local"


def _loop_name(op: ir.OpView) -> str:
    return str(op.attributes["df.name"].value) if "df.name" in op.attributes else "iteration"


def _shown(op: scf.ForOp) -> tuple[int, int]:
    """How the user's variable follows from one that counts iterations, as where it runs down."""
    for use in op.induction_variable.uses:
        scaled = use.owner
        if isinstance(scaled, arith.MulIOp) and (by := evaluate(scaled.operands[1], Arguments({}))) is not None:
            for outer in scaled.result.uses:
                start = evaluate(outer.owner.operands[0], Arguments({})) if outer.operand_number == 1 else None
                if isinstance(outer.owner, arith.SubIOp) and "df.range" in outer.owner.attributes and start is not None:
                    return start, -by
    return 0, 1


def _used_when(value: ir.Value, values: Values) -> Condition:
    """When a value matters: what is not selected is as if it was not there."""
    uses = list(value.uses)
    while len(uses) == 1:
        (use,) = uses
        op = use.owner
        if isinstance(op, arith.SelectOp) and use.operand_number:
            condition = values.condition_of(op.condition)
            return condition if use.operand_number == 1 else negated(condition)
        if not isinstance(op, PURE):
            break
        uses = list(op.results[0].uses)
    return ALWAYS


def _may_tell(function: func.FuncOp, callee: str) -> bool:
    """Whether a function, or one that it calls, may have a message for the user."""
    parent = function.operation.parent
    for other in parent.opview.body.operations if parent is not None else ():
        if isinstance(other, func.FuncOp) and other.name.value == callee and not other.is_external:
            return any(
                isinstance(op, PrintOp | AssertOp)
                or (isinstance(op, func.CallOp) and _may_tell(function, op.callee.value))
                for op in operations(other.entry_block)
            )
    return True


PURE = (arith.ExtSIOp, arith.ExtUIOp, arith.TruncIOp, arith.AddIOp, arith.MulIOp, arith.AddFOp, arith.MulFOp)
"""Operations that do nothing but compute; a longer list would only find more reads that do not matter."""

VISITS: dict[type, Callable[[Walk, ir.OpView], None]] = {
    scf.ForOp: Walk._for,
    scf.WhileOp: Walk._while,
    scf.IfOp: Walk._if,
    memref.LoadOp: Walk._load,
    memref.StoreOp: Walk._store,
    memref.CopyOp: Walk._copy,
    memref.SubViewOp: Walk._nothing,
    memref.CastOp: Walk._nothing,
    ByReferenceOp: Walk._nothing,
    ExternalOp: Walk._external,
    PrintOp: Walk._message,
    AssertOp: Walk._message,
    func.CallOp: Walk._call,
    **dict.fromkeys(CHANNEL_OPERATIONS, Walk._channel),
}
