"""Which files a project's test runner loads: from package.json and the settings of its runner.

Settings that are code (``jest.config.js``, ``vitest.config.ts``) are read as text, never run: what is
written down in them is understood, and nothing else.
"""

import json
import os
import re
import shlex
from collections.abc import Callable, Iterator
from itertools import takewhile

from skills_lsp.projects.files import Memory, folders_up

_MAX_BYTES = 200_000
_STRING = re.compile(r"""(["'`])((?:\\.|(?!\1)[^\\\n])*)\1""")
_LIST_OR_STRING = r"""["']?\s*:\s*(\[[^\]]*\]|(["'`])(?:\\.|(?!\2)[^\\\n])*\2)"""
_MATCH = re.compile(r"\btestMatch" + _LIST_OR_STRING)
_REGEX = re.compile(r"\btestRegex" + _LIST_OR_STRING)
_SPEC = re.compile(
    r"""(?:^|[{,])\s*["']?spec["']?\s*:[ \t]*(?P<value>\[[^\]]*\]|(?:\n[ \t]*-[ \t]+.+)+|[^\n\[{}]+)""",
    re.MULTILINE,
)
_VITEST = re.compile(r"\btest\s*:\s*\{")
_IS_SCRIPT = re.compile(r".*\.[cm]?[jt]sx?")
_SHELL_ENDS = frozenset({"&&", "||", ";", "|", "&"})
_RUNS_MOCHA = re.compile(r"(?:.*/)?_?mocha(?:\.js)?")

Found = tuple[tuple[str, ...], tuple[str, ...]]
"""Globs and regular expressions, as they are written."""


def test_files(folder: str, top: str) -> Found:
    """Return globs of the files that runners load, and expressions for their paths.

    Globs are absolute: they begin with the folder of the settings they are from. The settings of the
    folder that is nearest to a file hold; ``top`` is the last that is looked in.
    """
    for each in folders_up(folder, top):
        globs: list[str] = []
        expressions: list[str] = []
        for name in _present(each):
            found = _MEMORIES[_FILES[name]].of(f"{each}{os.sep}{name}")
            globs += found[0]
            expressions += found[1]
        if globs or expressions:
            base = each.replace("\\", "/").rstrip("/")
            return tuple(f"{base}/{_plain(glob)}" for glob in globs), tuple(expressions)
    return (), ()


def _present(folder: str) -> tuple[str, ...]:
    """Return which of the files that say something are in a folder, which is asked for each file."""
    try:
        stamp = os.stat(folder).st_mtime_ns  # noqa: PTH116 - asked often
        known = _LISTED.get(folder)
        if known is None or known[0] != stamp:
            if len(_LISTED) > _MAX_LISTED:
                _LISTED.clear()
            names = tuple(sorted(_FILES.keys() & os.listdir(folder)))  # noqa: PTH208 - as above
            known = _LISTED[folder] = (stamp, names)
    except (OSError, ValueError):
        return ()
    return known[1]


_LISTED: dict[str, tuple[int, tuple[str, ...]]] = {}
_MAX_LISTED = 1_000


def _plain(glob: str) -> str:
    return glob.replace("<rootDir>", "").lstrip("./") if not glob.startswith("**") else glob


def _package(text: str) -> Found:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return (), ()
    if not isinstance(said, dict):
        return (), ()
    globs: list[str] = []
    expressions: list[str] = []
    jest, mocha, scripts = (_table(said.get(each)) for each in ("jest", "mocha", "scripts"))
    globs += _texts(jest.get("testMatch"))
    expressions += _texts(jest.get("testRegex"))
    globs += _texts(mocha.get("spec"))
    for command in scripts.values():
        globs += _of_mocha(command) if isinstance(command, str) else ()
    return _positive(globs), tuple(expressions)


def _table(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, str)]


def _of_mocha(command: str) -> Iterator[str]:
    """Yield the files that a command of the shell gives to mocha."""
    try:
        words = shlex.split(command)
    except ValueError:
        return
    for at, word in enumerate(words):
        if _RUNS_MOCHA.fullmatch(word):
            for each in takewhile(lambda it: it not in _SHELL_ENDS, words[at + 1 :]):
                if not each.startswith("-") and ("*" in each or _IS_SCRIPT.fullmatch(each)):
                    yield each


def _mocharc(text: str) -> Found:
    found = _SPEC.search(text)
    if found is None:
        return (), ()
    value = found["value"]
    if value.startswith("\n"):  # A list of YAML's: a line each.
        return _positive([each.strip(" \t-'\"") for each in value.split("\n")]), ()
    return _positive([each[2] for each in _STRING.finditer(value)] or [value.strip()]), ()


def _jest(text: str) -> Found:
    globs = [each for found in _MATCH.finditer(text) for each in _strings(found[1])]
    expressions = [each for found in _REGEX.finditer(text) for each in _strings(found[1])]
    return _positive(globs), tuple(expressions)


def _vitest(text: str) -> Found:
    """Read ``test: { include: […] }``; what coverage includes is another matter."""
    opened = _VITEST.search(text)
    globs: list[str] = []
    depth, takes = 1, False
    for found in _PART.finditer(text, opened.end()) if opened is not None else ():
        part = found["sign"] or ""
        depth += (part in "{[" and part != "") - (part in "}]" and part != "")
        if not depth or (takes and part == "]"):
            break
        if found["include"]:
            takes = depth == 1
        elif takes and found["string"]:
            globs += _strings(found[0])
    return _positive(globs), ()


_PART = re.compile(
    r"""(?P<string>(["'`])(?:\\.|(?!\2)[^\\\n])*\2)|(?P<include>\binclude\s*:)|(?P<sign>[{}\[\]])
    |//.*|/\*[\s\S]*?\*/""",
    re.VERBOSE,
)


def _strings(text: str) -> list[str]:
    return [re.sub(r"\\(.)", r"\1", each[2]) for each in _STRING.finditer(text)]


def _positive(globs: list[str]) -> tuple[str, ...]:
    return tuple(each for each in globs if each and not each.startswith("!"))


_ENDINGS = ("js", "cjs", "mjs", "ts", "cts", "mts")
_FILES: dict[str, Callable[[str], Found]] = {
    "package.json": _package,
    **{f".mocharc.{each}": _mocharc for each in ("json", "jsonc", "yml", "yaml", "js", "cjs")},
    **{f"jest.config.{each}": _jest for each in (*_ENDINGS, "json")},
    **{f"vitest.config.{each}": _vitest for each in _ENDINGS},
    **{f"vite.config.{each}": _vitest for each in _ENDINGS},
}
SETTINGS = tuple(_FILES)
"""The names of all files that may say which files are tests."""

_NONE: Found = ((), ())


def _memory(read: Callable[[str], Found]) -> Memory[Found]:
    return Memory(lambda _path, data: read(data.decode("utf-8", "replace")), _NONE, _MAX_BYTES)


_MEMORIES = {read: _memory(read) for read in set(_FILES.values())}
