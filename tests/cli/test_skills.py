"""``skills-lsp skills``: the catalogue, one skill, mistakes in files, and new files."""

import pytest


def test_the_list_is_grouped_by_shelf_and_aligned(cli):
    lines = cli("skills", "list").out.splitlines()
    assert lines[0].startswith("code-quality (")
    titles = [line.index("Run this test") for line in lines if line.endswith("Run this test")]
    assert len(set(titles)) <= 1
    assert any(line.startswith("  pytest-run ") and line.endswith("ctrl+shift+t") for line in lines)


@pytest.mark.parametrize(
    ("by", "first"), [("phase", "setup ("), ("origin", "builtin ("), ("category", "code-quality (")]
)
def test_the_list_can_be_grouped_otherwise(cli, by, first):
    assert cli("skills", "list", "--by", by).out.startswith(first)


def test_the_list_can_be_narrowed(cli):
    every = cli("skills", "list", "--json").json["skills"]
    python = cli("skills", "list", "--json", "--language", "py").json["skills"]
    setup = cli("skills", "list", "--json", "--phase", "setup").json["skills"]
    assert 0 < len(python) < len(every) > 40
    assert all(not it["languages"] or "python" in it["languages"] for it in python)
    assert {it["phase"] for it in setup} == {"setup"}


def test_a_search_puts_the_best_first(cli):
    found = cli("skills", "list", "--json", "--search", "sort imports").json["skills"]
    assert found[0]["name"] == "import-sort"
    assert cli("skills", "list", "--search", "zzzz").err.startswith("0 skills;")


def test_the_projects_tasks_are_skills(shop):
    names = {it["name"]: it["origin"] for it in shop("skills", "list", "--json").json["skills"]}
    assert names["make-check"] == "task"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["list", "--language", "cobol"], "No skill is for the language 'cobol'."),
        (["list", "--phase", "never"], "Invalid value for '--phase'"),
        (["show", "pytest-rum"], "Did you mean pytest-run?"),
        (["show", "zzzz"], "There is no skill 'zzzz' here. skills-lsp skills list shows all."),
        (["check", "nowhere"], "There is no file or folder 'nowhere'."),
        (["new", "Bad Name"], "'Bad Name' is no skill name."),
        (["new", "../outside"], "'../outside' is no skill name."),
    ],
)
def test_what_is_not_there_is_one_sentence_and_exit_2(cli, arguments, sentence):
    ran = cli("skills", *arguments)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert sentence in ran.err


def test_show_tells_what_a_skill_runs_and_when(cli):
    ran = cli("skills", "show", "pytest-run")
    assert ran.out.startswith("pytest-run: Run this test\n\nRuns exactly the test")
    assert "suggested   test-function 0.95, " in ran.out
    assert "shortcut    ctrl+shift+t\n" in ran.out
    assert "here        its tool is there\n" in ran.out


def test_show_says_when_the_project_does_not_use_a_skill(cli):
    assert "here        this project does not use it" in cli("skills", "show", "vitest-run").out


def test_show_as_json_has_the_skill_and_its_command(cli):
    skill = cli("skills", "show", "mypy-check", "--json").json
    assert skill["shortcut"] == "ctrl+alt+m"
    assert skill["runs"].startswith("mypy ")


@pytest.mark.parametrize(
    ("flags", "path"),
    [
        ([], ".skills/my-skill.toml"),
        (["--agent"], ".skills/my-skill.toml"),
        (["--skill-md"], ".agents/skills/my-skill/SKILL.md"),
    ],
)
def test_a_new_skill_passes_its_own_check_and_is_known(cli, flags, path):
    ran = cli("skills", "new", "my-skill", *flags)
    assert ran.out == f"Wrote {path}. Edit it, then run: skills-lsp skills check {path}\n"
    checked = cli("skills", "check", path)
    assert (checked.code, checked.out, checked.err) == (0, "", "0 errors, 0 warnings.\n")
    assert cli("skills", "show", "my-skill").code == 0
    again = cli("skills", "new", "my-skill", *flags)
    assert again.code == 2
    assert "exists already" in again.err


def test_check_tells_file_and_line_of_each_mistake(cli):
    cli("skills", "new", "mine")
    path = cli.folder / ".skills/mine.toml"
    text = path.read_text("utf-8").replace('phase = "verification"', 'phase = "verifcation"')
    path.write_text(text, "utf-8")
    line = 1 + next(n for n, it in enumerate(text.splitlines()) if it.startswith("phase"))
    ran = cli("skills", "check")
    assert ran.code == 1
    assert ran.out.startswith(f".skills/mine.toml:{line}: error: ")
    assert ran.err == "1 error, 0 warnings.\n"


def test_a_skill_whose_file_has_a_mistake_is_not_said_to_be_absent(cli):
    cli.write(".skills/broken.toml", "title = [\n")
    said = "The skill 'broken' cannot be used. Its file has a mistake: skills-lsp skills check"
    assert cli("skills", "show", "broken").err == f"skills-lsp: {said}\n"


def test_the_list_says_when_skill_files_have_mistakes(cli):
    cli.write(".skills/broken.toml", "title = [\n")
    assert "problem in skill files; see: skills-lsp skills check" in cli("skills", "list").err
