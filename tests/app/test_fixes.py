"""What the application learns by itself from runs: what was reported, what was tried, what helped."""

import sys
from dataclasses import replace

import pytest

from skills_lsp.app.meaning import Meaning
from skills_lsp.domain.fix import Advice
from skills_lsp.errors import UsageError
from skills_lsp.ide.fixes import fixes
from tests.app.session import Session
from tests.ml.conftest import model

__all__ = ["model"]  # the fixture

# A check that finds "bad" in a file, and a fixer that takes it out, or does not.
CHECK = """\
import sys
path = sys.argv[1]
found = [n for n, line in enumerate(open(path), 1) if "bad" in line]
for n in found:
    print(f"{path}:{n}:1: error: bad word number {n}")
sys.exit(1 if found else 0)
"""
SKILL = """\
title = "{name}"
description = "Looks for bad words, or takes them out."
category = "{category}"
modality = "code"
phase = "verification"
scope = "file"

[run]
kind = "program"
tool = "{tool}"
args = {args}
cwd = "{{workspace}}"
result = "{result}"
changes_files = {changes}
"""


def skill(session: Session, name: str, code: str, *, changes: bool, category: str) -> None:
    script = session.write(f"{name}.py", code)
    text = SKILL.format(
        name=name,
        category=category,
        tool=sys.executable,
        args=f'["{script}", "{{file}}"]',
        result="text" if changes else "gcc-text",
        changes=str(changes).lower(),
    )
    session.write(f".skills/{name}.toml", text)


async def prepared(session: Session, category: str = "code-quality") -> str:
    mend = "import sys\np = sys.argv[1]\ns = open(p).read()\nopen(p, 'w').write(s.replace('bad', 'good!'))"
    skill(session, "word-check", CHECK, changes=False, category=category)
    skill(session, "word-fix", mend, changes=True, category="code-quality")
    skill(session, "no-fix", "print('nothing')", changes=True, category="code-quality")
    await session.app.reload_catalogue()
    session.client.answer = "Trust this folder"
    return session.open("words.txt", "a bad word\n", "plaintext")


async def run(session: Session, name: str, uri: str) -> str:
    session.clock.move(60)
    status = (await session.run(name, uri)).status
    await session.settle()
    return status


def attempts(session: Session) -> list[tuple[str, bool, float]]:
    def ask(db):
        rows = db.execute(
            "SELECT strategy, success, credit FROM fix_attempt WHERE success IS NOT NULL ORDER BY id"
        )
        return [(strategy, bool(success), credit) for strategy, success, credit in rows]

    return session.app.store.query(ask, [])


async def test_what_was_run_between_a_failure_and_the_next_look_is_what_helped(session):
    uri = await prepared(session)
    assert await run(session, "word-check", uri) == "failed"
    assert await run(session, "no-fix", uri) == "passed"
    assert attempts(session) == []  # nobody has looked yet
    assert await run(session, "word-check", uri) == "failed"
    assert attempts(session) == [("no-fix", False, 1.0)]
    assert await run(session, "word-fix", uri) == "passed"
    assert await run(session, "word-check", uri) == "passed"
    assert attempts(session) == [("no-fix", False, 1.0), ("word-fix", True, 1.0)]


async def test_a_file_that_was_saved_in_between_may_have_been_mended_by_hand(session):
    uri = await prepared(session)
    assert await run(session, "word-check", uri) == "failed"
    assert await run(session, "no-fix", uri) == "passed"
    session.write("words.txt", "a fine word\n")
    assert await run(session, "word-check", uri) == "passed"
    assert attempts(session) == [("no-fix", True, 0.5)]


async def test_a_test_that_passes_when_it_is_run_again_was_flaky(session):
    uri = await prepared(session, category="testing")
    flag = session.write("flag", "")
    flaky = f"import os, sys\nif os.path.exists({str(flag)!r}):\n    os.remove({str(flag)!r})\n    "
    flaky += "print(sys.argv[1] + ':1:1: error: it timed out')\n    sys.exit(1)"
    skill(session, "flaky-test", flaky, changes=False, category="testing")
    await session.app.reload_catalogue()
    assert await run(session, "flaky-test", uri) == "failed"
    assert await run(session, "flaky-test", uri) == "passed"
    assert attempts(session) == [("flaky-test", True, 1.0)]


async def test_what_was_stopped_or_is_missing_was_not_tried(session):
    uri = await prepared(session)
    missing = SKILL.format(
        name="gone-fix", category="code-quality", tool="no-such-program", args="[]",
        result="text", changes="true",
    )  # fmt: skip
    session.write(".skills/gone-fix.toml", missing)
    await session.app.reload_catalogue()
    assert await run(session, "word-check", uri) == "failed"
    assert await run(session, "gone-fix", uri) == "missing-tool"
    assert await run(session, "word-fix", uri) == "passed"
    assert await run(session, "word-check", uri) == "passed"
    assert attempts(session) == [("word-fix", True, 1.0)]


async def learned(session: Session) -> str:
    """Return a file with a problem against which something is known to help."""
    uri = await prepared(session)
    for _ in range(3):
        session.write("words.txt", "a bad word\n")
        assert await run(session, "word-check", uri) == "failed"
        assert await run(session, "word-fix", uri) == "passed"
        assert await run(session, "word-check", uri) == "passed"
    session.write("words.txt", "a bad word\n")
    assert await run(session, "word-check", uri) == "failed"
    return uri


async def test_the_problem_on_show_is_advised_against_and_mended(session):
    uri = await learned(session)
    (mark,) = session.app.problems.marks(session.app.documents[uri].path)
    advice = session.app.fixes.advice_for(mark)
    assert (advice.recommendation.best.strategy, advice.engine) == ("word-fix", "words")
    found = await session.command("fix.recommend", uri=uri, line=0)
    assert found.best["n_worked"] == 3
    assert "Try word-fix: it worked 3 of 3 times" in found.message
    done = await session.command("fix.apply", uri=uri, line=0, wait=True)
    assert (done.status, done.skill) == ("passed", "word-fix")
    assert session.client.published[uri] == []
    assert (await session.command("fix.stats")).n_successes == 4


async def test_a_strategy_whose_skill_is_gone_is_told_of_and_not_offered(session):
    uri = await learned(session)
    session.keep_only("word-check")
    with pytest.raises(UsageError, match="Nothing is recommended"):
        await session.command("fix.apply", uri=uri, line=0)
    found = await session.command("fix.recommend", uri=uri, line=0)
    assert found.best["strategy"] == "word-fix"
    assert fixes(advice_here(session, uri).recommendation, {"word-check"}) == []


def advice_here(session: Session, uri: str) -> Advice:
    (mark,) = session.app.problems.marks(session.app.documents[uri].path)
    return session.app.fixes.advice_for(mark)


async def test_empty_states_say_what_is_missing(session):
    await prepared(session)
    assert "Nothing is known about fixes yet" in (await session.command("fix.stats")).message
    assert "nothing to recommend" in (await session.command("fix.recommend", type="F401")).message
    assert "No issue like" in (await session.command("fix.similar", message="x")).message
    for name in ("similar", "recommend", "record"):
        with pytest.raises(UsageError):
            await session.command(f"fix.{name}")


@pytest.mark.parametrize("message", ["x" * 1_000_000, "a\0b", "🚀 *boom* <b>", "\ud800"])
async def test_any_message_can_be_told_and_asked_about(session, message):
    about = {"message": message, "type": "Error", "tool": "pytest"}
    for key in ("a", "b", "b"):
        await session.command("fix.record", strategy="ruff-fix", success=True, key=key, **about)
    found = await session.command("fix.recommend", **about)
    assert (found.best["strategy"], found.best["n_tried"]) == ("ruff-fix", 2)
    assert len((await session.command("fix.similar", **about)).issues) == 1
    assert "ruff-fix" in found.markdown()


async def test_the_real_model_finds_what_shares_no_word(tmp_path, model):
    session = Session(tmp_path)
    folders = session.app.folders
    session.app.folders = replace(folders, data=model.folder.parents[1])
    session.app.knowledge.meaning = Meaning(session.app.folders.models, None, session.app.spawn)
    await session.app.open_store()
    try:
        told = {"type": "import-untyped", "tool": "mypy", "strategy": "install-stubs"}
        for name in ("requests", "yaml", "six"):
            said = f'Library stubs not installed for "{name}"'
            await session.command("fix.record", message=said, success=True, **told)
        other = {"message": "Line too long", "type": "E501", "tool": "ruff"}
        await session.command("fix.record", strategy="black", success=True, **other)
        asked = "type hints of third-party package are missing"
        found = await session.command("fix.similar", message=asked, limit=4)
        assert found.engine == model.id
        assert [it["type"] for it in found.issues][:3] == ["import-untyped"] * 3
    finally:
        await session.app.stop()
