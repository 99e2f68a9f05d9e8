"""The hover: what was seen here, what is suggested and why, how it went last time."""

from collections.abc import Sequence

from skills_lsp.domain.context import Memory, Record
from skills_lsp.domain.finding import Finding
from skills_lsp.domain.suggestion import Suggestion
from skills_lsp.ide.plain_text import markdown, markdown_message
from skills_lsp.text import Point

_N_SUGGESTIONS = 3
_FORETOLD = ("next", "success")
_MARKS = {"passed": "✓", "failed": "✗", "error": "!", "timed-out": "⧗", "missing-tool": "!"}


def findings_at(seen: Sequence[Finding], cursor: Point) -> list[Finding]:
    """Return the findings whose own range (not the construct around) the cursor touches."""
    return [finding for finding in seen if finding.span.contains(cursor)]


def hover_markdown(
    here: Sequence[Finding], suggestions: Sequence[Suggestion], memory: Memory
) -> str:
    """Return the hover's Markdown; empty when there is nothing at the cursor to speak of."""
    if not here:
        return ""
    lines = [f"**{it.pattern}** · {markdown_message(it.message)}" for it in here]
    patterns = {it.pattern for it in here}
    answering = [it for it in suggestions if it.finding and it.finding.pattern in patterns]
    for it in answering[:_N_SUGGESTIONS]:
        why = "; ".join(markdown(reason) for reason in _worth_saying(it))
        last = _last_time(memory.here.get(it.skill.name) or memory.everywhere.get(it.skill.name))
        lines.append(f"- {markdown(it.skill.title)} ({it.confidence:.0%}: {why}){last}")
    return "\n\n".join(lines[: len(here)]) + "\n\n" + "\n".join(lines[len(here) :])


def _worth_saying(it: Suggestion) -> tuple[str, ...]:
    """Return the strongest reason, and what was foretold where that adds to the score."""
    foretold = [
        part.reason for part in it.parts if part.name in _FORETOLD and part.contribution > 0
    ]
    return tuple(dict.fromkeys((*it.reasons[:1], *filter(None, foretold))))


def _last_time(record: Record | None) -> str:
    if record is None or not record.last_status:
        return ""
    mark = _MARKS.get(record.last_status, "·")
    summary = f": {markdown(record.last_summary, 100)}" if record.last_summary else ""
    return f"  \n  last time {mark} {record.last_status}{summary}"
