"""Memory: declarations of locals, and how an element is read and written."""

import math

from spatial.ir.dtypes import parse_type
from spatial.ir.mlir import ir, memref
from spatial.lower.hls.emit.body import Body, Place
from spatial.lower.hls.emit.integers import product, signed, stored, sum_of
from spatial.lower.hls.emit.kinds import INT, Point, Real, Whole
from spatial.lower.hls.emit.partition import partition_pragmas
from spatial.lower.hls.emit.points import assigned, variable
from spatial.lower.hls.emit.reals import kept, loaded
from spatial.lower.hls.emit.scalars import INDEX_BITS
from spatial.lower.hls.emit.terms import Term, call, literal
from spatial.lower.hls.emit.types import cpp_type, held_kind, kind_of, of_storage, token_type_name
from spatial.lower.hls.emit.usage import first_value, is_dead, is_filled, is_token
from spatial.types.tensor import TensorType, element_of

__all__ = ["allocate", "load", "place_text", "store"]

SMALL = 16  # elements that are cleared at once


def allocate(body: Body, op: memref.AllocaOp) -> None:
    """Declares a local; a scalar that is given a value at once is declared there."""
    if is_dead(op.result):
        body.dead.add(op.result)
        return
    name = body.names.fresh(op.attributes["df.name"].value if "df.name" in op.attributes else "local")
    type_ = parse_type(op.attributes["df.type"].value)
    place = Place(name=name, type=type_, member=is_token(op.result))
    body.places[op.result] = place
    static = "static " if op.result in body.kept else ""
    if not isinstance(type_, TensorType):
        if (first := first_value(op.result)) is None:
            body.line(f"{static}{held_kind(type_)} {name};")
        else:
            body.declared_by[first] = f"{static}{held_kind(type_)} "
        return
    _declare_array(body, op, place, type_)
    for pragma in partition_pragmas(op.result, f"{name}.data" if place.member else name):
        body.bare(pragma)
    if "df.storage" in op.attributes:
        body.bare(storage_pragma(name, op.attributes["df.storage"].value))


def _declare_array(body: Body, op: memref.AllocaOp, place: Place, type_: TensorType) -> None:
    """Declares a local array, which holds zeros unless it is surely filled first."""
    if place.member:
        body.tokens[type_] = None
    extents = "".join(f"[{extent}]" for extent in type_.shape)
    plain = (
        f"{token_type_name(type_)} {place.name}" if place.member else f"{cpp_type(type_.element)} {place.name}{extents}"
    )
    static = "static " if op.result in body.kept else ""
    filled, class_type = is_filled(op.result), isinstance(of_storage(kind_of(type_.element)), Whole)
    body.line(f"{static}{plain}{'' if filled or class_type or static else ' = {}'};")
    if filled or static or not class_type:
        return
    # Braces leave the elements of an `ap_int` array as they are.
    counters = [body.names.fresh("e") for _ in type_.shape]
    for depth, (counter, extent) in enumerate(zip(counters, type_.shape, strict=True)):
        head = f"for (int {counter} = 0; {counter} < {extent}; {counter}++) {{"
        label = f"{body.label(f'clear_{place.name}')}: " if depth == 0 else ""
        body.line(f"{'    ' * depth}{label}{head}")
    if len(type_.shape) == 1:
        body.bare("#pragma HLS unroll" if type_.size <= SMALL else "#pragma HLS pipeline II=1")
    at = "".join(f"[{counter}]" for counter in counters)
    body.line(f"{'    ' * len(counters)}{place.name}{'.data' if place.member else ''}{at} = 0;")
    for depth in reversed(range(len(counters))):
        body.line(f"{'    ' * depth}}}")
    for counter in counters:
        body.names.release(counter)


def storage_pragma(name: str, text: str) -> str:
    """The pragma that binds an array: `text` is as `sp.Memory` spells it, `URAM(2P)`."""
    resource, _, ports = text.rstrip(")").partition("(")
    if resource == "registers":
        return f"#pragma HLS array_partition variable={name} complete dim=0"
    impl = "lutram" if resource == "SRL" else resource.lower()
    return f"#pragma HLS bind_storage variable={name} type=ram_{(ports or '2P').lower()} impl={impl}"


def element(body: Body, memory: ir.Value, indices: list[ir.Value]) -> Term:
    """An element of an array, or a scalar."""
    place = body.places[memory]
    kind = held_kind(element_of(place.type))
    if not isinstance(place.type, TensorType):
        return body.scalar(memory)
    terms = [_inside(body, body.use(index), extent) for index, extent in zip(indices, place.type.shape, strict=True)]
    text = place_text(place, terms)
    found = call("", *terms, kind=kind)
    reads = found.reads if place.lasting else found.reads | {memory}
    if isinstance(kind, Point):
        return variable(text, kind, effect=found.effect, reads=reads)
    return Term(text=text, kind=kind, low=found.low, high=found.high, effect=found.effect, reads=reads)


def place_text(place: Place, terms: list[Term]) -> str:
    """An element of an array."""
    assert isinstance(place.type, TensorType)
    name = f"{place.name}.data" if place.member else place.name
    if place.flat:
        return f"{name}[{_flat(terms, place.type.shape).text}]"
    return name + "".join(f"[{term.text}]" for term in terms)


def _inside(body: Body, index: Term, extent: int) -> Term:
    """An index that is in range; where that is not known it is looked at while there is no hardware."""
    index = signed(index, INDEX_BITS)
    if index.low >= 0 and index.high < extent:
        return index
    body.helpers.add("within")
    return call("within", index, literal(extent), kind=INT, low=0, high=extent - 1)


def _flat(terms: list[Term], shape: tuple[int, ...]) -> Term:
    """The position of an element in C order."""
    position = literal(0)
    for axis, term in enumerate(terms):
        stride = math.prod(shape[axis + 1 :])
        part = product(term, literal(stride), INDEX_BITS) if stride != 1 else term
        position = part if axis == 0 or position.constant == 0 else sum_of(position, part, INDEX_BITS)
    return position


def load(body: Body, op: memref.LoadOp) -> None:
    term = element(body, op.memref, list(op.indices))
    if body.places[op.memref].as_stored and isinstance(term.kind, Real):
        term = loaded(body, term, term.kind)
    body.define(op.result, term)


def store(body: Body, op: memref.StoreOp) -> None:
    """An assignment; the declaration of the variable where it is its first."""
    if op.memref in body.dead:
        _drop(body, op)
        return
    place = body.places[op.memref]
    target = element(body, op.memref, list(op.indices))
    value, kind = body.use(op.value), target.number.kind if target.number else target.kind
    value = assigned(value, kind, body.helpers) if isinstance(kind, Point) else stored(value, kind)
    body.before_store(op.memref)
    if place.as_stored:
        value = kept(body, value)
    declared = body.declared_by.pop(op, "")
    target = target.number or target
    body.line(f"{declared}{target.text} = {value.text};" if declared else _assignment(target, value))


def _drop(body: Body, op: memref.StoreOp) -> None:
    """A value that nobody looks at: only what it does is done."""
    value = [body.use(operand) for operand in (*op.indices, op.value)][-1]
    if value.effect:
        body.line(f"(void)({value.text});")


def _assignment(target: Term, value: Term) -> str:
    """`x = x + y` as `x += y`."""
    if value.parts is not None and value.parts[1].text == target.text and value.parts[0] in COMPOUND:
        operator, _, operand = value.parts
        one = operator == "+" and operand.constant == 1
        return f"{target.text}++;" if one else f"{target.text} {operator}= {operand.text};"
    return f"{target.text} = {value.text};"


COMPOUND = {"+", "-", "*", "&", "|", "^", "<<", ">>"}
