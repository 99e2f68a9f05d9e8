"""What the lists that were shown say of the order: as data for the analyst, and as its answer."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from skills_lsp.app.app import App
from skills_lsp.domain.foresight import WORKFLOW_AWARE
from skills_lsp.domain.invocation import Status
from skills_lsp.ide.order import WORKFLOW_WEIGHTS, Weights
from skills_lsp.store.impressions import Item, Shown, answered

WEIGHT_NAMES = ("pattern", "scope", "text", "habit", "next", "success", "missing_tool")
"""The weights, in the order of their vectors."""

_PARTS = (*WEIGHT_NAMES[:-1], "tool")
_MAX_LISTS = 2_000
"""About 1 MB of text, which the loop hands on in some milliseconds."""

_BROKEN_WORTH = 0.5
"""A pick whose run could not do its work counts half."""

_PATTERNS_ALONE = Weights(text=0.0, habit=0.0, scope=0.001)
"""What fits the code best, the smaller scope first among equals; what lacks a tool stands behind."""

PRESENT, PATTERNS = "present", "patterns"


@dataclass(frozen=True, slots=True)
class Packed:
    """Lists as JSON text, which costs nothing to hand on, with the month of each."""

    text: str
    months: tuple[str, ...]
    n_picks: int


def vector(weights: Weights) -> list[float]:
    """Return weights as numbers, in the order of their names."""
    each = asdict(weights)
    return [each[name] for name in WEIGHT_NAMES]


def newest_lists(db: Any, limit: int = _MAX_LISTS, project: str = "") -> Packed:
    """Return the newest lists that were answered, in which everything was foretold; here, or anywhere."""
    return packed(answered(db, WORKFLOW_AWARE, limit, project))


def packed(lists: Sequence[Shown]) -> Packed:
    """Return lists as the questions to the analyst take them."""
    rows = [
        [_entries(it.items), [[position, _worth(status)] for position, status in it.picks[:1]]]
        for it in lists
    ]
    text = json.dumps(rows, separators=(",", ":"))
    return Packed(text, tuple(it.shown_at[:7] for it in lists), sum(bool(it.picks) for it in lists))


def _entries(items: Sequence[Item]) -> list[list[float]]:
    by_name = {name: i for i, name in enumerate(sorted(it.skill for it in items))}
    return [
        [it.propensity, by_name[it.skill], *(it.values.get(name, 0.0) for name in _PARTS)]
        for it in items
    ]


def _worth(status: str) -> float:
    is_well = Status(status).is_completed or status == Status.RUNNING
    return 1.0 if is_well else _BROKEN_WORTH


async def estimated(app: App, project: str = "") -> dict[str, Any] | None:
    """Return how much better the order in force is than patterns alone; None when nobody answers.

    Without a single pick there are only the counts. A project's name asks for its lists alone.
    """
    learning = await app.start_learning()
    await learning.loaded.wait()
    await learning.flush()
    lists: Packed = await app.stored(
        lambda store: store.query(lambda db: newest_lists(db, project=project), packed(())),
        packed(()),
    )
    if not lists.n_picks:
        return {"n_lists": len(lists.months), "n_picks": 0, "over_time": []}
    in_force = WORKFLOW_WEIGHTS.with_fitted(learning.fitted.weights)
    asked = {
        "lists": lists.text,
        "groups": lists.months,
        "orders": {PRESENT: vector(in_force), PATTERNS: vector(_PATTERNS_ALONE)},
    }
    return await app.analyst().ask("ranking", asked)
