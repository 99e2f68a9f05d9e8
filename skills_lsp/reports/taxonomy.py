"""The catalogue by modality: what each skill takes and makes, and how it went."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from skills_lsp.reports import charts
from skills_lsp.reports.layout import bar, duration, percent, plain, plural
from skills_lsp.skills.taxonomy import Taxonomy
from skills_lsp.text.markdown import table

Entry = Mapping[str, Any]


def sentence(entries: Sequence[Entry], chosen: str) -> str:
    """Return what the catalogue has."""
    n_used = sum(it["n_uses"] > 0 for it in entries)
    kind = f" of the modality {chosen}" if chosen else ""
    n_reviewed = sum(bool(it["requires_human_review"]) for it in entries)
    return (
        f"{plural(len(entries), 'skill')}{kind}, {n_used} of them used so far; "
        f"the results of {n_reviewed} want a look by a person."
    )


def page(entries: Sequence[Entry], wanted: Taxonomy, message: str, *, is_whole: bool) -> str:
    """Lay out the catalogue by modality, below what the words mean."""
    parts = ["# Taxonomy", plain(message, limit=500)]
    if is_whole:
        parts += ["## Categories", _categories(entries, wanted)]
    for kind in wanted.modalities:
        found = [it for it in entries if it["modality"] == kind.id]
        if found:
            parts += [f"## {kind.id.capitalize()}", plain(kind.description), _skills(found)]
    if is_whole:
        parts += ["## How skills depend on each other", _kinds(wanted)]
    return "\n\n".join(parts) + "\n"


def chart(entries: Sequence[Entry]) -> dict[str, Any]:
    """Return how many skills each modality has, and how often they were used."""
    n_skills = Counter(it["modality"] for it in entries)
    n_uses: Counter[str] = Counter()
    for it in entries:
        n_uses[it["modality"]] += it["n_uses"]
    labels = sorted(n_skills)
    return charts.bars(
        "Modalities",
        labels,
        {"skills": [n_skills[it] for it in labels], "uses": [n_uses[it] for it in labels]},
    )


def _categories(entries: Sequence[Entry], wanted: Taxonomy) -> str:
    counts = Counter(name for it in entries for name in str(it["categories"] or "").split(", "))
    most = max(counts.values(), default=1)
    cells = [
        (plain(it.name), f"{bar(counts[it.name] / most)} {counts[it.name]}", plain(it.description))
        for it in wanted.categories
    ]
    return table(("Category", "Skills", "What stands there"), cells)


def _skills(found: Sequence[Entry]) -> str:
    cells = [
        (
            plain(it["skill"], limit=60),
            plain(it["categories"] or ""),
            plain(it["input"]),
            plain(it["output"]),
            "yes" if it["requires_human_review"] else "",
            f"{it['n_uses']:,}" if it["n_uses"] else "",
            percent(it["completion_rate"]) if it["completion_rate"] is not None else "",
            duration(it["mean_duration_seconds"]),
        )
        for it in found
    ]
    head = ("Skill", "Categories", "Takes", "Makes", "Review", "Uses", "Done", "Time")
    return table(head, cells, numbers=(5, 6, 7))


def _kinds(wanted: Taxonomy) -> str:
    n_known = Counter(it.kind for it in wanted.known)
    cells = [
        (it.id.replace("-", " "), str(n_known[it.id]), plain(it.description, limit=200))
        for it in wanted.dependencies
    ]
    return table(("Kind", "Known", "What it says"), cells, numbers=(1,))
