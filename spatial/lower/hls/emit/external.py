"""Calls of functions that the user wrote in C++: on copies in the types that they take."""

from collections.abc import Sequence

from spatial.ir.dialect import ByReferenceOp, ByValueOp, ExternalOp
from spatial.ir.dtypes import parse_type
from spatial.lower.hls.emit.body import Body, Place
from spatial.lower.hls.emit.integers import signed, truth, unsigned
from spatial.lower.hls.emit.kinds import LONG, Real
from spatial.lower.hls.emit.lines import wrapped
from spatial.lower.hls.emit.reals import kept
from spatial.lower.hls.emit.sources import Source
from spatial.lower.hls.emit.terms import cast
from spatial.types.dtype import Bool, DType, Int, UInt, float32, float64
from spatial.types.tensor import TensorType, element_of, size_of

__all__ = ["call_text", "dataflow_text", "is_callable"]


def is_callable(op: ExternalOp) -> bool:
    """Whether its text is there, and C++ has all the types that it takes."""
    return bool(op.source.value) and all(_native(parse_type(each.dtype.value)) for each in _arguments(op))


def call_text(body: Body, op: ExternalOp) -> None:
    """The call; arrays are copied to and fro."""
    flags = tuple(flag.value for flag in op.flags)
    defined = tuple(flag[2:] for flag in flags if flag.startswith("-D"))
    body.sources[Source(op.source.value, tuple(each.value for each in op.include), defined)] = None
    body.before_token()
    given, back = [], []
    for each in _arguments(op):
        if isinstance(each, ByValueOp):
            given.append(_number(body, each))
            continue
        name, elements = _copied(body, op.symbol.value, each)
        given.append(name)
        if each.direction.value != "in":
            back.append((each, f"{elements} = {name}[e];"))
    body.line(f"{op.symbol.value}({', '.join(given)});")
    for each, text in back:
        body.before_store(each.memory)
        _loop(body, f"give_{body.places[each.memory].name}", size_of(parse_type(each.dtype.value)), text)


def dataflow_text(body: Body, op: ExternalOp) -> None:
    """The call of a dataflow function of the program's own, which is given arrays as they are, and numbers."""
    body.before_token()
    given = [value.owner.opview for value in op.operands]
    body.before_store(*(each.memory for each in given if each.direction.value != "in"))
    for line in wrapped(f"{body.indent()}{op.symbol.value}(", [_passed(body, each) for each in given], ");"):
        body.bare(line)


def _passed(body: Body, argument: ByReferenceOp) -> str:
    """An array, or the number in a cell, as a dataflow function takes it."""
    place = body.places[argument.memory]
    if isinstance(place.type, TensorType):
        return f"{place.name}.data" if place.member else place.name
    term = body.scalar(argument.memory)
    return kept(body, term).text if isinstance(term.kind, Real) and not place.given else term.text


def _arguments(op: ExternalOp) -> Sequence[ByValueOp | ByReferenceOp]:
    return [value.owner.opview for value in op.operands]


def _native(type_: DType | TensorType) -> str:
    """What C++ calls numbers of a type, and NumPy has in arrays; empty where it has none."""
    match element_of(type_):
        case Bool():
            return "bool"
        case Int(width) | UInt(width) as dtype if width <= 64:
            bits = max(8, 1 << (width - 1).bit_length())
            return f"std::{'u' if isinstance(dtype, UInt) else ''}int{bits}_t"
        case dtype:
            return "float" if dtype == float32 else "double" if dtype == float64 else ""


def _number(body: Body, argument: ByValueOp) -> str:
    dtype, term = element_of(parse_type(argument.dtype.value)), body.use(argument.operands[0])
    match dtype:
        case Bool():
            return truth(term).text
        case Int(width) | UInt(width):
            exact = signed(term, width) if isinstance(dtype, Int) else unsigned(term, width)
            return cast(exact, LONG).text if width < 64 or isinstance(dtype, Int) else exact.text
        case _:
            return term.text


def _copied(body: Body, symbol: str, argument: ByReferenceOp) -> tuple[str, str]:
    """The copy that a function is given, and the element of the array that element `e` of it is."""
    type_, place = parse_type(argument.dtype.value), body.places[argument.memory]
    first = signed(body.use(argument.first), 64)
    name = body.names.fresh(f"{symbol}_{place.name}")
    element = _element(place, "e" if first.constant == 0 else f"{first.text} + e")
    body.headers.add("<cstdint>")
    body.line(f"{_native(type_)} {name}[{size_of(type_)}];")
    _loop(body, f"take_{place.name}", size_of(type_), f"{name}[e] = {element};")
    return name, element


def _element(place: Place, position: str) -> str:
    """The element at a position in C order."""
    assert isinstance(place.type, TensorType)
    name, shape = f"{place.name}.data" if place.member else place.name, place.type.shape
    if place.flat or len(shape) == 1:
        return f"{name}[{position}]"
    position = position if position == "e" else f"({position})"
    indices, stride = [], place.type.size
    for axis, extent in enumerate(shape):
        stride //= extent
        index = f"{position} / {stride}" if stride > 1 else position
        indices.append(f"[{index}]" if axis == 0 else f"[{index} % {extent}]")
    return name + "".join(indices)


def _loop(body: Body, label: str, count: int, text: str) -> None:
    body.line(f"{body.label(label)}: for (int e = 0; e < {count}; e++) {{")
    body.bare("#pragma HLS pipeline II=1 style=flp")
    body.line(f"    {text}")
    body.line("}")
