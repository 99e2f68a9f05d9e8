"""One task of a project, and the skill that it becomes."""

from dataclasses import dataclass, field
from pathlib import Path

from skills_lsp.domain.skill import (
    Category,
    Command,
    Origin,
    Phase,
    Problem,
    Scope,
    Skill,
    ToolKind,
)
from skills_lsp.skills.fields import MAX_TITLE
from skills_lsp.skills.guess import guess, runs_until_stopped
from skills_lsp.skills.reading import one_line, shown
from skills_lsp.skills.vocabulary import has_placeholder, slug

_TIMEOUT_SECONDS = 1_800.0  # a project's own tasks build and test everything
_SERVER_TIMEOUT_SECONDS = 12 * 3_600.0  # a watcher runs until somebody cancels it
_LISTED = 200
_MAX_NAME = 200

Found = tuple[list["Task"], list[Problem]]


@dataclass(frozen=True, slots=True)
class Task:
    """A task: the tool that runs it, its name there, and what it does in the author's words."""

    tool: str
    name: str
    args: tuple[str, ...]
    path: Path
    description: str = ""
    kind: ToolKind = ToolKind.PROGRAM
    install: str = ""
    source: str = ""
    keywords: tuple[str, ...] = field(default=())
    result: str = "text"


def to_skill(task: Task, workspace: Path) -> Skill | Problem:
    """Return the task as a skill that runs in its folder, or why it cannot be one."""
    name = slug(f"{task.tool} {task.name}")
    label = one_line(task.name, 40)
    if name == slug(task.tool):
        return Problem(shown(task.path), 0, f"the task {label!r} has a name without letters", False)
    if task.name.startswith("-") or any(has_placeholder(arg) for arg in task.args):
        message = f"the task {label!r} has a name that could be taken for an option or placeholder"
        return Problem(shown(task.path), 0, message, False)
    if len(task.name) > _MAX_NAME or not task.name.isprintable():
        return Problem(
            shown(task.path), 0, f"the task {label!r} has a name that is no plain text", False
        )
    category, modality, phase = guess(task.name)
    # A path that the runner would misread is left to the workspace's own placeholder.
    folder = shown(workspace)
    is_plain = folder == str(workspace) and not has_placeholder(folder)
    described = one_line(task.description, _LISTED)
    return Skill(
        name=name,
        title=one_line(f"{task.tool}: {task.name}", MAX_TITLE),
        description=f"Task {label} of {task.path.name}{': ' if described else ''}{described}",
        category=category,
        modality=modality,
        phase=phase,
        action=Command(
            kind=task.kind,
            tool=task.tool,
            args=task.args,
            cwd=folder if is_plain else "{workspace}",
            result=task.result,
            timeout_seconds=_SERVER_TIMEOUT_SECONDS
            if runs_until_stopped(task.name)
            else _TIMEOUT_SECONDS,
            changes_files=category is Category.LINTING_AND_FORMATTING,
            install=task.install,
            found_exit_codes=(1, 2),  # make ends with 2 when a recipe fails
        ),
        scope=Scope.PROJECT,
        keywords=task.keywords,
        source=task.source,
        origin=Origin.TASK,
        path=shown(task.path),
        requires_human_review=phase is Phase.DEPLOYMENT,
    )


def first_file(workspace: Path, names: tuple[str, ...]) -> Path | None:
    """Return the first of these files that the folder has."""
    return next((path for name in names if (path := workspace / name).is_file()), None)
