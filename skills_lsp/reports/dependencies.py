"""Which skills go together, and in which order: from counts of sessions to a page."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from skills_lsp.reports import charts
from skills_lsp.reports.layout import bar, nothing_yet, percent, plain, plural
from skills_lsp.text.markdown import table

ALPHA = 0.05
"""The chance that any of the pairs that are compared is called dependent and is not."""

_LEAST_SESSIONS = 5  # with both, or expected with both: below it the normal tail is a poor guide
_MAX_CHART = 12


class Kind(StrEnum):
    """How two skills depend on each other; the taxonomy says what each means."""

    REQUIRES = "requires"
    LEADS_TO = "leads-to"
    TOGETHER = "together"
    INSTEAD = "instead"


@dataclass(frozen=True, slots=True)
class Pair:
    """Counts of sessions for two skills.

    ``n_then``: in how many the first was followed by the second within the next three different
    skills; ``n_back``: the other way round.
    """

    first: str
    second: str
    n_first: int
    n_second: int
    n_both: int
    n_then: int
    n_back: int


@dataclass(frozen=True, slots=True)
class Dependency:
    """What the counts of a pair say: no kind when chance would do. ``first`` leads to ``second``.

    ``lift`` is how many times as often as by chance both are used in one session, from ``low`` to
    ``high``; ``support`` the share of sessions with both; ``followed`` the share of the sessions with
    the first in which the second followed, and ``followed_low`` its lower bound.
    """

    first: str
    second: str
    kind: Kind | None
    n_both: int
    support: float
    lift: float
    low: float
    high: float
    followed: float
    followed_low: float


def dependencies(
    pairs: Sequence[Pair], n_sessions: int, n_compared: int | None = None
) -> list[Dependency]:
    """Return what each pair says, the surest first.

    So many pairs are compared at once (these, unless more are named), and the bounds hold for all of
    them together (Bonferroni): of many pairs some would look dependent by chance.
    """
    z = least_deviation(n_compared or len(pairs))
    found = [dependency(it, n_sessions, z) for it in pairs]
    return sorted(found, key=lambda it: (_ORDER[it.kind], -it.low, -it.n_both, it.first, it.second))


_ORDER = {Kind.LEADS_TO: 0, Kind.TOGETHER: 0, Kind.INSTEAD: 1, None: 2}


def least_deviation(n_compared: int) -> float:
    """Return how many standard deviations a pair must be off to be called dependent.

    >>> round(least_deviation(1), 2), round(least_deviation(5_000), 2)
    (1.96, 4.42)
    """
    return normal_quantile(1 - ALPHA / (2 * max(n_compared, 1)))


def dependency(pair: Pair, n_sessions: int, z: float) -> Dependency:
    """Return what the counts of one pair say, with bounds of ``z`` standard errors."""
    if pair.n_back > pair.n_then:
        pair = Pair(
            pair.second,
            pair.first,
            pair.n_second,
            pair.n_first,
            pair.n_both,
            pair.n_back,
            pair.n_then,
        )
    value = lift(pair.n_first, pair.n_second, pair.n_both, n_sessions)
    low, high = lift_bounds(pair.n_first, pair.n_second, pair.n_both, n_sessions, z)
    followed_low, _ = wilson(pair.n_then, pair.n_first, z)
    return Dependency(
        pair.first,
        pair.second,
        _kind(pair, n_sessions, z, low, high),
        pair.n_both,
        pair.n_both / n_sessions,
        value,
        low,
        high,
        pair.n_then / pair.n_first,
        followed_low,
    )


def lift(n_first: int, n_second: int, n_both: int, n_sessions: int) -> float:
    """Return how many times as often as by chance two skills are used in one session.

    0 for never, 1 for chance, at most ``n_sessions / max(n_first, n_second)``.

    References
    ----------
    Brin, Motwani, Ullman, Tsur (1997), SIGMOD Record 26(2), 255-264 (there called interest).

    Examples
    --------
    >>> lift(10, 10, 10, 100), lift(50, 40, 20, 100)
    (10.0, 1.0)
    """
    return n_sessions * n_both / (n_first * n_second)


def lift_bounds(
    n_first: int, n_second: int, n_both: int, n_sessions: int, z: float
) -> tuple[float, float]:
    """Return the lower and upper bound of a lift: normal on its logarithm, by the delta method.

    The variance of the logarithm is ``1/both - 1/first - 1/second - 1/N + 2 lift/N``: that of a
    function of multinomial shares (Agresti, Categorical data analysis, 3rd ed., 16.1). Of pairs that
    were never used together half a session is assumed.
    """
    both = n_both or 0.5
    value = lift(n_first, n_second, 1, n_sessions) * both
    variance = 1 / both - 1 / n_first - 1 / n_second - 1 / n_sessions + 2 * value / n_sessions
    reach = math.exp(min(z * math.sqrt(max(variance, 0.0)), 700.0))
    most = n_sessions / max(n_first, n_second)
    return (value / reach if n_both else 0.0), max(min(value * reach, most), value if n_both else 0)


def wilson(n_hits: int, n: int, z: float) -> tuple[float, float]:
    """Return the Wilson score interval of a share (Wilson 1927, JASA 22, 209-212).

    >>> [round(it, 2) for it in wilson(8, 10, 1.96)]
    [0.49, 0.94]
    """
    if n == 0:
        return 0.0, 1.0
    share, squared = n_hits / n, z * z
    middle = share + squared / (2 * n)
    reach = z * math.sqrt(share * (1 - share) / n + squared / (4 * n * n))
    whole = 1 + squared / n
    low, high = (middle - reach) / whole, (middle + reach) / whole
    return min(max(low, 0.0), share), max(min(high, 1.0), share)  # and not past it by rounding


def normal_quantile(p: float) -> float:
    """Return the quantile of the standard normal distribution."""
    from statistics import NormalDist  # noqa: PLC0415 - 10 ms that no start needs

    return NormalDist().inv_cdf(p)


def _kind(pair: Pair, n_sessions: int, z: float, low: float, high: float) -> Kind | None:
    expected = pair.n_first * pair.n_second / n_sessions
    rest = (n_sessions - pair.n_first) * (n_sessions - pair.n_second)
    variance = expected * rest / (n_sessions * max(n_sessions - 1, 1))
    # The hypergeometric score: what remains when both skills are as frequent as they are.
    score = (pair.n_both - expected) / math.sqrt(variance) if variance > 0 else 0.0
    if score > z and low > 1 and pair.n_both >= _LEAST_SESSIONS:
        return Kind.LEADS_TO if _is_directed(pair, z) else Kind.TOGETHER
    if score < -z and expected >= _LEAST_SESSIONS and high < 1:
        return Kind.INSTEAD
    return None


def _is_directed(pair: Pair, z: float) -> bool:
    """Say whether one order is surely more frequent than the other (a sign test)."""
    one_way, other_way = pair.n_then, pair.n_back
    n = one_way + other_way
    return n >= _LEAST_SESSIONS and (one_way - other_way) / math.sqrt(n) > z


_WORDS = {
    Kind.REQUIRES: "requires",
    Kind.LEADS_TO: "leads to",
    Kind.TOGETHER: "together with",
    Kind.INSTEAD: "instead of",
}
_LEAST_HISTORY = 10  # sessions


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of two skills before anybody used them."""

    first: str
    second: str
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Counted:
    """How many sessions, pairs compared, pairs that surely depend, and sessions still to be counted."""

    n_sessions: int
    n_pairs: int
    n_sure: int
    n_pending: int = 0


def sentence(sure: Sequence[Dependency], counted: Counted, skill: str, project: str = "") -> str:
    """Return what the figures mean; ``sure`` are those that are shown."""
    about = f" with {skill}" if skill else ""
    n = counted.n_pending
    waiting = (
        f" {plural(n, 'session')} {'is' if n == 1 else 'are'} still to be counted." if n else ""
    )
    where = f" in {plain(project)}" if project else ""
    pairs, seen = (
        plural(counted.n_pairs, "pair"),
        f"{plural(counted.n_sessions, 'session')}{where}",
    )
    if not sure:
        return f"Of {pairs}{about} in {seen} none is surely dependent.{waiting}"
    best = next((it for it in sure if it.kind is Kind.LEADS_TO), sure[0])
    surely = f"{counted.n_sure:,} of {pairs}{about} surely depend on each other"
    return f"{surely}, over {seen}: {_example(best)}.{waiting}"


def _example(it: Dependency) -> str:
    if it.kind is Kind.LEADS_TO:
        return f"{it.first} is followed by {it.second} in {percent(it.followed)} of its sessions"
    times = f"{it.lift:.1f} times as often as by chance"
    return f"{it.first} and {it.second} share sessions {times}"


def page(sure: Sequence[Dependency], known: Sequence[Known], n_sessions: int, message: str) -> str:
    """Lay out what goes together; ``known`` is shown where use does not say it (yet)."""
    parts = ["# What goes with what", plain(message, limit=500)]
    if sure:
        parts.append(_table(sure))
        parts.append(
            "Lift is how many times as often as by chance both are used in one session, with bounds "
            f"that hold for all pairs together ({percent(1 - ALPHA)}). Then: the share of the sessions with "
            "the first in which the second is among the next three different skills."
        )
    elif n_sessions < _LEAST_HISTORY:
        parts.append(f"It takes some {_LEAST_HISTORY} sessions or more to see anything.")
    if known:
        parts += ["## Known beforehand", _known_table(known)]
    return "\n\n".join(parts) + "\n"


def empty_page(known: Sequence[Known]) -> str:
    """Return the page of an empty history."""
    page = nothing_yet("What goes with what")
    return f"{page}\n## Known beforehand\n\n{_known_table(known)}\n" if known else page


def _table(found: Sequence[Dependency]) -> str:
    top = max(it.lift for it in found) or 1.0
    cells = [
        (
            plain(it.first, limit=60),
            _WORDS[it.kind] if it.kind is not None else "",
            plain(it.second, limit=60),
            f"{it.n_both:,}",
            f"{bar(it.lift / top)} {it.lift:.2f}",
            f"{it.low:.2f} – {it.high:.2f}",
            percent(it.followed),
        )
        for it in found
    ]
    head = ("Skill", "How", "Other", "Sessions", "Lift", "Bounds", "Then")
    return table(head, cells, numbers=(3, 6))


def _known_table(known: Sequence[Known]) -> str:
    cells = [
        (plain(it.first), _WORDS[Kind(it.kind)], plain(it.second), plain(it.reason)) for it in known
    ]
    return table(("Skill", "How", "Other", "Why"), cells)


def chart(sure: Sequence[Dependency]) -> dict[str, Any]:
    """Return the lifts of the surest pairs for a dashboard."""
    top = sure[:_MAX_CHART]
    labels = [f"{it.first} → {it.second}" for it in top]
    series = {"lift": [it.lift for it in top], "lower bound": [it.low for it in top]}
    return charts.bars("Lift", labels, series)
