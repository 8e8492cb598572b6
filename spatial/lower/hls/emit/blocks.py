"""Block tokens of arrays that are no tokens themselves: parameters of the function."""

from spatial.ir.mlir import ir
from spatial.lower.hls.emit.body import Body, Place
from spatial.lower.hls.emit.kinds import INT
from spatial.lower.hls.emit.memory import place_text
from spatial.lower.hls.emit.terms import named
from spatial.lower.hls.emit.types import token_type_name
from spatial.types.tensor import TensorType

__all__ = ["filled", "token_of"]


def token_of(body: Body, memory: ir.Value) -> str:
    """The struct that a block is put as: itself, or a copy."""
    place = body.places[memory]
    if place.member:
        return place.name
    token = _token(body, place)
    body.line(f"{token_type_name(_tensor(place))} {token.name};")
    _copy(body, token, place)
    return token.name


def filled(body: Body, memory: ir.Value, text: str) -> None:
    """Takes a token into an array."""
    place = body.places[memory]
    if place.member:
        body.line(f"{place.name} = {text};")
        return
    token = _token(body, place)
    body.line(f"const {token_type_name(_tensor(place))} {token.name} = {text};")
    _copy(body, place, token)


def _tensor(place: Place) -> TensorType:
    assert isinstance(place.type, TensorType)
    return place.type


def _token(body: Body, place: Place) -> Place:
    body.tokens[_tensor(place)] = None
    return Place(name=body.names.fresh(f"{place.name}_token"), type=place.type, member=True)


def _copy(body: Body, to: Place, source: Place) -> None:
    """Copies all elements, one a cycle."""
    shape = _tensor(to).shape
    label = f"{body.label(f'copy_{to.name}')}: "
    body.names.enter()
    counters = [body.names.fresh("e") for _ in shape]
    for depth, (counter, extent) in enumerate(zip(counters, shape, strict=True)):
        head = f"for (int {counter} = 0; {counter} < {extent}; {counter}++) {{"
        body.line(f"{'    ' * depth}{label if depth == 0 else ''}{head}")
    body.bare("#pragma HLS pipeline II=1 style=flp")
    at = [named(counter, INT, 0, extent - 1) for counter, extent in zip(counters, shape, strict=True)]
    body.line(f"{'    ' * len(shape)}{place_text(to, at)} = {place_text(source, at)};")
    for depth in reversed(range(len(shape))):
        body.line(f"{'    ' * depth}}}")
    body.names.leave()
