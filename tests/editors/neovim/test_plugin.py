"""The plugin in real Neovims: the main job, and what goes wrong."""

import json
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.editors.expectations import check_recorded
from tests.editors.neovim.plugin import PLUGIN, neovim_of, run_script, versions
from tests.editors.session import ENDLESS_TEST, FAILING_LINE, FAILURE, Session

pytestmark = pytest.mark.editor

ENDLESS = {"ENDLESS_TEST": str(ENDLESS_TEST)}
SKILL = """\
title = "**Leave** <b>a trace</b> \\u202ehere"
description = "Leaves a file."
category = "testing"
modality = "testing"
phase = "execution"

[run]
kind = "program"
tool = "touch"
args = ["ran"]
"""


@versions
def test_lens_run_menu_rerun_search_and_reports(session: Session, version) -> None:
    seen = run_script(session, version, "main_job")

    assert seen["n_clients_at_first"] == 0
    assert seen["root"] == str(session.project)
    [diagnostic] = seen["diagnostics"]
    assert diagnostic["line"] == FAILING_LINE
    assert FAILURE in diagnostic["message"]
    assert "[failed] 1 failed: assert 2700 == 270" in seen["output"]
    assert "tests/test_prices.py:15: AssertionError" in seen["output"]
    assert seen["window_is_kept"]
    assert seen["messages"] == []

    assert any(it.startswith("Run this test") for it in seen["actions"])
    assert seen["choices"][0].split()[:5] == ["Run", "this", "test", "pytest-run", "execution"]
    assert seen["choices"][-1].endswith("more skills")
    assert len(seen["choices"]) < 10
    assert any("pytest-run" in it for it in seen["found"])
    assert not any("jest" in it for it in seen["found"])  # another language's

    assert any(re.search(r"pytest-coverage +verification +0\.\d\d$", it) for it in seen["next"])
    assert seen["n_windows"] == 2  # one window has the outputs of all skills
    assert seen["has_tasks"]
    assert "py-compile-check" in seen["task"]
    assert Path(seen["log"]).name == "lsp.log"

    documents = {
        "history": "# History", "explain": "# Why", "shortcuts": "# Short", "overview": "# Over",
    }  # fmt: skip
    for name, first in documents.items():
        assert seen[name].startswith(first)
        assert seen[f"{name}_is_float"]
        assert seen[f"{name}_is_closed"]
    assert "✗ failed" in seen["history"]
    assert "█" in seen["history"]  # charts are text
    assert "pytest-run" in seen["explain"]
    assert "▁" in seen["overview"]

    completion = seen["completion"]
    wanted = "run rerun cancel search explain report dashboard history shortcuts log restart"
    assert set(wanted.split()) <= set(completion["subcommands"])
    assert {"pytest-run", "pytest-coverage"} <= set(completion["skills"])
    assert all(it.startswith("pytest-") for it in completion["skills"])
    assert {"history", "explain", "session"} <= set(completion["reports"])
    history = session.history()
    runs = [(it["skill_name"], it["status"]) for it in history]
    failed, passed = ("pytest-run", "failed"), ("pytest-run", "passed")
    last = [("py-compile-check", "passed"), ("pytest-verbose", "failed")]
    assert runs == [*last, failed, passed, passed, failed, failed, failed, passed]
    assert history[4]["selection_rank"] == 1  # picked from the list
    assert session.ratings() == {"pytest-verbose": 4.0}


@versions
def test_what_runs_is_shown_and_can_be_stopped(session: Session, version) -> None:
    seen = run_script(session, version, "cancel", **ENDLESS)

    assert seen["status_before"] == ""
    assert seen["status"] == "▶ pytest-run"
    assert "Run this test" in seen["progress"]
    assert seen["completion"] == ["pytest-run"]
    assert not seen["output_is_open"]
    check_recorded(session, ("pytest-run", "cancelled"))


@versions
def test_a_server_that_dies_comes_back_and_what_ran_can_be_run_again(
    session: Session, version
) -> None:
    seen = run_script(
        session, version, "killed", more="vim.g.skills_lsp = {restarts = 1}", **ENDLESS
    )

    [said] = [it for it in seen["said"] if "started again" in it]
    assert "died (signal 9)" in said
    assert "pytest-run was stopped by that; :Skills rerun runs it again." in said
    assert seen["status"] == ""
    assert seen["output"].endswith("[interrupted] the server died")
    [given_up] = [it for it in seen["given_up"] if "not started again" in it]
    assert ":Skills restart" in given_up
    assert seen["clients"] == 0
    check_recorded(session, ("pytest-run", "cancelled"), ("pytest-run", "interrupted"))


@versions
def test_a_skill_of_the_project_runs_only_from_a_file_that_is_trusted(
    session: Session, version
) -> None:
    skills = session.project / ".skills"
    skills.mkdir()
    (skills / "leave-trace.toml").write_text(SKILL)

    seen = run_script(session, version, "trust")

    [title] = [it for it in seen["titles"] if "leave-trace" in it]
    assert title.split()[:6] == [
        "**Leave**",
        "<b>a",
        "trace</b>",
        "here",
        "leave-trace",
        "execution",
    ]
    assert not seen["ignored"]["has_run"]
    assert "leave-trace.toml is not trusted" in " ".join(seen["ignored"]["messages"])
    assert "leave-trace.toml" in seen["asked"][0]
    assert seen["trusted"]["has_run"]
    assert seen["again"]["has_run"]
    assert seen["n_asked_again"] == seen["n_asked"]
    assert not seen["changed"]["has_run"]
    assert not seen["denied"]["has_run"]
    assert seen["n_asked_in_all"] == seen["n_asked"] + 1  # who denied it is not asked again
    assert {it["status"] for it in session.history()} == {"passed"}


@versions
def test_the_dashboard_opens_in_the_browser_and_hears_of_runs(session: Session, version) -> None:
    seen = run_script(session, version, "dashboard")

    assert len(set(seen["addresses"])) == 2
    assert all(it.startswith("http://127.0.0.1:") for it in seen["addresses"])
    assert "dashboard.js" in seen["page"]
    assert "dashboard.js" in seen["second_page"]


@versions
def test_two_neovims_on_one_project_share_its_history(session: Session, version) -> None:
    marks = ("one", "other")
    with ThreadPoolExecutor() as pool:
        runs = [
            pool.submit(run_script, session, version, "shared", OWN_MARK=own, OTHER_MARK=other)
            for own, other in (marks, marks[::-1])
        ]
        seen = [it.result() for it in runs]

    check_recorded(session, *[("pytest-run", "passed")] * 6)
    for it in seen:
        assert re.search(r"^6 runs, ", it["history"], re.MULTILINE)
        assert it["lens"].endswith("✓")
    assert len({it["session_id"] for it in session.history()}) == 2


@versions
@pytest.mark.parametrize("program", ["true", "false"])
def test_a_program_that_is_no_server_is_told_of(session: Session, version, program: str) -> None:
    more = f"vim.g.skills_lsp = {{ cmd = {{ '{program}' }} }}"
    seen = run_script(session, version, "no_start", more=more)

    code = {"true": 0, "false": 1}[program]
    assert f"the server could not start (exit code {code})" in seen["all_messages"]
    assert f"`{program} doctor` in a terminal" in seen["all_messages"]
    [after] = seen["after"]
    assert "it is not attached here. See :checkhealth skills_lsp" in after


@versions
def test_health_names_versions_database_and_missing_tools(session: Session, version) -> None:
    health = run_script(session, version, "health")["health"]

    assert "ERROR" not in health
    assert str(session.folder / "bin" / "skills-lsp") in health
    assert str(session.project) in health
    assert "database: " in health
    assert "vectors: sqlite-vec" in health
    assert "bandit: is missing for bandit-security" in health
    assert "skills_lsp is in order" in health or "the defaults are used" in health


@versions
def test_without_a_server_one_sentence_says_how_to_get_it(session: Session, version) -> None:
    more = "vim.g.skills_lsp = { cmd = { 'no-such-program', 'serve' } }"
    seen = run_script(session, version, "health", more=more, WITHOUT_SERVER="1")

    # Once when the first of two files was opened, and once when :Skills restart asked for it.
    told = "there is no program no-such-program; :checkhealth skills_lsp says how to get it"
    assert seen["all_messages"].count(told) == 2
    assert any("it is not attached here" in it for it in seen["messages"])
    assert len(seen["messages"]) == 2
    assert seen["n_clients"] == 0
    assert "there is no program no-such-program" in seen["health"]


@versions
def test_options_keys_and_mistakes(session: Session, version) -> None:
    more = """vim.g.skills_lsp = {
      output = 'quickfix', report = 'split', shortcuts = 'all', outptu = 'split', restarts = 'many',
    }"""
    seen = run_script(session, version, "options", more=more)

    [problems] = seen["problems"]
    assert "unknown option 'outptu'; did you mean 'output'?" in problems
    assert "restarts must be a whole number" in problems
    assert seen["title"] == "skills: pytest-run"
    [item] = seen["items"]
    assert item["file"] == "tests/test_prices.py"
    assert item["line"] == FAILING_LINE
    assert FAILURE in item["text"]
    assert item["type"] == "E"
    assert not seen["has_split"]
    assert not seen["is_float"]
    assert seen["followed"] == {"file": "test_prices.py", "line": FAILING_LINE}
    assert any(it.startswith("title = ") for it in seen["new"])


@versions
def test_the_help_names_all_that_there_is_and_nothing_else(version, tmp_path: Path) -> None:
    doc = tmp_path / "doc"
    doc.mkdir()
    text = (PLUGIN / "doc" / "skills_lsp.txt").read_text("utf-8")
    (doc / "skills_lsp.txt").write_text(text, "utf-8")
    script = """
      vim.cmd.runtime('plugin/skills_lsp.lua')
      vim.cmd.helptags(vim.env.DOC)
      local maps = {}
      for _, mode in ipairs({ 'n', 'x' }) do
        for _, it in ipairs(vim.api.nvim_get_keymap(mode)) do
          maps[#maps + 1] = it.lhs:match('^<Plug>%(Skills%w+%)$')
        end
      end
      io.stdout:write(vim.json.encode({
        options = require('skills_lsp.config').defaults(),
        functions = vim.tbl_keys(require('skills_lsp')),
        subcommands = require('skills_lsp.commands').names(),
        maps = maps,
      }))
    """
    done = subprocess.run(
        [neovim_of(version), "--headless", "-u", "NONE", "--cmd", f"set rtp^={PLUGIN}", "-l", "-"],
        input=script, env={"DOC": str(doc)}, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    known = json.loads(done.stdout)
    tags = {it.split("\t")[0] for it in (doc / "tags").read_text("utf-8").splitlines()}

    def tagged(pattern: str) -> set[str]:
        return {it for tag in tags for it in re.findall(pattern, tag)}

    assert tagged(r"^skills_lsp-option-(\w+)$") == set(known["options"])
    assert tagged(r"^skills_lsp\.(\w+)\(\)$") == set(known["functions"])
    assert tagged(r"^:Skills-(\w+)$") == set(known["subcommands"])
    assert set(re.findall(r"^ +(<Plug>\(\w+\))", text, re.MULTILINE)) == set(known["maps"])
    asked_for = {it for it in text.split("|")[1::2] if it.startswith((":Skills", "skills_lsp"))}
    assert asked_for <= tags
    assert max(map(len, text.splitlines())) <= 80
    # The defaults that it shows are those that hold.
    [shown] = re.findall(r"These are the defaults: >lua\n\n(.*?)\n<", text, re.DOTALL)
    assert known["options"] == _as_lua(neovim_of(version), shown)


def _as_lua(neovim: Path, lines: str) -> dict:
    """Return what lines of Lua set ``vim.g.skills_lsp`` to."""
    script = f"{lines}\nio.stdout:write(vim.json.encode(vim.g.skills_lsp))"
    done = subprocess.run(
        [neovim, "--headless", "-u", "NONE", "-l", "-"],
        input=script, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)
