"""What goes with what, users who are alike, groups, the taxonomy: on planted histories."""

import random
from dataclasses import replace

import pytest
import pytest_asyncio

from skills_lsp.domain.invocation import Invocation, Outcome, Status
from skills_lsp.errors import UsageError
from skills_lsp.skills import builtin
from skills_lsp.store import users
from tests.app.planted import history, session_over, shuffled

pytestmark = pytest.mark.asyncio(loop_scope="module")
N_ROWS = 5_000
TASTES = {
    "tester": ("pytest-run", "pytest-file", "pytest-coverage", "coverage-report", "pytest-all"),
    "writer": ("doc-generate", "explain-code", "codespell-check", "sphinx-build", "mkdocs-build"),
}
KEY = b"key"


@pytest.fixture(scope="module")
def made():
    return history(n_rows=N_ROWS)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def planted(made, tmp_path_factory):
    async with session_over(tmp_path_factory.mktemp("planted"), made[0]) as session:
        yield session


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def team(tmp_path_factory):
    """Twelve users of two tastes, each with five uses or more."""
    rng, uses = random.Random(5), []
    like = replace(history(n_rows=100)[0][0])
    for number in range(12):
        taste = TASTES["tester" if number % 2 else "writer"]
        for skill in (*rng.sample(taste, 4), "git-diff", rng.choice(["git-status", "mypy-check"])):
            invocation = replace(
                like.invocation, skill_name=skill, status=Status.PASSED, completed=True
            )
            uses.append(replace(like, invocation=invocation, user=f"user-{number}"))
    async with session_over(tmp_path_factory.mktemp("team"), uses) as session:
        yield session


async def test_planted_habits_lead_to_each_other_and_nothing_else_does(planted, made):
    result = await planted.command("report.dependencies", limit=1_000)
    told = {(it["first"], it["second"]) for it in result.dependencies if it["kind"] == "leads-to"}
    assert told == {(it["first"], it["then"]) for it in made[1]["dependencies"]}
    assert result.n_pending == 0
    assert result.message in result.document.replace("\\", "")


async def test_what_is_known_beforehand_is_shown_until_use_says_it(planted):
    result = await planted.command("report.dependencies", skill="ruff-check")
    known = {(it["first"], it["second"]) for it in result.known}
    assert ("ruff-check", "ruff-fix") in known
    assert not any("pytest-run" in it for it in known)
    everything = await planted.command("report.dependencies")
    assert "package-build" not in {it["first"] for it in everything.known}


async def test_where_no_habit_is_planted_nothing_leads_to_anything(tmp_path):
    uses, _ = history(2, is_planted=False, n_rows=N_ROWS)
    async with session_over(tmp_path, uses) as session:
        result = await session.command("report.dependencies", limit=1_000)
    assert not [it for it in result.dependencies if it["kind"] == "leads-to"]


async def test_the_order_of_arrival_does_not_matter(planted, made, tmp_path):
    async with session_over(tmp_path, shuffled(made[0])) as session:
        for name in ("dependencies", "taxonomy", "clusters"):
            other = await session.command(f"report.{name}")
            assert other.document == (await planted.command(f"report.{name}")).document


async def test_a_run_is_counted_when_it_has_ended(session):
    for minute, skill in enumerate(("ruff-check", "mypy-check")):
        at = session.clock.at.isoformat()
        run = Invocation(skill, at, "s1", "verification")
        number = session.app.store.begin(run)
        session.app.store.finish(number, Outcome(Status.PASSED, "", 1.0 + minute))
        session.clock.move(60)
    result = await session.command("report.dependencies")
    assert (result.n_sessions, result.n_pairs) == (1, 1)


async def test_users_of_one_taste_are_alike_and_recommend_what_is_lacking(team):
    user = users.user_id(KEY, "user-1")
    own = set(team.app.store.query(lambda db: users.skills_of(db, user), ()))
    result = await team.command("report.similarUsers", user=user, min_common=3)
    assert result.n_others == 11
    assert all(it["common"] >= 3 for it in result.users)
    assert "user" not in result.users[0]
    lacking = {*TASTES["tester"]} - own
    found = await team.command("report.recommendedByOthers", user=user)
    assert lacking <= {it["skill"] for it in found.skills}
    assert not {it["skill"] for it in found.skills} & own
    assert found.skills[0]["skill"] in lacking


async def test_who_has_used_nothing_sees_what_is_used_most(team):
    found = await team.command("report.recommendedByOthers", user="a newcomer")
    assert found.skills[0]["skill"] == "git-diff"
    assert all(it["n_users"] >= 5 for it in found.skills)


async def test_nothing_is_shown_about_few_others(session, team):
    for name in ("similarUsers", "recommendedByOthers"):
        result = await session.command(f"report.{name}")
        assert "until at least 5 of them" in result.document
        with pytest.raises(UsageError, match="5 or more"):
            await session.command(f"report.{name}", min_group=2)
        more = await team.command(f"report.{name}", min_group=20)
        assert "until at least 20 of them" in more.message


async def test_no_name_of_a_user_is_stored_or_shown(team):
    result = await team.command("report.similarUsers", user=users.user_id(KEY, "user-1"))
    assert "user-" not in result.document
    stored = team.app.store.query(
        lambda db: db.execute("SELECT DISTINCT user_id FROM skill_user_metrics").fetchall(), []
    )
    assert not any("user" in it[0] for it in stored)


async def test_groups_are_kept_and_named_by_a_member(planted):
    result = await planted.command("report.clusters")
    for it in result.clusters:
        assert it["name"] == it["members"][0][0]
    stored = planted.app.store.query(
        lambda db: db.execute(
            "SELECT cluster_name, count(*) FROM skill_clusters"
            " JOIN skill_cluster_membership USING (cluster_id) GROUP BY cluster_id"
        ).fetchall(),
        [],
    )
    assert dict(stored) == {it["name"]: len(it["members"]) for it in result.clusters}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(planted.app.analyst(), "ask", _no_answer)
        kept = await planted.command("report.clusters")
        assert [it["name"] for it in kept.clusters] == [it["name"] for it in result.clusters]
        assert "these are the groups as of 2026-03-04 15:20" in kept.message
        alike = await planted.command("report.similarUsers", user=users.user_id(KEY, "user-01"))
        assert "the arithmetic" in alike.message
    by_use = await planted.command("report.clusters", by="use")
    assert any("vitest-run" in dict(it["members"]) for it in by_use.clusters)


async def test_the_taxonomy_has_every_builtin_skill_and_can_be_browsed(planted):
    result = await planted.command("report.taxonomy")
    assert {it.name for it in builtin().skills} <= {it["skill"] for it in result.skills}
    used = next(it for it in result.skills if it["skill"] == "pytest-run")
    assert used["n_uses"] > 100
    some = await planted.command("report.taxonomy", modality="deployment")
    assert {it["modality"] for it in some.skills} == {"deployment"}
    with pytest.raises(UsageError, match="code, testing, documentation, deployment"):
        await planted.command("report.taxonomy", modality="music")


async def _no_answer(*_: object) -> None:
    return None
