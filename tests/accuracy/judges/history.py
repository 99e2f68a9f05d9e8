"""Success and the next skill, foretold on generated histories whose truth is known.

The table it prints has the figures; each bar that is to be reached is a place of its rows, so that one
that is not is listed by name.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from skills_lsp.learning.measures import area_under_curve
from skills_lsp.learning.replay import Replay, Use
from skills_lsp.learning.success import SuccessModel
from skills_lsp.ml.worker.analyst import fitted
from tests.accuracy.score import Place, Row
from tests.learning import histories

SEEDS = (11, 12)
N_SUCCESS, N_NEXT = 6_000, 3_000
_OURS, _RATE, _MARKOV = "skills-lsp", "smoothed rate", "order-1 Markov"


@dataclass(frozen=True)
class Success:
    name: str
    auc: float
    base_auc: float
    best_auc: float
    loss: float
    base_loss: float
    error: float


@dataclass(frozen=True)
class Next:
    name: str
    ours: float
    frequent: float
    recent: float
    markov: float
    own_markov: float


def rows() -> Iterable[Row]:
    successes = [_success(name, make) for name, make in _success_histories().items()]
    following = [_next(name, make) for name, make in _next_histories().items()]
    print(_tables(successes, following))
    return [
        _row("success foretold", _success_bars(successes)),
        _row("next skill foretold", _next_bars(following)),
    ]


def _success_histories():
    return {**histories.SUCCESS, "coin": histories.coin}


def _next_histories():
    return {**histories.HABITS, **histories.NO_HABITS}


def _success_bars(found: Sequence[Success]) -> dict[str, bool]:
    real = [it for it in found if it.name != "coin"]
    (coin,) = (it for it in found if it.name == "coin")
    bars = {
        "AUC 0.02 above the smoothed rate, on average": fmean(it.auc - it.base_auc for it in real)
        >= 0.02,
        "expected calibration error under 0.03, on average": fmean(it.error for it in real) < 0.03,
        "coins: AUC within 0.5 +- 0.03": abs(coin.auc - 0.5) <= 0.03,
    }
    for it in real:
        bars[f"{it.name}: AUC above the smoothed rate"] = it.auc > it.base_auc
        bars[f"{it.name}: log loss below the smoothed rate"] = it.loss < it.base_loss
    return bars


def _next_bars(found: Sequence[Next]) -> dict[str, bool]:
    bars = {}
    for it in found:
        if it.name in histories.HABITS:
            bars[f"{it.name}: MRR@5 0.1 above order-1 Markov"] = it.ours >= it.markov + 0.1
        else:
            # 0.005: what chance makes of some 1,200 uses of which nothing can be foretold
            bars[f"{it.name}: MRR@5 not below order-1 Markov"] = it.ours >= it.markov - 0.005
    return bars


def _row(name: str, bars: dict[str, bool]) -> Row:
    right = frozenset(Place("generated", 1, bar) for bar in bars)
    seen = frozenset(it for it in right if bars[it.what])
    return Row(name, "known truth", len(bars), right, seen, 1.0, 1.0)


def _success(name, make) -> Success:
    found = []
    for seed in SEEDS:
        made = make(seed, n_rows=N_SUCCESS)
        report = Replay(fitted).run(_uses(made))
        tested = [it for it in made if it.time >= report["test_from"]]
        best = area_under_curve([it.rate for it in tested], [it.success for it in tested])
        ours, base = report["success"][_OURS], report["success"][_RATE]
        found.append(
            (ours["auc"], base["auc"], best, ours["log_loss"], base["log_loss"], ours["ece"])
        )
    return Success(name, *map(fmean, zip(*found, strict=True)))


def _next(name, make) -> Next:
    found = []
    for seed in SEEDS:
        report = Replay(lambda _: SuccessModel.prior()).run(_uses(make(seed, n_rows=N_NEXT)))
        table = report["next_skill"]["all"]
        found.append([it["mrr@5"] for it in table.values()])
    return Next(name, *map(fmean, zip(*found, strict=True)))


def _uses(made) -> list[Use]:
    return [
        Use(it.user, it.session, it.time, it.skill, it.success, it.duration_s, it.project)
        for it in made
    ]


def _tables(successes: Sequence[Success], following: Sequence[Next]) -> str:
    lines = [
        "| success | AUC | smoothed rate | the truth's | log loss | smoothed rate | calibration error |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
        *(
            f"| {it.name} | {it.auc:.3f} | {it.base_auc:.3f} | {it.best_auc:.3f} | {it.loss:.4f} "
            f"| {it.base_loss:.4f} | {it.error:.3f} |"
            for it in successes
        ),
        "",
        "| next skill, MRR@5 | ours | most frequent | most recent | order-1 Markov | own order-1 Markov |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
        *(
            f"| {it.name} | {it.ours:.3f} | {it.frequent:.3f} | {it.recent:.3f} | {it.markov:.3f} "
            f"| {it.own_markov:.3f} |"
            for it in following
        ),
        "",
    ]
    return "\n".join(lines)
