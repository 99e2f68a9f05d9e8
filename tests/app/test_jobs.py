"""Runs: so many at a time, and each can be stopped, whether it runs or waits."""

import asyncio
from dataclasses import replace

import pytest

from skills_lsp.app.jobs import Jobs
from tests.app.session import Session, until


@pytest.fixture
async def uri(session: Session) -> str:
    """A project with a skill that takes for ever and one that is done at once."""
    session.skill("slow", tool="sleep", args=("30",))
    session.skill("quick")
    await session.app.reload_catalogue()
    trusted = replace(session.app.settings, workspace_trusted=True, max_parallel_runs=1)
    session.app.configure(trusted)
    return session.open("test_a.py")


async def statuses(session: Session) -> dict[str, str]:
    found = (await session.command("history")).invocations
    return {it["skill_name"]: it["status"] for it in found}


async def start(session: Session, skill: str, uri: str) -> None:
    assert (await session.command("run", skill=skill, uri=uri)).status == "started"


async def until_shown(session: Session, n_progresses: int) -> None:
    await until(lambda: len(session.client.progresses) == n_progresses)


async def test_no_more_run_at_a_time_than_the_setting_says(session, uri):
    await start(session, "slow", uri)
    await until_shown(session, 1)
    await start(session, "quick", uri)
    await until_shown(session, 2)
    assert await statuses(session) == {"slow": "running", "quick": "running"}
    assert not session.has_run
    session.client.progresses[0].cancel()
    await session.settle()
    assert session.has_run
    assert await statuses(session) == {"slow": "cancelled", "quick": "passed"}


async def test_what_waits_can_be_cancelled(session, uri):
    await start(session, "slow", uri)
    await until_shown(session, 1)
    await start(session, "quick", uri)
    await until_shown(session, 2)
    session.client.progresses[1].cancel()
    await until(lambda: session.client.progresses[1].ended)
    assert session.client.progresses[1].ended == "quick: cancelled"
    assert not session.client.progresses[0].ended
    await session.command("cancel")
    await session.settle()
    assert not session.has_run
    assert await statuses(session) == {"slow": "cancelled", "quick": "cancelled"}


async def test_a_higher_limit_lets_the_next_one_run(session, uri):
    await start(session, "slow", uri)
    await until_shown(session, 1)
    session.app.configure(replace(session.app.settings, max_parallel_runs=2))
    assert (await session.run("quick", uri)).status == "passed"
    await session.command("cancel")
    await session.settle()


async def test_cancel_stops_those_of_one_name(session, uri):
    session.app.configure(replace(session.app.settings, max_parallel_runs=3))
    await start(session, "slow", uri)
    await start(session, "slow", uri)
    await until_shown(session, 2)
    assert (await session.command("cancel", skill="quick")).message == "Nothing is running."
    assert (await session.command("cancel", skill="slow")).cancelled == ("slow", "slow")
    await session.settle()
    assert session.app.jobs.all == []


async def test_a_run_that_is_waited_for_can_be_cancelled_as_well(session, uri):
    run = asyncio.create_task(session.run("slow", uri))
    await until_shown(session, 1)
    assert (await session.command("cancel")).cancelled == ("slow",)
    result = await run
    assert (result.status, result.message) == ("cancelled", "cancelled")
    assert await statuses(session) == {"slow": "cancelled"}


async def test_who_no_longer_waits_has_cancelled(session, uri):
    run = asyncio.create_task(session.run("slow", uri))
    await until_shown(session, 1)
    run.cancel()
    await session.settle()
    assert await statuses(session) == {"slow": "cancelled"}


async def test_the_end_of_the_server_is_the_end_of_its_runs(tmp_path):
    session = await Session(tmp_path, database=str(tmp_path / "skills.db")).start()
    session.skill("slow", tool="sleep", args=("30",))
    await session.app.reload_catalogue()
    session.app.configure(replace(session.app.settings, workspace_trusted=True))
    uri = session.open("test_a.py")
    waited = asyncio.create_task(session.run("slow", uri))
    await start(session, "slow", uri)
    await until_shown(session, 2)
    await session.app.stop()
    assert (await waited).status == "cancelled"
    again = await Session(tmp_path, database=str(tmp_path / "skills.db")).start()
    found = (await again.command("history")).invocations
    assert [it["status"] for it in found] == ["cancelled", "cancelled"]
    await again.app.stop()


async def test_a_job_that_has_ended_is_forgotten():
    jobs = Jobs(0)  # a limit below one would let nothing run ever
    async with jobs.places:
        job = jobs.start("a", "A", asyncio.sleep(0))
        assert jobs.all == [job]
    await job.task
    await asyncio.sleep(0)
    assert jobs.all == []


async def test_running_again_without_a_run_says_so(session):
    with pytest.raises(Exception, match="Nothing was run in this session yet"):
        await session.command("rerunLast")
