"""Search: by words without a model, by both with one, and nothing for what fits nothing."""

import pytest

from skills_lsp.app.operations import search
from skills_lsp.domain.invocation import Invocation, Outcome, Status
from skills_lsp.errors import UsageError


async def test_without_a_model_words_answer(session):
    result = await search.op(session.app, search.Params("pytest coverage report"))
    assert result.engine == "words"
    assert result.skills[0]["name"] in {"pytest-coverage", "coverage-report"}
    assert result.skills[0]["score"] == 1.0


async def test_what_fits_nothing_finds_nothing(session):
    result = await search.op(session.app, search.Params("xqzt blorp"))
    assert result.skills == ()
    assert result.message == "No skill fits; searched by words."


async def test_the_limit_and_the_language_hold(session):
    result = await search.op(
        session.app, search.Params("run the tests", limit=3, language="typescript")
    )
    assert len(result.skills) == 3
    assert all(not it["languages"] or "typescript" in it["languages"] for it in result.skills)


@pytest.mark.parametrize(
    ("params", "slug"),
    [
        (search.Params("  "), "no-query"),
        (search.Params("tests", phase="breakfast"), "bad-phase"),
        (search.Params("tests", limit=0), "bad-limit"),
    ],
)
async def test_bad_input_is_told(session, params, slug):
    with pytest.raises(UsageError) as told:
        await search.op(session.app, params)
    assert told.value.slug == slug


@pytest.mark.parametrize(
    "query", ["x" * 1_000_000, "\N{GRINNING FACE}" * 500, "a\0b" * 100, "\ud800"]
)
async def test_any_text_is_a_query(session, query):
    result = await search.op(session.app, search.Params(query))
    assert isinstance(result.skills, tuple)


async def test_skills_of_the_phase_come_first(session):
    plain = await search.op(session.app, search.Params("ruff", limit=20))
    phased = await search.op(session.app, search.Params("ruff", limit=20, phase="verification"))
    assert {it["name"] for it in plain.skills} == {it["name"] for it in phased.skills}
    assert phased.skills[0]["phase"] == "verification"


async def test_one_that_failed_in_the_phase_stands_below_one_never_used(session):
    first, second, *_ = (
        await search.op(session.app, search.Params("import order sort", phase="verification"))
    ).skills

    def fail(store):
        for _ in range(20):
            at = session.app.now().isoformat()
            number = store.begin(Invocation(first["name"], at, "s", "verification"))
            store.finish(number, Outcome(Status.ERROR, "", 1.0))

    await session.app.stored(fail, None)
    after = (
        await search.op(session.app, search.Params("import order sort", phase="verification"))
    ).skills
    scores = {it["name"]: it["score"] for it in after}
    assert scores[first["name"]] < first["score"]
    assert scores[second["name"]] == second["score"]
