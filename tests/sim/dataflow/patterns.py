"""Patterns of actors that random networks are made of: counts in the data, selection, chosen channels, servers."""

from dataclasses import replace

from tests.sim.dataflow.build import Builder, Draft
from tests.sim.dataflow.script import Break, Chan, For, If, Op, Pipe, Set, Statement, While

FEW = (1, 2, 3, 5)


def writes(builder: Builder, actor: Draft, chan: Chan, trips: int, index: str = "") -> None:
    """A loop that puts."""
    var, known = builder.fresh("k"), list(actor.known)
    actor.known.append(f"int32({var})")
    body = builder.operation(actor, "put", chan, index.format(var))
    plain = builder.draw.random() < 0.2
    actor.body.append(For(var=var, trips=trips, body=tuple(body), plain=plain))
    actor.known = known


def reads(builder: Builder, actor: Draft, chan: Chan, trips: int, what: str = "get", index: str = "") -> None:
    """A loop that takes."""
    var, known = builder.fresh("k"), list(actor.known)
    body = builder.operation(actor, what, chan, index.format(var))
    plain = builder.draw.random() < 0.2
    style = builder.draw.choice(["elastic", "rigid"])
    pipe = Pipe() if plain else Pipe(style=style)
    actor.body.append(For(var=var, trips=trips, body=tuple(body), plain=plain, pipe=pipe))
    actor.known = known


def counted(builder: Builder) -> None:
    """The first token says how many follow."""
    chan = builder.chan(token="int32", initial=False)
    writer = builder.actor()
    reader, trips = builder.actor_but(writer), builder.draw.choice(FEW)
    writer.body.append(Op(what="put", chan=chan.name, value=str(trips)))
    writes(builder, writer, chan, trips)
    left = builder.fresh("n")
    reader.cells.append(left)
    known = list(reader.known)
    reader.body.append(Op(what="get", chan=chan.name, target=left))
    body = builder.operation(reader, "get", chan)
    down = Set(name=left, value=f"int32({left} - 1)")
    reader.body.append(While(test=f"{left} > 0", body=(*body, down)))
    reader.known = known


def ended(builder: Builder) -> None:
    """A last token says that it is the last: the reader leaves its loop."""
    draw, chan = builder.draw, builder.chan(token="int32", initial=False)
    writer = builder.actor()
    reader, trips = builder.actor_but(writer), draw.choice(FEW)
    known, var = list(reader.known), builder.fresh("k")
    more = builder.chan(token="int32") if draw.random() < 0.4 else None
    writes(builder, writer, chan, trips)
    writer.body.append(Op(what="put", chan=chan.name, value="-7"))
    if more:
        reads(builder, writer, more, trips)
    if draw.random() < 0.4:
        cell = builder.fresh("n")
        reader.cells.append(cell)
        inner: list[Statement] = [Set(name=cell, value=f"int32({cell} + 1)")]
        inner += builder.operation(reader, "put", more) if more else []
        head = Op(what="get", chan=chan.name, target=builder.fresh("x"))
        reader.body.append(While(test="{} != -7", body=tuple(inner), head=head))
    else:
        body = builder.operation(reader, "get", chan)
        assert isinstance(body[0], Op)
        body.insert(1, If(test=f"{body[0].target} == -7", body=(Break(),)))
        body += builder.operation(reader, "put", more) if more else []
        body += builder.operation(reader, "put", more) if more and draw.random() < 0.2 else []
        reader.body.append(For(var=var, trips=9, body=tuple(body)))
    reader.known = known


def selected(builder: Builder) -> None:
    """Several writers, one reader that selects."""
    draw = builder.draw
    extent, trips = draw.choice([2, 2, 3]), draw.choice(FEW)
    chan = builder.chan(extent=extent, initial=draw.random() < 0.5)
    reader = builder.actor()
    if draw.random() < 0.3:
        index = draw.choice([f"{{0}} % {extent}", f"({{0}} * {{0}}) % {extent}"])
        writes(builder, builder.actor_but(reader), chan, trips * extent, index)
    else:
        for number in range(extent):
            writes(builder, builder.actor_but(reader), chan, trips, str(number))
    reads(builder, reader, chan, trips * extent, "select")


def chosen(builder: Builder) -> None:
    """A router: channels that the run chooses, on both sides."""
    draw = builder.draw
    extent, trips = draw.choice([2, 3]), draw.choice(FEW)
    there = builder.chan(extent=extent, initial=False)
    back = builder.chan(extent=extent, initial=False, token=draw.choice(["int32", "Int(600)", "Pair"]))
    writer = builder.actor()
    reader = writer if draw.random() < 0.2 else builder.actor_but(writer)
    index = draw.choice([f"{{0}} % {extent}", f"({{0}} * {{0}}) % {extent}"])
    writes(builder, writer, there, trips, index)
    for number in range(extent):
        server = Draft(f"a{len(builder.actors)}")
        builder.actors.append(server)
        serves(builder, server, there, back, str(number))
    reads(builder, reader, back, trips, "get", index)


def serves(builder: Builder, actor: Draft, there: Chan, back: Chan, index: str = "") -> None:
    """An actor that never ends."""
    actor.endless = True
    kind = builder.draw.choice(["get", "get", "get", "try_get", "empty"])
    if kind == "empty":
        spin = While(test="{}", body=(), head=Op(what="empty", chan=there.name, index=index, target=builder.fresh("x")))
        inner = [spin, *builder.operation(actor, "get", there, index), *builder.operation(actor, "put", back, index)]
    elif kind == "get":
        inner = [*builder.operation(actor, "get", there, index), *builder.operation(actor, "put", back, index)]
    else:
        inner = builder.operation(actor, "try_get", there, index)
        assert isinstance(inner[0], Op)
        put = builder.operation(actor, "put", back, index)
        inner = [inner[0], If(test=f"{inner[0].target}_ok", body=tuple(put))]
    actor.body.append(While(test="True", body=tuple(inner)))


def served(builder: Builder) -> None:
    """Questions to a server, and its answers."""
    draw = builder.draw
    there, back = builder.chan(initial=False), builder.chan(initial=False)
    client, server = builder.actor(), Draft(f"a{len(builder.actors)}")
    builder.actors.append(server)
    serves(builder, server, there, back)
    trips = draw.choice(FEW)
    known, var = list(client.known), builder.fresh("k")
    client.known.append(f"int32({var})")
    body = [*builder.operation(client, "put", there), *builder.operation(client, "get", back)]
    client.body.append(For(var=var, trips=trips, body=tuple(body), plain=draw.random() < 0.3))
    client.known = known


def library(builder: Builder, text: str, body: list[Statement], blocks: list[tuple[str, str]]) -> None:
    """An actor of the package's own."""
    name = builder.fresh("z")
    made = Draft(name, [While(test="True", body=tuple(body))], blocks=blocks, library=text, endless=True)
    builder.library.append(made)


def plain_chan(builder: Builder, token: str, extent: int = 0) -> Chan:
    """A channel that a library actor makes."""
    return builder.chan(token=token, extent=extent, initial=False)


def forked(builder: Builder) -> None:
    """Copies of each token."""
    draw, source = builder.draw, builder.chan()
    writer, trips, count = builder.actor(), draw.choice(FEW), draw.choice([2, 2, 3])
    depth = draw.choice([1, 2, 4])
    copies = [replace(plain_chan(builder, source.token), depth=depth) for _ in range(count)]
    builder.chans[-count:] = copies
    token = builder.fresh("b" if source.token.startswith("int32[") else "x")
    body: list[Statement] = [Op(what="get", chan=source.name, target=token)]
    body += [Op(what="put", chan=copy.name, value=token) for copy in copies]
    blocks = [(token, source.token)] if token.startswith("b") else []
    names = ", ".join(copy.name for copy in copies)
    library(builder, f"{names} = sp.fork({source.name}, copies={count})", body, blocks)
    writes(builder, writer, source, trips)
    for copy in copies:
        reads(builder, builder.actor(), copy, trips)


def merged(builder: Builder) -> None:
    """The tokens of an array of channels in one."""
    draw, extent = builder.draw, builder.draw.choice([1, 2, 3])
    sources, trips = builder.chan(extent=extent), draw.choice(FEW)
    out = plain_chan(builder, sources.token)
    token = builder.fresh("b" if out.token.startswith("int32[") else "x")
    body: list[Statement] = [
        Op(what="select", chan=sources.name, target=token),
        Op(what="put", chan=out.name, value=token),
    ]
    blocks = [(token, out.token)] if token.startswith("b") else []
    library(builder, f"{out.name} = sp.merge({sources.name})", body, blocks)
    for number in range(extent):
        writes(builder, builder.actor(), sources, trips, str(number))
    reads(builder, builder.actor(), out, trips * extent)


def gathered(builder: Builder) -> None:
    """Blocks of a token of each channel, taken apart again."""
    lanes, trips = builder.chan(token="int32", extent=2), builder.draw.choice(FEW)
    blocks, again = plain_chan(builder, "int32[2]"), plain_chan(builder, "int32", 2)
    first, second = builder.fresh("b"), builder.fresh("b")
    gather: list[Statement] = [
        Op(what="gather", chan=lanes.name, target=first),
        Op(what="put", chan=blocks.name, value=first),
    ]
    library(builder, f"{blocks.name} = sp.gather({lanes.name})", gather, [(first, "int32[2]")])
    apart: list[Statement] = [
        Op(what="get", chan=blocks.name, target=second),
        Op(what="scatter", chan=again.name, value=second),
    ]
    library(builder, f"{again.name} = sp.scatter({blocks.name})", apart, [(second, "int32[2]")])
    for number in range(2):
        writes(builder, builder.actor(), lanes, trips, str(number))
    for number in range(2):
        reads(builder, builder.actor(), again, trips, "get", str(number))


def spins(builder: Builder) -> None:
    """Both ends try until they succeed, or give up."""
    draw, chan = builder.draw, builder.chan()
    writer = builder.actor()
    reader, trips = builder.actor_but(writer), draw.choice(FEW)
    known, var = list(writer.known), builder.fresh("k")
    before: list[Statement] = []
    value = builder.token(writer, chan, before)
    tries = Op(what="try_put", chan=chan.name, value=value, target=builder.fresh("x"))
    writer.body.append(For(var=var, trips=trips, body=(*before, While(test="not {}", body=(), head=tries))))
    writer.known = known
    known = list(reader.known)
    spin = While(test="{}", body=(), head=Op(what="empty", chan=chan.name, target=builder.fresh("x")))
    inner = (spin, *builder.operation(reader, "get", chan))
    count = trips if draw.random() < 0.8 else trips + 1
    reader.body.append(For(var=builder.fresh("k"), trips=count, body=inner))
    reader.known = known


def answered(builder: Builder) -> None:
    """A recurrence through a local: what was taken last is put next."""
    there, back = builder.chan(token="int32"), builder.chan(token="int32")
    first = builder.actor()
    second, trips = builder.actor_but(first), builder.draw.choice(FEW)
    cell, relay = builder.fresh("y"), builder.fresh("x")
    first.cells.append(cell)
    body = (
        Op(what="put", chan=there.name, value=f"int32({cell} + 1)"),
        Op(what="get", chan=back.name, target=cell),
    )
    first.body.append(For(var=builder.fresh("k"), trips=trips, body=body))
    other = (
        Op(what="get", chan=there.name, target=relay),
        Op(what="put", chan=back.name, value=f"int32({relay} * 2)"),
    )
    second.body.append(For(var=builder.fresh("k"), trips=trips, body=other))


def probed(builder: Builder) -> None:
    """Polls of channels that the run chooses."""
    draw, extent = builder.draw, builder.draw.choice([2, 3])
    chan = builder.chan(extent=extent, token=draw.choice(["int32", "Int(600)", "Pair"]))
    writer = builder.actor()
    reader, trips = builder.actor_but(writer), draw.choice(FEW)
    index = draw.choice([f"{{0}} % {extent}", f"({{0}} * {{0}}) % {extent}"])
    known, var = list(writer.known), builder.fresh("k")
    writer.known.append(f"int32({var})")
    body = builder.operation(writer, draw.choice(["put", "try_put", "full"]), chan, index.format(var))
    if isinstance(body[0], Op) and body[0].what == "full":
        body += builder.operation(writer, "try_put", chan, index.format(var))
    writer.body.append(For(var=var, trips=trips, body=tuple(body), plain=draw.random() < 0.3))
    writer.known = known
    what = draw.choice(["get", "try_get", "peek"])
    reads(builder, reader, chan, trips, what, index)
    if what == "peek":
        reads(builder, reader, chan, trips, "try_get", index)


def tupled(builder: Builder) -> None:
    """Blocks of a token of each channel, in a kernel."""
    draw, trips = builder.draw, builder.draw.choice(FEW)
    lanes, again = builder.chan(token="int32", extent=2), builder.chan(token="int32", extent=2)
    middle, block = builder.actor(), builder.fresh("b")
    middle.blocks.append((block, "int32[2]"))
    body: list[Statement] = [Op(what="gather", chan=lanes.name, target=block)]
    body += [Set(name=f"{block}[1]", value=f"int32({block}[0] * 3 - {block}[1])")] if draw.random() < 0.5 else []
    body += [Op(what="scatter", chan=again.name, value=block)]
    for number in range(2):
        writes(builder, builder.actor_but(middle), lanes, trips, str(number))
    plain, style = draw.random() < 0.3, draw.choice(["elastic", "rigid"])
    pipe = Pipe() if plain else Pipe(style=style)
    middle.body.append(For(var=builder.fresh("k"), trips=trips, body=tuple(body), plain=plain, pipe=pipe))
    for number in range(2):
        reads(builder, builder.actor_but(middle), again, trips, "get", str(number))


PATTERNS = (probed, tupled, counted, ended, selected, chosen, served, forked, merged, gathered, spins, answered)
