"""Recommend what to try against an issue, from what helped against issues like it."""

from dataclasses import asdict, dataclass
from typing import Any

from skills_lsp.app.app import App
from skills_lsp.app.fixes import tried_on
from skills_lsp.app.operations._issues import issue_named, similar_json
from skills_lsp.learning.fixes import votes
from skills_lsp.reports.fixes import advice_page, advice_sentence


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


@dataclass(frozen=True, slots=True)
class Result:
    """The strategy to try first (null when too little is known), others, and what they rest on.

    Each has its confidence (0 to 1, the lower end of the interval of its success rate), its weighted
    rate and evidence, and how many attempts on similar issues there were and worked.
    """

    best: dict[str, Any] | None
    alternatives: tuple[dict[str, Any], ...]
    issues: tuple[dict[str, Any], ...]
    engine: str
    message: str
    document: str

    def markdown(self) -> str:
        """Return the recommendation with its reasons as a document."""
        return self.document


async def op(app: App, params: Params) -> Result:
    """Return what to try."""
    told = (params.message, params.type, params.tool)
    issue = await issue_named(app, "skills.fix.recommend", told, params.uri, params.line)
    advice = await app.fixes.advise(issue)
    best = advice.recommendation.best
    voted = votes(tried_on(issue, advice.similar, advice.engine, app.now()))
    return Result(
        asdict(best) if best is not None else None,
        tuple(asdict(it) for it in advice.recommendation.alternatives),
        tuple(similar_json(it) for it in advice.similar if it.attempts),
        advice.engine,
        advice_sentence(advice),
        advice_page(advice, voted, app.now()),
    )
