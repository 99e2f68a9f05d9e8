"""Reports in a terminal, and the made-up history to try them on."""

import contextlib
import csv
import io
import json
import sqlite3

import pytest

UNTIL = "2026-03-04T15:20:00Z"


@pytest.fixture(scope="module")
def demo(tmp_path_factory, module_cli):
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    made = module_cli(
        "demo-data",
        "--rows",
        "2500",
        "--seed",
        "3",
        "--until",
        UNTIL,
        "--into",
        str(path),
        "--json",
    )
    assert made.code == 0, made.err
    return path, made.json


@pytest.fixture(scope="module")
def module_cli(tmp_path_factory):
    from tests.cli.conftest import CommandLine

    folder = tmp_path_factory.mktemp("project")
    (folder / "pyproject.toml").write_text("[project]\nname = 'p'\nversion = '1'\n")
    return CommandLine(folder, tmp_path_factory.mktemp("home"))


def test_the_reports_are_listed_with_a_line_each(cli):
    shown = cli("report")
    lines = shown.out.splitlines()
    names = [line.split()[0] for line in lines[1:] if line and not line.startswith("Open")]
    assert {"overview", "skill", "trend", "anomalies", "export", "history"} <= set(names)
    assert all(line.endswith(".") for line in lines[1:-2])


def test_a_name_that_is_none_is_corrected(cli):
    wrong = cli("report", "anomalys")
    assert (wrong.code, wrong.out) == (2, "")
    assert "There is no report 'anomalys'. Did you mean anomalies?" in wrong.err


def test_parameters_are_options_with_their_sentences(cli):
    shown = cli("report", "trend", "--help").out
    assert "[OPTIONS] [NAME]" in shown
    assert "--n-days INTEGER" in shown
    assert "NAME: The name of a skill" in shown
    wrong = cli("report", "overview", "--n-days", "0")
    assert (wrong.code, wrong.err.count("\n")) == (2, 1)
    assert "n_days must be 1 to 3,660, not 0." in wrong.err


def test_a_report_is_text_markdown_or_data(module_cli, demo):
    path, truth = demo
    options = ("--database", str(path), "--session", truth_session(module_cli, path))
    text, markdown, data = (
        module_cli("report", "history", *options, *form)
        for form in ((), ("--markdown",), ("--json",))
    )
    assert text.out.startswith("History\n\n")
    assert "|" not in text.out
    assert markdown.out.startswith("# History\n\n")
    assert "| Outcome" in markdown.out
    assert "document" not in data.json
    assert data.json["message"] in text.out
    assert data.json["charts"][0]["kind"] == "bar"
    assert truth["rows"] == 2_500


def truth_session(command_line, path):
    shown = command_line("report", "session", "--database", str(path), "--json").json
    return shown["session"]


def test_an_export_imported_elsewhere_is_the_same_history(module_cli, demo, cli):
    path, _ = demo
    exported = module_cli("report", "export", "--database", str(path))
    assert exported.code == 0
    file = cli.write("history.json", exported.out)
    assert cli("import", str(file)).code == 0
    again = cli("report", "export")
    assert contents(again.out) == contents(exported.out)
    table = module_cli("report", "export", "--database", str(path), "--format", "csv")
    rows = [*csv.DictReader(io.StringIO(table.out))]
    assert len(rows) == 2_500
    assert {it["skill_name"] for it in rows} == {it["skill_name"] for it in contents(exported.out)}


def contents(text):
    data = json.loads(text)
    assert (data["format"], data["version"]) == ("skills-lsp history", 1)
    return sorted(data["invocations"], key=json.dumps)


def test_an_export_can_be_chosen_and_goes_to_a_file_once(module_cli, demo, tmp_path):
    path, target = demo[0], tmp_path / "mypy.csv"
    options = ("--database", str(path), "--skill", "mypy-check", "--path", str(target))
    done = module_cli("report", "export", *options)
    rows = [*csv.DictReader(io.StringIO(target.read_text("utf-8")))]
    assert {it["skill_name"] for it in rows} == {"mypy-check"}
    assert f"{len(rows)} runs written to {target}." in done.out
    again = module_cli("report", "export", *options)
    assert (again.code, "exists. Name another file" in again.err) == (2, True)
    assert module_cli("report", "export", *options, "--overwrite").code == 0


def test_a_made_up_history_is_the_same_for_the_same_seed(module_cli, demo, tmp_path):
    other = tmp_path / "other.db"
    made = module_cli(
        "demo-data",
        "--rows",
        "2500",
        "--seed",
        "3",
        "--until",
        UNTIL,
        "--into",
        str(other),
        "--json",
    )
    assert {**made.json, "database": ""} == {**demo[1], "database": ""}
    first, second = (
        module_cli("report", "export", "--database", str(it)).out for it in (demo[0], other)
    )
    assert contents(first) == contents(second)


def test_a_made_up_history_never_goes_where_it_was_not_sent(cli):
    assert cli("demo-data", "--rows", "100").code == 0
    assert (cli.folder / "skills-demo.db").exists()
    assert cli("report", "history", "--json").json["invocations"] == []
    again = cli("demo-data", "--rows", "100")
    assert (again.code, "skills-demo.db exists. Delete it" in again.err) == (2, True)
    wrong = cli("demo-data", "--until", "noon", "--into", "x.db")
    assert "'noon' is no time" in wrong.err


def test_what_is_planted_is_told(cli):
    said = cli("demo-data", "--rows", "2000").out
    assert "trend: tsc-check takes 90 % longer now" in said
    assert "last day: mypy-check completes only in 35 %" in said
    assert "stuck: package-check (deployment) does not complete in 45 %" in said
    assert "report trend --n-days 60 --database skills-demo.db" in said
    plain = cli("demo-data", "--rows", "100", "--plain", "--into", "b.db").out
    assert plain.endswith("\nSee it:\n  skills-lsp report overview --database b.db\n")


@pytest.mark.parametrize("kind", ["text", "another's"])
@pytest.mark.parametrize("asked", [("report", "trend", "--database"), ("demo-data", "--into")])
def test_a_mistyped_file_is_left_as_it_is(cli, tmp_path, kind, asked):
    path = tmp_path / "mine"
    if kind == "text":
        path.write_text('{"name": "mine"}')
    else:
        with contextlib.closing(sqlite3.connect(path)) as db:
            db.execute("CREATE TABLE places (url)")
    path.chmod(0o644)
    before = path.read_bytes()
    told = cli(*asked, str(path))
    assert told.code != 0
    assert told.err.count("is left as it is") == 1
    assert path.read_bytes() == before
    assert path.stat().st_mode & 0o777 == 0o644
    assert [it.name for it in tmp_path.iterdir() if it.name.startswith("mine")] == ["mine"]
