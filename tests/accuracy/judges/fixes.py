"""What to try against a problem, learned from what really mended problems of other packages.

The truth is made by running (``tests/accuracy/fix_truth.py``). The memory is taught as the server teaches
itself: a check, a fixer, the check again. Half of the packages teach, in fifteen rounds; the problems of
the other half are asked about and never recorded.
"""

import asyncio
import hashlib
import random
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import fmean

from skills_lsp.app.app import App
from skills_lsp.app.folders import Folders
from skills_lsp.app.meaning import Meaning
from skills_lsp.domain.fix import Recommendation
from skills_lsp.domain.invocation import ToolProblem
from skills_lsp.domain.settings import Settings
from skills_lsp.ide.fixes import ranked
from skills_lsp.store import fixes
from skills_lsp.store.embeddings import Embeddings, digest_of
from skills_lsp.store.text import instant
from tests.accuracy.fix_truth import FOLDER, STRATEGIES, Case, truth
from tests.accuracy.packages import CACHE
from tests.accuracy.score import Place, Row
from tests.app.session import FakeClient

N_ROUNDS, N_TRIES = 15, 4
MOST_HOPELESS = 400  # findings that nothing mends; there are many, and most say the same
MODEL = CACHE.parent / "model" / "data"
LEAST, MOST_AT_FIRST = 0.85, 0.25
_START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Round:
    """How the problems asked about fared after a round of learning; shares from 0 to 1."""

    n_attempts: int
    works: float  # the first recommendation
    among_four: float  # it, or one of its alternatives
    offered: float
    hopeless: float  # of the problems that nothing mends, those against which something is offered


def rows() -> Iterable[Row]:
    cases = balanced(truth())
    taught, asked = halves(cases)
    mendable = [it for it in asked if it.works]
    guess = fmean(len(it.works) / len(STRATEGIES) for it in mendable)
    always = Counter(name for it in mendable for name in it.works).most_common(3)
    curves = {"by words": asyncio.run(curve(taught, asked, None))}
    if (MODEL / "models").is_dir():
        curves["by meaning"] = asyncio.run(curve(taught, asked, MODEL))
    else:
        print("fixes: there is no model; scripts/fetch_model.sh brings it. Judged by words alone.")
    print(_described(cases, taught, asked, guess, always))
    print(_table(curves))
    n_known = sum(1 for it in cases if it.works)
    bars = {
        "2,000 findings that something mends": n_known >= 2_000,
        "ten strategies that mend something": len({n for it in cases for n in it.works}) >= 10,
        f"a guess works at most {MOST_AT_FIRST:.0%}": guess <= MOST_AT_FIRST,
    }
    for name, rounds in curves.items():
        bars[f"{name}: empty at most {MOST_AT_FIRST:.0%}"] = rounds[0].works <= MOST_AT_FIRST
        bars[f"{name}: {LEAST:.0%} after {N_ROUNDS} rounds"] = rounds[-1].works >= LEAST
    right = frozenset(Place("made by running", 1, bar) for bar in bars)
    seen = frozenset(it for it in right if bars[it.what])
    return [Row("fix recommended", "known truth", len(cases), right, seen, 1.0, 1.0)]


def balanced(cases: Sequence[Case]) -> list[Case]:
    """Return all cases that something mends, and some of those that nothing does."""
    hopeless = [it for it in cases if not it.works]
    some = sorted(hopeless, key=_shuffled)[:MOST_HOPELESS]
    return sorted([*(it for it in cases if it.works), *some], key=_shuffled)


def halves(cases: Sequence[Case]) -> tuple[list[Case], list[Case]]:
    """Return the cases that teach and those that are asked about: of different packages."""
    packages = sorted(
        {it.package for it in cases}, key=lambda it: hashlib.sha256(it.encode()).digest()
    )
    teaching = frozenset(packages[::2])
    taught = [it for it in cases if it.package in teaching]
    return taught, [it for it in cases if it.package not in teaching]


async def curve(taught: Sequence[Case], asked: Sequence[Case], model: Path | None) -> list[Round]:
    """Return how well is advised before learning and after each round."""
    with tempfile.TemporaryDirectory() as folder:
        learning = await _Learning(Path(folder), model).start()
        try:
            rounds = [await learning.judged(asked[::4])]
            for number in range(N_ROUNDS):
                await learning.teach(taught[number::N_ROUNDS])
                is_last = number == N_ROUNDS - 1
                rounds.append(await learning.judged(asked if is_last else asked[::4]))
        finally:
            await learning.app.stop()
        return rounds


class _Learning:
    """An application that is taught, as a person works with it."""

    def __init__(self, folder: Path, model: Path | None) -> None:
        self._at = _START
        self._rng = random.Random(7)
        self._n_attempts = 0
        folders = Folders(folder, folder / "config", model or folder / "data", folder / "cache")
        settings = Settings(database=":memory:")
        self.app = App(FakeClient(), folders, now=lambda: self._at, settings=settings)
        self._has_model = model is not None

    async def start(self) -> "_Learning":
        await self.app.open_store()
        if self._has_model:
            meaning = _Remembering(self.app.folders.models, None, self.app.spawn)
            self.app.knowledge.meaning = meaning
        return self

    async def teach(self, cases: Sequence[Case]) -> None:
        """Meet each problem; try what is recommended, else anything, until it is gone or four were in vain."""
        for case in cases:
            issue = fixes.issue_of(case.tool, case.type, case.message)
            advice = await self.app.fixes.advise(issue)
            self._run(case, f"{case.tool}-check", is_there=True)
            for strategy in self._tried(advice.recommendation):
                self._run(case, strategy, is_there=None)
                self._n_attempts += 1
                self._run(case, f"{case.tool}-check", is_there=strategy not in case.works)
                if strategy in case.works:
                    break
            await self.app.fixes.learn_vectors([issue])
        self._at += timedelta(days=1)

    def _tried(self, recommendation: Recommendation) -> list[str]:
        known = [it.strategy for it in ranked(recommendation)]
        others = [it for it in STRATEGIES if it not in known]
        self._rng.shuffle(others)
        return [*known, *others][:N_TRIES]

    def _run(self, case: Case, skill: str, *, is_there: bool | None) -> None:
        """Let a run end: a check that sees the problem or not, or with None a fixer."""
        self._at += timedelta(seconds=1)
        problem = ToolProblem(case.file, 0, 0, case.message, code=case.type)
        run = fixes.Run(
            skill, case.tool if is_there is not None else skill, "verification", f"/{case.package}", case.file,
            "", instant(self._at), (problem,) if is_there else (),
            is_judged=True, has_passed=not is_there, is_fix=is_there is None,
            key=f"{self._at}",
        )  # fmt: skip
        self.app.store.change(lambda db: fixes.take_run(db, run))

    async def judged(self, cases: Sequence[Case]) -> Round:
        works, among, offered, hopeless = [], [], [], []
        for case in cases:
            issue = fixes.issue_of(case.tool, case.type, case.message)
            advice = await self.app.fixes.advise(issue)
            names = [it.strategy for it in ranked(advice.recommendation)]
            if not case.works:
                hopeless.append(bool(names))
                continue
            offered.append(bool(names))
            works.append(bool(names) and names[0] in case.works)
            among.append(any(it in case.works for it in names))
        return Round(self._n_attempts, *map(fmean, (works, among, offered, hopeless)))


class _Remembering(Meaning):
    """The real model, each text once: its vectors are kept below the cache folder."""

    _kept = None
    _model_id = ""

    async def embed(self, texts, seconds=None):
        if _Remembering._kept is None:
            _Remembering._kept = Embeddings(FOLDER / "vectors.db")
        kept = _Remembering._kept
        if not self._model_id:
            self._model_id = (await self._model()).model_id
        keys = [digest_of(it, 32) for it in texts]
        known = kept.get(self._model_id, keys)
        missing = [it for it, key in zip(texts, keys, strict=True) if key not in known]
        if missing:
            _, made = await super().embed(missing)
            new = {digest_of(it, 32): vector for it, vector in zip(missing, made, strict=True)}
            kept.put(self._model_id, new, 0)
            known.update(new)
        return self._model_id, [known[it] for it in keys]


def _shuffled(case: Case) -> str:
    return hashlib.sha256(f"{case.file}{case.type}{case.message}".encode()).hexdigest()


def _described(cases, taught, asked, guess, always) -> str:
    known = {(it.tool, it.type, it.message) for it in taught}
    unseen = sum((it.tool, it.type, it.message) not in known for it in asked)
    best = ", ".join(f"{name} {n / sum(1 for it in asked if it.works):.0%}" for name, n in always)
    return (
        f"{len(cases):,} findings in {len({it.package for it in cases})} packages, "
        f"{sum(1 for it in cases if it.works):,} of which one of {len(STRATEGIES)} strategies mends. "
        f"{len(taught):,} teach; of the {len(asked):,} asked about {unseen:,} have a text never seen.\n"
        f"A guess works for {guess:.0%}; always the same: {best}.\n"
    )


def _table(curves: dict[str, list[Round]]) -> str:
    lines = [
        "| engine | round | attempts | first works | one of four works | offered | offered in vain |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, rounds in curves.items():
        lines += (
            f"| {name} | {number} | {it.n_attempts:,} | {it.works:.1%} | {it.among_four:.1%} "
            f"| {it.offered:.1%} | {it.hopeless:.1%} |"
            for number, it in enumerate(rounds)
        )
    return "\n".join([*lines, ""])
