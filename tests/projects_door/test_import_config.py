"""How a project sorts its imports is found as ruff and isort find it, whatever a file holds."""

from pathlib import Path

import pytest

from skills_lsp.domain.project import ImportRules
from skills_lsp.projects import project_of


def rules(root: Path, below: str = "shop/till.py", **files: str) -> ImportRules:
    (root / ".git").mkdir(exist_ok=True)
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return project_of(str(root / below), str(root)).imports


RUFF = '[tool.ruff]\nline-length = 99\n[tool.ruff.lint]\nselect = ["I"]\n'
ISORT = "[settings]\nprofile = black\nline_length = 77\n"


def test_without_settings_the_defaults_hold(tmp_path: Path) -> None:
    found = rules(tmp_path)
    assert (found.line_length, found.is_isort, found.silent) == (88, False, frozenset())


@pytest.mark.parametrize(
    "files",
    [
        {"pyproject.toml": "[tool.ruff]\nline-length = 99\n"},
        {"ruff.toml": "line-length = 99\n"},
        {".ruff.toml": "line-length = 99\n", "pyproject.toml": "[tool.ruff]\nline-length = 1\n"},
        {"ruff.toml": "line-length = 1\n", "shop/ruff.toml": "line-length = 99\n"},
        {"base.toml": "line-length = 99\n", "ruff.toml": "extend = 'base.toml'\n"},
        {"pyproject.toml": "[tool.other]\nx = 1\n", "ruff.toml": "line-length = 99\n"},
    ],
)
def test_the_nearest_settings_of_ruff_count(tmp_path: Path, files: dict[str, str]) -> None:
    assert rules(tmp_path, **files).line_length == 99


@pytest.mark.parametrize(
    "files",
    [
        {".isort.cfg": ISORT},
        {"pyproject.toml": "[tool.isort]\nprofile = 'black'\nline_length = 77\n"},
        {"setup.cfg": "[isort]\nprofile = black\nline_length = 77\n"},
        {"setup.cfg": "[tool:isort]\nprofile=black\nline_length=77\n"},
        {"tox.ini": "[isort]\nprofile = black\nline_length = 77\n"},
        {".isort.cfg": ISORT, "ruff.toml": "line-length = 99\n"},
        {".isort.cfg": ISORT, "ruff.toml": "[lint]\nselect = ['I']\nignore = ['I001']\n"},
        {"pyproject.toml": RUFF, "shop/.isort.cfg": ISORT},
    ],
)
def test_isort_counts_where_it_sorts(tmp_path: Path, files: dict[str, str]) -> None:
    found = rules(tmp_path, **files)
    assert (found.is_isort, found.line_length, found.checks_layout) == (True, 77, True)
    assert "unsorted-imports" not in found.silent


@pytest.mark.parametrize("lint", ["select = ['E', 'I']", "[lint.isort]\ncombine-as-imports = true"])
def test_ruff_counts_where_it_is_asked_to_sort(tmp_path: Path, lint: str) -> None:
    found = rules(tmp_path, **{"ruff.toml": f"[lint]\n{lint}\n", ".isort.cfg": ISORT})
    assert not found.is_isort


def test_settings_of_ruff_are_taken(tmp_path: Path) -> None:
    text = (
        "target-version = 'py312'\n[lint.isort]\nforce-single-line = true\nlines-after-imports = 2\n"
        "known-first-party = ['till']\nsection-order = ['future', 'odoo', 'third-party']\n"
        "required-imports = ['from __future__ import annotations']\n[lint.isort.sections]\n"
        "odoo = ['odoo']\n[lint.isort.import-heading]\nodoo = 'Odoo'\n"
        "[lint.pyflakes]\nallowed-unused-imports = ['hvplot']\n"
    )
    found = rules(tmp_path, **{"ruff.toml": text})
    assert (found.python, found.force_single_line, found.lines_after) == (12, True, 2)
    assert found.known == (("odoo", "odoo"), ("till", "first-party"))
    assert found.sections == ("future", "odoo", "third-party")
    assert found.headings == (("odoo", "# Odoo"),)
    assert found.allowed_unused == {"hvplot", "__future__.annotations"}


@pytest.mark.parametrize(
    ("pattern", "is_silent"),
    [
        ("till.py", True), ("shop/*", True), ("**/till.py", True), ("*.py", True), ("shop/**", True),
        ("{till,door}.py", True), ("shop/ti[kl]l.py", True), ("door.py", False), ("till", False),
        ("!till.py", False), ("!door.py", True),
    ],
)  # fmt: skip
def test_what_a_project_ignores_in_a_file_is_silent(tmp_path: Path, pattern, is_silent) -> None:
    text = f"[lint.per-file-ignores]\n'{pattern}' = ['F401', 'I']\n"
    found = rules(tmp_path, **{"ruff.toml": text})
    assert found.silent == ({"unused-import", "unsorted-imports"} if is_silent else set())


def test_the_python_that_a_project_requires(tmp_path: Path) -> None:
    text = "[project]\nname = 'x'\nrequires-python = '>=3.12,<4'\n"
    assert rules(tmp_path, **{"pyproject.toml": text}).python == 12


def test_isort_skips_and_has_ways_that_are_not_told_here(tmp_path: Path) -> None:
    silent = {"unsorted-imports"}
    assert rules(tmp_path, **{".isort.cfg": "[settings]\nskip = shop\n"}).silent == silent
    assert rules(tmp_path, **{".isort.cfg": "[settings]\nskip_glob = */till.py\n"}).silent == silent
    assert rules(tmp_path, **{".isort.cfg": "[settings]\nprofile = google\n"}).silent == silent
    assert rules(tmp_path, **{".isort.cfg": "[settings]\nmulti_line_output = 5\n"}).silent == set()
    assert not rules(
        tmp_path, **{".isort.cfg": "[settings]\nmulti_line_output = 5\n"}
    ).checks_layout


@pytest.mark.parametrize(
    "text", ["", "[tool.ruff", "[tool]\nruff = 1\n", "[tool.ruff]\nlint = 3\nsrc = 4\n", "\0\xff", "[" * 9_000]
)  # fmt: skip
def test_a_file_that_is_no_settings_changes_nothing(tmp_path: Path, text: str) -> None:
    names = ("pyproject.toml", "ruff.toml", ".isort.cfg", "setup.cfg", "tox.ini")
    found = rules(tmp_path, **dict.fromkeys(names, text))
    assert (found.line_length, found.sections) == (88, ImportRules().sections)


def test_modules_of_the_project_are_those_that_its_folders_hold(tmp_path: Path) -> None:
    empty = dict.fromkeys(["shop/__init__.py", "shop/cart/x.py", "src/market/a.py", "tool.py"], "")
    is_local = rules(tmp_path, **empty).is_local
    path = "shop/till.py"
    assert all(is_local(path, it) for it in ("shop", "shop.cart.x", "tool", "market", "market.a"))
    assert not any(is_local(path, it) for it in ("requests", "market.b", "till", "src.other"))
    (tmp_path / "later.py").write_text("")
    assert is_local(path, "later")


def test_a_package_is_its_own_wherever_it_lies(tmp_path: Path) -> None:
    empty = dict.fromkeys(["lib/deep/__init__.py", "lib/deep/er/__init__.py"], "")
    is_local = rules(tmp_path, "lib/deep/er/a.py", **empty).is_local
    assert is_local("lib/deep/er/a.py", "deep.x")
    assert not is_local("lib/deep/er/a.py", "er")
