"""Which project a file belongs to, put together from what its files say."""

import os

from skills_lsp.domain.project import NO_PROJECT, Project, ScriptRules
from skills_lsp.projects.classes import classes_of
from skills_lsp.projects.files import folders_up, is_there
from skills_lsp.projects.import_config import import_rules
from skills_lsp.projects.javascript_config import SETTINGS, test_files
from skills_lsp.projects.javascript_exports import exports_of
from skills_lsp.projects.pytest_config import pytest_rules

CONFIGURATION = (
    "pyproject.toml", "setup.cfg", "tox.ini", "pytest.ini", ".pytest.ini", "pytest.toml",
    ".pytest.toml", "conftest.py", ".isort.cfg", "ruff.toml", ".ruff.toml", *SETTINGS,
)  # fmt: skip
"""The files by which a project says how its code is to be seen."""

_MARKS = (".git", "pyproject.toml", "setup.cfg", "setup.py", "package.json")


def project_of(path: str, workspace: str = "") -> Project:
    """Return the project of a file; the nearest folder with a mark of one, below the workspace.

    Reads configuration files, each again only when it changed. A file without a path belongs to
    no project.
    """
    if not path or not os.path.isabs(path):  # noqa: PTH117 - pathlib takes five times as long
        return Project(workspace, base=workspace) if workspace else NO_PROJECT
    root = _root(path, workspace)
    folder = os.path.dirname(path)  # noqa: PTH120 - as above
    if not root:
        return Project(pytest=pytest_rules(folder))
    base = workspace if workspace and _is_below(path, workspace) else root
    return Project(
        root,
        base=base,
        pytest=pytest_rules(folder),
        imports=import_rules(path, root, base),
        classes=classes_of(root, base),
        scripts=_scripts(path, root, base),
    )


def _scripts(path: str, root: str, base: str) -> ScriptRules:
    if not path.endswith(_SCRIPTS):
        return _NO_SCRIPTS
    globs, expressions = test_files(os.path.dirname(path), base)  # noqa: PTH120 - as above
    return ScriptRules(globs, expressions, exports_of(root, base))


_SCRIPTS = tuple(
    f".{each}{kind}s{x}" for each in ("", "c", "m") for kind in "jt" for x in ("", "x")
)
_NO_SCRIPTS = ScriptRules()


def _root(path: str, workspace: str) -> str:
    for folder in folders_up(os.path.dirname(path)):  # noqa: PTH120 - as above
        if folder == workspace or any(is_there(f"{folder}{os.sep}{mark}") for mark in _MARKS):
            return folder
    return workspace


def _is_below(path: str, folder: str) -> bool:
    return path.startswith(folder.rstrip(os.sep) + os.sep)
