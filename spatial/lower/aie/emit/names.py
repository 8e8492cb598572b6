"""What things are called in a module: the user's names, as far as the format takes them."""

import re
from dataclasses import dataclass, field

__all__ = ["Names"]

OTHER = re.compile(r"\W+")


@dataclass(slots=True)
class Names:
    """Symbols of a module, each of one thing."""

    known: dict[object, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=lambda: {"main", "sequence"})

    def of(self, thing: object, wish: str) -> str:
        """The symbol of a thing, as close to what it wishes as is free."""
        if thing not in self.known:
            self.known[thing] = self.fresh(wish)
        return self.known[thing]

    def fresh(self, wish: str) -> str:
        """A symbol that nothing else has."""
        base = OTHER.sub("_", wish).strip("_") or "value"
        name, number = base, 1
        while name in self.taken:
            number += 1
            name = f"{base}_{number}"
        self.taken.add(name)
        return name
