"""The local variables of actors, where they stand."""

from collections.abc import Iterator, Mapping

from spatial.sim.native.replay import Replay
from spatial.sim.reference.actor import ActorState
from spatial.sim.reference.compile import Compiled
from spatial.sim.values import decode
from spatial.types.dtype import DType
from spatial.types.tensor import TensorType

__all__ = ["Locals", "locals_in", "told_soon"]

SOON = 1_000_000  # steps of an actor that the reference engine does in some seconds


class Locals(Mapping[str, object]):
    """The local variables of an actor of a native run, found when they are asked for.

    Then that actor is run again alone, on the reference engine, which takes as long as that needs for it.
    """

    def __init__(self, replay: Replay, name: str, known: Compiled) -> None:
        self.replay = replay
        self.name = name
        self.known = known
        self.found: Mapping[str, object] | None = None

    @property
    def values_now(self) -> Mapping[str, object]:
        if self.found is None:
            self.found = locals_in(self.replay.state(self.name), self.known)
        return self.found

    def __getitem__(self, name: str) -> object:
        return self.values_now[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_now)

    def __len__(self) -> int:
        return len(self.values_now)

    def __repr__(self) -> str:
        return repr(dict(self))

    def __reduce__(self) -> tuple[object, ...]:
        return dict, (dict(self),)


def told_soon(names: Mapping[str, object]) -> Mapping[str, object]:
    """Local variables for a report, none where it would wait long for them."""
    late = isinstance(names, Locals) and names.replay.work(names.name) > SOON
    return {} if late else dict(names)


def locals_in(state: ActorState, known: Compiled) -> Mapping[str, object]:
    """The user's local variables where an actor stands or failed, declared ones as their types read."""
    frame = getattr(state.body, "gi_frame", None)
    names: Mapping[str, object] = state.names or (frame.f_locals if frame else {})
    found = [(name, value) for name, value in names.items() if name in known.locals]
    found.sort(key=lambda item: item[0] in known.types)  # a value on its way into a local is called like it
    return {known.locals[name]: _readable(value, known.types.get(name)) for name, value in found}


def _readable(value: object, type_: DType | TensorType | None) -> object:
    match type_:
        case None:
            return value
        case TensorType(element=element):
            return [decode(part, element) for part in value] if isinstance(value, list) else value
    return decode(value, type_)
