"""Where the tokens that a mover gets end up in arrays."""

from collections.abc import Mapping

import numpy as np

from spatial.lower.aie.movers.tokens import BASE, Maker, Numbers, Tokens
from spatial.lower.aie.movers.tracing import Traced

__all__ = ["stored"]


def stored(moves: Traced, sizes: Mapping[int, int]) -> dict[int, Tokens] | str:
    """For each channel whose tokens go into arrays, by position, where; or why no DMA writes them so.

    `sizes` are how many elements a token of each channel has. The reason goes on from "it".
    """
    if not moves.stores:
        return {}
    targets = np.concatenate([each.targets + (array << BASE) for array, each in moves.stores.items()])
    sources = np.concatenate([each.sources for each in moves.stores.values()])
    if np.any(np.diff(np.sort(targets)) == 0):
        return "writes an element twice"
    order = np.argsort(sources, kind="stable")
    sources, targets = sources[order], targets[order]
    if np.any(sources[1:] == sources[:-1]):
        return "writes an element of a token to two places"
    found: dict[int, Tokens] = {}
    for channel, count in moves.gets.items():
        places = targets[sources >> BASE == channel]
        if len(places):
            if len(places) < count * sizes[channel]:
                return "leaves out a part of what it gets"
            found[channel] = _tokens(places, sizes[channel])
    return found


def _tokens(places: Numbers, size: int) -> Tokens:
    maker = Maker(size)
    maker.add(places)
    return maker.made()
