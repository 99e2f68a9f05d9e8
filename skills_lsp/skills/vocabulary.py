"""The words a skill definition may use: placeholders, result readers, patterns, shortcut keys."""

import re
from collections.abc import Iterable

PLACEHOLDERS = (
    "file",
    "file_name",
    "file_dir",
    "relative_file",
    "line",
    "column",
    "symbol",
    "test_id",
    "test_name",
    "test_name_regex",
    "test_title_regex",
    "module",
    "selection",
    "workspace",
    "project",
    "python",
    "result",
)
"""What the runner fills in; described at :class:`skills_lsp.domain.skill.Command`."""

RESULT_READERS = (
    "bandit-json",
    "coverage-json",
    "doctest-text",
    "eslint-json",
    "gcc-text",
    "jest-json",
    "junit",
    "mocha-json",
    "mypy-json",
    "npm-audit-json",
    "pip-audit-json",
    "pyright-json",
    "python-traceback",
    "ruff-json",
    "sarif",
    "text",
    "tsc-text",
    "vitest-json",
)
"""The formats that ``runner/results`` reads. A test of the runner holds the two in step."""

KNOWN_PATTERNS = frozenset({
    "async-function", "async-test", "async-without-await", "await-in-loop", "bidi", "bind-all", "blocking-call-in-async",
    "buffer", "code-exec", "code-file", "complex-function", "dangling-task", "debug-server", "deserialization",
    "dom-injection", "duplicate-import", "dynamic-require", "failed-run", "floating-promise", "hardcoded-secret",
    "insecure-protocol", "insecure-random", "jwt", "missing-await", "missing-docstring",
    "nested-event-loop", "parametrized-test", "request-timeout", "shell-injection",
    "skipped-test", "sql-query", "sql-string", "ssh-host-key", "star-import", "tempfile",
    "template-xss", "test-class", "test-fixture", "test-function", "test-hook", "test-suite",
    "tls-verify-off", "unsafe-regex", "unsafe-yaml", "unsorted-imports", "untyped-function",
    "unused-import", "weak-crypto", "weak-hash", "weak-tls", "xml",
})  # fmt: skip
"""Pattern ids, for callers that do not bring the list of the patterns that are there."""

LANGUAGE_SLIPS = {
    "bash": "shellscript",
    "js": "javascript",
    "jsx": "javascriptreact",
    "md": "markdown",
    "py": "python",
    "sh": "shellscript",
    "shell": "shellscript",
    "ts": "typescript",
    "tsx": "typescriptreact",
    "yml": "yaml",
}
"""File suffixes and nicknames that are no LSP language id, and the id that is meant."""

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_MODIFIERS = ("ctrl", "shift", "alt", "cmd", "meta", "win")
_NAMED_KEYS = frozenset({
    "up", "down", "left", "right", "home", "end", "pageup", "pagedown", "tab", "enter", "escape",
    "space", "backspace", "delete", "insert", "-", "=", "[", "]", "\\", ";", "'", ",", ".", "/", "`",
})  # fmt: skip
_FUNCTION_KEY = re.compile(r"f(?:[1-9]|1[0-9])")
MAX_NAME = 64


def is_name(text: str) -> bool:
    """Say whether this is a skill name: kebab-case, at most 64 characters.

    >>> is_name("pytest-run"), is_name("Pytest_run"), is_name("a--b")
    (True, False, False)
    """
    return len(text) <= MAX_NAME and _NAME.fullmatch(text) is not None


def slug(text: str) -> str:
    """Return the nearest skill name to a text; empty when nothing of it can stand in one.

    >>> slug("Test: e2e (Chrome)"), slug("buildAll"), slug("+++")
    ('test-e2e-chrome', 'build-all', '')
    """
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", text[: 4 * MAX_NAME])
    return re.sub(r"[^a-z0-9]+", "-", parted.lower())[:MAX_NAME].strip("-")


def unknown_placeholders(text: str) -> list[str]:
    """Return the names in braces that the runner does not know.

    >>> unknown_placeholders("{file}:{lime} {'a': 1}")
    ['lime']
    """
    return [name for name in _PLACEHOLDER.findall(text) if name not in PLACEHOLDERS]


def has_placeholder(text: str) -> bool:
    """Say whether the runner would fill in something here, or stumble over it."""
    return _PLACEHOLDER.search(text) is not None


def normalize_shortcut(text: str) -> str | None:
    """Return a shortcut in its one spelling, or None when it is none.

    Strokes are separated by a space; modifiers come in the order ctrl, shift, alt, cmd, meta,
    win. The first stroke needs a modifier or a function key, or it would take over typing.

    >>> normalize_shortcut("Shift+CTRL+T"), normalize_shortcut("ctrl+k ctrl+g t")
    ('ctrl+shift+t', 'ctrl+k ctrl+g t')
    >>> normalize_shortcut("t"), normalize_shortcut("ctrl+"), normalize_shortcut("shift+t")
    (None, None, None)
    """
    strokes = [_normalize_stroke(stroke) for stroke in text.lower().split()]
    if not strokes or len(strokes) > 4 or None in strokes or _types_a_character(strokes[0] or ""):  # noqa: PLR2004 - no editor takes longer chords
        return None
    return " ".join(stroke for stroke in strokes if stroke)


def nearest(word: str, words: Iterable[str]) -> str:
    """Return "; did you mean 'x'?" for the word most like this one, or nothing."""
    from difflib import get_close_matches  # noqa: PLC0415 - only when there is a mistake to explain

    matches = get_close_matches(word[:100], list(words), n=1)
    return f"; did you mean {matches[0]!r}?" if matches else ""


def _normalize_stroke(stroke: str) -> str | None:
    *modifiers, key = stroke.split("+")
    is_key = len(key) == 1 and key.isascii() and key.isalnum()
    if not (is_key or key in _NAMED_KEYS or _FUNCTION_KEY.fullmatch(key)):
        return None
    if len(set(modifiers)) != len(modifiers) or not set(modifiers) <= set(_MODIFIERS):
        return None
    return "+".join([*sorted(modifiers, key=_MODIFIERS.index), key])


def _types_a_character(stroke: str) -> bool:
    *modifiers, key = stroke.split("+")
    return not (set(modifiers) - {"shift"} or _FUNCTION_KEY.fullmatch(key))
