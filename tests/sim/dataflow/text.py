"""Prints a network as the text of a region."""

from collections.abc import Iterator

from tests.sim.dataflow.script import Actor, Break, Chan, For, If, Net, Op, Pipe, Set, Statement, While

PAIR = ["@sp.struct", "class Pair:", "    a: int32", "    b: int32", ""]


def source(net: Net, order: list[int] | None = None) -> str:
    """The region's text, its kernels declared in the given order."""
    actors = [net.actors[n] for n in order or range(len(net.actors))]
    kernels = [actor for actor in actors if not actor.library]
    parameters = ", ".join(f"Y_{a.name}: int32[{len(a.cells)}]" for a in kernels if a.cells)
    made = {chan for actor in actors for chan in outputs(actor)}
    lines = [*PAIR, "@sp.region()", f"def net({parameters}):"]
    lines += [f"    {declared(chan)}" for chan in net.chans if chan.name not in made]
    lines += [f"    {called(net, actor)}" for actor in net.actors if actor.library]
    for actor in kernels:
        lines += [f"    {line}" for line in kernel(actor)]
    return "\n".join(lines) + "\n"


def declared(chan: Chan) -> str:
    """A channel's declaration."""
    initial = [token(chan.token, value) for value in chan.initial]
    pipe = f"sp.pipe(dtype={chan.token}, depth={chan.depth}, initial=[{', '.join(initial)}])"
    return f"{chan.name} = " + (f"sp.array({pipe}, shape=({chan.extent},))" if chan.extent else pipe)


def token(kind: str, value: int) -> str:
    """An initial token as the region's text has it."""
    if kind == "Pair":
        return str((value, value + 1))
    if kind.startswith("int32["):
        return str([value] * int(kind[6:-1]))
    return str(value)


def outputs(actor: Actor) -> list[str]:
    """The channels that a call of the library makes."""
    return actor.library.split(" = ")[0].split(", ") if actor.library else []


def called(net: Net, actor: Actor) -> str:
    depth = net.chan(outputs(actor)[0]).depth
    return f"{actor.library[:-1]}, depth={depth})"


def kernel(actor: Actor) -> list[str]:
    """A kernel; at its end it tells what its cells hold."""
    given = f"Y_{actor.name}: int32[{len(actor.cells)}]" if actor.cells else ""
    lines = ["@sp.kernel()", f"def {actor.name}({given}):"]
    body = [f"{name}: int32 = 0" for name in actor.cells]
    body += [f"{name}: {kind}" for name, kind in actor.blocks]
    body += statements(actor.body)
    if not (actor.body and isinstance(actor.body[-1], While) and actor.body[-1].test == "True"):
        body += [f"Y_{actor.name}[{n}] = {name}" for n, name in enumerate(actor.cells)]
    return lines + [f"    {line}" for line in body or ["pass"]]


def statements(body: tuple[Statement, ...]) -> list[str]:
    return [line for statement in body for line in printed(statement)]


def indented(body: tuple[Statement, ...]) -> Iterator[str]:
    for line in statements(body) or ["pass"]:
        yield f"    {line}"


def printed(statement: Statement) -> list[str]:
    match statement:
        case Op():
            return [operation(statement)]
        case Set(name=name, value=value):
            return [f"{name} = {value}"]
        case Break():
            return ["break"]
        case If(test=test, body=body, orelse=orelse):
            other = ["else:", *indented(orelse)] if orelse else []
            return [f"if {test}:", *indented(body), *other]
        case For(var=var, trips=trips, body=body):
            return [f"for {var} in range({trips}{pipeline(statement)}):", *indented(body)]
        case While(test=test, body=body, head=head):
            return [f"while {test.format(call(head)) if head else test}:", *indented(body)]


def operation(op: Op) -> str:
    match op.what:
        case "try_get":
            return f"{op.target}_ok, {op.target} = {call(op)}"
        case "select":
            return f"{op.target}_at, {op.target} = {call(op)}"
    return f"{op.target} = {call(op)}" if op.target else call(op)


def call(op: Op) -> str:
    """The call itself."""
    channel = f"{op.chan}[{op.index}]" if op.index else op.chan
    match op.what:
        case "select" | "gather":
            return f"sp.{op.what}({channel})"
        case "scatter":
            return f"sp.scatter({channel}, {op.value})"
        case "peek":
            return f"{channel}.peek({op.place})"
    return f"{channel}.{op.what}({op.value})"


def pipeline(loop: For) -> str:
    if loop.plain:
        return ", pipeline=False"
    if loop.pipe == Pipe():
        return ""
    asked = [f"{name}={value}" for name in ("ii", "latency") if (value := getattr(loop.pipe, name)) is not None]
    asked += ["style='rigid'"] if loop.pipe.style == "rigid" else []
    asked += [f"stages={dict(loop.pipe.stages)}"] if loop.pipe.stages else []
    return f", pipeline=sp.Pipeline({', '.join(asked)})"
