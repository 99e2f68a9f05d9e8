"""The skills in the package: one TOML each in ``builtin/``, read through a generated index.

The folder is the registry; ``builtin/index.json`` only makes reading it quick. Parsing 80 TOML
files with ``tomllib`` takes 40 ms, in the time between an editor's start and its first answer;
the index takes 2. An index that does not list exactly the files that are there, with their sizes,
is left aside. Run ``python -m skills_lsp.skills.packaged`` after a change to rewrite it.
"""

import json
import os
from pathlib import Path
from typing import Any

from skills_lsp.domain.skill import Catalogue, Origin, Problem, Skill
from skills_lsp.skills.definition import load_toml, to_skill

FOLDER = Path(__file__).parent / "builtin"
INDEX = FOLDER / "index.json"


def builtin() -> Catalogue:
    """Return the skills in the package, by name."""
    skills = _from_index()
    return Catalogue(skills) if skills is not None else from_files()


def from_files() -> Catalogue:
    """Return the skills in the package, read from their own files."""
    skills: list[Skill] = []
    problems: list[Problem] = []
    for path in sorted(FOLDER.glob("*.toml")):
        skill, found = load_toml(str(path), path.read_text(encoding="utf-8"), Origin.BUILTIN)
        skills += [skill] if skill else []
        problems += found
    return Catalogue(tuple(skills), tuple(problems))


def index_text() -> str:
    """Return what the index should hold now."""
    import tomllib  # noqa: PLC0415 - only to write the index; the server reads it

    entries = []
    for path in sorted(FOLDER.glob("*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        entries.append({"name": path.stem, "size": path.stat().st_size, "data": data})
    rows = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
    return f"[\n{rows}\n]\n"


def _from_index() -> tuple[Skill, ...] | None:
    try:
        entries: list[dict[str, Any]] = json.loads(INDEX.read_text(encoding="utf-8"))
        with os.scandir(FOLDER) as files:
            sizes = {file.name: file.stat().st_size for file in files if file.name[-5:] == ".toml"}
    except (OSError, ValueError):
        return None  # no index in this checkout, or half of one: the files themselves are there
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


if __name__ == "__main__":
    INDEX.write_text(index_text(), encoding="utf-8")
