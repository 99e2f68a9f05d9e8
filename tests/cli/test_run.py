"""``skills-lsp run`` and ``history``: outcomes, exit codes, trust, and what is recorded."""

import os
import signal
import subprocess
import sys

import pytest

INVOCATION_KEYS = {
    "skill_name", "invoked_at", "session_id", "workflow_path", "workflow_phase", "completed",
    "duration_seconds", "user_query", "alternatives_considered", "selection_rank",
    "follow_up_actions", "error_type",
}  # fmt: skip


def test_a_test_that_passes_ends_with_exit_0(shop):
    ran = shop("run", "pytest-run", "tests/test_prices.py:6")
    assert ran.code == 0
    assert ran.out.splitlines()[-1].startswith("pytest-run: passed: 1 passed (")
    assert ran.err == ""


def test_a_failure_is_told_with_its_line_and_exit_1(shop):
    ran = shop("run", "pytest-run", "tests/test_prices.py:11")
    assert ran.code == 1
    where = "tests/test_prices.py:12: error: test_discount_is_taken_once: assert 1350 == 1300"
    assert where in ran.out.splitlines()
    assert ran.err == ""


def test_json_is_the_outcome_alone(shop):
    ran = shop("run", "pytest-run", "tests/test_prices.py:11", "--json")
    assert ran.code == 1
    outcome = ran.json["outcome"]
    assert (ran.json["status"], outcome["exit_code"]) == ("failed", 1)
    (problem,) = outcome["problems"]
    assert (problem["line"], problem["severity"]) == (12, "error")


def test_output_that_is_meant_for_a_program_is_not_shown(shop):
    ran = shop("run", "ruff-check", "bookshop/prices.py")
    assert ran.out.splitlines()[0].startswith("bookshop/prices.py:3: ")
    assert ran.code == 1


def test_a_skill_that_does_not_fit_the_place_says_so_with_exit_3(shop):
    ran = shop("run", "pytest-run", "bookshop/prices.py:3")
    assert ran.code == 3
    assert ran.out == "pytest-run: error: The cursor is in no test.\n"
    assert ran.err == "Put it in a test.\n"
    assert "no-test-here" not in shop("fix", "stats").out  # nothing of the project is wrong


def test_a_missing_tool_says_how_to_get_it(shop):
    shop.write(".skills/odd.toml", _skill("no-such-tool", 'install = "get no-such-tool"'))
    ran = shop("run", "odd", "bookshop/prices.py", "--trust")
    assert ran.code == 3
    assert ran.out.startswith("odd: missing-tool: no-such-tool was not found")
    assert ran.err == "Install it: get no-such-tool\n"


def test_an_unknown_skill_is_one_sentence_with_the_nearest_name_and_exit_2(shop):
    ran = shop("run", "pytest-rum", "tests/test_prices.py")
    message = "skills-lsp: There is no skill 'pytest-rum' here. Did you mean pytest-run?\n"
    assert (ran.code, ran.out, ran.err) == (2, "", message)


def test_a_projects_own_skill_does_not_run_before_it_is_trusted(shop):
    shop.write(".skills/touch-it.toml", _skill("touch", args='["touched"]'))
    refused = shop("run", "touch-it", "bookshop/prices.py")
    assert refused.code == 3
    assert "add --trust" in refused.err
    assert not (shop.folder / "touched").exists()
    assert shop("run", "touch-it", "bookshop/prices.py", "--trust").code == 0
    assert (shop.folder / "touched").exists()
    assert shop("run", "touch-it", "bookshop/prices.py").code == 0, "trust is remembered"
    shop.write(".skills/touch-it.toml", _skill("touch", args='["touched", "twice"]'))
    assert shop("run", "touch-it", "bookshop/prices.py").code == 3, "and ends with a change"
    assert not (shop.folder / "twice").exists()


def test_an_agent_skill_prints_its_prompt_alone(shop):
    ran = shop("run", "security-agent", "bookshop/prices.py:15")
    assert ran.code == 0
    assert ran.out.startswith("# Audit this for security\n")
    assert ran.err == "security-agent: handed-over: its prompt stands above\n"
    assert ran.err not in ran.out


def test_a_file_in_a_language_that_is_not_parsed_can_be_run_on(cli):
    cli.write("run.txt", "words\n")
    cli.write(".skills/show-it.toml", _skill("cat", args='["{file}"]'))
    ran = cli("run", "show-it", "run.txt", "--trust")
    assert (ran.code, ran.out.splitlines()[0]) == (0, "words")


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl+C is not a signal there")
def test_ctrl_c_ends_the_skill_and_records_it_as_cancelled(cli):
    cli.write("a.py", "\n")
    cli.write(".skills/wait.toml", _skill("sh", args='["-c", "echo ready; exec sleep 60"]'))
    process = subprocess.Popen(
        [sys.executable, "-m", "skills_lsp", "run", "wait", "a.py", "--trust"],
        cwd=cli.folder,
        env=cli.environment(PYTHONUNBUFFERED="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    os.kill(process.pid, signal.SIGINT)
    out, _ = process.communicate(timeout=30)
    assert process.returncode == 130
    assert out == b"wait: cancelled: cancelled\n"
    (run,) = cli("history", "--json").json_lines
    assert run["status"] == "cancelled"


def test_a_run_is_found_in_the_history(shop):
    shop("run", "pytest-run", "tests/test_prices.py:6")
    (run,) = shop("history", "--json").json_lines
    assert set(run) >= INVOCATION_KEYS
    assert (run["skill_name"], run["completed"], run["project"]) == ("pytest-run", True, "bookshop")
    table = shop("history").out.splitlines()
    assert table[0].split() == ["When", "Skill", "Outcome", "Time", "Rank", "Project", "Summary"]
    assert table[1].startswith("just now  pytest-run  passed ")
    assert table[-1] == "1 run, 1 completed."
    assert not any("\\" in line or "|" in line for line in table)


def test_the_history_can_be_narrowed(shop):
    shop("run", "pytest-run", "tests/test_prices.py:6")
    shop("run", "pytest-run", "tests/test_prices.py:11")
    assert len(shop("history", "--json").json_lines) == 2
    assert len(shop("history", "--json", "--limit", "1").json_lines) == 1
    assert len(shop("history", "--json", "--status", "failed").json_lines) == 1
    assert shop("history", "--skill", "mypy-check").err == "No run is like that.\n"
    assert shop("history", "--markdown").out.startswith("# History\n")


def test_an_empty_history_says_what_to_do(cli):
    ran = cli("history")
    assert (ran.code, ran.out) == (0, "")
    assert "skills-lsp run SKILL FILE:LINE" in ran.err


def test_an_unknown_status_is_one_sentence_and_exit_2(cli):
    ran = cli("history", "--status", "splendid")
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "'splendid' is not one of 'running', 'passed'" in ran.err


def test_a_damaged_database_is_set_aside_and_told(cli):
    assert cli("history").code == 0
    (cli.home / "data" / "skills.db").write_text("this is no database" * 100)
    ran = cli("history")
    assert ran.code == 0
    assert ran.err.startswith("warning: The skills database was damaged")


def _skill(tool: str, more: str = "", args: str = "[]") -> str:
    return f"""\
title = "An odd skill"
description = "Does something odd."
category = "code-quality"
modality = "code"
phase = "execution"

[triggers]
unused-import = 0.5

[run]
kind = "program"
tool = "{tool}"
args = {args}
{more}
"""


def test_runs_one_after_another_are_one_session_of_the_project(shop):
    shop("run", "pytest-run", "tests/test_prices.py:6")
    shop("run", "ruff-check", "bookshop/prices.py")
    sessions = {it["session_id"] for it in shop("history", "--json").json_lines}
    assert len(sessions) == 1
    assert "_terminal_" in sessions.pop()
    assert shop("report", "session", "--json").json["summary"]["n_runs"] == 2
