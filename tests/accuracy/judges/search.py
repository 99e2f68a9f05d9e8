"""Search over the built-in skills, on labelled queries, beside BM25 alone and the model alone.

BM25 is SQLite's own with Porter stemming over the same texts, no word left out, every column alike;
the model alone is the order of the cosines. Each bar is a place of the rows, as for the histories.
"""

import asyncio
import json
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import apsw

from skills_lsp.app.app import App
from skills_lsp.app.folders import Folders
from skills_lsp.cli.console import ConsoleClient
from skills_lsp.cli.evaluate_search import measures
from skills_lsp.domain.skill import Catalogue
from skills_lsp.ide.meaning import document
from skills_lsp.ml import models
from skills_lsp.skills.packaged import builtin
from tests.accuracy.score import Place, Row

QUERIES = Path(__file__).parents[1] / "search" / "queries.jsonl"
DATA = Path(__file__).parents[3] / ".cache" / "model" / "data"
_WORD = re.compile(r"\w+")
_N_RANKED = 20

Answers = dict[str, list[str]]


def rows() -> Iterable[Row]:
    queries = [json.loads(line) for line in QUERIES.read_text("utf-8").splitlines()]
    catalogue = builtin()
    answers = {"BM25, Porter": _bm25(catalogue, queries)}
    answers["skills-lsp without a model"] = asyncio.run(_ours(catalogue, queries, with_model=False))
    if models.installed(DATA / "models") is None:
        print("There is no model (scripts/fetch_model.sh brings it): meaning is left out.\n")
    else:
        answers["model alone"] = asyncio.run(_ours(catalogue, queries, is_alone=True))
        answers["skills-lsp"] = asyncio.run(_ours(catalogue, queries))
    print(_table(answers, queries))
    bars = _bars(answers, queries)
    places = {name: Place("search", number, name) for number, name in enumerate(bars, 1)}
    return [
        Row(
            "search", "labels", 1, frozenset(places.values()),
            frozenset(places[name] for name, holds in bars.items() if holds), 1.0, 1.0,
        )
    ]  # fmt: skip


def _bars(answers: dict[str, Answers], queries: Sequence[dict]) -> dict[str, bool]:
    found = {name: _measures(its, queries) for name, its in answers.items()}
    words, plain = found["skills-lsp without a model"], found["BM25, Porter"]
    bars = {
        f"without the model no worse than BM25: {it}": words[it] >= plain[it]
        for it in ("MRR@5", "recall@5")
    }
    if "skills-lsp" in found:
        for other in ("BM25, Porter", "model alone"):
            for it in ("MRR@5", "recall@5"):
                bars[f"{it} above {other}"] = found["skills-lsp"][it] > found[other][it]
        nothing = [it for it in queries if not it["skills"]]
        n_silent = sum(not answers["skills-lsp"][it["qid"]] for it in nothing)
        bars["three in four queries about something else find nothing"] = n_silent >= 0.75 * len(
            nothing
        )
    return bars


def _measures(answers: Answers, queries: Sequence[dict]) -> dict[str, float]:
    return measures(answers, {it["qid"]: dict.fromkeys(it["skills"], 1.0) for it in queries})


def _table(answers: dict[str, Answers], queries: Sequence[dict]) -> str:
    kinds = defaultdict(list)
    for it in queries:
        if it["skills"]:
            kinds[it["kind"]].append(it)
    lines = [f"{'':28}{'hit@1':>8}{'MRR@5':>8}{'rec@5':>8}{'nDCG@10':>9}   MRR@5 by kind"]
    for name, its in answers.items():
        found = _measures(its, queries)
        by_kind = ", ".join(
            f"{kind} {_measures(its, of)['MRR@5']:.2f}" for kind, of in kinds.items()
        )
        lines.append(
            f"{name:28}{found['hit@1']:8.3f}{found['MRR@5']:8.3f}{found['recall@5']:8.3f}"
            f"{found['nDCG@10']:9.3f}   {by_kind}"
        )
    return "\n".join(lines) + "\n"


def _bm25(catalogue: Catalogue, queries: Sequence[dict]) -> Answers:
    db = apsw.Connection(":memory:")
    db.execute("CREATE VIRTUAL TABLE skill USING fts5(text, tokenize = 'porter unicode61')")
    for number, skill in enumerate(catalogue.skills):
        db.execute("INSERT INTO skill (rowid, text) VALUES (?, ?)", (number, document(skill)))
    answers = {}
    for it in queries:
        match = " OR ".join(f'"{word}"' for word in _WORD.findall(it["text"]))
        hits = db.execute(
            "SELECT rowid FROM skill WHERE skill MATCH ? ORDER BY rank, rowid LIMIT ?",
            (match, _N_RANKED),
        ).fetchall()
        answers[it["qid"]] = [catalogue.skills[number].name for (number,) in hits]
    return answers


async def _ours(
    catalogue: Catalogue,
    queries: Sequence[dict],
    *,
    with_model: bool = True,
    is_alone: bool = False,
) -> Answers:
    with tempfile.TemporaryDirectory(prefix="skills-lsp-") as scratch:
        own = Path(scratch)
        app = App(ConsoleClient(), Folders(own, own, DATA if with_model else own, own))
        try:
            await app.take_catalogue(catalogue)
            await app.index_by_meaning()
            return {it["qid"]: await _ranked(app, it["text"], is_alone) for it in queries}
        finally:
            await app.stop()


async def _ranked(app: App, text: str, is_alone: bool) -> list[str]:
    meaning = app.knowledge.meaning
    await meaning.learn(text)
    if is_alone:
        return list(meaning.scores(text, _N_RANKED))
    return list(app.knowledge.search(text).scores)[:_N_RANKED]
