"""Show what was learned: how well it foretells, the weights of the order, and whether it helps."""

from dataclasses import asdict, dataclass
from typing import Any

from skills_lsp.app.app import App
from skills_lsp.reports import learning as report

__all__ = ["Params", "Result", "op"]


@dataclass(frozen=True, slots=True)
class Params:
    """Where."""

    project: str = ""
    """Judge the order by the lists in one project; empty for all. The fits are of all projects."""


@dataclass(frozen=True, slots=True)
class Result:
    """Fits, tries at the weights, the weights in force, and the estimate of the order."""

    fits: tuple[dict[str, Any], ...]
    weight_tries: tuple[dict[str, Any], ...]
    weights: dict[str, Any]
    lists: dict[str, Any]
    estimate: dict[str, Any] | None
    message: str
    charts: tuple[dict[str, Any], ...]
    document: str

    def markdown(self) -> str:
        """Return the report as a document."""
        return self.document


async def op(app: App, params: Params) -> Result:
    """Return the report."""
    # Not for the start of a server, which imports every operation.
    from skills_lsp.app.learning_proof import estimated  # noqa: PLC0415
    from skills_lsp.ide.order import WORKFLOW_WEIGHTS  # noqa: PLC0415
    from skills_lsp.store import impressions, learning  # noqa: PLC0415

    estimate = await estimated(app, params.project)
    nothing: list[dict[str, Any]] = []
    fits = await app.stored(lambda store: store.query(learning.fits, nothing), nothing)
    tries = await app.stored(lambda store: store.query(learning.weight_tries, nothing), nothing)
    no_lists = {"by_answer": {}, "n_explored": 0, "first_at": None}
    counts = await app.stored(lambda store: store.query(impressions.counts, no_lists), no_lists)
    fitted = (await app.start_learning()).fitted
    weights = {
        "in_force": asdict(WORKFLOW_WEIGHTS.with_fitted(fitted.weights)),
        "defaults": asdict(WORKFLOW_WEIGHTS),
        "n_picks": fitted.n_picks,
    }
    return Result(
        tuple(fits),
        tuple(tries),
        weights,
        counts,
        estimate,
        report.verdict(estimate, params.project),
        (report.over_time(estimate), report.calibration(fits)),
        report.page(fits, tries, weights, counts, estimate, params.project),
    )
