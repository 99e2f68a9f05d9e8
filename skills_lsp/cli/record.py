"""``skills-lsp record``: stages and phases that something else has run."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from skills_lsp.app.operations import record_phase, record_stage
from skills_lsp.cli.groups import Group
from skills_lsp.cli.recording import context_here, folder_name, read_junit, recorded
from skills_lsp.domain.gate import GATE_PHASES
from skills_lsp.errors import UsageError

_SECONDS = click.FloatRange(min=0)


@click.group("record", cls=Group)
def command() -> None:
    """Record what was run elsewhere: by a pipeline, or by a quality gate.

    While the database cannot be written, that is one line on standard error and exit code 0: no
    build breaks by it.
    """


@command.command("crackerjack")
@click.argument("phase", metavar="PHASE")
@click.argument("tool")
@click.option("--ok/--failed", "ok", default=None, help="How it ended.")
@click.option("--duration", type=_SECONDS, help="How long it took, in seconds.")
@click.option("--error", default="", help="Why it failed, in one line.")
@click.option("--run", default="", help="Id of this run of the gate; without it, the day.")
@click.option("--project", help="Name of the project; without it, of this folder.")
def crackerjack(
    phase: str,
    tool: str,
    ok: bool | None,
    duration: float | None,
    error: str,
    run: str,
    project: str | None,
) -> None:
    """Record a tool's turn in a phase of Crackerjack, and say what to try when it failed.

    PHASE is fast_hooks, tests, comprehensive_hooks or ai_fix. TOOL is what ran, like ruff-check.
    """
    if ok is None:
        raise UsageError("no-outcome", "Say how it ended: --ok or --failed.")
    if phase not in GATE_PHASES:
        phase = _known_phase(phase)
    params = record_phase.Params(
        phase, tool, ok, duration, error, run, project=project or folder_name()
    )
    result = recorded(lambda app: record_phase.op(app, params))
    if result is not None:
        click.echo(result.message)


def _known_phase(phase: str) -> str:
    """Return a phase in Crackerjack's spelling, or say which there are."""
    name = phase.strip().lower().replace("-", "_")
    if name not in GATE_PHASES:
        known = ", ".join(GATE_PHASES)
        raise UsageError("unknown-phase", f"There is no phase {phase!r}.", f"There are: {known}.")
    return name


@command.command("ci")
@click.option("--stage", help="build, test, lint, security, deploy, publish, or your own.")
@click.option("--skill", required=True, help="The skill that did its work, like pytest-run.")
@click.option("--ok/--failed", "ok", default=None, help="How it ended.")
@click.option("--exit-code", type=int, help="How it ended, by the exit code of its command.")
@click.option(
    "--junit",
    type=click.Path(path_type=Path),
    multiple=True,
    help="How it ended, by its JUnit XML. May be given several times.",
)
@click.option("--duration", type=_SECONDS, help="How long it took, in seconds.")
@click.option("--error", default="", help="Why it failed, in one line.")
@click.option("--pipeline", help="Name of the pipeline; else as the CI has it.")
@click.option("--build", help="Number of the build; else as the CI has it.")
@click.option("--commit", help="The commit that was built; else as the CI has it.")
@click.option("--branch", help="Its branch; else as the CI has it.")
@click.option("--environment", help="Where it was deployed to.")
@click.option("--trigger", help="What started the build; else as the CI has it.")
@click.option("--project", help="Name of the project; else as the CI has it.")
def ci(
    stage: str | None,
    skill: str,
    ok: bool | None,
    exit_code: int | None,
    junit: tuple[Path, ...],
    duration: float | None,
    error: str,
    **build: str | None,
) -> None:
    """Record a stage of a pipeline that has ended.

    In GitHub Actions, GitLab CI and Jenkins the build is known by itself. How the stage ended is
    said by --ok or --failed, by --exit-code, or by the --junit file of its tests.
    """
    tests = read_junit(junit)
    if ok is None and exit_code is None and tests is None:
        raise UsageError("no-outcome", "Say how it ended: --ok, --failed, --exit-code or --junit.")
    is_good = ok if ok is not None else not exit_code and not (tests and tests.n_failed)
    params = stage_params(stage, skill, build)
    params = replace(
        params,
        status="passed" if is_good else "failed",
        duration_seconds=duration
        if duration is not None or tests is None
        else tests.duration_seconds,
        exit_code=exit_code,
        n_tests=tests.n_tests if tests else None,
        n_failed_tests=tests.n_failed if tests else None,
        error=error or (tests.first_failure if tests else ""),
    )
    result = recorded(lambda app: record_stage.op(app, params))
    if result is not None:
        click.echo(result.message)


def stage_params(stage: str | None, skill: str, given: dict[str, Any]) -> record_stage.Params:
    """Return a stage of the present build: what is not given is what the CI says."""
    here = context_here()
    named = stage or here.stage
    if not named:
        raise UsageError("no-stage", "Say which stage it is: --stage test.")
    return record_stage.Params(
        pipeline=given["pipeline"] or here.build.pipeline,
        build_number=given["build"] or here.build.number,
        stage=named,
        skill=skill,
        project=given["project"] or here.build.project,
        commit=given["commit"] or here.build.commit,
        branch=given["branch"] or here.build.branch,
        environment=given["environment"] or here.build.environment,
        trigger=given["trigger"] or here.build.trigger,
        provider=here.build.provider,
        url=here.build.url,
    )
