"""Kernels of the language, as the analysis is given them."""

from spatial.analysis.dependence.accesses import Access
from spatial.analysis.dependence.dependence import Dependence
from spatial.analysis.dependence.dependences import Dependences
from spatial.ir.function import kernels
from spatial.region.program import compile_region

MODULES = []  # a function does not keep its module alive


def dependences_of(region, kernel: int = 0) -> Dependences:
    """The dependences of one of the kernels of a region."""
    module = compile_region(region).module
    MODULES.append(module)
    return Dependences.of(kernels(module)[kernel])


def accesses_of(dependences: Dependences, name: str) -> list[Access]:
    """The accesses to an array or channel of a name, in the order of the text."""
    return [access for access in dependences.accesses if access.resource.name == name]


def between(dependences: Dependences, name: str) -> list[Dependence]:
    """The dependences on an array or channel of a name."""
    return [each for each in dependences.all if each.source.resource.name == name]


def kinds(dependences: Dependences, name: str) -> list[tuple[str, tuple[int | None, ...]]]:
    """Their kinds and distances."""
    return [(each.kind, each.distance) for each in between(dependences, name)]
