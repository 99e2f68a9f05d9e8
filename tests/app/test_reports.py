"""Reports find what was planted, and nothing where nothing was."""

import dataclasses
import json

import pytest
import pytest_asyncio

from skills_lsp.app import anomalies as watching
from skills_lsp.app import exporting
from skills_lsp.app.plain import plain
from skills_lsp.errors import StoreError, UsageError
from skills_lsp.store import usage
from tests.app.planted import N_ROWS, REPORTS, UNTIL, history, session_over, shuffled

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def made():
    return history()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def planted(made, tmp_path_factory):
    async with session_over(tmp_path_factory.mktemp("planted"), made[0]) as session:
        yield session


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def steady(tmp_path_factory):
    uses, _ = history(2, is_planted=False)
    async with session_over(tmp_path_factory.mktemp("steady"), uses) as session:
        yield session


async def test_every_planted_trend_is_told_and_no_other(planted, made):
    result = await planted.command("report.trend", n_days=60)
    told = {
        (it["skill"], it["metric"], it["verdict"])
        for it in result.trends
        if it["verdict"] in ("improving", "declining")
    }
    truth = {(it["skill"], it["metric"], it["verdict"]) for it in made[1]["trends"]}
    assert told == truth
    slower = next(
        it for it in result.trends if it["skill"] == "tsc-check" and it["metric"] == "duration"
    )
    assert slower["low"] > 0
    assert 0.6 < slower["change"] < 1.2  # planted: +90 %
    assert "worse: " in result.message
    assert "used less: jest-run" in result.message


async def test_one_skill_has_its_percentiles_and_its_last_day(planted):
    result = await planted.command("report.trend", name="vitest-run")
    assert result.durations["p50_seconds"] < result.durations["p95_seconds"]
    assert sum(it["n_uses"] for it in result.hours) > 0
    assert "hour by hour" in result.document


async def test_every_planted_anomaly_is_found_and_no_other(planted, made):
    result = await planted.command("report.anomalies")
    names = {"success": "completion_rate", "duration": "duration", "use": "uses"}
    truth = {
        (it["skill"], names[it["kind"].split("-")[0]], it["kind"].split("-")[1])
        for it in made[1]["anomalies"]
    }
    assert {(it["skill"], it["metric"], it["way"]) for it in result.anomalies} == truth
    assert len({it["incident_id"] for it in result.anomalies}) == 1


async def test_an_anomaly_goes_on_while_it_is_seen_and_is_over_when_it_is_not(planted):
    first = await planted.command("report.anomalies")
    again = await planted.command("report.anomalies")
    assert [it["id"] for it in first.anomalies] == [it["id"] for it in again.anomalies]
    other = await planted.command("report.anomalies", threshold=10.0)
    assert other.anomalies == ()
    assert (await planted.command("report.anomalies")).anomalies  # ten is not kept
    planted.clock.move(2 * 86_400)
    try:
        over = await planted.command("report.anomalies")
    finally:
        planted.clock.move(-2 * 86_400)
    gone = {it["id"] for it in over.over}
    assert {it["id"] for it in first.anomalies} <= gone
    assert "## Over" in over.document


async def test_what_nobody_uses_any_more_is_no_longer_unusual(planted):
    assert (await planted.command("report.anomalies")).anomalies
    planted.clock.move(60 * 86_400)
    try:
        late = await planted.command("report.anomalies")
    finally:
        planted.clock.move(-60 * 86_400)
    assert (late.anomalies, late.n_tests) == ((), 0)


async def test_an_export_that_breaks_off_is_an_error_and_leaves_no_file(
    planted, monkeypatch, tmp_path
):
    monkeypatch.setattr(exporting, "BATCH", 5_000)
    whole = usage.batch

    def broken(db, wanted, last, size):
        if last:
            raise OSError("the disk is gone")
        return whole(db, wanted, last, size)

    monkeypatch.setattr(usage, "batch", broken)
    with pytest.raises(StoreError, match="could not be read to its end"):
        await planted.command("report.export", path=str(tmp_path / "all.json"))
    assert not [*tmp_path.iterdir()]


async def test_the_server_looks_by_itself_and_tells_who_listens(planted, monkeypatch):
    monkeypatch.setattr(watching, "EVERY_SECONDS", 3600.0)
    planted.client.notified.clear()
    await planted.app.stored(
        lambda store: store.change(lambda db: db.execute("DELETE FROM skill_anomalies")), None
    )
    task = planted.app.spawn(watching.watch(planted.app))
    assert task is None
    while not planted.client.notified:
        await watching.asyncio.sleep(0.01)
    (event, data) = planted.client.notified[0]
    assert (event, {it["skill"] for it in data["opened"]}) == (
        "anomalies",
        {"mypy-check", "vitest-run", "npm-audit"},
    )


async def test_the_planted_bottleneck_is_the_only_one(planted, made):
    result = await planted.command("report.workflow")
    assert [(it["skill"], it["phase"]) for it in result.bottlenecks] == [
        (it["skill"], it["phase"]) for it in made[1]["bottlenecks"]
    ]
    n_uses = sum(it["n_uses"] for it in result.phases)
    assert n_uses == (await planted.command("report.overview", n_days=30)).n_uses


async def test_the_overview_tells_what_moves_far_and_what_was_saved(planted):
    result = await planted.command("report.overview", n_days=28)
    assert result.falling == ("jest-run",)
    assert "refactoring-agent" in result.rising
    n_lost = round(result.n_uses * (1 - result.completion_rate))
    assert result.saved_seconds == pytest.approx(9.5 * (result.n_uses - n_lost) - 2.5 * n_lost)
    assert "An estimate, not a measurement" in result.document


async def test_a_session_is_the_latest_when_this_one_is_empty(planted, made):
    result = await planted.command("report.session")
    assert result.session == made[0][-1].invocation.session_id
    assert result.summary["n_runs"] >= 1
    assert len(result.others) == 5
    assert all(it["session_id"] in result.document for it in result.others)
    nobody = await planted.command("report.session", session="nobody")
    assert "Nothing was run in a session of that id" in nobody.message


async def test_a_habit_shows_beside_its_skill(planted):
    result = await planted.command("report.skill", name="ruff-format", n_days=60)
    after = [(name, n) for name, way, n in result.skill["neighbours"] if way == "after"]
    assert after[0][0] == "ruff-check"
    assert after[0][1] > 0.5 * sum(n for _, n in after)


async def test_baselines_are_of_groups_that_are_large_enough(planted):
    result = await planted.command("report.baselines")
    assert result.n_users == 30
    assert all(it["n_users"] >= 5 for it in result.skills)
    assert {0 <= it["percentile"] <= 100 for it in result.skills} == {True}
    many = await planted.command("report.baselines", least_users=29)
    assert {it["n_users"] for it in many.skills} <= {29, 30}
    with pytest.raises(UsageError, match="at least 5"):
        await planted.command("report.baselines", least_users=1)


async def test_hours_are_those_of_the_named_clock(planted):
    there = await planted.command("report.heatmap", timezone="Asia/Tokyo", n_days=61)
    here = await planted.command("report.heatmap", timezone="UTC", n_days=61)
    assert sum(map(sum, there.hours)) == sum(map(sum, here.hours)) == N_ROWS
    assert [row[9] for row in here.hours][:4] == [row[18] for row in there.hours][:4]
    assert "Asia/Tokyo, UTC+09:00" in there.document


async def test_where_nothing_was_planted_nothing_is_found(steady):
    trend = await steady.command("report.trend", n_days=60)
    assert {it["verdict"] for it in trend.trends} <= {"stable", "too-little-data"}
    assert (await steady.command("report.anomalies")).anomalies == ()
    assert (await steady.command("report.workflow")).bottlenecks == ()
    overview = await steady.command("report.overview", n_days=28)
    assert (overview.rising, overview.falling) == ((), ())


async def test_the_order_of_arrival_changes_no_report(planted, made, tmp_path):
    async with session_over(tmp_path, shuffled(made[0])) as other:
        for name in REPORTS:
            if name != "report.export":  # writes in the order of recording, on purpose
                one, two = [await it.command(name) for it in (planted, other)]
                assert _comparable(one) == _comparable(two), name


def _comparable(result):
    data = plain(result)
    for secret in ("document", "message"):  # say when it was noticed
        data.pop(secret)
    return json.loads(
        json.dumps(data), object_hook=lambda it: {k: v for k, v in it.items() if k not in _OWN}
    )


_OWN = {"id", "incident_id", "detected_at", "last_seen_at"}


async def test_without_the_arithmetic_there_is_a_sentence(planted, monkeypatch):
    class Gone:
        async def ask(self, _question, _asked):
            return None

    monkeypatch.setattr(planted.app, "analyst", Gone)
    for name in ("report.trend", "report.anomalies"):
        result = await planted.command(name)
        assert "the arithmetic gave no answer" in result.document
    assert (await planted.command("report.trend")).charts


@pytest.mark.parametrize("name", REPORTS)
async def test_a_report_has_a_sentence_charts_and_a_page(planted, name):
    result = await planted.command(name)
    assert result.message
    for chart in result.charts:
        assert set(chart) == {"kind", "title", "labels", "series", "unit"}
        assert all(len(it["values"]) == len(chart["labels"]) for it in chart["series"])
    assert result.markdown().startswith("# ")
    assert result.markdown().endswith("\n")
    json.dumps(plain(result), allow_nan=False)


@pytest.mark.parametrize("name", REPORTS)
async def test_without_a_history_a_report_says_so_and_what_to_do(tmp_path, name):
    async with session_over(tmp_path) as session:
        result = await session.command(name)
    page = result.markdown()
    assert page.startswith("# ")
    assert len(page.split()) > 8
    assert "None" not in page
    assert "nan" not in page.split()


WRONG = [
    ("report.overview", {"n_days": 0}, "n_days must be 1 to 3,660, not 0"),
    ("report.overview", {"limit": 0}, "limit must be at least 1"),
    ("report.workflow", {"n_days": 10**9}, "n_days must be 1 to 3,660"),
    ("report.heatmap", {"timezone": "Middle/Earth"}, "no time zone 'Middle/Earth'"),
    ("report.heatmap", {"timezone": "../etc/passwd"}, "no time zone"),
    ("report.skill", {"name": "pytest-rum"}, "Did you mean pytest-run?"),
    ("report.trend", {"name": "x" * 10_000}, "There is no skill 'xxx"),
    ("report.history", {"since": "yesterdays"}, "since is no time"),
    ("report.history", {"status": "great"}, "no status 'great'"),
    ("report.anomalies", {"threshold": 0.1}, "threshold must be 1 to 10"),
    ("report.export", {"format": "xml"}, "no format 'xml'"),
    ("report.export", {"path": "no/such/folder/x.json"}, "cannot be written: No such file"),
]


@pytest.mark.parametrize(("name", "arguments", "sentence"), WRONG)
async def test_what_is_wrong_is_told_in_a_sentence(planted, name, arguments, sentence):
    with pytest.raises(UsageError) as raised:
        await planted.command(name, **arguments)
    assert sentence in str(raised.value)
    assert len(str(raised.value)) < 300


async def test_the_time_of_a_report_ends_today(planted, made):
    uses = made[0]
    late = sum(it.invocation.invoked_at >= "2026-03-04" for it in uses)
    one_day = await planted.command("report.overview", n_days=1)
    assert one_day.n_uses == late
    assert dataclasses.asdict(one_day)["skills"][0]["days"] == (one_day.skills[0]["n_uses"],)
    assert UNTIL.isoformat() > max(it.invocation.invoked_at for it in uses)
