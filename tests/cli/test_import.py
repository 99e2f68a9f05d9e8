"""Importing from a terminal, end to end."""

import json

import pytest


def metrics(*records, **others):
    return json.dumps({"invocations": records, **others}, indent=2)


def record(n, **others):
    return {"skill_name": f"hook-{n}", "invoked_at": f"2026-02-10T07:00:{n:02}", "workflow_path": "tests",
            "completed": True, "duration_seconds": 2.0, "follow_up_actions": [], "error_type": None,
            **others}  # fmt: skip


def test_both_usual_places_are_imported_listed_and_taken_back(cli):
    cli.write(
        ".session-buddy/skill_metrics.json",
        metrics(record(1), record(2, completed=False, duration_seconds=None)),
    )
    cli.write(".crackerjack/skill_metrics.json", metrics(record(3), "rubbish") [:-9])  # fmt: skip
    would = cli("import", "--dry-run", "--timezone", "Europe/Berlin")
    assert "Would import 3 uses from 2 files; 1 piece could not be used." in would.out
    assert cli("history").err.startswith("Nothing has been run yet")
    ran = cli("import", "--timezone", "Europe/Berlin", "--json").json
    assert ran["message"] == "Imported 3 uses from 2 files; 1 piece could not be used."
    assert [(it["variant"], it["n_pending"], it["import"]) for it in ran["files"]] == [
        ("crackerjack", 1, 1), ("crackerjack", 0, 2),
    ]  # fmt: skip
    assert ran["files"][1]["skipped"] == [
        {"place": "line 12", "reason": "the file ends in the middle of it"}
    ]
    assert ran["files"][1]["damage"]
    assert {it["invoked_at"][:19] for it in cli("history", "--json").json_lines} == {
        "2026-02-10T06:00:01", "2026-02-10T06:00:02", "2026-02-10T06:00:03",
    }  # fmt: skip
    again = cli("import", "--timezone", "Europe/Berlin")
    assert "Nothing new in 2 files; 3 were here already" in again.out
    assert cli("import", "--rollback", "1").out == "Import 1 is rolled back: 2 uses of it went.\n"
    assert [
        bool(it["rolled_back_at"]) for it in cli("import", "--list", "--json").json["imports"]
    ] == [False, True]
    assert [it["skill_name"] for it in cli("history", "--json").json_lines] == ["hook-3"]


def test_what_was_exported_comes_back(cli, tmp_path):
    cli(
        "record",
        "crackerjack",
        "tests",
        "pytest-run",
        "--failed",
        "--duration",
        "3",
        "--error",
        "ValueError: no",
    )
    before = cli("history", "--json").json_lines
    for form in ("json", "csv"):
        assert cli("report", "export", "--path", f"all.{form}").code == 0
        assert "Nothing new in 1 file; 1 was here already" in cli("import", f"all.{form}").out
        other = type(cli)(cli.folder, tmp_path / form)
        assert other("import", f"all.{form}").code == 0
        after = other("history", "--json").json_lines
        assert [{**it, "id": 0} for it in after] == [{**it, "id": 0} for it in before]


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        ((), 2, "There is no .session-buddy/skill_metrics.json or .crackerjack/skill_metrics.json or .session-buddy/skills.db here. Name the file to import."),
        (("none.json",), 2, "Cannot read none.json: No such file or directory."),
        (("pyproject.toml",), 2, "pyproject.toml holds no history of skills. Import reads skill_metrics.json, skills.db, and what `skills-lsp report export` wrote."),
        (("--timezone", "Mars"), 2, "There is no time zone 'Mars'. Write it like Europe/Berlin, or UTC."),
        (("--rollback", "7"), 2, "There is no import 7. Nothing was imported yet."),
        (("--list", "--rollback", "7"), 2, "Import files, --list imports or take one back with --rollback."),
    ],
)  # fmt: skip
def test_what_cannot_be_imported_is_one_sentence(cli, arguments, code, sentence):
    ran = cli("import", *arguments)
    lines = [line for line in ran.err.splitlines() if not line.endswith(" …")]
    assert (ran.code, lines) == (code, [f"skills-lsp: {sentence}"])


def test_a_read_only_home_is_one_sentence_and_exit_3(cli):
    cli.home.mkdir()
    (cli.home / "data").write_text("in the way")
    path = cli.write("skill_metrics.json", metrics(record(1)))
    ran = cli("import", str(path))
    assert ran.code == 3
    assert "skills-lsp: " in ran.err
    assert "memory" not in ran.out
