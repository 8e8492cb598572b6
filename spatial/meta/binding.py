"""Matches the arguments of a call with the parameters of the function."""

import ast
from collections.abc import Mapping

from spatial.meta.analysis import Role, parameters_of
from spatial.meta.errors import BadCall
from spatial.meta.library import Closure
from spatial.meta.sites import Operand, Site
from spatial.source.span import Span

__all__ = ["bind", "roles_of"]


def bind(closure: Closure, site: Site, span: Span) -> Mapping[str, Operand] | BadCall:
    """For each parameter that is given an argument, the argument; or what is wrong with the call at `span`."""
    definition = closure.definition
    name, given = definition.name, definition.text.node.args
    if given.vararg or given.kwarg:
        title = f"`{name}` takes any number of arguments"
        return BadCall(title=title, span=span, place=definition.text.name_span(), hint="give it a parameter for each")
    if any(isinstance(o.node, ast.Starred) or o.keyword == "**" for o in site.operands):
        return BadCall(title=f"`{name}` is called with `*`", span=span, hint="write the arguments out")
    positional = [argument.arg for argument in (*given.posonlyargs, *given.args)][len(closure.bound) :]
    unnamed = [operand for operand in site.operands if operand.keyword is None]
    named = {operand.keyword: operand for operand in site.operands if operand.keyword is not None}
    if len(unnamed) > len(positional):
        return _wrong(closure, f"takes {len(positional)} arguments by position, {len(unnamed)} are given", span)
    found = dict(zip(positional, unnamed, strict=False))
    accepted = {argument.arg for argument in (*given.args, *given.kwonlyargs)}
    for keyword, operand in named.items():
        if keyword not in accepted or keyword in found:
            return _wrong(closure, f"is given `{keyword}` twice" if keyword in found else f"takes no `{keyword}`", span)
        found[keyword] = operand
    for parameter in parameters_of(definition.text.node)[len(closure.bound) :]:
        if parameter not in found and parameter not in closure.defaults:
            return _wrong(closure, f"is not given `{parameter}`", span)
    return found


def roles_of(closure: Closure, bound: Mapping[str, Operand]) -> dict[str, Role]:
    """What each parameter is given, in their order."""
    varying = closure.definition.varying_defaults
    otherwise = {name: Role.VARYING if name in varying else Role.KNOWN for name in closure.definition.parameters}
    roles = {name: bound[name].role if name in bound else role for name, role in otherwise.items()}
    if closure.external is None:
        return roles
    return {name: Role.RUNNING if role in (Role.KNOWN, Role.VARYING) else role for name, role in roles.items()}


def _wrong(closure: Closure, why: str, span: Span) -> BadCall:
    definition = closure.definition
    head = ast.unparse(definition.text.node.args)
    title = f"`{definition.name}` {why}"
    return BadCall(title=title, span=span, place=definition.text.name_span(), hint=f"its parameters are ({head})")
