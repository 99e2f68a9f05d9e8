"""The memory of fixes: what each run tells it, and what it advises against a problem on show.

It is told of every run, and finds out by itself what helped: an issue that a run reports, a skill that
changes something, and the same run again, with or without the issue. Advice is made in the background
after a run, so that a code action reads what is there.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from skills_lsp.app.client import Mark
from skills_lsp.domain.fix import Advice, Issue, Similar
from skills_lsp.domain.invocation import Outcome, Status, ToolProblem
from skills_lsp.domain.skill import Category, Command, Scope, Skill
from skills_lsp.learning.fixes import BY_MEANING, BY_WORDS, Tried, recommend
from skills_lsp.runner.report import MAX_PROBLEMS
from skills_lsp.store import Store, fix_questions
from skills_lsp.store import fixes as memory
from skills_lsp.store.issue_vectors import IssueVectors
from skills_lsp.store.text import instant

if TYPE_CHECKING:
    from skills_lsp.app.app import App
    from skills_lsp.app.running import Request

N_SIMILAR = 40
"""Issues whose attempts vote."""
_MAX_ADVICE = 500
_MAX_WATCHED = 1_000
"""Files of a folder whose last writing is remembered: those open, and those with problems."""
_MAX_WAIT_SECONDS = 2.0
_BATCH = 32
_N_BACKFILLED = 2_000
"""Issues that get a vector when a new model is met; one takes 4 ms of the encoder."""
_SECONDS_OF_A_DAY = 86_400.0
_ISSUE_STATUS = frozenset({Status.FAILED, Status.ERROR, Status.TIMED_OUT})
_DONE = frozenset({Status.PASSED, Status.FAILED, Status.HANDED_OVER})
_WORDS = "words"


@dataclass(frozen=True, slots=True)
class Started:
    """A run as it begins."""

    at: str
    edited: tuple[str, ...] | None


class Fixes:
    """What runs teach about fixes, for one application."""

    def __init__(self, app: "App") -> None:
        self._app = app
        self._states: dict[str, dict[str, tuple[int, int]]] = {}  # by folder: files as last seen
        self._advice: OrderedDict[bytes, Advice] = OrderedDict()
        self._reporters: dict[str, Request] = {}
        self._vectors: IssueVectors | None = None
        self._known_model = ""

    # -- runs ------------------------------------------------------------------------------------

    async def started(self, request: "Request") -> Started:
        """Note that a run begins, and which files were saved since the last one."""
        at = instant(self._app.now())
        folder = request.context.workspace
        before = self._states.get(folder)
        now = await asyncio.to_thread(_state, self._paths(request, before or ()))
        self._states[folder] = now
        if before is None:
            return Started(at, None)
        return Started(at, tuple(path for path, it in now.items() if before.get(path, it) != it))

    async def ended(
        self, request: "Request", started: Started, outcome: Outcome, test_id: str, key: str
    ) -> None:
        """Learn from a run that has ended."""
        run = _run(self._app, request, started, outcome, test_id, key)
        folder = request.context.workspace
        paths = dict.fromkeys((*self._states.get(folder, ()), *(it.path for it in run.problems)))
        newest = [*paths][-_MAX_WATCHED:]
        self._states[folder] = await asyncio.to_thread(_state, self._paths(request, newest))
        if run.problems:
            self._reporters[request.skill.name] = request
        nothing: tuple[Issue, ...] = ()
        left = await self._app.stored(
            lambda store: store.change(lambda db: memory.take_run(db, run)), nothing
        )
        self._app.spawn(self._prepare(left))

    async def _prepare(self, issues: Sequence[Issue]) -> None:
        """Make vectors of new issues, and advice against what stands."""
        await self.learn_vectors(issues)
        for issue in issues:
            self.keep(await self.advise(issue))

    def _paths(self, request: "Request", more: Iterable[str]) -> list[str]:
        opened = (it.path for it in self._app.documents.values())
        return [it for it in dict.fromkeys((*more, request.context.path, *opened)) if it]

    # -- advice ----------------------------------------------------------------------------------

    def advice_for(self, mark: Mark) -> Advice | None:
        """Return what is known against a problem on show; from memory, at once."""
        return self._advice.get(memory.digest_of(self.issue_of(mark)))

    def issue_of(self, mark: Mark) -> Issue:
        """Return the issue that a problem on show is."""
        skill = self._app.knowledge.catalogue.by_name.get(mark.skill)
        return _issue_of(tool_of(skill) if skill else mark.skill, mark.code, mark.message)

    def reporter(self, skill: str) -> "Request | None":
        """Return the last run of a skill that reported problems, to look again."""
        return self._reporters.get(skill)

    def keep(self, advice: Advice) -> None:
        """Keep advice for the problems on show."""
        digest = memory.digest_of(advice.issue)
        self._advice[digest] = advice
        self._advice.move_to_end(digest)
        if len(self._advice) > _MAX_ADVICE:
            self._advice.popitem(last=False)

    async def advise(self, issue: Issue) -> Advice:
        """Return what to try against an issue, by what was tried against issues like it."""
        similar, engine = await self.similar(issue, N_SIMILAR)
        tried = tried_on(issue, similar, engine, self._app.now())
        return Advice(issue, recommend(tried), similar, engine)

    async def tell(
        self, issue: Issue, strategy: str, *, success: bool, key: str = ""
    ) -> bool | None:
        """Record what somebody tells; False when it is known already, None when it cannot be."""
        app = self._app
        at = instant(app.now())

        def write(store: Store) -> bool | None:
            return store.change(
                lambda db: memory.tell(
                    db, issue, strategy, at, success=success, key=key, session_id=app.session_id
                )
            )

        done = await app.stored(write, None)
        await self._prepare([issue])
        return done

    async def similar(self, issue: Issue, limit: int) -> tuple[tuple[Similar, ...], str]:
        """Return the issues most like one, most alike first, and the engine that found them.

        By meaning where there is a model, and by words where it finds nothing.
        """
        nothing: tuple[Similar, ...] = ()
        near, engine = await self._near(issue, limit)
        if near:
            found = await self._app.stored(
                lambda store: store.query(
                    lambda db: fix_questions.similar_by_keys(db, near), nothing
                ),
                nothing,
            )
            if found:
                return found, engine
        return await self._app.stored(
            lambda store: store.query(
                lambda db: fix_questions.similar_by_words(db, issue, limit), nothing
            ),
            nothing,
        ), _WORDS

    async def _near(self, issue: Issue, limit: int) -> tuple[list[tuple[bytes, float]], str]:
        meaning = self._app.knowledge.meaning
        known = await meaning.embed([]) if meaning else None
        if meaning is None or known is None:
            return [], _WORDS
        model, _ = known
        index = await self._index(model)
        vector = await asyncio.to_thread(index.vector, model, memory.digest_of(issue))
        if not vector:
            made = await meaning.embed([issue.text], _MAX_WAIT_SECONDS)
            if made is None:
                return [], _WORDS
            model, (vector,) = made
        return await asyncio.to_thread(index.nearest, model, issue.kind, vector, limit), model

    async def learn_vectors(self, issues: Sequence[Issue]) -> None:
        """Make vectors of the issues that have none."""
        meaning = self._app.knowledge.meaning
        known = await meaning.embed([]) if meaning else None
        if meaning is None or known is None:
            return
        model, _ = known
        index = await self._index(model)
        by_digest = {memory.digest_of(it): it for it in issues}
        missing = await asyncio.to_thread(index.missing, model, [*by_digest])
        for at in range(0, len(missing), _BATCH):
            batch = missing[at : at + _BATCH]
            made = await meaning.embed([by_digest[it].text for it in batch])
            if made is None or made[0] != model:
                return
            vectors = {
                digest: (by_digest[digest].kind, vector)
                for digest, vector in zip(batch, made[1], strict=True)
            }
            await asyncio.to_thread(index.add, model, vectors)

    async def _index(self, model: str) -> IssueVectors:
        if self._vectors is None:
            path = self._app.folders.cache / "issues.db"
            self._vectors = await asyncio.to_thread(IssueVectors, path)
        if model != self._known_model:
            self._known_model = model
            await asyncio.to_thread(self._vectors.keep_only, model)
            self._app.spawn(self._backfill())
        return self._vectors

    async def _backfill(self) -> None:
        """Make vectors of the newest issues that a new model, or a lost file, has none of."""
        nothing: dict[bytes, Issue] = {}
        newest = await self._app.stored(
            lambda store: store.query(
                lambda db: fix_questions.newest_issues(db, _N_BACKFILLED), nothing
            ),
            nothing,
        )
        await self.learn_vectors([*newest.values()])

    async def close(self) -> None:
        """Let go of the index."""
        if self._vectors is not None:
            await asyncio.to_thread(self._vectors.close)
            self._vectors = None


def tool_of(skill: Skill) -> str:
    """Return what a skill runs; its issues are that tool's."""
    return Path(skill.action.tool).name if isinstance(skill.action, Command) else skill.name


def may_mend(skill: Skill) -> bool:
    """Say whether a run may make an issue go: it changes files, or hands the work to an agent."""
    return skill.is_agent_skill or (
        isinstance(skill.action, Command) and skill.action.changes_files
    )


def tried_on(issue: Issue, similar: Iterable[Similar], engine: str, now: datetime) -> list[Tried]:
    """Return the attempts on similar issues as votes."""
    kernel = BY_WORDS if engine == _WORDS else BY_MEANING
    made = []
    for it in similar:
        other = it.known.issue
        is_same_type = other.kind == issue.kind
        weight = kernel(it.similarity, is_same_type=is_same_type)
        for attempt in it.attempts:
            age = (now - datetime.fromisoformat(attempt.tried_at)).total_seconds()
            days = age / _SECONDS_OF_A_DAY
            made.append(
                Tried(
                    attempt.strategy, attempt.success, it.similarity, days, weight, attempt.credit
                )
            )
    return made


@lru_cache(maxsize=2_000)
def _issue_of(tool: str, code: str, message: str) -> Issue:
    return memory.issue_of(tool, code, message)


def _run(
    app: "App", request: "Request", started: Started, outcome: Outcome, test_id: str, key: str
) -> memory.Run:
    skill, context = request.skill, request.context
    status = outcome.status
    problems = tuple(it for it in outcome.problems if not it.is_echo)
    was_run = outcome.exit_code is not None or status is Status.TIMED_OUT
    if not problems and was_run and status in _ISSUE_STATUS:
        # It says nothing of places; that it failed, and how, is the issue. (Where nothing ran, as the
        # cursor was in no test, nothing of the project is wrong.)
        problems = (ToolProblem(context.path, 0, None, outcome.summary, code=outcome.error_type),)
    return memory.Run(
        skill=skill.name,
        tool=tool_of(skill),
        stage=skill.phase.value,
        folder=context.workspace,
        file="" if skill.scope is Scope.PROJECT else context.path,
        test_id=test_id,
        at=started.at,
        problems=problems,
        is_judged=status in (Status.PASSED, Status.FAILED),
        has_passed=status is Status.PASSED,
        is_cut=outcome.is_truncated or len(problems) >= MAX_PROBLEMS,
        is_test=skill.category is Category.TESTING,
        is_fix=may_mend(skill) and status in _DONE,
        edited=started.edited,
        key=key,
        session_id=app.session_id,
        project=context.project,
        language=context.language,
    )


def _state(paths: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Return when files were last written, and how long they are."""
    found = {}
    for path in paths:
        try:
            it = Path(path).stat()
        except (OSError, ValueError):
            found[path] = (0, 0)
        else:
            found[path] = (it.st_mtime_ns, it.st_size)
    return found
