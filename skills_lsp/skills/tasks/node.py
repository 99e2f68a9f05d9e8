"""Scripts of ``package.json``, run by the package manager that the lock file tells of."""

from pathlib import Path

from skills_lsp.domain.skill import Problem
from skills_lsp.skills.reading import PROJECT_FILE_LIMIT_BYTES, parse_json, read_text, shown
from skills_lsp.skills.tasks.task import Found, Task

FILES = ("package.json",)
_MANAGER_BY_LOCK = {
    "pnpm-lock.yaml": "pnpm",
    "yarn.lock": "yarn",
    "bun.lock": "bun",
    "bun.lockb": "bun",
    "package-lock.json": "npm",
    "npm-shrinkwrap.json": "npm",
}
_MANAGERS = ("npm", "pnpm", "yarn", "bun")
# npm calls these itself: https://docs.npmjs.com/cli/using-npm/scripts#life-cycle-scripts
_LIFE_CYCLE = frozenset({
    "dependencies", "install", "postinstall", "postpack", "postprepare", "postpublish",
    "preinstall", "prepack", "prepare", "preprepare", "prepublish", "prepublishOnly",
})  # fmt: skip


def read(workspace: Path) -> Found:
    """Return the scripts that a person runs; hooks that npm runs around them are left out."""
    path = workspace / FILES[0]
    if not path.is_file():
        return [], []
    text = read_text(path, PROJECT_FILE_LIMIT_BYTES)
    data = text if isinstance(text, Problem) else parse_json(shown(path), text)
    if isinstance(data, Problem):
        return [], [data]
    scripts = data.get("scripts", {}) if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(scripts, dict):
        return [], [Problem(shown(path), 0, "has no table of scripts, but something else")]
    manager = package_manager(workspace, data.get("packageManager"))
    tasks = [
        Task(manager, name, ("run", name), path, command)
        for name, command in scripts.items()
        if isinstance(command, str) and command.strip() and not _is_hook(name, scripts)
    ]
    return tasks, []


def package_manager(workspace: Path, declared: object = None) -> str:
    """Return npm, pnpm, yarn or bun: as declared, else by the lock file, else npm."""
    name = declared.partition("@")[0] if isinstance(declared, str) else ""
    if name in _MANAGERS:
        return name
    locks = (manager for lock, manager in _MANAGER_BY_LOCK.items() if (workspace / lock).is_file())
    return next(locks, "npm")


def _is_hook(name: str, scripts: dict[str, object]) -> bool:
    if name in _LIFE_CYCLE:
        return True
    return any(name.startswith(when) and name[len(when) :] in scripts for when in ("pre", "post"))
