"""What was learned about a problem, as an entry of the menu and as words."""

from collections.abc import Container, Sequence
from dataclasses import dataclass

from skills_lsp.domain.fix import Advice, Recommendation, Vote
from skills_lsp.ide.plain_text import markdown, one_line

_MAX_TITLE_NAME = 60


@dataclass(frozen=True, slots=True)
class Fix:
    """A strategy that can be run against a problem."""

    title: str
    strategy: str


def fixes(recommendation: Recommendation, skills: Container[str]) -> list[Fix]:
    """Return what can be run of a recommendation, best first: strategies that are skills here.

    A strategy may be another tool's, or a skill that is gone; that one is only spoken of.
    """
    votes = [it for it in ranked(recommendation) if it.strategy in skills]
    return [
        Fix(f"Fix: run {one_line(it.strategy, _MAX_TITLE_NAME)} ({record(it)})", it.strategy)
        for it in votes
    ]


def ranked(recommendation: Recommendation) -> list[Vote]:
    """Return the best strategy and its alternatives; nothing where too little is known."""
    if recommendation.best is None:
        return []
    return [recommendation.best, *recommendation.alternatives]


def record(vote: Vote) -> str:
    """Return how a strategy went, in words.

    >>> record(Vote("ruff-fix", 0.7, 0.9, 8.1, 10, 9, 0.9))
    'worked 9 of 10 times for issues like this'
    >>> record(Vote("ruff-fix", 0.5, 1.0, 2.0, 2, 2, 0.9))
    'worked both times for issues like this'
    >>> record(Vote("ruff-fix", 0.4, 1.0, 1.0, 1, 1, 1.0))
    'worked the one time for issues like this'
    """
    tried, worked = vote.n_tried, vote.n_worked
    if worked == tried:
        said = {1: "the one time", 2: "both times"}.get(tried, f"all {tried} times")
        return f"worked {said} for issues like this"
    return f"worked {worked} of {tried} times for issues like this"


def hover(advices: Sequence[tuple[str, Advice]]) -> str:
    """Return what to try against problems, each with its code or message, as Markdown."""
    blocks = []
    for name, advice in advices:
        votes = ranked(advice.recommendation)
        if not votes:
            continue
        best, *others = votes
        line = f"**{markdown(name)}** · fix: {markdown(best.strategy)} {record(best)}"
        line += f" ({best.confidence:.0%} sure)"
        if others:
            line += f"; else {', '.join(markdown(it.strategy) for it in others)}"
        blocks.append(line)
    return "\n\n".join(dict.fromkeys(blocks))
