"""Names of C++ that do not clash."""

import re

__all__ = ["Names", "identifier"]

WORDS = """
    alignas alignof and and_eq asm auto bitand bitor bool break case catch char char16_t char32_t class compl const
    const_cast constexpr continue decltype default delete do double dynamic_cast else enum explicit export extern false
    float for friend goto if inline int long mutable namespace new noexcept not not_eq nullptr operator or or_eq private
    protected public register reinterpret_cast return short signed sizeof static static_assert static_cast struct switch
    template this thread_local throw true try typedef typeid typename union unsigned using virtual void volatile wchar_t
    while xor xor_eq half hls std spatial main assert NULL EOF NAN INFINITY
    within least greatest absolute minimum maximum window floor_div floor_mod to_integer
"""
RESERVED = frozenset(WORDS.split())


def identifier(text: str) -> str:
    """A name of C++ made from any text."""
    name = re.sub(r"\W+", "_", text, flags=re.ASCII).strip("_") or "value"
    return f"n_{name}" if name[0].isdigit() else name


class Names:
    """The names in use, in scopes inside each other: a name that a scope gave is free again when it is closed."""

    def __init__(self) -> None:
        self._scopes: list[set[str]] = [set(RESERVED)]

    def fresh(self, text: str) -> str:
        """A name like this one that nothing visible has; it is visible from here on."""
        base = identifier(text)
        name, number = base, 1
        while any(name in scope for scope in self._scopes):
            number += 1
            name = f"{base}_{number}"
        self._scopes[-1].add(name)
        return name

    def fresh_everywhere(self, text: str) -> str:
        """A name that is visible in all scopes."""
        name = self.fresh(text)
        self._scopes[0].add(name)
        return name

    def release(self, name: str) -> None:
        """Takes back a name that was not needed after all."""
        self._scopes[-1].discard(name)

    def enter(self) -> None:
        """Opens a scope."""
        self._scopes.append(set())

    def leave(self) -> None:
        """Closes the scope."""
        self._scopes.pop()
