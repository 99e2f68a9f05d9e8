"""Recipes of a justfile."""

import re
from pathlib import Path

from skills_lsp.domain.skill import Problem
from skills_lsp.skills.reading import PROJECT_FILE_LIMIT_BYTES, read_text
from skills_lsp.skills.tasks.task import Found, Task, first_file

FILES = ("justfile", "Justfile", ".justfile")
_DEFAULT = r"[ \t]*=[ \t]*(?:\"[^\"]*\"|'[^']*'|`[^`]*`|\([^)]*\)|[\w.\-]+)"
_PARAMETER = rf"[+*]?\$?[\w\-]+(?:{_DEFAULT})?"
_RECIPE = re.compile(rf"@?([A-Za-z_][\w\-]*)((?:[ \t]+{_PARAMETER})*)[ \t]*:(?!=)")
# What is left of the parameters once those with a default are gone must be optional: *rest.
_DEFAULTED = re.compile(rf"[+*]?\$?[\w\-]+{_DEFAULT}")
_MAX_LINE = 1_000
_KEYWORDS = frozenset({"alias", "export", "import", "mod", "set", "unexport"})


def read(workspace: Path) -> Found:
    """Return the public recipes that run without an argument."""
    path = first_file(workspace, FILES)
    if path is None:
        return [], []
    text = read_text(path, PROJECT_FILE_LIMIT_BYTES)
    if isinstance(text, Problem):
        return [], [text]
    tasks: list[Task] = []
    above: list[str] = []
    is_private = False
    for line in text.splitlines():
        if len(line) > _MAX_LINE:
            continue
        if line.startswith("["):
            is_private = is_private or "private" in line
            continue
        recipe = _RECIPE.match(line)
        if recipe and not is_private and _is_runnable(recipe[1], recipe[2]):
            tasks.append(Task("just", recipe[1], (recipe[1],), path, above[-1] if above else ""))
        above = [line.strip("#! \t")] if line.startswith("#") else []
        is_private = False
    return tasks, []


def _is_runnable(name: str, parameters: str) -> bool:
    if name.startswith("_") or name in _KEYWORDS:
        return False
    needed = _DEFAULTED.sub("", parameters).split()
    return all(word.startswith("*") for word in needed)
