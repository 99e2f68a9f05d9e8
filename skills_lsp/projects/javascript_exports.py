"""What other JavaScript files of a project export of a test runner: ``export const test = base.extend``.

A file is found as bundlers find it: beside the one that imports it, by ``@/`` and ``~/`` below ``src``,
or by a path from the project's folder. Packages are not looked into.
"""

import os
from functools import lru_cache

from skills_lsp.domain.project import Project, RunnerName, ScriptRules
from skills_lsp.patterns.runner_exports import exported
from skills_lsp.projects.files import Memory, folders_up, is_there
from skills_lsp.syntax.languages import language_of
from skills_lsp.syntax.source import Source

_MAX_BYTES = 100_000
"""Fixtures are written by hand: a longer file is something else, and takes 10 ms to parse."""

_MAX_DEPTH = 4
"""How many files a name is followed through, from one that hands it on to the next."""

_ENDINGS = ("", ".ts", ".tsx", ".js", ".jsx", ".mts", ".mjs", ".cts", ".cjs")
_INDEXES = ("/index.ts", "/index.tsx", "/index.js", "/index.mjs")
_ALIASES = ("@/", "~/", "#/")
_TOPS = ("", "/src", "/test", "/tests")


class ProjectExports:
    """Looks up what a module of the project exports under a name."""

    def __init__(self, root: str, base: str) -> None:
        self._root = root
        self._base = base
        self._files: Memory[Source | None] = Memory(self._parsed, None, _MAX_BYTES)
        self._depth = 0

    def __call__(self, path: str, module: str, name: str) -> RunnerName | None:
        """Return what a file (by its path) gets when it imports a name from a module."""
        file = os.path.join(self._base, path)  # noqa: PTH118 - asked often
        found = self._find(file, module) if self._depth < _MAX_DEPTH else ""
        source = self._files.of(found) if found else None
        if source is None:
            return None
        self._depth += 1
        try:
            return exported(source, name)
        finally:
            self._depth -= 1

    def _parsed(self, path: str, data: bytes) -> Source | None:
        language = language_of("", path)
        if language not in ("javascript", "typescript", "tsx"):
            return None
        rules = ScriptRules(exported=self)
        project = Project(self._root, base=self._base, scripts=rules)
        return Source(data.decode("utf-8", "replace"), language, path, project)

    def _find(self, file: str, module: str) -> str:
        """Return the path of a module that is a file of the project, else nothing."""
        folder = os.path.dirname(file)  # noqa: PTH120 - as above
        if module.startswith("."):
            return _file(os.path.normpath(f"{folder}{os.sep}{module}"))
        alias = next((each for each in _ALIASES if module.startswith(each)), "")
        rest = module[len(alias) :]
        first = rest.partition("/")[0]
        for above in folders_up(folder, self._base) if alias or "/" in rest else ():
            for top in _TOPS:
                at = f"{above}{top}{os.sep}"
                is_worth_it = first == rest or is_there(f"{at}{first}")
                found = _file(f"{at}{rest}") if is_worth_it else ""
                if found:
                    return found
        return ""


def _file(path: str) -> str:
    stem, ending = os.path.splitext(path)  # noqa: PTH122 - as above
    if ending in (".js", ".mjs", ".cjs", ".jsx"):  # In TypeScript, the name of what it becomes.
        typed = f"{stem}{ending.replace('js', 'ts')}"
        if os.path.isfile(typed):  # noqa: PTH113 - as above
            return typed
    names = (f"{path}{each}" for each in (*_ENDINGS, *_INDEXES))
    return next((each for each in names if os.path.isfile(each)), "")  # noqa: PTH113 - as above


@lru_cache(maxsize=64)
def exports_of(root: str, base: str) -> ProjectExports:
    """Return the one that looks up exports for a project."""
    return ProjectExports(root, base)
