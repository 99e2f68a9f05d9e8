"""Crackerjack from Python, the variables of CIs, and imports that an editor asks for."""

import json
from datetime import UTC, datetime

import pytest

from skills_lsp.app.ci_context import ci_context
from skills_lsp.app.gates import Crackerjack
from skills_lsp.domain.pipeline import Build
from tests.app.session import Clock

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def test_a_gate_records_its_turns_and_says_what_to_try(tmp_path):
    with Crackerjack("42", project="shop", database=tmp_path / "s.db", now=Clock()) as gate:
        assert gate.record(
            "fast_hooks", "ruff-check", succeeded=False, duration_seconds=45.0, error="F401 x"
        )
        with gate.turn("ai_fix", "refactoring-agent"):
            pass
        with gate.turn("fast_hooks", "ruff-check") as turn:
            turn.failed("F811 y")
        with pytest.raises(ValueError, match="broken"), gate.turn("tests", "pytest-run"):
            raise ValueError("broken")
        assert gate.record("fast_hooks", "ruff-check", succeeded=True, duration_seconds=1.0)
        assert gate.recommend("fast_hooks", "ruff-check") == (
            "refactoring-agent",
            "ruff-fix",
            "import-sort",
        )
        page = gate.markdown()
        runs = gate._store.history(session_id="crackerjack_42")
    by_error = {it.error_type: it for it in runs}
    assert set(by_error) == {"F401", "F811", "ValueError", ""}
    first = by_error["F401"]
    assert (first.workflow_phase, first.duration_seconds, first.project) == ("setup", 45.0, "shop")
    assert page.startswith("# Quality gate\n\n5 checks in 1 run of the gate, 40 % passed")
    assert "## The latest run: crackerjack_42" in page


def test_a_gate_goes_on_when_nothing_can_be_recorded(tmp_path):
    (tmp_path / "data").write_text("in the way")
    with Crackerjack(database=tmp_path / "data" / "s.db", now=Clock()) as gate:
        assert not gate.record("tests", "pytest-run", succeeded=True)
        assert gate.trouble
        assert gate.recommend("tests", "pytest-run")[0] == "pytest-last-failed"


@pytest.mark.parametrize(
    ("variables", "build", "stage"),
    [
        (
            {"GITHUB_ACTIONS": "true", "GITHUB_WORKFLOW": "CI", "GITHUB_RUN_NUMBER": "7",
             "GITHUB_RUN_ATTEMPT": "2", "GITHUB_REPOSITORY": "me/shop", "GITHUB_RUN_ID": "9",
             "GITHUB_SHA": "abc", "GITHUB_HEAD_REF": "topic", "GITHUB_REF_NAME": "7/merge",
             "GITHUB_EVENT_NAME": "pull_request", "GITHUB_JOB": "lint", "GITHUB_ACTOR": "someone"},
            Build("CI", "7.2", "shop", "abc", "topic", "", "pull_request", "github",
                  "https://github.com/me/shop/actions/runs/9"), "lint",
        ),
        (
            {"GITLAB_CI": "true", "CI_PROJECT_NAME": "shop", "CI_PIPELINE_IID": "12",
             "CI_COMMIT_SHA": "abc", "CI_COMMIT_BRANCH": "main", "CI_ENVIRONMENT_NAME": "staging",
             "CI_PIPELINE_SOURCE": "schedule", "CI_PIPELINE_URL": "https://x/12", "CI_JOB_STAGE": "deploy",
             "GITLAB_USER_LOGIN": "someone"},
            Build("shop", "12", "shop", "abc", "main", "staging", "schedule", "gitlab", "https://x/12"), "deploy",
        ),
        (
            {"JENKINS_URL": "https://j/", "JOB_NAME": "shop/main", "BUILD_NUMBER": "3",
             "GIT_COMMIT": "abc", "GIT_BRANCH": "origin/main", "GIT_URL": "git@x.org:me/shop.git",
             "BUILD_URL": "https://j/3", "STAGE_NAME": "Unit tests", "CHANGE_ID": "5"},
            Build("shop/main", "3", "shop", "abc", "main", "", "change request", "jenkins", "https://j/3"), "Unit tests",
        ),
        ({}, Build("local", "2026-03-01", "here"), ""),
        ({"GITHUB_ACTIONS": "true"}, Build("local", "2026-03-01", "here", provider="github"), ""),
    ],
)  # fmt: skip
def test_the_build_is_what_the_variables_say_and_never_who_started_it(variables, build, stage):
    found = ci_context(variables, "here", NOW)
    assert (found.build, found.stage) == (build, stage)
    assert "someone" not in repr(found)


async def test_an_editor_imports_with_progress_and_takes_it_back(session, tmp_path):
    path = tmp_path / "skill_metrics.json"
    record = {
        "skill_name": "a",
        "invoked_at": "2026-02-10T07:00:00",
        "completed": True,
        "duration_seconds": 1.0,
    }
    path.write_text(json.dumps({"invocations": [record, {**record, "invoked_at": 5}]}))
    done = await session.command("importHistory", paths=[str(path)], timezone="UTC")
    assert done.message == "Imported 1 use from 1 file; 1 piece could not be used."
    assert "record 2: its time is 5, not a text" in done.markdown()
    assert session.client.progresses[-1].ended == done.message
    listed = await session.command("importList")
    assert [it["id"] for it in listed.imports] == [1]
    back = await session.command("importRollback", id=1)
    assert back.message == "Import 1 is rolled back: 1 use of it went."


async def test_an_editor_records_a_stage_and_opens_the_report(session):
    stage = {
        "pipeline": "CI",
        "build_number": "1",
        "stage": "test",
        "skill": "pytest-run",
        "status": "failed",
    }
    done = await session.command("recordStage", **stage)
    assert (done.session, done.phase) == ("CI-1", "execution")
    report = await session.command("report.pipeline", window="daily")
    assert (report.bottlenecks, report.n_builds, report.success_rate) == (("test",), 1, 0.0)
    assert len(report.charts) == 4
    phase = await session.command("recordPhase", phase="tests", tool="pytest-run", succeeded=False)
    assert phase.recommendations[0] == "pytest-last-failed"
    gate = await session.command("report.crackerjack")
    assert (gate.n_runs, gate.tools[0]["n_failed"]) == (1, 1)
