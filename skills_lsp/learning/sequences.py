"""Which skill comes next: habits of the user and of everyone, mixed by how well each has foretold.

Each *expert* counts what followed in one kind of context (the last skill, the last two, the hour ...).
What the experts add to the log-odds of each skill is summed with weights that are learned online, as
PAQ mixes its models: Mahoney (2005), Adaptive weighing of context models for lossless data
compression, Florida Tech CS-2005-16. Two plain rankings run beside the mixture, so that it is not
followed where it does worse than they do.
"""

import bisect
import heapq
import itertools
import math
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from operator import mul
from typing import Any

from skills_lsp.learning.events import Ending, Event, Setting
from skills_lsp.learning.experts import EVERYONE_1, EXPERTS, OWN_1, RECENCY, Track
from skills_lsp.learning.followers import Contexts, Followers
from skills_lsp.learning.parts import chunks, finite

_MAX_PEOPLE = 10_000
_MAX_WAITING = 10_000
_MAX_SKILLS = 2_000
_N_COMMON = 12
_COMMON_EVERY = 50
_EVERYONE_KEPT = 0.9998

_FLOOR = 1e-4
_FIRST_RATE, _LAST_RATE, _RATE_EVENTS = 0.02, 0.002, 500
_MAX_WEIGHT = 3.0
_GAIN_KEPT = 0.998
_MARGIN = 0.01
"""By how much a plain ranking must have been better lately, in reciprocal rank, to be followed."""


_EVIDENCE_STEPS = (1.5, 4.0, 12.0, 50.0)
_CLEAR_SHARE = 0.6
"""An expert's weights are learned apart by how much it has seen in a context, and how clear it was."""

_N_WEIGHTS = 2 * (len(_EVIDENCE_STEPS) + 1)


@dataclass(frozen=True, slots=True)
class Next:
    """A skill that may come next, its probability, and what speaks for it most."""

    skill: str
    probability: float
    reason: str


@dataclass(frozen=True, slots=True)
class _View:
    """What the experts say at one moment."""

    keys: list[Hashable]
    plain: dict[str, float]  # how likely each skill is that anything speaks for, without experts
    says: list[tuple[list[float], int, dict[str, float], int]]
    """The weights of an expert, the one that applies, what it adds to the log-odds, and its number."""
    scores: dict[str, float]
    recent: list[str]


class NextSkill:
    """Foretells each user's next skill. Updated at each use; memory is bounded."""

    def __init__(self) -> None:
        self._everyone = Followers()
        self._common: list[str] = []
        self._contexts = [Contexts(it.kept, 30_000, it.most) for it in EXPERTS]
        self._tracks: dict[str, Track] = {}
        self._track_of: dict[str, Track] = {}  # by the id of a use that has no outcome yet
        self._weights = [[it.weight] * _N_WEIGHTS for it in EXPERTS]
        self._gains = [0.0, 0.0, 0.0]  # of the mixture, of everyone's and of one's own last skill
        self._queue: list[tuple[float, int, Event | Ending]] = []
        self._numbers = itertools.count()
        self._seen: tuple[Setting, _View] | None = None
        self.n_events = 0

    # -- asking ------------------------------------------------------------------------------------

    def predict(self, setting: Setting, limit: int = 5) -> list[Next]:
        """Return the skills that most likely come next, best first."""
        self.advance(setting.at)
        view = self._view(setting, self._tracks.get(setting.user) or Track())
        self._seen = setting, view
        if not view.scores:
            return []
        scores = self._ranking(view)
        best = heapq.nsmallest(limit, scores, key=lambda it: (-scores[it], it))
        highest = max(view.scores.values())
        total = sum(math.exp(it - highest) for it in view.scores.values())
        # What speaks for every skill alike is no reason for one of them.
        usual = [sum(added.values()) / len(view.scores) for _, _, added, _ in view.says]
        return [
            Next(it, math.exp(view.scores[it] - highest) / total, _reason(it, view, usual))
            for it in best
        ]

    def _ranking(self, view: _View) -> dict[str, float]:
        """Return the scores to rank by: the mixture's, unless a plain ranking did better lately."""
        mixture, *plain = self._gains
        best = max(plain)
        if best <= mixture + _MARGIN / (1.0 - _GAIN_KEPT):
            return view.scores
        return self._plain_scores(view, (EVERYONE_1, OWN_1)[plain.index(best)])

    # -- telling -----------------------------------------------------------------------------------

    def begin(self, event: Event) -> None:
        """Take note of a use."""
        if math.isfinite(event.setting.at):
            heapq.heappush(self._queue, (event.setting.at, next(self._numbers), event))

    def end(self, ending: Ending) -> None:
        """Take note of an outcome; what comes next depends on it."""
        if math.isfinite(ending.known_at):
            heapq.heappush(self._queue, (ending.known_at, next(self._numbers), ending))

    def advance(self, at: float) -> None:
        """Take in what happened before an instant."""
        queue = self._queue
        while queue and (queue[0][0] < at or len(queue) > _MAX_WAITING):
            what = heapq.heappop(queue)[2]
            if isinstance(what, Event):
                self._use(what)
            else:
                self._end(what)

    def _end(self, ending: Ending) -> None:
        track = self._track_of.pop(ending.id, None)
        if track is not None and track.last_id == ending.id:
            is_clean = ending.success if ending.is_clean is None else ending.is_clean
            track.outcome = f"{ending.success:d}{is_clean:d}"

    def _use(self, event: Event) -> None:
        setting, skill = event.setting, event.skill
        track = self._tracks.pop(setting.user, None) or Track()
        if len(self._tracks) >= _MAX_PEOPLE:
            del self._tracks[next(iter(self._tracks))]
        self._tracks[setting.user] = track
        # What was seen when it was asked for; outcomes that came since hardly matter to weights.
        seen, self._seen = self._seen, None
        is_same = seen is not None and seen[0] is setting
        view = seen[1] if seen is not None and is_same else self._view(setting, track)
        if skill in view.scores:
            self._reweigh(view, skill)
        self._count(skill, view)
        track.use(skill, setting, event.id)
        if len(self._track_of) >= _MAX_WAITING:
            del self._track_of[next(iter(self._track_of))]
        self._track_of[event.id] = track
        self.n_events += 1

    def _count(self, skill: str, view: _View) -> None:
        for i, (contexts, key) in enumerate(zip(self._contexts, view.keys, strict=True)):
            if key is None:
                continue
            if i != RECENCY:
                contexts.add(key, skill)
            elif skill in view.recent:
                contexts.add(key, str(view.recent.index(skill)))
        self._everyone.add(skill, _EVERYONE_KEPT, _MAX_SKILLS)
        if self.n_events % _COMMON_EVERY == 0 or self.n_events < _COMMON_EVERY:
            counts = self._everyone.counts
            self._common = heapq.nlargest(_N_COMMON, counts, key=counts.__getitem__)

    # -- mixing ------------------------------------------------------------------------------------

    def _view(self, setting: Setting, track: Track) -> _View:
        keys = track.keys(setting)
        followed: list[tuple[int, dict[str, float], Followers]] = []
        for i, (contexts, key) in enumerate(zip(self._contexts, keys, strict=True)):
            found = contexts.get(key) if key is not None else None
            if found is None:
                continue
            counts = found.counts if i != RECENCY else _by_skill(found.counts, track.recent)
            if counts:
                followed.append((i, counts, found))
        skills = set(self._common).union(*(counts for _, counts, _ in followed))
        each, total = self._everyone.counts, max(self._everyone.total, _FLOOR)
        plain = {it: each.get(it, 0.0) / total + _FLOOR for it in skills}
        scores = {it: math.log(rate) for it, rate in plain.items()}
        says = []
        for i, counts, found in followed:
            unit = found.step * EXPERTS[i].doubt
            added = {it: math.log1p(n / (unit * plain[it])) for it, n in counts.items()}
            row, at = self._weights[i], _confidence(found)
            weight = row[at]
            for it, more in added.items():
                scores[it] += weight * more
            says.append((row, at, added, i))
        return _View(keys, plain, says, scores, list(track.recent))

    def _reweigh(self, view: _View, skill: str) -> None:
        """Move the weights along the gradient of the log-likelihood of what came."""
        scores = view.scores
        highest = max(scores.values())
        odds = {it: math.exp(score - highest) for it, score in scores.items()}
        total = sum(odds.values())
        rate = _LAST_RATE + (_FIRST_RATE - _LAST_RATE) / (1.0 + self.n_events / _RATE_EVENTS)
        for row, at, added, _ in view.says:
            expected = sum(map(mul, map(odds.__getitem__, added), added.values())) / total
            moved = row[at] + rate * (added.get(skill, 0.0) - expected)
            row[at] = min(_MAX_WEIGHT, max(0.0, moved))
        rankings = (scores, self._plain_scores(view, EVERYONE_1), self._plain_scores(view, OWN_1))
        for i, ranking in enumerate(rankings):
            self._gains[i] = self._gains[i] * _GAIN_KEPT + _reciprocal_rank(skill, ranking)

    def _plain_scores(self, view: _View, expert: int) -> dict[str, float]:
        """Return a ranking by what followed the last skill, and then by what is used often."""
        found = self._contexts[expert].get(view.keys[expert])
        if found is None:
            return view.plain
        counts, unit = found.counts, 1e3 / found.step
        return {it: rate + unit * counts.get(it, 0.0) for it, rate in view.plain.items()}

    # -- keeping -----------------------------------------------------------------------------------

    def parts(self) -> Iterator[list[Any]]:
        """Yield the state as plain data, in parts small enough to be written one at a time."""
        yield ["next", 1, self.n_events, self._weights, self._gains, self._everyone.values()]
        for expert, contexts in zip(EXPERTS, self._contexts, strict=True):
            rows = ([key, it.values()] for key, it in contexts.items())
            yield from (["next", expert.name, chunk] for chunk in chunks(rows))
        tracks = ([name, it.values()] for name, it in self._tracks.items())
        yield from (["next", "tracks", chunk] for chunk in chunks(tracks))

    def put(self, part: list[Any]) -> None:
        """Take over one part of another state. Raises ValueError, TypeError or KeyError."""
        _, name, *content = part
        if isinstance(name, int):
            self._put_weights(name, *content)
        elif name == "tracks":
            for user, values in content[0]:
                own, it = self._tracks.get(user), Track.of(values)
                if own is None or own.at < it.at:
                    self._tracks[str(user)] = it
        else:
            known = dict(zip((it.name for it in EXPERTS), self._contexts, strict=True))
            contexts = known[name]
            for key, values in content[0]:
                own_key = tuple(key) if isinstance(key, list) else key
                contexts.put(own_key, Followers.of(values))

    def _put_weights(
        self, version: int, n_events: int, weights: Any, gains: Any, everyone: Any
    ) -> None:
        shape = [len(it) for it in self._weights]
        if version != 1 or [len(it) for it in weights] != shape or len(gains) != len(self._gains):
            raise ValueError("the state is of another version")
        if int(n_events) >= self.n_events:  # Weights of who has seen more.
            self._weights = [[finite(it) for it in row] for row in weights]
            self._gains = [finite(it) for it in gains]
        self.n_events += int(n_events)
        self._everyone.join(Followers.of(everyone), _MAX_SKILLS)


def _reason(skill: str, view: _View, usual: list[float]) -> str:
    """Return the words of the expert that speaks most for a skill before others."""
    said = [
        (row[at] * (added[skill] - mean), i)
        for (row, at, added, i), mean in zip(view.says, usual, strict=True)
        if skill in added
    ]
    strength, expert = max(said, default=(0.0, -1))
    if strength <= 0.0:
        return "it is used often"
    last = view.recent[0] if view.recent else "the start of a session"
    return EXPERTS[expert].words.format(last=last)


def _confidence(it: Followers) -> int:
    """Return which of an expert's weights applies, by how much it has seen and how clear it was."""
    n = it.total / it.step
    is_clear = max(it.counts.values()) > _CLEAR_SHARE * it.total
    return 2 * bisect.bisect(_EVIDENCE_STEPS, n) + is_clear


def _by_skill(counts: dict[str, float], recent: list[str]) -> dict[str, float]:
    return {it: counts[place] for i, it in enumerate(recent) if (place := str(i)) in counts}


def _reciprocal_rank(skill: str, scores: dict[str, float]) -> float:
    """Return 1 / rank among the first five, ties shared; 0 beyond."""
    own = scores[skill]
    n_above = sum(it > own for it in scores.values())
    n_equal = sum(it == own for it in scores.values())
    rank = n_above + (n_equal + 1) / 2
    return 1.0 / rank if rank <= 5.0 else 0.0  # noqa: PLR2004 - as the bar is measured
