"""How a command ends: what it prints, and its exit status."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import click

from spatial.build.arguments import BadArgument
from spatial.cli.output import as_json as to_json
from spatial.cli.output import problem_fields
from spatial.source.errors import InternalError, ProgramError, ToolError
from spatial.source.render import render_all
from spatial.source.report import Problem, Report

__all__ = ["STOPPED", "WRONG", "Outcome", "concluded"]

CLICK = Path(click.__file__).parent
WRONG = 1
STOPPED = 130


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a command found out: `text` for people, `fields` for programs, `problems` for both."""

    region: str | None = None
    text: str = ""
    problems: tuple[Report, ...] = ()
    fields: Mapping[str, object] = field(default_factory=dict)
    status: int = 0


def concluded(command: Callable[[], Outcome], *, as_json: bool) -> None:
    """Runs a command, prints what it found, and ends the process with its status.

    Problems go to the standard error; with `as_json` everything goes to the standard output.
    """
    outcome = _outcome(command)
    if as_json:
        problems = [problem_fields(report) for report in outcome.problems]
        click.echo(to_json({"region": outcome.region, **outcome.fields, "problems": problems}))
    else:
        if outcome.text:
            click.echo(outcome.text)
        if outcome.problems:
            click.echo(render_all(outcome.problems), err=True)
    click.get_current_context().exit(outcome.status)


def _outcome(command: Callable[[], Outcome]) -> Outcome:
    """The outcome, also where something is raised; only a wrong command line passes as an exception."""
    try:
        return command()
    except ProgramError as error:
        if all(isinstance(problem, BadArgument) or _is_of_command(problem) for problem in error.problems):
            raise click.UsageError(_told(error)) from error
        return Outcome(problems=tuple(problem.report() for problem in error.problems), status=WRONG)
    except KeyboardInterrupt:
        click.echo("stopped by Ctrl-C", err=True)
        return Outcome(status=STOPPED)
    except ToolError as error:
        raise click.ClickException(str(error)) from error
    except InternalError as error:
        raise click.ClickException(f"this is our mistake, please report it: {error}") from error
    except (click.ClickException, click.exceptions.Exit):
        raise
    except Exception as error:
        told = f"{type(error).__name__}: {error}"
        raise click.ClickException(f"this is our mistake, please report it: {told}") from error


def _is_of_command(problem: Problem) -> bool:
    """Whether a problem lies in how we were called, which the command line did."""
    return CLICK in Path(problem.report().primary.span.file).parents


def _told(error: ProgramError) -> str:
    """Problems of the command line, which have no place in a file."""
    reports = [problem.report() for problem in error.problems]
    return "\n".join(f"{report.title}; {report.hint}" if report.hint else report.title for report in reports)
