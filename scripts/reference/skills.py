"""``docs/reference/skills.md``: the skills that come with the program."""

from collections.abc import Iterator

from scripts.reference.layout import code, table, written_by
from skills_lsp.domain.skill import Category, Command, Skill
from skills_lsp.ide.candidates import CODE_FILE
from skills_lsp.patterns import catalogue
from skills_lsp.skills import builtin

_LANGUAGES = {
    "javascriptreact": "",
    "typescriptreact": "",
    "javascript": "JavaScript",
    "typescript": "TypeScript",
    "shellscript": "shell",
    "restructuredtext": "reStructuredText",
    "pip-requirements": "requirements.txt",
}
_UPPER = frozenset({"css", "html", "json", "jsonc", "scss", "sql", "toml", "yaml"})
_TITLES = {
    Category.CODE_QUALITY: "Code quality",
    Category.TESTING: "Testing",
    Category.DOCUMENTATION: "Documentation",
    Category.BUILD_AND_DEPLOY: "Build and deploy",
    Category.VERSION_CONTROL: "Version control",
    Category.LINTING_AND_FORMATTING: "Linting and formatting",
}
_INTRODUCTION = """\
Each is one TOML file in [`skills_lsp/skills/builtin/`](../../skills_lsp/skills/builtin/); your own
look the same ([how to write one](../skills.md)). A name is a link to what the skill wraps.
*Suggested by* names the [patterns](patterns.md) that ask for it, the strongest first; a skill
without one is found by its text and by habit. A skill whose tool is *your agent* hands its
instructions, with the place, to the command in the setting `agentCommand`, or opens them.
"""


def page() -> str:
    """Return the page."""
    skills = builtin().skills
    lines = [
        "# Built-in skills",
        "",
        written_by("skills_lsp/skills/builtin/"),
        "",
        f"There are {len(skills)}. {_INTRODUCTION}",
    ]
    for category, title in _TITLES.items():
        chosen = [it for it in skills if it.category is category]
        lines += [f"## {title}", "", *_table(chosen), ""]
    return "\n".join(lines).rstrip() + "\n"


def _table(skills: list[Skill]) -> list[str]:
    head = ("skill", "what it does", "tool", "for", "suggested by", "phase", "keys")
    return table(head, [tuple(_row(it)) for it in skills])


def _row(skill: Skill) -> Iterator[str]:
    yield f"[{skill.name}]({skill.source})" if skill.source else skill.name
    yield f"**{skill.title}.** {skill.description}"
    action = skill.action
    yield code(action.tool) if isinstance(action, Command) else "your agent"
    yield languages_in_words(skill.languages)
    # Skills may name patterns that are still to be written: those ask for nothing yet.
    known = {CODE_FILE, *(it.id for it in catalogue())}
    strongest = sorted(
        (it for it in skill.triggers if it.pattern in known), key=lambda it: -it.strength
    )
    yield ", ".join(f"{it.pattern} {it.strength:g}" for it in strongest)
    yield skill.phase.value
    yield code(skill.shortcut)


def languages_in_words(ids: tuple[str, ...]) -> str:
    """Return languages as people write them; those with JSX go without saying."""
    if not ids:
        return "any"
    names = [_LANGUAGES.get(it, it.upper() if it in _UPPER else it.capitalize()) for it in ids]
    return ", ".join(it for it in names if it)
