"""What thin clients ask for: lists to pick from, next steps, the state, new skills; events of runs."""

import pytest

from skills_lsp.app.operations import new_skill, table
from skills_lsp.errors import UsageError
from tests.app.session import TEST, Session

PICKED = {"line": TEST.splitlines().index(next(it for it in TEST.splitlines() if "def " in it))}


async def test_the_suggested_stand_first_and_every_other_skill_of_the_language_follows(session):
    uri = session.open("tests/test_shop.py")
    await session.settle()
    choices = await session.command("choices", uri=uri, **PICKED)
    ranked = [it for it in choices.skills if it["rank"]]
    assert [it["rank"] for it in ranked] == list(range(1, len(ranked) + 1))
    assert choices.skills[: len(ranked)] == tuple(ranked)
    names = [it["name"] for it in choices.skills]
    assert len(names) == len(set(names))
    assert {"pytest-run", "ruff-format"} <= set(names)
    assert not {"eslint-check", "jest-run"} & set(names)
    assert session.app.offers.get(choices.offer).skills == tuple(it["name"] for it in ranked)


async def test_a_choice_tells_its_keys_and_its_last_result(session):
    session.skill("own-check", tool="true", args=())
    await session.app.reload_catalogue()
    await session.command("registerShortcut", skill="own-check", keys="ctrl+k ctrl+g x")
    session.client.answer = "Trust this folder"
    uri = session.open("shop.py")
    await session.run("own-check", uri)
    await session.settle()
    choices = await session.command("choices", uri=uri)
    own = next(it for it in choices.skills if it["name"] == "own-check")
    assert own["shortcut"] == "Ctrl+K Ctrl+G X"
    assert own["is_own_shortcut"]
    assert own["last"]["status"] == "passed"


async def test_without_a_document_every_skill_can_be_picked(session):
    choices = await session.command("choices")
    assert {it["name"] for it in choices.skills} >= {"pytest-run", "eslint-check"}
    assert choices.offer == ""


async def test_a_skill_is_no_next_step_of_itself_and_asking_moves_no_place(session):
    uri = session.open("tests/test_shop.py")
    await session.settle()
    await session.command("suggest", uri=uri, line=0)
    steps = await session.command("nextSteps", skill="pytest-run", uri=uri, **PICKED)
    assert steps.suggestions
    assert "pytest-run" not in {it["skill"] for it in steps.suggestions}
    assert session.app.last_place[1].line == 0


async def test_a_run_is_told_from_its_start_to_its_end_by_one_number(session):
    session.skill("loud", tool="echo", args=("hello",))
    await session.app.reload_catalogue()
    session.client.answer = "Trust this folder"
    uri = session.open("shop.py")
    for _ in range(2):
        await session.run("loud", uri)
    told = [(event, data) for event, data in session.client.notified if "run" in data]
    first = [event for event, data in told if data["run"] == 1]
    assert [first[0], first[-1]] == ["started", "finished"]
    assert {data["run"] for _, data in told} == {1, 2}
    started = next(data for event, data in told if event == "started")
    assert (started["skill"], started["uri"], started["command"]) == ("loud", uri, "echo hello")
    assert "hello" in "".join(data["text"] for event, data in told if event == "output")


async def test_one_of_two_runs_of_a_skill_is_stopped_by_its_number(session):
    session.skill("slow", tool="sleep", args=("60",))
    await session.app.reload_catalogue()
    session.client.answer = "Trust this folder"
    uri = session.open("shop.py")
    for _ in range(2):
        await session.command("run", skill="slow", uri=uri)
    state = await session.command("status")
    assert [it["run"] for it in state.running] == [1, 2]
    assert (await session.command("cancel", run=2)).cancelled == ("slow",)
    assert (await session.command("cancel", run=2, skill="other")).cancelled == ()
    await session.command("cancel")
    await session.settle()
    assert (await session.command("status")).running == ()


async def test_the_state_says_when_no_history_is_kept(session):
    assert (await session.command("status")).has_history
    store, session.app.store = session.app.store, None
    assert "No history is kept" in (await session.command("status")).message
    session.app.store = store


async def test_each_report_in_the_list_can_be_asked_for(session):
    listed = await session.command("listReports")
    commands = [it["command"] for it in listed.reports]
    assert "skills.report.history" in commands
    assert "skills.run" not in commands
    assert all(it["title"] and it["summary"] for it in listed.reports)
    assert commands[0] == "skills.report.overview"
    assert "| History" in listed.markdown()
    for it in listed.reports:
        assert hasattr(table()[it["command"]].module.Result, "markdown"), it["command"]


async def test_a_new_skill_is_written_once_and_opened(session):
    made = await new_skill.op(session.app, new_skill.Params("check-links"))
    assert [str(it) for it in session.client.opened] == [made.path]
    await session.app.reload_catalogue()
    assert "check-links" in session.app.knowledge.catalogue.by_name
    with pytest.raises(UsageError, match="exists already"):
        await new_skill.op(session.app, new_skill.Params("check-links"))


@pytest.mark.parametrize("name", ["", "../up", "Has Space"])
async def test_a_new_skill_needs_a_name_that_is_one(session, name):
    with pytest.raises(UsageError):
        await new_skill.op(session.app, new_skill.Params(name))


async def test_a_rating_is_kept_with_its_run_and_can_be_corrected(tmp_path):
    session = Session(tmp_path, database=str(tmp_path / "skills.db"))
    session.skill("loud", tool="echo", args=("hello",))
    await session.start()
    session.client.answer = "Trust this folder"
    done = await session.run("loud", session.open("shop.py"))
    for rating in (2.0, 5):
        said = await session.command("rate", invocation=done.invocation, rating=rating)
    assert said.message == "Rated 5 of 5."
    store = session.app.store
    kept = store.query(
        lambda db: db.execute("SELECT rating FROM skill_user_interactions").fetchall(), []
    )
    assert kept == [(5.0,)]
    await session.app.stop()


@pytest.mark.parametrize(("invocation", "rating"), [(0, 3), (999, 3), (1, 0), (1, 5.5)])
async def test_what_cannot_be_rated_is_told(session, invocation, rating):
    with pytest.raises(UsageError):
        await session.command("rate", invocation=invocation, rating=rating)
