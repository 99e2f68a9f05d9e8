"""Which project a file belongs to."""

from pathlib import Path

from skills_lsp.domain.project import NO_PROJECT, Project

_MARKS = (".git", "pyproject.toml", "setup.cfg", "setup.py", "package.json")


def project_of(path: str, workspace: str = "") -> Project:
    """Return the project of a file; the nearest folder with a mark of one, below the workspace.

    Reads configuration files, each again only when it changed. A file without a path belongs to
    no project.
    """
    root = _root(path, workspace)
    return Project(root) if root else NO_PROJECT


def _root(path: str, workspace: str) -> str:
    if not path:
        return workspace
    for folder in Path(path).parents:
        if str(folder) == workspace or any((folder / mark).exists() for mark in _MARKS):
            return str(folder)
    return workspace
