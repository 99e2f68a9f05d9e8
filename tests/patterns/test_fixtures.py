"""Each pattern matches where its fixture says, and nowhere else."""

from pathlib import Path

import pytest
from checking import FIXTURES, check

from skills_lsp.patterns import catalogue

FILES = sorted(each for each in FIXTURES.rglob("*") if each.is_file())
JSX = {"dom-injection", "unused-import"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_pattern_matches_its_marks_and_no_near_miss(file: Path) -> None:
    check(file)


@pytest.mark.parametrize("language", ["typescript", "tsx"])
@pytest.mark.parametrize("file", sorted((FIXTURES / "javascript").iterdir()), ids=lambda f: f.stem)
def test_patterns_of_javascript_hold_in_typescript(file: Path, language: str) -> None:
    if language == "typescript" and file.stem in JSX:
        pytest.skip("plain TypeScript has no JSX")
    check(file, language)


@pytest.mark.parametrize(
    "pattern", catalogue(), ids=lambda pattern: f"{pattern.path.parent.name}-{pattern.id}"
)
def test_every_pattern_has_a_fixture_a_reason_and_a_source(pattern) -> None:
    folder = FIXTURES / pattern.path.parent.name
    assert any(each.stem == pattern.id for each in folder.iterdir())
    assert pattern.summary
    assert pattern.source.startswith("https://")
