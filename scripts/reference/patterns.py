"""``docs/reference/patterns.md``: what is seen in code, and which skills it asks for."""

from scripts.reference.layout import code, table, written_by
from skills_lsp.patterns import Pattern, catalogue
from skills_lsp.skills import builtin

_GROUPS = {
    "python": "Python",
    "javascript": "JavaScript and TypeScript",
    "typescript": "TypeScript",
}
_INTRODUCTION = """\
A pattern says what is worth noticing in code that a tree-sitter grammar has read; half-typed code is
read as far as it makes sense, and what stands in comments and strings is not code. Each is one file
in [`skills_lsp/patterns/`](../../skills_lsp/patterns/): a tree-sitter query, or a module where a
query does not reach. `skills-lsp inspect FILE` shows what is seen in a file.

Skills may also name `code-file`, which stands for any file in a language that is read: a weak reason
to offer what fits every file, such as a type check.
"""


def page() -> str:
    """Return the page."""
    lines = ["# Patterns", "", written_by("skills_lsp/patterns/"), "", _INTRODUCTION]
    for folder, title in _GROUPS.items():
        chosen = [it for it in catalogue() if it.path.parent.name == folder]
        if chosen:
            rows = [_row(it) for it in sorted(chosen, key=lambda it: (it.category, it.id))]
            head = ("pattern", "kind", "what it sees, and why", "skills", "source")
            lines += [f"## {title}", "", *table(head, rows), ""]
    return "\n".join(lines).rstrip() + "\n"


def _row(pattern: Pattern) -> tuple[str, ...]:
    source = f"[source]({pattern.source})" if pattern.source else ""
    return (
        code(pattern.id),
        pattern.category,
        pattern.summary.replace("``", "`"),
        ", ".join(skills_asked_for(pattern)),
        source,
    )


def skills_asked_for(pattern: Pattern) -> list[str]:
    """Return the names of the built-in skills that a pattern triggers, the strongest first."""
    # Skills name JSX and TSX by the editors' ids; the grammars are called after the family.
    languages = {*pattern.languages, *(f"{it}react" for it in pattern.languages)}
    found = [
        (-trigger.strength, skill.name)
        for skill in builtin().skills
        for trigger in skill.triggers
        if trigger.pattern == pattern.id
        and (not skill.languages or languages.intersection(skill.languages))
    ]
    return [name for _, name in sorted(found)]
