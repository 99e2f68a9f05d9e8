"""What the memory of fixes costs with 100,000 issues in it. ``python -m benchmarks.fixes`` prints it.

The issues are made up of real codes and names, their vectors of clusters: one for each code, as real
issues lie. Making real vectors of so many would take the encoder seven minutes and change no figure.
"""

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np

from skills_lsp.app.fixes import tried_on
from skills_lsp.domain.fix import Issue
from skills_lsp.domain.invocation import ToolProblem
from skills_lsp.learning.fixes import recommend
from skills_lsp.store import Store, fix_questions, fixes
from skills_lsp.store.issue_vectors import IssueVectors
from skills_lsp.store.text import instant

N_ISSUES, N_DIMENSIONS, N_CALLS = 100_000, 384, 200
MODEL = "made-up"
NOW = datetime(2026, 3, 1, tzinfo=UTC)
_LIMIT = 40
_WORDS = [f"{a}_{b}" for a in ("load", "user", "cart", "price", "http", "test", "api", "date")
          for b in ("factory", "error", "list", "name", "config", "path", "value", "parser", "id")]  # fmt: skip
_MESSAGES = (
    ("ruff", "F401", "'{}' imported but unused"),
    ("ruff", "E501", "Line too long ({} > 0)"),
    ("ruff", "F841", "Local variable '{}' is assigned to but never used"),
    ("ruff", "F821", "Undefined name '{}'"),
    ("mypy", "attr-defined", "Module has no attribute '{}'"),
    ("mypy", "import-untyped", "Library stubs not installed for '{}'"),
    ("mypy", "arg-type", "Argument 0 to '{}' has incompatible type 'str'; expected 'int'"),
    ("pytest", "AssertionError", "assert {} == 0"),
    ("pytest", "AttributeError", "module has no attribute '{}'"),
    ("eslint", "no-undef", "'{}' is not defined."),
)  # fmt: skip


def main(n_issues: int = N_ISSUES, n_calls: int = N_CALLS) -> None:
    print(f"| with {n_issues:,} issues | median ms | p99 ms | CPU ms, median | at most |")
    print("| --- | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        for name, times, limit in figures(Path(folder), n_issues, n_calls):
            wall, cpu = zip(*times, strict=True)
            p99 = statistics.quantiles(wall, n=100)[98]
            middle = f"{statistics.median(wall):.2f} | {p99:.2f} | {statistics.median(cpu):.2f}"
            print(f"| {name} | {middle} | {limit:g} |")


def figures(
    folder: Path, n_issues: int, n_calls: int
) -> Iterator[tuple[str, list[tuple[float, float]], float]]:
    rng = random.Random(1)
    store = Store.open(folder / "skills.db", now=lambda: NOW)
    index = IssueVectors(folder / "issues.db")
    noise = np.random.default_rng(1)
    issues = fill(store, index, rng, noise, n_issues)
    asked = [(it, vector_of(it, noise)) for it in rng.choices(issues, k=n_calls)]
    strange = [(Issue("flake9", "X1", it.message), vector) for it, vector in asked]
    store.query(lambda db: fix_questions.similar_by_words(db, asked[0][0], 1), ())

    def by_meaning(issue: Issue, vector: bytes):
        near = index.nearest(MODEL, issue.kind, vector, _LIMIT)
        return store.query(lambda db: fix_questions.similar_by_keys(db, near), ())

    def by_words(issue: Issue, _: bytes):
        return store.query(lambda db: fix_questions.similar_by_words(db, issue, _LIMIT), ())

    def advice(issue: Issue, vector: bytes):
        return recommend(tried_on(issue, by_meaning(issue, vector), MODEL, NOW))

    yield "similar issues by meaning", timed(by_meaning, asked), 15
    yield "the same, of a kind never seen", timed(by_meaning, strange), 15
    yield "similar issues by words", timed(by_words, asked), 15
    yield "the same, of a kind never seen", timed(by_words, strange), 15
    yield "a recommendation, by meaning", timed(advice, asked), 15
    numbers = iter(range(n_calls))

    def run(_issue: Issue, _: bytes):
        problems = tuple(
            ToolProblem("/p/a.py", 0, 0, it.message, code=it.type) for it in issues[:9]
        )
        at = instant(NOW + timedelta(seconds=next(numbers)))
        seen = fixes.Run("ruff-check", "ruff", "verification", "/p", "/p/a.py", "", at, problems)
        return store.change(lambda db: fixes.take_run(db, seen))

    yield "learning from a run with nine problems", timed(run, asked), 10
    index.close()
    store.close()


def fill(
    store: Store, index: IssueVectors, rng: random.Random, noise: np.random.Generator, n_issues: int
) -> list[Issue]:
    """Write issues with three attempts each, and their vectors."""
    issues = [issue(number, rng) for number in range(n_issues)]

    def write(db, some: list[Issue]) -> None:
        for it in some:
            for strategy in rng.choices(("ruff-fix", "black", "isort", "by hand"), k=3):
                at = instant(NOW - timedelta(days=rng.random() * 300))
                fixes.tell(db, it, strategy, at, success=rng.random() < 0.5)

    for at in range(0, n_issues, 5_000):
        some = issues[at : at + 5_000]
        store.change(lambda db, some=some: write(db, some))
        index.add(MODEL, {fixes.digest_of(it): (it.kind, vector_of(it, noise)) for it in some})
        store.checkpoint()
    return issues


def issue(number: int, rng: random.Random) -> Issue:
    tool, kind, message = rng.choice(_MESSAGES)
    name = f"{rng.choice(_WORDS)}.{rng.choice(_WORDS)}_{number:x}"
    return fixes.issue_of(tool, kind, message.format(name))


def vector_of(it: Issue, noise: np.random.Generator) -> bytes:
    """Return a vector near the middle of its kind, of length 1."""
    vector = middle(it.type) + 0.7 * noise.standard_normal(N_DIMENSIONS)
    return (vector / np.linalg.norm(vector)).astype("<f4").tobytes()


@cache
def middle(kind: str) -> np.ndarray:
    return np.random.default_rng(list(kind.encode())).standard_normal(N_DIMENSIONS)


def timed(
    call: Callable[[Issue, bytes], object], asked: list[tuple[Issue, bytes]]
) -> list[tuple[float, float]]:
    times = []
    for given in asked:
        wall, cpu = time.perf_counter(), time.thread_time()
        call(*given)
        times.append(((time.perf_counter() - wall) * 1000, (time.thread_time() - cpu) * 1000))
    return times


if __name__ == "__main__":
    main()
