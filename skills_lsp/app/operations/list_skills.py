"""List the skills of the catalogue, and what could not be taken into it."""

from dataclasses import dataclass
from typing import Any

from skills_lsp.app.app import App
from skills_lsp.domain.skill import Skill
from skills_lsp.ide.plain_text import markdown
from skills_lsp.text.markdown import table


@dataclass(frozen=True, slots=True)
class Params:
    """Which skills; empty for all."""

    language: str = ""
    """An LSP language id, such as python."""
    phase: str = ""
    """A workflow phase: setup, execution, verification or deployment."""


@dataclass(frozen=True, slots=True)
class Result:
    """The skills by name, and the problems found in definition files."""

    skills: tuple[dict[str, Any], ...]
    problems: tuple[dict[str, Any], ...]
    message: str

    def markdown(self) -> str:
        """Return the catalogue as a table."""
        cells = [
            (it["name"], it["phase"], it["origin"], markdown(it["description"]))
            for it in self.skills
        ]
        shown = table(("skill", "phase", "from", "what it does"), cells)
        lines = ["# Skills", "", self.message, "", shown]
        if self.problems:
            lines += ["", "## Not usable", ""]
            lines += [
                f"- {markdown(it['path'], 300)}:{it['line']}: {markdown(it['message'], 300)}"
                for it in self.problems
            ]
        return "\n".join(lines) + "\n"


async def op(app: App, params: Params) -> Result:
    """Return the catalogue."""
    catalogue = app.knowledge.catalogue
    chosen = [
        skill
        for skill in catalogue.skills
        if (not params.language or not skill.languages or params.language in skill.languages)
        and params.phase in ("", skill.phase.value)
    ]
    problems = tuple(
        {"path": it.path, "line": it.line, "message": it.message, "is_error": it.is_error}
        for it in catalogue.problems
    )
    shown = tuple(skill_json(skill) for skill in sorted(chosen, key=lambda it: it.name))
    return Result(shown, problems, f"{len(shown)} skills are known here.")


def skill_json(skill: Skill) -> dict[str, Any]:
    """Return a skill as plain data."""
    return {
        "name": skill.name,
        "title": skill.title,
        "description": skill.description,
        "category": skill.category.value,
        "modality": skill.modality.value,
        "phase": skill.phase.value,
        "languages": list(skill.languages),
        "triggers": {it.pattern: it.strength for it in skill.triggers},
        "shortcut": skill.shortcut or None,
        "origin": skill.origin.value,
        "is_agent_skill": skill.is_agent_skill,
        "source": skill.source,
        "path": skill.path,
    }
