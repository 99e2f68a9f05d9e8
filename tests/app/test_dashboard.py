"""What the dashboard draws, beside the reports and a count of the runs; and what it is told of."""

import asyncio
import json
from collections import Counter
from datetime import timedelta

import pytest
import pytest_asyncio

from skills_lsp.app.dashboard import ALLOWED, News, ask
from skills_lsp.app.operations import table
from skills_lsp.domain.invocation import Invocation
from skills_lsp.errors import UsageError
from skills_lsp.store import Store, usage
from skills_lsp.store.text import instant
from skills_lsp.store.usage import Filters
from tests.app.planted import UNTIL, history, session_over
from tests.app.session import Session

pytestmark = pytest.mark.asyncio(loop_scope="module")

SKILL, PROJECT = "pytest-run", "shop"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def planted(tmp_path_factory):
    async with session_over(tmp_path_factory.mktemp("dashboard"), history(n_rows=3_000)[0]) as it:
        yield it


async def dashboard(session: Session, **filters):
    return await session.command("dashboard", timezone="UTC", **filters)


def counted(session: Session, n_days: int = 30, **filters: str) -> list[Invocation]:
    since = instant((UNTIL - timedelta(days=n_days - 1)).replace(hour=0, minute=0))
    wanted = Filters(since=since, **filters)
    return [*session.app.store.query(lambda db: usage.history(db, wanted, 100_000), ())]


@pytest.mark.parametrize(
    "filters", [{}, {"skill": SKILL}, {"project": PROJECT}, {"skill": SKILL, "project": PROJECT}]
)
async def test_each_filter_counts_what_the_history_has(planted, filters):
    found = await dashboard(planted, **filters)
    runs = counted(planted, **filters)
    assert (found.n_uses, found.n_completed) == (len(runs), sum(it.completed for it in runs))
    assert sum(found.by_day["n_uses"]) == sum(map(sum, found.clock)) == len(runs)
    days = Counter(it.invoked_at[:10] for it in runs)
    assert list(found.by_day["n_uses"]) == [days[date] for date in found.dates]
    by_phase = Counter((it.skill_name, it.workflow_phase) for it in runs)
    assert {(it["skill"], it["phase"]): it["n_uses"] for it in found.phases} == by_phase
    hours = Counter(it.invoked_at[:13] for it in runs)
    assert [it["n_uses"] for it in found.last_hours] == [
        hours[it["at"][:13]] for it in found.last_hours
    ]
    assert [it["id"] for it in found.latest] == [it.id for it in runs[: len(found.latest)]]


async def test_the_latest_runs_are_those_of_the_time(planted):
    today = (await dashboard(planted, skill=SKILL, n_days=1)).latest
    assert [it["id"] for it in today] == [it.id for it in counted(planted, 1, skill=SKILL)]


async def test_it_agrees_with_the_reports(planted):
    found = await dashboard(planted)
    heat = await planted.command("report.heatmap", timezone="UTC")
    assert found.clock == heat.hours
    overview = await planted.command("report.overview", n_days=30)
    assert (found.n_uses, found.n_completed / found.n_ended) == (
        overview.n_uses,
        overview.completion_rate,
    )
    most = {it["skill"]: it["n_uses"] for it in found.by_skill[:10]}
    assert most == {it["skill"]: it["n_uses"] for it in overview.skills[:10]}
    days = {it["skill"]: list(it["days"]) for it in overview.skills}
    assert all(list(it["days"]["n_uses"]) == days[it["skill"]] for it in found.by_skill)


async def test_hours_are_those_of_the_zone(planted):
    there = await planted.command("dashboard", timezone="Asia/Kolkata")  # half an hour off
    here = await dashboard(planted)
    assert sum(map(sum, there.clock)) == sum(map(sum, here.clock))
    assert there.clock != here.clock
    with pytest.raises(UsageError, match="no time zone"):
        await planted.command("dashboard", timezone="Nowhere/At-all")


async def test_an_unknown_name_says_what_to_do(planted):
    found = await dashboard(planted, project="no-such")
    assert found.n_uses == 0
    assert "Choose a longer time" in found.message
    assert found.projects  # to choose from


async def test_without_a_history_it_says_what_to_do(tmp_path):
    async with session_over(tmp_path) as session:
        found = await dashboard(session)
    assert found.message.startswith("Nothing has been recorded yet: pick a skill")
    assert found.by_day["n_uses"] == (0,) * 30


async def test_a_year_of_many_skills_stays_small(planted):
    answer = await ask(planted.app, "skills.dashboard", {"n_days": 365})
    assert len(json.dumps(answer)) < 200_000


async def test_a_page_may_read_and_nothing_else(planted):
    for command in table():
        if command not in ALLOWED:
            with pytest.raises(UsageError, match="may not call"):
                await ask(planted.app, command, {})
    for command in ALLOWED:
        assert "document" not in await ask(planted.app, command, {})
    with pytest.raises(UsageError, match="Did you mean 'skill'"):
        await ask(planted.app, "skills.dashboard", {"skil": "x"})


async def test_a_run_of_another_process_is_told_and_a_scan_of_ours_is_not(tmp_path):
    async with session_over(tmp_path, history(n_rows=200)[0]) as session:
        said: asyncio.Queue[str] = asyncio.Queue()
        news = News(session.app)
        news.subscribe(said.put_nowait)
        try:
            await asyncio.sleep(0)
            await session.app.stored(lambda store: store.query(usage.first_date, ""), "")
            other = Store.open(session.folder / "skills.db", now=lambda: UNTIL)
            begun = other.begin(Invocation(SKILL, instant(UNTIL), "s", "execution"))
            async with asyncio.timeout(60):
                assert json.loads(await said.get()) == {"new": ["runs"]}
                await session.command("report.anomalies")  # writes when it looked
                other.close()  # takes back what it began: the run was interrupted
                assert "runs" in json.loads(await said.get())["new"]
            assert begun
        finally:
            news.unsubscribe(said.put_nowait)
            news.stop()
