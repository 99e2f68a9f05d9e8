"""Targets of a Makefile."""

import re
from pathlib import Path

from skills_lsp.domain.skill import Problem
from skills_lsp.skills.reading import PROJECT_FILE_LIMIT_BYTES, read_text
from skills_lsp.skills.tasks.task import Found, Task, first_file

FILES = ("GNUmakefile", "makefile", "Makefile")  # the order in which make looks
_RULE = re.compile(r"([A-Za-z0-9_][A-Za-z0-9_./ \-]*?)\s*::?(?!=)(.*)$")
_ASSIGNMENT = re.compile(r"\s*(?:(?:export|override|private|unexport)\s+)*[\w.\-]+\s*[:?+!]*=")
_PHONY = re.compile(r"\.PHONY\s*:(.*)$")
_HELP = re.compile(r"##+\s*(.+)$")
_MAX_LINE = 1_000  # of rules; the pattern takes quadratic time on a line of blanks
_FILE_LIKE = re.compile(r"[./]")


def read(workspace: Path) -> Found:
    """Return the targets that stand for a task: phony or documented ones, else all plain words."""
    path = first_file(workspace, FILES)
    if path is None:
        return [], []
    text = read_text(path, PROJECT_FILE_LIMIT_BYTES)
    if isinstance(text, Problem):
        return [], [text]
    targets, phony = _targets(text)
    wanted = [name for name, said in targets.items() if said or name in phony]
    if not wanted:
        wanted = [name for name in targets if not _FILE_LIKE.search(name)]
    tasks = [Task("make", name, (name,), path, targets[name]) for name in wanted]
    return tasks, []


def _targets(text: str) -> tuple[dict[str, str], set[str]]:
    """Return the targets with their ``## help``, and the names declared phony."""
    targets: dict[str, str] = {}
    phony: set[str] = set()
    above = ""
    in_define = False
    for line in _logical_lines(text):
        word = line.split(None, 1)[0] if line.strip() else ""
        in_define = (in_define or word == "define") and word != "endef"
        if in_define or line.startswith("\t"):
            continue
        if line.startswith("##"):
            above = line.strip("# \t")
            continue
        declared = _PHONY.match(line)
        if declared:
            phony.update(declared[1].split())
            continue
        rule = _RULE.match(line)
        if rule and not _ASSIGNMENT.match(rule[2]):
            said = _HELP.search(rule[2])
            for name in rule[1].split():
                targets[name] = targets.get(name) or (said[1].strip() if said else above)
        above = ""
    return targets, phony


def _logical_lines(text: str) -> list[str]:
    lines = re.sub(r"\\\r?\n[ \t]*", " ", text).splitlines()
    return [line if len(line) <= _MAX_LINE or line.startswith(".PHONY") else "" for line in lines]
