"""Lenses over tests: one to run what stands below, with how it went last time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from skills_lsp.domain.finding import Finding
from skills_lsp.domain.invocation import Status
from skills_lsp.domain.skill import Scope, Skill
from skills_lsp.ide.plain_text import one_line
from skills_lsp.text import Span

_LENS_PATTERNS = ("test-function", "async-test", "test-class", "test-suite")
_TITLES = {"test-class": "Run these tests", "test-suite": "Run these tests"}
_MARKS = {Status.PASSED: "✓", Status.FAILED: "✗"}


@dataclass(frozen=True, slots=True)
class Lens:
    """A clickable line over a finding."""

    span: Span
    title: str
    what: str  # the title without the mark of the last run
    skill: str
    test_id: str


@dataclass(frozen=True, slots=True)
class LastRun:
    """How the last run of a test in this session went."""

    status: Status
    summary: str


def lenses(
    seen: Sequence[Finding],
    skills: Sequence[Skill],
    blocked: Mapping[str, str],
    last_runs: Mapping[str, LastRun],
) -> list[Lens]:
    """Return a lens for each test that some skill can run by itself."""
    made = []
    spans = set()
    for finding in seen:
        if finding.pattern not in _LENS_PATTERNS or finding.span in spans:
            continue
        skill = _runner_of(finding.pattern, skills, blocked)
        if skill is None:
            continue
        spans.add(finding.span)
        what = _TITLES.get(finding.pattern, skill.title)
        title = lens_title(what, last_runs.get(finding.test_id))
        made.append(Lens(finding.span, title, what, skill.name, finding.test_id))
    return made


def lens_title(what: str, last: LastRun | None) -> str:
    """Return the lens's text; plain ▶, since $(play) is an icon in VS Code and text elsewhere."""
    title = f"▶ {one_line(what)}"
    if last is None or last.status not in _MARKS:
        return title
    # "1 failed: assert 3 == 4 (0.4 s)": of one test, what it said is enough.
    said = last.summary.removeprefix("1 failed: ")
    summary = f" {one_line(said, 60)}" if last.status is Status.FAILED else ""
    return f"{title}   {_MARKS[last.status]}{summary}"


def _runner_of(pattern: str, skills: Sequence[Skill], blocked: Mapping[str, str]) -> Skill | None:
    """Return the skill with the strongest claim on a pattern that runs just the symbol."""
    best: tuple[float, Skill] | None = None
    for skill in skills:
        if skill.scope is not Scope.SYMBOL or skill.is_agent_skill or skill.name in blocked:
            continue
        for trigger in skill.triggers:
            if trigger.pattern == pattern and (best is None or trigger.strength > best[0]):
                best = (trigger.strength, skill)
    return best[1] if best else None
