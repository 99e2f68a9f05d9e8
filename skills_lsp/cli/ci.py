"""``skills-lsp ci``: a pipeline's command, recorded as a stage."""

import signal
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from skills_lsp.app.app import utc_now
from skills_lsp.app.operations import record_stage
from skills_lsp.cli.groups import Group
from skills_lsp.cli.record import stage_params
from skills_lsp.cli.recording import read_junit, recorded
from skills_lsp.domain.invocation import Status
from skills_lsp.errors import SkillsError
from skills_lsp.runner.results.junit import Totals
from skills_lsp.runner.through import NOT_FOUND, Passage, run_through

_CANCELLED = frozenset({signal.SIGINT, signal.SIGTERM})
_SLACK_SECONDS = 2.0  # file systems keep times to a second or two


@click.group("ci", cls=Group)
def command() -> None:
    """Wrap the commands of a pipeline, so that its report says what fails and what takes long."""


@command.command("run", context_settings={"allow_interspersed_args": False})
@click.option("--stage", help="build, test, lint, security, deploy, publish; else the CI's job.")
@click.option("--skill", help="The skill that does its work; else the name of the command.")
@click.option(
    "--junit",
    type=click.Path(path_type=Path),
    multiple=True,
    help="JUnit XML that the command writes: its tests are counted. May be given several times.",
)
@click.option("--pipeline", help="Name of the pipeline; else as the CI has it.")
@click.option("--build", help="Number of the build; else as the CI has it.")
@click.option("--commit", help="The commit that is built; else as the CI has it.")
@click.option("--branch", help="Its branch; else as the CI has it.")
@click.option("--environment", help="Where it is deployed to.")
@click.option("--trigger", help="What started the build; else as the CI has it.")
@click.option("--project", help="Name of the project; else as the CI has it.")
@click.argument("argv", metavar="-- COMMAND...", nargs=-1, required=True, type=click.UNPROCESSED)
def run(
    stage: str | None,
    skill: str | None,
    junit: tuple[Path, ...],
    argv: tuple[str, ...],
    **build: str | None,
) -> None:
    """Run a command as it is, and record it as a stage of this build.

    Its output, its signals and its exit code are its own. Recording never breaks the build: what
    cannot be recorded is one line on standard error. Outside a CI the pipeline is "local", and a
    day is a build.
    """
    params = stage_params(stage, skill or Path(argv[0]).name, build)
    began_at = utc_now()
    passage = run_through(argv)
    if passage.refusal:
        click.echo(f"skills-lsp: {passage.refusal}", err=True)
    try:
        _record(replace(params, started_at=began_at.isoformat()), passage, junit, began_at)
    except SkillsError as error:
        click.echo(f"skills-lsp: not recorded: {error}", err=True)
    # Whatever it is, also a second Ctrl+C, it is no reason to break a build.
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001
        click.echo(f"skills-lsp: not recorded: {type(error).__name__}: {error}", err=True)
    sys.exit(passage.exit_code)


def _record(
    params: record_stage.Params, passage: Passage, junit: tuple[Path, ...], began_at: datetime
) -> None:
    tests = _own_tests(junit, began_at)
    full = replace(
        params,
        status=_status(passage).value,
        duration_seconds=passage.duration_seconds,
        exit_code=passage.exit_code,
        n_tests=tests.n_tests if tests else None,
        n_failed_tests=tests.n_failed if tests else None,
        error=_error(passage, tests),
    )
    recorded(lambda app: record_stage.op(app, full))


def _own_tests(junit: tuple[Path, ...], began_at: datetime) -> Totals | None:
    """Return what the command's JUnit files say; one of an earlier run says nothing."""
    oldest = began_at.timestamp() - _SLACK_SECONDS
    fresh = tuple(it for it in junit if it.is_file() and it.stat().st_mtime >= oldest)
    for path in junit:
        if path not in fresh:
            click.echo(
                f"skills-lsp: the command wrote no {path}; its tests go uncounted.", err=True
            )
    try:
        return read_junit(fresh)
    except SkillsError as error:
        click.echo(f"skills-lsp: tests go uncounted: {error}", err=True)
        return None


def _status(passage: Passage) -> Status:
    if passage.refusal:
        return Status.MISSING_TOOL if passage.exit_code == NOT_FOUND else Status.ERROR
    if passage.signal is not None:
        return Status.CANCELLED if passage.signal in _CANCELLED else Status.ERROR
    return Status.FAILED if passage.exit_code else Status.PASSED


def _error(passage: Passage, tests: Totals | None) -> str:
    if passage.refusal:
        return passage.refusal
    if passage.signal is not None:
        return f"ended by {_name_of(passage.signal)}"
    if not passage.exit_code:
        return ""
    return (tests.first_failure if tests else "") or f"exit code {passage.exit_code}"


def _name_of(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # a real-time signal has none
        return f"signal {number}"
