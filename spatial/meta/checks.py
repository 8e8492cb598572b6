"""Checks the form of meta statements, once for all PEs, before any of them is evaluated."""

import ast
from collections.abc import Callable, Iterator

from spatial.meta.blocks import nested_bodies
from spatial.meta.errors import BadMetaStatement, NotCompileTime, StrayBranch, UndefinedName, WordAssigned
from spatial.meta.names import suggestion
from spatial.meta.running import running
from spatial.meta.scope import Scope, meta_call, target_names
from spatial.source.report import Problem
from spatial.source.span import Span

__all__ = ["check_meta", "is_fatal"]

Spans = Callable[[ast.AST], Span]

RUNTIME_HINT = {
    "meta_if": "use `if`, which decides while the program runs",
    "meta_elif": "use `if`, which decides while the program runs",
    "meta_for": "use `range`, which counts while the program runs",
}


def check_meta(body: list[ast.stmt], scope: Scope, spans: Spans) -> list[Problem]:
    """What is wrong with the meta statements of a kernel's body."""
    return [*_check_body(body, scope, spans), *_check_bindings(body, scope, spans)]


def is_fatal(problem: Problem) -> bool:
    """Whether a problem leaves no way to tell what the PEs decide."""
    return isinstance(problem, BadMetaStatement | NotCompileTime | UndefinedName)


def _check_body(body: list[ast.stmt], scope: Scope, spans: Spans) -> Iterator[Problem]:
    before: str | None = None
    for statement in body:
        word = scope.word(statement)
        if word in ("meta_elif", "meta_else") and before not in ("meta_if", "meta_elif"):
            yield StrayBranch(word=word, span=spans(meta_call(statement) or statement))
        before = word
        yield from _check_head(statement, word, scope, spans)
        for inner in nested_bodies(statement):
            yield from _check_body(inner, scope, spans)


def _check_head(statement: ast.stmt, word: str | None, scope: Scope, spans: Spans) -> Iterator[Problem]:
    if word is None:
        yield from _check_misspelled(statement, scope, spans)
        yield from _check_position(statement, scope, spans)
        return
    call = meta_call(statement)
    assert call is not None, "a meta statement is headed by a call"
    if (problem := _check_form(statement, word, call, spans)) is not None:
        yield problem
        return
    for argument in call.args:
        yield from _check_known(argument, word, scope, spans)


def _check_misspelled(statement: ast.stmt, scope: Scope, spans: Spans) -> Iterator[Problem]:
    """A word of the language where it heads no statement of its own."""
    heads: list[ast.expr] = []
    match statement:
        case ast.With(items=items):
            heads = [item.context_expr for item in items]
        case ast.For(iter=head):
            heads = [head]
    for head in heads:
        called = isinstance(head, ast.Call)
        word = scope.marker_name(head.func if isinstance(head, ast.Call) else head)
        if word is None:
            continue
        form = f"for n in sp.{word}(4):" if word == "meta_for" else f"with sp.{word}(...):"
        if word == "meta_else":
            form = "with sp.meta_else():"
        title = f"`{word}` heads a statement of its own" if called else f"`{word}` is not called here"
        yield BadMetaStatement(title=title, span=spans(head), hint=f"write `{form}`")


def _check_position(statement: ast.stmt, scope: Scope, spans: Spans) -> Iterator[Problem]:
    """What `get_pid()` says is known before the program runs, so only names take it."""
    match statement:
        case ast.Assign(targets=[target], value=value) if scope.calls_pid(value) and not target_names(target):
            title, hint = "`get_pid()` is assigned to names", "write `i = sp.get_pid()`, then use `i`"
            yield BadMetaStatement(title=title, span=spans(target), label="this is no name", hint=hint)


def _check_form(statement: ast.stmt, word: str, call: ast.Call, spans: Spans) -> Problem | None:
    """What is wrong with how a meta statement is written."""
    least, most = {"meta_else": (0, 0), "meta_for": (1, 3)}.get(word, (1, 1))
    if call.keywords or not least <= len(call.args) <= most or any(isinstance(a, ast.Starred) for a in call.args):
        takes = {
            "meta_else": "no argument",
            "meta_for": "what `range` takes, or one compile-time sequence",
        }.get(word, "one argument, the condition")
        example = {"meta_else": "", "meta_for": "4"}.get(word, "i == 0")
        return BadMetaStatement(title=f"`{word}` takes {takes}", span=spans(call), hint=f"write `sp.{word}({example})`")
    match statement:
        case ast.For(orelse=[first, *_]):
            title = "a `meta_for` has no `else`"
            return BadMetaStatement(title=title, span=spans(first), hint="put the statements behind the loop")
        case ast.With(items=[ast.withitem(optional_vars=ast.expr() as name)]) if word != "meta_for":
            return BadMetaStatement(title=f"`{word}` has no value to name", span=spans(name), hint="leave `as` out")
        case ast.For(target=target) | ast.With(items=[ast.withitem(optional_vars=ast.expr() as target)]):
            if not target_names(target):
                title = "a `meta_for` binds a name, or a tuple of names"
                return BadMetaStatement(title=title, span=spans(target), hint="write `for n in sp.meta_for(4):`")
    return None


def _check_known(node: ast.expr, word: str, scope: Scope, spans: Spans) -> Iterator[Problem]:
    """The argument of a meta statement is evaluated before the program runs."""
    if scope.is_known(node):
        return
    what = "the condition of a meta branch" if word != "meta_for" else "the range of a `meta_for`"
    culprit = scope.first_running(node)
    if isinstance(culprit, ast.Name) and not scope.is_local(culprit.id):
        hint = suggestion(culprit.id, scope.local, scope.environment)
        yield UndefinedName(name=culprit.id, span=spans(culprit), hint=hint)
        return
    yield running(culprit, what, RUNTIME_HINT[word], scope, spans)


def _check_bindings(body: list[ast.stmt], scope: Scope, spans: Spans) -> Iterator[Problem]:
    """A name of the PE's position, or of a `meta_for`'s value, is bound once."""
    heads = list(_word_bindings(body, scope))
    for target, meaning in heads:
        for name in target_names(target):
            if name in scope.known:
                continue
            own = set(ast.walk(target))
            other = next((node for node in scope.stores[name] if node not in own), None)
            if other is not None:
                first, second = sorted((spans(target), spans(other)))
                meant = meaning if first == spans(target) else "assigned here"
                yield WordAssigned(name=name, meaning=meant, span=second, first=first)
                break


def _word_bindings(body: list[ast.stmt], scope: Scope) -> Iterator[tuple[ast.expr, str]]:
    for statement in body:
        match statement:
            case ast.Assign(targets=[target], value=value) if scope.calls_pid(value):
                yield target, "this PE's position"
            case ast.For(target=target) if scope.word(statement) == "meta_for":
                yield target, "a `meta_for` counts with it"
            case ast.With(items=[ast.withitem(optional_vars=ast.expr() as target)]) if scope.word(statement):
                yield target, "a `meta_for` counts with it"
        for inner in nested_bodies(statement):
            yield from _word_bindings(inner, scope)
