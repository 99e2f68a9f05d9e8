"""What the server knows beside the open documents: catalogue, memory, what can run where.

All of it is filled in the background and read at once: a part that is not there yet only makes
suggestions poorer.
"""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from skills_lsp import skills
from skills_lsp.app.declared import declared_packages
from skills_lsp.app.folders import Folders
from skills_lsp.domain.context import Memory
from skills_lsp.domain.settings import Settings
from skills_lsp.domain.skill import Catalogue, Command, Skill
from skills_lsp.ide.meaning import blended, fits_something
from skills_lsp.runner.environment import (
    Environment,
    environment_of,
    is_available,
    missing_tool,
)
from skills_lsp.store.lexical import LexicalIndex

if TYPE_CHECKING:
    from skills_lsp.app.meaning import Meaning

_MAX_TEXT_SCORES = 500
# Tools come and go by hand (pip install), so what was found is believed for this long.
_AVAILABILITY_SECONDS = 10.0
_PROJECT_FILES = (
    "pyproject.toml",
    "package.json",
    "setup.py",
    "setup.cfg",
    "tox.ini",
    "Makefile",
    "justfile",
    ".git",
)


@dataclass(frozen=True, slots=True)
class Availability:
    """What can run for files of one folder: reasons by skill for what cannot."""

    blocked: dict[str, str] = field(default_factory=dict)  # fits, but its tool is missing
    unfit: frozenset[str] = frozenset()  # the project does not use it at all
    taken_at: float = float("-inf")


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: scores of the blend, best first, and of its two halves."""

    scores: dict[str, float]
    by_words: Mapping[str, float]
    by_meaning: Mapping[str, float]


class Knowledge:
    """The catalogue and its index, memories by project and language, availability by folder."""

    def __init__(self, folders: Folders) -> None:
        self._folders = folders
        self._catalogue: Catalogue | None = None
        self._lexical: LexicalIndex | None = None
        self.meaning: Meaning | None = None  # until the catalogue is there
        self._text_scores: dict[str, dict[str, float]] = {}
        self._memories: dict[tuple[str, str], Memory] = {}
        self._availability: dict[tuple[str, str], Availability] = {}
        self._projects: dict[str, str] = {}
        self.generation = 0

    @property
    def catalogue(self) -> Catalogue:
        """All skills; those built in until the rest has been read."""
        if self._catalogue is None:
            self._catalogue = skills.builtin()
        return self._catalogue

    async def load_catalogue(self, workspaces: Sequence[Path]) -> None:
        """Read every skill definition on a thread and index their texts."""
        home, config = self._folders.home, self._folders.config

        def load() -> tuple[Catalogue, LexicalIndex]:
            catalogue = skills.load(workspaces, home=home, config_dir=config)
            return catalogue, LexicalIndex(catalogue.skills)

        self.take_catalogue(*await asyncio.to_thread(load))

    def take_catalogue(self, catalogue: Catalogue, lexical: LexicalIndex) -> None:
        """Use a catalogue with its index."""
        self._catalogue, self._lexical = catalogue, lexical
        self._text_scores.clear()
        self._availability.clear()
        self.generation += 1

    def text_scores(self, query: str) -> Mapping[str, float]:
        """Return how well each skill's text fits a query, 0 to 1; empty until the index is there."""
        scores = self._text_scores.get(query)
        if scores is None:
            if len(self._text_scores) >= _MAX_TEXT_SCORES:
                self._text_scores.clear()
            scores = self._text_scores[query] = blended(*self.found_by(query))
        return scores

    def found_by(self, query: str) -> tuple[dict[str, float], Mapping[str, float]]:
        """Return what the search by words finds, and the search by meaning as far as it is ready."""
        by_words = dict(self._lexical.search(query)) if self._lexical is not None else {}
        return by_words, self.meaning.scores(query) if self.meaning is not None else {}

    def search(self, query: str) -> Found:
        """Search with what is ready; a query that fits no skill finds none."""
        by_words, by_meaning = self.found_by(query)
        known = self._lexical.share_known(query) if self._lexical is not None else 0.0
        fits = fits_something(by_words, by_meaning, known)
        return Found(blended(by_words, by_meaning) if fits else {}, by_words, by_meaning)

    def forget_text(self, query: str | None = None) -> None:
        """Look anew for a query (or all): its vector has come, or the index has changed."""
        if query is None:
            self._text_scores.clear()
        else:
            self._text_scores.pop(query, None)

    # -- memory ----------------------------------------------------------------------------------

    def memory(self, project: str, language: str) -> Memory:
        """Return what worked here, as it was last read."""
        return self._memories.get((project, language), Memory())

    def take_memory(self, project: str, language: str, memory: Memory) -> None:
        """Keep what was read from the store."""
        self._memories[project, language] = memory

    def knows_memory(self, project: str, language: str) -> bool:
        """Say whether the store was asked already."""
        return (project, language) in self._memories

    # -- what can run where ----------------------------------------------------------------------

    def availability(self, path: str) -> Availability:
        """Return what is known of the file's folder, however old."""
        return self._availability.get(_folder_key(path), Availability())

    def is_availability_old(self, path: str, now_seconds: float) -> bool:
        """Say whether it is time to look again."""
        return now_seconds - self.availability(path).taken_at > _AVAILABILITY_SECONDS

    def take_availability(
        self, path: str, workspace: str, settings: Settings, now_seconds: float
    ) -> None:
        """Look for the tools of all skills; touches the disk, so it runs on a thread.

        What was found for a catalogue or for settings that have changed meanwhile is dropped.
        """
        generation = self.generation
        environment = environment_of(path, workspace, configured_python=settings.python)
        blocked, unfit = {}, set()
        for skill in self.catalogue.skills:
            if not uses(skill, environment, path):
                unfit.add(skill.name)
            elif reason := why_blocked(skill, environment, path):
                blocked[skill.name] = reason
        if generation != self.generation:
            return
        key = _folder_key(path)
        self._availability[key] = Availability(blocked, frozenset(unfit), now_seconds)

    def forget_availability(self) -> None:
        """Look anew at the next chance."""
        self._availability.clear()
        self.generation += 1

    def project_of(self, path: str) -> str:
        """Return the nearest project folder above a file; remembered, as it is asked often."""
        folder = str(Path(path).parent)
        known = self._projects.get(folder)
        if known is None:
            known = self._projects[folder] = str(project_folder(Path(path)))
        return known


def uses(skill: Skill, environment: Environment, path: str) -> bool:
    """Say whether the project has what marks the skill as its own (a config file, a package)."""
    if not skill.requires_files and not skill.requires_packages:
        return True
    folders = _folders_up(Path(path).parent, Path(environment.workspace))
    wanted = frozenset(skill.requires_packages)
    if wanted and any(wanted & declared_packages(folder) for folder in folders):
        return True
    return any(
        next(folder.glob(pattern), None) is not None
        for folder in folders
        for pattern in skill.requires_files
    )


def why_blocked(skill: Skill, environment: Environment, path: str) -> str:
    """Return why a skill's tool cannot run here, and what to do; empty when it can, or may."""
    command = skill.action
    if not isinstance(command, Command) or is_available(command, environment, path) is not False:
        return ""
    missing = missing_tool(command, environment, path)
    return f"{missing.message} {missing.hint}".strip() if missing is not None else ""


def project_folder(file: Path) -> Path:
    """Return the nearest folder above a file that looks like a project; else its own folder."""
    # The system refuses names that are too long, or holds what may not be looked into.
    with contextlib.suppress(OSError, ValueError):
        for folder in file.parents:
            if any((folder / name).exists() for name in _PROJECT_FILES):
                return folder
    return file.parent


def _folders_up(folder: Path, top: Path) -> list[Path]:
    folders = [folder]
    while folder not in (top, folder.parent):
        folder = folder.parent
        folders.append(folder)
    return folders


def _folder_key(path: str) -> tuple[str, str]:
    return (str(Path(path).parent), Path(path).suffix)
