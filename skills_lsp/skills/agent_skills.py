"""Agent Skills: folders with a ``SKILL.md``, by the open specification and its client guide.

The specification (https://agentskills.io/specification) is strict about names; clients are asked
to be lenient: a wrong name is a warning, a missing description or a hopeless front matter leaves
the skill out.

Our own fields travel in ``metadata``, as comma-separated text:
``skills-lsp-title``, ``-languages``, ``-triggers`` (``test-function=0.8, async-test``),
``-category``, ``-modality``, ``-phase``, ``-scope``, ``-file-kind``, ``-kind``, ``-shortcut``,
``-keywords``, ``-requires-files``, ``-requires-packages``, ``-requires-imports``,
``-estimated-duration-seconds``.
"""

import os
from pathlib import Path
from typing import Any

from skills_lsp.domain.skill import Catalogue, Origin, Problem, Skill
from skills_lsp.skills.build import to_skill
from skills_lsp.skills.fields import MAX_DESCRIPTION, MAX_TITLE, SKILL_FIELDS
from skills_lsp.skills.front_matter import FrontMatter, read_front_matter
from skills_lsp.skills.guess import guess
from skills_lsp.skills.reading import SKILL_MD_LIMIT_BYTES, one_line, read_text, shown
from skills_lsp.skills.vocabulary import KNOWN_PATTERNS, MAX_NAME, is_name, nearest, slug

# The client guide's bounds: 4 to 6 levels, about 2,000 folders. Ours are wider in number, as one
# level of 2,000 skills with a folder of scripts each is a catalogue that people have.
MAX_DEPTH = 5
MAX_FOLDERS = 8_000
_SKIPPED = frozenset({".git", ".hg", ".svn", "node_modules", ".venv", "venv", "__pycache__"})
_STANDARD_KEYS = ("name", "description", "license", "compatibility", "metadata", "allowed-tools")
_OUR_PREFIX = "skills-lsp-"
_MAX_COMPATIBILITY = 500
_DEFAULT_STRENGTH = 0.6


def load_agent_skills(root: Path, origin: Origin) -> Catalogue:
    """Return every Agent Skill below a folder; an absent folder has none."""
    skills: list[Skill] = []
    files, problems = find_skill_files(root)
    for path in files:
        skill, found = load_skill_md(path, origin)
        skills += [skill] if skill else []
        problems += found
    return Catalogue(tuple(skills), tuple(problems))


def find_skill_files(root: Path) -> tuple[list[Path], list[Problem]]:
    """Return the files named exactly ``SKILL.md``, in the order of their paths.

    A folder with a ``SKILL.md`` is a skill, and what lies below it is the skill's own. Linked
    folders are followed once each, so that a loop of links ends.
    """
    files: list[Path] = []
    problems: list[Problem] = []
    seen: set[tuple[int, int]] = set()
    waiting = [(str(root), 0)]
    while waiting:
        folder, depth = waiting.pop()
        try:
            status = os.stat(folder)  # noqa: PTH116 - thousands of folders; Path doubles the time
            if (status.st_dev, status.st_ino) in seen:
                continue
            seen.add((status.st_dev, status.st_ino))
            if len(seen) > MAX_FOLDERS:
                message = f"holds more than {MAX_FOLDERS} folders; the rest is not looked at"
                problems.append(Problem(shown(root), 0, message))
                break
            with os.scandir(folder) as entries:
                names = {entry.name: entry for entry in entries}
        except (FileNotFoundError, NotADirectoryError) as error:
            if folder == str(root) and isinstance(error, FileNotFoundError):
                break
            problems.append(Problem(shown(folder), 0, "is not a folder that can be read"))
            continue
        except OSError as error:
            problems.append(Problem(shown(folder), 0, f"cannot be read: {error.strerror}"))
            continue
        if depth and "SKILL.md" in names:
            files.append(Path(folder, "SKILL.md"))
        elif depth < MAX_DEPTH:
            waiting += [
                (entry.path, depth + 1)
                for name, entry in sorted(names.items(), reverse=True)
                if name not in _SKIPPED and _is_folder(entry)
            ]
    return files, problems


def load_skill_md(path: Path, origin: Origin) -> tuple[Skill | None, tuple[Problem, ...]]:
    """Return the skill of one ``SKILL.md``, and what is wrong with it."""
    text = read_text(path, SKILL_MD_LIMIT_BYTES)
    if isinstance(text, Problem):
        return None, (text,)
    front = read_front_matter(shown(path), text)
    if isinstance(front, Problem):
        return None, (front,)
    return _Builder(path, front, origin).build()


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a loop of links that the system gives up on
        return False


class _Builder:
    """Turns one front matter into a skill, gathering doubts on the way."""

    def __init__(self, path: Path, front: FrontMatter, origin: Origin) -> None:
        self.path = path
        self.front = front
        self.origin = origin
        self.problems: list[Problem] = list(front.warnings)

    def build(self) -> tuple[Skill | None, tuple[Problem, ...]]:
        description = self._description()
        name = self._name()
        if not description or not name:
            return None, tuple(self.problems)
        self._look_for_unknown_keys()
        category, modality, phase = guess(name)
        data: dict[str, Any] = {
            "title": one_line(name.replace("-", " ").capitalize(), MAX_TITLE),
            "description": description,
            "category": category,
            "modality": modality,
            "phase": phase,
            **self._our_fields(),
            "agent": {
                "instructions": self.front.body or description,
                "folder": shown(self.path.parent),
                "allowed_tools": self._allowed_tools(),
            },
        }
        return to_skill(name, data, self.origin, shown(self.path)), tuple(self.problems)

    def _description(self) -> str:
        value = self.front.data.get("description")
        words = " ".join(value.split()) if isinstance(value, str) else ""
        if not words or words.lower() in ("null", "~"):
            self._note(
                "description", "description is missing or empty, so the skill is left out", True
            )
            return ""
        if len(words) > MAX_DESCRIPTION:
            self._note("description", f"description is longer than {MAX_DESCRIPTION} characters")
        return one_line(words, MAX_DESCRIPTION)

    def _name(self) -> str:
        folder = self.path.parent.name
        value = self.front.data.get("name")
        given = value.strip() if isinstance(value, str) else ""
        name = given if is_name(given) else slug(given) or slug(folder)
        if not name:
            self._note("name", "has no name, and its folder's name holds no letters a to z", True)
        elif not given:
            self._note("name", f"name is missing; the folder's, {name!r}, is used")
        elif given != name:
            rule = f"lower-case letters, digits and single hyphens, at most {MAX_NAME}"
            self._note(
                "name", f"name {one_line(given, 80)!r} breaks the rule ({rule}); {name!r} is used"
            )
        elif name != folder:
            self._note("name", f"name {name!r} is not the folder's, {one_line(folder, 80)!r}")
        return name

    def _look_for_unknown_keys(self) -> None:
        # Never str() of a value: aliases can make a small text a structure without end.
        compatibility = self.front.data.get("compatibility", "")
        if isinstance(compatibility, str) and len(compatibility) > _MAX_COMPATIBILITY:
            self._note(
                "compatibility", f"compatibility is longer than {_MAX_COMPATIBILITY} characters"
            )
        if not isinstance(self.front.data.get("metadata", {}), dict):
            self._note("metadata", "metadata must be a table of text")

    def _allowed_tools(self) -> list[str]:
        value = self.front.data.get("allowed-tools", "")
        parts = value.split() if isinstance(value, str) else value
        if not isinstance(parts, list):
            self._note("allowed-tools", "allowed-tools must be text or a list")
            return []
        return [one_line(part, 200) for part in parts[:100] if isinstance(part, str) and part]

    def _our_fields(self) -> dict[str, Any]:
        metadata = self.front.data.get("metadata", {})
        if not isinstance(metadata, dict):
            return {}
        fields: dict[str, Any] = {}
        for key, value in metadata.items():
            if not (isinstance(key, str) and key.startswith(_OUR_PREFIX)):
                continue
            field = key.removeprefix(_OUR_PREFIX).replace("-", "_")
            mistake = self._our_field(fields, field, value)
            if mistake:
                self._note(key, f"metadata {one_line(key, 80)}: {mistake}")
        return fields

    def _our_field(self, fields: dict[str, Any], field: str, text: object) -> str | None:
        if field not in SKILL_FIELDS or field == "description":
            return f"is not known{nearest(field, SKILL_FIELDS)}"
        if not isinstance(text, str):
            return "must be text; separate several with commas"
        value = _parse(field, text)
        mistake = "is no number" if value is None else SKILL_FIELDS[field](value)
        if mistake:
            return mistake
        fields[field] = value
        unknown = (
            [name for name in value if name not in KNOWN_PATTERNS] if field == "triggers" else []
        )
        return f"no pattern is called {unknown[0]!r}" if unknown else None

    def _note(self, key: str, message: str, is_error: bool = False) -> None:
        line = self.front.line_of(key)
        self.problems.append(Problem(shown(self.path), line, message, is_error))


def _parse(field: str, text: str) -> Any:
    """Return metadata text as the value that the field wants; None for what is no number."""
    items = [item.strip() for item in text.split(",") if item.strip()]
    if field == "triggers":
        return _strengths(items)
    if field == "requires_human_review":
        return {"true": True, "false": False}.get(text.strip().lower(), text)
    if field in ("languages", "keywords") or field.startswith("requires_"):
        return items
    if field == "estimated_duration_seconds":
        return _number(text)
    return text.strip()


def _strengths(items: list[str]) -> object:
    strengths: dict[str, object] = {}
    for item in items:
        pattern, _, strength = item.partition("=")
        value = _number(strength) if strength else _DEFAULT_STRENGTH
        if value is None:
            return None
        strengths[pattern.strip()] = value
    return strengths


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
