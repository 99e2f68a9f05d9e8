"""The catalogue: built-in skills, the user's and the project's, Agent Skills, and tasks.

Only :func:`builtin` is on the server's way to its first answer; what the others need is imported
by them.
"""

from collections.abc import Collection, Sequence
from pathlib import Path

from skills_lsp.domain.skill import Catalogue, Origin, Problem, Skill
from skills_lsp.skills.packaged import builtin
from skills_lsp.skills.vocabulary import KNOWN_PATTERNS, normalize_shortcut


def load(workspaces: Sequence[Path], *, home: Path, config_dir: Path) -> Catalogue:
    """Return every skill there is: project before user before built-in, then the tasks.

    Of two skills with one name the stronger stays, and a warning names both files. Within one
    place ``.skills`` comes before ``.agents/skills`` before ``.claude/skills``. A file that is
    reached twice (``.claude/skills`` is often a link to ``.agents/skills``) counts once.
    """
    from skills_lsp.skills.collection import load_all  # noqa: PLC0415 - not for the first answer

    return load_all(workspaces, home=home, config_dir=config_dir)


def load_toml(
    path: str, text: str, origin: Origin, patterns: Collection[str] = KNOWN_PATTERNS
) -> tuple[Skill | None, tuple[Problem, ...]]:
    """Return the skill that a TOML text defines, and all that is wrong with it, by line."""
    from skills_lsp.skills import definition  # noqa: PLC0415 - named like its module's function

    return definition.load_toml(path, text, origin, patterns)


def load_agent_skills(root: Path, origin: Origin) -> Catalogue:
    """Return every Agent Skill (a folder with a ``SKILL.md``) below a folder."""
    from skills_lsp.skills import agent_skills  # noqa: PLC0415 - not for the first answer

    return agent_skills.load_agent_skills(root, origin)


def load_tasks(workspace: Path) -> Catalogue:
    """Return the tasks that a project already has; their files are read, never run."""
    from skills_lsp.skills import tasks  # noqa: PLC0415 - not for the first answer

    return tasks.load_tasks(workspace)


def watched_globs() -> tuple[str, ...]:
    """Return the globs, relative to a workspace folder, whose changes change the catalogue."""
    from skills_lsp.skills import collection  # noqa: PLC0415 - not for the first answer

    return collection.watched_globs()


def check(paths: Sequence[Path], patterns: Collection[str] = KNOWN_PATTERNS) -> tuple[Problem, ...]:
    """Return every mistake in skill files, ``SKILL.md`` files or folders of them, by file and line.

    ``patterns`` are the pattern ids that exist.
    """
    from skills_lsp.skills import checking  # noqa: PLC0415 - a command of its own

    return checking.check(paths, patterns)


def template(name: str, kind: str) -> str:
    """Return a commented start for a skill file; ``kind`` is "command" or "agent".

    Raises
    ------
    UsageError
        When the name is no skill name, or the kind is neither.
    """
    from skills_lsp.skills import templates  # noqa: PLC0415 - a command of its own

    return templates.template(name, kind)


__all__ = [
    "builtin",
    "check",
    "load",
    "load_agent_skills",
    "load_tasks",
    "load_toml",
    "normalize_shortcut",
    "template",
    "watched_globs",
]
