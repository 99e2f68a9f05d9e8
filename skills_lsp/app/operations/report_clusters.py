"""Show which skills belong together, by what they do and by what is used together.

Each group is named by its most typical member. What is shown for both is kept in the database.
"""

import base64
from dataclasses import dataclass
from typing import Any

from skills_lsp.app.app import App
from skills_lsp.app.upkeep import count_sessions
from skills_lsp.errors import UsageError
from skills_lsp.ide.meaning import document
from skills_lsp.reports import clusters as report
from skills_lsp.store import clusters as groups
from skills_lsp.store import dependencies, text

__all__ = ["Params", "Result", "op"]

_WAYS = ("both", "meaning", "use")
_COUNT_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Params:
    """By what to group."""

    by: str = "both"
    """By meaning, by use, or both."""


@dataclass(frozen=True, slots=True)
class Result:
    """The groups, the largest first."""

    clusters: tuple[dict[str, Any], ...]
    alone: tuple[str, ...]
    silhouette: float | None
    engine: str
    message: str
    charts: tuple[dict[str, Any], ...]
    document: str

    def markdown(self) -> str:
        """Return the groups as a document."""
        return self.document


async def op(app: App, params: Params) -> Result:
    """Return the groups."""
    if params.by not in _WAYS:
        raise UsageError("bad-way", f"by must be {', '.join(_WAYS)}, not {params.by[:40]!r}.")
    await count_sessions(app, _COUNT_SECONDS)
    network = await app.stored(
        lambda store: store.query(dependencies.whole_network, dependencies.Network()),
        dependencies.Network(),
    )
    question, engine = await _question(app, network, params.by)
    answer = await app.analyst().ask("clusters", question)
    if answer is None:
        return await _kept(app)
    found = tuple(_described(app, it) for it in answer["clusters"])
    if params.by == "both":
        await _keep(app, found)
    alone, silhouette = tuple(answer["alone"]), answer["silhouette"]
    message = report.sentence(found, len(alone), silhouette, params.by)
    shown = tuple({key: value for key, value in it.items() if key != "centre"} for it in found)
    chart = (report.chart(found),) if found else ()
    page = report.page(found, alone, message)
    return Result(shown, alone, silhouette, engine, message, chart, page)


async def _kept(app: App) -> Result:
    """Return the groups as they were last made, when nobody makes new ones."""
    nothing: tuple[groups.Cluster, ...] = ()
    kept = await app.stored(lambda store: store.query(groups.clusters, nothing), nothing)
    found = tuple(
        {"name": it.name, "description": it.description, "members": it.members} for it in kept
    )
    message = report.kept_sentence(kept[0].created_at if kept else "")
    page = report.page(found, (), message)
    return Result(found, (), None, "", message, (report.chart(found),) if found else (), page)


async def _question(app: App, network: dependencies.Network, by: str) -> tuple[dict[str, Any], str]:
    """Return what is asked, and what the meaning is by: the model's id, or words."""
    catalogue = app.knowledge.catalogue.by_name
    n_sessions = dict(network.by_skill)
    names = sorted({*catalogue, *n_sessions})
    texts = [document(catalogue[it]) if it in catalogue else it.replace("-", " ") for it in names]
    place = {name: i for i, name in enumerate(names)}
    question: dict[str, Any] = {
        "names": names,
        "texts": texts,
        "n_sessions": [n_sessions.get(it, 0) for it in names],
        "together": [[place[it.first], place[it.second], it.n_both] for it in network.pairs],
        "by": by,
    }
    await app.index_by_meaning()
    meaning = app.knowledge.meaning
    vectors = await meaning.documents(texts) if meaning is not None else None
    if meaning is None or vectors is None:
        return question, "words"
    return {**question, "vectors": base64.b64encode(b"".join(vectors)).decode()}, meaning.engine


def _described(app: App, cluster: dict[str, Any]) -> dict[str, Any]:
    catalogue = app.knowledge.catalogue.by_name
    members = [catalogue[name] for name, _ in cluster["members"] if name in catalogue]
    return {**cluster, "description": report.shared(members)}


async def _keep(app: App, found: tuple[dict[str, Any], ...]) -> None:
    made = [
        groups.Cluster(
            it["name"],
            tuple((name, tie) for name, tie in it["members"]),
            it["description"],
            base64.b64decode(it["centre"]),
        )
        for it in found
    ]
    at = text.instant(app.now())
    await app.stored(lambda store: store.change(lambda db: groups.replace(db, made, at)), None)
