"""Rules about who fills fifos, who empties them, and what links do between."""

import math
from collections.abc import Iterator

from spatial.device.npu import Kind
from spatial.ir.graph import PortRef
from spatial.lower.aie.design import End, Fifo, Link, Mapped
from spatial.lower.aie.rules.errors import Breach
from spatial.lower.aie.rules.subject import Subject

__all__ = [
    "held_at_once",
    "link_ends",
    "link_objects",
    "link_once",
    "link_shape",
    "link_sizes",
    "never_emptied",
    "never_filled",
]


def never_filled(subject: Subject) -> Iterator[Breach]:
    """A consumer waits for ever for objects that nobody puts."""
    mapped = subject.mapped
    for fifo in mapped.fifos:
        if fifo.producer.node not in mapped.node:
            yield _nowhere(fifo, fifo.producer, "put")
        elif not _works(mapped, fifo, fifo.producer, fills=True):
            yield Breach(
                title=f"nothing fills `{fifo.name}`: it passes {fifo.objects} objects, `{fifo.producer.node}` puts 0",
                span=fifo.span,
                label="its consumers wait for ever",
            )


def never_emptied(subject: Subject) -> Iterator[Breach]:
    """A producer waits for ever for room."""
    mapped = subject.mapped
    for fifo in mapped.fifos:
        for end in fifo.consumers:
            if end.node not in mapped.node:
                yield _nowhere(fifo, end, "taken")
            elif not _works(mapped, fifo, end, fills=False):
                yield Breach(
                    title=f"nothing empties `{fifo.name}` at `{end.node}`: it holds {end.depth} objects, "
                    f"{fifo.objects} are put",
                    span=fifo.span,
                    label="what is taken is never given back",
                )


def _nowhere(fifo: Fifo, end: End, done: str) -> Breach:
    return Breach(
        title=f"`{end.node}` is on no core, memory tile or shim: {fifo.objects} objects of `{fifo.name}` pass, "
        f"0 are {done}",
        span=fifo.span,
    )


def _works(mapped: Mapped, fifo: Fifo, end: End, *, fills: bool) -> bool:
    """Whether the node of an end puts objects, or takes them and gives them back."""
    node = mapped.node[end.node]
    match node.kind:
        case Kind.CORE:
            return not fifo.channels or any(_uses(mapped, name, node.actor, fills=fills) for name in fifo.channels)
        case Kind.MEMORY:
            return any(fifo.name in (link.targets if fills else link.sources) for link in mapped.links)
        case Kind.SHIM:
            return any(transfer.fifo == fifo.name for transfer in mapped.transfers)


def _uses(mapped: Mapped, name: str, actor: str, *, fills: bool) -> bool:
    channel = mapped.graph.channel.get(name)
    port = channel and (channel.writer if fills else channel.reader)
    return bool(port and port.actor == actor)


def link_once(subject: Subject) -> Iterator[Breach]:
    """A fifo is in one link at most at each end."""
    seen: dict[tuple[str, str], Link] = {}
    for link in subject.mapped.links:
        for name in (*link.sources, *link.targets):
            side = "source" if name in link.sources else "target"
            if seen.setdefault((name, side), link) is not link:
                fifo = subject.mapped.fifo[name]
                yield Breach(title=f"`{name}` is the {side} of 2 links, a fifo is that of 1", span=fifo.span)


def link_shape(subject: Subject) -> Iterator[Breach]:
    """A link has one fifo on one side at least."""
    for link in subject.mapped.links:
        if (len(link.sources) > 1 and len(link.targets) > 1) or not link.sources or not link.targets:
            node = subject.mapped.node[link.node]
            yield Breach(
                title=f"the link at `{link.node}` has {len(link.sources)} sources and {len(link.targets)} targets, "
                "one side of a link has 1",
                span=node.span,
            )


def link_ends(subject: Subject) -> Iterator[Breach]:
    """The fifos of a link end and begin at its node, which is on a memory tile."""
    mapped = subject.mapped
    for link in mapped.links:
        node = mapped.node[link.node]
        if node.kind is not Kind.MEMORY:
            yield Breach(
                title=f"the link at `{link.node}` is on a {node.kind.value}, links are on memory tiles", span=node.span
            )
        for name in link.sources:
            if all(end.node != link.node for end in mapped.fifo[name].consumers):
                yield _elsewhere(mapped.fifo[name], link, "end")
        for name in link.targets:
            if mapped.fifo[name].producer.node != link.node:
                yield _elsewhere(mapped.fifo[name], link, "begin")


def _elsewhere(fifo: Fifo, link: Link, verb: str) -> Breach:
    return Breach(title=f"`{fifo.name}` is linked at `{link.node}`, where it does not {verb}", span=fifo.span)


def link_sizes(subject: Subject) -> Iterator[Breach]:
    """Parts lie within the whole, side by side, and fill it."""
    for link in subject.mapped.links:
        whole, parts = _sides(subject.mapped, link)
        if len(parts) == 1:
            if _size(whole) != _size(parts[0]):
                yield Breach(
                    title=f"`{parts[0].name}` has objects of {_size(parts[0])} elements, `{whole.name}` that it is "
                    f"forwarded with of {_size(whole)}",
                    span=parts[0].span,
                    others=((whole.span, ""),),
                )
        elif len(link.offsets) != len(parts):
            yield Breach(
                title=f"the link at `{link.node}` has {len(parts)} parts and {len(link.offsets)} offsets",
                span=whole.span,
            )
        else:
            yield from _overlaps(whole, sorted(zip(link.offsets, parts, strict=True), key=lambda each: each[0]))


def _sides(mapped: Mapped, link: Link) -> tuple[Fifo, list[Fifo]]:
    """The larger fifo, and those that are its parts."""
    joins = len(link.sources) > 1
    whole = mapped.fifo[link.targets[0] if joins else link.sources[0]]
    return whole, [mapped.fifo[name] for name in (link.sources if joins else link.targets)]


def _overlaps(whole: Fifo, parts: list[tuple[int, Fifo]]) -> Iterator[Breach]:
    place = 0
    for offset, part in parts:
        end = offset + _size(part)
        if offset < place:
            yield Breach(
                title=f"`{part.name}` begins at element {offset} of `{whole.name}`, the part before it ends at {place}",
                span=part.span,
                others=((whole.span, ""),),
            )
        if end > _size(whole):
            yield Breach(
                title=f"`{part.name}` reaches element {end} of `{whole.name}`, which has {_size(whole)}",
                span=part.span,
                others=((whole.span, ""),),
            )
        if offset > place:
            yield _gap(whole, place, offset)
        place = max(place, end)
    if place < _size(whole):
        yield _gap(whole, place, _size(whole))


def _gap(whole: Fifo, first: int, last: int) -> Breach:
    return Breach(title=f"no part fills elements {first} to {last} of `{whole.name}`", span=whole.span)


def _size(fifo: Fifo) -> int:
    return math.prod(fifo.shape)


def link_objects(subject: Subject) -> Iterator[Breach]:
    """As many objects go out of a link as come in."""
    for link in subject.mapped.links:
        first, *others = [subject.mapped.fifo[name] for name in (*link.sources, *link.targets)]
        for other in others:
            if other.objects != first.objects:
                yield Breach(
                    title=f"`{first.name}` passes {first.objects} objects in a run, `{other.name}` that it is linked "
                    f"with {other.objects}",
                    span=other.span,
                    others=((first.span, ""),),
                )


def held_at_once(subject: Subject) -> Iterator[Breach]:
    """A core never asks for more objects of a fifo than there are at its end."""
    mapped = subject.mapped
    for fifo in mapped.fifos:
        for name in fifo.channels:
            channel = mapped.graph.channel.get(name)
            if channel is not None and channel.reader is not None:
                yield from _asked_too_far(mapped, fifo, channel.reader)


def _asked_too_far(mapped: Mapped, fifo: Fifo, reader: PortRef) -> Iterator[Breach]:
    actor = mapped.graph.actor[reader.actor]
    here = [end for end in fifo.consumers if mapped.node[end.node].actor == actor.name]
    peeks = mapped.graph.specializations[actor.function].ends[reader.position].peeks
    for end in here:
        for place, span in peeks:
            if place + 1 > end.depth:
                yield Breach(
                    title=f"`peek({place})` asks for {place + 1} objects of `{fifo.name}`, its core has {end.depth}",
                    span=span,
                    label="this waits for ever",
                    others=((fifo.span, "the depth is given here"),),
                    hint=f"give the stream a depth of {place + 2}",
                )
