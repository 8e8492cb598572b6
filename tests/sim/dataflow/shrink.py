"""Makes a failing network small: deletes what can go while it still fails."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from tests.sim.dataflow.script import Actor, For, If, Net, Op, Pipe, Set, Statement, While, ops_of, walk

NAME = re.compile(r"\b([a-z]\d+)(_ok|_at|\.[ab]|\[\d\])?\b")
Body = tuple[Statement, ...]


def shrunk(net: Net, fails: Callable[[Net], bool], tries: int = 400) -> Net:
    """A network that fails too, of which no single part can be taken away, if so many tries are enough."""
    while tries > 0:
        for smaller in smaller_nets(net):
            tries -= 1
            if fails(smaller):
                net = smaller
                break
            if tries <= 0:
                return net
        else:
            return net
    return net


def smaller_nets(net: Net) -> Iterator[Net]:
    """Networks with one thing less, large things first."""
    for actor in net.actors:
        gone = {op.chan for op in ops_of(actor.body)}
        yield tidy(net, lambda statement, gone=gone: isinstance(statement, Op) and statement.chan in gone)
    for chan in net.chans:
        yield tidy(net, lambda statement, chan=chan: isinstance(statement, Op) and statement.chan == chan.name)
    for number, actor in enumerate(net.actors):
        for body in smaller_bodies(actor.body):
            actors = (*net.actors[:number], replace(actor, body=body), *net.actors[number + 1 :])
            yield tidy(replace(net, actors=actors), lambda _: False)
    for number, chan in enumerate(net.chans):
        for simpler in (replace(chan, initial=()), replace(chan, depth=max(2, len(chan.initial)))):
            if simpler != chan:
                yield replace(net, chans=(*net.chans[:number], simpler, *net.chans[number + 1 :]))


def smaller_bodies(body: Body) -> Iterator[Body]:
    """Statements with one less, or a simpler one."""
    for position, statement in enumerate(body):
        for simpler in ((), *simpler_statements(statement)):
            yield (*body[:position], *simpler, *body[position + 1 :])


def simpler_statements(statement: Statement) -> Iterator[Body]:
    match statement:
        case If(body=inner, orelse=orelse):
            yield inner
            yield from ((replace(statement, body=made),) for made in smaller_bodies(inner) if made)
            yield from ((replace(statement, orelse=made),) for made in smaller_bodies(orelse))
        case For(body=inner, trips=trips):
            yield from ((replace(statement, trips=fewer),) for fewer in {1, trips // 2, trips - 1} if 0 < fewer < trips)
            if statement.pipe != Pipe():
                yield (replace(statement, pipe=Pipe()),)
                yield (replace(statement, pipe=replace(statement.pipe, style="elastic")),)
            yield from ((replace(statement, body=made),) for made in smaller_bodies(inner))
        case While(body=inner):
            yield from ((replace(statement, body=made),) for made in smaller_bodies(inner))


def tidy(net: Net, gone: Callable[[Statement], bool]) -> Net:
    """The network without some statements and all that depends on them."""
    actors = tuple(tidied(actor, gone) for actor in net.actors)
    actors = tuple(actor for actor in actors if ops_of(actor.body))
    used = {op.chan for actor in actors for op in ops_of(actor.body)}
    return replace(net, actors=actors, chans=tuple(chan for chan in net.chans if chan.name in used))


def tidied(actor: Actor, gone: Callable[[Statement], bool]) -> Actor:
    """An actor whose expressions say 1 for the values that are gone."""
    body = kept(actor.body, gone)
    made = {op.target for op in ops_of(body)} | {s.var for s in walk(body) if isinstance(s, For)}
    made |= {statement.name.split("[")[0] for statement in walk(body) if isinstance(statement, Set)}

    def known(text: str) -> str:
        return NAME.sub(lambda match: match[0] if match[1] in made else "1", text)

    def mended(statement: Statement) -> Statement:
        match statement:
            case Op(value=value, index=index):
                return replace(statement, value=known(value), index=known(index))
            case Set(value=value):
                return replace(statement, value=known(value))
            case If(test=test, body=inner, orelse=orelse):
                return replace(
                    statement, test=known(test), body=tuple(map(mended, inner)), orelse=tuple(map(mended, orelse))
                )
            case For(body=inner):
                return replace(statement, body=tuple(map(mended, inner)))
            case While(body=inner, head=head):
                assert head is None or isinstance(head, Op)
                return replace(statement, body=tuple(map(mended, inner)), head=head and mended(head))
        return statement

    blocks = tuple(block for block in actor.blocks if block[0] in made)
    cells = tuple(cell for cell in actor.cells if cell in made)
    return replace(actor, body=tuple(map(mended, body)), cells=cells, blocks=blocks)


def kept(body: Body, gone: Callable[[Statement], bool]) -> Body:
    """What stays of statements; loops whose condition is gone go with it."""
    found: list[Statement] = []
    for statement in body:
        match statement:
            case If():
                inner, orelse = kept(statement.body, gone), kept(statement.orelse, gone)
                found += [replace(statement, body=inner, orelse=orelse)] if inner or orelse else []
            case For():
                found += [replace(statement, body=inner)] if (inner := kept(statement.body, gone)) else []
            case While(head=head):
                if not (head and gone(head)):
                    found.append(replace(statement, body=kept(statement.body, gone)))
            case _ if not gone(statement):
                found.append(statement)
    return tuple(found)
