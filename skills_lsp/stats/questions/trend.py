"""Tell whether skills get better, slower, more used.

Asked with ``skills``, each with its name and ``days``, oldest first: uses, ended, completed, timed uses
and the sum of their log durations; None before the first use.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from skills_lsp.stats.detecting import adjusted
from skills_lsp.stats.trends import Line, line_through

LEVEL = 0.05
"""The share of trends told that may be none (false discovery rate over all that were looked at)."""
MIN_USES = 20
"""Uses before anything is said."""

_BETTER_UP = {"completion_rate": True, "duration": False, "uses": True}


def answer(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return the trend of each metric of each skill, or that there is too little to tell."""
    found = [trend for skill in asked["skills"] for trend in _trends(skill["skill"], skill["days"])]
    q = adjusted(np.array([math.nan if it["p"] is None else it["p"] for it in found], dtype=float))
    for trend, its_q in zip(found, q, strict=True):
        if trend["p"] is not None:
            trend["q"] = float(its_q)
            trend["verdict"] = _verdict(trend)
    return {"level": LEVEL, "trends": found}


def _verdict(trend: Mapping[str, Any]) -> str:
    if trend["q"] > LEVEL:
        return "stable"
    is_up = trend["slope_per_day"] > 0
    return "improving" if is_up is _BETTER_UP[trend["metric"]] else "declining"


def _trends(skill: str, days: Sequence[Any]) -> list[dict[str, Any]]:
    table = np.array([it or (math.nan,) * 5 for it in days], dtype=float).reshape(-1, 5)
    x = np.arange(len(table), dtype=float)
    is_known = ~np.isnan(table[:, 0])
    x, (uses, ended, completed, timed, logs) = x[is_known], table[is_known].T
    rates = completed / np.maximum(ended, 1)
    means = logs / np.maximum(timed, 1)
    enough = bool(uses.sum() >= MIN_USES)
    even = np.ones_like(x)
    return [
        _trend(skill, "completion_rate", line_through(x, rates, ended) if enough else None),
        _trend(skill, "duration", line_through(x, means, timed) if enough else None, is_log=True),
        _trend(skill, "uses", line_through(x, uses, even, period=7) if enough else None),
    ]


def _trend(skill: str, metric: str, line: Line | None, *, is_log: bool = False) -> dict[str, Any]:
    """Return a trend as plain data; a slope on the log scale is a share per day."""
    base = {"skill": skill, "metric": metric, "verdict": "too-little-data"}
    if line is None:
        nothing = dict.fromkeys(("slope_per_day", "low", "high", "p", "q", "first", "last"))
        return {**base, **nothing, "change": None, "n_days": 0}
    ends = [math.exp(it) if is_log else it for it in (line.first, line.last)]
    slopes = [math.expm1(it) if is_log else it for it in (line.slope, line.low, line.high)]
    if metric != "duration":  # a line may leave what a rate or a count can be
        ends = [min(max(it, 0.0), 1.0 if metric == "completion_rate" else math.inf) for it in ends]
    change = ends[1] / ends[0] - 1 if ends[0] > 0 else None
    return {
        **base,
        "slope_per_day": slopes[0],
        "low": slopes[1],
        "high": slopes[2],
        "p": line.p,
        "q": None,
        "first": ends[0],
        "last": ends[1],
        "change": change,
        "n_days": line.n_points,
    }
