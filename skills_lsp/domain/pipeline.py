"""Stages of pipelines: uses of skills that no editor started."""

import re
from dataclasses import dataclass

from skills_lsp.domain.invocation import Status


@dataclass(frozen=True, slots=True)
class Build:
    """What ran under one number of a pipeline. Texts are empty where nobody said."""

    pipeline: str
    number: str
    project: str = ""
    commit: str = ""
    branch: str = ""
    environment: str = ""  # staging, production, or whatever it is called there
    trigger: str = ""  # push, schedule; never a person
    provider: str = ""  # github, gitlab, jenkins
    url: str = ""

    @property
    def session_id(self) -> str:
        """The session of its invocations."""
        return f"{self.pipeline}-{self.number}"


@dataclass(frozen=True, slots=True)
class StageRun:
    """One stage of a build that was run. ``started_at`` is ISO-8601 in UTC."""

    build: Build
    stage: str
    skill: str
    started_at: str
    status: Status
    duration_seconds: float | None = None
    exit_code: int | None = None
    n_tests: int | None = None
    n_failed_tests: int | None = None
    error: str = ""

    @property
    def succeeded(self) -> bool:
        """Say whether the stage passed."""
        return self.status is Status.PASSED


@dataclass(frozen=True, slots=True)
class StageTotal:
    """What one skill did in one stage of a pipeline."""

    project: str
    pipeline: str
    stage: str
    skill: str
    n_stages: int
    n_succeeded: int
    n_timed: int
    total_duration_seconds: float


@dataclass(frozen=True, slots=True)
class StageFailure:
    """One stage that failed."""

    project: str
    pipeline: str
    build_number: str
    branch: str
    stage: str
    skill: str
    started_at: str
    error: str
    url: str


@dataclass(frozen=True, slots=True)
class PipelineHistory:
    """Everything that a report about pipelines asks the database."""

    totals: tuple[StageTotal, ...] = ()
    series: tuple[tuple[str, int, int], ...] = ()  # day or hour, stages, those that passed
    n_builds: int = 0
    failures: tuple[StageFailure, ...] = ()
    others: tuple[str, ...] = ()  # names of pipelines that were ever recorded


STAGE_PHASES = {
    "build": "setup",
    "test": "execution",
    "lint": "verification",
    "security": "verification",
    "deploy": "deployment",
    "publish": "deployment",
}
# What pipelines call their stages; the first word that is known decides.
_KINDS = {
    **{kind: kind for kind in STAGE_PHASES},
    **dict.fromkeys(("compile", "install", "package", "prepare", "setup", "deps"), "build"),
    **dict.fromkeys(("tests", "testing", "unit", "integration", "e2e", "pytest", "jest"), "test"),
    **dict.fromkeys(("check", "checks", "linting", "quality", "style", "format", "types", "typecheck",
                     "typing", "mypy", "ruff", "static", "verify"), "lint"),
    **dict.fromkeys(("audit", "sast", "scan", "scanning", "bandit", "secrets"), "security"),
    **dict.fromkeys(("deployment", "rollout", "staging", "production"), "deploy"),
    **dict.fromkeys(("release", "publishing", "upload"), "publish"),
}  # fmt: skip
_WORD = re.compile(r"[a-z0-9]+")
_ERROR_CLASS = re.compile(
    r"(?:^|(?<=[\s(\[:]))([A-Z]\w*(?:\.\w+)*(?:Error|Exception|Failure|Warning|Interrupt|Exit)|[A-Z]{1,4}\d{2,5})\b"
)


def stage_kind(stage: str) -> str:
    """Return which of the known stages one is by its name; empty when no word of it is known.

    >>> stage_kind("test"), stage_kind("Unit tests (3.12)"), stage_kind("deploy-staging"), stage_kind("x")
    ('test', 'test', 'deploy', '')
    """
    words = _WORD.findall(stage.lower())
    return next((_KINDS[word] for word in words if word in _KINDS), "")


def stage_phase(stage: str) -> str:
    """Return the workflow phase of a stage; empty when it is unknown.

    >>> stage_phase("build"), stage_phase("type-check"), stage_phase("publish")
    ('setup', 'verification', 'deployment')
    """
    return STAGE_PHASES.get(stage_kind(stage), "")


def error_class(message: str) -> str:
    """Return the class of error that a message names; empty when it names none.

    >>> error_class("tests/a.py:3: AssertionError: 1 == 2"), error_class("a.py:1:1: F401 unused")
    ('AssertionError', 'F401')
    >>> error_class("it did not work")
    ''
    """
    found = _ERROR_CLASS.search(message[:2000])
    return found[1] if found else ""
