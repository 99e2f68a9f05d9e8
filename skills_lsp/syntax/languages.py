"""Which grammar reads a file, and how to load it."""

from enum import StrEnum
from functools import cache
from pathlib import PurePath

from tree_sitter import Language


class Family(StrEnum):
    """Languages that share patterns and rules of scope; the value names the patterns' folder."""

    PYTHON = "python"
    JAVASCRIPT = "javascript"


LANGUAGES = ("python", "javascript", "typescript", "tsx")

_BY_SUFFIX = {
    ".py": "python",
    ".pyi": "python",
    ".pyw": "python",
    ".js": "javascript",
    ".jsx": "javascript",
    ".mjs": "javascript",
    ".cjs": "javascript",
    ".ts": "typescript",
    ".mts": "typescript",
    ".cts": "typescript",
    ".tsx": "tsx",
}
_BY_ID = {
    "python": "python",
    "javascript": "javascript",
    "javascriptreact": "javascript",  # The JavaScript grammar reads JSX as well.
    "jsx": "javascript",
    "typescript": "typescript",
    "typescriptreact": "tsx",
    "tsx": "tsx",
}


def language_of(language_id: str, path: str) -> str | None:
    """Return the language of a document, or None when it is not one that we read.

    The path's suffix wins, as clients send odd ids ("plaintext", "js", ""); a document without a
    path (``untitled:``) has only the id.

    Examples
    --------
    >>> language_of("plaintext", "/a/b.tsx"), language_of("typescriptreact", "untitled:1")
    ('tsx', 'tsx')
    """
    by_suffix = _BY_SUFFIX.get(PurePath(path).suffix.lower())
    return by_suffix or _BY_ID.get(language_id.strip().lower())


def family_of(language: str) -> Family:
    """Return the family whose patterns and scope rules a language shares."""
    return Family.PYTHON if language == "python" else Family.JAVASCRIPT


@cache
def grammar(language: str) -> Language:
    """Return the tree-sitter grammar of a language; each is imported when first asked for."""
    if language == "python":
        import tree_sitter_python  # noqa: PLC0415 - 10 ms that an editor of TypeScript need not pay

        return Language(tree_sitter_python.language())
    if language == "javascript":
        import tree_sitter_javascript  # noqa: PLC0415 - as above

        return Language(tree_sitter_javascript.language())
    import tree_sitter_typescript  # noqa: PLC0415 - as above

    if language == "tsx":
        return Language(tree_sitter_typescript.language_tsx())
    return Language(tree_sitter_typescript.language_typescript())
