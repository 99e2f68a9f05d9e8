"""The lists of suggestions that were shown, kept until one is picked."""

from collections import OrderedDict
from dataclasses import dataclass
from enum import Enum, auto

from skills_lsp.domain.suggestion import Suggestion

_MAX_OFFERS = 200


class Showing(Enum):
    """Why a list was made."""

    NONE = auto()  # not for the user's eyes: a hover, a report, a program
    LOOKED = auto()  # the editor asks whether there is anything
    OPENED = auto()  # the user opened it


@dataclass(frozen=True, slots=True)
class Offer:
    """One list as it was shown, at a document."""

    skills: tuple[str, ...]
    query: str
    strategy: str
    uri: str = ""


class Offers:
    """The latest lists by id. The same list shown again keeps its id, so ids do not pile up."""

    def __init__(self) -> None:
        self._by_id: OrderedDict[str, Offer] = OrderedDict()
        self._ids: dict[Offer, str] = {}
        self._n_made = 0

    def add(self, suggestions: list[Suggestion], query: str, strategy: str, uri: str = "") -> str:
        """Keep a list and return its id."""
        offer = Offer(tuple(it.skill.name for it in suggestions), query, strategy, uri)
        known = self._ids.get(offer)
        if known is not None:
            self._by_id.move_to_end(known)
            return known
        self._n_made += 1
        offer_id = f"o{self._n_made}"
        self._by_id[offer_id] = offer
        self._ids[offer] = offer_id
        if len(self._by_id) > _MAX_OFFERS:
            _, oldest = self._by_id.popitem(last=False)
            del self._ids[oldest]
        return offer_id

    def get(self, offer_id: str) -> Offer | None:
        """Return a list by its id; None when it is unknown or too old."""
        return self._by_id.get(offer_id)
