"""Find the skills that went otherwise in the last day than before.

Asked with ``threshold`` (a z-score, two-sided) and ``skills``, each with its name, ``days`` (for each
day before, oldest first: uses, timed uses, sum of log durations; None before the first use), ``ended``
and ``completed`` before, and ``window`` (uses, ended, completed, timed, sum of log durations).
"""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np
from scipy import stats

from skills_lsp.stats.detecting import Numbers, Test, adjusted, count_test, duration_test, rate_test

_UNKNOWN = (np.nan, 0.0, 0.0)
_KINDS = (("success", "drop", "rise"), ("duration", "fall", "spike"), ("use", "drop", "spike"))


def answer(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return every test that could be made: what was usual and seen, z, p and q, and the verdict.

    An anomaly is beyond the threshold and stays so when the false discovery rate over all tests is
    held at the threshold's own p-value (0.0455 for 2.0); ``is_unusual`` is beyond the threshold alone.
    """
    skills: Sequence[Mapping[str, Any]] = asked["skills"]
    level = 2 * float(stats.norm.sf(float(asked["threshold"])))
    if not skills:
        return {"level": level, "tests": []}
    tests = _tests(skills)
    p = np.stack([it.p for it in tests])
    q = adjusted(p)
    z = stats.norm.isf(np.clip(p, 1e-300, 1.0) / 2)
    found = []
    for i, ((what, low, high), test) in enumerate(zip(_KINDS, tests, strict=True)):
        for j in map(int, np.flatnonzero(~np.isnan(p[i]))):
            is_up = bool(test.seen[j] > test.usual[j])
            found.append(
                {
                    "skill": skills[j]["skill"],
                    "kind": f"{what}-{high if is_up else low}",
                    "usual": float(test.usual[j]),
                    "seen": float(test.seen[j]),
                    "z": float(z[i, j]) * (1.0 if is_up else -1.0),
                    "p": float(p[i, j]),
                    "q": float(q[i, j]),
                    "is_unusual": bool(p[i, j] <= level),
                    "is_anomaly": bool(q[i, j] <= level),
                }
            )
    return {"level": level, "tests": found}


def _tests(skills: Sequence[Mapping[str, Any]]) -> tuple[Test, Test, Test]:
    # Thousands of small lists; an array made of nested ones takes five times as long.
    flat = chain.from_iterable(day or _UNKNOWN for it in skills for day in it["days"])
    days = np.fromiter(flat, dtype=float).reshape(len(skills), -1, 3)
    window = np.array([it["window"] for it in skills], dtype=float)
    counts, timed, logs = days[..., 0], days[..., 1], days[..., 2]
    n, ended, completed, n_timed, log = window.T
    return (
        rate_test(_column(skills, "ended"), _column(skills, "completed"), ended, completed),
        duration_test(
            logs / np.maximum(timed, 1.0), timed, log / np.maximum(n_timed, 1.0), n_timed
        ),
        count_test(counts, n),
    )


def _column(skills: Sequence[Mapping[str, Any]], name: str) -> Numbers:
    return np.array([it[name] for it in skills], dtype=float)
