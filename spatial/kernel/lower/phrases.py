"""What pieces of Python that are not in the language are called, and what to write instead."""

import ast
from dataclasses import dataclass

__all__ = ["Phrase", "phrase_of"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A name for a piece of Python, and a hint."""

    what: str
    hint: str = ""


ACTORS = "actors run at the same time by themselves: leave `async` out"
IMPORT = "import at the top of the file"
SHARE = "hand values to other kernels through streams"
COLLECTION = "use an array, as in `x: int32[4]`"
COMPREHENSION = Phrase("a comprehension over running values", "write a `for` loop that stores into an array")
TRY = Phrase("`try`", "leave it out: nothing raises an exception while the program runs")

PHRASES: dict[type[ast.AST], Phrase] = {
    ast.AsyncFor: Phrase("`async for`", ACTORS),
    ast.AsyncFunctionDef: Phrase("`async def`", ACTORS),
    ast.AsyncWith: Phrase("`async with`", ACTORS),
    ast.ClassDef: Phrase("a class inside a kernel", "define it in front of the region, under `@sp.struct`"),
    ast.Delete: Phrase("`del`", "leave it out: a local costs nothing where it is not used"),
    ast.FunctionDef: Phrase("a function that is decorated or defined twice", "write a plain `def` of another name"),
    ast.Global: Phrase("`global`", SHARE),
    ast.Import: Phrase("`import`", IMPORT),
    ast.ImportFrom: Phrase("`import`", IMPORT),
    ast.Match: Phrase("`match`", "write `if` and `elif`"),
    ast.Nonlocal: Phrase("`nonlocal`", SHARE),
    ast.Raise: Phrase("`raise`", 'write `assert condition, "message"`, which ends the run'),
    ast.Try: TRY,
    ast.TryStar: TRY,
    ast.With: Phrase("a `with` that is no meta statement", "leave it out: `with` heads `sp.meta_if(...)` and its like"),
    ast.Attribute: Phrase("an attribute of a running value", "only structs have fields, under `@sp.struct`"),
    ast.Await: Phrase("`await`", ACTORS),
    ast.Dict: Phrase("a dictionary of running values", COLLECTION),
    ast.DictComp: COMPREHENSION,
    ast.GeneratorExp: COMPREHENSION,
    ast.JoinedStr: Phrase("a formatted string", '`print(f"...")` and `assert` take one'),
    ast.Lambda: Phrase("a `lambda` as a value of the program", "give it a name, `f = lambda x: x + 1`, and call that"),
    ast.List: Phrase("a list of running values", COLLECTION),
    ast.ListComp: COMPREHENSION,
    ast.NamedExpr: Phrase("`:=`", "assign on a line of its own"),
    ast.Set: Phrase("a set of running values", COLLECTION),
    ast.SetComp: COMPREHENSION,
    ast.Slice: Phrase("a slice where one index is needed", "write one number: `x[k]`"),
    ast.Starred: Phrase("`*` in front of a value", "write the values out"),
    ast.Yield: Phrase("`yield`", "`put` tokens into a stream instead"),
    ast.YieldFrom: Phrase("`yield from`", "`put` tokens into a stream instead"),
}


def phrase_of(node: ast.AST) -> Phrase:
    """What the user calls a piece of Python."""
    return PHRASES.get(type(node), Phrase(f"this piece of Python ({type(node).__name__})"))
