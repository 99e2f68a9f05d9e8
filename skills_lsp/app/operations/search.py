"""Search the skills, by meaning where there is a model and by words."""

from dataclasses import dataclass
from typing import Any

from skills_lsp.app.app import App
from skills_lsp.app.operations.list_skills import skill_json
from skills_lsp.domain.skill import Phase
from skills_lsp.errors import UsageError
from skills_lsp.ide.meaning import UNKNOWN_SUCCESS, in_phase
from skills_lsp.ide.plain_text import markdown
from skills_lsp.text.markdown import table

_MAX_QUERY_CHARACTERS = 4_000
_MAX_WAIT_SECONDS = 2.0
"""An encoder that has to be started first is ready in half a second; then words must do."""


@dataclass(frozen=True, slots=True)
class Params:
    """What to search for."""

    query: str = ""
    """Any words: what is to be done, or what went wrong."""
    limit: int = 10
    """How many at most."""
    phase: str = ""
    """Skills that go well in this workflow phase come first: setup, execution, verification or deployment."""
    language: str = ""
    """Only skills for this LSP language id, such as python."""


@dataclass(frozen=True, slots=True)
class Result:
    """The skills that fit, best first, with their scores (0 to 1) and which engine found them."""

    skills: tuple[dict[str, Any], ...]
    engine: str
    message: str

    def markdown(self) -> str:
        """Return what was found as a table."""
        cells = [
            (f"{it['score']:.2f}", it["name"], it["phase"], markdown(it["description"]))
            for it in self.skills
        ]
        lines = ["# Search", "", self.message]
        if cells:
            lines += ["", table(("score", "skill", "phase", "what it does"), cells)]
        return "\n".join(lines) + "\n"


async def op(app: App, params: Params) -> Result:
    """Return the skills that fit a query, none when it fits nothing."""
    if params.phase and params.phase not in set(Phase):
        phases = ", ".join(it.value for it in Phase)
        raise UsageError(
            "bad-phase", f"There is no phase {params.phase!r}.", f"There are: {phases}."
        )
    if params.limit < 1:
        raise UsageError("bad-limit", "The limit must be at least 1.")
    query = params.query[:_MAX_QUERY_CHARACTERS].strip()
    if not query:
        raise UsageError("no-query", "There is nothing to search for.", "Say what is to be done.")
    meaning = app.knowledge.meaning
    if meaning is not None:
        await meaning.learn(query, seconds=_MAX_WAIT_SECONDS)
    hits = app.knowledge.search(query)
    scores = hits.scores
    if params.phase and scores:
        scores = await _for_phase(app, scores, Phase(params.phase))
    found = []
    for name, score in scores.items():
        skill = app.knowledge.catalogue.by_name[name]
        if params.language and skill.languages and params.language not in skill.languages:
            continue
        more = {
            "score": round(score, 4),
            "by_words": round(hits.by_words.get(name, 0.0), 4),
            "by_meaning": round(it, 4) if (it := hits.by_meaning.get(name)) is not None else None,
        }
        found.append({**skill_json(skill), **more})
    engine = meaning.engine if meaning is not None and hits.by_meaning else "words"
    shown = tuple(found[: params.limit])
    return Result(shown, engine, _message(len(shown), engine))


async def _for_phase(app: App, scores: dict[str, float], phase: Phase) -> dict[str, float]:
    none: dict[str, tuple[int, int]] = {}
    records = await app.stored(lambda store: store.phase_records(phase.value), none)
    moved = {}
    for name, score in scores.items():
        n_runs, n_completed = records.get(name, (0, 0))
        success = (n_completed + 1) / (n_runs + 2) if n_runs else UNKNOWN_SUCCESS
        is_of_phase = app.knowledge.catalogue.by_name[name].phase is phase
        moved[name] = in_phase(score, is_of_phase=is_of_phase, success=success)
    return dict(sorted(moved.items(), key=lambda it: (-it[1], it[0])))


def _message(n_found: int, engine: str) -> str:
    how = "by words" if engine == "words" else f"by words and by meaning ({engine})"
    if not n_found:
        return f"No skill fits; searched {how}."
    return f"{n_found} {'skill fits' if n_found == 1 else 'skills fit'}, found {how}."
