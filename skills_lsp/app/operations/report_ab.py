"""Analyse an A/B test: what differs between the groups, and how sure that is.

One user is one observation, and p-values and bounds hold however often they are looked at. Without a
name it is the newest test.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from skills_lsp.app.app import App
from skills_lsp.app.operations._experiments import all_tests, experiment_named
from skills_lsp.domain.experiment import AIMS, Experiment
from skills_lsp.reports import ab as report
from skills_lsp.store import Store, ab, text

__all__ = ["ARGUMENT", "Params", "Result", "op"]

ARGUMENT = "test"
_Sums = Mapping[str, Mapping[str, list[list[float]]]]


@dataclass(frozen=True, slots=True)
class Params:
    """Which test."""

    test: str = ""
    """The name of the test; empty for the newest."""


@dataclass(frozen=True, slots=True)
class Result:
    """The analysis by metric, and the two groups; ``tests`` are all that there are, the newest first."""

    test: str
    state: str
    winner: str
    summary: dict[str, Any]
    analyses: dict[str, Any]
    message: str
    tests: tuple[dict[str, str], ...]
    charts: tuple[dict[str, Any], ...]
    document: str

    def markdown(self) -> str:
        """Return the analysis as a document."""
        return self.document


async def op(app: App, params: Params) -> Result:
    """Analyse the test."""
    if not params.test and not await all_tests(app):
        document = f"# A/B tests\n\n{report.NO_TEST}\n"
        return Result("", "", "", {}, {}, report.NO_TEST, (), (), document)
    at = text.instant(app.now())
    await app.stored(lambda store: store.change(lambda db: ab.complete_what_is_over(db, at)), 0)
    test = await experiment_named(app, params.test)
    tests = await all_tests(app)

    def read(store: Store) -> tuple[dict[str, Any], _Sums]:
        nothing: tuple[dict[str, Any], ...] = ()
        summaries = {it["test_id"]: it for it in store.query(ab.summaries, nothing)}
        return summaries.get(test.id, {}), store.query(lambda db: ab.sums(db, test), {})

    nobody: tuple[dict[str, Any], _Sums] = ({}, {})
    summary, sums = await app.stored(read, nobody)
    analyses = await analysed(app, test, sums) if sums else {}
    message = report.sentence(test, analyses)
    decisive = analyses.get(test.metrics[0])
    winner = report.better(test.metrics[0], decisive["verdict"]) if decisive else ""
    return Result(
        test.name,
        test.state.value,
        test.strategy(winner) if winner else "",
        summary,
        analyses,
        message,
        tuple({"test": it.name, "state": it.state.value} for it in tests),
        (report.chart(analyses),) if analyses else (),
        report.page(test, summary, analyses, message, [it.name for it in tests]),
    )


async def analysed(app: App, test: Experiment, sums: _Sums) -> dict[str, Any]:
    """Return the analyses by metric; none when the process that does the arithmetic failed."""
    asked = {
        "n_planned": test.min_sample_size,
        "control_share": test.control_share,
        "metrics": [*test.metrics],
        "aims": AIMS,
        "groups": sums,
    }
    return await app.analyst().ask("ab", asked) or {}
