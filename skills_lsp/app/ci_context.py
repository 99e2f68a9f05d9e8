"""Which build this is, as the variables of GitHub Actions, GitLab CI and Jenkins say it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from skills_lsp.domain.pipeline import Build

LOCAL = "local"


@dataclass(frozen=True, slots=True)
class CiContext:
    """A build, and the stage that the CI says it is in; empty when it does not."""

    build: Build
    stage: str = ""


def ci_context(variables: Mapping[str, str], project: str, now: datetime) -> CiContext:
    """Return what the variables say; outside a CI it is the pipeline "local", one build a day.

    Who started a build is a person's name, and is left out.

    Parameters
    ----------
    variables
        The environment.
    project
        Name of the project where the CI names none.
    """
    if variables.get("GITHUB_ACTIONS") == "true":
        found = _github(variables)
    elif variables.get("GITLAB_CI"):
        found = _gitlab(variables)
    elif variables.get("JENKINS_URL") or variables.get("JENKINS_HOME"):
        found = _jenkins(variables)
    else:
        found = CiContext(Build("", ""))
    build = found.build
    full = replace(
        build,
        pipeline=build.pipeline or LOCAL,
        number=build.number or f"{now:%Y-%m-%d}",
        project=build.project or project,
    )
    return replace(found, build=full)


def _github(of: Mapping[str, str]) -> CiContext:
    """Return a build of GitHub Actions; a run that was run again is a build of its own.

    Source: https://docs.github.com/actions/reference/workflows-and-actions/variables
    """
    repository, run = of.get("GITHUB_REPOSITORY", ""), of.get("GITHUB_RUN_ID", "")
    number, attempt = of.get("GITHUB_RUN_NUMBER", ""), of.get("GITHUB_RUN_ATTEMPT", "1")
    url = ""
    if repository and run:
        server = of.get("GITHUB_SERVER_URL", "https://github.com")
        url = f"{server}/{repository}/actions/runs/{run}"
    build = Build(
        pipeline=of.get("GITHUB_WORKFLOW", ""),
        number=f"{number}.{attempt}" if number and attempt not in ("", "1") else number,
        project=_last(repository),
        commit=of.get("GITHUB_SHA", ""),
        branch=of.get("GITHUB_HEAD_REF") or of.get("GITHUB_REF_NAME", ""),
        trigger=of.get("GITHUB_EVENT_NAME", ""),
        provider="github",
        url=url,
    )
    return CiContext(build, of.get("GITHUB_JOB", ""))


def _gitlab(of: Mapping[str, str]) -> CiContext:
    """Return a build of GitLab CI.

    Source: https://docs.gitlab.com/ci/variables/predefined_variables/
    """
    merged = of.get("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME")
    build = Build(
        pipeline=of.get("CI_PIPELINE_NAME") or of.get("CI_PROJECT_NAME", ""),
        number=of.get("CI_PIPELINE_IID") or of.get("CI_PIPELINE_ID", ""),
        project=of.get("CI_PROJECT_NAME", ""),
        commit=of.get("CI_COMMIT_SHA", ""),
        branch=merged or of.get("CI_COMMIT_BRANCH") or of.get("CI_COMMIT_REF_NAME", ""),
        environment=of.get("CI_ENVIRONMENT_NAME", ""),
        trigger=of.get("CI_PIPELINE_SOURCE", ""),
        provider="gitlab",
        url=of.get("CI_PIPELINE_URL", ""),
    )
    return CiContext(build, of.get("CI_JOB_STAGE") or of.get("CI_JOB_NAME", ""))


def _jenkins(of: Mapping[str, str]) -> CiContext:
    """Return a build of Jenkins, with or without a pipeline's plugins.

    Source: https://www.jenkins.io/doc/book/pipeline/jenkinsfile/#using-environment-variables
    """
    branch = of.get("CHANGE_BRANCH") or of.get("BRANCH_NAME") or of.get("GIT_BRANCH", "")
    build = Build(
        pipeline=of.get("JOB_NAME", ""),
        number=of.get("BUILD_NUMBER", ""),
        project=_last(of.get("GIT_URL", "").removesuffix("/").removesuffix(".git")),
        commit=of.get("GIT_COMMIT", ""),
        branch=branch.removeprefix("origin/"),
        trigger="change request" if of.get("CHANGE_ID") else "",
        provider="jenkins",
        url=of.get("BUILD_URL", ""),
    )
    return CiContext(build, of.get("STAGE_NAME", ""))


def _last(path: str) -> str:
    return path.replace(":", "/").rpartition("/")[2]
