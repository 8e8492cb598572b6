"""The functions of added actors, which move an array between its memory and those that touch it.

A loader reads the array in memory order and puts each element into the channels of the actors that have it; a storer
takes each from the channel of the one that has it. Where there are too many actors, or indices alone do not say whose
an element is, the loader begins a chain of distributors: each passes all elements on and puts those of its actor's
share into that actor's channel. A chain of collectors takes shares back: each passes on what those before
it took and puts its actor's elements in their place; a storer writes the result. All loops take an element a cycle, so
an array of N elements for P actors passes in about N + P cycles.

Channels of two tokens are enough. Actors take all their shares before anything else, all in the same order of arrays,
and give them when all else is done; so no element waits for anything but for those before it in memory order.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from spatial.ir.arithmetic import constant
from spatial.ir.dialect import GetOp, PutOp
from spatial.ir.dtypes import scalar_type
from spatial.ir.mlir import arith, ir, memref, scf
from spatial.lower.hls.legalize.boxes import Box, Interval
from spatial.lower.hls.legalize.build import made_function, nest
from spatial.lower.hls.legalize.positions import shifted
from spatial.lower.hls.legalize.turns import Turns
from spatial.lower.hls.legalize.ways import Way, gather, scatter
from spatial.source.span import Span
from spatial.types.dtype import DType, bool_, index
from spatial.types.tensor import TensorType

__all__ = ["SINGLE", "Bounds", "Bundle", "Limits", "Mover", "Stage"]

Indices = Sequence[ir.Value]


SINGLE = (None, None, 0)
"""The bounds of a dimension of which each actor has one index, its own."""

Bounds = tuple[int | None, int | None, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """A share's box in a function: for each dimension its first index, its last and the step.

    A dimension is None where it is whole, a first or a last index where it differs from actor to actor and is an
    argument; one argument is both where each has one index only.
    """

    dimensions: tuple[Bounds, ...]

    def parameters(self) -> list[tuple[str, str, DType | TensorType]]:
        """The arguments, as they are declared."""
        names: list[str] = []
        for axis, limit in enumerate(self.dimensions):
            if is_single(limit):
                names.append(f"at_{axis}")
            elif limit is not None:
                names += [f"first_{axis}"] if limit[0] is None else []
                names += [f"last_{axis}"] if limit[1] is None else []
        return [(name, "value", index) for name in names]

    def values(self, box: Box) -> list[int]:
        """The arguments for a box."""
        found = []
        for limit, interval in zip(self.dimensions, box, strict=True):
            if is_single(limit):
                found.append(interval.first)
            elif limit is not None:
                found += [interval.first] if limit[0] is None else []
                found += [interval.last] if limit[1] is None else []
        return found

    def holds(self, indices: Indices, arguments: Sequence[ir.Value]) -> ir.Value | None:
        """Whether an element is one of the share; None if it is whatever it is."""
        given = iter(arguments)
        found: ir.Value | None = None
        for limit, at in zip(self.dimensions, indices, strict=True):
            if limit is None:
                continue
            if is_single(limit):
                part = _compared("eq", at, next(given))
                found = part if found is None else arith.andi(found, part)
                continue
            first, last = (next(given) if bound is None else constant(index, bound) for bound in limit[:2])
            for part in _inside(at, first, last, limit):
                found = part if found is None else arith.andi(found, part)
        return found


def is_single(limit: Bounds) -> bool:
    """Whether each actor has one index of a dimension, its own."""
    return limit == SINGLE


def _inside(
    at: ir.Value, first: ir.Value, last: ir.Value, limit: tuple[int | None, int | None, int]
) -> Sequence[ir.Value]:
    """The conditions for an index to lie within the limits of a dimension."""
    if limit[0] is not None and limit[0] == limit[1]:
        return [_compared("eq", at, first)]
    parts = [] if limit[0] == 0 else [_compared("sge", at, first)]
    parts.append(_compared("sle", at, last))
    if limit[2] > 1:
        distance = arith.remsi(arith.subi(at, first), constant(index, limit[2]))
        parts.append(_compared("eq", distance, constant(index, 0)))
    return parts


def _compared(predicate: str, left: ir.Value, right: ir.Value) -> ir.Value:
    return arith.cmpi(getattr(arith.CmpIPredicate, predicate), left, right)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """The channels of one name that a loader or a storer has: one without `ways`, else one for each of a grid."""

    name: str
    ways: tuple[Way, ...] = ()

    @property
    def channels(self) -> int:
        """How many there are."""
        return math.prod(way.count for way in self.ways)

    def attribute(self, first: int) -> ir.Attribute:
        """What a function keeps of it: the name, the position of the first channel, the extents."""
        integer = ir.IntegerType.get_signless(64)
        numbers = [ir.IntegerAttr.get(integer, each) for each in (first, *(way.count for way in self.ways))]
        return ir.ArrayAttr.get([ir.StringAttr.get(self.name), *numbers])


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A distributor or a collector: `limits` of its actor's share, whether it is an end of the chain.

    A collector's tokens have `valid` beside them where not all elements are written; its actor tells them if it is
    `masked`.
    """

    limits: Limits
    ends: bool
    valid: bool = False
    masked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mover:
    """Makes the functions for the array `name`, at the insertion point; `type` is that of what passes.

    It lies in memory of the type `memory`, in `turns`, where those are given.
    """

    name: str
    type: TensorType
    span: Span
    memory: TensorType | None = None
    turns: Turns | None = None

    @property
    def loops(self) -> list[str]:
        """What the loops over the array are called."""
        return [f"{self.name}_{axis}" for axis in range(len(self.type.shape))]

    def token(self, channel: ir.Value, dtype: DType | None = None) -> ir.Value:
        value: ir.Value = GetOp(channel, scalar_type(dtype or self.type.element)).value
        return value

    def terminal(self, name: str, *, loads: Bundle | None, stores: Bundle | None, valid: bool) -> str:
        """What reads the array into channels, writes it from some, or does one after the other.

        Its parameters are the channels it puts into, those it gets from, that of what is valid, and the array; those
        it has.
        """
        bundles = [bundle for bundle in (loads, stores) if bundle is not None]
        given = [(bundle.name, "stream", self.type.element) for bundle in bundles for _ in range(bundle.channels)]
        given += [("valid", "stream", bool_)] * (stores is not None and valid)
        taken = 0 if loads is None else loads.channels

        def body(arguments: Sequence[ir.Value]) -> None:
            *channels, array = arguments
            if loads is not None:
                put = channels[:taken]
                nest(self.type.shape, self.loops, lambda at: self.load(loads, put, array, at), ours=True)
            if stores is not None:
                got = channels[taken:]
                nest(self.type.shape, self.loops, lambda at: self.store(stores, got, array, at), ours=True)

        made = made_function(name, name, [*given, (self.name, "array", self.memory or self.type)], self.span, body)
        if arrays := [bundle.attribute(0 if bundle is loads else taken) for bundle in bundles if bundle.ways]:
            function = next(op for op in ir.InsertionPoint.current.block.operations if op.name.value == made)
            function.attributes["df.stream_arrays"] = ir.ArrayAttr.get(arrays)
        return made

    def at(self, indices: Indices) -> Indices:
        """The indices in memory of what passes at others."""
        if self.turns is None:
            return indices
        found = []
        for axis, interval in enumerate(self.turns.first):
            place = shifted(indices[axis], interval)
            if axis == self.turns.axis:
                place = arith.addi(place, shifted(indices[-1], Interval(first=0, count=0, step=self.turns.stride)))
            found.append(place)
        return found

    def load(self, bundle: Bundle, channels: Sequence[ir.Value], array: ir.Value, at: Indices) -> None:
        """Reads an element for those that have it."""
        scatter(bundle.ways, at, channels, memref.load(array, list(self.at(at))))

    def store(self, bundle: Bundle, channels: Sequence[ir.Value], array: ir.Value, at: Indices) -> None:
        """Writes an element, if it is valid."""
        value = gather(bundle.ways, at, channels[: bundle.channels], scalar_type(self.type.element))
        if len(channels) == bundle.channels:
            memref.store(value, array, list(self.at(at)))
            return
        with ir.InsertionPoint(scf.IfOp(self.token(channels[-1], bool_)).then_block):
            memref.store(value, array, list(self.at(at)))
            scf.yield_([])

    def distributor(self, name: str, kernel: str, stage: Stage) -> str:
        """Passes the array on, if it is not the last, and puts a share into a channel.

        Its parameters are those of its limits, the chain's channels, and the share's.
        """
        limits = stage.limits.parameters()
        names = ["chain", "share"] if stage.ends else ["chain", "next", "share"]
        given = [*limits, *((each, "stream", self.type.element) for each in names)]

        def body(arguments: Sequence[ir.Value]) -> None:
            values, channels = arguments[: len(limits)], arguments[len(limits) :]
            nest(self.type.shape, self.loops, lambda at: distribute(at, values, channels), ours=True)

        def distribute(at: Indices, values: Sequence[ir.Value], channels: Sequence[ir.Value]) -> None:
            value = self.token(channels[0])
            if not stage.ends:
                PutOp(channels[1], value)
            self.guarded(stage.limits.holds(at, values), lambda: PutOp(channels[-1], value))

        return made_function(name, kernel, given, self.span, body)

    def guarded(self, condition: ir.Value | None, build: object) -> None:
        assert callable(build)
        if condition is None:
            build()
            return
        with ir.InsertionPoint(scf.IfOp(condition).then_block):
            build()
            scf.yield_([])

    def collector(self, name: str, kernel: str, stage: Stage) -> str:
        """Passes on what it gets, if it is not the first, with a share from a channel in its place.

        Its parameters are those of its limits, the chain's channels before and behind it, those of what is valid
        there, the share's, and that of what is valid of the share; those it has.
        """
        limits = stage.limits.parameters()
        element = self.type.element
        before = [("chain", element)] + [("valid", bool_)] * stage.valid
        streams = [*(() if stage.ends else before), ("next", element)] + [("next_valid", bool_)] * stage.valid
        streams += [("share", element)] + [("share_valid", bool_)] * stage.masked
        given = [*limits, *((each, "stream", type_) for each, type_ in streams)]

        def body(arguments: Sequence[ir.Value]) -> None:
            values = arguments[: len(limits)]
            channels = dict(zip((each for each, _ in streams), arguments[len(limits) :], strict=True))
            nest(self.type.shape, self.loops, lambda at: self.collect(stage, at, values, channels), ours=True)

        return made_function(name, kernel, given, self.span, body)

    def collect(self, stage: Stage, at: Indices, values: Sequence[ir.Value], channels: dict[str, ir.Value]) -> None:
        """One element of a collector."""
        element = scalar_type(self.type.element)
        old = constant(self.type.element, 0) if stage.ends else self.token(channels["chain"])
        was = None
        if stage.valid:
            was = constant(bool_, 0) if stage.ends else self.token(channels["valid"], bool_)
        kinds = [element] + [ir.IntegerType.get_signless(1)] * stage.valid
        condition = stage.limits.holds(at, values)
        if condition is None:
            found = self.taken(stage, old, was, channels)
        else:
            choice = scf.IfOp(condition, kinds, has_else=True)
            with ir.InsertionPoint(choice.then_block):
                scf.yield_(self.taken(stage, old, was, channels))
            with ir.InsertionPoint(choice.else_block):
                scf.yield_([old] if was is None else [old, was])
            found = list(choice.results)
        PutOp(channels["next"], found[0])
        if stage.valid:
            PutOp(channels["next_valid"], found[1])

    def taken(self, stage: Stage, old: ir.Value, was: ir.Value | None, channels: dict[str, ir.Value]) -> list[ir.Value]:
        """The element of a share, and whether there is one by now."""
        value = self.token(channels["share"])
        if was is None:
            return [value]
        if not stage.masked:
            return [value, constant(bool_, 1)]
        written = self.token(channels["share_valid"], bool_)
        return [arith.select(written, value, old), arith.ori(written, was)]
