"""Groups of skills as a page, each named by its most typical member."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from skills_lsp.domain.skill import Skill
from skills_lsp.reports import charts
from skills_lsp.reports.layout import bar, listed, moment, plain, plural
from skills_lsp.text.markdown import table

Group = Mapping[str, Any]
"""``name``, ``description`` and ``members``, each a name and a tie of 0 to 1, the strongest first."""

_MAX_TABLE = 12
_CLEAR, _FAIR = 0.5, 0.25  # Kaufman and Rousseeuw (1990), table 4 of chapter 2


def shared(members: Sequence[Skill]) -> str:
    """Return what most of a group share: their category, phase and language.

    Not every group shares something: then it is empty.
    """
    said = []
    for words in (
        [it.category.value.replace("-", " ") for it in members],
        [it.phase.value for it in members],
        [_language(it) for it in members],
    ):
        for word, n in Counter(words).most_common(1):
            if word and n * 2 > len(members):
                said.append(word)
    return ", ".join(said)


def _language(skill: Skill) -> str:
    """Return a skill's one language, empty when it is for several."""
    family = {
        it.removesuffix("react").replace("typescript", "javascript") for it in skill.languages
    }
    return family.pop() if len(family) == 1 else ""


def sentence(groups: Sequence[Group], n_alone: int, silhouette: float | None, by: str) -> str:
    """Return how many groups there are and how well they are apart."""
    how = {"meaning": "by what they do", "use": "by what is used together"}.get(
        by, "by what they do and what is used together"
    )
    if not groups:
        return f"No groups are to be seen {how}: it takes more skills, or more sessions."
    apart = ""
    if silhouette is not None:
        word = "clearly" if silhouette >= _CLEAR else "fairly" if silhouette >= _FAIR else "loosely"
        apart = f", {word} apart (silhouette {silhouette:.2f})"
    n_skills = sum(len(it["members"]) for it in groups)
    alone = f"; {plural(n_alone, 'skill')} in none" if n_alone else ""
    largest = groups[0]
    return (
        f"{n_skills} skills in {plural(len(groups), 'group')} {how}{apart}{alone}. "
        f"The largest is that of {largest['name']}, with {len(largest['members'])}."
    )


def kept_sentence(at: str) -> str:
    """Return why the groups are those of an earlier time; empty when there are none."""
    if not at:
        return "The arithmetic gave no answer, and no groups were made before; ask again."
    return f"The arithmetic gave no answer; these are the groups as of {moment(at)}."


def page(groups: Sequence[Group], alone: Sequence[str], message: str) -> str:
    """Lay out the groups, largest first."""
    parts = ["# Groups of skills", plain(message, limit=400)]
    if groups:
        cells = [
            (plain(it["name"]), str(len(it["members"])), plain(it["description"])) for it in groups
        ]
        parts.append(table(("Named by", "Skills", "What they share"), cells, numbers=(1,)))
    for it in groups[:_MAX_TABLE]:
        ties = [(plain(name, limit=60), f"{bar(tie)} {tie:.2f}") for name, tie in it["members"]]
        parts += [f"## {plain(it['name'])}", table(("Skill", "Tie to the others"), ties)]
    if alone:
        parts += ["## In no group", plain(listed(alone), limit=4_000)]
    return "\n\n".join(parts) + "\n"


def chart(groups: Sequence[Group]) -> dict[str, Any]:
    """Return the sizes for a dashboard."""
    labels = [it["name"] for it in groups]
    return charts.bars("Groups", labels, {"skills": [len(it["members"]) for it in groups]})
