"""The lists of suggestions that were shown: noted at once, written in batches, answered in time.

A list that is shown again at the same place is the same list. It is *picked* when a skill was run from
it. It is *dismissed* when the user had opened it, and ran nothing from it before opening another or
within five minutes. One that only the editor asked for (to know whether to show a light bulb), and that
nothing was run from, is *unseen*: that says nothing about it.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from skills_lsp.app.offers import Showing
from skills_lsp.domain.context import Context
from skills_lsp.ide.exploring import Arranged
from skills_lsp.store.impressions import (
    DISMISSED,
    OPEN,
    PICKED,
    UNSEEN,
    Impression,
    Item,
    Pick,
)
from skills_lsp.store.text import instant

ANSWER_WITHIN = timedelta(minutes=5)
SAME_WITHIN = timedelta(minutes=10)
"""The same list after so long is another showing of it."""

_MAX_KEPT = 200
_MAX_UNWRITTEN = 500


@dataclass(slots=True)
class _Noted:
    """A list in memory. What is written is a copy."""

    it: Impression
    at: datetime
    asked_at: datetime | None = None
    is_changed: bool = True
    picks: list[Pick] = field(default_factory=list)


class Lists:
    """The latest lists of this server, by their offer's id."""

    def __init__(self, now: Callable[[], datetime], session_id: Callable[[], str]) -> None:
        self._now = now
        self._session_id = session_id
        self._by_offer: OrderedDict[str, _Noted] = OrderedDict()
        self._unwritten: list[_Noted] = []

    def note(
        self,
        offer: str,
        shown: Arranged,
        context: Context,
        strategy: str,
        weights_id: int,
        showing: Showing,
    ) -> None:
        """Take note that a list is shown. Bounded work, no disk: it is on the path of each request."""
        if not shown.suggestions or showing is Showing.NONE:
            return
        now, is_opened = self._now(), showing is Showing.OPENED
        noted = self._by_offer.get(offer)
        is_same = noted is not None and noted.it.answer == OPEN and now - noted.at < SAME_WITHIN
        if noted is None or not is_same:
            noted = _Noted(self._impression(shown, context, strategy, weights_id, now), now)
            self._keep(offer, noted)
        if is_opened:
            self._open(noted, now)

    def picked(self, offer: str, skill: str, invocation_id: int) -> None:
        """Take note that a skill was run from a list; again from the same is no second pick."""
        noted = self._by_offer.get(offer)
        if noted is None or invocation_id <= 0:
            return
        place = next((it.position for it in noted.it.items if it.skill == skill), None)
        if place is None or any(it.position == place for it in noted.picks):
            return
        noted.picks.append(Pick(place, invocation_id))
        self._answer(noted, PICKED, self._now())

    def due(self) -> list[tuple[Impression, Callable[[int], None]]]:
        """Return what is to be written, each with where its number goes once it is."""
        now = self._now()
        for noted in self._by_offer.values():
            since = noted.asked_at or noted.at
            if noted.it.answer == OPEN and not timedelta(0) <= now - since < ANSWER_WITHIN:
                self._answer(noted, DISMISSED if noted.asked_at else UNSEEN, now)
        found = []
        for noted in (it for it in self._unwritten if it.is_changed):
            noted.is_changed = False
            found.append((replace(noted.it, picks=tuple(noted.picks)), _numbering(noted)))
        self._unwritten.clear()
        return found

    def _impression(
        self, shown: Arranged, context: Context, strategy: str, weights_id: int, now: datetime
    ) -> Impression:
        items = tuple(
            Item(
                position,
                it.rank,
                it.skill.name,
                round(it.confidence, 4),
                propensity,
                {part.name: round(part.value, 4) for part in it.parts},
            )
            for position, (it, propensity) in enumerate(
                zip(shown.suggestions, shown.propensities, strict=True), 1
            )
        )
        return Impression(
            instant(now),
            self._session_id(),
            context.project,
            context.language,
            strategy,
            weights_id,
            shown.exploration,
            shown.is_explored,
            was_asked_for=False,
            answer=OPEN,
            answered_at=None,
            items=items,
        )

    def _keep(self, offer: str, noted: _Noted) -> None:
        self._by_offer.pop(offer, None)
        self._by_offer[offer] = noted
        if len(self._by_offer) > _MAX_KEPT:
            _, oldest = self._by_offer.popitem(last=False)
            if oldest.it.answer == OPEN:
                self._answer(oldest, DISMISSED if oldest.asked_at else UNSEEN, self._now())
        self._change(noted)

    def _open(self, noted: _Noted, now: datetime) -> None:
        for other in self._by_offer.values():
            if other is not noted and other.asked_at is not None and other.it.answer == OPEN:
                self._answer(other, DISMISSED, now)
        if not noted.it.was_asked_for:
            noted.it = replace(noted.it, was_asked_for=True)
            self._change(noted)
        noted.asked_at = now

    def _answer(self, noted: _Noted, answer: str, now: datetime) -> None:
        noted.it = replace(noted.it, answer=answer, answered_at=instant(now))
        self._change(noted)

    def _change(self, noted: _Noted) -> None:
        noted.is_changed = True
        if not any(it is noted for it in self._unwritten):
            self._unwritten.append(noted)
        if len(self._unwritten) > _MAX_UNWRITTEN:  # nobody writes: the store is away
            del self._unwritten[0]


def _numbering(noted: _Noted) -> Callable[[int], None]:
    def number(value: int) -> None:
        noted.it = replace(noted.it, id=value)

    return number
