"""Users who work alike, and what they use besides; never who they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from skills_lsp.reports import charts
from skills_lsp.reports.layout import bar, percent, plain, plural
from skills_lsp.text.markdown import table

LEAST_GROUP = 5
"""Of fewer people nothing is shown: a figure about few is a figure about somebody."""

_MAX_CHART = 15
TOO_FEW = (
    "Nothing is shown about others until at least {n} of them have used skills in this database. "
    "A team shares its history by importing it: `skills-lsp import PATH`."
)
NO_OWN = "You have used nothing here yet, so nobody is like you."


@dataclass(frozen=True, slots=True)
class Recommended:
    """A skill that others use; ``share`` is that of the votes of similar users, None without them."""

    skill: str
    share: float | None
    n_users: int
    completion_rate: float | None
    score: float


def recommended(
    votes: Sequence[Mapping[str, Any]],
    totals: Sequence[tuple[str, int, int, int]],
    own: Sequence[str],
    least_group: int,
) -> list[Recommended]:
    """Return what others use and one does not, best first.

    The score is the share of the similar users' votes times how often the skill does its work for all.
    Without similar users it is how many use it, times the same. Skills of fewer people than
    ``least_group`` are left out.
    """
    by_skill = {
        name: (n_users, n_done / n_uses if n_uses else None)
        for name, n_users, n_uses, n_done in totals
    }
    n_most = max((it[0] for it in by_skill.values()), default=1)
    shares: dict[str, float | None] = {str(it["skill"]): float(it["share"]) for it in votes}
    if not shares:
        shares = {name: None for name in by_skill if name not in own}
    found = []
    for skill, share in shares.items():
        n_users, rate = by_skill.get(skill, (0, None))
        if n_users < least_group:
            continue
        weight = n_users / n_most if share is None else share
        found.append(
            Recommended(skill, share, n_users, rate, weight * (1.0 if rate is None else rate))
        )
    return sorted(found, key=lambda it: (-it.score, it.skill))


def similar_sentence(users: Sequence[Mapping[str, Any]], n_others: int) -> str:
    """Return how alike others are."""
    if not users:
        return f"None of {n_others:,} other users has enough in common with you."
    best = users[0]
    return (
        f"The most similar of {n_others:,} other users has a similarity of {best['similarity']:.2f}: "
        f"{plural(best['common'], 'skill')} in common."
    )


def similar_page(users: Sequence[Mapping[str, Any]], message: str) -> str:
    """Lay out how alike others are."""
    parts = ["# Users like you", plain(message, limit=400)]
    if users:
        cells = [
            (
                str(rank),
                f"{bar(it['similarity'])} {it['similarity']:.2f}",
                str(it["common"]),
                str(it["skills"]),
            )
            for rank, it in enumerate(users, 1)
        ]
        parts.append(table(("Rank", "Similarity", "In common", "Skills"), cells, numbers=(0, 2, 3)))
        parts.append(
            "Similarity (Jaccard) is the skills in common by all that either of you used, 0 to 1. "
            "What they use and you do not: `skills-lsp report recommended-by-others`."
        )
    return "\n\n".join(parts) + "\n"


def recommended_sentence(found: Sequence[Recommended], n_others: int) -> str:
    """Return what to try first."""
    if not found:
        return f"The {n_others:,} others use nothing that you do not."
    best = found[0]
    if best.share is None:
        return f"{plain(best.skill)} is used most: by {best.n_users:,} of {n_others:,} others."
    return (
        f"Try {plain(best.skill)}: of the votes of users like you it has {percent(best.share)}, "
        f"and {best.n_users:,} of {n_others:,} others use it."
    )


def recommended_page(found: Sequence[Recommended], message: str, n_others: int) -> str:
    """Lay out what others use."""
    parts = ["# Used by others", message]
    if found:
        top = found[0].score or 1.0
        cells = [
            (
                plain(it.skill, limit=60),
                f"{bar(it.score / top)} {it.score:.2f}",
                percent(it.share),
                f"{it.n_users:,}",
                percent(it.completion_rate),
            )
            for it in found
        ]
        parts.append(table(("Skill", "Score", "Votes", "Users", "Done"), cells, numbers=(2, 3, 4)))
        parts.append(
            f"Votes are of the most similar of {n_others:,} others, each counting by similarity. Done is "
            "how often the skill does its work, for all. The score is the product."
        )
    return "\n\n".join(parts) + "\n"


def refusal(title: str, why: str) -> str:
    """Return a page that says why nothing is shown."""
    return f"# {title}\n\n{why}\n"


def similar_chart(users: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the similarities for a dashboard."""
    labels = [f"#{rank}" for rank in range(1, len(users) + 1)]
    return charts.bars("Similarity", labels, {"similarity": [it["similarity"] for it in users]})


def recommended_chart(found: Sequence[Recommended]) -> dict[str, Any]:
    """Return the scores for a dashboard."""
    top = found[:_MAX_CHART]
    return charts.bars("Score", [it.skill for it in top], {"score": [it.score for it in top]})
