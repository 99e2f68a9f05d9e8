"""A report of one project is the report of a history that has nothing else."""

import pytest
import pytest_asyncio

from skills_lsp.app.operations import ab_create, ab_stop
from tests.app.planted import history, session_over

pytestmark = pytest.mark.asyncio(loop_scope="module")

PROJECT, SKILL = "search", "pytest-run"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def both(tmp_path_factory):
    """Yield an application over a history, and one over what a project has of it."""
    uses, _ = history(n_rows=6_000)
    own = [it for it in uses if it.invocation.project == PROJECT]
    assert 500 < len(own) < len(uses) / 2
    folder = tmp_path_factory.mktemp
    async with session_over(folder("all"), uses) as all_, session_over(folder("own"), own) as alone:
        yield all_, alone


async def ask(both, name: str, /, without: tuple[str, ...] = (), **arguments):
    """Return what both answer, without their sentences, which name the project, and their pages."""
    of_all = await both[0].command(name, project=PROJECT, **arguments)
    alone = await both[1].command(name, **arguments)
    leave = {"message", "document", "charts", *without}
    names = [it for it in alone.__dataclass_fields__ if it not in leave]
    return [{it: rounded(getattr(found, it)) for it in names} for found in (of_all, alone)]


def rounded(value):
    """Return a value without the last digits, which depend on the order of adding up."""
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, dict):
        return {key: rounded(it) for key, it in value.items()}
    return [*map(rounded, value)] if isinstance(value, list | tuple) else value


@pytest.mark.parametrize("name", ["", SKILL])
async def test_trends(both, name):
    found, alone = await ask(both, "report.trend", name=name, n_days=60)
    assert found == alone
    assert any(it["verdict"] != "too-little-data" for it in found["trends"])
    if name:
        assert found["durations"]["p50_seconds"] > 0
        assert found["hours"]
    told = await both[0].command("report.trend", project=PROJECT, n_days=60)
    assert f"in {PROJECT}" in told.message


async def test_anomalies(both):
    found, alone = await ask(both, "report.anomalies", without=("anomalies", "over"))
    assert found == alone
    assert found["n_tests"]
    names = ("skill", "metric", "way", "usual", "seen", "z")
    of_both = [
        [tuple(it[name] for name in names) for it in answer.anomalies]
        for answer in (
            await both[0].command("report.anomalies", project=PROJECT),
            await both[1].command("report.anomalies"),
        )
    ]
    assert sorted(of_both[0]) == sorted(of_both[1])


async def test_what_a_project_has_unusual_is_not_kept(both):
    before = await both[0].command("report.anomalies")
    await both[0].command("report.anomalies", project=PROJECT)
    after = await both[0].command("report.anomalies")
    assert [it["id"] for it in before.anomalies] == [it["id"] for it in after.anomalies]
    assert before.over == after.over


async def test_what_is_unusual_about_one_skill(both):
    every = await both[0].command("report.anomalies")
    skill = every.anomalies[0]["skill"]
    one = await both[0].command("report.anomalies", skill=skill)
    assert one.anomalies == tuple(it for it in every.anomalies if it["skill"] == skill)
    rare = await both[0].command("report.anomalies", skill="no-such")
    assert rare.message.startswith("There is too little to tell: no-such needs 10 runs")
    quiet = {it["skill"] for it in (await both[0].command("report.overview")).skills}
    calm = (quiet - {it["skill"] for it in every.anomalies}).pop()
    assert calm in (await both[0].command("report.anomalies", skill=calm)).message


@pytest.mark.parametrize("skill", ["", SKILL])
async def test_what_follows_what(both, skill):
    found, alone = await ask(both, "report.dependencies", skill=skill, limit=1_000)
    assert found == alone
    assert found["n_sessions"] > 50
    told = await both[0].command("report.dependencies", project=PROJECT)
    assert f"sessions in {PROJECT}" in told.message


async def test_a_project_that_nobody_knows_has_nothing(both):
    for name in ("trend", "anomalies", "dependencies", "learning"):
        found = await both[0].command(f"report.{name}", project="no-such")
        assert "None" not in found.message
    assert "in no-such" in (await both[0].command("report.dependencies", project="no-such")).message


async def test_every_test_is_named_beside_the_one_that_is_analysed(tmp_path):
    async with session_over(tmp_path) as session:
        assert (await session.command("report.ab")).tests == ()
        await ab_create.op(session.app, ab_create.Params("first"))
        await ab_stop.op(session.app, ab_stop.Params("first"))
        await ab_create.op(session.app, ab_create.Params("second"))
        newest = await session.command("report.ab")
        assert newest.test == "second"
        assert newest.tests == (
            {"test": "second", "state": "running"},
            {"test": "first", "state": "stopped"},
        )
        assert (await session.command("report.ab", test="first")).test == "first"
        assert "There are other tests: first." in newest.document
