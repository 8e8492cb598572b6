"""What all tests share."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("shared", deadline=None)  # how long a case takes depends on what else the machine does
settings.load_profile("shared")

Golden = Callable[[str, str | Path], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write golden files instead of comparing with them")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compares a text with a file in `golden/` beside the test, or with the file at an absolute path."""
    folder = request.path.parent / "golden"
    update = bool(request.config.getoption("--update-golden"))

    def compare(text: str, file: str | Path) -> None:
        path = folder / file
        if update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.exists(), f"{path} is missing: run with --update-golden, then read it"
        assert text == path.read_text(encoding="utf-8"), f"differs from {path}"

    return compare
