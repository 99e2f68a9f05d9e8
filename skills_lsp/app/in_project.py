"""The uses in one project, for whatever is also asked of all projects together."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from skills_lsp.app.app import App
from skills_lsp.store import Store, project_uses
from skills_lsp.store.project_uses import Use
from skills_lsp.store.usage import Day, Hour

_SLICE_DAYS = 7
"""A project's uses are read in slices of so many days: in between the store does what waits."""


async def uses_on(app: App, project: str, skill: str, dates: Sequence[str]) -> list[Use]:
    """Return the uses of one skill, or, empty, of all, on these days, which follow each other."""
    found: list[Use] = []
    for first in range(0, len(dates), _SLICE_DAYS):
        some = dates[first : first + _SLICE_DAYS]
        since, until = f"{some[0]}T00:00:00.000000Z", f"{some[-1]}T23:59:59.999999Z"
        found += await uses_between(app, project, skill, since, until)
    return found


async def uses_between(app: App, project: str, skill: str, since: str, until: str) -> list[Use]:
    """Return the uses from one instant to another."""
    none: list[Use] = []

    def read(store: Store) -> list[Use]:
        return store.query(lambda db: project_uses.uses(db, project, skill, since, until), none)

    return await app.stored(read, none)


def days_of(uses: Iterable[Use]) -> list[Day]:
    """Return the same by skill and day, in their order."""
    return [Day._make(it) for it in _summed(((it.skill, it.at[:10]), it) for it in uses)]


def hours_of(uses: Iterable[Use]) -> list[Hour]:
    """Return the same by skill and hour, in their order; nobody counted the sessions."""
    return [Hour._make((*it, 0)) for it in _summed(((it.skill, it.at), it) for it in uses)]


def _summed(uses: Iterable[tuple[tuple[str, str], Use]]) -> list[tuple[Any, ...]]:
    sums: dict[tuple[str, str], list[Any]] = defaultdict(lambda: [0, 0, 0, 0, 0.0, 0.0])
    for key, it in uses:
        for n, value in enumerate(it[3:]):
            sums[key][n] += value
    return [(*key, *sums[key]) for key in sorted(sums)]
