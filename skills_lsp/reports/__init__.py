"""Analytics questions and their answers as Markdown; pure, one file per question."""

from skills_lsp.reports.history import history_markdown
from skills_lsp.reports.session import SessionSummary, SkillInSession, session_markdown, summarise

__all__ = ["SessionSummary", "SkillInSession", "history_markdown", "session_markdown", "summarise"]
