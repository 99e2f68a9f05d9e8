"""``docs/reference/patterns.md``: what is seen in code, with examples, and which skills it asks for."""

import re
import textwrap
from itertools import groupby
from pathlib import Path

from scripts.reference.layout import code, table, written_by
from skills_lsp.patterns import Pattern, catalogue
from skills_lsp.skills import builtin

_FIXTURES = Path(__file__).parents[2] / "tests" / "patterns" / "fixtures"
_GROUPS = {
    "python": "Python",
    "javascript": "JavaScript and TypeScript",
    "typescript": "TypeScript",
}
_KINDS = ("tests", "async", "security", "imports", "types", "docs", "complexity", "data")
_INTRODUCTION = """\
A pattern says what is worth noticing in code that a tree-sitter grammar has read; half-typed code is
read as far as it makes sense, and what stands in comments and strings is not code. Each is one file
in [`skills_lsp/patterns/`](../../skills_lsp/patterns/), a tree-sitter query, or a module where a
query does not reach, and one fixture in [`tests/patterns/fixtures/`](../../tests/patterns/fixtures/)
with its matches and near misses: the examples below are from there. `skills-lsp inspect FILE` shows
what is seen in a file; [how well](../../tests/accuracy/README.md) is measured.

Skills may also name `code-file`, which stands for any file in a language that is read: a weak reason
to offer what fits every file, such as a type check.
"""
_CARETS = re.compile(r"\s*(?:#|//) *(?P<carets>\^+)(?: from (?P<start>\d+))? (?P<pattern>[\w-]+)$")
_NEAR_MISS = re.compile(r"(?:#|//|/\*+) *near miss(?:es)?: *(?P<what>.*)", re.IGNORECASE)
_FENCES = {".py": "python", ".js": "javascript", ".jsx": "jsx", ".ts": "typescript", ".tsx": "tsx"}
_MAX_BEFORE = 5
"""How many lines of a fixture's paragraph are shown above the first match."""
_MAX_NEAR_MISSES = 4


def page() -> str:
    """Return the page."""
    lines = ["# Patterns", "", written_by("skills_lsp/patterns/ and their fixtures"), ""]
    lines += [_INTRODUCTION, *_index(), ""]
    for folder, title in _GROUPS.items():
        chosen = [it for it in catalogue() if it.path.parent.name == folder]
        lines += [f"## {title}", ""] if chosen else []
        for each in sorted(chosen, key=_by_kind):
            lines += _section(each)
    return "\n".join(lines).rstrip() + "\n"


def _by_kind(pattern: Pattern) -> tuple[int, str]:
    return _KINDS.index(pattern.category), pattern.id


def _index() -> list[str]:
    """Return a table of all patterns: which languages have which."""
    rows = []
    ordered = sorted(catalogue(), key=_by_kind)
    for (_, name), found in groupby(ordered, key=_by_kind):
        group = list(found)
        titles = [_GROUPS[it.path.parent.name] for it in group]
        rows.append((code(name), group[0].category, ", ".join(dict.fromkeys(titles))))
    return table(("pattern", "kind", "languages"), rows)


def _section(pattern: Pattern) -> list[str]:
    fixture = _fixture(pattern)
    text = fixture.read_text(encoding="utf-8")
    skills = ", ".join(map(code, skills_asked_for(pattern)))
    lines = [f"### `{pattern.id}`", "", pattern.summary.replace("``", "`"), ""]
    lines += [f"```{_FENCES[fixture.suffix]}", *example(text, pattern.id), "```", ""]
    misses = _near_misses(text)
    if misses:
        lines += ["Not taken for one:", "", *(f"- {it}" for it in misses), ""]
    lines += [f"Kind: {pattern.category}. Skills: {skills}. [Source]({pattern.source})", ""]
    return lines


def _fixture(pattern: Pattern) -> Path:
    folder = _FIXTURES / pattern.path.parent.name
    return min(it for it in folder.iterdir() if it.stem == pattern.id)


def example(fixture: str, pattern: str) -> list[str]:
    """Return the first match of a fixture with its carets, and the paragraph above it."""
    lines = fixture.split("\n")
    at = next(i for i, line in enumerate(lines) if _is_mark(line, pattern))
    start = at - 1
    while start > 0 and lines[start - 1].strip() and at - start < _MAX_BEFORE:
        start -= 1
    if lines[start].startswith(("# path:", "// path:")):
        start += 1
    shown = [line for line in lines[start:at] if not _CARETS.match(line)]
    # A line of carets begins with the comment mark, wherever its code stands.
    margin = min(len(it) - len(it.lstrip()) for it in shown if it.strip())
    mark = _CARETS.match(lines[at])
    assert mark is not None
    first = int(mark["start"]) if mark["start"] else mark.start("carets")
    carets = " " * (first - margin) + "^" * (mark.end("carets") - first)
    behind = [it for it in lines[at + 1 :] if not _CARETS.match(it)]
    decorated = behind[:1] if shown[-1].lstrip().startswith("@") else []
    code_lines = textwrap.dedent("\n".join([*shown, *decorated])).split("\n")
    code_lines.insert(len(shown), carets)
    return code_lines


def _is_mark(line: str, pattern: str) -> bool:
    found = _CARETS.match(line)
    return found is not None and found["pattern"] == pattern


def _near_misses(fixture: str) -> list[str]:
    found = [it["what"].strip(" */") for it in _NEAR_MISS.finditer(fixture)]
    return [it for it in found if it][:_MAX_NEAR_MISSES]


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
