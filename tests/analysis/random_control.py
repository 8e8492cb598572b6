"""Random programs whose loops and conditions follow from constants and loop variables."""

import random

__all__ = ["control_source"]

PEERS = 2


def control_source(seed: int) -> str:
    """A region's text: a tree of loops and conditions, of which each actor does the operations of its own channels.

    So every token that is put is taken, though the order can deadlock.
    """
    draw = random.Random(seed)
    count = draw.randint(2, 4)
    links = [ends(draw, count, number) for number in range(draw.randint(count - 1, count + 2))]
    tree = sequence(draw, range(len(links)), [], draw.randint(1, 3))
    lines = ["@sp.region()", "def net():"]
    for number in range(len(links)):
        width = draw.choice([32, 600])
        lines.append(f"    c{number}: Stream[Int({width}), {draw.choice([1, 2, 2, 3, 8])}][{PEERS}]")
    for actor in range(count):
        lines += [f"    @sp.kernel(mapping=[{PEERS}])", f"    def actor{actor}():", "        p = sp.get_pid()"]
        lines += text(draw, tree, links, actor, "        ") or ["        pass"]
    return "\n".join(lines) + "\n"


def ends(draw: random.Random, count: int, number: int) -> tuple[int, int]:
    """The writer and the reader of a channel; the first ones make a chain."""
    if number < count - 1:
        return number, number + 1
    first, second = draw.sample(range(count), 2)
    return (first, second) if draw.random() < 0.3 else (min(first, second), max(first, second))


def sequence(draw: random.Random, links: range, variables: list[str], depth: int) -> list[object]:
    """A list of statements."""
    return [statement(draw, links, variables, depth) for _ in range(draw.randint(1, 3))]


def statement(draw: random.Random, links: range, variables: list[str], depth: int) -> object:
    kind = draw.random()
    if depth > 0 and kind < 0.55:
        name = "ijklm"[len(variables)]
        head = f"for {name} in range({bounds(draw, variables)}"
        return "for", head, sequence(draw, links, [*variables, name], depth - 1)
    if depth > 0 and kind < 0.75:
        other = sequence(draw, links, variables, depth - 1) if draw.random() < 0.4 else []
        return "if", condition(draw, [*variables, "p"]), sequence(draw, links, variables, depth - 1), other
    return "use", draw.choice(links)


def bounds(draw: random.Random, variables: list[str]) -> str:
    plain = [f"{draw.randint(0, 6)}", f"{draw.randint(0, 2)}, {draw.randint(2, 6)}", f"0, {draw.randint(3, 9)}, 2"]
    if not variables:
        return draw.choice(plain)
    name = draw.choice(variables)
    return draw.choice([*plain, *plain, f"{name} + 1", f"{name}, 5", "p + 2"])


def condition(draw: random.Random, names: list[str]) -> str:
    """A comparison of loop variables and the PE, or two."""
    first, second = draw.choice(names), draw.choice(names)
    number = draw.randint(0, 4)
    single = [
        f"{first} == {number}",
        f"{first} < {number}",
        f"{first} >= {second}",
        f"{first} % 2 == p",
        f"({first} + {second}) % 3 != {number % 3}",
        f"{first} // 2 == {number}",
        f"{first} * 2 - {second} > 1",
    ]
    if draw.random() < 0.3:
        return f"{draw.choice(single)} {draw.choice(['and', 'or'])} not {draw.choice(single)}"
    return draw.choice(single)


def text(draw: random.Random, tree: list[object], links: list[tuple[int, int]], actor: int, indent: str) -> list[str]:
    """What an actor does of a tree; loops and conditions in which it does nothing may be left out."""
    lines: list[str] = []
    for node in tree:
        match node:
            case ("use", link):
                writer, reader = links[link]
                lines += [f"{indent}c{link}[p].put(1)"] if writer == actor else []
                lines += [f"{indent}c{link}[p].get()"] if reader == actor else []
            case ("for", head, body):
                inner = text(draw, body, links, actor, f"{indent}    ")
                pipelined = inner and not any("for " in line for line in inner)
                if inner or draw.random() < 0.3:
                    lines += [f"{indent}{head}{asked(draw) if pipelined else ''}):", *(inner or [f"{indent}    pass"])]
            case ("if", test, body, other):
                inner = text(draw, body, links, actor, f"{indent}    ")
                beside = text(draw, other, links, actor, f"{indent}    ")
                if inner or beside:
                    lines += [f"{indent}if {test}:", *(inner or [f"{indent}    pass"])]
                    lines += [f"{indent}else:", *beside] if beside else []
    return lines


def asked(draw: random.Random) -> str:
    """How a loop is asked to be pipelined; a latency that is surely enough."""
    style = draw.choice(["elastic", "rigid"])
    return draw.choice(
        ["", "", ", pipeline=False", f", pipeline=sp.Pipeline(latency={draw.randint(9, 12)}, style={style!r})"]
    )
