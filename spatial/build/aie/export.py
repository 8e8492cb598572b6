"""Exports a placed design as a project for the NPU's tools."""

from dataclasses import dataclass
from pathlib import Path

from spatial.build.aie.placed import Placed
from spatial.lower.aie.project.files import project_files
from spatial.lower.hls.project.folder import check_folder, write_folder

__all__ = ["AieProject", "export_project"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AieProject:
    """An exported folder: `make` in it builds the design, `make check` runs it on the NPU."""

    path: Path
    name: str


def export_project(made: Placed, path: Path) -> AieProject:
    """Writes the project, whole or not at all; the content is the same for the same design."""
    check_folder(path.resolve())
    write_folder(path, project_files(made.design, made.mapped, made.placement, made.kept))
    return AieProject(path=path.resolve(), name=made.program.graph.name)
