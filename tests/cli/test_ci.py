"""Stages of pipelines: commands are wrapped as they are, and recorded."""

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import apsw
import pytest
import yaml

GITHUB = {
    "GITHUB_ACTIONS": "true", "GITHUB_WORKFLOW": "CI", "GITHUB_RUN_NUMBER": "42", "GITHUB_RUN_ATTEMPT": "1",
    "GITHUB_REPOSITORY": "me/shop", "GITHUB_SHA": "abc", "GITHUB_HEAD_REF": "", "GITHUB_REF_NAME": "main",
    "GITHUB_EVENT_NAME": "push", "GITHUB_RUN_ID": "9", "GITHUB_JOB": "test",
}  # fmt: skip
PYTHON = sys.executable
SNIPPET = Path(__file__).parents[2] / "examples" / "ci" / "github-actions.yml"


def stages(cli):
    return cli("report", "pipeline", "--json").json


def test_a_wrapped_command_keeps_its_output_and_its_exit_code(cli):
    code = "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"
    ran = cli("ci", "run", "--skill", "pytest-run", "--", PYTHON, "-c", code, **GITHUB)
    assert (ran.code, ran.out, ran.err) == (3, "out\n", "err\n")
    ran = cli(
        "ci", "run", "--stage", "lint", "--skill", "ruff-check", PYTHON, "-c", "pass", **GITHUB
    )
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    report = stages(cli)
    assert [(it["stage"], it["n_succeeded"], it["skills"]) for it in report["stages"]] == [
        ("test", 0, ["pytest-run"]), ("lint", 1, ["ruff-check"]),
    ]  # fmt: skip
    failure = report["failures"][0]
    assert (failure["pipeline"], failure["build_number"], failure["branch"]) == ("CI", "42", "main")
    assert (failure["error"], failure["url"]) == (
        "exit code 3",
        "https://github.com/me/shop/actions/runs/9",
    )
    runs = cli("history", "--session", "CI-42", "--json").json_lines
    assert [(it["workflow_phase"], it["status"], it["project"]) for it in runs] == [
        ("verification", "passed", "shop"), ("execution", "failed", "shop"),
    ]  # fmt: skip


def test_tests_are_counted_from_the_commands_own_junit_file(cli):
    xml = (
        '<testsuite><testcase name="test_pay" time="1.5"><failure message="assert 1 == 2">E   assert 1 == 2'
        '</failure></testcase><testcase name="test_buy" time="0.5"/></testsuite>'
    )
    code = f"import sys; open('junit.xml', 'w').write({xml!r}); sys.exit(1)"
    args = ("--stage", "test", "--skill", "pytest-run", "--junit", "junit.xml")
    assert cli("ci", "run", *args, "--", PYTHON, "-c", code).code == 1
    os.utime(cli.folder / "junit.xml", (1, 1))
    ran = cli("ci", "run", *args, "--", PYTHON, "-c", "pass")
    assert (ran.code, ran.err) == (
        0,
        "skills-lsp: the command wrote no junit.xml; its tests go uncounted.\n",
    )
    said = cli("record", "ci", *args)
    assert (said.code, said.out) == (0, f"Recorded: test of local-{_day()} failed.\n")
    assert [it["error"] for it in stages(cli)["failures"]] == ["test_pay: assert 1 == 2"] * 2


def _day() -> str:
    return time.strftime("%Y-%m-%d", time.gmtime())


@pytest.mark.parametrize("trouble", ["locked", "foreign", "a folder"])
def test_what_cannot_be_recorded_is_one_line_and_breaks_no_build(cli, trouble):
    database = cli.home / "data" / "skills.db"
    database.parent.mkdir(parents=True)
    holder = None
    if trouble == "locked":
        assert cli("history").code == 0
        holder = apsw.Connection(str(database))
        holder.execute("BEGIN EXCLUSIVE")
    elif trouble == "foreign":
        with apsw.Connection(str(database)) as db:
            db.execute("CREATE TABLE theirs (a)")
    else:
        database.mkdir()
    for arguments in (
        ("ci", "run", "--stage", "test", "--", PYTHON, "-c", "print('fine')"),
        ("record", "ci", "--stage", "test", "--skill", "a", "--ok"),
        ("record", "crackerjack", "tests", "pytest-run", "--ok"),
    ):
        ran = cli(*arguments)
        assert (ran.code, ran.out.strip()) == (0, "fine" if arguments[0] == "ci" else "")
        assert ran.err.startswith("skills-lsp: not recorded: ")
        assert ran.err.count("\n") == 1
    if holder:
        holder.close()


@pytest.mark.skipif(sys.platform == "win32", reason="signals are a POSIX thing")
@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 143), ("SIGINT", 7)])
def test_signals_reach_the_command(cli, name, code):
    program = (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGINT, lambda *_: sys.exit(7))\n"
        "print('ready', flush=True)\n"
        "time.sleep(60)\n"
    )
    wrapped = subprocess.Popen(
        [PYTHON, "-m", "skills_lsp", "ci", "run", "--stage", "test", "--", PYTHON, "-c", program],
        cwd=cli.folder, env=cli.environment(), stdout=subprocess.PIPE, stdin=subprocess.DEVNULL,
        text=True, start_new_session=True,
    )  # fmt: skip
    assert wrapped.stdout.readline() == "ready\n"
    os.kill(wrapped.pid, getattr(signal, name))
    wrapped.communicate(timeout=60)
    assert wrapped.returncode == code
    ended = "cancelled" if code == 143 else "failed"
    assert [it["status"] for it in cli("history", "--json").json_lines] == [ended]


def test_a_command_that_is_not_there_ends_as_a_shell_has_it(cli):
    ran = cli("ci", "run", "--stage", "deploy", "--", "no-such-tool")
    assert (ran.code, ran.err) == (127, "skills-lsp: no-such-tool: command not found\n")
    script = cli.write("plain.txt", "")
    assert cli("ci", "run", "--stage", "deploy", "--", str(script)).code == 126


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("ci", "run", "--", "true"), "Say which stage it is: --stage test."),
        (("record", "ci", "--stage", "test", "--skill", "a"), "Say how it ended: --ok, --failed, --exit-code or --junit."),
        (("record", "ci", "--stage", "test", "--skill", "a", "--junit", "none.xml"), "Cannot read none.xml: No such file or directory."),
        (("record", "crackerjack", "tests", "a"), "Say how it ended: --ok or --failed."),
        (("record", "crackerjack", "testing", "a", "--ok"), "There is no phase 'testing'. There are: fast_hooks, tests, comprehensive_hooks, ai_fix."),
        (("report", "pipeline", "--window", "hourly"), "A window is daily, weekly, monthly, quarterly, yearly, not 'hourly'."),
    ],
)  # fmt: skip
def test_what_was_asked_wrongly_is_one_sentence(cli, arguments, sentence):
    ran = cli(*arguments)
    assert (ran.code, ran.err) == (2, f"skills-lsp: {sentence}\n")


def test_a_phase_that_failed_says_what_to_try(cli):
    ran = cli("record", "crackerjack", "fast-hooks", "ruff-check", "--failed", "--duration", "1.5",
              "--error", "F401 unused", "--run", "7")  # fmt: skip
    assert ran.out == "Recorded: ruff-check in fast_hooks failed. Try ruff-fix, import-sort.\n"
    it = cli("history", "--json").json_lines[0]
    assert (it["session_id"], it["workflow_phase"], it["error_type"]) == (
        "crackerjack_7",
        "setup",
        "F401",
    )
    assert it["duration_seconds"] == 1.5


def test_the_snippet_for_github_is_yaml_whose_lines_run(cli):
    workflow = yaml.safe_load(SNIPPET.read_text("utf-8"))
    lines = [it["run"] for it in workflow["jobs"]["ci"]["steps"] if "run" in it]
    ours = [line for line in lines if line.startswith("skills-lsp ")]
    assert len(ours) == 4
    tools = cli.folder / "bin"
    for name in ("pip", "ruff", "pytest"):
        tool = cli.write(f"bin/{name}", "#!/bin/sh\nexit 0\n")
        tool.chmod(0o755)
    cli.write("bin/skills-lsp", f'#!/bin/sh\nexec {PYTHON} -m skills_lsp "$@"\n').chmod(0o755)
    summary = cli.folder / "summary.md"
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    environment = cli.environment(PATH=path, GITHUB_STEP_SUMMARY=str(summary), **GITHUB)
    for line in ours:
        subprocess.run(["/bin/sh", "-ec", line], cwd=cli.folder, env=environment, check=True,
                       stdin=subprocess.DEVNULL, timeout=60)  # fmt: skip
    assert summary.read_text("utf-8").startswith(
        "# Pipelines\n\n3 stages of 1 build in 7 days, 100 % passed"
    )
    assert shlex.split(ours[0])[:3] == ["skills-lsp", "ci", "run"]
    assert json.loads(json.dumps(workflow["jobs"]["ci"]["env"]))["SKILLS_LSP_HOME"]
