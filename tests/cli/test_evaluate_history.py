"""``skills-lsp evaluate history``, as a person meets it."""

import json
import subprocess
import sys

import pytest

HEAD = "user,session,time,skill,success,duration_s\n"


@pytest.fixture
def evaluate(tmp_path):
    def run(text, *options, name="history.csv"):
        file = []
        if text is not None:
            path = tmp_path / name
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
            file = [str(path)]
        return subprocess.run(
            [sys.executable, "-m", "skills_lsp", "evaluate", "history", *file, *options],
            capture_output=True, text=True, timeout=120,
            env={"SKILLS_LSP_HOME": str(tmp_path / "home"), "PATH": ""}, check=False,
        )  # fmt: skip

    return run


def lines(n):
    return "".join(
        f"ann,s{i // 10},{1_767_571_200 + 60 * i},{'ab'[i % 2]},{i % 3 > 0:d},2.5\n"
        for i in range(n)
    )


def test_a_report_has_one_sentence_and_three_tables(evaluate):
    done = evaluate(HEAD + lines(300))
    assert done.returncode == 0
    assert done.stdout.startswith(
        "Over 60 runs of 300 in the last fifth of the time, the next skill"
    )
    for head in ("Next skill", "Success", "Said"):
        assert f"\n{head}" in done.stdout
    assert done.stderr == ""


def test_json_has_the_measures_beside_the_baselines(evaluate):
    report = json.loads(evaluate(HEAD + lines(300), "--json", "--delay", "30").stdout)
    assert set(report["next_skill"]["all"]) == {
        "skills-lsp", "most frequent", "most recent", "order-1 Markov", "own order-1 Markov",
    }  # fmt: skip
    assert report["next_skill"]["all"]["skills-lsp"]["mrr@5"] > 0.95
    assert {"auc", "log_loss", "brier", "ece", "calibration"} <= set(
        report["success"]["skills-lsp"]
    )
    assert report["delay_seconds"] == 30
    assert report["bad_lines"] == []


def test_each_bad_line_is_named_and_the_good_are_kept(evaluate):
    bad = "ann,s,yesterday,a,1,2\nann,s,1767571200,,1,2\nann,s,1767571200,a,perhaps,2\nann,s,1767571200,a,1,2,3\n"
    done = evaluate(HEAD + bad + lines(200))
    assert done.returncode == 0
    told = done.stderr.splitlines()
    assert [it.split("history.csv:")[1].split(":")[0] for it in told] == ["2", "3", "4", "5"]
    assert "neither seconds nor ISO-8601" in told[0]
    assert "names no skill" in told[1]
    assert "of 200 in" in done.stdout


def test_odd_values_are_taken_for_unknown(evaluate):
    odd = "ann,s,2026-01-04T10:00:00Z,a,,\nann,,1767571100.5,a,true,-5\nann,s,2026-01-04,b,no,nan\n"
    done = evaluate(HEAD + odd + lines(100))
    assert done.returncode == 0
    assert done.stderr == ""


def test_one_instant_for_all_is_no_trouble(evaluate):
    same = "".join(f"u{i % 3},s,1767571200,k{i % 5},{i % 2},\n" for i in range(200))
    report = json.loads(evaluate(HEAD + same, "--json").stdout)
    assert report["next_skill"]["all"]["skills-lsp"]["mrr@5"] == 0


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", b"\xff\xfe\x00\x01"])
def test_a_file_that_is_no_history_is_one_sentence(evaluate, text):
    done = evaluate(text)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "does not name" in done.stderr


@pytest.mark.parametrize("text", [None, HEAD])
def test_nothing_recorded_is_a_sentence_that_says_what_to_do(evaluate, text):
    done = evaluate(text)
    assert done.returncode == 0
    assert "nothing to evaluate" in done.stderr
    assert "CSV" in done.stderr


def test_a_file_that_is_not_there(evaluate):
    done = evaluate(None, "/nowhere/x.csv")
    assert done.returncode == 2
    assert "Cannot read /nowhere/x.csv" in done.stderr
