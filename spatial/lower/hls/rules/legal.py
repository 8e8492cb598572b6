"""What a design must keep once it was made legal: arrays, ports, and the ends of channels."""

from collections import defaultdict
from collections.abc import Mapping, Set

from spatial.analysis.loops import inner, is_endless
from spatial.analysis.sharing import array_uses
from spatial.ir.function import kernels, loads, stores
from spatial.ir.graph import Actor, ActorGraph
from spatial.ir.location import span_of
from spatial.ir.mlir import func, ir
from spatial.lower.hls.errors import EndlessAccess, PortInside, SharedPort
from spatial.lower.hls.interfaces import MAxi
from spatial.lower.hls.rules.rule import Subject
from spatial.source.report import Problem
from spatial.source.span import UNKNOWN, Span

__all__ = [
    "arguments_in_several_processes",
    "arrays_of_several_processes",
    "endless_accesses",
    "initial_tokens",
    "ports_inside",
    "several_ends",
    "shared_ports",
]


def several_ends(subject: Subject) -> list[str]:
    """Channels that not exactly one actor puts into, and one gets from; those of parameters lack one end."""
    puts: dict[str, set[str]] = defaultdict(set)
    gets: dict[str, set[str]] = defaultdict(set)
    graph = subject.graph
    for actor in graph.actors:
        ends = graph.specializations[actor.function].ends
        for position, name in enumerate(actor.channels, start=len(actor.values)):
            if (end := ends.get(position)) is not None:
                for given, users in ((end.puts, puts), (end.gets, gets)):
                    if given:
                        users[name].add(actor.name)
    ports = {parameter.name for parameter in graph.parameters if parameter.stream}
    return [
        f"`{channel.name}` is {verb} by {len(users[channel.name])} actors"
        for channel in graph.channels
        for verb, users in (("written", puts), ("read", gets))
        if len(users[channel.name]) != 1 and not (channel.stream in ports and not users[channel.name])
    ]


def arrays_of_several_processes(subject: Subject) -> list[str]:
    """Memory of the module's own that several actors read, or write."""
    uses = array_uses(subject.graph)
    return [
        f"`{memory.name}` is {verb} by {len(users)} actors"
        for memory in subject.graph.memories
        for verb, users in (("read", uses[memory.name].readers), ("written", uses[memory.name].writers))
        if len(users) > 1
    ]


def arguments_in_several_processes(subject: Subject) -> list[str]:
    """Arrays of the region that several actors touch."""
    uses = array_uses(subject.graph)
    names = {array.name: uses[array.name].readers | uses[array.name].writers for array in subject.graph.arrays}
    return [f"`{name}` is used by {len(users)} actors" for name, users in names.items() if len(users) > 1]


def initial_tokens(subject: Subject) -> list[str]:
    """Channels that begin with tokens."""
    return [f"`{channel.name}` begins with tokens" for channel in subject.graph.channels if channel.initial]


def shared_ports(subject: Subject) -> list[Problem]:
    """Bundles that several actors read through, or write through."""
    bundles: dict[str, list[str]] = defaultdict(list)
    for name, interface in subject.interfaces.items():
        if isinstance(interface, MAxi):
            bundles[interface.bundle].append(name)
    uses = array_uses(subject.graph)
    found: list[Problem] = []
    for bundle, names in bundles.items():
        readers = {name: uses[name].readers for name in names if uses[name].readers}
        writers = {name: uses[name].writers for name in names if uses[name].writers}
        for verb, users in (("read", readers), ("write", writers)):
            if len(users) > 1 and len(set().union(*users.values())) > 1:
                found.append(_shared(subject, bundle, verb, users))
                break
    return found


def _shared(subject: Subject, bundle: str, verb: str, users: Mapping[str, frozenset[str]]) -> SharedPort:
    spans = [span for name in users if (span := subject.interfaces[name].span) is not None]
    first, *others = dict.fromkeys(spans) or [UNKNOWN]
    actors = [actor.name for actor in subject.graph.actors if any(actor.name in each for each in users.values())]
    return SharedPort(
        bundle=bundle, verb=verb, names=tuple(users), actors=tuple(actors[:2]), span=first, others=tuple(others)
    )


def ports_inside(subject: Subject) -> list[Problem]:
    """Actors that reach into an array of their own while others feed them, or they others; each line once."""
    graph = subject.graph
    pairs = {(c.writer.actor, c.reader.actor) for c in graph.channels if c.writer and c.reader}
    feeds = {writer for writer, reader in pairs if writer != reader}
    fed = {reader for writer, reader in pairs if writer != reader}
    functions = {function.name.value: function for function in kernels(subject.module)}
    found: dict[Span, Problem] = {}
    own = {name for name in _alone(graph) if isinstance(subject.interfaces.get(name), MAxi)}
    for actor in graph.actors:
        for position, name in _bound(actor, own):
            reads, writes = graph.specializations[actor.function].arrays[position]
            for concerned, verb, touches in ((fed, "reads", reads), (feeds, "writes", writes)):
                if touches and actor.name in concerned:
                    span = _access(functions[actor.function], position, verb)
                    problem = PortInside(actor=actor.name, array=name, verb=verb, span=span)
                    found.setdefault(span, problem)
    return list(found.values())


def _bound(actor: Actor, names: Set[str]) -> list[tuple[int, str]]:
    """The parameters of an actor that are bound to some arrays, with the arrays' names."""
    positions = enumerate(actor.arrays, start=len(actor.values) + len(actor.channels))
    return [(position, name) for position, name in positions if name in names]


def _alone(graph: ActorGraph) -> set[str]:
    """The arrays of the region that one actor alone touches."""
    uses = array_uses(graph)
    names = (array.name for array in graph.arrays)
    return {name for name in names if len(uses[name].readers | uses[name].writers) == 1}


def _access(function: func.FuncOp, position: int, verb: str) -> Span:
    """The first place where a function reads or writes one of its arrays."""
    does = loads if verb == "reads" else stores
    users = [use.owner for use in function.arguments[position].uses if does(use.owner)]
    return min((span_of(op.location) for op in users), default=span_of(function.location))


def endless_accesses(subject: Subject) -> list[Problem]:
    """Arrays of the region that only a kernel uses which runs for ever."""
    loops = {
        function.name.value: (function, loop) for function in kernels(subject.module) if (loop := _endless(function))
    }
    arrays = _alone(subject.graph)
    found: dict[Span, Problem] = {}
    for actor in subject.graph.actors:
        if actor.function not in loops:
            continue
        function, loop = loops[actor.function]
        for position, name in _bound(actor, arrays):
            reads, _ = subject.graph.specializations[actor.function].arrays[position]
            span = _access(function, position, "reads" if reads else "writes")
            problem = EndlessAccess(kernel=actor.kernel, name=name, span=span, loop=span_of(loop.location))
            found.setdefault(span, problem)
    return list(found.values())


def _endless(function: func.FuncOp) -> ir.OpView | None:
    return next((op for op in inner(function) if is_endless(op)), None)
