"""What a project tells pytest is found as pytest finds it, whatever a file holds."""

import os
from pathlib import Path

import pytest

from skills_lsp.domain.project import NO_PROJECT, PytestRules
from skills_lsp.projects import project_of


def rules(file: Path) -> PytestRules:
    return project_of(str(file)).pytest


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder / "tests" / "test_a.py"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pytest.ini", "[pytest]\npython_files = check_*.py\n"),
        (".pytest.ini", "[pytest]\npython_files: check_*.py\n"),
        ("pytest.toml", '[pytest]\npython_files = ["check_*.py"]\n'),
        ("pyproject.toml", '[tool.pytest.ini_options]\npython_files = "check_*.py"\n'),
        ("pyproject.toml", '[tool.pytest.ini_options]\npython_files = ["check_*.py"]\n'),
        ("pyproject.toml", '[tool.pytest]\npython_files = ["check_*.py"]\n'),
        ("pyproject.toml", 'tool = {pytest = {python_files = ["check_*.py"]}}\n'),
        ("tox.ini", "[tox]\nx = 1\n[pytest]\npython_files =\n    # all of ours\n    check_*.py\n"),
        ("setup.cfg", "[tool:pytest]\npython_files = 'check_*.py'\n[other]\npython_files = no\n"),
    ],
)
def test_each_file_is_read(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    assert rules(tmp_path / "tests" / "test_a.py").files == ("check_*.py",)


def test_several_words_are_split_as_a_shell_does(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text('[pytest]\npython_classes = Test "Spec*"\n  *Case\n')
    assert rules(tmp_path / "test_a.py").classes == ("Test", "Spec*", "*Case")


def test_the_nearest_file_with_a_section_counts(tmp_path: Path) -> None:
    write(
        tmp_path,
        **{
            "pytest.ini": "[pytest]\npython_functions = far\n",
            "sub/tox.ini": "[tox]\nenvlist = py\n",
            "sub/setup.cfg": "[tool:pytest]\npython_functions = near\n",
            "sub/deep/pyproject.toml": "[tool.ruff]\nline-length = 90\n",
        },
    )
    assert rules(tmp_path / "sub" / "deep" / "test_a.py").functions == ("near",)
    assert rules(tmp_path / "test_a.py").functions == ("far",)


def test_a_dedicated_file_counts_even_when_it_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("")
    (tmp_path / "pyproject.toml").write_text('[tool.pytest.ini_options]\npython_files = "no"\n')
    assert rules(tmp_path / "test_a.py") == PytestRules()


def test_a_table_without_our_settings_ends_the_search(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\npython_files = far_*.py\n")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "pyproject.toml").write_text('[tool.pytest.ini_options]\naddopts = "-q"\n')
    assert rules(tmp_path / "sub" / "test_a.py").files == PytestRules().files


def test_paths_and_ignored_files_are_absolute(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\ntestpaths = tests more/tests\n")
    (tmp_path / "conftest.py").write_text('collect_ignore = ["setup.py",\n  "tests/old"]\n')
    found = rules(tmp_path / "tests" / "test_a.py")
    top = str(tmp_path).replace(os.sep, "/")
    assert found.paths == (f"{top}/tests", f"{top}/more/tests")
    assert found.ignored == (f"{top}/setup.py", f"{top}/tests/old")


HOSTILE = {
    "broken": b"[tool.pytest.ini_options\npython_files = ",
    "wrong types": b"[tool.pytest.ini_options]\npython_files = 3\npython_classes = [1, 2]\n",
    "no table": b"tool = 3\n# pytest python_files\n",
    "no table inside": b"[tool]\npytest = 'python_files'\n",
    "not UTF-8": b"[tool.pytest.ini_options]\npython_files = '\xff\xfe'\n\x00",
    "deep": b"[tool.pytest.ini_options]\npython_files = " + b"[" * 20_000,
    "a megabyte": b"[tool.pytest.ini_options]\n" + b"x = 1\n" * 200_000,
    "an open quote": b'[tool.pytest.ini_options]\npython_files = "a \'b"\n',
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_what_cannot_be_read_gives_the_defaults(tmp_path: Path, name: str) -> None:
    for file in ("pyproject.toml", "tox.ini", "setup.cfg"):
        (tmp_path / file).write_bytes(HOSTILE[name])
    assert rules(tmp_path / "test_a.py") == PytestRules()


def test_what_is_no_file_gives_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").mkdir()
    (tmp_path / "tox.ini").symlink_to(tmp_path / "tox.ini")
    os.mkfifo(tmp_path / "setup.cfg")
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\npython_files='a'\n")
    (tmp_path / "pyproject.toml").chmod(0)
    found = rules(tmp_path / "test_a.py")
    assert found == PytestRules() or os.geteuid() == 0  # Root may read what nobody may.
    assert project_of("") == NO_PROJECT
    assert project_of(str(tmp_path / ("x" * 5_000) / "test_a.py")).pytest is not None
    assert project_of("a\0b/test_a.py").pytest == PytestRules()


def test_a_change_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "pytest.ini"
    file.write_text("[pytest]\npython_files = one\n")
    assert rules(tmp_path / "test_a.py").files == ("one",)
    file.write_text("[pytest]\npython_files = another\n")
    assert rules(tmp_path / "test_a.py").files == ("another",)
    file.unlink()
    assert rules(tmp_path / "test_a.py").files == PytestRules().files
