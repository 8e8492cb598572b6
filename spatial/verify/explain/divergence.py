"""Finds the first operation of a program that another one does not have, below an element that differs."""

from collections.abc import Collection, Iterator, Mapping

import numpy as np

from spatial.ir.graph import element_name
from spatial.types.tensor import shape_of
from spatial.verify.counterexample import Divergence, Unwritten
from spatial.verify.domain import Words
from spatial.verify.explain.expression import Expression, written
from spatial.verify.explain.instrumented import array_name
from spatial.verify.explain.recorded import Wanted
from spatial.verify.explain.trail import Step, Trail, trail_of
from spatial.verify.rewrite import Symbolic
from spatial.verify.work import Work

__all__ = ["Teller", "first_apart"]

TRAILS = 4  # actors of a program that are run again for what they compute


class Leaves:
    """The first words of the tokens that an array begins with, in an order in which each is found soon."""

    def __init__(self, words: Words) -> None:
        self.order = np.argsort(words, kind="stable")
        self.words = words[self.order]

    def place(self, token: int) -> int | None:
        """The first element that begins with a token."""
        at = int(np.searchsorted(self.words, token))
        return int(self.order[at]) if at < len(self.words) and self.words[at] == token else None


class Teller:
    """One of the two programs, which is run again to tell how a token was made.

    `trails` are what actors have written down so far, `leaves` the tokens of parameters by name.
    """

    def __init__(self, work: Work, program: Symbolic) -> None:
        memory = work.memory(program.flow)
        self.work = work
        stride = work.domain.words
        self.leaves = {own: Leaves(words[::stride]) for own, words in memory.items() if isinstance(words, np.ndarray)}
        self.constants = dict(program.constants)
        self.unwritten = program.unwritten
        self.trails: list[Trail] = []

    def follow(self, root: int) -> dict[int, Step]:
        """All that a token is made of, operands before what they are used for."""
        while True:
            found, missing = self._known(root)
            if missing is None or len(self.trails) >= TRAILS or not self._record(missing):
                return found

    def _known(self, root: int) -> tuple[dict[int, Step], int | None]:
        """What a token is made of as far as it is written down, and the last token of those that are not."""
        found: dict[int, Step] = {}
        missing: int | None = None
        waiting: list[tuple[int, Step | None]] = [(root, None)]
        seen: set[int] = set()
        while waiting:
            token, done = waiting.pop()
            if done is not None:
                found[token] = done
                continue
            if token in seen:
                continue
            seen.add(token)
            step = self._step(token)
            if step is not None:
                waiting.append((token, step))
                waiting += [(each, None) for each in reversed(step.operands)]
            elif self.name(token) is None:
                missing = token
        return found, missing

    def _step(self, token: int) -> Step | None:
        steps = (trail.step(token) for trail in self.trails)
        return next((step for step in steps if step is not None), None)

    def _record(self, token: int) -> bool:
        """Has the actor write down that makes a token; whether there is one."""
        actor = self._maker(token)
        if actor is None or any(trail.actor == actor for trail in self.trails):
            return False
        program, ran = self.work.run(Wanted(token=token, actor=actor))
        self.constants |= program.constants
        self.trails.append(trail_of(actor, program.sites, ran.arrays[array_name(actor)]))
        return True

    def _maker(self, token: int) -> str | None:
        """The actor that makes a token."""
        actors = [actor.name for actor in self.work.side.graph.actors]
        if len(actors) == 1:
            return actors[0]
        _, ran = self.work.run(Wanted(token=token))
        return next((name for name in actors if ran.arrays[array_name(name)][0]), None)

    def name(self, token: int) -> str | None:
        """What a token is called that nobody has made: an element of a parameter, or a number."""
        if token in self.constants:
            return repr(self.constants[token])
        if token in self.unwritten or token == int(self.work.domain.poison(self.work.label)[0]):
            return "uninitialised"
        for name, leaves in self.leaves.items():
            if (place := leaves.place(token)) is not None:
                shape = shape_of(self.work.side.graph.memory_types[name])
                return element_name(name, tuple(map(int, np.unravel_index(place, shape))))
        return None

    def expression(self, token: int, steps: Mapping[int, Step], depth: int = 6) -> Expression:
        """What a token is made of, as far as it will be shown."""
        step = steps.get(token)
        if step is None or depth == 0:
            return Expression(name=self.name(token) or "...")
        if step.value is not None:
            return Expression(name=repr(step.value))
        return Expression(
            name=step.name, operands=tuple(self.expression(each, steps, depth - 1) for each in step.operands)
        )

    def never_written(self, root: int) -> tuple[Unwritten | None, Divergence | None]:
        """The memory that a token depends on and nothing was written to, and the first operation on what it holds."""
        steps = self.follow(root)
        for token, step in steps.items():
            for each in step.operands:
                if each in self.unwritten:
                    return self.unwritten[each], self.divergence(step, token, steps)
        return self.unwritten.get(root), None

    def divergence(self, step: Step, token: int, steps: Mapping[int, Step]) -> Divergence:
        return Divergence(
            program=self.work.side.name,
            actor=step.actor,
            iteration=step.iteration,
            expression=written(self.expression(token, steps)),
            span=step.span,
        )


def first_apart(one: Teller, other: Teller, tokens: tuple[int, int]) -> tuple[Divergence | None, Divergence | None]:
    """The first operations below two tokens, each of which the other program does not have."""
    here, there = one.follow(tokens[0]), other.follow(tokens[1])
    return _first(one, here, there), _first(other, there, here)


def _first(teller: Teller, steps: Mapping[int, Step], others: Collection[int]) -> Divergence | None:
    for token, step in _only_here(steps, others):
        return teller.divergence(step, token, steps)
    return None


def _only_here(steps: Mapping[int, Step], others: Collection[int]) -> Iterator[tuple[int, Step]]:
    """Operations whose operands the other program has too, or that nobody makes."""
    for token, step in steps.items():
        shared = all(_is_shared(each, steps, others) for each in step.operands)
        if token not in others and step.value is None and shared:
            yield token, step


def _is_shared(token: int, steps: Mapping[int, Step], others: Collection[int]) -> bool:
    """Whether the other program has a token too, or nobody makes it."""
    return token in others or token not in steps or steps[token].value is not None
