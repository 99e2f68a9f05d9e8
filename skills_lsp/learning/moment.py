"""The features of all skills that could be used at one moment."""

import math
from collections.abc import Hashable, Mapping

from skills_lsp.learning.events import SECONDS_PER_DAY, Setting
from skills_lsp.learning.features import PHASES
from skills_lsp.learning.people import Person
from skills_lsp.learning.tallies import NEVER, Tallies, Tally

PRIOR_RATE = 0.75
PRIOR_STRENGTH = 4.0
"""Before anything is known, a skill does its work three times in four; that weighs as four outcomes."""

_SMOOTHING = 4.0
"""Outcomes that a wider rate counts for beside those of the narrower one."""

_HOURS_PER_BIN = 3
_NOBODY = Person()
_NOTHING = Tally(0.0)
_LONG_AGO_HOURS = 24.0 * 60

Keys = list[tuple[str, Hashable]]
"""Kinds of tallies with the key that an outcome counts for in each."""


class Moment:
    """What is known at one instant of one user's; rows of features come out of it.

    What all skills share is worked out once, so that fifty rows take well under a millisecond.
    """

    def __init__(
        self, tallies: Mapping[str, Tallies], person: Person | None, setting: Setting
    ) -> None:
        self._tallies = tallies
        self._setting = setting
        self._person = person or _NOBODY
        self._hour_bin = int(setting.at % SECONDS_PER_DAY // 3600) // _HOURS_PER_BIN
        self._weekday = (int(setting.at // SECONDS_PER_DAY) + 3) % 7  # 1970 began on a Thursday
        self._is_new_session = self._person.is_new_session(setting.session, setting.at)
        self._user_tally = tallies["user"].get(setting.user) or _NOTHING
        everyone = tallies["all"].get("") or _NOTHING
        prior = PRIOR_RATE * PRIOR_STRENGTH
        self._rate = (everyone.n_good + prior) / (everyone.n + PRIOR_STRENGTH)
        self._rate_ever = (everyone.n_good_ever + prior) / (everyone.n_ever + PRIOR_STRENGTH)
        self._log_odds = _logit(self._rate)
        self._half_life = tallies["user_skill"].half_life
        own = self._user_tally
        left = 0.5 ** ((setting.at - own.at) / self._half_life) if own.at < setting.at else 1.0
        self._user_rate = (own.n_good * left + _SMOOTHING * self._rate) / (
            own.n * left + _SMOOTHING
        )
        # On a log-odds scale a user's and a skill's difference from everyone add up.
        self._user_excess = _logit(self._user_rate) - self._log_odds
        effects = {
            kind: (tallies[kind].get(key) or _NOTHING).effect for kind, key in self._moment_keys()
        }
        self._effect = sum(effects.values())
        self._project_effect = effects.get("project", 0.0) + effects.get("user_project", 0.0)
        self._skill = tallies["skill"].get
        self._user_skill = tallies["user_skill"].get
        self._skill_project = tallies["skill_project"].get
        self._skill_language = tallies["skill_language"].get
        self._skill_hour = tallies["skill_hour"].get
        self.shared = self._shared(effects)

    def row(self, skill: str, phase: str = "", *, has_pattern: bool = False) -> list[float]:
        """Return the features of a skill, in the order of :data:`features.FEATURES`."""
        setting = self._setting
        of_skill = self._skill(skill) or _NOTHING
        of_pair = self._user_skill((setting.user, skill)) or _NOTHING
        at_hour = self._skill_hour((skill, self._hour_bin)) or _NOTHING
        effect = self._effect + of_skill.effect + of_pair.effect + at_hour.effect
        at, half_life = setting.at, self._half_life
        left = 0.5 ** ((at - of_skill.at) / half_life) if of_skill.at < at else 1.0
        skill_rate = (of_skill.n_good * left + _SMOOTHING * self._rate) / (
            of_skill.n * left + _SMOOTHING
        )
        skill_log_odds = math.log(skill_rate / (1.0 - skill_rate))
        expected = 1.0 / (1.0 + math.exp(-skill_log_odds - self._user_excess))
        left = 0.5 ** ((at - of_pair.at) / half_life) if of_pair.at < at else 1.0
        pair_rate = (of_pair.n_good * left + _SMOOTHING * expected) / (
            of_pair.n * left + _SMOOTHING
        )
        ever = (of_skill.n_good_ever + _SMOOTHING * self._rate_ever) / (
            of_skill.n_ever + _SMOOTHING
        )
        own_ever = (of_pair.n_good_ever + _SMOOTHING * ever) / (of_pair.n_ever + _SMOOTHING)
        here_effect = 0.0
        project_log_odds = language_log_odds = skill_log_odds
        if setting.project:
            here = self._skill_project((skill, setting.project)) or _NOTHING
            here_effect = self._project_effect + here.effect
            effect += here.effect
            project_log_odds = _logit(_smoothed(here, skill_rate))
        if setting.language:
            here = self._skill_language((skill, setting.language)) or _NOTHING
            effect += here.effect
            language_log_odds = _logit(_smoothed(here, skill_rate))
        since = (at - of_pair.used_at) / 3600.0
        return [
            *self.shared,
            PHASES.get(phase, 0.0),
            math.log1p(of_pair.n_good),
            skill_log_odds,
            math.log(ever / (1.0 - ever)),
            math.log(pair_rate / (1.0 - pair_rate)),
            math.log(own_ever / (1.0 - own_ever)),
            of_skill.recent,
            of_pair.recent,
            of_pair.last,
            of_pair.last_2,
            of_pair.last_3,
            math.log1p(min(max(since, 0.0), _LONG_AGO_HOURS)),
            project_log_odds,
            language_log_odds,
            at_hour.effect,
            of_skill.effect,
            of_pair.effect,
            here_effect,
            of_skill.log_duration,
            1.0 if has_pattern else 0.0,
            effect,
        ]

    def keys(self, skill: str) -> Keys:
        """Return what an outcome of a skill will count for."""
        setting = self._setting
        found: Keys = [
            *self._moment_keys(),
            ("skill", skill),
            ("user_skill", (setting.user, skill)),
            ("skill_hour", (skill, self._hour_bin)),
        ]
        if setting.project:
            found.append(("skill_project", (skill, setting.project)))
        if setting.language:
            found.append(("skill_language", (skill, setting.language)))
        return found

    def _moment_keys(self) -> Keys:
        setting, own = self._setting, self._user_tally
        found: Keys = [
            ("all", ""),
            ("user", setting.user),
            ("hour", self._hour_bin),
            ("weekday", self._weekday),
            ("user_hour", (setting.user, self._hour_bin)),
            ("streak", (own.last, own.last_2)),
        ]
        if setting.session:
            found.append(("session", (setting.user, setting.session)))
        if setting.project:
            found.append(("project", setting.project))
            found.append(("user_project", (setting.user, setting.project)))
        return found

    def _shared(self, effects: Mapping[str, float]) -> list[float]:
        setting, person, own = self._setting, self._person, self._user_tally
        person.forget_before(setting.at)
        hour = setting.at % SECONDS_PER_DAY / 3600.0
        rate_24h = (person.n_good + _SMOOTHING * self._user_rate) / (person.n_known + _SMOOTHING)
        started = setting.at if self._is_new_session else person.started_at
        idle = (setting.at - person.last_at) / 60.0
        return [
            hour,
            float(self._weekday),
            math.log1p(person.n),
            _logit(rate_24h),
            math.log1p(max(0.0, setting.at - started) / 60.0),
            math.sin(math.tau * hour / 24.0),
            math.cos(math.tau * hour / 24.0),
            _logit(self._user_rate),
            own.recent,
            own.last,
            person.streak,
            math.log1p(0 if self._is_new_session else person.position),
            math.log1p(min(max(idle, 0.0), 60.0 * _LONG_AGO_HOURS)),
            effects.get("session", 0.0),
            effects["hour"] + effects["weekday"] + effects["user_hour"],
            effects["streak"],
            effects["user"],
            1.0 if setting.file_kind == "test" else 0.0,
            math.log1p(max(0.0, setting.complexity)),
        ]


def _smoothed(it: Tally, prior: float) -> float:
    return (it.n_good + _SMOOTHING * prior) / (it.n + _SMOOTHING)


def _logit(rate: float) -> float:
    return math.log(rate / (1.0 - rate))


assert NEVER < 0  # the arithmetic of "since" relies on it
