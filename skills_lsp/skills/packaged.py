"""The skills in the package: one TOML each in ``builtin/``, read through a generated index.

The folder is the registry; ``builtin/index.json`` only makes reading it quick. Parsing 100 TOML
files with ``tomllib`` takes 42 ms, in the time between an editor's start and its first answer;
the index takes 4. An index that does not list exactly the files that are there, with their sizes,
is left aside. Run ``python -m skills_lsp.skills.indexing`` after a change to rewrite it.
"""

import json
import os
from pathlib import Path
from typing import Any

from skills_lsp.domain.skill import Catalogue, Origin, Problem, Skill
from skills_lsp.skills.build import to_skill

FOLDER = Path(__file__).parent / "builtin"
INDEX = FOLDER / "index.json"


def builtin() -> Catalogue:
    """Return the skills in the package, by name."""
    skills = _from_index()
    return Catalogue(skills) if skills is not None else from_files()


def files() -> list[Path]:
    """Return the skill files in the package, by the names of their skills."""
    return sorted(FOLDER.glob("*.toml"), key=lambda path: path.stem)


def from_files() -> Catalogue:
    """Return the skills in the package, read from their own files."""
    from skills_lsp.skills.definition import load_toml  # noqa: PLC0415 - the index needs no checks

    skills: list[Skill] = []
    problems: list[Problem] = []
    for path in files():
        skill, found = load_toml(str(path), path.read_text(encoding="utf-8"), Origin.BUILTIN)
        skills += [skill] if skill else []
        problems += found
    return Catalogue(tuple(skills), tuple(problems))


def _from_index() -> tuple[Skill, ...] | None:
    try:
        return _indexed(json.loads(INDEX.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        return None  # no index in this checkout, or a broken one: the files themselves are there


def _indexed(entries: list[dict[str, Any]]) -> tuple[Skill, ...] | None:
    with os.scandir(FOLDER) as found:
        sizes = {file.name: file.stat().st_size for file in found if file.name.endswith(".toml")}
    if sizes != {f"{entry['name']}.toml": entry["size"] for entry in entries}:
        return None
    folder = str(FOLDER)
    return tuple(
        to_skill(
            entry["name"],
            entry["data"],
            Origin.BUILTIN,
            os.path.join(folder, f"{entry['name']}.toml"),  # noqa: PTH118 - 8 times Path's speed
        )
        for entry in entries
    )
