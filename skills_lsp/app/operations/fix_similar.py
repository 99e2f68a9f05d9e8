"""Find issues like one that a run reported, and what was tried against them."""

from dataclasses import dataclass
from typing import Any

from skills_lsp.app.app import App
from skills_lsp.app.operations._issues import issue_named, similar_json
from skills_lsp.errors import UsageError
from skills_lsp.reports.fixes import similar_page, similar_sentence

_MAX_LIMIT = 40


@dataclass(frozen=True, slots=True)
class Params:
    """The issue, in words or by its place; without either the problem at the last place."""

    message: str = ""
    """What was reported."""
    type: str = ""
    """Its code or exception, such as F401 or AssertionError."""
    tool: str = ""
    """The tool that reported it, such as ruff."""
    uri: str = ""
    """The document with a problem on show."""
    line: int = 0
    """The line of that problem, from 0."""
    limit: int = 10
    """How many at most, 1 to 40."""


@dataclass(frozen=True, slots=True)
class Result:
    """The issues, most alike first (similarity from 0 to 1), and which engine found them."""

    issues: tuple[dict[str, Any], ...]
    engine: str
    message: str
    document: str

    def markdown(self) -> str:
        """Return the issues as a document."""
        return self.document


async def op(app: App, params: Params) -> Result:
    """Return similar issues."""
    if not 0 < params.limit <= _MAX_LIMIT:
        raise UsageError(
            "bad-limit", f"skills.fix.similar: limit must be 1 to {_MAX_LIMIT}, not {params.limit}."
        )
    told = (params.message, params.type, params.tool)
    issue = await issue_named(app, "skills.fix.similar", told, params.uri, params.line)
    similar, engine = await app.fixes.similar(issue, params.limit)
    return Result(
        tuple(similar_json(it) for it in similar),
        engine,
        similar_sentence(issue, similar, engine),
        similar_page(issue, similar, engine, app.now()),
    )
