"""Hooks of pre-commit, each of which can run alone over all files."""

from pathlib import Path
from typing import Any

from skills_lsp.domain.skill import Problem, ToolKind
from skills_lsp.skills.front_matter import parse_yaml
from skills_lsp.skills.reading import PROJECT_FILE_LIMIT_BYTES, read_text, shown
from skills_lsp.skills.tasks.task import Found, Task

FILES = (".pre-commit-config.yaml",)


def read(workspace: Path) -> Found:
    """Return the hooks, by alias where they have one."""
    path = workspace / FILES[0]
    if not path.is_file():
        return [], []
    text = read_text(path, PROJECT_FILE_LIMIT_BYTES)
    data = text if isinstance(text, Problem) else parse_yaml(shown(path), text)
    if isinstance(data, Problem):
        return [], [data]
    repositories = data.get("repos") if isinstance(data, dict) else None
    if not isinstance(repositories, list):
        return [], [Problem(shown(path), 0, "has no list of repos")]
    hooks = [
        hook
        for repository in repositories
        if isinstance(repository, dict) and isinstance(repository.get("hooks"), list)
        for hook in repository["hooks"]
        if isinstance(hook, dict) and isinstance(hook.get("id"), str) and hook["id"]
    ]
    return [_task(hook, path) for hook in hooks if not _is_manual(hook)], []


def _is_manual(hook: dict[str, Any]) -> bool:
    stages = hook.get("stages")
    return isinstance(stages, list) and "manual" in stages


def _task(hook: dict[str, Any], path: Path) -> Task:
    alias = hook.get("alias")
    name = alias if isinstance(alias, str) and alias else hook["id"]
    described = hook.get("name")
    return Task(
        tool="pre-commit",
        name=name,
        args=("run", name, "--all-files", "--color=never"),
        path=path,
        description=described if isinstance(described, str) else "",
        kind=ToolKind.PYTHON_TOOL,
        install="python -m pip install pre-commit",
        source="https://pre-commit.com",
        keywords=("hook", "lint"),
        result="gcc-text",
    )
