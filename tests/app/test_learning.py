"""What is run moves what is offered: through the application, its store and its analyst."""

import asyncio
import random
from dataclasses import replace
from datetime import timedelta

from skills_lsp.app.knowledge import Availability
from skills_lsp.app.offers import Showing
from skills_lsp.app.suggesting import suggest
from skills_lsp.domain.invocation import Invocation, Outcome, Status
from skills_lsp.ide.actions import actions
from skills_lsp.store import learning as stored
from skills_lsp.text import Point
from tests.app.session import Session

PASSED = Outcome(Status.PASSED, "passed", 1.0)

HABIT = ("pytest-file", "pytest-run", "pytest-verbose")


async def ranked(session: Session, uri: str) -> list[str]:
    found = await session.command("suggest", uri=uri, line=1)
    return [it["skill"] for it in found.suggestions]


def past(session: Session, skills, minutes=5.0, status=Status.PASSED, **fields) -> list[Invocation]:
    """Return runs of the past, one each so many minutes, the last just now."""
    n = len(skills)
    return [
        Invocation(
            skill,
            (session.clock() - timedelta(minutes=minutes * (n - i))).isoformat(),
            fields.get("session_id", session.app.session_id),
            "execution",
            project=session.project.name,
            language="python",
            file_kind="test",
            status=status if isinstance(status, Status) else status(i),
            duration_seconds=1.0,
        )
        for i, skill in enumerate(skills)
    ]


async def remembered(session: Session, invocations) -> None:
    """Write a past, and have it read as at a start."""
    await session.app.stored(lambda store: store.load(invocations), 0)
    await (await session.app.start_learning()).load()


async def test_a_planted_habit_moves_a_skill_to_the_top(session: Session):
    uri = session.open("test_a.py")
    await session.settle()
    assert (await ranked(session, uri))[0] == "pytest-run"
    # Always the same round, and the last that was run is the one before pytest-verbose.
    await remembered(session, past(session, [*HABIT * 30, *HABIT[:2]]))
    assert (await ranked(session, uri))[0] == "pytest-verbose"
    explained = await session.command("explain", uri=uri, line=1)
    assert "it usually follows pytest-run" in explained.document


async def test_what_was_fitted_is_there_after_a_restart(session: Session):
    skills = ["pytest-run", "pytest-file"] * 60
    outcome = lambda i: Status.PASSED if i % 2 == 0 else Status.ERROR
    await remembered(session, past(session, skills, status=outcome))
    learning = session.app.learning
    assert learning.is_fit_wanted()
    assert await learning.fit()
    assert learning.model_id == 1
    assert not learning.is_fit_wanted()
    again = type(learning)(session.app)
    await again.load()
    assert again.model_id == 1
    assert again.learner.model.data() == learning.learner.model.data()
    assert again.learner.model.kind != "prior"
    assert again.learner.history.n_outcomes == learning.learner.history.n_outcomes == 120
    uri = session.open("test_a.py")
    found = await session.command("explain", uri=uri, line=1, limit=50)
    success = {
        it["skill"]: part["value"]
        for it in found.suggestions
        for part in it["parts"]
        if part["part"] == "success"
    }
    assert success["pytest-run"] > 0.1
    assert success["pytest-file"] < -0.1


async def test_a_fit_that_fails_keeps_what_was_learned(session: Session):
    await remembered(session, past(session, ["pytest-run"] * 60))
    learning = session.app.learning
    before = learning.learner
    session.app.analyst().worker._command = ("/nowhere/at/all",)
    assert not await learning.fit()
    assert learning.learner is before
    assert "what was learned before is kept" in session.client.logged[-1]
    assert not learning.is_fit_wanted(), "it is not tried again at once"


async def test_a_fit_waits_for_the_users_own_run(session: Session):
    await remembered(session, past(session, ["pytest-run"] * 60))
    assert session.app.learning.is_fit_wanted()
    started = asyncio.Event()
    job = session.app.jobs.start("a-run", "A run", started.wait())
    assert not session.app.learning.is_fit_wanted()
    started.set()
    await job.task


async def test_runs_of_other_servers_are_learned_from(session: Session):
    learning = await session.app.start_learning()
    await learning.loaded.wait()
    others = past(session, [*HABIT * 10], session_id="another")
    await session.app.stored(lambda store: store.load(others), 0)
    running = past(session, ["pytest-run"], session_id="another", status=Status.RUNNING)[0]
    number = await session.app.stored(lambda store: store.begin(running), 0)
    await learning.follow()
    learning.learner.advance(session.clock().timestamp() + 60)
    assert learning.learner.next_skill.n_events == 31
    assert learning.learner.history.n_outcomes == 30
    await session.app.stored(lambda store: store.finish(number, PASSED), None)
    await learning.follow()
    await learning.follow()
    learning.learner.advance(session.clock().timestamp() + 60)
    assert learning.learner.history.n_outcomes == 31, "late, and once"


async def test_what_this_server_runs_is_learned_once(session: Session):
    uri = session.open("test_a.py")
    learning = await session.app.start_learning()
    await learning.loaded.wait()
    session.clock.move(1)
    outcome = await session.run("pytest-run", uri, line=0)
    assert outcome.status == "passed"
    await session.settle()
    for each in (learning.follow, learning.load):
        session.clock.move(60)
        await each()
        learning.learner.advance(session.clock().timestamp())
        assert learning.learner.next_skill.n_events == 1
        assert learning.learner.history.n_outcomes == 1


async def test_a_damaged_fit_is_left_aside(session: Session):
    outcome = lambda i: Status.PASSED if i % 2 == 0 else Status.ERROR
    skills = ["pytest-run", "pytest-file"] * 40
    await remembered(session, past(session, skills, status=outcome))
    learning = session.app.learning
    assert await learning.fit()
    await session.app.stored(
        lambda store: store.change(
            lambda db: db.execute("UPDATE learned_part SET body = '[\"next\", 9]' WHERE number = 1")
        ),
        None,
    )
    await learning.load()
    assert "cannot be used" in session.client.logged[-1]
    assert learning.learner.model.kind == "prior"
    assert await learning.fit(), "the next fit mends it"
    assert learning.learner.model.kind != "prior"


async def test_coins_move_nothing(session: Session):
    rng = random.Random(3)
    toss = lambda _: rng.choice((Status.PASSED, Status.ERROR))
    skills = [rng.choice(("pytest-run", "pytest-file", "pytest-verbose")) for _ in range(400)]
    await remembered(session, past(session, skills, minutes=90, status=toss))
    assert await session.app.learning.fit()
    uri = session.open("test_a.py")
    found = await session.command("explain", uri=uri, line=1)
    moved = [
        abs(part["contribution"])
        for it in found.suggestions
        for part in it["parts"]
        if part["part"] == "success"
    ]
    assert moved
    assert max(moved) < 0.03


async def test_the_semantic_strategy_foretells_nothing(session: Session):
    uri = session.open("test_a.py")
    await remembered(session, past(session, [*HABIT * 30, *HABIT[:2]]))
    session.app.strategy_for = lambda user: "semantic"
    assert (await ranked(session, uri))[0] == "pytest-run"
    found = await session.command("explain", uri=uri, line=1)
    assert {it["part"] for it in found.suggestions[0]["parts"]} == {
        "pattern", "scope", "text", "habit",
    }  # fmt: skip
    assert found.ranking["strategy"] == "semantic"


async def test_a_clock_that_jumps_stops_no_learning(session: Session):
    uri = session.open("test_a.py")
    await remembered(session, past(session, HABIT * 10))
    for seconds in (86_400 * 400, -86_400 * 800, 86_400 * 400):
        session.clock.move(seconds)
        await session.run("pytest-run", uri, line=0)
        assert await ranked(session, uri)
    learning = session.app.learning
    learning.learner.advance(session.clock().timestamp() + 1)
    n_before = learning.learner.next_skill.n_events
    await session.run("pytest-run", uri, line=0)
    session.clock.move(5)
    learning.learner.advance(session.clock().timestamp())
    assert learning.learner.next_skill.n_events == n_before + 1


async def test_a_skill_that_is_gone_is_not_offered_and_breaks_nothing(session: Session):
    uri = session.open("test_a.py")
    gone = ("pytest-run", "long-gone")
    await remembered(session, past(session, [*gone * 20, "pytest-run"]))
    assert (
        session.app.learning.learner.next_skills(
            session.app.learning.setting(context_of_test(session, uri))
        )[0].skill
        == "long-gone"
    )
    assert "long-gone" not in await ranked(session, uri)


def context_of_test(session: Session, uri: str):
    return suggest(session.app, session.app.documents[uri], Point(1, 0)).context


# -- what comes next -------------------------------------------------------------------------------

FAILING = "def test_it():\n    assert 1 == 2\n"


async def actions_at(session: Session, uri: str, line: int = 0):
    document = session.app.documents[uri]
    found = suggest(session.app, document, Point(line, 0), showing=Showing.OPENED)
    return actions(found.suggestions, None, found.blocked, found.step)


async def test_a_failing_test_is_offered_to_be_debugged_first(session: Session, monkeypatch):
    await (await session.app.start_learning()).loaded.wait()
    uri = session.open("test_a.py", FAILING)
    assert (await actions_at(session, uri))[0].title == "Run this test: test_it"
    nothing_missing = Availability()  # as if debugpy were there
    monkeypatch.setattr(session.app.knowledge, "availability", lambda path: nothing_missing)
    await session.run("pytest-run", uri, line=0)
    assert (await actions_at(session, uri))[0].title == "Next: Debug this test"
    assert session.client.shown[-1][1].endswith(" Next: Debug this test.")
    event, told = session.client.notified[-1]
    assert (event, told["next"]["skill"]) == ("finished", "pytest-debug")
    session.clock.move(601)
    assert (await actions_at(session, uri))[0].title == "Run this test: test_it"


async def test_what_is_really_done_takes_the_place_of_what_is_declared(session: Session):
    uri = session.open("test_a.py", FAILING)
    habit = ["pytest-run", "pytest-verbose"]
    failed = lambda i: Status.FAILED if i % 2 == 0 else Status.PASSED
    await remembered(session, past(session, habit * 20, status=failed))
    await session.run("pytest-run", uri, line=0)
    assert (await actions_at(session, uri))[0].suggestion.skill.name == "pytest-verbose"


async def test_a_next_step_that_cannot_run_here_is_none(session: Session):
    await (await session.app.start_learning()).loaded.wait()
    uri = session.open("test_a.py", FAILING)
    session.app.settings = replace(
        session.app.settings, disabled_skills=("pytest-debug", "fix-failing-test")
    )
    await session.run("pytest-run", uri, line=0)
    assert not [it for it in await actions_at(session, uri) if it.title.startswith("Next")]
    assert "Next" not in session.client.shown[-1][1]


async def test_what_was_seen_in_the_code_is_learned_from(session: Session):
    learning = await session.app.start_learning()
    await learning.loaded.wait()
    text = "def test_it():\n    for i in range(2):\n        assert i >= 0 or i\n"
    await session.run("pytest-run", session.open("test_a.py", text), line=0)
    await session.run("python-run", session.open("plain.py", "x = 1\n"), line=0)
    await session.settle()
    found = await session.app.stored(
        lambda store: store.query(lambda db: stored.uses_after(db, 0, 9, 9), []), []
    )
    assert [(it.use.skill, it.use.complexity, it.use.has_pattern) for it in found] == [
        ("pytest-run", 3.0, True),
        ("python-run", 0.0, False),
    ]


async def test_an_outcome_that_comes_twice_counts_once(session: Session):
    learning = await session.app.start_learning()
    await learning.loaded.wait()
    uri = session.open("test_a.py")
    found = await session.run("pytest-run", uri, line=0)
    context = suggest(session.app, session.app.documents[uri], Point(0, 0)).context
    skill = session.app.knowledge.catalogue.by_name["pytest-run"]
    for status in (Status.PASSED, Status.ERROR):
        learning.ended(found.invocation, skill, context, Outcome(status, "again", 1.0))
    learning.ended(4_711, skill, context, PASSED)  # of a run that nobody knows
    learning.learner.advance(session.clock().timestamp() + 1)
    assert learning.learner.history.n_outcomes == 1


async def test_the_next_step_is_known_of_runs_elsewhere(session: Session):
    uri = session.open("test_a.py", FAILING)
    failed = past(session, ["pytest-run"], minutes=1, session_id="a-terminal", status=Status.FAILED)
    await remembered(session, failed)
    first = (await actions_at(session, uri))[0]
    assert first.title.startswith("Next: ")
    explained = await session.command("explain", uri=uri, line=0)
    assert f"{first.suggestion.skill.name} stands first as the next step" in explained.document
