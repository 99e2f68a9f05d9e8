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
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from skills_lsp.learning.events import Ending, Event, Setting
from skills_lsp.learning.experts import EVERYONE_1, EXPERTS, OWN_1, OWN_2, RECENCY, Track
from skills_lsp.learning.followers import Contexts, Followers
from skills_lsp.learning.parts import chunks, finite

_MAX_PEOPLE = 10_000
_MAX_WAITING = 10_000
_MAX_SKILLS = 2_000
_N_COMMON = 12
_COMMON_EVERY = 50
_EVERYONE_KEPT = 0.9998

_ALPHA = 1.0
"""What the plain distribution counts for beside a context's own counts."""

_OWN_PRIOR = 3.0
_FLOOR = 1e-4
_FIRST_RATE, _LAST_RATE, _RATE_EVENTS = 0.02, 0.002, 500
_MAX_WEIGHT = 3.0
_GAIN_KEPT = 0.998
_MARGIN = 0.01
"""By how much a plain ranking must have been better lately, in reciprocal rank, to be followed."""


_EVIDENCE_STEPS = (0.5, 2.0, 6.0)
"""Weights are learned apart for little, some, much and very much of what the user did here before."""


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
    says: list[tuple[int, dict[str, float]]]  # an expert, and what it adds to the log-odds
    scores: dict[str, float]
    evidence: int
    recent: list[str]


class NextSkill:
    """Foretells each user's next skill. Updated at each use; memory is bounded."""

    def __init__(self) -> None:
        self._everyone = Followers()
        self._common: list[str] = []
        self._own = Contexts(0.998, _MAX_PEOPLE, 200)
        self._contexts = [Contexts(it.kept, 30_000) for it in EXPERTS]
        self._tracks: dict[str, Track] = {}
        self._track_of: dict[str, Track] = {}  # by the id of a use that has no outcome yet
        self._weights = [[it.weight for it in EXPERTS] for _ in range(len(_EVIDENCE_STEPS) + 1)]
        self._gains = [0.0, 0.0, 0.0]  # of the mixture, of everyone's and of one's own last skill
        self._queue: list[tuple[float, int, Event | Ending]] = []
        self._numbers = itertools.count()
        self.n_events = 0

    # -- asking ------------------------------------------------------------------------------------

    def predict(self, setting: Setting, limit: int = 5) -> list[Next]:
        """Return the skills that most likely come next, best first."""
        self._advance(setting.at)
        view = self._view(setting, self._tracks.get(setting.user) or Track())
        if not view.scores:
            return []
        scores = self._ranking(view)
        best = heapq.nsmallest(limit, scores, key=lambda it: (-scores[it], it))
        highest = max(view.scores.values())
        total = sum(math.exp(it - highest) for it in view.scores.values())
        last = view.recent[0] if view.recent else ""
        return [
            Next(it, math.exp(view.scores[it] - highest) / total, self._reason(it, view, last))
            for it in best
        ]

    def _ranking(self, view: _View) -> dict[str, float]:
        """Return the scores to rank by: the mixture's, unless a plain ranking did better lately."""
        mixture, *plain = self._gains
        best = max(plain)
        if best <= mixture + _MARGIN / (1.0 - _GAIN_KEPT):
            return view.scores
        return self._plain_scores(view, (EVERYONE_1, OWN_1)[plain.index(best)])

    def _reason(self, skill: str, view: _View, last: str) -> str:
        weights = self._weights[view.evidence]
        said = [(weights[i] * says[skill], i) for i, says in view.says if skill in says]
        strength, expert = max(said, default=(0.0, -1))
        if strength <= 0.0:
            return "it is used often"
        return EXPERTS[expert].words.format(last=last or "the start of a session")

    # -- telling -----------------------------------------------------------------------------------

    def begin(self, event: Event) -> None:
        """Take note of a use."""
        if math.isfinite(event.setting.at):
            heapq.heappush(self._queue, (event.setting.at, next(self._numbers), event))

    def end(self, ending: Ending) -> None:
        """Take note of an outcome; what comes next depends on it."""
        if math.isfinite(ending.known_at):
            heapq.heappush(self._queue, (ending.known_at, next(self._numbers), ending))

    def _advance(self, at: float) -> None:
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
        view = self._view(setting, track)
        if skill in view.scores:
            self._reweigh(view, skill)
        self._count(skill, setting.user, view)
        track.use(skill, setting, event.id)
        if len(self._track_of) >= _MAX_WAITING:
            del self._track_of[next(iter(self._track_of))]
        self._track_of[event.id] = track
        self.n_events += 1

    def _count(self, skill: str, user: str, view: _View) -> None:
        for i, (contexts, key) in enumerate(zip(self._contexts, view.keys, strict=True)):
            if key is None:
                continue
            if i != RECENCY:
                contexts.add(key, skill)
            elif skill in view.recent:
                contexts.add(key, str(view.recent.index(skill)))
        self._own.add(user, skill)
        self._everyone.add(skill, _EVERYONE_KEPT, _MAX_SKILLS)
        if self.n_events % _COMMON_EVERY == 0 or self.n_events < _COMMON_EVERY:
            counts = self._everyone.counts
            self._common = heapq.nlargest(_N_COMMON, counts, key=counts.__getitem__)

    # -- mixing ------------------------------------------------------------------------------------

    def _view(self, setting: Setting, track: Track) -> _View:
        keys = track.keys(setting)
        followed: list[tuple[int, dict[str, float], float]] = []
        for i, (contexts, key) in enumerate(zip(self._contexts, keys, strict=True)):
            found = contexts.get(key) if key is not None else None
            if found is None:
                continue
            counts = found.counts if i != RECENCY else _by_skill(found.counts, track.recent)
            followed.append((i, counts, found.step * _ALPHA))
        skills = set(self._common).union(*(counts for _, counts, _ in followed))
        plain = self._plain(skills, setting.user)
        says = [
            (i, {it: math.log1p(n / (unit * plain[it])) for it, n in counts.items()})
            for i, counts, unit in followed
        ]
        own_2 = self._contexts[OWN_2].get(keys[OWN_2])
        evidence = bisect.bisect(_EVIDENCE_STEPS, own_2.total / own_2.step if own_2 else 0.0)
        scores = {it: math.log(rate) for it, rate in plain.items()}
        weights = self._weights[evidence]
        for i, said in says:
            weight = weights[i]
            for it, added in said.items():
                scores[it] += weight * added
        return _View(keys, plain, says, scores, evidence, list(track.recent))

    def _plain(self, skills: Iterable[str], user: str) -> dict[str, float]:
        """Return how likely skills are by how often they are used, by the user and by everyone."""
        everyone, own = self._everyone, self._own.get(user)
        each = everyone.counts
        scale = _OWN_PRIOR / max(everyone.total, 1e-300)
        if own is None:
            return {it: each.get(it, 0.0) * scale / _OWN_PRIOR + _FLOOR for it in skills}
        unit = 1.0 / own.step
        total = own.total * unit + _OWN_PRIOR
        count = own.counts.get
        return {
            it: (count(it, 0.0) * unit + each.get(it, 0.0) * scale) / total + _FLOOR
            for it in skills
        }

    def _reweigh(self, view: _View, skill: str) -> None:
        """Move the weights along the gradient of the log-likelihood of what came."""
        scores = view.scores
        highest = max(scores.values())
        odds = {it: math.exp(score - highest) for it, score in scores.items()}
        total = sum(odds.values())
        rate = _LAST_RATE + (_FIRST_RATE - _LAST_RATE) / (1.0 + self.n_events / _RATE_EVENTS)
        weights = self._weights[view.evidence]
        for i, said in view.says:
            expected = sum(odds[it] * added for it, added in said.items()) / total
            moved = weights[i] + rate * (said.get(skill, 0.0) - expected)
            weights[i] = min(_MAX_WEIGHT, max(0.0, moved))
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
        named = [("own", self._own), *zip((it.name for it in EXPERTS), self._contexts, strict=True)]
        for name, contexts in named:
            rows = ([key, it.values()] for key, it in contexts.items())
            yield from (["next", name, chunk] for chunk in chunks(rows))
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
            contexts = {**known, "own": self._own}[name]
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


def _by_skill(counts: dict[str, float], recent: list[str]) -> dict[str, float]:
    return {it: counts[place] for i, it in enumerate(recent) if (place := str(i)) in counts}


def _reciprocal_rank(skill: str, scores: dict[str, float]) -> float:
    """Return 1 / rank among the first five, ties shared; 0 beyond."""
    own = scores[skill]
    n_above = sum(it > own for it in scores.values())
    n_equal = sum(it == own for it in scores.values())
    rank = n_above + (n_equal + 1) / 2
    return 1.0 / rank if rank <= 5.0 else 0.0  # noqa: PLR2004 - as the bar is measured
