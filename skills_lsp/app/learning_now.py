"""What is known at this moment: read by each suggestion from memory, told of each run of this server."""

import contextlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from skills_lsp.app.learning_lists import Lists
from skills_lsp.app.offers import Showing
from skills_lsp.domain.context import Context
from skills_lsp.domain.foresight import WORKFLOW_AWARE, Following, Foresight
from skills_lsp.domain.invocation import Outcome, Status
from skills_lsp.domain.skill import Skill
from skills_lsp.domain.suggestion import Suggestion
from skills_lsp.errors import StoreError
from skills_lsp.ide.candidates import Candidate, fits
from skills_lsp.ide.exploring import Arranged, arranged, as_ranked, draw_of
from skills_lsp.ide.next_step import LEAST_LIKELY, Ended, with_declared
from skills_lsp.ide.order import DEFAULT_WEIGHTS, WORKFLOW_WEIGHTS, Weights
from skills_lsp.learning.events import Ending, Setting
from skills_lsp.learning.learner import Asked, Learner
from skills_lsp.learning.replay import Use, event_of
from skills_lsp.store import Store
from skills_lsp.store import learning as stored

if TYPE_CHECKING:
    from skills_lsp.app.app import App

_FOLLOWING_SECONDS = 60.0
"""What comes next is foretold anew after so long, as the hour counts."""

_N_FOLLOWING = 12
_USES_BEFORE_EXPLORING = 50
"""Nobody's first lists are disturbed: there is nothing to compare them with yet."""

_AN_INSTANT = 1e-3
_HALF_TRUST_USES = 10
_KNOWN_NO_MORE = (Status.RUNNING, Status.INTERRUPTED)

_FollowingKey = tuple[int, str, str, str, int, str, float]


class Foretelling:
    """The models in memory. Nothing here waits or fails; what was not learned yet says nothing."""

    def __init__(self, app: "App") -> None:
        self._app = app
        self.lists = Lists(app.now, lambda: app.session_id)
        self.learner = Learner()
        self.fitted = stored.DEFAULTS
        self._ended: dict[str, Ended] = {}  # by project
        self._held: list[tuple[int, Callable[[Learner], object]]] | None = None  # while it is read
        self._n_told = 0
        self._following: tuple[_FollowingKey, dict[str, Following]] | None = None

    # -- asking: on the path of each suggestion ----------------------------------------------------

    @property
    def trust(self) -> float:
        """How much is known at all, 0 to 1: n / (n + 10) after n uses."""
        n = self.learner.next_skill.n_events
        return n / (n + _HALF_TRUST_USES)

    @property
    def n_picks(self) -> int:
        """How many picks the weights in force were fitted to; 0 for the defaults."""
        return self.fitted.n_picks

    def weights(self, strategy: str) -> Weights:
        """Return the weights in force for a strategy: while little is known, it counts for little."""
        if strategy != WORKFLOW_AWARE:
            return DEFAULT_WEIGHTS
        return WORKFLOW_WEIGHTS.with_fitted(self.fitted.weights).trusted(self.trust)

    def following(self, context: Context) -> dict[str, Following]:
        """Return what usually comes next here, most likely first."""
        setting = self.setting(context)
        ended = self.just_ended(context)
        key = (
            self._n_told,
            setting.project,
            setting.language,
            setting.file_kind,
            int(setting.at // _FOLLOWING_SECONDS),
            ended.skill.name if ended else "",
            ended.at if ended else 0.0,
        )
        if self._following is None or self._following[0] != key:
            found = self.learner.next_skills(setting, _N_FOLLOWING)
            learned = {it.skill: Following(it.probability, it.reason) for it in found}
            if ended is not None:
                n_uses = self.learner.history.uses(setting.user, ended.skill.name)
                learned = with_declared(learned, ended, n_uses)
            self._following = key, learned
        return self._following[1]

    def just_ended(self, context: Context) -> Ended | None:
        """Return the run that ended last in the project, if that was just now."""
        ended = self._ended.get(context.project)
        now = self._app.now().timestamp()
        return ended if ended is not None and ended.is_fresh(now) else None

    def next_step(self, context: Context) -> str:
        """Return the skill that most likely comes next after the run that just ended, or nothing."""
        if self.just_ended(context) is None:
            return ""
        disabled = self._app.settings.disabled_skills
        availability = self._app.knowledge.availability(context.path)
        catalogue = self._app.knowledge.catalogue.by_name
        for name, it in self.following(context).items():
            if it.probability < LEAST_LIKELY:
                break
            skill = catalogue.get(name)
            may_run = name not in availability.unfit and name not in availability.blocked
            if skill is not None and may_run and name not in disabled and fits(skill, context):
                return name
        return ""

    def foresight(
        self,
        context: Context,
        found: Sequence[Candidate],
        following: Mapping[str, Following],
        *,
        is_explained: bool = False,
    ) -> Foresight:
        """Return what is foretold for candidates; reasons of rates only when they are asked for."""
        setting = self.setting(context)
        asked = [Asked(it.skill.name, it.skill.phase.value, it.finding is not None) for it in found]
        typical, *rates = self.learner.rates(setting, [Asked(""), *asked])
        reasons = {}
        if is_explained:
            for it in asked:
                why = self.learner.explanation(setting, it)
                reasons[it.skill] = why[0].rpartition(" (")[0] if why else ""
        by_name = {it.skill: rate for it, rate in zip(asked, rates, strict=True)}
        return Foresight(by_name, typical, reasons, following, self.trust)

    def explored(
        self,
        ranked: Sequence[Suggestion],
        uri: str,
        context: Context,
        blocked: Collection[str],
        step: str,
    ) -> Arranged:
        """Return a list as it is shown: seldom, two entries change places by chance.

        What cannot run here keeps its place, and so does the next step.
        """
        if self.learner.next_skill.n_events < _USES_BEFORE_EXPLORING:
            return as_ranked(ranked)
        fixed = {*blocked, step}
        names = [it.skill.name for it in ranked]
        draw = draw_of(self._app.session_id, uri, context.query, *names)
        return arranged(ranked, self._app.settings.exploration, fixed, draw)

    def shown(
        self, offer: str, shown: Arranged, context: Context, strategy: str, showing: Showing
    ) -> None:
        """Take note of a list; it is written later."""
        self.lists.note(offer, shown, context, strategy, self.fitted.id, showing)

    def setting(self, context: Context) -> Setting:
        """Return where and when something would be run now, just after all that has happened."""
        return Setting(
            self._app.now().timestamp() + _AN_INSTANT,
            "",
            self._app.session_id,
            context.project,
            context.language,
            context.file_kind.value,
            float(context.complexity),
        )

    # -- telling: by each run of this server -------------------------------------------------------

    def began(
        self, invocation_id: int | None, skill: Skill, context: Context, offer: str = ""
    ) -> None:
        """Take note that a run of this server has begun, and keep what was seen in the code."""
        if invocation_id is None:
            return
        self.lists.picked(offer, skill.name, invocation_id)
        has_pattern = is_called_for(skill, context)
        now = self.setting(context)
        use = Use(
            "", now.session, now.at - _AN_INSTANT, skill.name, None, None, now.project, now.language,
            now.file_kind, skill.phase.value, complexity=now.complexity, has_pattern=has_pattern,
        )  # fmt: skip
        self._tell(invocation_id, lambda it: it.begin(event_of(use, str(invocation_id))))
        if (has_pattern or now.complexity) and invocation_id > 0:
            note = partial(
                stored.note_setting,
                invocation_id=invocation_id,
                has_pattern=has_pattern,
                complexity=now.complexity,
            )
            self._app.spawn(self._change(note, None))

    def ended(
        self, invocation_id: int | None, skill: Skill, context: Context, outcome: Outcome
    ) -> None:
        """Take note of how a run of this server ended; one that was interrupted says nothing."""
        if invocation_id is None or outcome.status in _KNOWN_NO_MORE:
            return
        self._ended[context.project] = Ended(skill, outcome.status, self._app.now().timestamp())
        ending = Ending(
            str(invocation_id),
            self._app.now().timestamp(),
            outcome.status.is_completed,
            outcome.duration_seconds,
            outcome.status in (Status.PASSED, Status.HANDED_OVER),
        )
        self._tell(0, lambda it: it.end(ending))

    def _tell(self, number: int, what: Callable[[Learner], object]) -> None:
        what(self.learner)
        self._n_told += 1
        if self._held is not None:
            self._held.append((number, what))

    # -- the store ---------------------------------------------------------------------------------

    async def _ask(self, question: Callable[..., Any], default: Any) -> Any:
        return await self._app.stored(lambda store: store.query(question, default), default)

    async def _change(self, body: Callable[..., Any], otherwise: Any) -> Any:
        def change(store: Store) -> Any:
            # The store itself tells the user when the disk refuses; this only costs quality.
            with contextlib.suppress(StoreError):
                return store.change(body)
            return otherwise

        return await self._app.stored(change, otherwise)


def is_called_for(skill: Skill, context: Context) -> bool:
    """Say whether something that is seen in the code calls for a skill."""
    seen = _patterns(context)
    return any(it.pattern in seen for it in skill.triggers)


def _patterns(context: Context) -> set[str]:
    found: Iterable[Any] = (*context.findings, *context.file_findings)
    return {it.pattern for it in found}
