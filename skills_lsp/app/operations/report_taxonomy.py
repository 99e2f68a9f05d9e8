"""Browse the skills by modality: category, what each takes and makes, and how it went.

Every skill of the catalogue has its place; asking loads the taxonomy when it is not there yet.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

from skills_lsp.app.app import App
from skills_lsp.app.upkeep import load_taxonomy
from skills_lsp.domain.skill import Category, Modality
from skills_lsp.errors import UsageError
from skills_lsp.reports import taxonomy as report
from skills_lsp.skills.taxonomy import taxonomy
from skills_lsp.store import taxonomy as shelves

__all__ = ["ARGUMENT", "Params", "Result", "op"]

ARGUMENT = "modality"


@dataclass(frozen=True, slots=True)
class Params:
    """Which part of the catalogue."""

    modality: str = ""
    """Only skills that work on this: code, testing, documentation, deployment. Empty for all."""
    category: str = ""
    """Only skills of this category, such as code-quality."""


@dataclass(frozen=True, slots=True)
class Result:
    """The skills in their places."""

    skills: tuple[dict[str, Any], ...]
    is_new: bool
    message: str
    charts: tuple[dict[str, Any], ...]
    document: str

    def markdown(self) -> str:
        """Return the catalogue as a document."""
        return self.document


async def op(app: App, params: Params) -> Result:
    """Return the catalogue in its order."""
    _check("modality", params.modality, [it.value for it in Modality])
    _check("category", params.category, [it.value for it in Category])
    is_new = await load_taxonomy(app)
    nothing: tuple[dict[str, Any], ...] = ()
    found = await app.stored(lambda store: store.query(shelves.catalog, nothing), nothing)
    wanted = await asyncio.to_thread(taxonomy, app.knowledge.catalogue.skills)
    name = next((it.name for it in wanted.categories if it.id == params.category), "")
    chosen = [
        it
        for it in found
        if it["skill"] in app.knowledge.catalogue.by_name
        and params.modality in ("", it["modality"])
        and (not name or name in str(it["categories"]).split(", "))
    ]
    is_whole = not params.modality and not params.category
    message = report.sentence(chosen, params.modality)
    return Result(
        tuple(chosen),
        is_new,
        message,
        (report.chart(chosen),) if chosen else (),
        report.page(chosen, wanted, message, is_whole=is_whole),
    )


def _check(name: str, given: str, known: list[str]) -> None:
    if given and given not in known:
        raise UsageError(
            f"bad-{name}", f"There is no {name} {given[:40]!r}.", f"There are: {', '.join(known)}."
        )
