"""``skills-lsp suggest``: the shape of the answer, and what is refused."""

import pytest

SUGGESTION_KEYS = [
    "rank",
    "skill",
    "title",
    "confidence",
    "reasons",
    "shortcut",
    "phase",
    "estimated_duration_seconds",
]


def test_the_best_comes_first_with_its_reasons(shop):
    ran = shop("suggest", "tests/test_prices.py:6")
    assert ran.code == 0
    assert ran.out.startswith("5 suggestions for line 6; the best is pytest-run.\n")
    assert "  1. pytest-run " in ran.out
    assert "because test-function test_total_of_nothing_is_nothing here" in ran.out


def test_json_is_a_context_and_its_suggestions(shop):
    answer = shop("suggest", "tests/test_prices.py:6", "--json").json
    assert list(answer) == ["context", "suggestions"]
    assert answer["context"]["line"] == 6
    assert answer["context"]["file_kind"] == "test"
    assert answer["context"]["language"] == "python"
    assert [list(it) for it in answer["suggestions"]] == [SUGGESTION_KEYS] * 5
    assert [it["rank"] for it in answer["suggestions"]] == [1, 2, 3, 4, 5]
    best = answer["suggestions"][0]
    assert (best["skill"], best["shortcut"], best["phase"]) == (
        "pytest-run",
        "ctrl+shift+t",
        "execution",
    )
    assert 0 < best["confidence"] <= 1


def test_limit_cuts_what_was_ranked(shop):
    every = shop("suggest", "bookshop/prices.py:15", "--json", "--limit", "10").json["suggestions"]
    two = shop("suggest", "bookshop/prices.py:15", "--json", "--limit", "2").json["suggestions"]
    assert two == every[:2]
    assert len(every) > 2


def test_the_column_counts_code_points(cli):
    smile = "\N{GRINNING FACE}"
    cli.write("test_a.py", f'class TestA:\n    def test_a(self): x = "{smile * 9}"; eval(x)\n')
    context = cli("suggest", "test_a.py:2:48", "--json").json["context"]
    assert context["line"] == 2
    assert "method test_a" in context["symbols"]


def test_a_language_that_is_not_parsed_gets_the_skills_that_are_for_it(cli):
    cli.write("run.sh", "echo $1\n")
    answer = cli("suggest", "run.sh:1", "--json").json
    assert answer["context"]["language"] == "shellscript"


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("nowhere.py:3", "There is no file 'nowhere.py'."),
        ("bookshop/prices.py:999", "prices.py has 19 lines, no line 999."),
        ("bookshop/prices.py:0", "Lines and columns start from 1, not 'bookshop/prices.py:0'."),
        (
            "bookshop/prices.py:x",
            "'x' is no line of bookshop/prices.py. Write FILE:LINE or FILE:LINE:COL.",
        ),
        ("bookshop:1", "'bookshop' is not a file."),
        (
            "Makefile:1",
            "Makefile is in no language that skills-lsp reads. It reads Python, JavaScript and "
            "TypeScript (.py .pyi .js .jsx .mjs .ts .tsx …), and knows skills for shell, YAML, "
            "SQL and TOML.",
        ),
        ("", "There is no file ''."),
        ("a" * 5000 + ":1", f"There is no file '{'a' * 200}…'."),
        ("bookshop/prices.py:" + "9" * 5000, None),
    ],
)
def test_a_place_that_is_not_there_is_one_sentence_and_exit_2(shop, place, sentence):
    ran = shop("suggest", place)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.count("\n") == 1
    if sentence is not None:
        assert ran.err == f"skills-lsp: {sentence}\n"


def test_a_file_whose_name_ends_like_a_place_is_found(cli):
    cli.write("odd:12", "")
    cli.write("even:1.py", "import os\n")
    assert cli("suggest", "even:1.py").code == 0
    assert "no language" in cli("suggest", "odd:12").err


def test_a_broken_skill_file_does_not_keep_the_others_from_being_suggested(shop):
    shop.write(".skills/broken.toml", "title = [\n")
    ran = shop("suggest", "tests/test_prices.py:6", "--json")
    assert ran.json["suggestions"][0]["skill"] == "pytest-run"
