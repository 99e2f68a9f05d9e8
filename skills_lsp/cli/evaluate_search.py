"""``skills-lsp evaluate search``: answers of the product's own search on a labelled corpus."""

import asyncio
import json
import math
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

import click

from skills_lsp.app.app import App
from skills_lsp.cli.columns import columns
from skills_lsp.cli.console import ConsoleClient, console_app
from skills_lsp.domain.skill import AgentPrompt, Catalogue, Category, Modality, Phase, Skill
from skills_lsp.errors import UsageError

_N_RANKED = 20


@click.command("search")
@click.argument("corpus", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("queries", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--qrels",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What is right: lines of JSON with qid, id and relevance (1 if it is left out).",
)
@click.option("--json", "as_json", is_flag=True, help="Print the measures as JSON, too.")
def command(corpus: Path, queries: Path, qrels: Path | None, as_json: bool) -> None:
    """Search the skills in CORPUS for each of the QUERIES, and measure how good the answers are.

    CORPUS has lines of JSON with id, name, description and body, QUERIES with qid and text. Prints a
    line of JSON with qid and the ranked ids for each query; the measures go to standard error.
    """
    skills = [_skill(row) for row in _rows(corpus, ("id",))]
    asked = [(str(row["qid"]), str(row["text"])) for row in _rows(queries, ("qid", "text"))]
    if not skills:
        raise UsageError("empty-corpus", f"There is no skill in {corpus}.")
    ranked: dict[str, list[str]] = {}
    for qid, names in asyncio.run(_answers(skills, asked)):
        ranked[qid] = names
        click.echo(json.dumps({"qid": qid, "ranked": names}))
    if qrels is not None:
        found = measures(ranked, _relevance(qrels))
        if as_json:
            click.echo(json.dumps({"measures": found}))
        rows = [(name, f"{value:.4f}") for name, value in found.items()]
        click.echo(columns(("Measure", "Value"), rows, numbers=(1,)), err=True)


def measures(
    ranked: Mapping[str, Sequence[str]], relevance: Mapping[str, Mapping[str, float]]
) -> dict[str, float]:
    """Return hit@1, MRR@5, recall@5 and nDCG@10, each the mean over the judged queries, 0 to 1.

    As in Manning, Raghavan and Schütze (2008), Introduction to Information Retrieval, chapter 8;
    the gain of nDCG is the relevance itself, its discount log2(rank + 1).
    """
    judged = [(ranked.get(qid, ()), right) for qid, right in relevance.items() if right]
    if not judged:
        raise UsageError("no-qrels", "No query has a relevant skill, so nothing can be measured.")
    return {
        "queries": float(len(judged)),
        "hit@1": fmean(float(bool(names) and names[0] in right) for names, right in judged),
        "MRR@5": fmean(_reciprocal_rank(names[:5], right) for names, right in judged),
        "recall@5": fmean(
            len(set(names[:5]) & right.keys()) / min(5, len(right)) for names, right in judged
        ),
        "nDCG@10": fmean(_ndcg(names[:10], right) for names, right in judged),
    }


def _reciprocal_rank(names: Sequence[str], right: Mapping[str, float]) -> float:
    return next((1 / rank for rank, name in enumerate(names, 1) if name in right), 0.0)


def _ndcg(names: Sequence[str], right: Mapping[str, float]) -> float:
    ideal = _gain(sorted(right.values(), reverse=True)[:10])
    return _gain(right.get(name, 0.0) for name in names) / ideal if ideal else 0.0


def _gain(relevances: Iterable[float]) -> float:
    return sum(value / math.log2(rank + 1) for rank, value in enumerate(relevances, 1))


async def _answers(
    skills: Sequence[Skill], asked: Sequence[tuple[str, str]]
) -> list[tuple[str, list[str]]]:
    async with console_app(ConsoleClient()) as app:
        await app.take_catalogue(Catalogue(tuple(skills)))
        await app.index_by_meaning()
        return [(qid, await _ranked(app, text)) for qid, text in asked]


async def _ranked(app: App, text: str) -> list[str]:
    meaning = app.knowledge.meaning
    if meaning is not None:
        await meaning.learn(text)
    return list(app.knowledge.search(text).scores)[:_N_RANKED]


def _skill(row: Mapping[str, Any]) -> Skill:
    """Return a skill of the corpus; its id is its name, so that answers name it."""
    return Skill(
        name=str(row["id"]),
        title=str(row.get("name", "")),
        description=str(row.get("description", "")),
        category=Category.CODE_QUALITY,
        modality=Modality.CODE,
        phase=Phase.EXECUTION,
        action=AgentPrompt(str(row.get("body", ""))),
    )


def _relevance(path: Path) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for row in _rows(path, ("qid", "id")):
        value = float(row.get("relevance", 1))
        if value > 0:
            found.setdefault(str(row["qid"]), {})[str(row["id"])] = value
    return found


def _rows(path: Path, needed: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield the objects of a file of JSON lines; a bad line is told and left out."""
    for number, line in enumerate(path.read_text("utf-8-sig", "replace").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        missing = [key for key in needed if not isinstance(row, dict) or key not in row]
        if missing:
            print(f"skills-lsp: {path}:{number}: no object with {missing[0]}.", file=sys.stderr)
        else:
            yield row
