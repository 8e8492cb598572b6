"""The package keeps its shape: `MAY_IMPORT` is the table of its layers."""

import ast
import importlib
import inspect
import re
from fnmatch import fnmatch
from graphlib import TopologicalSorter
from pathlib import Path
from types import ModuleType

import pytest

HOME = Path(__file__).parents[1]
ROOT = HOME / "spatial"

LANGUAGE = "meta stream kernel region"
BASE = "source types device ir analysis"
MAY_IMPORT = {
    "source": "",
    "types": "source",
    "device": "source types",
    "ir": "source types",
    "meta": "source types",
    "stream": "source types ir",
    "kernel": "source types ir meta stream",
    "region": "source types ir meta stream kernel",
    "analysis": "source types device ir",
    "schedule": "source types ir analysis",
    "customize": f"source types ir {LANGUAGE} schedule",
    "lower": BASE,
    "sim": f"{BASE} lower",
    "verify": f"{BASE} lower sim",
    "viz": "source types ir sim lower",
    "nn": f"source types {LANGUAGE} customize",
    "build": f"{BASE} {LANGUAGE} schedule customize lower sim verify viz",
    "cli": f"{BASE} {LANGUAGE} schedule customize lower sim verify viz nn build",
}
BINDINGS = {"mlir", "torch_mlir"}
PACKAGED = sorted(ROOT.rglob("*/*.py"))
OURS = sorted(path for folder in ("spatial", "tests", "examples") for path in (HOME / folder).rglob("*.py"))


def name(path: Path) -> str:
    return str(path.relative_to(HOME))


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(HOME).with_suffix("").parts).removesuffix(".__init__")


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(tree: ast.AST) -> list[tuple[ast.stmt, str]]:
    """Every import statement with the dotted name it reaches."""
    found: list[tuple[ast.stmt, str]] = []
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                found += [(node, alias.name) for alias in node.names]
            case ast.ImportFrom(level=0, module=str(module)):
                found.append((node, module))
            case ast.ImportFrom():
                found.append((node, "."))
    return found


def complaint(node: ast.stmt, target: str, package: str) -> str | None:
    """Why this import is not ours to make, if it is not."""
    match target.split("."):
        case ["", ""]:
            return "relative import"
        case ["spatial"]:
            return "imports the facade"
        case ["spatial", *_] if isinstance(node, ast.Import):
            return f"`import {target}` (write `from {target} import ...`)"
        case ["spatial", *_] if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
            return "starred import"
        case ["spatial", *_] if node.col_offset:
            return "import of ours below module level"
        case ["spatial", other, *_] if other not in {package, *MAY_IMPORT.get(package, "").split()}:
            return f"`{package}` may not import `{other}`"
    return None


def listing_order(public: str) -> tuple[int, list[str | int]]:
    """Constants, then types, then the rest; numbers by value: the order in which `ruff` keeps `__all__`."""
    kind = 0 if len(public) > 1 and public.isupper() else 1 if public[0].isupper() else 2
    return kind, [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", public)]


def is_described(public: str, value: object) -> bool:
    """Whether it needs no docstring or has its own; a dataclass without one is given its signature."""
    if not (inspect.isclass(value) or inspect.isroutine(value)):
        return True
    return bool(value.__doc__) and not str(value.__doc__).startswith(f"{public}(")


def facade() -> ModuleType:
    if not (ROOT / "__init__.py").exists():
        pytest.skip("no facade yet")
    return importlib.import_module("spatial")


def test_every_package_is_in_the_table():
    assert {path.relative_to(ROOT).parts[0] for path in PACKAGED} <= MAY_IMPORT.keys()


@pytest.mark.parametrize("path", PACKAGED, ids=name)
def test_imports_point_down(path):
    package = path.relative_to(ROOT).parts[0]
    wrong = [
        f"{path}:{node.lineno}: {why}"
        for node, target in imports(parse(path))
        if (why := complaint(node, target, package))
    ]
    assert not wrong, "\n".join(wrong)


def test_the_table_has_no_cycle():
    TopologicalSorter({package: below.split() for package, below in MAY_IMPORT.items()}).prepare()


def test_modules_have_no_cycle():
    TopologicalSorter({dotted(path): {target for _, target in imports(parse(path))} for path in PACKAGED}).prepare()


def test_one_module_imports_the_bindings():
    importers = {name(path) for path in OURS for _, target in imports(parse(path)) if target.split(".")[0] in BINDINGS}
    assert importers <= {"spatial/ir/mlir.py"}


def test_every_folder_of_tests_is_run(pytestconfig):
    names = {path.name for path in (HOME / "tests").rglob("*") if path.is_dir()} - {"__pycache__"}
    left_out = [name for name in names for each in pytestconfig.getini("norecursedirs") if fnmatch(name, each)]
    assert not left_out


@pytest.mark.parametrize("path", OURS, ids=name)
def test_files_stay_below_400_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400, "there are usually two modules in it"


@pytest.mark.parametrize("path", PACKAGED, ids=name)
def test_modules_say_what_they_are_for(path):
    assert ast.get_docstring(parse(path)), "no module docstring"


@pytest.mark.parametrize("path", PACKAGED, ids=name)
def test_all_lists_what_exists(path):
    module = importlib.import_module(dotted(path))
    missing = [public for public in getattr(module, "__all__", ()) if not hasattr(module, public)]
    assert not missing


def test_the_facade_lists_its_names_in_order():
    names = list(facade().__all__)
    assert names == sorted(set(names), key=listing_order)


def test_the_facade_describes_what_it_lists():
    module = facade()
    assert not [public for public in module.__all__ if not is_described(public, getattr(module, public))]
