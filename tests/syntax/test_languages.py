"""Which grammar reads a document."""

import pytest

from skills_lsp.syntax.languages import language_of


@pytest.mark.parametrize(
    ("language_id", "path", "language"),
    [
        ("python", "/a/b.py", "python"),
        ("plaintext", "/a/b.pyi", "python"),
        ("python", "/a/b.ts", "typescript"),
        ("", "/a/B.PYW", "python"),
        ("javascript", "/a/b.tsx", "tsx"),
        ("x", "/a/b.mts", "typescript"),
        ("x", "/a/b.cjs", "javascript"),
        ("javascriptreact", "", "javascript"),
        ("typescriptreact", "Untitled-1", "tsx"),
        ("TypeScript", "", "typescript"),
        ("rust", "/a/b.rs", None),
        ("", "", None),
    ],
)
def test_the_suffix_wins_and_the_id_serves_without_one(language_id, path, language) -> None:
    assert language_of(language_id, path) == language
