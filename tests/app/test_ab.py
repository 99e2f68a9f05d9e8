"""A/B tests while people work: who gets which order, what is counted, and when it ends."""

import pytest

from skills_lsp.app.ab import compare_models, stop_comparing_models
from skills_lsp.app.meaning import Meaning
from skills_lsp.app.operations import ab_create
from skills_lsp.app.suggesting import suggest
from skills_lsp.domain.experiment import group_of
from skills_lsp.domain.invocation import Invocation
from skills_lsp.errors import UsageError
from skills_lsp.store import ab, text
from skills_lsp.text import Point
from tests.app.session import Session, until


@pytest.fixture
async def ready(session):
    """A session whose upkeep is there, with two skills that leave traces."""
    session.skill("trace")
    session.client.answer = "Trust this folder"
    await session.app.reload_catalogue()
    await until(lambda: session.app.upkeep is not None)
    session.keep_only("trace")
    return session


async def create(session, name="rank", **terms):
    return await session.command("abCreate", name=name, min_sample_size=10, **terms)


async def pick(session, uri):
    """Take the first suggestion, as a code action does."""
    offered = suggest(session.app, session.app.documents[uri], Point(0, 6))
    await session.run(offered.suggestions[0].skill.name, uri, offer=offered.offer)
    await session.settle()


async def analysed(session, name=""):
    return await session.command("report.ab", test=name)


async def test_without_a_test_it_says_how_to_start_one(session):
    assert "skills-lsp ab create" in (await analysed(session)).document


async def test_suggestions_follow_the_group_and_picks_are_counted(ready):
    await create(ready)
    group = (await ready.command("abAssign")).group
    strategy = ready.app.strategy_for("")
    assert strategy == {"control": "semantic", "treatment": "workflow-aware"}[group]
    await pick(ready, ready.open("test_a.py"))
    summary = (await analysed(ready)).summary
    assert summary[f"{group}_outcomes"] == 1
    (run,) = ready.app.store.history()
    assert run.strategy == strategy


async def test_a_run_by_name_is_no_outcome(ready):
    await create(ready)
    await ready.run("trace", ready.open("test_a.py"))
    await ready.settle()
    summary = (await analysed(ready)).summary
    assert summary["control_outcomes"] + summary["treatment_outcomes"] == 0


async def test_after_its_end_nothing_is_assigned_or_counted(ready):
    await create(ready, end="2026-03-02")
    ready.clock.move(86_400)
    assert ready.app.strategy_for("") == ready.app.settings.ranking_strategy
    await pick(ready, ready.open("test_a.py"))
    result = await analysed(ready)
    assert result.state == "completed"
    assert result.summary["control_outcomes"] + result.summary["treatment_outcomes"] == 0
    with pytest.raises(UsageError, match="not running"):
        await ready.command("abAssign", user="ann")


async def test_before_its_start_neither(ready):
    await create(ready, start="2026-03-05")
    assert ready.app.strategy_for("") == ready.app.settings.ranking_strategy
    ready.clock.move(5 * 86_400)
    await ready.app.upkeep.experiments.refresh()
    assert (await ready.command("abAssign")).strategy == ready.app.strategy_for("")


async def test_a_stopped_test_gives_the_setting_back(ready):
    await create(ready)
    await ready.command("abStop", test="rank")
    assert ready.app.upkeep.experiments._mine is None
    assert (await analysed(ready)).state == "stopped"
    with pytest.raises(UsageError, match="stopped already"):
        await ready.command("abStop", test="rank")


async def test_by_session_another_session_may_have_another_group(ready):
    await create(ready, unit="session")
    seen = set()
    for number in range(20):
        ready.app.session_id = f"s{number}"
        await ready.app.upkeep.experiments.refresh()
        seen.add(ready.app.strategy_for(""))
    assert seen == {"semantic", "workflow-aware"}


async def test_only_one_test_orders_suggestions(ready):
    await create(ready)
    with pytest.raises(UsageError, match="'rank' of the ranking is running"):
        await create(ready, "second")
    await create(ready, "other", control="old-model", treatment="new-model")


async def test_a_planted_difference_is_found_from_recorded_outcomes(session):
    await session.command("abCreate", name="x", control="a", treatment="b", min_sample_size=20)
    groups = {}
    for number in range(120):
        user = f"user-{number}"
        groups[user] = (await session.command("abAssign", test="x", user=user)).group
        is_good = groups[user] == "treatment" or number % 3 == 0
        for _ in range(2):
            await session.command(
                "abRecord", test="x", user=user, skill="s", completed=is_good, duration_seconds=4.0
            )
    result = await analysed(session, "x")
    assert result.winner == "b"
    assert result.message.startswith("x (a against b): use b.")
    assert result.summary["control_users"] == [*groups.values()].count("control")
    assert "| Work done |" in result.document
    stored = session.app.store.query(
        lambda db: db.execute("SELECT user_id FROM ab_test_assignments").fetchall(), []
    )
    assert not any("user-" in it[0] for it in stored)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.8])
def test_the_ratio_is_honoured_and_a_group_is_for_ever(share):
    groups = [group_of(7, f"user-{n}", share) for n in range(20_000)]
    assert groups == [group_of(7, f"user-{n}", share) for n in range(20_000)]
    assert groups.count("control") / 20_000 == pytest.approx(share, abs=0.012)
    other_test = [group_of(8, f"user-{n}", share) for n in range(20_000)]
    both = sum(a == b == "control" for a, b in zip(groups, other_test, strict=True))
    assert both / 20_000 == pytest.approx(share**2, abs=0.012)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 10_000},
        {"treatment": "semantic"},
        {"control_share": 1.0},
        {"control_share": float("nan")},
        {"min_sample_size": 2},
        {"metrics": ("clicks",)},
        {"metrics": ()},
        {"unit": "team"},
        {"end": "2020-01-01"},
        {"start": "tomorrow"},
    ],
)
async def test_bad_terms_are_refused_in_a_sentence(session: Session, wrong):
    params = ab_create.Params(**{"name": "x", **wrong})
    with pytest.raises(UsageError):
        await ab_create.op(session.app, params)
    assert not (await session.command("abList")).tests


async def test_a_use_counts_once_in_each_of_two_tests(session):
    for name in ("x", "y"):
        await session.command("abCreate", name=name, control="a", treatment="b")
    store, at = session.app.store, text.instant(session.clock.at)
    run = Invocation("s", session.clock.at.isoformat(), "s1", "")
    number = store.begin(run)
    for name in ("x", "y", "x"):
        test = store.query(lambda db, name=name: ab.named(db, name), None)
        result = ab.Result("s", True, 1.0, invocation_id=number)
        store.change(lambda db, test=test, result=result: ab.record(db, test, "u", result, at))
    listed = (await session.command("abList")).tests
    assert [it["control_outcomes"] + it["treatment_outcomes"] for it in listed] == [1, 1]


class Using(Meaning):
    """A search by meaning that says which model it has."""

    engine = ""


async def test_a_session_counts_for_the_model_that_it_was_given_once_that_is_there(ready):
    app = ready.app
    await compare_models(app, "old", "new")
    await app.upkeep.experiments.refresh()
    given = app.upkeep.experiments.model
    assert given in ("old", "new")
    app.knowledge.meaning = using = Using(app.folders.models, None, app.spawn)
    uri = ready.open("test_a.py")

    using.engine = "words"
    await pick(ready, uri)
    assert await counted(ready) == 0
    using.engine = given
    await pick(ready, uri)
    assert await counted(ready) == 1

    await stop_comparing_models(app)
    await app.upkeep.experiments.refresh()
    assert app.upkeep.experiments.model == ""


async def counted(session):
    (test,) = session.app.store.query(ab.summaries, ())
    return test["control_outcomes"] + test["treatment_outcomes"]
