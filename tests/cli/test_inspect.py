"""``skills-lsp inspect``: what is printed, where findings are said to stand, what is refused."""

import os
import subprocess
import sys

import pytest

FINDING_KEYS = ["pattern", "line", "column", "end_line", "end_column", "name", "message", "test_id"]


def test_a_line_for_each_finding_names_file_line_and_column(shop):
    ran = shop("inspect", "bookshop/prices.py")
    assert "bookshop/prices.py:15:16: code-exec: `eval` runs" in ran.out
    assert ran.err == f"{len(ran.out.splitlines())} findings in 1 file.\n"
    assert ran.code == 0


def test_json_is_one_object_per_file_and_line(shop):
    files = shop("inspect", ".", "--json").json_lines
    paths = [it["path"] for it in files]
    assert paths == sorted(paths)
    assert "web/cart.ts" in paths
    assert [list(it) for it in files] == [
        ["path", "language", "is_test_file", "findings"] for _ in files
    ]
    findings = [finding for it in files for finding in it["findings"]]
    assert findings
    assert all(list(finding) == FINDING_KEYS for finding in findings)


def test_json_says_what_a_file_is(shop):
    by_path = {it["path"]: it for it in shop("inspect", ".", "--json").json_lines}
    assert by_path["tests/test_prices.py"]["is_test_file"] is True
    assert by_path["web/cart.ts"]["language"] == "typescript"
    assert by_path["bookshop/__init__.py"]["findings"] == []


@pytest.mark.parametrize(
    ("before", "column"),
    [
        pytest.param("", 1, id="nothing"),
        pytest.param('x = "\N{GRINNING FACE}"; ', 10, id="an astral character is one column"),
        pytest.param('x = "e\N{COMBINING ACUTE ACCENT}"; ', 11, id="a combining mark is its own"),
        pytest.param('x = "\N{LATIN SMALL LETTER E WITH ACUTE}"; ', 10, id="two bytes are one"),
    ],
)
def test_columns_count_code_points(cli, before, column):
    cli.write("a.py", f"text = input()\n{before}eval(text)\n")
    (seen,) = cli("inspect", "a.py", "--json").json_lines
    (finding,) = [it for it in seen["findings"] if it["pattern"] == "code-exec"]
    assert finding["line"] == finding["end_line"] == 2
    assert (finding["column"], finding["end_column"]) == (column, column + 4)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_line_break_of_lsp_ends_a_line_and_a_bom_is_no_column(cli, ending):
    cli.write("a.py", f"\N{ZERO WIDTH NO-BREAK SPACE}text = input(){ending}eval(text){ending}")
    (seen,) = cli("inspect", "a.py", "--json").json_lines
    places = [(it["line"], it["column"]) for it in seen["findings"] if it["name"] == "eval"]
    assert places == [(2, 1)]


def test_half_typed_code_and_an_empty_file_are_no_errors(cli):
    cli.write("half.py", "def test_a(:\n    eval(x\n")
    cli.write("empty.py", "")
    assert cli("inspect", "half.py", "empty.py").code == 0


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("nowhere.py", "skills-lsp: There is no file or folder 'nowhere.py'.\n"),
        (
            "Makefile",
            "skills-lsp: Makefile is in no language that skills-lsp reads. "
            "It reads Python, JavaScript and TypeScript (.py .pyi .js .jsx .mjs .ts .tsx …).\n",
        ),
    ],
)
def test_what_cannot_be_inspected_is_one_sentence_and_exit_2(shop, name, sentence):
    ran = shop("inspect", name)
    assert (ran.code, ran.out, ran.err) == (2, "", sentence)


def test_bytes_that_are_no_text_are_refused(cli):
    cli.write("blob.py", "x = 1\n\0\n")
    ran = cli("inspect", "blob.py")
    assert (ran.code, ran.err) == (2, "skills-lsp: blob.py is no text in UTF-8.\n")


def test_one_wrong_file_does_not_take_the_others_with_it(shop):
    ran = shop("inspect", "nowhere.py", "bookshop/prices.py")
    assert ran.code == 2
    assert "code-exec" in ran.out


def test_a_folder_is_searched_without_what_was_installed_or_built(cli):
    cli.write("node_modules/a.js", "eval(x)\n")
    cli.write(".venv/b.py", "eval(x)\n")
    cli.write("src/c.py", "x = input()\n")
    (cli.folder / "src/gone.py").symlink_to("nowhere.py")
    files = cli("inspect", ".", "--json").json_lines
    assert [it["path"] for it in files] == ["src/c.py"]


@pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes on Linux")
def test_a_file_name_that_is_no_text_is_printed_escaped(cli):
    cli.write("a\udcff.py", "eval(input())\n")
    ran = cli("inspect", ".")
    assert ran.code == 0
    assert "a\\udcff.py:1:1: code-exec" in ran.out


def test_a_terminal_that_lacks_a_character_gets_an_escape(cli):
    cli.write("\N{GREEK SMALL LETTER ALPHA}.py", "eval(input())\n")
    ran = cli("inspect", ".", PYTHONIOENCODING="latin-1")
    assert ran.code == 0
    assert "\\u03b1.py:1:1: code-exec" in ran.out


def test_a_reader_that_stops_early_is_no_reason_to_complain(cli):
    cli.write("many.py", "eval(input())\n" * 20_000)
    read_end, write_end = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "skills_lsp", "inspect", "many.py"],
        cwd=cli.folder,
        env=cli.environment(),
        stdout=write_end,
        stderr=subprocess.PIPE,
    )
    os.close(write_end)
    os.close(read_end)
    _, err = process.communicate(timeout=60)
    assert err == b""
    assert process.returncode != 0


def test_many_files_are_told_in_their_order_whichever_process_saw_them(cli):
    for number in range(70):
        cli.write(f"shop/a{number:02}.py", "eval(input())\n" * (number % 7))
    many = cli("inspect", "shop", "--json").json_lines
    assert [it["path"] for it in many] == [f"shop/a{number:02}.py" for number in range(70)]
    assert [len(it["findings"]) > 0 for it in many] == [number % 7 > 0 for number in range(70)]
    few = cli("inspect", "shop/a05.py", "--json").json_lines
    assert few == [many[5]]


def test_what_was_too_much_to_be_looked_at_is_said(cli):
    cli.write("deep.py", "x = a" + " + y" * 5_000 + "\neval(x)\n")
    ran = cli("inspect", "deep.py")
    assert "code-exec" in ran.out
    assert "deep.py: What is nested deeper than 1,000 levels is not looked at." in ran.err
    (seen,) = cli("inspect", "deep.py", "--json").json_lines
    assert seen["too_large"].startswith("What is nested deeper")


def test_code_that_does_not_parse_is_named_with_its_line(cli):
    cli.write("broken.py", "import os\n\n\ndef f(:\n    return os.name\n")
    cli.write("whole.py", "def f():\n    return 1\n")
    ran = cli("inspect", "broken.py", "whole.py")
    assert ran.code == 0
    said = "broken.py:4: the parser does not understand this; what is seen around it may be incomplete."
    assert ran.err.splitlines()[0] == f"skills-lsp: {said}"
    assert "whole.py" not in ran.err
    lines = cli("inspect", "broken.py", "whole.py", "--json").json_lines
    assert [it.get("broken_line") for it in lines] == [4, None]
