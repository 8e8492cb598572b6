"""`spatial build --target aie`: a project for the tools of an NPU."""

from collections.abc import Mapping
from pathlib import Path

import click

from spatial.build.aie.module import compile_aie
from spatial.cli.load import load_program, of_user
from spatial.cli.outcome import Outcome, concluded
from spatial.cli.output import report_fields
from spatial.device.model import Device
from spatial.device.npu import Npu
from spatial.lower.hls.project.folder import check_folder

__all__ = ["build_for_npu"]


def build_for_npu(
    target: str, device: Device | Npu | None, output: Path | None, depths: Mapping[str, int], *, as_json: bool
) -> None:
    """Places a program on an NPU and writes the project into a folder; raises `click.UsageError` without one."""
    if device is not None and not isinstance(device, Npu):
        raise click.UsageError(f"--target aie is for an NPU, not for {device.title}: write --device npu1")
    if output is None:
        raise click.UsageError("say where to write the project: -o DIR")

    def built() -> Outcome:
        check_folder(output.resolve())
        program = load_program(target)
        with of_user():
            made = compile_aie(program, device, depths)
        project = made.export(output)
        text = f"{made.report}\nwritten to {project.path}: `make check` there runs it on an NPU"
        return Outcome(
            region=made.name,
            text=text,
            problems=tuple(note.report() for note in made.notes),
            fields={"project": {"path": str(project.path)}, "report": report_fields(made.report)},
        )

    concluded(built, as_json=as_json)
