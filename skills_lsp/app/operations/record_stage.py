"""Record a stage of a pipeline that was run: of which build, how it ended, how long it took."""

from dataclasses import dataclass

from skills_lsp.app.app import App
from skills_lsp.app.recording import begun_at, record
from skills_lsp.domain.invocation import Status
from skills_lsp.domain.pipeline import Build, StageRun, stage_phase
from skills_lsp.errors import UsageError
from skills_lsp.store import pipelines

_ENDS = tuple(it.value for it in Status if it not in (Status.RUNNING, Status.HANDED_OVER))


@dataclass(frozen=True, slots=True)
class Params:
    """The build, the stage, and how it ended. Texts may be empty but for the first four."""

    pipeline: str = ""
    """Name of the pipeline."""
    build_number: str = ""
    """Number of the build, as the CI has it."""
    stage: str = ""
    """Name of the stage: build, test, lint, security, deploy, publish, or one of your own."""
    skill: str = ""
    """The skill that did its work, such as pytest-run."""
    status: str = "passed"
    """How it ended: passed, failed, error, missing-tool, cancelled, timed-out, interrupted."""
    duration_seconds: float | None = None
    """How long it took."""
    started_at: str = ""
    """When it began, in ISO-8601; empty: as long ago as it took."""
    exit_code: int | None = None
    """Exit code of its command."""
    n_tests: int | None = None
    """Tests that were run."""
    n_failed_tests: int | None = None
    """Tests that failed."""
    error: str = ""
    """Why it failed, in one line."""
    project: str = ""
    """Name of the project."""
    commit: str = ""
    """The commit that was built."""
    branch: str = ""
    """Its branch."""
    environment: str = ""
    """Where it was deployed to."""
    trigger: str = ""
    """What started the build: push, schedule. Not who: that is not kept."""
    provider: str = ""
    """The CI: github, gitlab, jenkins."""
    url: str = ""
    """The page of the build."""


@dataclass(frozen=True, slots=True)
class Result:
    """What was recorded."""

    invocation: int
    session: str
    phase: str
    message: str


async def op(app: App, params: Params) -> Result:
    """Record the stage; it is on the disk when this returns."""
    needed = {
        "pipeline": params.pipeline,
        "build_number": params.build_number,
        "stage": params.stage,
        "skill": params.skill,
    }
    missing = [name for name, value in needed.items() if not value.strip()]
    if missing:
        raise UsageError("missing-argument", f"A stage needs its {missing[0].replace('_', ' ')}.")
    if params.status not in _ENDS:
        raise UsageError(
            "bad-status", f"A stage ends {', '.join(_ENDS)}, not {params.status[:40]!r}."
        )
    run = StageRun(
        build=Build(
            params.pipeline,
            params.build_number,
            params.project,
            params.commit,
            params.branch,
            params.environment,
            params.trigger,
            params.provider,
            params.url,
        ),
        stage=params.stage,
        skill=params.skill,
        started_at=params.started_at or begun_at(app.now(), params.duration_seconds),
        status=Status(params.status),
        duration_seconds=params.duration_seconds,
        exit_code=params.exit_code,
        n_tests=params.n_tests,
        n_failed_tests=params.n_failed_tests,
        error=params.error,
    )
    number = await record(app, lambda db: pipelines.record(db, run))
    phase = stage_phase(params.stage)
    message = f"Recorded: {params.stage} of {run.build.session_id} {params.status}."
    return Result(number, run.build.session_id, phase, message)
